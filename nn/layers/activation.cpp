// Activations as modules: their call of the op, and printing.
#include <xgrad/nn/layers/activation.h>

#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/ops/reduce/softmax.h>
#include <xgrad/nn/layers/repr.h>

namespace xgrad::nn {

Tensor SigmoidImpl::forward(const Tensor& input) { return xgrad::sigmoid(input); }
Tensor TanhImpl::forward(const Tensor& input) { return xgrad::tanh(input); }

Tensor ReLUImpl::forward(Tensor input) {
  return options.inplace() ? xgrad::relu_(input) : xgrad::relu(input);
}
std::string ReLUImpl::extra_repr() const { return options.inplace() ? "inplace=True" : ""; }

Tensor SoftmaxImpl::forward(const Tensor& input) { return xgrad::softmax(input, options.dim()); }
std::string SoftmaxImpl::extra_repr() const { return concat("dim=", options.dim()); }

Tensor LogSoftmaxImpl::forward(const Tensor& input) { return xgrad::log_softmax(input, options.dim()); }
std::string LogSoftmaxImpl::extra_repr() const { return concat("dim=", options.dim()); }

DropoutImpl::DropoutImpl(const DropoutOptions& options_) : options(options_) {
  XGRAD_CHECK_AS(ValueError, options.p() >= 0 && options.p() <= 1, "Dropout: p must be between 0 and 1: got ",
                 detail::number_text(options.p()));
}
Tensor DropoutImpl::forward(Tensor input) {
  return options.inplace() ? xgrad::dropout_(input, options.p(), is_training())
                           : xgrad::dropout(input, options.p(), is_training());
}
std::string DropoutImpl::extra_repr() const {
  return concat("p=", detail::number_text(options.p()), ", inplace=", options.inplace());
}

}  // namespace xgrad::nn
