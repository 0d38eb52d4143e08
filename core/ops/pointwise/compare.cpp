// Comparisons, logic, maximum, where and clamp: one stanza per op. How a stanza is read is in stanza.h.
#include <xgrad/core/stanza/stanza.h>

#include <xgrad/core/tape/grad_mode.h>
#ifndef XGRAD_ISA
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/shape/copy.h>
#endif

namespace xgrad {

XGRAD_FAMILY(Compare, struct Eq, struct Ne, struct Lt, struct Le, struct Gt, struct Ge, struct LogicalAnd,
             struct LogicalOr, struct LogicalXor, struct LogicalNot, struct Maximum, struct Minimum,
             struct Where, struct Clamp, struct ClampMin, struct ClampMax, struct ClampTensors,
             struct ClampMinTensor, struct ClampMaxTensor);

#define XGRAD_COMPARISON(Name, op_name, expression)                          \
  struct Name : Binary<Result::boolean> {                                    \
    static constexpr OpName name{#op_name, ""};                              \
    static auto forward(const auto& a, const auto& b) { return expression; } \
  };
XGRAD_COMPARISON(Eq, eq, a == b)
XGRAD_COMPARISON(Ne, ne, a != b)
XGRAD_COMPARISON(Lt, lt, a < b)
XGRAD_COMPARISON(Le, le, a <= b)
XGRAD_COMPARISON(Gt, gt, a > b)
XGRAD_COMPARISON(Ge, ge, a >= b)
XGRAD_COMPARISON(LogicalAnd, logical_and, (a != 0) & (b != 0))
XGRAD_COMPARISON(LogicalOr, logical_or, (a != 0) | (b != 0))
XGRAD_COMPARISON(LogicalXor, logical_xor, (a != 0) ^ (b != 0))
#undef XGRAD_COMPARISON

struct LogicalNot : Unary<Result::boolean> {
  static constexpr OpName name{"logical_not", ""};
  static auto forward(const auto& a) { return a == 0; }
};

struct Maximum : Binary<> {
  static constexpr OpName name{"maximum", "MaximumBackward"};
  static auto forward(const auto& a, const auto& b) { return maximum(a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(a < b, 0, g));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(b < a, 0, g));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Minimum : Binary<> {
  static constexpr OpName name{"minimum", "MinimumBackward"};
  static auto forward(const auto& a, const auto& b) { return minimum(a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(a > b, 0, g));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(b > a, 0, g));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Where : Ternary<> {
  static constexpr OpName name{"where", "WhereBackward"};
  using inputs = Slots<bool, Same, Same>;
  static auto forward(const auto& condition, const auto& a, const auto& b) { return where(condition, a, b); }
  static auto backward_1(const auto& g, const auto& condition) { return where(condition, g, 0); }
  using saved_1 = Saved<In<0>>;
  static auto backward_2(const auto& g, const auto& condition) { return where(condition, 0, g); }
  using saved_2 = Saved<In<0>>;
};

// Between numbers, the gradient passes strictly within; between tensors, x and a bound that it equals share.
struct Clamp : Ternary<> {
  static constexpr OpName name{"clamp", "ClampBackward1"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& low, const auto& high) {
    return minimum(maximum(x, low), high);
  }
  static auto backward_0(const auto& g, const auto& x, const auto& low, const auto& high) {
    return where((x > low) & (x < high), g, 0);
  }
  using saved_0 = Saved<In<0>, In<1>, In<2>>;
};

struct ClampMin : Binary<> {
  static constexpr OpName name{"clamp_min", "ClampMinBackward0"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& low) { return maximum(x, low); }
  static auto backward_0(const auto& g, const auto& x, const auto& low) { return where(x > low, g, 0); }
  using saved_0 = Saved<In<0>, In<1>>;
};

struct ClampMax : Binary<> {
  static constexpr OpName name{"clamp_max", "ClampMaxBackward0"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& high) { return minimum(x, high); }
  static auto backward_0(const auto& g, const auto& x, const auto& high) { return where(x < high, g, 0); }
  using saved_0 = Saved<In<0>, In<1>>;
};

struct ClampTensors : Ternary<> {
  static constexpr OpName name{"clamp", "ClampBackward0"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& low, const auto& high) {
    return minimum(maximum(x, low), high);
  }
  static auto backward_0(const auto& g, const auto& x, const auto& low, const auto& high) {
    const auto shared = (low < high) & ((x == low) | (x == high));
    return where((x < low) | (x > high), 0, where(shared, g / 2, g));
  }
  using saved_0 = Saved<In<0>, In<1>, In<2>>;
  static auto backward_1(const auto& g, const auto& x, const auto& low, const auto& high) {
    return where((x < low) & (low <= high), g, where((x == low) & (low < high), g / 2, 0));
  }
  using saved_1 = Saved<In<0>, In<1>, In<2>>;
  static auto backward_2(const auto& g, const auto& x, const auto& low, const auto& high) {
    const auto above = ((x > high) & (low <= high)) | (low > high);
    return where(above, g, where((x == high) & (low < high), g / 2, 0));
  }
  using saved_2 = Saved<In<0>, In<1>, In<2>>;
};

struct ClampMinTensor : Maximum {
  static constexpr OpName name{"clamp_min", "ClampMinBackward1"};
};

struct ClampMaxTensor : Minimum {
  static constexpr OpName name{"clamp_max", "ClampMaxBackward1"};
};

#ifndef XGRAD_ISA

#define XGRAD_COMPARISON(function, Formula)                                                              \
  Tensor function(const Tensor& self, const Tensor& other) { return pointwise(Formula{}, self, other); } \
  Tensor function(const Tensor& self, const Scalar& other) { return pointwise(Formula{}, self, other); } \
  Tensor Tensor::function(const Tensor& other) const { return pointwise(Formula{}, *this, other); }      \
  Tensor Tensor::function(const Scalar& other) const { return pointwise(Formula{}, *this, other); }
XGRAD_COMPARISON(eq, Eq)
XGRAD_COMPARISON(ne, Ne)
XGRAD_COMPARISON(lt, Lt)
XGRAD_COMPARISON(le, Le)
XGRAD_COMPARISON(gt, Gt)
XGRAD_COMPARISON(ge, Ge)
#undef XGRAD_COMPARISON

#define XGRAD_BINARY(function, Formula)                                                                  \
  Tensor function(const Tensor& self, const Tensor& other) { return pointwise(Formula{}, self, other); } \
  Tensor Tensor::function(const Tensor& other) const { return pointwise(Formula{}, *this, other); }
XGRAD_BINARY(logical_and, LogicalAnd)
XGRAD_BINARY(logical_or, LogicalOr)
XGRAD_BINARY(logical_xor, LogicalXor)
XGRAD_BINARY(maximum, Maximum)
XGRAD_BINARY(minimum, Minimum)
#undef XGRAD_BINARY

Tensor logical_not(const Tensor& self) { return pointwise(LogicalNot{}, self); }
Tensor Tensor::logical_not() const { return xgrad::logical_not(*this); }
Tensor Tensor::max(const Tensor& other) const { return xgrad::maximum(*this, other); }
Tensor Tensor::min(const Tensor& other) const { return xgrad::minimum(*this, other); }

namespace {

const Tensor& checked_condition(const Tensor& condition) {
  XGRAD_CHECK_AS(TypeError, condition.dtype() == kBool || condition.dtype() == kByte,
                 "where: condition must be a bool tensor: got ", condition.dtype());
  return condition;
}

template <class Both, class Min, class Max, class Bound>
Tensor clamp_between(const Tensor& self, const optional<Bound>& min, const optional<Bound>& max) {
  XGRAD_CHECK_AS(ValueError, min || max, "clamp: at least one of min and max must be given");
  if (!max) return pointwise(Min{}, self, *min);
  if (!min) return pointwise(Max{}, self, *max);
  return pointwise(Both{}, self, *min, *max);
}

}  // namespace

Tensor where(const Tensor& condition, const Tensor& self, const Tensor& other) {
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor where(const Tensor& condition, const Scalar& self, const Tensor& other) {
  check_number("where", self, result_type(self, other));
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor where(const Tensor& condition, const Tensor& self, const Scalar& other) {
  check_number("where", other, result_type(self, other));
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor where(const Tensor& condition, const Scalar& self, const Scalar& other) {
  return pointwise(Where{}, checked_condition(condition), self, other);
}
Tensor Tensor::where(const Tensor& condition, const Tensor& other) const {
  return xgrad::where(condition, *this, other);
}

Tensor clamp(const Tensor& self, const optional<Scalar>& min, const optional<Scalar>& max) {
  return clamp_between<Clamp, ClampMin, ClampMax>(self, min, max);
}
Tensor clamp(const Tensor& self, const optional<Tensor>& min, const optional<Tensor>& max) {
  return clamp_between<ClampTensors, ClampMinTensor, ClampMaxTensor>(self, min, max);
}
Tensor clamp_min(const Tensor& self, const Scalar& min) { return pointwise(ClampMin{}, self, min); }
Tensor clamp_min(const Tensor& self, const Tensor& min) { return pointwise(ClampMinTensor{}, self, min); }
Tensor clamp_max(const Tensor& self, const Scalar& max) { return pointwise(ClampMax{}, self, max); }
Tensor clamp_max(const Tensor& self, const Tensor& max) { return pointwise(ClampMaxTensor{}, self, max); }
Tensor Tensor::clamp(const optional<Scalar>& min, const optional<Scalar>& max) const {
  return xgrad::clamp(*this, min, max);
}
Tensor Tensor::clamp(const optional<Tensor>& min, const optional<Tensor>& max) const {
  return xgrad::clamp(*this, min, max);
}
Tensor Tensor::clamp_min(const Scalar& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clamp_min(const Tensor& min) const { return xgrad::clamp_min(*this, min); }
Tensor Tensor::clamp_max(const Scalar& max) const { return xgrad::clamp_max(*this, max); }
Tensor Tensor::clamp_max(const Tensor& max) const { return xgrad::clamp_max(*this, max); }
Tensor& Tensor::clamp_(const optional<Scalar>& min, const optional<Scalar>& max) const {
  XGRAD_CHECK_AS(ValueError, min || max, "clamp_: at least one of min and max must be given");
  if (!max) return pointwise_(*this, ClampMin{}, *this, *min);
  if (!min) return pointwise_(*this, ClampMax{}, *this, *max);
  return pointwise_(*this, Clamp{}, *this, *min, *max);
}

bool equal(const Tensor& self, const Tensor& other) {
  return self.sizes() == other.sizes() && eq(self, other).all().item<bool>();
}
bool Tensor::equal(const Tensor& other) const { return xgrad::equal(*this, other); }

bool allclose(const Tensor& self, const Tensor& other, double rtol, double atol, bool equal_nan) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == other.dtype(), "allclose: dtypes differ: self is ", self.dtype(),
                 ", other is ", other.dtype());
  XGRAD_CHECK_AS(ValueError, rtol >= 0 && atol >= 0, "allclose: rtol and atol must not be negative: got ",
                 rtol, " and ", atol);
  const NoGradGuard no_grad;
  const Tensor a = self.is_floating_point() ? self : self.to(kDouble);
  const Tensor b = self.is_floating_point() ? other : other.to(kDouble);
  const Tensor distance = abs(a - b);
  // inf - inf is NaN, and a finite value is never close to inf, which the bound itself would allow.
  Tensor close = eq(self, other) |
                 (le(distance, atol + rtol * abs(b)) & ne(distance, std::numeric_limits<double>::infinity()));
  if (equal_nan) close = close | (isnan(self) & isnan(other));
  return close.all().item<bool>();
}
bool Tensor::allclose(const Tensor& other, double rtol, double atol, bool equal_nan) const {
  return xgrad::allclose(*this, other, rtol, atol, equal_nan);
}

#endif

XGRAD_KERNELS(Compare)

}  // namespace xgrad
