// Elementary functions: one stanza each. How a stanza is read is in formula.h; kinks follow PyTorch.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

struct Abs : Unary<> {
  static constexpr OpName name{"abs", "AbsBackward"};
  static constexpr bool converts_halves = true, wide_integers = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return abs(x); }
  static auto backward(const auto& g, const auto& x) { return g * sign(x); }
  using saved = Saved<In<0>>;
};

struct Neg : Unary<> {
  static constexpr OpName name{"neg", "NegBackward"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return -x; }
  static auto backward(const auto& g) { return -g; }
  using saved = Saved<>;
};

struct Sign : Unary<> {
  static constexpr OpName name{"sign", "SignBackward"};
  static constexpr bool converts_halves = true, wide_integers = true;
  static auto forward(const auto& x) { return sign(x); }
  using saved = Vanishes;
};

struct Reciprocal : Unary<Result::floating> {
  static constexpr OpName name{"reciprocal", "ReciprocalBackward"};
  static constexpr bool converts_halves = true;
  static auto forward(const auto& x) { return 1 / x; }
  static auto backward(const auto& g, const auto& y) { return -g * (y * y); }
  using saved = Saved<Out>;
};

struct Sqrt : Unary<Result::floating> {
  static constexpr OpName name{"sqrt", "SqrtBackward"};
  static constexpr bool converts_halves = true;
  static auto forward(const auto& x) { return sqrt(x); }
  static auto backward(const auto& g, const auto& y) { return g / (2 * y); }
  using saved = Saved<Out>;
};

struct Rsqrt : Unary<Result::floating> {
  static constexpr OpName name{"rsqrt", "RsqrtBackward"};
  static constexpr bool converts_halves = true;
  static auto forward(const auto& x) { return 1 / sqrt(x); }
  static auto backward(const auto& g, const auto& y) { return g * (-0.5 * (y * y * y)); }
  using saved = Saved<Out>;
};

struct Exp : Unary<Result::floating> {
  static constexpr OpName name{"exp", "ExpBackward"};
  static auto forward(const auto& x) { return exp(x); }
  static auto backward(const auto& g, const auto& y) { return g * y; }
  using saved = Saved<Out>;
};

struct Expm1 : Unary<Result::floating> {
  static constexpr OpName name{"expm1", "Expm1Backward"};
  static auto forward(const auto& x) { return expm1(x); }
  static auto backward(const auto& g, const auto& y) { return g * (y + 1); }
  using saved = Saved<Out>;
};

struct Log : Unary<Result::floating> {
  static constexpr OpName name{"log", "LogBackward"};
  static auto forward(const auto& x) { return log(x); }
  static auto backward(const auto& g, const auto& x) { return g / x; }
  using saved = Saved<In<0>>;
};

struct Log1p : Unary<Result::floating> {
  static constexpr OpName name{"log1p", "Log1PBackward"};
  static auto forward(const auto& x) { return log1p(x); }
  static auto backward(const auto& g, const auto& x) { return g / (x + 1); }
  using saved = Saved<In<0>>;
};

struct Sin : Unary<Result::floating> {
  static constexpr OpName name{"sin", "SinBackward"};
  static auto forward(const auto& x) { return sin(x); }
  static auto backward(const auto& g, const auto& x) { return g * cos(x); }
  using saved = Saved<In<0>>;
};

struct Cos : Unary<Result::floating> {
  static constexpr OpName name{"cos", "CosBackward"};
  static auto forward(const auto& x) { return cos(x); }
  static auto backward(const auto& g, const auto& x) { return g * -sin(x); }
  using saved = Saved<In<0>>;
};

struct Tan : Unary<Result::floating> {
  static constexpr OpName name{"tan", "TanBackward"};
  static auto forward(const auto& x) { return tan(x); }
  static auto backward(const auto& g, const auto& y) { return g * (1 + y * y); }
  using saved = Saved<Out>;
};

struct Asin : Unary<Result::floating> {
  static constexpr OpName name{"asin", "AsinBackward"};
  static auto forward(const auto& x) { return asin(x); }
  static auto backward(const auto& g, const auto& x) { return g * rsqrt(1 - x * x); }
  using saved = Saved<In<0>>;
};

struct Acos : Unary<Result::floating> {
  static constexpr OpName name{"acos", "AcosBackward"};
  static auto forward(const auto& x) { return acos(x); }
  static auto backward(const auto& g, const auto& x) { return g * -rsqrt(1 - x * x); }
  using saved = Saved<In<0>>;
};

struct Atan : Unary<Result::floating> {
  static constexpr OpName name{"atan", "AtanBackward"};
  static auto forward(const auto& x) { return atan(x); }
  static auto backward(const auto& g, const auto& x) { return g / (x * x + 1); }
  using saved = Saved<In<0>>;
};

struct Sinh : Unary<Result::floating> {
  static constexpr OpName name{"sinh", "SinhBackward"};
  static auto forward(const auto& x) { return sinh(x); }
  static auto backward(const auto& g, const auto& x) { return g * cosh(x); }
  using saved = Saved<In<0>>;
};

