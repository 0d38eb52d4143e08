// Reductions as functions: which dimensions, which dtype, what is refused. The stanzas are in formulas.h.
#include <xgrad/core/ops/reduce/reduce.h>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/formulas.h>
#include <xgrad/core/ops/reduce/scan.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/reduction.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace ops {

Tensor prod_backward(const Over& over, const Tensor& g, const Tensor& x, const Tensor& y) {
  if (x.numel() == 0) return zeros_like(x);
  if (!autograd::grad_enabled() && !x.eq(0).any().item<bool>()) return g * (y / x);  // g * y may overflow
  const DimVector dims = over.list();
  if (dims.size() == 1) return g * product_of_others(x, dims[0]);
  return g * product_of_others(x.reshape(-1), 0).reshape(over.sizes);
}

Tensor put_at_index(const Over& over, const Tensor& g, const Tensor& index) {
  if (over.sizes.empty()) return g;
  return scatter(zeros(over.sizes, g.options()), over.list()[0], index, g);
}

}  // namespace ops

namespace {

using ops::ReducedDims;

ScalarType sum_dtype(const Tensor& x, optional<ScalarType> dtype) {
  if (dtype) return *dtype;
  return is_integral_type(x.dtype(), true) ? ScalarType::Long : x.dtype();
}

Tensor sum_over(const Tensor& self, const ReducedDims& dims, optional<ScalarType> dtype) {
  return ops::reduce(Sum{}, self, dims, sum_dtype(self, dtype));
}

Tensor mean_over(const Tensor& self, const ReducedDims& dims, optional<ScalarType> dtype) {
  const ScalarType t = dtype.value_or(self.dtype());
  XGRAD_CHECK_AS(TypeError, is_floating_type(t),
                 "mean: could not infer output dtype. Input dtype must be either a floating "
                 "point or complex dtype: got ",
                 t, "; convert it first: x.to(kFloat).mean()");
  return ops::reduce(Mean{}, self, dims, t);
}

void need_elements(const char* op, const Tensor& self, const ReducedDims& dims) {
  for (std::size_t d = 0; d < self.sizes().size(); ++d)
    XGRAD_CHECK_AS(IndexError, !dims.mask[d] || self.sizes()[d] > 0, op, ": expected reduction dim ",
                   static_cast<int64_t>(d), " to have non-zero size: self is ", self.sizes());
}

// The extreme of everything, or over `dims`.
template <class F>
Tensor extreme(const Tensor& self) {
  XGRAD_CHECK(self.numel() > 0, F::name.op,
              ": expected reduction dim to be specified for an empty tensor: self is ", self.sizes());
  return ops::reduce(F{}, self, ReducedDims::all(self.dim(), false), self.dtype());
}
template <class F>
Tensor extreme(const Tensor& self, IntArrayRef dim, bool keepdim) {
  const ReducedDims dims(F::name.op, dim, self.dim(), keepdim);
  need_elements(F::name.op, self, dims);
  return ops::reduce(F{}, self, dims, self.dtype());
}

template <class F>
std::tuple<Tensor, Tensor> extreme_at(const Tensor& self, int64_t dim, bool keepdim) {
  const ReducedDims dims(F::name.op, {dim}, self.dim(), keepdim);
  need_elements(F::name.op, self, dims);
  return ops::reduce(F{}, self, dims, self.dtype());
}

template <class F>
Tensor position(const Tensor& self, optional<int64_t> dim, bool keepdim) {
  const ReducedDims dims =
      dim ? ReducedDims(F::name.op, {*dim}, self.dim(), keepdim) : ReducedDims::all(self.dim(), keepdim);
  need_elements(F::name.op, self, dims);
  return ops::reduce(F{}, self, dims, kLong);
}

// All or Any; no dimensions given are all of them.
template <class F>
Tensor truth(const Tensor& self, OptionalIntArrayRef dim, bool keepdim) {
  const ScalarType t = self.dtype() == kByte ? kByte : kBool;
  if (dim.has_value() && dim.value_or({}).empty()) return self.ne(0).to(t);
  return ops::reduce(F{}, self, ReducedDims(F::name.op, dim.value_or({}), self.dim(), keepdim), t);
}

}  // namespace

