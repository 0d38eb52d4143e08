// parameters_to_vector and vector_to_parameters.
#include <xgrad/nn/utils/convert_parameters.h>

#include <xgrad/core/ops/shape/join.h>

namespace xgrad::nn::utils {

Tensor parameters_to_vector(const std::vector<Tensor>& parameters) {
  std::vector<Tensor> parts;
  for (const Tensor& parameter : parameters) parts.push_back(parameter.reshape({-1}));
  return cat(parts);
}

void vector_to_parameters(const Tensor& vec, const std::vector<Tensor>& parameters) {
  int64_t needed = 0;
  for (const Tensor& parameter : parameters) needed += parameter.numel();
  XGRAD_CHECK_AS(ValueError, vec.defined() && vec.dim() == 1 && vec.numel() >= needed,
                 "vector_to_parameters: vec must be a vector of all parameters' elements: it is ",
                 vec.sizes(), ", they have ", needed);
  int64_t at = 0;
  for (const Tensor& parameter : parameters) {
    parameter.set_data(vec.detach().narrow(0, at, parameter.numel()).view(parameter.sizes()));
    at += parameter.numel();
  }
}

}  // namespace xgrad::nn::utils
