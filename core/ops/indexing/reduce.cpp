// Many elements written to one place become one: scatter_reduce, and what is made of it.
#include <xgrad/core/ops/indexing/along.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

using kernels::Combine;

namespace {

Tensor combined(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src, Combine how) {
  Tensor out = changeable(x);
  ops::write_along("scatter_reduce", out, dim, index, src, how);
  return out;
}

struct ScatterProd : Kernel<3> {
  static constexpr OpName name{"scatter_reduce", "ScatterProdBackward"};
  int64_t dim;
  Tensor forward(const Tensor& x, const Tensor& index, const Tensor& src) const {
    return combined(x, dim, index, src, Combine::multiply);
  }
  Tensor backward_0(const Tensor& g, const Tensor& index, const Tensor& src) const {
    return g * differentiable(*this, ones_like(g), index, src);
  }
  using saved_0 = Saved<In<1>, In<2>>;
  // Where a single 0 was written, the product of all others; else the product without this one by division.
  Tensor backward_2(const Tensor& g, const Tensor& x, const Tensor& index, const Tensor& src,
                    const Tensor& y) const {
    const Tensor zero = eq(src, 0), zeros = zeros_like(x).detach();
    const Tensor count = gather(scatter_add(zeros, dim, index, zero.to(x.dtype())), dim, index);
    const Tensor single = logical_and(zero, eq(count, 1));
    const Tensor others = differentiable(*this, x, index, masked_fill(src, single, 1));
    const Tensor quotient = gather(y, dim, index) / masked_fill(src, zero, 1);
    return gather(g, dim, index) * where(single, gather(others, dim, index), quotient);
  }
  using saved_2 = Saved<In<0>, In<1>, In<2>, Out>;
};

template <Combine how>
struct ScatterExtreme : Kernel<3> {
  static constexpr OpName name = how == Combine::larger ? OpName{"scatter_reduce", "ScatterAmaxBackward"}
                                                        : OpName{"scatter_reduce", "ScatterAminBackward"};
  int64_t dim;
  Tensor forward(const Tensor& x, const Tensor& index, const Tensor& src) const {
    return combined(x, dim, index, src, how);
  }
  Tensor chosen(const Tensor& index, const Tensor& src, const Tensor& y) const {
    return eq(src, gather(y, dim, index).detach());
  }
  // What each of the extremes at a place gets of its gradient.
  Tensor share(const Tensor& g, const Tensor& x, const Tensor& index, const Tensor& src,
               const Tensor& y) const {
    return g / scatter_add(eq(x, y).to(g.dtype()), dim, index, chosen(index, src, y).to(g.dtype()));
  }
  Tensor backward_0(const Tensor& g, const Tensor& x, const Tensor& index, const Tensor& src,
                    const Tensor& y) const {
    return masked_fill(share(g, x, index, src, y), ne(x, y), 0);
  }
  using saved_0 = Saved<In<0>, In<1>, In<2>, Out>;
  Tensor backward_2(const Tensor& g, const Tensor& x, const Tensor& index, const Tensor& src,
                    const Tensor& y) const {
    return masked_fill(gather(share(g, x, index, src, y), dim, index), logical_not(chosen(index, src, y)), 0);
  }
  using saved_2 = Saved<In<0>, In<1>, In<2>, Out>;
};

Scalar bound(ScalarType t, bool highest) {
  if (is_floating_type(t)) return highest ? INFINITY : -INFINITY;
  if (t == kBool) return highest;
  const bool is_signed = t != kByte;
  const int bits = 8 * static_cast<int>(element_size(t)) - (is_signed ? 1 : 0);
  const auto high = static_cast<int64_t>((uint64_t{1} << bits) - 1);
  return highest ? high : is_signed ? -high - 1 : 0;
}

// What combines with a value to that value.
Scalar neutral(std::string_view reduce, ScalarType t) {
  if (reduce == "amax" || reduce == "amin") return bound(t, reduce == "amin");
  return reduce == "prod" ? 1 : 0;
}

void check_reduce(const char* op, std::string_view reduce, std::initializer_list<const char*> known) {
  std::string names;
  for (const char* each : known) {
    if (reduce == each) return;
    names += concat(names.empty() ? "" : ", ", "\"", each, "\"");
  }
  fail<ValueError>(op, ": reduce must be one of ", names, ": got \"", reduce, "\"");
}

// The mean of sums of what `index` brought together, and, with `and_self`, one more.
Tensor mean_of(const Tensor& sums, int64_t dim, const Tensor& index, bool and_self) {
  const Tensor one = and_self ? ones_like(sums).detach() : zeros_like(sums).detach();
  const Tensor count = scatter_add(one, dim, index, ones(index.sizes(), sums.options()));
  const Tensor divisor = clamp_min(count, 1);
  return sums.is_floating_point() ? sums / divisor : floor_divide(sums, divisor);
}

}  // namespace

