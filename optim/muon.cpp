// Muon: its step as an expression of tensors.
#include <xgrad/optim/muon.h>

#include <algorithm>
#include <cmath>

#include <xgrad/optim/checks.h>
#include <xgrad/optim/update.h>

namespace xgrad::optim {

namespace {

void check_matrix(const Tensor& parameter) {
  XGRAD_CHECK_AS(ValueError, parameter.dim() == 2, "Muon: only supports 2D parameters: got one of shape ",
                 parameter.sizes(),
                 "; give biases, embeddings and the like to another optimizer, such as AdamW");
}

// u v^T of a matrix u s v^T, roughly: each step applies a polynomial to the singular values that drives them
// to 1.
Tensor orthogonalized(const Tensor& matrix, const MuonOptions& o) {
  const auto [a, b, c] = o.ns_coefficients();
  const bool tall = matrix.size(0) > matrix.size(1);
  Tensor x = matrix.to(kBFloat16);
  if (tall) x = x.t();
  x = x / x.norm().clamp_min(o.eps());
  for (int64_t step = 0; step < o.ns_steps(); ++step) {
    const Tensor gram = x.mm(x.t());
    x = x.addmm(gram.addmm(gram, gram, b, c), x, a);
  }
  return tall ? x.t() : x;
}

double adjusted(const MuonOptions& o, const Tensor& p) {
  const auto rows = static_cast<double>(p.size(0)), columns = static_cast<double>(p.size(1));
  const std::string how = o.adjust_lr_fn().value_or("original");
  if (how == "match_rms_adamw") return o.lr() * 0.2 * std::sqrt(std::max(rows, columns));
  const double ratio = rows / columns;
  return o.lr() * std::sqrt(how == "original" ? std::max(1.0, ratio) : ratio);
}

}  // namespace

void MuonOptions::check() const {
  check_not_negative("Muon", "learning rate", lr());
  check_not_negative("Muon", "momentum value", momentum());
  check_not_negative("Muon", "weight_decay value", weight_decay());
  XGRAD_CHECK_AS(ValueError, ns_steps() < 100,
                 "Muon: the number of steps must be less than 100: ns_steps is ", ns_steps());
  const std::string how = adjust_lr_fn().value_or("original");
  XGRAD_CHECK_AS(ValueError, how == "original" || how == "match_rms_adamw" || how == "spectral_unclamped",
                 "Muon: adjust_lr_fn '", how,
                 "' is not supported; it may be 'original', 'match_rms_adamw' or 'spectral_unclamped'");
}

Muon::Muon(std::vector<OptimizerParamGroup> param_groups, MuonOptions defaults)
    : PerParameterOptimizerOf(std::move(param_groups), std::move(defaults)) {
  for (const Tensor& parameter : parameters()) check_matrix(parameter);
}
Muon::Muon(std::vector<Tensor> params, MuonOptions defaults)
    : Muon(std::vector<OptimizerParamGroup>{OptimizerParamGroup(std::move(params))}, std::move(defaults)) {}

void Muon::update(Update& u) const {
  const auto& o = u.options<MuonOptions>();
  const Tensor &p = u.parameter(), &g = u.gradient();
  check_matrix(p);
  if (p.numel() == 0) return;
  Tensor& state = u.state<MuonParamState>().momentum_buffer();
  const Tensor& mean = u.replace(&state, u.buffer(state).lerp(g, 1 - o.momentum()));
  const Tensor direction = orthogonalized(o.nesterov() ? g.lerp(mean, o.momentum()) : mean, o);
  u.move(1 - o.lr() * o.weight_decay(), adjusted(o, p), direction.to(p.dtype()));
}

XGRAD_DEFINE_OPTIMIZER(Muon);

}  // namespace xgrad::optim
