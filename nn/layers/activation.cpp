// Activations as modules: their call of the op, and printing.
#include <xgrad/nn/layers/activation.h>

#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/softmax.h>

namespace xgrad::nn {

Tensor SigmoidImpl::forward(const Tensor& input) { return xgrad::sigmoid(input); }
Tensor TanhImpl::forward(const Tensor& input) { return xgrad::tanh(input); }

Tensor ReLUImpl::forward(Tensor input) {
  return options.inplace() ? xgrad::relu_(input) : xgrad::relu(input);
}
std::string ReLUImpl::extra_repr() const { return fields_repr(options, {}); }

Tensor SoftmaxImpl::forward(const Tensor& input) { return xgrad::softmax(input, options.dim()); }
std::string SoftmaxImpl::extra_repr() const { return fields_repr(options); }

Tensor LogSoftmaxImpl::forward(const Tensor& input) { return xgrad::log_softmax(input, options.dim()); }
std::string LogSoftmaxImpl::extra_repr() const { return fields_repr(options); }

}  // namespace xgrad::nn
