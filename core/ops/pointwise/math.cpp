// The elementary functions over tensors; their formulas are in math_formulas.h.
#include <xgrad/core/ops/pointwise/math.h>

#include <limits>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/binary.h>
#include <xgrad/core/ops/pointwise/bits_formulas.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math_formulas.h>
#include <xgrad/core/ops/pointwise/rare_formulas.h>
#include <xgrad/core/ops/pointwise/special.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

#define XGRAD_UNARY(function, Formula)                                       \
  Tensor function(const Tensor& self) { return pointwise(Formula{}, self); } \
  Tensor& function##_(Tensor& self) { return pointwise_(self, Formula{}, self); }
#include <xgrad/core/ops/pointwise/math.inc>
#include <xgrad/core/ops/pointwise/rare.inc>
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

// The same for a bool, and in registers.
Tensor bitwise_not(const Tensor& self) {
  return self.dtype() == kBool ? logical_not(self) : pointwise(BitwiseNot{}, self);
}
Tensor& Tensor::bitwise_not_() const {
  return dtype() == kBool ? logical_not_() : pointwise_(*this, BitwiseNot{}, *this);
}

namespace {

Logit logit_of(optional<double> eps) { return {{}, eps.value_or(-1)}; }

NanToNum replacing(const Tensor& self, optional<double> nan, optional<double> above, optional<double> below) {
  const ScalarType dtype = self.defined() ? self.dtype() : kFloat;
  double largest = dtype == kHalf       ? 65504
                   : dtype == kBFloat16 ? 0x1.FEp127
                                        : 0;  // the standard knows neither
  if (largest == 0)
    dispatch<Floats>("nan_to_num", dtype,
                     [&]<class T>() { largest = static_cast<double>((std::numeric_limits<T>::max)()); });
  return {{}, nan.value_or(0), above.value_or(largest), below.value_or(-largest)};
}

}  // namespace

Tensor logit(const Tensor& self, optional<double> eps) { return pointwise(logit_of(eps), self); }
Tensor& Tensor::logit_(optional<double> eps) const { return pointwise_(*this, logit_of(eps), *this); }

Tensor nan_to_num(const Tensor& self, optional<double> nan, optional<double> posinf,
                  optional<double> neginf) {
  if (self.defined() && !self.is_floating_point()) return self.clone();
  return pointwise(replacing(self, nan, posinf, neginf), self);
}
Tensor& Tensor::nan_to_num_(optional<double> nan, optional<double> posinf, optional<double> neginf) const {
  if (!is_floating_point()) return const_cast<Tensor&>(*this);
  return pointwise_(*this, replacing(*this, nan, posinf, neginf), *this);
}

Tensor angle(const Tensor& self) { return pointwise(Angle{}, self); }

std::tuple<Tensor, Tensor> frexp(const Tensor& self) {
  XGRAD_CHECK_AS(TypeError, !self.defined() || self.is_floating_point(), "frexp: self must be floating: got ",
                 self.dtype());
  return {pointwise(FrexpMantissa{}, self), pointwise(FrexpExponent{}, self)};
}

Tensor isnan(const Tensor& self) { return pointwise(IsNan{}, self); }
Tensor isinf(const Tensor& self) { return pointwise(IsInf{}, self); }
Tensor isfinite(const Tensor& self) { return pointwise(IsFinite{}, self); }
Tensor isposinf(const Tensor& self) { return pointwise(IsPosInf{}, self); }
Tensor isneginf(const Tensor& self) { return pointwise(IsNegInf{}, self); }
Tensor signbit(const Tensor& self) { return pointwise(Signbit{}, self); }

}  // namespace xgrad
