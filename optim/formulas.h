// The rules of the optimizers: from a parameter, its gradient and its state to the next parameter and state,
// element by element.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

namespace optim {

/// Where the gradient leads, with what weight decay adds to it.
struct Descent {
  double weight_decay;
  bool maximize;
  auto operator()(const auto& p, const auto& g) const {
    const auto d = maximize ? -g : g;
    return weight_decay != 0 ? d + weight_decay * p : d;
  }
};

struct SgdRule : Pointwise<2, Result::floating> {
  static constexpr OpName name{"sgd", ""};
  Descent descent;
  double lr;
  auto forward(const auto& p, const auto& g) const { return p - lr * descent(p, g); }
};

/// The buffer b of a parameter's first step is the direction itself.
struct SgdMomentumRule : Pointwise<3, Result::floating> {
  static constexpr OpName name{"sgd", ""};
  using outputs = Slots<Same, Same>;
  Descent descent;
  double lr, momentum, dampening;
  bool nesterov, first;
  auto forward(const auto& p, const auto& g, const auto& b) const {
    const auto d = descent(p, g);
    const auto next = first ? d : momentum * b + (1 - dampening) * d;
    return pack(p - lr * (nesterov ? d + momentum * next : next), next);
  }
};

/// In the order of Python's operations. m and v are the averages of the gradient and of its square; `shrink`
/// is what the weight decay of AdamW leaves of a parameter.
struct AdamRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"adam", ""};
  using outputs = Slots<Same, Same, Same>;
  Descent descent;
  double beta1, beta2, eps, shrink, step_size, correction;
  auto mean(const auto& g, const auto& m) const {
    const double weight = 1 - beta1;
    return weight < 0.5 ? m + weight * (g - m) : g - (g - m) * (1 - weight);
  }
  auto square_mean(const auto& g, const auto& v) const { return beta2 * v + (1 - beta2) * g * g; }
  auto changed(const auto& p, const auto& m, const auto& v) const {
    return shrink * p - step_size * m / (sqrt(v) / correction + eps);
  }
  auto forward(const auto& p, const auto& g, const auto& m, const auto& v) const {
    const auto d = descent(p, g), m1 = mean(d, m), v1 = square_mean(d, v);
    return pack(changed(p, m1, v1), m1, v1);
  }
};

/// AMSGrad: divides by the largest v so far.
struct AmsgradRule : Pointwise<5, Result::floating> {
  static constexpr OpName name{"adam", ""};
  using outputs = Slots<Same, Same, Same, Same>;
  AdamRule adam;
  auto forward(const auto& p, const auto& g, const auto& m, const auto& v, const auto& most) const {
    const auto d = adam.descent(p, g), m1 = adam.mean(d, m), v1 = adam.square_mean(d, v);
    const auto most1 = maximum(most, v1);
    return pack(adam.changed(p, m1, most1), m1, v1, most1);
  }
};

}  // namespace optim

using Optimizers = OpList<optim::SgdRule, optim::SgdMomentumRule, optim::AdamRule, optim::AmsgradRule>;
XGRAD_FORMULAS(Optimizers)

}  // namespace xgrad
