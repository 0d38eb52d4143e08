// The seam between attention.cpp and the loops compiled once per instruction set (attention_isa.cpp). Plain
// data and declarations only: both sides are compiled with different flags.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

/// A tile of scores: `rows` x `n` elements, `n` apart, and the part of the mask over it (or null). Row r
/// counts its first `visible + r` columns where `causal`.
struct ScoreTile {
  void* scores;
  const void* mask;
  int64_t rows, n, mask_stride, visible;
  bool causal;
};

struct AttentionLoops {
  /// Scores become exp(score - top), where top is the largest so far; `sum` and the rows of `out` (`size`
  /// elements, out_stride apart), which were made with another, are brought to it.
  void (*exponentials)(const ScoreTile& tile, void* top, void* sum, void* out, int64_t size,
                       int64_t out_stride);
  /// Rows of `out` become shares of `sum`, and `top` the logarithm of the sum of exponentials.
  void (*finish)(void* top, const void* sum, void* out, int64_t rows, int64_t size, int64_t out_stride);
  /// Scores become probabilities exp(score - logsumexp).
  void (*probabilities)(const ScoreTile& tile, const void* logsumexp);
  /// dp becomes p * (dp - dot) for rows of `n`.
  void (*score_gradients)(const void* p, void* dp, const void* dots, int64_t rows, int64_t n);
  /// dots[r] = the product of row r of a and of b.
  void (*row_dots)(const void* a, int64_t a_stride, const void* b, int64_t b_stride, void* dots, int64_t rows,
                   int64_t n);
};

}  // namespace xgrad::kernels
