// The elementary functions over tensors; their formulas are in math_formulas.h.
#include <xgrad/core/ops/pointwise/math.h>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math_formulas.h>
#include <xgrad/core/ops/pointwise/rare_formulas.h>
#include <xgrad/core/stanza/pointwise.h>

namespace xgrad {

#define XGRAD_UNARY(function, Formula)                                       \
  Tensor function(const Tensor& self) { return pointwise(Formula{}, self); } \
  Tensor& function##_(Tensor& self) { return pointwise_(self, Formula{}, self); }
#include <xgrad/core/ops/pointwise/math.inc>
#undef XGRAD_UNARY

Tensor square(const Tensor& self) { return pow(self, 2); }
Tensor& square_(Tensor& self) { return self.pow_(2); }

Tensor round(const Tensor& self, int64_t decimals) {
  if (decimals == 0) return round(self);
  XGRAD_CHECK_AS(TypeError, self.is_floating_point(), "round: decimals need a floating-point tensor: got ",
                 self.dtype());
  double scale = 1;
  for (int64_t i = 0; i < std::abs(decimals) && scale < 1e308; ++i) scale *= 10;
  return pointwise(RoundDecimals{{}, scale, decimals < 0}, self);
}

Tensor isnan(const Tensor& self) { return pointwise(IsNan{}, self); }

}  // namespace xgrad