Tensor scatter_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src,
                      std::string_view reduce, bool include_self) {
  check_reduce("scatter_reduce", reduce, {"sum", "prod", "mean", "amax", "amin"});
  XGRAD_CHECK_AS(TypeError, reduce != "mean" || self.dtype() != kBool,
                 "scatter_reduce: no mean is defined for bool; convert self with to(kFloat)");
  const auto [d, places] = ops::along("scatter_reduce", self, dim, index);
  const Tensor from = ops::checked_source("scatter_reduce", self, index, src);
  const Tensor to = include_self ? self : scatter(self, d, places, neutral(reduce, self.dtype()));
  if (reduce == "prod") return differentiable(ScatterProd{{}, d}, to, places, from);
  if (reduce == "amax") return differentiable(ScatterExtreme<Combine::larger>{{}, d}, to, places, from);
  if (reduce == "amin") return differentiable(ScatterExtreme<Combine::smaller>{{}, d}, to, places, from);
  const Tensor sums = scatter_add(to, d, places, from);
  return reduce == "mean" ? mean_of(sums, d, places, include_self) : sums;
}
Tensor& Tensor::scatter_reduce_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce,
                                bool include_self) const {
  return detail::change(
      "scatter_reduce_", true, *this,
      [&](const Tensor& x, const auto&... a) { return x.scatter_reduce(dim, a..., reduce, include_self); },
      index, src);
}

Tensor index_reduce(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                    std::string_view reduce, bool include_self) {
  check_reduce("index_reduce", reduce, {"prod", "mean", "amax", "amin"});
  const int64_t d = wrap_dim("index_reduce", dim, self.dim());
  XGRAD_CHECK(index.dim() <= 1, "index_reduce: index must be a vector: index is ", index.sizes());
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong || index.dtype() == kInt,
                 "index_reduce: index must be int64 or int32: got ", index.dtype());
  DimVector sizes(self.sizes()), along(self.sizes().size(), 1);
  if (!sizes.empty()) sizes[static_cast<std::size_t>(d)] = along[static_cast<std::size_t>(d)] = index.numel();
  XGRAD_CHECK(source.sizes() == IntArrayRef(sizes),
              "index_reduce: source must have self's sizes, and along dim that of index: source is ",
              source.sizes(), ", self is ", self.sizes(), ", index is ", index.sizes());
  return scatter_reduce(self, d, index.reshape(along).expand(sizes), source, reduce, include_self);
}
Tensor& Tensor::index_reduce_(int64_t dim, const Tensor& index, const Tensor& source, std::string_view reduce,
                              bool include_self) const {
  return detail::change(
      "index_reduce_", true, *this,
      [&](const Tensor& x, const auto&... a) { return x.index_reduce(dim, a..., reduce, include_self); },
      index, source);
}

namespace {

// Reductions of rows, [n, width], in segments of these lengths (int64), which were checked.
constexpr OpName kSegments{"segment_reduce", "SegmentReduceBackward0"};

Tensor combined_segments(const Tensor& rows, const Tensor& lengths, Combine how, double start) {
  Tensor out = new_tensor(rows.dtype(), {lengths.size(0), rows.size(1)});
  kernels::combine_segments(out.data_ptr(), rows.contiguous().data_ptr(), rows.dtype(), rows.size(1),
                            lengths.data_ptr<int64_t>(), lengths.size(0), start, how);
  return out;
}
// What each row has of its segment.
Tensor of_rows(const Tensor& x, const Tensor& segment) { return index_select(x, 0, segment); }

struct SegmentSum : Kernel<2> {
  static constexpr OpName name = kSegments;
  double start = 0;
  Tensor forward(const Tensor& rows, const Tensor& lengths) const {
    return combined_segments(rows, lengths, Combine::add, start);
  }
  Tensor backward_0(const Tensor& g, const Tensor& lengths) const {
    return of_rows(g, repeat_interleave(lengths));
  }
  using saved_0 = Saved<In<1>>;
};

struct SegmentProd : Kernel<2> {
  static constexpr OpName name = kSegments;
  double start;
  Tensor forward(const Tensor& rows, const Tensor& lengths) const {
    return combined_segments(rows, lengths, Combine::multiply, start);
  }
  // As that of ScatterProd.
  Tensor backward_0(const Tensor& g, const Tensor& rows, const Tensor& lengths, const Tensor& y) const {
    const Tensor segment = repeat_interleave(lengths), zero = eq(rows, 0);
    const Tensor without = rows.masked_fill(zero, 1);
    Tensor quotient = of_rows(g * y, segment) / without;
    if (!any(zero).item<bool>()) return quotient;
    const Tensor count = differentiable(SegmentSum{}, zero.to(rows.dtype()), lengths);
    const Tensor single = logical_and(zero, of_rows(eq(count, 1), segment));
    const Tensor others = differentiable(*this, masked_fill(rows, single, 1), lengths);
    return where(single, of_rows(g * others, segment), quotient);
  }
  using saved_0 = Saved<In<0>, In<1>, Out>;
};

struct SegmentExtreme : Kernel<2> {
  static constexpr OpName name = kSegments;
  Combine how;
  double start;
  Tensor forward(const Tensor& rows, const Tensor& lengths) const {
    return combined_segments(rows, lengths, how, start);
  }
  // Equal extremes share; of NaN, which wins, each. There is none where the start is beyond all.
  Tensor backward_0(const Tensor& g, const Tensor& rows, const Tensor& lengths, const Tensor& y) const {
    const Tensor segment = repeat_interleave(lengths), extreme = of_rows(y.detach(), segment);
    const Tensor chosen = logical_or(eq(rows, extreme), isnan(rows)).detach();
    const Tensor count = differentiable(SegmentSum{}, chosen.to(g.dtype()), lengths).clamp_min(1);
    return masked_fill(of_rows(g / count, segment), logical_not(chosen), 0);
  }
  using saved_0 = Saved<In<0>, In<1>, Out>;
};

Tensor segment_lengths(const optional<Tensor>& lengths, const optional<Tensor>& offsets) {
  if (lengths && lengths->defined()) return *lengths;
  XGRAD_CHECK(offsets && offsets->defined(), "segment_reduce: either lengths or offsets must be given");
  XGRAD_CHECK(offsets->dim() > 0 && offsets->size(-1) > 0,
              "segment_reduce: offsets needs one number more than there are segments: offsets is ",
              offsets->sizes());
  const int64_t n = offsets->size(-1) - 1;
  return offsets->narrow(-1, 1, n) - offsets->narrow(-1, 0, n);
}

}  // namespace

