// Reductions: one stanza each. A derivative stretches the gradient back over the dimensions that were
// reduced.
#include <xgrad/core/ops/reduce/reduce.h>

#include <xgrad/core/kernels/reduce/reduce.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/dims.h>
#include <xgrad/core/ops/shape/put_back.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>

namespace xgrad {

namespace {

using kernels::ReduceOp;
using ops::ReducedDims;

// Reduces and drops, or keeps, the dimensions.
Tensor reduced(ReduceOp op, const Tensor& x, const ReducedDims& dims, ScalarType dtype) {
  Tensor out = new_tensor(dtype, dims.kept_sizes(x.sizes()));
  kernels::reduce(op, array_view(out), array_view(x), dims.mask.data());
  return dims.keepdim ? out : dims.drop(out);
}

struct Sum : Kernel<1> {
  static constexpr OpName name{"sum", "SumBackward0"};
  static constexpr bool linear = true;
  ReducedDims dims;
  DimVector from;
  ScalarType from_dtype, dtype;
  Tensor forward(const Tensor& x) const { return reduced(ReduceOp::sum, x, dims, dtype); }
  Tensor backward(const Tensor& g) const {
    const Tensor stretched = dims.restore(g, from).expand(from);
    return stretched.dtype() == from_dtype ? stretched : stretched.to(from_dtype);
  }
  using saved = Saved<>;
};

struct Mean : Kernel<1> {
  static constexpr OpName name{"mean", "MeanBackward0"};
  static constexpr bool linear = true;
  ReducedDims dims;
  DimVector from;
  ScalarType from_dtype, dtype;
  double count;
  Tensor forward(const Tensor& x) const { return reduced(ReduceOp::sum, x, dims, dtype).div_(count); }
  Tensor backward(const Tensor& g) const {
    const Tensor stretched = (dims.restore(g, from) / count).expand(from);
    return stretched.dtype() == from_dtype ? stretched : stretched.to(from_dtype);
  }
  using saved = Saved<>;
};

// The product of all others, computed so that zeros do no harm: products from the left times products from
// the right.
Tensor products_of_others(const Tensor& x, int64_t dim) {
  const int64_t n = x.size(dim);
  std::vector<Tensor> left(static_cast<std::size_t>(n)), others(static_cast<std::size_t>(n));
  Tensor running = ones_like(x.select(dim, 0));
  for (int64_t i = 0; i < n; ++i) {
    left[static_cast<std::size_t>(i)] = running;
    running = running * x.select(dim, i);
  }
  running = ones_like(running);
  for (int64_t i = n; i-- > 0;) {
    others[static_cast<std::size_t>(i)] = left[static_cast<std::size_t>(i)] * running;
    running = running * x.select(dim, i);
  }
  return stack(others, dim);
}

struct Prod : Kernel<1> {
  static constexpr OpName name{"prod", "ProdBackward0"};
  ReducedDims dims;
  int64_t dim;  // -1: all
  DimVector from;
  ScalarType from_dtype, dtype;
  Tensor forward(const Tensor& x) const { return reduced(ReduceOp::prod, x, dims, dtype); }
  Tensor backward(const Tensor& g, const Tensor& x, const Tensor& y) const {
    if (x.numel() == 0) return zeros_like(x);
    const Tensor wide = x.dtype() == dtype ? x : x.to(dtype), kept = dims.restore(g, from);
    const bool has_zero = wide.detach().eq(0).any().item<bool>();
    Tensor result;
    if (!has_zero && !autograd::grad_enabled())
      result = kept * dims.restore(y, from) / wide;
    else if (dim < 0)
      result = g * products_of_others(wide.reshape(-1), 0).reshape(from);
    else
      result = kept * products_of_others(wide, dim);
    return result.dtype() == from_dtype ? result : result.to(from_dtype);
  }
  using saved = Saved<In<0>, Out>;
};

// The largest or smallest element over dimensions; equal ones share the gradient.
template <ReduceOp op>
struct Extreme : Kernel<1> {
  static constexpr OpName name =
      op == ReduceOp::max ? OpName{"max", "MaxBackward1"} : OpName{"min", "MinBackward1"};
  ReducedDims dims;
  DimVector from;
  Tensor forward(const Tensor& x) const { return reduced(op, x, dims, x.dtype()); }
  Tensor backward(const Tensor& g, const Tensor& x, const Tensor& y) const {
    const Tensor kept = dims.restore(y, from);
    const Tensor chosen = (x.detach() == kept.detach()) | (isnan(x.detach()) & isnan(kept.detach()));
    const Tensor mask = chosen.to(g.dtype());
    Tensor count = sum(mask, dims.list(), true);
    return mask / count * dims.restore(g, from);
  }
  using saved = Saved<In<0>, Out>;
};

template <bool largest>
struct ExtremeWithIndex : Kernel<1> {
  static constexpr OpName name = largest ? OpName{"max", "MaxBackward0"} : OpName{"min", "MinBackward0"};
  ReducedDims dims;
  int64_t dim;
  DimVector from;
  std::tuple<Tensor, Tensor> forward(const Tensor& x) const {
    const DimVector kept = dims.kept_sizes(x.sizes());
    Tensor values = new_tensor(x.dtype(), kept), indices = new_tensor(kLong, kept);
    const kernels::ArrayView out = array_view(values);
    kernels::reduce_with_index(largest, &out, array_view(indices), array_view(x), dims.mask.data());
    if (dims.keepdim) return {values, indices};
    return {dims.drop(values), dims.drop(indices)};
  }
  Tensor backward(const Tensor& g, const Tensor& indices) const {
    if (from.empty()) return g;
    const Tensor zero = zeros(from, g.options());
    return scatter(zero, dim, dims.restore(indices, from), dims.restore(g, from));
  }
  using saved = Saved<Output<1>>;
};

ScalarType sum_dtype(const Tensor& x, optional<ScalarType> dtype) {
  if (dtype) return *dtype;
  return is_integral_type(x.dtype(), true) ? ScalarType::Long : x.dtype();
}

Tensor sum_over(const Tensor& self, ReducedDims dims, optional<ScalarType> dtype) {
  return differentiable(Sum{{}, std::move(dims), self.sizes(), self.dtype(), sum_dtype(self, dtype)}, self);
}

Tensor mean_over(const Tensor& self, ReducedDims dims, optional<ScalarType> dtype) {
  const ScalarType t = dtype.value_or(self.dtype());
  XGRAD_CHECK_AS(TypeError, is_floating_type(t),
                 "mean: could not infer output dtype. Input dtype must be either a floating "
                 "point or complex dtype: got ",
                 t, "; convert it first: x.to(kFloat).mean()");
  const double count = static_cast<double>(self.numel()) /
                       static_cast<double>(std::max<int64_t>(1, numel_of(dims.kept_sizes(self.sizes()))));
  const bool empty = self.numel() == 0;
  const Mean f{{},           dims, self.sizes(),
               self.dtype(), t,    empty ? static_cast<double>(dims.count(self.sizes())) : count};
  return differentiable(f, self);
}

void need_elements(const char* op, const Tensor& self, const ReducedDims& dims) {
  for (std::size_t d = 0; d < self.sizes().size(); ++d)
    XGRAD_CHECK_AS(IndexError, !dims.mask[d] || self.sizes()[d] > 0, op, ": expected reduction dim ",
                   static_cast<int64_t>(d), " to have non-zero size: self is ", self.sizes());
}

template <ReduceOp op>
Tensor extreme(const char* name, const Tensor& self, ReducedDims dims) {
  need_elements(name, self, dims);
  return differentiable(Extreme<op>{{}, std::move(dims), self.sizes()}, self);
}

template <bool largest>
std::tuple<Tensor, Tensor> extreme_with_index(const char* name, const Tensor& self, int64_t dim,
                                              bool keepdim) {
  const int64_t d = wrap_dim(name, dim, self.dim());
  ReducedDims dims(name, {d}, self.dim(), keepdim);
  need_elements(name, self, dims);
  return differentiable(ExtremeWithIndex<largest>{{}, std::move(dims), d, self.sizes()}, self);
}

Tensor index_of_extreme(const char* name, bool largest, const Tensor& self, optional<int64_t> dim,
                        bool keepdim) {
  const ReducedDims dims =
      dim ? ReducedDims(name, {*dim}, self.dim(), keepdim) : ReducedDims::all(self.dim(), keepdim);
  need_elements(name, self, dims);
  Tensor indices = new_tensor(kLong, dims.kept_sizes(self.sizes()));
  kernels::reduce_with_index(largest, nullptr, array_view(indices), array_view(self), dims.mask.data());
  return dims.keepdim ? indices : dims.drop(indices);
}

}  // namespace

Tensor sum(const Tensor& self, optional<ScalarType> dtype) {
  return sum_over(self, ReducedDims::all(self.dim(), false), dtype);
}
Tensor sum(const Tensor& self, IntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  return sum_over(self, ReducedDims("sum", dim, self.dim(), keepdim), dtype);
}
Tensor mean(const Tensor& self, optional<ScalarType> dtype) {
  return mean_over(self, ReducedDims::all(self.dim(), false), dtype);
}
Tensor mean(const Tensor& self, IntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  return mean_over(self, ReducedDims("mean", dim, self.dim(), keepdim), dtype);
}
Tensor prod(const Tensor& self, optional<ScalarType> dtype) {
  return differentiable(
      Prod{{}, ReducedDims::all(self.dim(), false), -1, self.sizes(), self.dtype(), sum_dtype(self, dtype)},
      self);
}
Tensor prod(const Tensor& self, int64_t dim, bool keepdim, optional<ScalarType> dtype) {
  ReducedDims dims("prod", {dim}, self.dim(), keepdim);
  const int64_t d = self.dim() == 0 ? -1 : wrap_dim("prod", dim, self.dim());
  return differentiable(Prod{{}, std::move(dims), d, self.sizes(), self.dtype(), sum_dtype(self, dtype)},
                        self);
}

Tensor max(const Tensor& self) {
  XGRAD_CHECK(self.numel() > 0, "max: expected reduction dim to be specified for an empty tensor: self is ",
              self.sizes());
  return extreme<ReduceOp::max>("max", self, ReducedDims::all(self.dim(), false));
}
Tensor min(const Tensor& self) {
  XGRAD_CHECK(self.numel() > 0, "min: expected reduction dim to be specified for an empty tensor: self is ",
              self.sizes());
  return extreme<ReduceOp::min>("min", self, ReducedDims::all(self.dim(), false));
}
Tensor max(const Tensor& self, const Tensor& other) { return maximum(self, other); }
Tensor min(const Tensor& self, const Tensor& other) { return minimum(self, other); }
std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim) {
  return extreme_with_index<true>("max", self, dim, keepdim);
}
std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim) {
  return extreme_with_index<false>("min", self, dim, keepdim);
}
Tensor amax(const Tensor& self, IntArrayRef dim, bool keepdim) {
  return extreme<ReduceOp::max>("amax", self, ReducedDims("amax", dim, self.dim(), keepdim));
}
Tensor amin(const Tensor& self, IntArrayRef dim, bool keepdim) {
  return extreme<ReduceOp::min>("amin", self, ReducedDims("amin", dim, self.dim(), keepdim));
}
Tensor argmax(const Tensor& self, optional<int64_t> dim, bool keepdim) {
  return index_of_extreme("argmax", true, self, dim, keepdim);
}
Tensor argmin(const Tensor& self, optional<int64_t> dim, bool keepdim) {
  return index_of_extreme("argmin", false, self, dim, keepdim);
}

