// The special functions over tensors; their formulas are in rare_formulas.h.
#include <xgrad/core/ops/pointwise/special.h>

#include <xgrad/core/ops/pointwise/rare_formulas.h>
#include <xgrad/core/stanza/pointwise.h>

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
  constexpr double log_pi = 1.14472988584940017414;
  Tensor sum = lgamma(self);
  for (int64_t j = 1; j < p; ++j) sum = sum + lgamma(self - 0.5 * static_cast<double>(j));
  return sum + static_cast<double>(p * (p - 1)) / 4 * log_pi;
}

}  // namespace xgrad
