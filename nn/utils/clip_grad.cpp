// clip_grad_norm_ and clip_grad_value_.
#include <xgrad/nn/utils/clip_grad.h>

#include <cmath>

#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::nn::utils {

namespace {

std::vector<Tensor> gradients_of(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> gradients;
  for (const Tensor& parameter : parameters)
    if (parameter.grad().defined()) gradients.push_back(parameter.grad());
  return gradients;
}

}  // namespace

double get_total_norm(const std::vector<Tensor>& tensors, double norm_type, bool error_if_nonfinite) {
  const NoGradGuard no_grad;
  if (tensors.empty()) return 0;
  std::vector<double> norms;
  for (const Tensor& t : tensors) norms.push_back(linalg::vector_norm(t, norm_type).item<double>());
  const double total = linalg::vector_norm(tensor(norms, kDouble), norm_type).item<double>();
  XGRAD_CHECK(!error_if_nonfinite || std::isfinite(total), "clip_grad_norm_: The total norm of order ",
              norm_type, " for gradients is non-finite, so it cannot be clipped: it is ", total,
              "; to scale by it nevertheless leave error_if_nonfinite out");
  return total;
}

double clip_grad_norm_(const std::vector<Tensor>& parameters, double max_norm, double norm_type,
                       bool error_if_nonfinite) {
  const NoGradGuard no_grad;
  const std::vector<Tensor> gradients = gradients_of(parameters);
  const double total = get_total_norm(gradients, norm_type, error_if_nonfinite);
  const double factor = max_norm / (total + 1e-6);
  if (!(factor >= 1))
    for (const Tensor& gradient : gradients) gradient.mul_(factor);
  return total;
}
double clip_grad_norm_(const Tensor& parameter, double max_norm, double norm_type, bool error_if_nonfinite) {
  return clip_grad_norm_(std::vector<Tensor>{parameter}, max_norm, norm_type, error_if_nonfinite);
}

void clip_grad_value_(const std::vector<Tensor>& parameters, double clip_value) {
  const NoGradGuard no_grad;
  for (const Tensor& gradient : gradients_of(parameters)) gradient.clamp_(-clip_value, clip_value);
}
void clip_grad_value_(const Tensor& parameter, double clip_value) {
  clip_grad_value_(std::vector<Tensor>{parameter}, clip_value);
}

}  // namespace xgrad::nn::utils
