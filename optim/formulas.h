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

/// Along what was computed before.
struct MoveRule : Pointwise<2, Result::floating> {
  static constexpr OpName name{"move", ""};
  double shrink, size;
  auto forward(const auto& p, const auto& along) const { return shrink * p - size * along; }
};

/// The averages of the gradient and of its square, in the order of Python's operations.
struct Moments {
  double beta1, beta2;
  auto mean(const auto& g, const auto& m) const {
    const double weight = 1 - beta1;
    return weight < 0.5 ? m + weight * (g - m) : g - (g - m) * (1 - weight);
  }
  auto square_mean(const auto& g, const auto& v) const { return beta2 * v + (1 - beta2) * g * g; }
};

/// m and v are the averages of the gradient and of its square; `shrink` is what the weight decay of AdamW
/// leaves of a parameter.
struct AdamRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"adam", ""};
  using outputs = Slots<Same, Same, Same>;
  Descent descent;
  Moments moments;
  double eps, shrink, step_size, correction;
  auto changed(const auto& p, const auto& m, const auto& v) const {
    return shrink * p - step_size * m / (sqrt(v) / correction + eps);
  }
  auto forward(const auto& p, const auto& g, const auto& m, const auto& v) const {
    const auto d = descent(p, g), m1 = moments.mean(d, m), v1 = moments.square_mean(d, v);
    return pack(changed(p, m1, v1), m1, v1);
  }
};

/// AMSGrad: divides by the largest v so far.
struct AmsgradRule : Pointwise<5, Result::floating> {
  static constexpr OpName name{"adam", ""};
  using outputs = Slots<Same, Same, Same, Same>;
  AdamRule adam;
  auto forward(const auto& p, const auto& g, const auto& m, const auto& v, const auto& most) const {
    const auto d = adam.descent(p, g), m1 = adam.moments.mean(d, m), v1 = adam.moments.square_mean(d, v);
    const auto most1 = maximum(most, v1);
    return pack(adam.changed(p, m1, most1), m1, v1, most1);
  }
};

/// u is the largest gradient so far, which decays.
struct AdamaxRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"adamax", ""};
  using outputs = Slots<Same, Same, Same>;
  Descent descent;
  Moments moments;
  double eps, step_size;
  auto forward(const auto& p, const auto& g, const auto& m, const auto& u) const {
    const auto d = descent(p, g), m1 = moments.mean(d, m), u1 = maximum(moments.beta2 * u, abs(d) + eps);
    return pack(p - step_size * m1 / u1, m1, u1);
  }
};

/// Steps along the gradient and along its average, each with a size of its own.
struct NadamRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"nadam", ""};
  using outputs = Slots<Same, Same, Same>;
  Descent descent;
  Moments moments;
  double eps, shrink, correction, gradient_step, mean_step;
  auto forward(const auto& p, const auto& g, const auto& m, const auto& v) const {
    const auto d = descent(p, g), m1 = moments.mean(d, m), v1 = moments.square_mean(d, v);
    const auto size = sqrt(v1 / correction) + eps;
    return pack(shrink * p - gradient_step * d / size - mean_step * m1 / size, m1, v1);
  }
};

/// Without `rectified` the variance is not known well enough yet, and the step is that of momentum alone.
struct RadamRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"radam", ""};
  using outputs = Slots<Same, Same, Same>;
  Descent descent;
  Moments moments;
  double eps, shrink, step_size;
  bool rectified;
  auto forward(const auto& p, const auto& g, const auto& m, const auto& v) const {
    const auto d = descent(p, g), m1 = moments.mean(d, m), v1 = moments.square_mean(d, v);
    return pack(shrink * p - (rectified ? step_size * m1 / (sqrt(v1) + eps) : step_size * m1), m1, v1);
  }
};

struct AdagradRule : Pointwise<3, Result::floating> {
  static constexpr OpName name{"adagrad", ""};
  using outputs = Slots<Same, Same>;
  Descent descent;
  double step_size, eps;
  auto forward(const auto& p, const auto& g, const auto& sum) const {
    const auto d = descent(p, g), sum1 = sum + d * d;
    return pack(p - step_size * d / (sqrt(sum1) + eps), sum1);
  }
};

/// v and a are the averages of the squares of gradient and change.
struct AdadeltaRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"adadelta", ""};
  using outputs = Slots<Same, Same, Same>;
  Descent descent;
  double lr, rho, eps;
  auto forward(const auto& p, const auto& g, const auto& v, const auto& a) const {
    const auto d = descent(p, g), v1 = rho * v + (1 - rho) * d * d;
    const auto change = sqrt(a + eps) / sqrt(v1 + eps) * d;
    return pack(p - lr * change, v1, rho * a + (1 - rho) * change * change);
  }
};

