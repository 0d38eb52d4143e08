// Many elements written to one place become one: scatter_reduce, and what is made of it.
#include <limits>

#include <xgrad/core/ops/indexing/along.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

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
  bool of_segments = false;  // x is where a segment starts: it takes no share; NaN does
  Tensor forward(const Tensor& x, const Tensor& index, const Tensor& src) const {
    return combined(x, dim, index, src, how);
  }
  Tensor chosen(const Tensor& index, const Tensor& src, const Tensor& y) const {
    const Tensor extreme = gather(y, dim, index).detach(), equal = eq(src, extreme);
    return of_segments ? logical_or(equal, logical_and(isnan(src), isnan(extreme))) : equal;
  }
  // What each of the extremes at a place gets of its gradient.
  Tensor share(const Tensor& g, const Tensor& x, const Tensor& index, const Tensor& src,
               const Tensor& y) const {
    const Tensor before = of_segments ? zeros_like(x).detach() : eq(x, y).to(g.dtype());
    return g / scatter_add(before, dim, index, chosen(index, src, y).to(g.dtype()));
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

// result[s] = the numbers of segment s, joined with what stands there.
template <class T, class F>
void join_segments(const int64_t* lengths, int64_t segments, const T* from, T* result, F f) {
  for (int64_t s = 0; s < segments; ++s) {
    T all = result[s];
    for (int64_t i = 0; i < lengths[s]; ++i) all = f(all, *from++);
    result[s] = all;
  }
}

// The same bits as those of the ops that record.
void join_segments(std::string_view how, const Tensor& lengths, const Tensor& rows, const Tensor& result) {
  dispatch<TypeList<float, double>>("segment_reduce", rows.dtype(), [&]<class T>() {
    const auto run = [&](auto f) {
      join_segments(static_cast<const int64_t*>(lengths.data_ptr()), result.size(0),
                    static_cast<const T*>(rows.data_ptr()), static_cast<T*>(result.data_ptr()), f);
    };
    if (how == "amax")
      run([](T a, T b) { return b > a || b != b ? b : a; });
    else if (how == "amin")
      run([](T a, T b) { return b < a || b != b ? b : a; });
    else if (how == "sum")
      run([](T a, T b) { return a + b; });
    else
      run([](T a, T b) { return a * b; });
  });
}

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
  XGRAD_CHECK(unsafe || all(ge(sizes, 0)).item<bool>(), "segment_reduce: lengths must not be negative");
  const bool filled = all(eq(sum(sizes, -1), length)).item<bool>();
  XGRAD_CHECK(filled, "segment_reduce: lengths must sum to ", length, ", the size of data along axis ", d,
              ": data is ", data.sizes());

  // Segments of all rows one after the other, and whatever lies inside as one dimension.
  const int64_t inner = numel_of(data.sizes().slice(outer + 1)), segments = sizes.numel();
  const Tensor rows = data.reshape({numel_of(data.sizes().slice(0, outer + 1)), inner});
  const Tensor counts = sizes.reshape({-1, 1});
  const bool mean = reduce == "mean";
  const std::string_view how = mean ? "sum" : reduce == "max" ? "amax" : reduce == "min" ? "amin" : reduce;
  const Tensor start = full({segments, inner}, initial.value_or(neutral(how, data.dtype())),
                            data.options().requires_grad(false));
  Tensor result = start;
  const autograd::ThreadState& modes = autograd::thread_state();
  const bool recorded = (modes.recording && data.requires_grad()) || modes.forward_ad || modes.observer;
  if (!unsafe && inner == 1 && (data.dtype() == kFloat || data.dtype() == kDouble) && !recorded) {
    join_segments(how, sizes.to(kLong), rows.contiguous(), result);
  } else {
    const Tensor segment = repeat_interleave(sizes.reshape(-1).to(kLong));
    const Tensor index = segment.unsqueeze(1).expand(rows.sizes());
    if (how == "amax")
      result = differentiable(ScatterExtreme<Combine::larger>{{}, 0, true}, start, index, rows);
    else if (how == "amin")
      result = differentiable(ScatterExtreme<Combine::smaller>{{}, 0, true}, start, index, rows);
    else if (how == "sum")
      result = index_add(start, 0, segment, rows);  // whole rows at a time
    else
      result = scatter_reduce(start, 0, index, rows, how);
  }
  if (mean) result = result / (initial ? clamp_min(counts, 1) : counts).to(data.dtype());
  DimVector shape(sizes.sizes());
  for (const int64_t s : data.sizes().slice(outer + 1)) shape.push_back(s);
  return result.reshape(shape);
}

}  // namespace xgrad
