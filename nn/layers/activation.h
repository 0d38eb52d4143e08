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
XGRAD_MODULE(Sigmoid);

/// sinh(x) / cosh(x).
class XGRAD_API TanhImpl : public Cloneable<TanhImpl> {
 public:
  void reset() override {}
  Tensor forward(const Tensor& input);
};
XGRAD_MODULE(Tanh);

/// max(x, 0); written into the input when `inplace`.
class XGRAD_API ReLUImpl : public Cloneable<ReLUImpl> {
 public:
  explicit ReLUImpl(const ReLUOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  ReLUOptions options;
};
XGRAD_MODULE(ReLU);

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
XGRAD_MODULE(Softmax);

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
XGRAD_MODULE(LogSoftmax);

}  // namespace xgrad::nn
