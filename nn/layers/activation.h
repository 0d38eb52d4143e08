// Activations as modules.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/activation.h>

namespace xgrad::nn {

// One without options.
#define XGRAD_PLAIN_LAYER(Name)                               \
  class XGRAD_API Name##Impl : public Cloneable<Name##Impl> { \
   public:                                                    \
    void reset() override {}                                  \
    Tensor forward(const Tensor& input);                      \
  };                                                          \
  XGRAD_LAYER(Name)

/// 1 / (1 + e^-x).
XGRAD_PLAIN_LAYER(Sigmoid);
/// sinh(x) / cosh(x).
XGRAD_PLAIN_LAYER(Tanh);
/// max(x, 0); written into the input when `inplace`.
XGRAD_OPTIONS_LAYER(ReLU, Tensor forward(Tensor input));
/// exp(x_i) / sum_j exp(x_j) along a dimension.
XGRAD_OPTIONS_LAYER(Softmax, Tensor forward(const Tensor& input));
/// softmax over the channels of [N, C, H, W] or [C, H, W].
XGRAD_PLAIN_LAYER(Softmax2d);
/// The logarithm of softmax.
XGRAD_OPTIONS_LAYER(LogSoftmax, Tensor forward(const Tensor& input));
/// alpha (e^x - 1) below 0, x above.
XGRAD_OPTIONS_LAYER(ELU, Tensor forward(Tensor input));
/// max(0, x) + min(0, alpha (e^(x / alpha) - 1)).
XGRAD_OPTIONS_LAYER(CELU, Tensor forward(Tensor input));
/// The elu that keeps mean 0 and variance 1.
XGRAD_OPTIONS_LAYER(SELU, Tensor forward(Tensor input));
/// x above 0, negative_slope x below.
XGRAD_OPTIONS_LAYER(LeakyReLU, Tensor forward(Tensor input));
/// x above 0; below, x times a number drawn between lower and upper for each element in training, their mean
/// in evaluation (Xu et al., 2015).
XGRAD_OPTIONS_LAYER(RReLU, Tensor forward(Tensor input));
/// x held in [min_val, max_val].
XGRAD_OPTIONS_LAYER(Hardtanh, Tensor forward(Tensor input));
/// x held in [0, 6].
XGRAD_OPTIONS_LAYER(ReLU6, Tensor forward(Tensor input));
/// x above threshold, else value.
XGRAD_OPTIONS_LAYER(Threshold, Tensor forward(Tensor input));
/// x outside of [-lambda, lambda], 0 within.
XGRAD_OPTIONS_LAYER(Hardshrink, Tensor forward(const Tensor& input));
/// x moved by lambda toward 0.
XGRAD_OPTIONS_LAYER(Softshrink, Tensor forward(const Tensor& input));
/// log(1 + e^(beta x)) / beta.
XGRAD_OPTIONS_LAYER(Softplus, Tensor forward(const Tensor& input));
/// x times the normal distribution at x.
XGRAD_OPTIONS_LAYER(GELU, Tensor forward(const Tensor& input));
/// a sigmoid(b) of the halves a and b along a dimension.
XGRAD_OPTIONS_LAYER(GLU, Tensor forward(const Tensor& input));
/// x sigmoid(x).
XGRAD_PLAIN_LAYER(SiLU);
/// x tanh(log(1 + e^x)).
XGRAD_PLAIN_LAYER(Mish);
/// x min(max(x + 3, 0), 6) / 6.
XGRAD_PLAIN_LAYER(Hardswish);
/// min(max(x + 3, 0), 6) / 6.
XGRAD_PLAIN_LAYER(Hardsigmoid);
/// log(sigmoid(x)).
XGRAD_PLAIN_LAYER(LogSigmoid);
/// x / (1 + |x|).
XGRAD_PLAIN_LAYER(Softsign);
/// x - tanh(x).
XGRAD_PLAIN_LAYER(Tanhshrink);
/// softmax of -x.
XGRAD_OPTIONS_LAYER(Softmin, Tensor forward(const Tensor& input));
#undef XGRAD_PLAIN_LAYER

/// x above 0, weight x below: one weight, or one for each channel.
class XGRAD_API PReLUImpl : public Cloneable<PReLUImpl> {
 public:
  explicit PReLUImpl(const PReLUOptions& options_ = {});
  void reset() override;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  PReLUOptions options;
  Tensor weight;
};
XGRAD_LAYER(PReLU);

}  // namespace xgrad::nn