struct Cosh : Unary<Result::floating> {
  static constexpr OpName name{"cosh", "CoshBackward"};
  static auto forward(const auto& x) { return cosh(x); }
  static auto backward(const auto& g, const auto& x) { return g * sinh(x); }
  using saved = Saved<In<0>>;
};

struct Tanh : Unary<Result::floating> {
  static constexpr OpName name{"tanh", "TanhBackward"};
  static auto forward(const auto& x) { return tanh(x); }
  static auto backward(const auto& g, const auto& y) { return g * (1 - y * y); }
  using saved = Saved<Out>;
};

struct Exp2 : Unary<Result::floating> {
  static constexpr OpName name{"exp2", "Exp2Backward"};
  static auto forward(const auto& x) { return exp2(x); }
  static auto backward(const auto& g, const auto& y) { return g * y * 0.69314718055994530942; }
  using saved = Saved<Out>;
};

struct Log2 : Unary<Result::floating> {
  static constexpr OpName name{"log2", "Log2Backward"};
  static auto forward(const auto& x) { return log2(x); }
  static auto backward(const auto& g, const auto& x) { return g / (x * 0.69314718055994530942); }
  using saved = Saved<In<0>>;
};

struct Log10 : Unary<Result::floating> {
  static constexpr OpName name{"log10", "Log10Backward"};
  static auto forward(const auto& x) { return log10(x); }
  static auto backward(const auto& g, const auto& x) { return g / (x * 2.30258509299404568402); }
  using saved = Saved<In<0>>;
};

struct Asinh : Unary<Result::floating> {
  static constexpr OpName name{"asinh", "AsinhBackward"};
  static auto forward(const auto& x) { return asinh(x); }
  static auto backward(const auto& g, const auto& x) { return g * rsqrt(x * x + 1); }
  using saved = Saved<In<0>>;
};

struct Acosh : Unary<Result::floating> {
  static constexpr OpName name{"acosh", "AcoshBackward"};
  static auto forward(const auto& x) { return acosh(x); }
  static auto backward(const auto& g, const auto& x) { return g * rsqrt(x * x - 1); }
  using saved = Saved<In<0>>;
};

struct Atanh : Unary<Result::floating> {
  static constexpr OpName name{"atanh", "AtanhBackward"};
  static auto forward(const auto& x) { return atanh(x); }
  static auto backward(const auto& g, const auto& x) { return g / (1 - x * x); }
  using saved = Saved<In<0>>;
};

struct Deg2rad : Unary<Result::floating> {
  static constexpr OpName name{"deg2rad", "Deg2RadBackward"};
  static auto forward(const auto& x) { return x * 0.017453292519943295769; }
  static auto backward(const auto& g) { return g * 0.017453292519943295769; }
  using saved = Saved<>;
};

struct Rad2deg : Unary<Result::floating> {
  static constexpr OpName name{"rad2deg", "Rad2DegBackward"};
  static auto forward(const auto& x) { return x * 57.295779513082320877; }
  static auto backward(const auto& g) { return g * 57.295779513082320877; }
  using saved = Saved<>;
};

struct Erf : Unary<Result::floating> {
  static constexpr OpName name{"erf", "ErfBackward"};
  static auto forward(const auto& x) { return erf(x); }
  static auto backward(const auto& g, const auto& x) { return g * (1.12837916709551257390 * exp(-(x * x))); }
  using saved = Saved<In<0>>;
};

struct Erfc : Unary<Result::floating> {
  static constexpr OpName name{"erfc", "ErfcBackward"};
  static auto forward(const auto& x) { return erfc(x); }
  static auto backward(const auto& g, const auto& x) { return g * (-1.12837916709551257390 * exp(-(x * x))); }
  using saved = Saved<In<0>>;
};

struct Erfinv : Unary<Result::floating> {
  static constexpr OpName name{"erfinv", "ErfinvBackward"};
  static auto forward(const auto& x) { return erfinv(x); }
  static auto backward(const auto& g, const auto& y) { return g * (0.88622692545275801365 * exp(y * y)); }
  using saved = Saved<Out>;
};

struct Lgamma : Unary<Result::floating> {
  static constexpr OpName name{"lgamma", "LgammaBackward"};
  static auto forward(const auto& x) { return lgamma(x); }
  static auto backward(const auto& g, const auto& x) { return g * digamma(x); }
  using saved = Saved<In<0>>;
};

struct Digamma : Unary<Result::floating> {
  static constexpr OpName name{"digamma", "DigammaBackward"};
  static auto forward(const auto& x) { return digamma(x); }
  static auto backward(const auto& g, const auto& x) { return g * polygamma(1, x); }
  using saved = Saved<In<0>>;
};

