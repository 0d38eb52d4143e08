// Slices or elements written at a list of positions, rows of a table, and elements along a dimension: what is
// made of positions.h, gather and scatter.
#include <xgrad/core/kernels/index.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/indexing/positions.h>
#include <xgrad/core/ops/order/histogram.h>
#include <xgrad/core/ops/order/unique.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/operators.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

using ops::Place;
using ops::PutAt;

namespace {

constexpr OpName kIndexAdd{"index_add", "IndexAddBackward"}, kIndexCopy{"index_copy", "IndexCopyBackward"},
    kIndexFill{"index_fill", "IndexFillBackward"}, kPut{"put", "PutBackward"},
    kMaskedScatter{"masked_scatter", "MaskedScatterBackward"};

// Values on their way to positions.
struct Write {
  Place place;
  Tensor positions, values;

  template <bool accumulate, const OpName& N>
  Tensor out_of_place(const Tensor& self) const {
    return differentiable(PutAt<accumulate, N>{{}, place}, self, positions, values);
  }
  template <bool accumulate, const OpName& N>
  Tensor& in_place(const Tensor& self) const {
    const PutAt<accumulate, N> f{{}, place};
    Argument args[] = {self, positions, values};
    return ops::change_in_place(f, self, args, [&] {
      const ops::PlainScope scope;
      ops::write_at(place, self, positions, values, accumulate);
    });
  }
};

void need_dtype(const char* op, const Tensor& self, const Tensor& source) {
  XGRAD_CHECK_AS(TypeError, source.dtype() == self.dtype(), op, ": source must have self's dtype ",
                 self.dtype(), ": got ", source.dtype(), "; convert it with to(...)");
}

void need_integers(const char* op, const Tensor& index) {
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong || index.dtype() == kInt, op,
                 ": index must be int64 or int32: got ", index.dtype());
}

// The slices of self along `dim` that a vector chooses; the values are still missing.
Write slices(const char* op, const Tensor& self, int64_t dim, const Tensor& index, bool wrap = false) {
  const int64_t d = wrap_dim(op, dim, self.dim());
  XGRAD_CHECK_AS(IndexError, index.dim() <= 1, op, ": index must be a vector: index is ", index.sizes());
  need_integers(op, index);
  const bool single = self.dim() == 0;
  const int64_t size = single ? 1 : self.sizes()[static_cast<std::size_t>(d)];
  const Tensor positions =
      ops::positions_from(op, index.to(kLong).reshape(-1), size, wrap,
                          concat("dimension ", d, " with size ", size, ": self is ", self.sizes()));
  return {{self.sizes(), {}, d, single ? 0 : 1}, positions, {}};
}

Write slices_from(const char* op, const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                  bool accumulates) {
  Write w = slices(op, self, dim, index);
  need_dtype(op, self, source);
  const int64_t n = w.positions.numel();
  DimVector wanted(self.sizes());
  if (!wanted.empty()) wanted[static_cast<std::size_t>(w.place.first)] = n;
  // A single slice may come without its dimension; where that is the only one, an index of one dimension
  // chooses it as well in index_copy.
  const bool single = index.dim() == 0 || (!accumulates && n == 1 && self.dim() == 1);
  const bool without_dim = single && self.dim() > 0 && source.dim() == self.dim() - 1;
  const Tensor from = without_dim ? source.unsqueeze(w.place.first) : source;
  // What has no dimensions takes a vector in index_copy, the last element of which stays.
  const bool fits = self.dim() > 0 ? from.sizes() == IntArrayRef(wanted)
                    : accumulates  ? source.dim() == 0 && n == 1
                                   : source.dim() <= 1 && source.numel() == n;
  XGRAD_CHECK(fits, op, ": source must have self's sizes, and along dim that of index: source is ",
              source.sizes(), ", self is ", self.sizes(), ", index is ", index.sizes());
  w.values = self.dim() == 0 ? from.reshape({n}) : from;
  return w;
}

Write add_slices(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                 const Scalar& alpha) {
  check_number("index_add", alpha, self.dtype());
  Write w = slices_from("index_add", self, dim, index, source, true);
  if (alpha.toDouble() != 1) w.values = w.values * number_tensor("index_add", alpha, self.dtype());
  return w;
}

