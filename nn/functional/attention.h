// Attention of several heads as a function. The formula stands in core/ops/attention/attention.h.
#pragma once

#include <tuple>

#include <xgrad/nn/options/transformer.h>

namespace xgrad::nn::functional {

/// Linear maps of query [L, N, embed_dim], key [S, N, kdim] and value [S, N, vdim] (or all without N), cut
/// into heads; attention in each; the heads side by side through a linear map. The result, shaped as query,
/// and with need_weights the probabilities, [N, L, S], the mean over the heads or, without
/// average_attn_weights, [N, num_heads, L, S]; else an undefined tensor, and their matrix is never made.
///
/// Masks are Python's: in a bool one true means "not this one", another is added to the scores.
/// key_padding_mask is [N, S], attn_mask [L, S] or [N * num_heads, L, S].
XGRAD_API std::tuple<Tensor, Tensor> multi_head_attention_forward(
    const Tensor& query, const Tensor& key, const Tensor& value,
    const MultiheadAttentionForwardFuncOptions& options);

namespace detail {
/// The same, with the batch as the first dimension where `batch_first`.
std::tuple<Tensor, Tensor> multi_head_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                                const MultiheadAttentionForwardFuncOptions& options,
                                                bool batch_first);
}  // namespace detail

}  // namespace xgrad::nn::functional