Tensor all(const Tensor& self) {
  return reduced(ReduceOp::all, self, ReducedDims::all(self.dim(), false), kBool);
}
Tensor any(const Tensor& self) {
  return reduced(ReduceOp::any, self, ReducedDims::all(self.dim(), false), kBool);
}

Tensor sum_to_size(const Tensor& self, IntArrayRef size) {
  if (size.empty()) return sum(self);
  if (self.sizes() == size) return self;
  DimVector dims;
  const int64_t added = self.dim() - static_cast<int64_t>(size.size());
  for (int64_t d = 0; d < self.dim(); ++d) {
    const int64_t own = self.sizes()[static_cast<std::size_t>(d)];
    const int64_t wanted = d < added ? 1 : size[static_cast<std::size_t>(d - added)];
    XGRAD_CHECK(added >= 0 && (wanted == own || wanted == 1), "sum_to_size: size ", size,
                " is not expandable to size ", self.sizes());
    if (d < added || wanted != own) dims.push_back(d);
  }
  XGRAD_CHECK(added >= 0, "sum_to_size: size ", size, " is not expandable to size ", self.sizes());
  const Tensor kept = dims.empty() ? self : sum(self, dims, true);
  return kept.reshape(size);
}

Tensor Tensor::sum(optional<ScalarType> dtype) const { return xgrad::sum(*this, dtype); }
Tensor Tensor::sum(IntArrayRef dim, bool keepdim, optional<ScalarType> dtype) const {
  return xgrad::sum(*this, dim, keepdim, dtype);
}
Tensor Tensor::mean(optional<ScalarType> dtype) const { return xgrad::mean(*this, dtype); }
Tensor Tensor::mean(IntArrayRef dim, bool keepdim, optional<ScalarType> dtype) const {
  return xgrad::mean(*this, dim, keepdim, dtype);
}
Tensor Tensor::prod(optional<ScalarType> dtype) const { return xgrad::prod(*this, dtype); }
Tensor Tensor::prod(int64_t dim, bool keepdim, optional<ScalarType> dtype) const {
  return xgrad::prod(*this, dim, keepdim, dtype);
}
Tensor Tensor::max() const { return xgrad::max(*this); }
Tensor Tensor::min() const { return xgrad::min(*this); }
std::tuple<Tensor, Tensor> Tensor::max(int64_t dim, bool keepdim) const {
  return xgrad::max(*this, dim, keepdim);
}
std::tuple<Tensor, Tensor> Tensor::min(int64_t dim, bool keepdim) const {
  return xgrad::min(*this, dim, keepdim);
}
Tensor Tensor::amax(IntArrayRef dim, bool keepdim) const { return xgrad::amax(*this, dim, keepdim); }
Tensor Tensor::amin(IntArrayRef dim, bool keepdim) const { return xgrad::amin(*this, dim, keepdim); }
Tensor Tensor::argmax(optional<int64_t> dim, bool keepdim) const {
  return xgrad::argmax(*this, dim, keepdim);
}
Tensor Tensor::argmin(optional<int64_t> dim, bool keepdim) const {
  return xgrad::argmin(*this, dim, keepdim);
}
Tensor Tensor::all() const { return xgrad::all(*this); }
Tensor Tensor::any() const { return xgrad::any(*this); }
Tensor Tensor::sum_to_size(IntArrayRef size) const { return xgrad::sum_to_size(*this, size); }

}  // namespace xgrad
