// Normalisation of channels: over the batch, or of groups of them in each sample.
#pragma once

#include <cstdint>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// Contiguous [batch, channels, inner], cut into sets of elements that share mean and deviation: a channel
/// over the whole batch when `groups` is 0, else one of so many groups of channels of one sample.
struct ChannelSets {
  int64_t batch, channels, inner, groups;

  int64_t count() const { return groups == 0 ? channels : batch * groups; }
  /// Elements of each.
  int64_t size() const { return (groups == 0 ? batch : channels / groups) * inner; }
};

/// Float or double. weight and bias have a number per channel, or are null; mean, rstd and var one per set.
struct ChannelNorm {
  const void *x, *weight, *bias;
  void *y, *mean, *rstd, *var;
  double eps;
};
/// y = (x - mean) * rstd * weight + bias, with rstd = 1 / sqrt(var + eps) of the set; var is biased.
void channel_norm(ScalarType dtype, const ChannelNorm& arrays, const ChannelSets& sets);

/// Gradients are null where they are not wanted.
struct ChannelNormBackward {
  const void *g, *x, *weight, *mean, *rstd;
  void *dx, *dweight, *dbias;
};
/// dx = rstd * (gw - mean(gw) - xh * mean(gw * xh)) with gw = g * weight and xh = (x - mean) * rstd; dweight
/// and dbias are the sums of g * xh and g over batch and inner.
void channel_norm_backward(ScalarType dtype, const ChannelNormBackward& arrays, const ChannelSets& sets);

}  // namespace xgrad::kernels
