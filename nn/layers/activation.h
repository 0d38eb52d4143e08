// Activations as modules.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/activation.h>

namespace xgrad::nn {

/// 1 / (1 + e^-x).
class XGRAD_API SigmoidImpl : public Cloneable<SigmoidImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Sigmoid);

/// sinh(x) / cosh(x).
class XGRAD_API TanhImpl : public Cloneable<TanhImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Tanh);

/// max(x, 0); written into the input when `inplace`.
class XGRAD_API ReLUImpl : public OptionsLayer<ReLUImpl, ReLUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(ReLU);

/// exp(x_i) / sum_j exp(x_j) along a dimension.
class XGRAD_API SoftmaxImpl : public OptionsLayer<SoftmaxImpl, SoftmaxOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(Softmax);

/// softmax over the channels of [N, C, H, W] or [C, H, W].
class XGRAD_API Softmax2dImpl : public Cloneable<Softmax2dImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Softmax2d);

/// The logarithm of softmax.
class XGRAD_API LogSoftmaxImpl : public OptionsLayer<LogSoftmaxImpl, LogSoftmaxOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(LogSoftmax);

/// alpha (e^x - 1) below 0, x above.
class XGRAD_API ELUImpl : public OptionsLayer<ELUImpl, ELUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(ELU);

/// max(0, x) + min(0, alpha (e^(x / alpha) - 1)).
class XGRAD_API CELUImpl : public OptionsLayer<CELUImpl, CELUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(CELU);

/// The elu that keeps mean 0 and variance 1.
class XGRAD_API SELUImpl : public OptionsLayer<SELUImpl, SELUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(SELU);

/// x above 0, negative_slope x below.
class XGRAD_API LeakyReLUImpl : public OptionsLayer<LeakyReLUImpl, LeakyReLUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(LeakyReLU);

/// x above 0; below, x times a number drawn between lower and upper for each element in training, their mean
/// in evaluation (Xu et al., 2015).
class XGRAD_API RReLUImpl : public OptionsLayer<RReLUImpl, RReLUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(RReLU);

/// x held in [min_val, max_val].
class XGRAD_API HardtanhImpl : public OptionsLayer<HardtanhImpl, HardtanhOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(Hardtanh);

/// x held in [0, 6].
class XGRAD_API ReLU6Impl : public OptionsLayer<ReLU6Impl, ReLU6Options> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(ReLU6);

/// x above threshold, else value.
class XGRAD_API ThresholdImpl : public OptionsLayer<ThresholdImpl, ThresholdOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(Tensor input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(Threshold);

/// x outside of [-lambda, lambda], 0 within.
class XGRAD_API HardshrinkImpl : public OptionsLayer<HardshrinkImpl, HardshrinkOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(Hardshrink);

/// x moved by lambda toward 0.
class XGRAD_API SoftshrinkImpl : public OptionsLayer<SoftshrinkImpl, SoftshrinkOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(Softshrink);

/// log(1 + e^(beta x)) / beta.
class XGRAD_API SoftplusImpl : public OptionsLayer<SoftplusImpl, SoftplusOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(Softplus);

/// x times the normal distribution at x.
class XGRAD_API GELUImpl : public OptionsLayer<GELUImpl, GELUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(GELU);

/// a sigmoid(b) of the halves a and b along a dimension.
class XGRAD_API GLUImpl : public OptionsLayer<GLUImpl, GLUOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(GLU);

/// x sigmoid(x).
class XGRAD_API SiLUImpl : public Cloneable<SiLUImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(SiLU);

/// x tanh(log(1 + e^x)).
class XGRAD_API MishImpl : public Cloneable<MishImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Mish);

/// x min(max(x + 3, 0), 6) / 6.
class XGRAD_API HardswishImpl : public Cloneable<HardswishImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Hardswish);

/// min(max(x + 3, 0), 6) / 6.
class XGRAD_API HardsigmoidImpl : public Cloneable<HardsigmoidImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Hardsigmoid);

/// log(sigmoid(x)).
class XGRAD_API LogSigmoidImpl : public Cloneable<LogSigmoidImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(LogSigmoid);

/// x / (1 + |x|).
class XGRAD_API SoftsignImpl : public Cloneable<SoftsignImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Softsign);

/// x - tanh(x).
class XGRAD_API TanhshrinkImpl : public Cloneable<TanhshrinkImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_LAYER(Tanhshrink);

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

/// softmax of -x.
class XGRAD_API SoftminImpl : public OptionsLayer<SoftminImpl, SoftminOptions> {
 public:
  using OptionsLayer::OptionsLayer;
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;
};
XGRAD_LAYER(Softmin);

}  // namespace xgrad::nn