struct Sinc : Unary<Result::floating> {
  static constexpr OpName name{"sinc", "SincBackward"};
  static constexpr double pi = 3.14159265358979323846;
  static auto forward(const auto& x) {
    const auto t = x * pi;
    return where(x == 0, 1, sin(t) / where(x == 0, 1, t));
  }
  static auto backward(const auto& g, const auto& x) {
    // Near 0 the terms of (t cos(t) - sin(t)) / t^2 cancel: a series takes its place.
    const auto t = x * pi, square = t * t;
    const auto near = square < 0.0625;
    const auto s = where(near, square, 0), far = where(near, 1, t);
    const auto series =
        ((((s / 518918400 - 1. / 3991680) * s + 1. / 45360) * s - 1. / 840) * s + 1. / 30) * s - 1. / 3;
    return g * (where(near, t * series, (cos(far) - sin(far) / far) / far) * pi);
  }
  using saved = Saved<In<0>>;
};

struct I0 : Unary<Result::floating> {
  static constexpr OpName name{"i0", "I0Backward"};
  static auto forward(const auto& x) { return i0(x); }
  static auto backward(const auto& g, const auto& x) { return g * special_i1(x); }
  using saved = Saved<In<0>>;
};

struct Angle : Unary<Result::floating> {
  static constexpr OpName name{"angle", "AngleBackward"};
  static auto forward(const auto& x) { return where(x < 0, 3.14159265358979323846, where(x != x, x, 0)); }
  using saved = Vanishes;
};

struct Frac : Unary<> {
  static constexpr OpName name{"frac", "FracBackward"};
  static constexpr bool takes_integers = false;
  static auto forward(const auto& x) { return x - trunc(x); }
  using saved = Passed;
};

struct Floor : Unary<> {
  static constexpr OpName name{"floor", "FloorBackward"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return floor(x); }
  using saved = Vanishes;
};

struct Ceil : Unary<> {
  static constexpr OpName name{"ceil", "CeilBackward"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return ceil(x); }
  using saved = Vanishes;
};

struct Round : Unary<> {
  static constexpr OpName name{"round", "RoundBackward0"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return round(x); }
  using saved = Vanishes;
};

struct Trunc : Unary<> {
  static constexpr OpName name{"trunc", "TruncBackward"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return trunc(x); }
  using saved = Vanishes;
};

struct Sigmoid : Unary<Result::floating> {
  static constexpr OpName name{"sigmoid", "SigmoidBackward"};
  static auto forward(const auto& x) { return 1 / (1 + exp(-x)); }
  static auto backward(const auto& g, const auto& y) { return g * (1 - y) * y; }
  using saved = Saved<Out>;
};

struct Relu : Unary<> {
  static constexpr OpName name{"relu", "ReluBackward"};
  static constexpr bool kinked = true;
  static constexpr bool converts_halves = true, wide_integers = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return maximum(x, 0); }
  static auto backward(const auto& g, const auto& y) { return where(y <= 0, 0, g); }  // a NaN lets it pass
  using saved = Saved<Out>;
};

// Without a derivative at what it replaces.
struct NanToNum : Unary<> {
  static constexpr OpName name{"nan_to_num", "NanToNumBackward"};
  static constexpr bool takes_integers = false;
  double nan, above, below;
  auto forward(const auto& x) const {
    return where(x != x, nan, where(x == HUGE_VAL, above, where(x == -HUGE_VAL, below, x)));
  }
  auto backward(const auto& g, const auto& x) const { return where(abs(x) < HUGE_VAL, g, 0); }
  using saved = Saved<In<0>>;
};

struct Logit : Unary<Result::floating> {
  static constexpr OpName name{"logit", "LogitBackward"};
  double eps;  // less than 0: none
  auto forward(const auto& x) const {
    const auto z = eps < 0 ? x : minimum(maximum(x, eps), 1 - eps);
    return log(z / (1 - z));
  }
  auto backward(const auto& g, const auto& x) const {
    const double low = eps < 0 ? 0 : eps, outside = eps < 0 ? NAN : 0;
    const auto slope = x * (1 - x);
    return where((x < low) | (x > 1 - low), outside, g / where(slope == 0, 0, slope));
  }
  using saved = Saved<In<0>>;
};

#define XGRAD_PREDICATE(Name, function, expression)           \
  struct Name : Unary<Result::boolean> {                      \
    static constexpr OpName name{#function, ""};              \
    static auto forward(const auto& x) { return expression; } \
  };
XGRAD_PREDICATE(IsNan, isnan, isnan(x))
XGRAD_PREDICATE(IsInf, isinf, isinf(x))
XGRAD_PREDICATE(IsFinite, isfinite, isfinite(x))
XGRAD_PREDICATE(IsPosInf, isposinf, isinf(x) & (x > 0))
XGRAD_PREDICATE(IsNegInf, isneginf, isinf(x) & (x < 0))
XGRAD_PREDICATE(Signbit, signbit, copysign(std::decay_t<decltype(x)>(1), x) < 0)
#undef XGRAD_PREDICATE

using Math = OpList<
#define XGRAD_UNARY(function, Formula) Formula,
#include <xgrad/core/ops/pointwise/math.inc>
#include <xgrad/core/ops/pointwise/rare.inc>
#undef XGRAD_UNARY
    Angle, NanToNum, Logit, IsNan, IsInf, IsFinite, IsPosInf, IsNegInf, Signbit>;
XGRAD_FORMULAS(Math)

}  // namespace xgrad