Tensor segment_reduce(const Tensor& data, std::string_view reduce, const optional<Tensor>& lengths,
                      const optional<Tensor>& indices, const optional<Tensor>& offsets, int64_t axis,
                      bool unsafe, const optional<Scalar>& initial) {
  check_reduce("segment_reduce", reduce, {"sum", "mean", "prod", "max", "min"});
  XGRAD_CHECK_AS(TypeError, data.is_floating_point(), "segment_reduce: data must be floating: got ",
                 data.dtype());
  XGRAD_CHECK(!indices || !indices->defined(),
              "segment_reduce: segments cannot be given by indices; use lengths or offsets");
  const Tensor sizes = segment_lengths(lengths, offsets).contiguous();
  XGRAD_CHECK_AS(TypeError, sizes.dtype() == kLong || sizes.dtype() == kInt,
                 "segment_reduce: lengths and offsets must be int64 or int32: got ", sizes.dtype());
  const int64_t d = wrap_dim("segment_reduce", axis, data.dim());
  const auto outer = static_cast<std::size_t>(d);
  XGRAD_CHECK(
      data.dim() > 0 && sizes.dim() == d + 1 && sizes.sizes().slice(0, outer) == data.sizes().slice(0, outer),
      "segment_reduce: lengths must have data's sizes before axis ", d,
      ", then one for the segments: ", "lengths is ", sizes.sizes(), ", data is ", data.sizes());
  const int64_t length = data.size(d);
  XGRAD_CHECK(unsafe || sizes.numel() > 0 || !lengths || !lengths->defined(),
              "segment_reduce: there must be a segment: lengths is ", sizes.sizes());
  XGRAD_CHECK(all(ge(sizes, 0)).item<bool>(), "segment_reduce: lengths must not be negative");
  const bool filled = all(eq(sum(sizes, -1), length)).item<bool>();
  XGRAD_CHECK(filled, "segment_reduce: lengths must sum to ", length, ", the size of data along axis ", d,
              ": data is ", data.sizes());

  // Segments of all rows one after the other, and whatever lies inside as one dimension.
  const int64_t inner = numel_of(data.sizes().slice(outer + 1));
  const Tensor rows = data.reshape({numel_of(data.sizes().slice(0, outer + 1)), inner});
  const Tensor counts = sizes.reshape({-1, 1}), each = sizes.reshape(-1).to(kLong);
  const bool mean = reduce == "mean";
  const std::string_view how = reduce == "max" ? "amax" : reduce == "min" ? "amin" : reduce;
  const double start = initial.value_or(neutral(how, data.dtype())).toDouble();
  Tensor result = reduce == "max"    ? differentiable(SegmentExtreme{{}, Combine::larger, start}, rows, each)
                  : reduce == "min"  ? differentiable(SegmentExtreme{{}, Combine::smaller, start}, rows, each)
                  : reduce == "prod" ? differentiable(SegmentProd{{}, start}, rows, each)
                                     : differentiable(SegmentSum{{}, start}, rows, each);
  if (mean) result = result / (initial ? clamp_min(counts, 1) : counts).to(data.dtype());
  DimVector shape(sizes.sizes());
  for (const int64_t s : data.sizes().slice(outer + 1)) shape.push_back(s);
  return result.reshape(shape);
}

}  // namespace xgrad
