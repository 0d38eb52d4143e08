// Functionals: options unfolded into the arguments of core's ops.
#include <xgrad/nn/functional.h>

#include <xgrad/core/ops/loss/loss.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/ops/reduce/softmax.h>

namespace xgrad::nn::functional {

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  return xgrad::linear(input, weight, bias);
}

Tensor relu(Tensor input, const ReLUFuncOptions& options) {
  return options.inplace() ? xgrad::relu_(input) : xgrad::relu(input);
}
Tensor sigmoid(const Tensor& input) { return xgrad::sigmoid(input); }
Tensor tanh(const Tensor& input) { return xgrad::tanh(input); }
Tensor softmax(const Tensor& input, const SoftmaxFuncOptions& options) {
  return xgrad::softmax(input, options.dim(), options.dtype());
}
Tensor log_softmax(const Tensor& input, const LogSoftmaxFuncOptions& options) {
  return xgrad::log_softmax(input, options.dim(), options.dtype());
}
Tensor dropout(Tensor input, const DropoutFuncOptions& options) {
  return options.inplace() ? xgrad::dropout_(input, options.p(), options.training())
                           : xgrad::dropout(input, options.p(), options.training());
}

Tensor mse_loss(const Tensor& input, const Tensor& target, const MSELossFuncOptions& options) {
  return xgrad::mse_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor l1_loss(const Tensor& input, const Tensor& target, const L1LossFuncOptions& options) {
  return xgrad::l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()));
}
Tensor smooth_l1_loss(const Tensor& input, const Tensor& target, const SmoothL1LossFuncOptions& options,
                      optional<double> beta) {
  return xgrad::smooth_l1_loss(input, target, enumtype::reduction_get_enum(options.reduction()),
                               beta.value_or(options.beta()));
}
Tensor binary_cross_entropy(const Tensor& input, const Tensor& target,
                            const BinaryCrossEntropyFuncOptions& options) {
  return xgrad::binary_cross_entropy(input, target, options.weight(),
                                     enumtype::reduction_get_enum(options.reduction()));
}
Tensor binary_cross_entropy_with_logits(const Tensor& input, const Tensor& target,
                                        const BinaryCrossEntropyWithLogitsFuncOptions& options) {
  return xgrad::binary_cross_entropy_with_logits(input, target, options.weight(), options.pos_weight(),
                                                 enumtype::reduction_get_enum(options.reduction()));
}
Tensor nll_loss(const Tensor& input, const Tensor& target, const NLLLossFuncOptions& options) {
  return xgrad::nll_loss(input, target, options.weight(), enumtype::reduction_get_enum(options.reduction()),
                         options.ignore_index());
}
Tensor cross_entropy(const Tensor& input, const Tensor& target, const CrossEntropyFuncOptions& options) {
  return xgrad::cross_entropy_loss(input, target, options.weight(),
                                   enumtype::reduction_get_enum(options.reduction()), options.ignore_index(),
                                   options.label_smoothing());
}

}  // namespace xgrad::nn::functional
