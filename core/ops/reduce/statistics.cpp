// Variances, norms and logsumexp as functions. The stanzas are in formulas.h.
#include <cmath>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/formulas.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/reduction.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using ops::ReducedDims;

void need_floating(const char* op, const Tensor& self) {
  XGRAD_CHECK_AS(TypeError, self.is_floating_point(), op, ": only for floating-point dtypes: self is ",
                 self.dtype(), "; convert it first: x.to(kFloat)");
}

// Var, Std, VarMean or StdMean.
template <class F>
auto spread(const Tensor& self, IntArrayRef dim, double correction, bool keepdim) {
  need_floating(F::name.op, self);
  F f;
  f.correction = correction;
  return ops::reduce(f, self, ReducedDims(F::name.op, dim, self.dim(), keepdim), self.dtype());
}

double or_one(const optional<Scalar>& correction) { return correction ? correction->toDouble() : 1; }

Tensor norm_over(const char* op, const Tensor& self, double p, IntArrayRef dim, bool keepdim,
                 optional<ScalarType> dtype) {
  need_floating(op, self);
  const ScalarType t = dtype.value_or(self.dtype());
  XGRAD_CHECK(is_floating_type(t) && promote_types(t, self.dtype()) == t, op, ": dtype ", t,
              " does not hold every value of self, which is ", self.dtype());
  const ReducedDims dims(op, dim, self.dim(), keepdim);
  XGRAD_CHECK((p >= 0 && !std::isinf(p)) || dims.count(self.sizes()) > 0, op, ": the ", p,
              "-norm of no element is not defined: self is ", self.sizes());
  // That of a single element is its magnitude, whatever its p-th power may come to.
  if (p != 0 && p != 2 && dims.count(self.sizes()) == 1) p = HUGE_VAL;
  if (p == 0) return ops::reduce(Norm0{{{}, p}}, self, dims, t);
  if (p == 1) return ops::reduce(Norm1{{{}, p}}, self, dims, t);
  if (p == 2) return ops::reduce(Norm2{{{}, p}}, self, dims, t);
  return ops::reduce(Norm{{}, p}, self, dims, t);
}

double or_two(const optional<Scalar>& p) { return p ? p->toDouble() : 2; }

}  // namespace

#define XGRAD_SPREAD(name, Formula, R)                                                                    \
  R name(const Tensor& self, bool unbiased) { return spread<Formula>(self, {}, unbiased, false); }        \
  R name(const Tensor& self, int dim) { return spread<Formula>(self, {dim}, 1, false); }                  \
  R name(const Tensor& self, OptionalIntArrayRef dim, const optional<Scalar>& correction, bool keepdim) { \
    return spread<Formula>(self, dim.value_or({}), or_one(correction), keepdim);                          \
  }
XGRAD_SPREAD(var, Var, Tensor)
XGRAD_SPREAD(std, Std, Tensor)
using TensorPair = ::std::tuple<Tensor, Tensor>;
XGRAD_SPREAD(var_mean, VarMean, TensorPair)
XGRAD_SPREAD(std_mean, StdMean, TensorPair)
#undef XGRAD_SPREAD

Tensor norm(const Tensor& self, const Scalar& p) {
  return norm_over("norm", self, p.toDouble(), {}, false, nullopt);
}
Tensor norm(const Tensor& self, const optional<Scalar>& p, ScalarType dtype) {
  return norm_over("norm", self, or_two(p), {}, false, dtype);
}
Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim) {
  return norm_over("norm", self, or_two(p), dim, keepdim, nullopt);
}
Tensor norm(const Tensor& self, const optional<Scalar>& p, IntArrayRef dim, bool keepdim, ScalarType dtype) {
  return norm_over("norm", self, or_two(p), dim, keepdim, dtype);
}
Tensor linalg::vector_norm(const Tensor& self, const Scalar& ord, OptionalIntArrayRef dim, bool keepdim,
                           optional<ScalarType> dtype) {
  return norm_over("linalg.vector_norm", self, ord.toDouble(), dim.value_or({}), keepdim, dtype);
}

Tensor logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim) {
  const ScalarType t = self.is_floating_point() ? self.dtype() : get_default_dtype();
  return ops::reduce(LogSumExp{}, self, ReducedDims("logsumexp", dim, self.dim(), keepdim), t);
}

}  // namespace xgrad
