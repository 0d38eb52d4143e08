// Activations of networks: one stanza each. How a stanza is read is in formula.h; kinks follow PyTorch.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

struct Silu : Unary<> {
  static constexpr OpName name{"silu", "SiluBackward"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_integers = false;
  static auto forward(const auto& x) { return x / (1 + exp(-x)); }
  static auto backward(const auto& g, const auto& x) {
    const auto s = detail::over_one_plus_exp(1, -x);
    return g * s * (1 + x * (1 - s));
  }
  using saved = Saved<In<0>>;
};

struct Mish : Unary<> {
  static constexpr OpName name{"mish", "MishBackward"};
  static constexpr bool takes_integers = false;
  static auto tanh_softplus(const auto& x) { return tanh(where(x > 0, x, 0) + log1p(exp(-abs(x)))); }
  static auto forward(const auto& x) { return x * tanh_softplus(x); }
  static auto backward(const auto& g, const auto& x) {
    const auto t = tanh_softplus(x);
    return g * (t + detail::over_one_plus_exp(x * (1 - t * t), -x));
  }
  using saved = Saved<In<0>>;
};

struct Hardswish : Unary<> {
  static constexpr OpName name{"hardswish", "HardswishBackward"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_integers = false;
  static auto forward(const auto& x) { return x * minimum(maximum(x + 3, 0), 6) / 6; }
  static auto backward(const auto& g, const auto& x) {
    return where(x <= -3, 0, where(x < 3, g * (x / 3 + 0.5), g));
  }
  using saved = Saved<In<0>>;
};

struct Hardsigmoid : Unary<> {
  static constexpr OpName name{"hardsigmoid", "HardsigmoidBackward"};
  static constexpr bool kinked = true;
  static constexpr bool converts_halves = true;
  static constexpr bool takes_integers = false;
  static auto forward(const auto& x) { return minimum(maximum(x + 3, 0), 6) / 6; }
  // PyTorch takes a sixth in float.
  static auto backward(const auto& g, const auto& x) {
    return where((x > -3) & (x < 3), g * double{1 / 6.f}, 0);
  }
  using saved = Saved<In<0>>;
};

struct LogSigmoid : Unary<> {
  static constexpr OpName name{"log_sigmoid", "LogSigmoidBackward"};
  static constexpr bool takes_integers = false;
  static auto forward(const auto& x) { return minimum(x, 0) - log1p(exp(-abs(x))); }
  static auto backward(const auto& g, const auto& x) { return detail::over_one_plus_exp(g, x); }
  using saved = Saved<In<0>>;
};

struct Elu : Unary<> {
  static constexpr OpName name{"elu", "EluBackward"};
  static constexpr bool takes_integers = false;
  double below, scale, input_scale;
  double gradient_scale;  // input_scale again, which PyTorch takes in float in the derivative of celu
  void attributes(auto& put) const {
    put("below", below);
    put("scale", scale);
    put("input_scale", input_scale);
  }
  auto forward(const auto& x) const { return where(x < 0, below * expm1(input_scale * x), scale * x); }
  auto backward(const auto& g, const auto& x) const {
    // Finite where it is not chosen: the derivative of an infinite power is NaN, times 0 too.
    const auto power = exp(gradient_scale * where(x > 0, 0, x));
    return where(x > 0, g * scale, g * (below * gradient_scale * power));
  }
  using saved = Saved<In<0>>;
};

struct LeakyRelu : Unary<> {
  static constexpr OpName name{"leaky_relu", "LeakyReluBackward"};
  static constexpr bool kinked = true;
  static constexpr bool converts_halves = true;
  static constexpr bool takes_integers = false;
  double slope;
  void attributes(auto& put) const { put("slope", slope); }
  auto forward(const auto& x) const { return where(x > 0, x, slope * x); }
  auto backward(const auto& g, const auto& x) const { return where(x > 0, g, slope * g); }
  using saved = Saved<In<0>>;
};

struct Hardtanh : Unary<> {
  static constexpr OpName name{"hardtanh", "HardtanhBackward"};
  static constexpr bool kinked = true;
  static constexpr bool converts_halves = true;
  static constexpr bool takes_bool = false;
  double low, high;
  void attributes(auto& put) const {
    put("low", low);
    put("high", high);
  }
  auto forward(const auto& x) const { return minimum(maximum(x, low), high); }
  auto backward(const auto& g, const auto& x) const { return where((x <= low) | (x >= high), 0, g); }
  using saved = Saved<In<0>>;
};

struct Hardshrink : Unary<> {
  static constexpr OpName name{"hardshrink", "HardshrinkBackward"};
  static constexpr bool kinked = true;
  static constexpr bool converts_halves = true;
  static constexpr bool takes_integers = false;
  double lambd;
  void attributes(auto& put) const { put("lambd", lambd); }
  auto forward(const auto& x) const { return where((x >= -lambd) & (x <= lambd), 0, x); }
  auto backward(const auto& g, const auto& x) const { return where((x >= -lambd) & (x <= lambd), 0, g); }
  using saved = Saved<In<0>>;
};

struct Softshrink : Unary<> {
  static constexpr OpName name{"softshrink", "SoftshrinkBackward"};
  static constexpr bool kinked = true;
  static constexpr bool converts_halves = true;
  static constexpr bool takes_integers = false;
  double lambd;
  void attributes(auto& put) const { put("lambd", lambd); }
  auto forward(const auto& x) const {
    return where(x > lambd, x - lambd, where(x < -lambd, x + lambd, x * 0));  // a NaN stays
  }
  auto backward(const auto& g, const auto& x) const { return where((x >= -lambd) & (x <= lambd), 0, g); }
  using saved = Saved<In<0>>;
};

struct Softplus : Unary<> {
  static constexpr OpName name{"softplus", "SoftplusBackward"};
  static constexpr bool takes_integers = false;
  double beta, threshold;
  void attributes(auto& put) const {
    put("beta", beta);
    put("threshold", threshold);
  }
  auto forward(const auto& x) const {
    return where(x * beta > threshold, x, log1p(exp(minimum(x * beta, threshold))) / beta);
  }
  auto backward(const auto& g, const auto& x) const {
    return where(x * beta > threshold, g, detail::over_one_plus_exp(g, -beta * x));
  }
  using saved = Saved<In<0>>;
};

struct Threshold : Unary<> {
  static constexpr OpName name{"threshold", "ThresholdBackward"};
  static constexpr bool kinked = true;
  static constexpr bool converts_halves = true;
  static constexpr bool takes_bool = false;
  double threshold, value;
  void attributes(auto& put) const {
    put("threshold", threshold);
    put("value", value);
  }
  auto forward(const auto& x) const { return where(x <= threshold, value, x); }
  auto backward(const auto& g, const auto& x) const { return where(x <= threshold, 0, g); }
  using saved = Saved<In<0>>;
};

// The same over tensors and as text; simd/vec_special.h has it over numbers.
template <class X>
auto gelu_value(const X& x) {
  return x * (0.5 * (1 + erf(x * 0.70710678118654752440)));
}
template <class X>
auto gelu_slope(const X& x) {
  return 0.5 * (1 + erf(x * 0.70710678118654752440)) + x * (0.39894228040143267794 * exp(-0.5 * (x * x)));
}

struct Gelu : Unary<> {
  static constexpr OpName name{"gelu", "GeluBackward"};
  static constexpr bool converts_halves = true;
  static constexpr bool takes_integers = false;
  static auto forward(const auto& x) { return gelu_value(x); }
  static auto backward(const auto& g, const auto& x) { return g * gelu_slope(x); }
  using saved = Saved<In<0>>;
};

// The approximation by tanh.
struct GeluTanh : Unary<> {
  static constexpr OpName name{"gelu", "GeluBackward"};
  static constexpr bool takes_integers = false;
  static constexpr double root = 0.79788456080286535588, cubic = 0.044715;
  static void attributes(auto& put) { put("tanh", true); }
  static auto inner(const auto& x) { return tanh(root * (x + cubic * (x * x * x))); }
  static auto forward(const auto& x) { return 0.5 * x * (1 + inner(x)); }
  static auto backward(const auto& g, const auto& x) {
    const auto t = inner(x);
    return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * (root * (1 + 3 * cubic * (x * x))));
  }
  using saved = Saved<In<0>>;
};

struct Prelu : Binary<> {
  static constexpr OpName name{"prelu", "PreluBackward"};
  static constexpr bool kinked = true;
  static constexpr bool takes_integers = false;
  static auto forward(const auto& x, const auto& w) { return where(x > 0, x, w * x); }
  static auto backward_0(const auto& g, const auto& x, const auto& w) { return where(x > 0, g, w * g); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x) { return where(x > 0, 0, x * g); }
  using saved_1 = Saved<In<0>>;
};

using Activations = OpList<Silu, Mish, Hardswish, Hardsigmoid, LogSigmoid, Elu, LeakyRelu, Hardtanh,
                           Hardshrink, Softshrink, Softplus, Threshold, Gelu, GeluTanh, Prelu>;
XGRAD_FORMULAS(Activations)

}  // namespace xgrad
