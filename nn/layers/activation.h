// Activations as modules.
#pragma once

#include <xgrad/nn/cloneable.h>
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
class XGRAD_API ReLUImpl : public Cloneable<ReLUImpl> {
 public:
  explicit ReLUImpl(const ReLUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  ReLUOptions options;
};
XGRAD_LAYER(ReLU);

/// exp(x_i) / sum_j exp(x_j) along a dimension.
class XGRAD_API SoftmaxImpl : public Cloneable<SoftmaxImpl> {
 public:
  explicit SoftmaxImpl(int64_t dim) : SoftmaxImpl(SoftmaxOptions(dim)) {}
  explicit SoftmaxImpl(const SoftmaxOptions& options_) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  SoftmaxOptions options;
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
class XGRAD_API LogSoftmaxImpl : public Cloneable<LogSoftmaxImpl> {
 public:
  explicit LogSoftmaxImpl(int64_t dim) : LogSoftmaxImpl(LogSoftmaxOptions(dim)) {}
  explicit LogSoftmaxImpl(const LogSoftmaxOptions& options_) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  LogSoftmaxOptions options;
};
XGRAD_LAYER(LogSoftmax);

/// alpha (e^x - 1) below 0, x above.
class XGRAD_API ELUImpl : public Cloneable<ELUImpl> {
 public:
  explicit ELUImpl(const ELUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  ELUOptions options;
};
XGRAD_LAYER(ELU);

/// max(0, x) + min(0, alpha (e^(x / alpha) - 1)).
class XGRAD_API CELUImpl : public Cloneable<CELUImpl> {
 public:
  explicit CELUImpl(const CELUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  CELUOptions options;
};
XGRAD_LAYER(CELU);

/// The elu that keeps mean 0 and variance 1.
class XGRAD_API SELUImpl : public Cloneable<SELUImpl> {
 public:
  explicit SELUImpl(const SELUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  SELUOptions options;
};
XGRAD_LAYER(SELU);

/// x above 0, negative_slope x below.
class XGRAD_API LeakyReLUImpl : public Cloneable<LeakyReLUImpl> {
 public:
  explicit LeakyReLUImpl(const LeakyReLUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  LeakyReLUOptions options;
};
XGRAD_LAYER(LeakyReLU);

/// x held in [min_val, max_val].
class XGRAD_API HardtanhImpl : public Cloneable<HardtanhImpl> {
 public:
  explicit HardtanhImpl(const HardtanhOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  HardtanhOptions options;
};
XGRAD_LAYER(Hardtanh);

/// x held in [0, 6].
class XGRAD_API ReLU6Impl : public Cloneable<ReLU6Impl> {
 public:
  explicit ReLU6Impl(const ReLU6Options& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  ReLU6Options options;
};
XGRAD_LAYER(ReLU6);

/// x above threshold, else value.
class XGRAD_API ThresholdImpl : public Cloneable<ThresholdImpl> {
 public:
  ThresholdImpl(double threshold, double value) : ThresholdImpl(ThresholdOptions(threshold, value)) {}
  explicit ThresholdImpl(const ThresholdOptions& options_) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  ThresholdOptions options;
};
XGRAD_LAYER(Threshold);

/// x outside of [-lambda, lambda], 0 within.
class XGRAD_API HardshrinkImpl : public Cloneable<HardshrinkImpl> {
 public:
  explicit HardshrinkImpl(const HardshrinkOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  HardshrinkOptions options;
};
XGRAD_LAYER(Hardshrink);

/// x moved by lambda toward 0.
class XGRAD_API SoftshrinkImpl : public Cloneable<SoftshrinkImpl> {
 public:
  explicit SoftshrinkImpl(const SoftshrinkOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  SoftshrinkOptions options;
};
XGRAD_LAYER(Softshrink);

/// log(1 + e^(beta x)) / beta.
class XGRAD_API SoftplusImpl : public Cloneable<SoftplusImpl> {
 public:
  explicit SoftplusImpl(const SoftplusOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  SoftplusOptions options;
};
XGRAD_LAYER(Softplus);

/// x times the normal distribution at x.
class XGRAD_API GELUImpl : public Cloneable<GELUImpl> {
 public:
  explicit GELUImpl(const GELUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  GELUOptions options;
};
XGRAD_LAYER(GELU);

/// a sigmoid(b) of the halves a and b along a dimension.
class XGRAD_API GLUImpl : public Cloneable<GLUImpl> {
 public:
  explicit GLUImpl(const GLUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  GLUOptions options;
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
class XGRAD_API SoftminImpl : public Cloneable<SoftminImpl> {
 public:
  explicit SoftminImpl(int64_t dim) : SoftminImpl(SoftminOptions(dim)) {}
  explicit SoftminImpl(const SoftminOptions& options_) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  SoftminOptions options;
};
XGRAD_LAYER(Softmin);

}  // namespace xgrad::nn
