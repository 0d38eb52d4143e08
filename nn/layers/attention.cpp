// Attention of several heads: its weights.
#include <xgrad/nn/layers/attention.h>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/functional/attention.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

MultiheadAttentionImpl::MultiheadAttentionImpl(const MultiheadAttentionOptions& options_)
    : options(options_) {
  MultiheadAttentionImpl::reset();
}

void MultiheadAttentionImpl::reset() {
  const int64_t embed = options.embed_dim(), heads = options.num_heads();
  XGRAD_CHECK_AS(ValueError, embed > 0 && heads > 0 && embed % heads == 0,
                 "MultiheadAttention: num_heads must divide embed_dim: embed_dim is ", embed,
                 ", num_heads is ", heads);
  head_dim = embed / heads;
  _qkv_same_embed_dim = options.kdim() == embed && options.vdim() == embed;
  const auto weight = [&](bool wanted, int64_t rows, int64_t columns) {
    return wanted ? empty({rows, columns}) : Tensor();
  };
  q_proj_weight = register_parameter("q_proj_weight", weight(!_qkv_same_embed_dim, embed, embed));
  k_proj_weight = register_parameter("k_proj_weight", weight(!_qkv_same_embed_dim, embed, options.kdim()));
  v_proj_weight = register_parameter("v_proj_weight", weight(!_qkv_same_embed_dim, embed, options.vdim()));
  in_proj_weight = register_parameter("in_proj_weight", weight(_qkv_same_embed_dim, 3 * embed, embed));
  in_proj_bias = register_parameter("in_proj_bias", options.bias() ? empty({3 * embed}) : Tensor());
  out_proj = register_module(
      "out_proj", NonDynamicallyQuantizableLinear(LinearOptions(embed, embed).bias(options.bias())));
  const auto extra = [&] { return options.add_bias_kv() ? empty({1, 1, embed}) : Tensor(); };
  bias_k = register_parameter("bias_k", extra());
  bias_v = register_parameter("bias_v", extra());
  _reset_parameters();
}

void MultiheadAttentionImpl::_reset_parameters() {
  for (const Tensor& w : {in_proj_weight, q_proj_weight, k_proj_weight, v_proj_weight})
    if (w.defined()) init::xavier_uniform_(w);
  if (in_proj_bias.defined()) {
    init::zeros_(in_proj_bias);
    init::zeros_(out_proj->bias);
  }
  for (const Tensor& b : {bias_k, bias_v})
    if (b.defined()) init::xavier_normal_(b);
}

std::tuple<Tensor, Tensor> MultiheadAttentionImpl::forward(const Tensor& query, const Tensor& key,
                                                           const Tensor& value,
                                                           const Tensor& key_padding_mask, bool need_weights,
                                                           const Tensor& attn_mask,
                                                           bool average_attn_weights) {
  XGRAD_CHECK_AS(ValueError,
                 query.dim() > 0 && key.dim() > 0 && value.dim() > 0 &&
                     query.size(-1) == options.embed_dim() && key.size(-1) == options.kdim() &&
                     value.size(-1) == options.vdim(),
                 "MultiheadAttention: the last sizes must be embed_dim ", options.embed_dim(), ", kdim ",
                 options.kdim(), " and vdim ", options.vdim(), ": query is ", query.sizes(), ", key is ",
                 key.sizes(), ", value is ", value.sizes());
  const auto all = functional::MultiheadAttentionForwardFuncOptions(
                       options.embed_dim(), options.num_heads(), in_proj_weight, in_proj_bias, bias_k, bias_v,
                       options.add_zero_attn(), options.dropout(), out_proj->weight, out_proj->bias)
                       .training(is_training())
                       .key_padding_mask(key_padding_mask)
                       .need_weights(need_weights)
                       .attn_mask(attn_mask)
                       .use_separate_proj_weight(!_qkv_same_embed_dim)
                       .q_proj_weight(q_proj_weight)
                       .k_proj_weight(k_proj_weight)
                       .v_proj_weight(v_proj_weight)
                       .average_attn_weights(average_attn_weights);
  return functional::detail::multi_head_attention(query, key, value, all, options.batch_first());
}

XGRAD_DEFINE_LAYER(MultiheadAttention);

}  // namespace xgrad::nn
