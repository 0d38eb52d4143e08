// Linear, Bilinear and Flatten: registration, initial values, printing. What they compute is in functional.
#include <xgrad/nn/layers/linear.h>

#include <cmath>

#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/product/similarity.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

LinearImpl::LinearImpl(const LinearOptions& options_) : options(options_) { LinearImpl::reset(); }

void LinearImpl::reset() {
  const int64_t in = options.in_features(), out = options.out_features();
  XGRAD_CHECK_AS(ValueError, in >= 0 && out >= 0, "Linear: sizes must not be negative: in_features is ", in,
                 ", out_features is ", out);
  weight = register_parameter("weight", empty({out, in}));
  bias = register_parameter("bias", options.bias() ? empty({out}) : Tensor());
  reset_parameters();
}

void LinearImpl::reset_parameters() {
  // PyTorch draws the weight this way, and the same seed is to give the same numbers.
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined()) return;
  const int64_t fan_in = weight.size(1);
  const double bound = fan_in > 0 ? 1 / std::sqrt(static_cast<double>(fan_in)) : 0;
  init::uniform_(bias, -bound, bound);
}

Tensor LinearImpl::forward(const Tensor& input) { return xgrad::linear(input, weight, bias); }

std::string LinearImpl::extra_repr() const { return fields_repr(options); }

BilinearImpl::BilinearImpl(const BilinearOptions& options_) : options(options_) { BilinearImpl::reset(); }

void BilinearImpl::reset() {
  const int64_t in1 = options.in1_features(), in2 = options.in2_features(), out = options.out_features();
  XGRAD_CHECK_AS(ValueError, in1 > 0 && in2 >= 0 && out >= 0,
                 "Bilinear: sizes must not be negative, in1_features not 0: in1_features is ", in1,
                 ", in2_features is ", in2, ", out_features is ", out);
  weight = register_parameter("weight", empty({out, in1, in2}));
  bias = register_parameter("bias", options.bias() ? empty({out}) : Tensor());
  reset_parameters();
}

void BilinearImpl::reset_parameters() {
  const double bound = 1 / std::sqrt(static_cast<double>(weight.size(1)));
  init::uniform_(weight, -bound, bound);
  if (bias.defined()) init::uniform_(bias, -bound, bound);
}

Tensor BilinearImpl::forward(const Tensor& input1, const Tensor& input2) {
  return xgrad::bilinear(input1, input2, weight, bias);
}

std::string BilinearImpl::extra_repr() const { return fields_repr(options); }

Tensor FlattenImpl::forward(const Tensor& input) {
  return input.flatten(options.start_dim(), options.end_dim());
}

std::string FlattenImpl::extra_repr() const { return fields_repr(options); }

Tensor UnflattenImpl::forward(const Tensor& input) { return input.unflatten(options.dim(), options.sizes()); }

std::string UnflattenImpl::extra_repr() const {
  return concat("dim=", options.dim(), ", unflattened_size=", IValue(options.sizes()));
}

XGRAD_DEFINE_LAYER(Linear);
XGRAD_DEFINE_LAYER(Bilinear);
XGRAD_DEFINE_LAYER(Identity);
XGRAD_DEFINE_LAYER(Flatten);
XGRAD_DEFINE_LAYER(Unflatten);

}  // namespace xgrad::nn
