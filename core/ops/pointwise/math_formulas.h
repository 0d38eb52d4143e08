// Elementary functions: one stanza each. How a stanza is read is in formula.h; kinks follow PyTorch.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

struct Abs : Unary<> {
  static constexpr OpName name{"abs", "AbsBackward"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return abs(x); }
  static auto backward(const auto& g, const auto& x) { return g * sign(x); }
  using saved = Saved<In<0>>;
};

struct Neg : Unary<> {
  static constexpr OpName name{"neg", "NegBackward"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return -x; }
  static auto backward(const auto& g) { return -g; }
  using saved = Saved<>;
};

struct Sign : Unary<> {
  static constexpr OpName name{"sign", "SignBackward"};
  static auto forward(const auto& x) { return sign(x); }
  using saved = Vanishes;
};

struct Reciprocal : Unary<Result::floating> {
  static constexpr OpName name{"reciprocal", "ReciprocalBackward"};
  static auto forward(const auto& x) { return 1 / x; }
  static auto backward(const auto& g, const auto& y) { return -g * (y * y); }
  using saved = Saved<Out>;
};

struct Sqrt : Unary<Result::floating> {
  static constexpr OpName name{"sqrt", "SqrtBackward"};
  static auto forward(const auto& x) { return sqrt(x); }
  static auto backward(const auto& g, const auto& y) { return g / (2 * y); }
  using saved = Saved<Out>;
};

struct Rsqrt : Unary<Result::floating> {
  static constexpr OpName name{"rsqrt", "RsqrtBackward"};
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

struct Floor : Unary<> {
  static constexpr OpName name{"floor", "FloorBackward"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return floor(x); }
  using saved = Vanishes;
};

struct Ceil : Unary<> {
  static constexpr OpName name{"ceil", "CeilBackward"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return ceil(x); }
  using saved = Vanishes;
};

struct Round : Unary<> {
  static constexpr OpName name{"round", "RoundBackward0"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return round(x); }
  using saved = Vanishes;
};

struct Trunc : Unary<> {
  static constexpr OpName name{"trunc", "TruncBackward"};
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
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x) { return maximum(x, 0); }
  static auto backward(const auto& g, const auto& y) { return where(y <= 0, 0, g); }  // a NaN lets it pass
  using saved = Saved<Out>;
};

struct IsNan : Unary<Result::boolean> {
  static constexpr OpName name{"isnan", ""};
  static auto forward(const auto& x) { return isnan(x); }
};

using Math = OpList<
#define XGRAD_UNARY(function, Formula) Formula,
#include <xgrad/core/ops/pointwise/math.inc>
#undef XGRAD_UNARY
    IsNan>;
XGRAD_FORMULAS(Math)

}  // namespace xgrad
