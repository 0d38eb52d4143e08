// Attention of several heads as a module. The formula stands in core/ops/attention/attention.h.
#pragma once

#include <tuple>

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/layers/linear.h>
#include <xgrad/nn/options/transformer.h>

namespace xgrad::nn {

/// The Linear behind the heads, which prints under the name that Python gives it.
class XGRAD_API NonDynamicallyQuantizableLinearImpl : public LinearImpl {
 public:
  using LinearImpl::LinearImpl;
};
using NonDynamicallyQuantizableLinear = ModuleHolder<NonDynamicallyQuantizableLinearImpl>;

/// functional::multi_head_attention_forward with weights of its own (Vaswani et al., 2017). query is [L, N,
/// embed_dim], key [S, N, kdim], value [S, N, vdim] ([N, L, ...] with batch_first, or without N).
class XGRAD_API MultiheadAttentionImpl : public Cloneable<MultiheadAttentionImpl> {
 public:
  MultiheadAttentionImpl(int64_t embed_dim, int64_t num_heads)
      : MultiheadAttentionImpl(MultiheadAttentionOptions(embed_dim, num_heads)) {}
  explicit MultiheadAttentionImpl(const MultiheadAttentionOptions& options_);

  void reset() override;
  /// Fresh values: xavier_uniform_ for the maps, 0 for their biases, xavier_normal_ for bias_k and bias_v.
  void _reset_parameters();
  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                     const Tensor& key_padding_mask = {}, bool need_weights = true,
                                     const Tensor& attn_mask = {}, bool average_attn_weights = true);

  MultiheadAttentionOptions options;
  Tensor in_proj_weight, in_proj_bias, bias_k, bias_v, q_proj_weight, k_proj_weight, v_proj_weight;
  NonDynamicallyQuantizableLinear out_proj = nullptr;
  bool _qkv_same_embed_dim = true;
  int64_t head_dim = 0;  ///< embed_dim / num_heads
};
XGRAD_LAYER(MultiheadAttention);

}  // namespace xgrad::nn
