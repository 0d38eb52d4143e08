// Functions of two numbers, and mixtures of three: one stanza each. How a stanza is read is in formula.h.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>
#include <xgrad/core/ops/pointwise/arithmetic_formulas.h>

namespace xgrad {

struct Atan2 : Binary<Result::floating> {
  static constexpr OpName name{"atan2", "Atan2Backward"};
  static auto forward(const auto& y, const auto& x) { return atan2(y, x); }
  // In the origin, where there is no angle, 0 in place of NaN.
  static auto per_square(const auto& a, const auto& b) {
    const auto square = a * a + b * b;
    return a / where(square == 0, 1, square);
  }
  static auto backward_0(const auto& g, const auto& y, const auto& x) { return g * per_square(x, y); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& y, const auto& x) { return g * -per_square(y, x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Hypot : Binary<> {
  static constexpr OpName name{"hypot", "HypotBackward"};
  static constexpr bool takes_integers = false;
  static auto forward(const auto& a, const auto& b) { return hypot(a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& y) { return g * (a / y); }
  using saved_0 = Saved<In<0>, Out>;
  static auto backward_1(const auto& g, const auto& b, const auto& y) { return g * (b / y); }
  using saved_1 = Saved<In<1>, Out>;
};

struct Fmax : Binary<> {
  static constexpr OpName name{"fmax", "FmaxBackward"};
  static auto is_first(const auto& a, const auto& b) { return (a >= b) | (b != b); }
  static auto forward(const auto& a, const auto& b) { return where(is_first(a, b), a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(is_first(a, b), g, 0));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(is_first(a, b), 0, g));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Fmin : Binary<> {
  static constexpr OpName name{"fmin", "FminBackward"};
  static auto is_first(const auto& a, const auto& b) { return (a <= b) | (b != b); }
  static auto forward(const auto& a, const auto& b) { return where(is_first(a, b), a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(is_first(a, b), g, 0));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(is_first(a, b), 0, g));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Logaddexp : Binary<> {
  static constexpr OpName name{"logaddexp", "LogaddexpBackward"};
  static constexpr bool takes_integers = false;
  static auto forward(const auto& a, const auto& b) {
    return where(a == b, a + 0.69314718055994530942, maximum(a, b) + log1p(exp(-abs(a - b))));
  }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return detail::over_one_plus_exp(g, b - a);
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    return detail::over_one_plus_exp(g, a - b);
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Logaddexp2 : Binary<> {
  static constexpr OpName name{"logaddexp2", "Logaddexp2Backward"};
  static constexpr bool takes_integers = false;
  static auto forward(const auto& a, const auto& b) {
    return where(a == b, a + 1, maximum(a, b) + 1.44269504088896340736 * log1p(exp2(-abs(a - b))));
  }
  static auto backward_0(const auto& g, const auto& a, const auto& b) { return g / (1 + exp2(b - a)); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) { return g / (1 + exp2(a - b)); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Fmod : Binary<> {
  static constexpr OpName name{"fmod", "FmodBackward1"};
  static constexpr bool refuses_zero = true;  // as an integer divisor
  static constexpr bool takes_bool = false;
  static auto forward(const auto& a, const auto& b) { return fmod(a, b); }
  using saved_0 = Passed;
  static auto backward_1(const auto& g, const auto& a, const auto& b) { return -g * trunc(a / b); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Remainder : Binary<> {
  static constexpr OpName name{"remainder", "RemainderBackward1"};
  static constexpr bool refuses_zero = true;  // as an integer divisor
  static constexpr bool takes_bool = false;
  static auto forward(const auto& a, const auto& b) { return remainder(a, b); }
  using saved_0 = Passed;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    const auto q = a / b;  // -0 where b is infinite: rounded down that is -1
    return -g * where((q == 0) & (a * b < 0), -1, floor(q));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Copysign : Binary<Result::floating> {
  static constexpr OpName name{"copysign", "CopysignBackward0"};
  static auto forward(const auto& a, const auto& b) { return copysign(a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& y) {
    return where(a == 0, 0, g * sign(a) * sign(y));
  }
  using saved_0 = Saved<In<0>, Out>;
  using saved_1 = Vanishes;
};

struct Xlogy : Binary<Result::floating> {
  static constexpr OpName name{"xlogy", "XlogyBackward0"};
  static auto forward(const auto& x, const auto& y) { return where((x == 0) & (y == y), 0, x * log(y)); }
  static auto backward_0(const auto& g, const auto& x, const auto& y) {
    return where((x == 0) & (y <= 0), 0, g * log(y));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x, const auto& y) { return g * (x / y); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Xlog1py : Binary<Result::floating> {
  static constexpr OpName name{"special_xlog1py", "SpecialXlog1PyBackward0"};
  static auto forward(const auto& x, const auto& y) { return where((x == 0) & (y == y), 0, x * log1p(y)); }
  static auto backward_0(const auto& g, const auto& x, const auto& y) {
    return where((x == 0) & (y <= -1), 0, g * log1p(y));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x, const auto& y) { return g * (x / (y + 1)); }
  using saved_1 = Saved<In<0>, In<1>>;
};

// Exact at both ends: from the nearer of them.
struct Lerp : Ternary<> {
  static constexpr OpName name{"lerp", "LerpBackward1"};
  static constexpr bool takes_integers = false;
  static auto forward(const auto& a, const auto& b, const auto& w) {
    return where(abs(w) < 0.5, a + w * (b - a), b - (b - a) * (1 - w));
  }
  static auto backward_0(const auto& g, const auto& w) { return g * (1 - w); }
  using saved_0 = Saved<In<2>>;
  static auto backward_1(const auto& g, const auto& w) { return g * w; }
  using saved_1 = Saved<In<2>>;
  static auto backward_2(const auto& g, const auto& a, const auto& b) { return g * (b - a); }
  using saved_2 = Saved<In<0>, In<1>>;
};

struct Addcmul : Ternary<> {
  static constexpr OpName name{"addcmul", "AddcmulBackward"};
  static constexpr bool takes_bool = false;
  Factor value;
  auto forward(const auto& x, const auto& a, const auto& b) const { return x + value.times(a * b); }
  using saved_0 = Passed;
  auto backward_1(const auto& g, const auto& b) const { return g * value.times(b); }
  using saved_1 = Saved<In<2>>;
  auto backward_2(const auto& g, const auto& a) const { return g * value.times(a); }
  using saved_2 = Saved<In<1>>;
};

struct Addcdiv : Ternary<> {
  static constexpr OpName name{"addcdiv", "AddcdivBackward"};
  static constexpr bool takes_integers = false;
  double value;
  auto forward(const auto& x, const auto& a, const auto& b) const { return x + value * a / b; }
  using saved_0 = Passed;
  auto backward_1(const auto& g, const auto& b) const { return g * (value / b); }
  using saved_1 = Saved<In<2>>;
  auto backward_2(const auto& g, const auto& a, const auto& b) const { return -g * (value * a / (b * b)); }
  using saved_2 = Saved<In<1>, In<2>>;
};

using BinaryFunctions = OpList<Atan2, Hypot, Fmax, Fmin, Logaddexp, Logaddexp2, Fmod, Remainder, Copysign,
                               Xlogy, Xlog1py, Lerp, Addcmul, Addcdiv>;
XGRAD_FORMULAS(BinaryFunctions)

}  // namespace xgrad