// `value` everywhere in the slices.
Write filled(const Tensor& self, Write w, const Tensor& value) {
  w.values = value.to(self.dtype()).expand(w.place.result_sizes(w.positions.sizes()));
  return w;
}
Write fill_slices(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  return filled(self, slices("index_fill", self, dim, index, true),
                number_tensor("index_fill", value, self.dtype()));
}
Write fill_slices(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  XGRAD_CHECK(value.dim() == 0,
              "index_fill: value must be a number or a tensor without dimensions: value is ", value.sizes());
  Write w = slices("index_fill", self, dim, index, true);
  w.positions = std::get<0>(_unique2(w.positions));  // value's gradient has a part from each
  return filled(self, w, value);
}

Write put_elements(const Tensor& self, const Tensor& index, const Tensor& source) {
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong, "put: index must be int64: got ", index.dtype());
  need_dtype("put", self, source);
  XGRAD_CHECK_AS(IndexError, source.numel() == index.numel(),
                 "put: source and index must have as many elements: source is ", source.sizes(),
                 ", index is ", index.sizes(), " (", source.numel(), " vs ", index.numel(), ")");
  const Tensor positions =
      ops::positions_from("put", index, self.numel(), true,
                          concat("a tensor of ", self.numel(), " elements: self is ", self.sizes()));
  return {ops::everywhere(self), positions, source.reshape(index.sizes())};
}

Write scatter_masked(const Tensor& self, const Tensor& mask, const Tensor& source) {
  XGRAD_CHECK_AS(TypeError, mask.dtype() == kBool, "masked_scatter: mask must be bool: got ", mask.dtype());
  need_dtype("masked_scatter", self, source);
  const Tensor positions = ops::positions_where(mask.expand(self.sizes()));
  const int64_t n = positions.numel();
  XGRAD_CHECK(n <= source.numel(), "masked_scatter: source has too few elements: source is ", source.sizes(),
              ", mask is ", mask.sizes(), " (", source.numel(), " for ", n, " that are true)");
  return {ops::everywhere(self), positions, source.reshape(-1).narrow(0, 0, n)};
}

struct Embedding : Kernel<2> {
  static constexpr OpName name{"embedding", "EmbeddingBackward"};
  Place place;
  int64_t padding;
  bool by_frequency;
  Tensor forward(const Tensor& weight, const Tensor& indices) const {
    return ops::take_at(place, weight, indices);
  }
  Tensor backward_0(const Tensor& g, const Tensor& indices) const {
    Tensor each = g;
    if (padding >= 0) each = masked_fill(each, eq(indices, padding).unsqueeze(-1), 0);
    if (by_frequency) each = each / bincount(indices.reshape(-1)).take(indices).unsqueeze(-1).to(g.dtype());
    return differentiable(ops::SpreadAt{{}, place}, each, indices);
  }
  using saved_0 = Saved<In<1>>;
};

}  // namespace

Tensor index_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source,
                 const Scalar& alpha) {
  return add_slices(self, dim, index, source, alpha).out_of_place<true, kIndexAdd>(self);
}
Tensor& Tensor::index_add_(int64_t dim, const Tensor& index, const Tensor& source,
                           const Scalar& alpha) const {
  return add_slices(*this, dim, index, source, alpha).in_place<true, kIndexAdd>(*this);
}
Tensor index_copy(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& source) {
  return slices_from("index_copy", self, dim, index, source, false).out_of_place<false, kIndexCopy>(self);
}
Tensor& Tensor::index_copy_(int64_t dim, const Tensor& index, const Tensor& source) const {
  return slices_from("index_copy", *this, dim, index, source, false).in_place<false, kIndexCopy>(*this);
}
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  return fill_slices(self, dim, index, value).out_of_place<false, kIndexFill>(self);
}
Tensor index_fill(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& value) {
  return fill_slices(self, dim, index, value).out_of_place<false, kIndexFill>(self);
}
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Scalar& value) const {
  return fill_slices(*this, dim, index, value).in_place<false, kIndexFill>(*this);
}
Tensor& Tensor::index_fill_(int64_t dim, const Tensor& index, const Tensor& value) const {
  return fill_slices(*this, dim, index, value).in_place<false, kIndexFill>(*this);
}

Tensor put(const Tensor& self, const Tensor& index, const Tensor& source, bool accumulate) {
  const Write w = put_elements(self, index, source);
  return accumulate ? w.out_of_place<true, kPut>(self) : w.out_of_place<false, kPut>(self);
}
Tensor& Tensor::put_(const Tensor& index, const Tensor& source, bool accumulate) const {
  const Write w = put_elements(*this, index, source);
  return accumulate ? w.in_place<true, kPut>(*this) : w.in_place<false, kPut>(*this);
}

