// L-BFGS: Nocedal and Wright 2006, "Numerical Optimization", chapter 7.
#pragma once

#include <string>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API LBFGSOptions : public OptimizerCloneableOptions<LBFGSOptions> {
  LBFGSOptions(double lr = 1) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(int64_t, max_iter) = 20;
  /// Evaluations in a step; 5 / 4 max_iter where nothing is said.
  XGRAD_ARG(optional<int64_t>, max_eval);
  XGRAD_ARG(double, tolerance_grad) = 1e-7;
  XGRAD_ARG(double, tolerance_change) = 1e-9;
  XGRAD_ARG(int64_t, history_size) = 100;
  /// "strong_wolfe" or none.
  XGRAD_ARG(optional<std::string>, line_search_fn);
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, max_iter_, max_eval_, tolerance_grad_, tolerance_change_, history_size_, line_search_fn_,
               maximize_);
};

/// The one state of all parameters, kept with the first: direction, step length and gradient of the last
/// step, and what is known of the curvature. The tensors are all parameters one behind the other.
struct XGRAD_API LBFGSParamState : public OptimizerCloneableParamState<LBFGSParamState> {
  XGRAD_ARG(int64_t, func_evals) = 0;
  XGRAD_ARG(int64_t, n_iter) = 0;
  XGRAD_ARG(double, t) = 0;
  XGRAD_ARG(double, prev_loss) = 0;
  XGRAD_ARG(Tensor, d);
  XGRAD_ARG(double, H_diag) = 1;
  XGRAD_ARG(Tensor, prev_flat_grad);
  XGRAD_ARG(std::vector<Tensor>, old_dirs);
  XGRAD_ARG(std::vector<Tensor>, old_stps);
  XGRAD_ARG(std::vector<Tensor>, ro);
  XGRAD_FIELDS(func_evals_, n_iter_, t_, prev_loss_, d_, H_diag_, prev_flat_grad_, old_dirs_, old_stps_, ro_);
};

/// Newton's method with an inverse Hessian estimated from the last `history_size` steps. A step takes up to
/// `max_iter` directions d, each of length lr or, by a line search, where the loss f falls enough and its
/// slope is small enough (strong Wolfe conditions: f(t) <= f(0) + 1e-4 t f'(0), |f'(t)| <= 0.9 |f'(0)|). It
/// takes one group of parameters and needs a closure.
class XGRAD_API LBFGS : public Optimizer {
 public:
  explicit LBFGS(std::vector<OptimizerParamGroup> param_groups, LBFGSOptions defaults = {});
  explicit LBFGS(std::vector<Tensor> params, LBFGSOptions defaults = {});
  /// The loss before the step.
  Tensor step(LossClosure closure = nullptr) override;
  bool has_stepped() const override { return has_stepped_; }

 protected:
  std::unique_ptr<OptimizerParamState> new_state() const override;
  bool fits(const std::string& name, IntArrayRef sizes, const Tensor& parameter) const override;

 private:
  bool has_stepped_ = false;
};
XGRAD_STATE_TEMPLATES(extern, LBFGSParamState);
XGRAD_OPTIONS_TEMPLATES(extern, LBFGSOptions);

}  // namespace xgrad::optim
