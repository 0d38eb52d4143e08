// All parameters as one vector, and back.
#pragma once

#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::nn::utils {

/// The elements of all parameters one behind the other. Gradients flow back into them.
XGRAD_API Tensor parameters_to_vector(const std::vector<Tensor>& parameters);
/// Makes slices of the vector, whose memory is shared then, the contents of the parameters. Throws ValueError
/// when it is too short or no vector, and changes nothing then.
XGRAD_API void vector_to_parameters(const Tensor& vec, const std::vector<Tensor>& parameters);

}  // namespace xgrad::nn::utils
