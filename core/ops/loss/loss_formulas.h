// The elements of losses between an input and a target of equal shape: one stanza each.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

struct MseElement : Binary<Result::floating> {
  static constexpr OpName name{"mse_loss", "MseLossBackward"};
  static auto forward(const auto& x, const auto& t) {
    const auto d = x - t;
    return d * d;
  }
  static auto backward_0(const auto& g, const auto& x, const auto& t) { return g * (2 * (x - t)); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x, const auto& t) { return g * (2 * (t - x)); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct L1Element : Binary<Result::floating> {
  static constexpr OpName name{"l1_loss", "L1LossBackward"};
  static auto forward(const auto& x, const auto& t) { return abs(x - t); }
  static auto backward_0(const auto& g, const auto& x, const auto& t) { return g * sign(x - t); }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x, const auto& t) { return g * sign(t - x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct SmoothL1Element : Binary<Result::floating> {
  static constexpr OpName name{"smooth_l1_loss", "SmoothL1LossBackward"};
  double beta;
  auto forward(const auto& x, const auto& t) const {
    const auto d = abs(x - t);
    return where(d < beta, d * d * (0.5 / beta), d - 0.5 * beta);
  }
  auto slope(const auto& d) const { return where(abs(d) >= beta, sign(d), d * (1 / beta)); }
  auto backward_0(const auto& g, const auto& x, const auto& t) const { return g * slope(x - t); }
  using saved_0 = Saved<In<0>, In<1>>;
  auto backward_1(const auto& g, const auto& x, const auto& t) const { return g * slope(t - x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct HuberElement : Binary<Result::floating> {
  static constexpr OpName name{"huber_loss", "HuberLossBackward"};
  double delta;
  auto forward(const auto& x, const auto& t) const {
    const auto d = abs(x - t);
    return where(d < delta, 0.5 * d * d, delta * (d - 0.5 * delta));
  }
  auto slope(const auto& d) const { return where(abs(d) <= delta, d, sign(d) * delta); }
  auto backward_0(const auto& g, const auto& x, const auto& t) const { return g * slope(x - t); }
  using saved_0 = Saved<In<0>, In<1>>;
  auto backward_1(const auto& g, const auto& x, const auto& t) const { return g * slope(t - x); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct BceElement : Binary<Result::floating> {
  static constexpr OpName name{"binary_cross_entropy", "BinaryCrossEntropyBackward"};
  static auto forward(const auto& x, const auto& t) {
    return (t - 1) * maximum(log1p(-x), -100) - t * maximum(log(x), -100);
  }
  // Held above 0 where x is 0 or 1, so that the gradient stays finite.
  static auto backward_0(const auto& g, const auto& x, const auto& t) {
    const auto spread = (1 - x) * x;
    return g * ((x - t) / where(spread < 1e-12, 1e-12, spread));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x) { return g * (log1p(-x) - log(x)); }
  using saved_1 = Saved<In<0>>;
};

struct BceLogitsElement : Binary<Result::floating> {
  static constexpr OpName name{"binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward"};
  // No term exceeds the sum, so that no digits are lost however far out x is.
  static auto forward(const auto& x, const auto& t) {
    return where(x > 0, 1 - t, -t) * x + log1p(exp(-abs(x)));
  }
  static auto backward_0(const auto& g, const auto& x, const auto& t) {
    return g * (detail::over_one_plus_exp(1, -x) - t);
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& x) { return g * -x; }
  using saved_1 = Saved<In<0>>;
};

struct BceLogitsPosElement : Ternary<Result::floating> {
  static constexpr OpName name{"binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward"};
  // log(1 + e^-x) without overflow.
  static auto softplus_of_negative(const auto& x) { return where(x < 0, -x, 0) + log1p(exp(-abs(x))); }
  static auto forward(const auto& x, const auto& t, const auto& p) {
    return where(x > 0, 1 - t, -p * t) * x + (1 + (p - 1) * t) * log1p(exp(-abs(x)));
  }
  static auto backward_0(const auto& g, const auto& x, const auto& t, const auto& p) {
    return g * (detail::over_one_plus_exp(1 - t, -x) - detail::over_one_plus_exp(p * t, x));
  }
  using saved_0 = Saved<In<0>, In<1>, In<2>>;
  static auto backward_1(const auto& g, const auto& x, const auto& p) {
    return g * ((p - 1) * softplus_of_negative(x) - x);
  }
  using saved_1 = Saved<In<0>, In<2>>;
  static auto backward_2(const auto& g, const auto& x, const auto& t) {
    return g * (t * softplus_of_negative(x));
  }
  using saved_2 = Saved<In<0>, In<1>>;
};

using Losses = OpList<MseElement, L1Element, SmoothL1Element, HuberElement, BceElement, BceLogitsElement,
                      BceLogitsPosElement>;
XGRAD_FORMULAS(Losses)

}  // namespace xgrad
