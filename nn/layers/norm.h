// Normalisation as modules. The formulas stand in core/ops/norm/norm.h.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/layers/options_layer.h>
#include <xgrad/nn/options/norm.h>

namespace xgrad::nn {

/// What BatchNorm and InstanceNorm of every number of dimensions have: weight and bias, which learn, and
/// running mean and variance. Those that the options do not ask for are undefined.
template <class Derived, class Options>
class XGRAD_API NormImplBase : public Cloneable<Derived> {
 public:
  void reset() override;
  /// weight 1, bias 0.
  void reset_parameters();
  /// running_mean 0, running_var 1, num_batches_tracked 0.
  void reset_running_stats();
  std::string extra_repr() const override;

  Options options;
  Tensor weight, bias, running_mean, running_var, num_batches_tracked;

 protected:
  explicit NormImplBase(const Options& options_) : options(options_) { NormImplBase::reset(); }
  /// Throws ValueError unless `input` has `low` or `high` dimensions, and its channels at `channel_dim`.
  void check_input(const Tensor& input, int64_t low, int64_t high, int64_t channel_dim) const;
};

/// Every channel of a batch brought to mean 0 and variance 1, then weight * x + bias; in evaluation with the
/// running mean and variance. D = 1: [N, C] or [N, C, L]; 2: [N, C, H, W]; 3: [N, C, D, H, W].
template <int64_t D, class Derived>
class XGRAD_API BatchNormImplBase : public NormImplBase<Derived, BatchNormOptions> {
 public:
  explicit BatchNormImplBase(const BatchNormOptions& options_)
      : NormImplBase<Derived, BatchNormOptions>(options_) {}
  Tensor forward(const Tensor& input);
};

/// Every channel of every sample brought to mean 0 and variance 1. As BatchNorm, or without N.
template <int64_t D, class Derived>
class XGRAD_API InstanceNormImplBase : public NormImplBase<Derived, InstanceNormOptions> {
 public:
  explicit InstanceNormImplBase(const InstanceNormOptions& options_)
      : NormImplBase<Derived, InstanceNormOptions>(options_) {}
  Tensor forward(const Tensor& input);
};

#define XGRAD_NORM(Family, D)                                                                  \
  class XGRAD_API Family##D##dImpl : public Family##ImplBase<D, Family##D##dImpl> {            \
   public:                                                                                     \
    explicit Family##D##dImpl(const Family##Options& options_) : Family##ImplBase(options_) {} \
  };                                                                                           \
  XGRAD_LAYER(Family##D##d);                                                                   \
  extern template class NormImplBase<Family##D##dImpl, Family##Options>;                       \
  extern template class Family##ImplBase<D, Family##D##dImpl>
XGRAD_NORM(BatchNorm, 1);
XGRAD_NORM(BatchNorm, 2);
XGRAD_NORM(BatchNorm, 3);
XGRAD_NORM(InstanceNorm, 1);
XGRAD_NORM(InstanceNorm, 2);
XGRAD_NORM(InstanceNorm, 3);
#undef XGRAD_NORM

/// The last dimensions, of `normalized_shape`, brought to mean 0 and variance 1.
class XGRAD_API LayerNormImpl : public Cloneable<LayerNormImpl> {
 public:
  explicit LayerNormImpl(std::vector<int64_t> normalized_shape)
      : LayerNormImpl(LayerNormOptions(std::move(normalized_shape))) {}
  explicit LayerNormImpl(const LayerNormOptions& options_);
  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  LayerNormOptions options;
  Tensor weight, bias;
};
XGRAD_LAYER(LayerNorm);

/// The last dimensions divided by their root mean square.
class XGRAD_API RMSNormImpl : public Cloneable<RMSNormImpl> {
 public:
  explicit RMSNormImpl(std::vector<int64_t> normalized_shape)
      : RMSNormImpl(RMSNormOptions(std::move(normalized_shape))) {}
  explicit RMSNormImpl(const RMSNormOptions& options_);
  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  RMSNormOptions options;
  Tensor weight;
};
XGRAD_LAYER(RMSNorm);

/// Groups of channels of every sample of [N, C, ...] brought to mean 0 and variance 1.
class XGRAD_API GroupNormImpl : public Cloneable<GroupNormImpl> {
 public:
  GroupNormImpl(int64_t num_groups, int64_t num_channels)
      : GroupNormImpl(GroupNormOptions(num_groups, num_channels)) {}
  explicit GroupNormImpl(const GroupNormOptions& options_);
  void reset() override;
  void reset_parameters();
  Tensor forward(const Tensor& input);
  std::string extra_repr() const override;

  GroupNormOptions options;
  Tensor weight, bias;
};
XGRAD_LAYER(GroupNorm);

/// x / (k + alpha * mean of x^2 over `size` neighbouring channels)^beta.
XGRAD_OPTIONS_LAYER(LocalResponseNorm, Tensor forward(const Tensor& input));

/// The same over as many channels to both sides, [N, C, H, W].
XGRAD_OPTIONS_LAYER(CrossMapLRN2d, Tensor forward(const Tensor& input));

}  // namespace xgrad::nn