Tensor masked_scatter(const Tensor& self, const Tensor& mask, const Tensor& source) {
  const Tensor whole = self.expand(broadcast_sizes("masked_scatter", self.sizes(), mask.sizes()));
  return scatter_masked(whole, mask, source).out_of_place<false, kMaskedScatter>(whole);
}
Tensor& Tensor::masked_scatter_(const Tensor& mask, const Tensor& source) const {
  const DimVector broadcast = broadcast_sizes("masked_scatter", sizes(), mask.sizes());
  XGRAD_CHECK(IntArrayRef(broadcast) == sizes(), "masked_scatter: mask does not broadcast to self: mask is ",
              mask.sizes(), ", self is ", sizes());
  return scatter_masked(*this, mask, source).in_place<false, kMaskedScatter>(*this);
}

Tensor take_along_dim(const Tensor& self, const Tensor& indices, optional<int64_t> dim) {
  XGRAD_CHECK_AS(TypeError, indices.dtype() == kLong, "take_along_dim: indices must be int64: got ",
                 indices.dtype(), "; convert it with to(kLong)");
  if (!dim) return gather(self.reshape(-1), 0, indices.reshape(-1));
  XGRAD_CHECK(self.dim() == indices.dim(),
              "take_along_dim: self and indices must have as many dimensions: self is ", self.sizes(),
              ", indices is ", indices.sizes());
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, "take_along_dim: a tensor without dimensions has no dim ", *dim,
                 "; leave it out");
  const auto d = static_cast<std::size_t>(wrap_dim("take_along_dim", *dim, self.dim()));
  DimVector from(self.sizes()), to(indices.sizes());
  if (from.empty()) return gather(self, 0, indices);
  const int64_t length = from[d], chosen = to[d];
  from[d] = to[d] = 1;
  DimVector sizes = broadcast_sizes("take_along_dim", from, to);
  sizes[d] = chosen;
  const Tensor index = indices.expand(sizes);
  sizes[d] = length;
  return gather(self.expand(sizes), static_cast<int64_t>(d), index);
}

Tensor embedding(const Tensor& weight, const Tensor& indices, int64_t padding_idx, bool scale_grad_by_freq,
                 bool sparse) {
  XGRAD_CHECK(weight.dim() == 2, "embedding: weight must be a matrix: weight is ", weight.sizes());
  XGRAD_CHECK(!sparse, "embedding: sparse gradients are not supported");
  need_integers("embedding", indices);
  const int64_t rows = weight.size(0);
  const Tensor positions = ops::positions_from("embedding", indices.to(kLong), rows, false,
                                               concat(rows, " rows: weight is ", weight.sizes()));
  return differentiable(Embedding{{}, {weight.sizes(), {}, 0, 1}, padding_idx, scale_grad_by_freq}, weight,
                        positions);
}

Tensor& embedding_renorm_(Tensor& self, const Tensor& indices, double max_norm, double norm_type) {
  XGRAD_CHECK(self.dim() == 2, "embedding_renorm_: self must be a matrix: self is ", self.sizes());
  need_integers("embedding_renorm_", indices);
  const NoGradGuard no_grad;
  const Tensor chosen = std::get<0>(_unique2(indices.to(kLong))), rows = self.index_select(0, chosen);
  const Tensor length = norm(rows, norm_type, {1}, true);
  return self.index_copy_(0, chosen, where(gt(length, max_norm), rows * (max_norm / (length + 1e-7)), rows));
}

Tensor one_hot(const Tensor& self, int64_t num_classes) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == kLong, "one_hot: self must be int64: got ", self.dtype());
  XGRAD_CHECK(self.numel() > 0 || num_classes > 0,
              "one_hot: cannot infer the number of classes from no element: self is ", self.sizes());
  const NoGradGuard no_grad;
  int64_t classes = num_classes;
  if (self.numel() > 0) {
    const int64_t least = min(self).item<int64_t>(), most = max(self).item<int64_t>();
    XGRAD_CHECK(least >= 0, "one_hot: classes must not be negative: got ", least);
    if (classes == -1) classes = most + 1;
    XGRAD_CHECK(classes > 0, "one_hot: num_classes must be positive, or -1: got ", num_classes);
    XGRAD_CHECK(most < classes, "one_hot: classes must be less than num_classes: got ", most, " (", classes,
                " classes)");
  }
  DimVector sizes(self.sizes());
  sizes.push_back(classes);
  Tensor result = empty(sizes, kLong);
  kernels::one_hot(result.data_ptr<int64_t>(), self.contiguous().data_ptr<int64_t>(), self.numel(), classes);
  return result;
}

}  // namespace xgrad
