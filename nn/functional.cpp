// Functionals: options unfolded into the arguments of core's ops.
#include <xgrad/nn/functional.h>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/activation.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/distance.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/product/similarity.h>
#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/ops/reduce/softmax.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/warning.h>

namespace xgrad::nn::functional {

Tensor linear(const Tensor& input, const Tensor& weight, const Tensor& bias) {
  return xgrad::linear(input, weight, bias);
}

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  return xgrad::bilinear(input1, input2, weight, bias);
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

Tensor elu(Tensor input, const ELUFuncOptions& options) {
  return options.inplace() ? xgrad::elu_(input, options.alpha()) : xgrad::elu(input, options.alpha());
}
Tensor celu(Tensor input, const CELUFuncOptions& options) {
  return options.inplace() ? xgrad::celu_(input, options.alpha()) : xgrad::celu(input, options.alpha());
}
Tensor selu(Tensor input, const SELUFuncOptions& options) {
  return options.inplace() ? xgrad::selu_(input) : xgrad::selu(input);
}
Tensor leaky_relu(Tensor input, const LeakyReLUFuncOptions& options) {
  return options.inplace() ? xgrad::leaky_relu_(input, options.negative_slope())
                           : xgrad::leaky_relu(input, options.negative_slope());
}
Tensor hardtanh(Tensor input, const HardtanhFuncOptions& options) {
  return options.inplace() ? xgrad::hardtanh_(input, options.min_val(), options.max_val())
                           : xgrad::hardtanh(input, options.min_val(), options.max_val());
}
Tensor relu6(Tensor input, const ReLU6FuncOptions& options) {
  return options.inplace() ? xgrad::relu6_(input) : xgrad::relu6(input);
}
Tensor threshold(Tensor input, const ThresholdFuncOptions& options) {
  return options.inplace() ? xgrad::threshold_(input, options.threshold(), options.value())
                           : xgrad::threshold(input, options.threshold(), options.value());
}
Tensor hardshrink(const Tensor& input, const HardshrinkFuncOptions& options) {
  return xgrad::hardshrink(input, options.lambda());
}
Tensor softshrink(const Tensor& input, const SoftshrinkFuncOptions& options) {
  return xgrad::softshrink(input, options.lambda());
}
Tensor softplus(const Tensor& input, const SoftplusFuncOptions& options) {
  return xgrad::softplus(input, options.beta(), options.threshold());
}
Tensor gelu(const Tensor& input, const GELUFuncOptions& options) {
  return xgrad::gelu(input, options.approximate());
}
Tensor glu(const Tensor& input, const GLUFuncOptions& options) { return xgrad::glu(input, options.dim()); }
Tensor silu(const Tensor& input) { return xgrad::silu(input); }
Tensor mish(const Tensor& input) { return xgrad::mish(input); }
Tensor hardswish(const Tensor& input) { return xgrad::hardswish(input); }
Tensor hardsigmoid(const Tensor& input) { return xgrad::hardsigmoid(input); }
Tensor logsigmoid(const Tensor& input) { return xgrad::log_sigmoid(input); }
Tensor softsign(const Tensor& input) { return input / (xgrad::abs(input) + 1); }
Tensor tanhshrink(const Tensor& input) { return input - xgrad::tanh(input); }
Tensor prelu(const Tensor& input, const Tensor& weight) { return xgrad::prelu(input, weight); }
Tensor softmin(const Tensor& input, const SoftminFuncOptions& options) {
  return xgrad::softmax(-input, options.dim(), options.dtype());
}

Tensor rrelu(Tensor input, const RReLUFuncOptions& options) {
  const double lower = options.lower(), upper = options.upper();
  return options.inplace() ? xgrad::rrelu_(input, lower, upper, options.training())
                           : xgrad::rrelu(input, lower, upper, options.training());
}

Tensor gumbel_softmax(const Tensor& logits, const GumbelSoftmaxFuncOptions& options) {
  const Tensor noise = -empty_like(logits).exponential_().log();
  Tensor soft = xgrad::softmax((logits + noise) / options.tau(), options.dim());
  if (!options.hard()) return soft;
  const Tensor largest = soft.detach().argmax(options.dim(), true);
  return zeros_like(logits).scatter_(options.dim(), largest, 1.0) - soft.detach() + soft;
}

Tensor one_hot(const Tensor& tensor, int64_t num_classes) { return xgrad::one_hot(tensor, num_classes); }
Tensor pdist(const Tensor& input, double p) { return xgrad::pdist(input, p); }

#define XGRAD_DROPOUT(name, op, Options)                                            \
  Tensor name(Tensor input, const Options& options) {                               \
    return options.inplace() ? xgrad::op##_(input, options.p(), options.training()) \
                             : xgrad::op(input, options.p(), options.training());   \
  }
XGRAD_DROPOUT(dropout, dropout, DropoutFuncOptions)
XGRAD_DROPOUT(dropout2d, feature_dropout, DropoutFuncOptions)
XGRAD_DROPOUT(alpha_dropout, alpha_dropout, AlphaDropoutFuncOptions)
XGRAD_DROPOUT(feature_alpha_dropout, feature_alpha_dropout, AlphaDropoutFuncOptions)
#undef XGRAD_DROPOUT

namespace {

// Whole channels of an input that may have no batch.
Tensor drop_channels(const char* op, int64_t dims, Tensor input, const DropoutFuncOptions& options) {
  if (input.dim() != dims + 1 && input.dim() != dims + 2) {
    const std::string text =
        concat(op, ": input must have ", dims + 1, " or ", dims + 2, " dimensions: input is ", input.sizes());
    XGRAD_CHECK(dims > 1, text);
    XGRAD_WARN(text);
  }
  if (input.dim() == dims + 2) return dropout2d(std::move(input), options);
  Tensor batch = input.unsqueeze(0);
  return dropout2d(std::move(batch), options).squeeze(0);
}

}  // namespace

Tensor dropout1d(Tensor input, const Dropout1dFuncOptions& options) {
  return drop_channels("dropout1d", 1, std::move(input), options);
}
Tensor dropout3d(Tensor input, const Dropout3dFuncOptions& options) {
  return drop_channels("dropout3d", 3, std::move(input), options);
}

}  // namespace xgrad::nn::functional
