// Attention.
#pragma once

#include <tuple>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// softmax(scale query key^T + mask) value, for query [..., L, E], key [..., S, E] and value [..., S, V]
/// (Vaswani et al., "Attention Is All You Need", 2017). `attn_mask` broadcasts to [..., L, S]: a bool one
/// says which keys take part, another is added; a query that sees no key gives 0. With `is_causal` a query
/// sees the keys up to its own position. `scale` is 1 / sqrt(E) if not given. Each probability is dropped
/// with `dropout_p`. With `enable_gqa`, query has a multiple of the heads ([..., heads, L, E]) of key and
/// value, and each of these serves as many. Without dropout, and where no gradient of a mask is wanted, the
/// [L, S] matrix is never made.
XGRAD_API Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& key, const Tensor& value,
                                              const optional<Tensor>& attn_mask = nullopt,
                                              double dropout_p = 0, bool is_causal = false,
                                              optional<double> scale = nullopt, bool enable_gqa = false);
/// The same with the probabilities after dropout, [..., L, S], which are always made; without `scale`.
XGRAD_API std::tuple<Tensor, Tensor> _scaled_dot_product_attention(
    const Tensor& query, const Tensor& key, const Tensor& value, const optional<Tensor>& attn_mask = nullopt,
    double dropout_p = 0, bool need_attn_weights = false, bool is_causal = false);

}  // namespace xgrad
