// The special functions over tensors; their formulas are in rare_formulas.h.
#include <xgrad/core/ops/pointwise/special.h>

#include <xgrad/core/ops/pointwise/rare_formulas.h>
#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

#define XGRAD_SPECIAL(name, Formula) \
  Tensor special_##name(const Tensor& self) { return pointwise(Formula{}, self); }
#define XGRAD_SPECIAL_OF_TWO(name, Formula)                        \
  Tensor special_##name(const Tensor& self, const Tensor& other) { \
    return pointwise(Formula{}, self, other);                      \
  }                                                                \
  Tensor special_##name(const Tensor& self, const Scalar& other) { \
    return pointwise(Formula{}, self, other);                      \
  }                                                                \
  Tensor special_##name(const Scalar& self, const Tensor& other) { return pointwise(Formula{}, self, other); }
#include <xgrad/core/ops/pointwise/special.inc>
#undef XGRAD_SPECIAL
#undef XGRAD_SPECIAL_OF_TWO

Tensor polygamma(int64_t n, const Tensor& self) {
  XGRAD_CHECK(n >= 0, "polygamma: n must not be negative: got ", n);
  return n == 0 ? digamma(self) : pointwise(Polygamma{{}, n}, self);
}

Tensor mvlgamma(const Tensor& self, int64_t p) {
  XGRAD_CHECK(p >= 1, "mvlgamma: p has to be greater than or equal to 1: got ", p);
  XGRAD_CHECK_AS(TypeError, self.dtype() != kBool, "mvlgamma: not for bool; convert it with to(kFloat)");
  constexpr double log_pi = 1.14472988584940017414;
  const auto n = static_cast<double>(p);
  const Tensor shifts = arange(1 - p, 1, TensorOptions(result_type(self, Scalar(0.5)))) * 0.5;
  return lgamma(self.unsqueeze(-1) + shifts).sum(-1) + n * (n - 1) / 4 * log_pi;
}

}  // namespace xgrad
