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

// Layers that are a functional: without options, with `inplace` among them, and what prints otherwise.
#define XGRAD_PLAIN_LAYER(Name, function)                                                 \
  Tensor Name##Impl::forward(const Tensor& input) { return functional::function(input); } \
  XGRAD_DEFINE_LAYER(Name)
#define XGRAD_PRINTED_LAYER(Name, call, text)                      \
  Tensor Name##Impl::forward(const Tensor& input) { return call; } \
  std::string Name##Impl::extra_repr() const { return text; }      \
  XGRAD_DEFINE_LAYER(Name)
#define XGRAD_IN_PLACE_LAYER(Name, function, ...)                                                      \
  Tensor Name##Impl::forward(Tensor input) { return functional::function(std::move(input), options); } \
  std::string Name##Impl::extra_repr() const {                                                         \
    return with_inplace(concat(__VA_ARGS__), options.inplace());                                       \
  }                                                                                                    \
  XGRAD_DEFINE_LAYER(Name)

XGRAD_PLAIN_LAYER(Sigmoid, sigmoid);
XGRAD_PLAIN_LAYER(Tanh, tanh);
XGRAD_PLAIN_LAYER(SiLU, silu);
XGRAD_PLAIN_LAYER(Mish, mish);
XGRAD_PLAIN_LAYER(Hardswish, hardswish);
XGRAD_PLAIN_LAYER(Hardsigmoid, hardsigmoid);
XGRAD_PLAIN_LAYER(LogSigmoid, logsigmoid);
XGRAD_PLAIN_LAYER(Softsign, softsign);
XGRAD_PLAIN_LAYER(Tanhshrink, tanhshrink);
XGRAD_IN_PLACE_LAYER(ReLU, relu, "");
XGRAD_IN_PLACE_LAYER(ReLU6, relu6, "");
XGRAD_IN_PLACE_LAYER(ELU, elu, "alpha=", IValue(options.alpha()));
XGRAD_IN_PLACE_LAYER(CELU, celu, "alpha=", IValue(options.alpha()));
XGRAD_IN_PLACE_LAYER(SELU, selu, "");
XGRAD_IN_PLACE_LAYER(LeakyReLU, leaky_relu, "negative_slope=", IValue(options.negative_slope()));
XGRAD_IN_PLACE_LAYER(Hardtanh, hardtanh, "min_val=", IValue(options.min_val()),
                     ", max_val=", IValue(options.max_val()));
XGRAD_IN_PLACE_LAYER(Threshold, threshold, "threshold=", IValue(options.threshold()),
                     ", value=", IValue(options.value()));
XGRAD_PRINTED_LAYER(Hardshrink, functional::hardshrink(input, options), concat(IValue(options.lambda())));
XGRAD_PRINTED_LAYER(Softshrink, functional::softshrink(input, options), concat(IValue(options.lambda())));
XGRAD_PRINTED_LAYER(Softplus, functional::softplus(input, options), fields_repr(options));
XGRAD_PRINTED_LAYER(GELU, functional::gelu(input, options), fields_repr(options));
XGRAD_PRINTED_LAYER(GLU, functional::glu(input, options), fields_repr(options));
XGRAD_PRINTED_LAYER(Softmax, xgrad::softmax(input, options.dim()), fields_repr(options));
XGRAD_PRINTED_LAYER(Softmin, xgrad::softmax(-input, options.dim()), fields_repr(options));
XGRAD_PRINTED_LAYER(LogSoftmax, xgrad::log_softmax(input, options.dim()), fields_repr(options));
#undef XGRAD_PLAIN_LAYER
#undef XGRAD_PRINTED_LAYER
#undef XGRAD_IN_PLACE_LAYER

Tensor Softmax2dImpl::forward(const Tensor& input) {
  XGRAD_CHECK_AS(ValueError, input.dim() == 3 || input.dim() == 4,
                 "Softmax2d: expected 3 or 4 dimensions: input is ", input.sizes());
  return xgrad::softmax(input, -3);
}
XGRAD_DEFINE_LAYER(Softmax2d);

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
XGRAD_DEFINE_LAYER(RReLU);

PReLUImpl::PReLUImpl(const PReLUOptions& options_) : options(options_) { PReLUImpl::reset(); }
void PReLUImpl::reset() {
  XGRAD_CHECK_AS(ValueError, options.num_parameters() > 0, "PReLU: num_parameters must be positive: got ",
                 options.num_parameters());
  weight = register_parameter("weight", full({options.num_parameters()}, options.init()));
}
Tensor PReLUImpl::forward(const Tensor& input) { return functional::prelu(input, weight); }
std::string PReLUImpl::extra_repr() const { return concat("num_parameters=", options.num_parameters()); }
XGRAD_DEFINE_LAYER(PReLU);

}  // namespace xgrad::nn
