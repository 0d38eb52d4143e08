// Adafactor: its step as an expression of tensors, for the means couple the elements.
#include <xgrad/optim/adafactor.h>

#include <algorithm>
#include <cmath>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/optim/checks.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

namespace {

// The distance from 1 to the next number.
double resolution(ScalarType dtype) {
  switch (dtype) {
    case kDouble:
      return 0x1p-52;
    case kHalf:
      return 0x1p-10;
    case kBFloat16:
      return 0x1p-7;
    default:
      return 0x1p-23;
  }
}

double rms(const Tensor& t) { return t.norm(2).item<double>() / std::sqrt(static_cast<double>(t.numel())); }

// The sizes of a mean over one of the last two dimensions.
DimVector mean_sizes(const Tensor& t, int64_t dim) {
  DimVector sizes = t.sizes();
  sizes[static_cast<std::size_t>(t.dim() + dim)] = 1;
  return sizes;
}

// The mean of g^2 over a dimension, averaged over the steps.
const Tensor& averaged(Update& u, Tensor& state, const Tensor& squares, int64_t dim, double weight) {
  const Tensor before = state.defined() ? state : zeros(mean_sizes(squares, dim), squares.options());
  XGRAD_CHECK_AS(ValueError, before.sizes() == IntArrayRef(mean_sizes(squares, dim)),
                 "Adafactor: the state of a parameter belongs to another shape: the parameter is ",
                 squares.sizes(), ", its state ", before.sizes(), "; erase it from state() to start anew");
  return u.replace(&state, before.to(squares.dtype()).lerp(squares.mean(dim, true), weight));
}

}  // namespace

void AdafactorOptions::check() const {
  check_not_negative("Adafactor", "learning rate", lr());
  XGRAD_CHECK_AS(ValueError, beta2_decay() <= 0,
                 "Adafactor: beta2_decay should be <= 0 but is: ", beta2_decay());
  const auto [eps1, eps2] = eps();
  check_not_negative("Adafactor", "epsilon1", eps1.value_or(0));
  check_not_negative("Adafactor", "epsilon2", eps2);
  XGRAD_CHECK_AS(ValueError, d() >= 1, "Adafactor: Clipping threshold d should be >= 1 but is: ", d());
  check_not_negative("Adafactor", "weight_decay value", weight_decay());
}

void Adafactor::update(Update& u) const {
  const auto& o = u.options<AdafactorOptions>();
  auto& state = u.state<AdafactorParamState>();
  const auto t = static_cast<double>(u.count(state.step()));
  const Tensor &p = u.parameter(), &g = u.gradient(), squares = g * g;
  const double eps1 = std::get<0>(o.eps()).value_or(resolution(p.dtype())), eps2 = std::get<1>(o.eps());
  const double weight = std::pow(t, o.beta2_decay());
  Tensor variance;
  if (p.dim() > 1) {
    const Tensor& rows = averaged(u, state.row_var(), squares, -1, weight);
    const Tensor& columns = averaged(u, state.col_var(), squares, -2, weight);
    variance = rows.matmul(columns) / rows.mean(-2, true).clamp_min(eps1);
  } else {
    variance = u.replace(&state.variance(), u.buffer(state.variance()).lerp(squares, weight));
  }
  Tensor direction = variance.clamp_min(eps1 * eps1).rsqrt() * g;
  const double size = std::max(eps2, rms(p)) * std::min(o.lr(), 1 / std::sqrt(t));
  const double clipped = size / std::max(1.0, rms(direction) / o.d());
  u.move(1 - o.lr() * o.weight_decay(), o.maximize() ? -clipped : clipped, std::move(direction));
}

bool Adafactor::fits(const std::string& name, IntArrayRef sizes, const Tensor& parameter) const {
  if (name == "variance") return PerParameterOptimizerOf::fits(name, sizes, parameter);
  return parameter.dim() > 1 && sizes == IntArrayRef(mean_sizes(parameter, name == "row_var" ? -1 : -2));
}

XGRAD_DEFINE_OPTIMIZER(Adafactor);

}  // namespace xgrad::optim
