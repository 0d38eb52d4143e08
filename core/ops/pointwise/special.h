// Special functions, elementwise. Integers become the default floating dtype.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

#define XGRAD_SPECIAL(name, Formula) XGRAD_API Tensor special_##name(const Tensor& self);
#define XGRAD_SPECIAL_OF_TWO(name, Formula)                                 \
  XGRAD_API Tensor special_##name(const Tensor& self, const Tensor& other); \
  XGRAD_API Tensor special_##name(const Tensor& self, const Scalar& other); \
  XGRAD_API Tensor special_##name(const Scalar& self, const Tensor& other);
#include <xgrad/core/ops/pointwise/special.inc>
#undef XGRAD_SPECIAL
#undef XGRAD_SPECIAL_OF_TWO

/// The names of torch.special.
namespace special {

#define XGRAD_SPECIAL(name, Formula) \
  inline Tensor name(const Tensor& self) { return special_##name(self); }
#define XGRAD_SPECIAL_OF_TWO(name, Formula)                                                           \
  inline Tensor name(const Tensor& self, const Tensor& other) { return special_##name(self, other); } \
  inline Tensor name(const Tensor& self, const Scalar& other) { return special_##name(self, other); } \
  inline Tensor name(const Scalar& self, const Tensor& other) { return special_##name(self, other); }
#include <xgrad/core/ops/pointwise/special.inc>
#undef XGRAD_SPECIAL
#undef XGRAD_SPECIAL_OF_TWO

using xgrad::digamma, xgrad::erf, xgrad::erfc, xgrad::erfinv, xgrad::exp2, xgrad::expm1, xgrad::i0,
    xgrad::log1p, xgrad::log_softmax, xgrad::logit, xgrad::logsumexp, xgrad::polygamma, xgrad::round,
    xgrad::sinc, xgrad::softmax, xgrad::xlog1py, xgrad::xlogy;
inline Tensor expit(const Tensor& self) { return sigmoid(self); }
inline Tensor gammaln(const Tensor& self) { return lgamma(self); }
inline Tensor psi(const Tensor& self) { return digamma(self); }
inline Tensor multigammaln(const Tensor& self, int64_t p) { return mvlgamma(self, p); }
inline Tensor gammainc(const Tensor& self, const Tensor& other) { return igamma(self, other); }
inline Tensor gammaincc(const Tensor& self, const Tensor& other) { return igammac(self, other); }

}  // namespace special

}  // namespace xgrad
