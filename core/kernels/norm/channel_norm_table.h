// The seam between channel_norm.cpp and the loops compiled once per instruction set (channel_norm_isa.cpp).
// Plain data and declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/norm/channel_norm.h>

namespace xgrad::kernels {

/// The rows of one set: `count` of `n` elements, `step` rows apart from row `first` on. The channel of a row
/// is `channel_step` further than that of the row before. Or, with `mixed`, the set is one row, and each of
/// its elements has a channel of its own, from `channel` on.
struct ChannelRows {
  int64_t first, step, count, n, channel, channel_step;
  bool mixed;
};

/// The loops of one type, for set number `set`. Backward leaves the sums of g and of g * xh over each row in
/// `row_sums`, two for a row, or for an element of a mixed one, and writes no dweight, no dbias.
struct ChannelNormLoops {
  void (*forward)(const ChannelNorm& arrays, const ChannelRows& rows, int64_t set);
  void (*backward)(const ChannelNormBackward& arrays, const ChannelRows& rows, int64_t set, double* row_sums);
  /// For the sets [first, last) of those over the batch that are columns of a matrix [batch, channels].
  /// Backward writes dweight and dbias.
  void (*forward_columns)(const ChannelNorm& arrays, const ChannelSets& sets, int64_t first, int64_t last);
  void (*backward_columns)(const ChannelNormBackward& arrays, const ChannelSets& sets, int64_t first,
                           int64_t last);
};

}  // namespace xgrad::kernels
