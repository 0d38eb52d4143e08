// Activations as modules: their call of the op, and printing.
#include <xgrad/nn/layers/activation.h>

#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/softmax.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/functional.h>

namespace xgrad::nn {

namespace {
// Python tells of inplace only when it is set.
std::string with_inplace(const std::string& text, bool inplace) {
  return inplace ? concat(text, text.empty() ? "" : ", ", "inplace=True") : text;
}
}  // namespace

Tensor SigmoidImpl::forward(const Tensor& input) { return xgrad::sigmoid(input); }
Tensor TanhImpl::forward(const Tensor& input) { return xgrad::tanh(input); }

Tensor ReLUImpl::forward(Tensor input) {
  return options.inplace() ? xgrad::relu_(input) : xgrad::relu(input);
}
std::string ReLUImpl::extra_repr() const { return fields_repr(options, {}); }

Tensor SoftmaxImpl::forward(const Tensor& input) { return xgrad::softmax(input, options.dim()); }
std::string SoftmaxImpl::extra_repr() const { return fields_repr(options); }

Tensor Softmax2dImpl::forward(const Tensor& input) {
  XGRAD_CHECK_AS(ValueError, input.dim() == 3 || input.dim() == 4,
                 "Softmax2d: expected 3 or 4 dimensions: input is ", input.sizes());
  return xgrad::softmax(input, -3);
}

Tensor LogSoftmaxImpl::forward(const Tensor& input) { return xgrad::log_softmax(input, options.dim()); }
std::string LogSoftmaxImpl::extra_repr() const { return fields_repr(options); }

Tensor ELUImpl::forward(Tensor input) { return functional::elu(std::move(input), options); }
std::string ELUImpl::extra_repr() const {
  return with_inplace(concat("alpha=", IValue(options.alpha())), options.inplace());
}

Tensor CELUImpl::forward(Tensor input) { return functional::celu(std::move(input), options); }
std::string CELUImpl::extra_repr() const {
  return with_inplace(concat("alpha=", IValue(options.alpha())), options.inplace());
}

Tensor SELUImpl::forward(Tensor input) { return functional::selu(std::move(input), options); }
std::string SELUImpl::extra_repr() const { return with_inplace("", options.inplace()); }

Tensor LeakyReLUImpl::forward(Tensor input) { return functional::leaky_relu(std::move(input), options); }
std::string LeakyReLUImpl::extra_repr() const {
  return with_inplace(concat("negative_slope=", IValue(options.negative_slope())), options.inplace());
}

Tensor HardtanhImpl::forward(Tensor input) { return functional::hardtanh(std::move(input), options); }
std::string HardtanhImpl::extra_repr() const {
  return with_inplace(concat("min_val=", IValue(options.min_val()), ", max_val=", IValue(options.max_val())),
                      options.inplace());
}

Tensor ReLU6Impl::forward(Tensor input) { return functional::relu6(std::move(input), options); }
std::string ReLU6Impl::extra_repr() const { return with_inplace("", options.inplace()); }

Tensor ThresholdImpl::forward(Tensor input) { return functional::threshold(std::move(input), options); }
std::string ThresholdImpl::extra_repr() const {
  return with_inplace(concat("threshold=", IValue(options.threshold()), ", value=", IValue(options.value())),
                      options.inplace());
}

Tensor HardshrinkImpl::forward(const Tensor& input) { return functional::hardshrink(input, options); }
std::string HardshrinkImpl::extra_repr() const { return concat(IValue(options.lambda())); }

Tensor SoftshrinkImpl::forward(const Tensor& input) { return functional::softshrink(input, options); }
std::string SoftshrinkImpl::extra_repr() const { return concat(IValue(options.lambda())); }

Tensor SoftplusImpl::forward(const Tensor& input) { return functional::softplus(input, options); }
std::string SoftplusImpl::extra_repr() const { return fields_repr(options); }

Tensor GELUImpl::forward(const Tensor& input) { return functional::gelu(input, options); }
std::string GELUImpl::extra_repr() const { return fields_repr(options); }

Tensor GLUImpl::forward(const Tensor& input) { return functional::glu(input, options); }
std::string GLUImpl::extra_repr() const { return fields_repr(options); }

Tensor SiLUImpl::forward(const Tensor& input) { return functional::silu(input); }
Tensor MishImpl::forward(const Tensor& input) { return functional::mish(input); }
Tensor HardswishImpl::forward(const Tensor& input) { return functional::hardswish(input); }
Tensor HardsigmoidImpl::forward(const Tensor& input) { return functional::hardsigmoid(input); }
Tensor LogSigmoidImpl::forward(const Tensor& input) { return functional::logsigmoid(input); }
Tensor SoftsignImpl::forward(const Tensor& input) { return functional::softsign(input); }
Tensor TanhshrinkImpl::forward(const Tensor& input) { return functional::tanhshrink(input); }

Tensor RReLUImpl::forward(Tensor input) {
  return functional::rrelu(std::move(input), functional::RReLUFuncOptions()
                                                 .lower(options.lower())
                                                 .upper(options.upper())
                                                 .training(is_training())
                                                 .inplace(options.inplace()));
}
std::string RReLUImpl::extra_repr() const {
  return with_inplace(concat("lower=", IValue(options.lower()), ", upper=", IValue(options.upper())),
                      options.inplace());
}

PReLUImpl::PReLUImpl(const PReLUOptions& options_) : options(options_) { PReLUImpl::reset(); }
void PReLUImpl::reset() {
  XGRAD_CHECK_AS(ValueError, options.num_parameters() > 0, "PReLU: num_parameters must be positive: got ",
                 options.num_parameters());
  weight = register_parameter("weight", full({options.num_parameters()}, options.init()));
}
Tensor PReLUImpl::forward(const Tensor& input) { return functional::prelu(input, weight); }
std::string PReLUImpl::extra_repr() const { return concat("num_parameters=", options.num_parameters()); }

Tensor SoftminImpl::forward(const Tensor& input) { return xgrad::softmax(-input, options.dim()); }
std::string SoftminImpl::extra_repr() const { return fields_repr(options); }

XGRAD_DEFINE_LAYER(Sigmoid);
XGRAD_DEFINE_LAYER(Tanh);
XGRAD_DEFINE_LAYER(ReLU);
XGRAD_DEFINE_LAYER(Softmax);
XGRAD_DEFINE_LAYER(Softmax2d);
XGRAD_DEFINE_LAYER(LogSoftmax);
XGRAD_DEFINE_LAYER(ELU);
XGRAD_DEFINE_LAYER(CELU);
XGRAD_DEFINE_LAYER(SELU);
XGRAD_DEFINE_LAYER(LeakyReLU);
XGRAD_DEFINE_LAYER(Hardtanh);
XGRAD_DEFINE_LAYER(ReLU6);
XGRAD_DEFINE_LAYER(Threshold);
XGRAD_DEFINE_LAYER(Hardshrink);
XGRAD_DEFINE_LAYER(Softshrink);
XGRAD_DEFINE_LAYER(Softplus);
XGRAD_DEFINE_LAYER(GELU);
XGRAD_DEFINE_LAYER(GLU);
XGRAD_DEFINE_LAYER(SiLU);
XGRAD_DEFINE_LAYER(Mish);
XGRAD_DEFINE_LAYER(Hardswish);
XGRAD_DEFINE_LAYER(Hardsigmoid);
XGRAD_DEFINE_LAYER(LogSigmoid);
XGRAD_DEFINE_LAYER(Softsign);
XGRAD_DEFINE_LAYER(Tanhshrink);
XGRAD_DEFINE_LAYER(RReLU);
XGRAD_DEFINE_LAYER(PReLU);
XGRAD_DEFINE_LAYER(Softmin);

}  // namespace xgrad::nn
