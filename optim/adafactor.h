// Adafactor: Shazeer and Stern 2018, "Adafactor: Adaptive Learning Rates with Sublinear Memory Cost".
#pragma once

#include <tuple>

#include <xgrad/optim/optimizer.h>

namespace xgrad::optim {

struct XGRAD_API AdafactorOptions : public OptimizerCloneableOptions<AdafactorOptions> {
  using eps_t = std::tuple<optional<double>, double>;
  AdafactorOptions(double lr = 1e-2) : lr_(lr) {}
  void check() const override;
  XGRAD_ARG(double, lr);
  XGRAD_ARG(double, beta2_decay) = -0.8;
  XGRAD_ARG(eps_t, eps) = {nullopt, 1e-3};
  XGRAD_ARG(double, d) = 1;
  XGRAD_ARG(double, weight_decay) = 0;
  XGRAD_ARG(bool, maximize) = false;
  XGRAD_FIELDS(lr_, beta2_decay_, eps_, d_, weight_decay_, maximize_);
};

struct XGRAD_API AdafactorParamState : public OptimizerCloneableParamState<AdafactorParamState> {
  XGRAD_ARG(int64_t, step) = 0;
  XGRAD_ARG(Tensor, row_var);
  XGRAD_ARG(Tensor, col_var);
  XGRAD_ARG(Tensor, variance);
  XGRAD_FIELDS(step_, row_var_, col_var_, variance_);
};

/// Keeps of the average v of grad^2 only the means r of its rows and c of its columns, v = r c / mean(r), for
/// a parameter of two or more dimensions. With b = t^beta2_decay in step t: r, c and v move by b towards
/// their new value, u = grad / max(sqrt(v), eps1), and p -= lr weight_decay p, then
///   p -= min(lr, 1 / sqrt(t)) max(eps2, rms(p)) u / max(1, rms(u) / d).
/// Without eps1 it is what the dtype resolves at 1.
class XGRAD_API Adafactor : public PerParameterOptimizerOf<AdafactorOptions, AdafactorParamState> {
 public:
  using PerParameterOptimizerOf::PerParameterOptimizerOf;

 protected:
  void update(Update& u) const override;
  bool fits(const std::string& name, IntArrayRef sizes, const Tensor& parameter) const override;
};
XGRAD_OPTIMIZER_EXTERN(Adafactor);

}  // namespace xgrad::optim