/// v is the average of the square, `mean` that of the gradient, b the momentum.
struct RmspropBase {
  Descent descent;
  double lr, alpha, eps, momentum;
  auto square_mean(const auto& d, const auto& v) const { return alpha * v + (1 - alpha) * d * d; }
  auto mean_of(const auto& d, const auto& mean) const { return Moments{alpha, 0}.mean(d, mean); }
  auto deviation(const auto& v, const auto& mean) const { return sqrt(v - mean * mean) + eps; }
  auto moved(const auto& p, const auto& d, const auto& size) const { return p - lr * d / size; }
  auto momentum_of(const auto& b, const auto& d, const auto& size) const { return momentum * b + d / size; }
};

struct RmspropRule : Pointwise<3, Result::floating> {
  static constexpr OpName name{"rmsprop", ""};
  using outputs = Slots<Same, Same>;
  RmspropBase base;
  auto forward(const auto& p, const auto& g, const auto& v) const {
    const auto d = base.descent(p, g), v1 = base.square_mean(d, v);
    return pack(base.moved(p, d, sqrt(v1) + base.eps), v1);
  }
};

struct RmspropMomentumRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"rmsprop", ""};
  using outputs = Slots<Same, Same, Same>;
  RmspropBase base;
  auto forward(const auto& p, const auto& g, const auto& v, const auto& b) const {
    const auto d = base.descent(p, g), v1 = base.square_mean(d, v);
    const auto b1 = base.momentum_of(b, d, sqrt(v1) + base.eps);
    return pack(p - base.lr * b1, v1, b1);
  }
};

struct RmspropCenteredRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"rmsprop", ""};
  using outputs = Slots<Same, Same, Same>;
  RmspropBase base;
  auto forward(const auto& p, const auto& g, const auto& v, const auto& mean) const {
    const auto d = base.descent(p, g), v1 = base.square_mean(d, v), mean1 = base.mean_of(d, mean);
    return pack(base.moved(p, d, base.deviation(v1, mean1)), v1, mean1);
  }
};

struct RmspropCenteredMomentumRule : Pointwise<5, Result::floating> {
  static constexpr OpName name{"rmsprop", ""};
  using outputs = Slots<Same, Same, Same, Same>;
  RmspropBase base;
  auto forward(const auto& p, const auto& g, const auto& v, const auto& mean, const auto& b) const {
    const auto d = base.descent(p, g), v1 = base.square_mean(d, v), mean1 = base.mean_of(d, mean);
    const auto b1 = base.momentum_of(b, d, base.deviation(v1, mean1));
    return pack(p - base.lr * b1, v1, mean1, b1);
  }
};

/// Where the gradient turned, the element waits one step.
struct RpropRule : Pointwise<4, Result::floating> {
  static constexpr OpName name{"rprop", ""};
  using outputs = Slots<Same, Same, Same>;
  bool maximize;
  double shrink, grow, least, most;
  auto forward(const auto& p, const auto& g, const auto& before, const auto& size) const {
    const auto d = maximize ? -g : g, turn = d * before;
    const auto factor = where(turn > 0, grow, where(turn < 0, shrink, 1));
    const auto size1 = minimum(maximum(size * factor, least), most);
    const auto d1 = where(turn < 0, 0, d);
    return pack(p - sign(d1) * size1, d1, size1);
  }
};

/// `average` is the parameter itself until averaging begins, when `weight` falls below 1.
struct AsgdRule : Pointwise<3, Result::floating> {
  static constexpr OpName name{"asgd", ""};
  using outputs = Slots<Same, Same>;
  Descent descent;
  double shrink, step_size, weight;
  auto forward(const auto& p, const auto& g, const auto& average) const {
    const auto p1 = shrink * p - step_size * descent(p, g);
    return pack(p1, weight == 1 ? p1 : average + (p1 - average) * weight);
  }
};

}  // namespace optim

using Optimizers =
    OpList<optim::MoveRule, optim::SgdRule, optim::SgdMomentumRule, optim::AdamRule, optim::AmsgradRule,
           optim::AdamaxRule, optim::NadamRule, optim::RadamRule, optim::AdagradRule, optim::AdadeltaRule,
           optim::RmspropRule, optim::RmspropMomentumRule, optim::RmspropCenteredRule,
           optim::RmspropCenteredMomentumRule, optim::RpropRule, optim::AsgdRule>;
XGRAD_FORMULAS(Optimizers)

}  // namespace xgrad