Tensor sum(const Tensor& self, optional<ScalarType> dtype) {
  return sum_over(self, ReducedDims::all(self.dim(), false), dtype);
}
Tensor sum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  return sum_over(self, ReducedDims("sum", dim.value_or({}), self.dim(), keepdim), dtype);
}
Tensor mean(const Tensor& self, optional<ScalarType> dtype) {
  return mean_over(self, ReducedDims::all(self.dim(), false), dtype);
}
Tensor mean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  return mean_over(self, ReducedDims("mean", dim.value_or({}), self.dim(), keepdim), dtype);
}
Tensor prod(const Tensor& self, optional<ScalarType> dtype) {
  return ops::reduce(Prod{}, self, ReducedDims::all(self.dim(), false), sum_dtype(self, dtype));
}
Tensor prod(const Tensor& self, int64_t dim, bool keepdim, optional<ScalarType> dtype) {
  return ops::reduce(Prod{}, self, ReducedDims("prod", {dim}, self.dim(), keepdim), sum_dtype(self, dtype));
}

Tensor max(const Tensor& self) { return extreme<Max>(self); }
Tensor min(const Tensor& self) { return extreme<Min>(self); }
Tensor max(const Tensor& self, const Tensor& other) { return maximum(self, other); }
Tensor min(const Tensor& self, const Tensor& other) { return minimum(self, other); }
std::tuple<Tensor, Tensor> max(const Tensor& self, int64_t dim, bool keepdim) {
  return extreme_at<MaxAt>(self, dim, keepdim);
}
std::tuple<Tensor, Tensor> min(const Tensor& self, int64_t dim, bool keepdim) {
  return extreme_at<MinAt>(self, dim, keepdim);
}
Tensor amax(const Tensor& self, IntArrayRef dim, bool keepdim) { return extreme<Amax>(self, dim, keepdim); }
Tensor amin(const Tensor& self, IntArrayRef dim, bool keepdim) { return extreme<Amin>(self, dim, keepdim); }
Tensor argmax(const Tensor& self, optional<int64_t> dim, bool keepdim) {
  return position<ArgMax>(self, dim, keepdim);
}
Tensor argmin(const Tensor& self, optional<int64_t> dim, bool keepdim) {
  return position<ArgMin>(self, dim, keepdim);
}

std::tuple<Tensor, Tensor> aminmax(const Tensor& self, optional<int64_t> dim, bool keepdim) {
  const ReducedDims dims =
      dim ? ReducedDims("aminmax", {*dim}, self.dim(), keepdim) : ReducedDims::all(self.dim(), keepdim);
  need_elements("aminmax", self, dims);
  return ops::reduce(AminMax{}, self, dims, self.dtype());
}

Tensor all(const Tensor& self) { return truth<All>(self, nullopt, false); }
Tensor all(const Tensor& self, int64_t dim, bool keepdim) { return truth<All>(self, dim, keepdim); }
Tensor all(const Tensor& self, OptionalIntArrayRef dim, bool keepdim) {
  return truth<All>(self, dim, keepdim);
}
Tensor any(const Tensor& self) { return truth<Any>(self, nullopt, false); }
Tensor any(const Tensor& self, int64_t dim, bool keepdim) { return truth<Any>(self, dim, keepdim); }
Tensor any(const Tensor& self, OptionalIntArrayRef dim, bool keepdim) {
  return truth<Any>(self, dim, keepdim);
}

Tensor count_nonzero(const Tensor& self) { return count_nonzero(self, OptionalIntArrayRef()); }
Tensor count_nonzero(const Tensor& self, int64_t dim) {
  return count_nonzero(self, OptionalIntArrayRef(dim));
}
Tensor count_nonzero(const Tensor& self, OptionalIntArrayRef dim) {
  return ops::reduce(CountNonzero{}, self, ReducedDims("count_nonzero", dim.value_or({}), self.dim(), false),
                     kLong);
}

Tensor nansum(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  return ops::reduce(NanSum{}, self, ReducedDims("nansum", dim.value_or({}), self.dim(), keepdim),
                     sum_dtype(self, dtype));
}
Tensor nanmean(const Tensor& self, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype) {
  XGRAD_CHECK_AS(TypeError, self.is_floating_point(), "nanmean: only for floating-point dtypes: self is ",
                 self.dtype(), "; convert it first: x.to(kFloat)");
  XGRAD_CHECK_AS(TypeError, !dtype || is_floating_type(*dtype),
                 "nanmean: the result must be floating-point: dtype is ", dtype.value_or(self.dtype()));
  const Tensor count = sum(logical_not(isnan(self.detach())), dim.value_or({}), keepdim);
  return nansum(self, dim, keepdim, dtype) / count;
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

}  // namespace xgrad
