// Attention of queries to keys, tile by tile: the matrix of scores is never whole.
#pragma once

#include <cstdint>

#include <xgrad/core/types/dtype.h>

namespace xgrad::kernels {

/// A matrix for each head: from `data + offset[head]` on, rows `row_stride` elements apart, elements of a row
/// side by side.
struct HeadMatrices {
  void* data = nullptr;
  const int64_t* offset = nullptr;
  int64_t row_stride = 0;
};

/// Float or double. For each of `heads`: q is [queries, size], k [keys, size], v [keys, value_size]; the
/// scores are scale * q k^T, plus `mask` ([queries, keys], or no data) where there is one. With `causal` a
/// query sees no key behind its own position.
struct Attention {
  int64_t heads, queries, keys, size, value_size;
  double scale;
  bool causal;
  HeadMatrices q, k, v, mask;
};
/// out = softmax(scores) v, and `logsumexp` ([heads, queries], contiguous) of the scores, +inf for a query
/// that sees no key; its row of out is 0.
void attention(ScalarType dtype, const Attention& a, const HeadMatrices& out, void* logsumexp);

/// Gradients for all of the contiguous dq, dk, dv; g is the gradient of out.
struct AttentionGradients {
  HeadMatrices g, out;
  const void* logsumexp;
  HeadMatrices dq, dk, dv;
};
void attention_backward(ScalarType dtype, const Attention& a, const AttentionGradients& gradients);

}  // namespace xgrad::kernels
