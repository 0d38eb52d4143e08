// Muon: Jordan et al. 2024, "Muon: An optimizer for hidden layers in neural networks".
#pragma once

#include <string>
#include <tuple>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API MuonOptions : public OptimizerCloneableOptions<MuonOptions> {
  using ns_coefficients_t = std::tuple<double, double, double>;
  MuonOptions(double lr = 1e-3) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, weight_decay) = 0.1;
  XGRAD_ARG(double, momentum) = 0.95;
  XGRAD_ARG(bool, nesterov) = true;
  XGRAD_ARG(ns_coefficients_t, ns_coefficients) = {3.4445, -4.7750, 2.0315};
  XGRAD_ARG(double, eps) = 1e-7;
  XGRAD_ARG(int64_t, ns_steps) = 5;
  /// How lr depends on the shape [A, B]: "original" (the default) sqrt(max(1, A / B)), "match_rms_adamw"
  /// 0.2 sqrt(max(A, B)), "spectral_unclamped" sqrt(A / B).
  XGRAD_ARG(optional<std::string>, adjust_lr_fn);
  XGRAD_FIELDS(lr_, weight_decay_, momentum_, nesterov_, ns_coefficients_, eps_, ns_steps_, adjust_lr_fn_);
};

struct XGRAD_API MuonParamState : public OptimizerCloneableParamState<MuonParamState> {
  XGRAD_ARG(Tensor, momentum_buffer);
  XGRAD_FIELDS(momentum_buffer_);
};

/// For the matrices of hidden layers: the average m of the gradients (with nesterov moved on by the gradient
/// itself) is made nearly orthogonal by ns_steps of Newton and Schulz in bfloat16, o = u v^T of m = u s v^T;
/// p -= lr weight_decay p, then p -= lr' o. Throws ValueError for a parameter that is no matrix.
class XGRAD_API Muon : public PerParameterOptimizerOf<MuonOptions, MuonParamState> {
 public:
  explicit Muon(std::vector<OptimizerParamGroup> param_groups, MuonOptions defaults = {});
  explicit Muon(std::vector<Tensor> params, MuonOptions defaults = {});

 protected:
  void update(Update& u) const override;
};
XGRAD_OPTIMIZER_EXTERN(Muon);

}  // namespace xgrad::optim
