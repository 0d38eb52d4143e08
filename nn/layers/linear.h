// Layers of matrix products and of shapes: Linear, Bilinear, Identity, Flatten, Unflatten.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/linear.h>

namespace xgrad::nn {

/// input by weight^T plus bias: [..., in_features] to [..., out_features]. weight is [out_features,
/// in_features].
class XGRAD_API LinearImpl : public Cloneable<LinearImpl> {
 public:
  LinearImpl(int64_t in_features, int64_t out_features)
      : LinearImpl(LinearOptions(in_features, out_features)) {}
  explicit LinearImpl(const LinearOptions& options_);

  void reset() override;
  /// Fresh values, uniform within 1 / sqrt(in_features) of 0.
  void reset_parameters();
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  LinearOptions options;
  Tensor weight, bias;
};
XGRAD_LAYER(Linear);

/// x1^T W_o x2 + bias_o for each o: [..., in1_features] and [..., in2_features] to [..., out_features].
/// weight is [out_features, in1_features, in2_features].
class XGRAD_API BilinearImpl : public Cloneable<BilinearImpl> {
 public:
  BilinearImpl(int64_t in1_features, int64_t in2_features, int64_t out_features)
      : BilinearImpl(BilinearOptions(in1_features, in2_features, out_features)) {}
  explicit BilinearImpl(const BilinearOptions& options_);

  void reset() override;
  /// Fresh values, uniform within 1 / sqrt(in1_features) of 0.
  void reset_parameters();
  Tensor forward(const Tensor& input1, const Tensor& input2);
  std::string extra_repr() const override;

  BilinearOptions options;
  Tensor weight, bias;
};
XGRAD_LAYER(Bilinear);

/// Its input, whatever its arguments.
class XGRAD_API IdentityImpl : public Cloneable<IdentityImpl> {
 public:
  template <class... A>
  explicit IdentityImpl(const A&...) {}
  void reset() override {}
  Tensor forward(const Tensor& input) { return input; }
};
XGRAD_LAYER(Identity);

/// One dimension in place of start_dim to end_dim; by default all but the batch dimension.
class XGRAD_API FlattenImpl : public Cloneable<FlattenImpl> {
 public:
  explicit FlattenImpl(const FlattenOptions& options_ = {}) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  FlattenOptions options;
};
XGRAD_LAYER(Flatten);

/// Several dimensions in place of one.
class XGRAD_API UnflattenImpl : public Cloneable<UnflattenImpl> {
 public:
  UnflattenImpl(int64_t dim, std::vector<int64_t> sizes)
      : UnflattenImpl(UnflattenOptions(dim, std::move(sizes))) {}
  explicit UnflattenImpl(const UnflattenOptions& options_) : options(options_) {}
  void reset() override {}
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  UnflattenOptions options;
};
XGRAD_LAYER(Unflatten);

}  // namespace xgrad::nn
