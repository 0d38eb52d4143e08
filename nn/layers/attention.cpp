// Attention of several heads: its weights, and the shapes around core's op.
#include <xgrad/nn/layers/attention.h>

#include <cmath>

#include <xgrad/core/ops/attention/attention.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

namespace {

// A mask as what is added to scores: in a bool one true means "not this one".
Tensor added_to_scores(const char* what, const Tensor& mask, ScalarType dtype) {
  if (mask.dtype() == kBool) return zeros(mask.sizes(), TensorOptions(dtype)).masked_fill(mask, -INFINITY);
  XGRAD_CHECK_AS(TypeError, mask.is_floating_point(), "MultiheadAttention: ", what,
                 " must be bool or floating-point: it is ", mask.dtype());
  return mask.to(dtype);
}

// [rows, N, heads * size] as [N, heads, rows, size].
Tensor as_heads(const Tensor& t, int64_t heads) {
  return t.reshape({t.size(0), t.size(1), heads, t.size(2) / heads}).permute({1, 2, 0, 3});
}

}  // namespace

MultiheadAttentionImpl::MultiheadAttentionImpl(const MultiheadAttentionOptions& options_)
    : options(options_) {
  MultiheadAttentionImpl::reset();
}

bool MultiheadAttentionImpl::same_sizes() const {
  return options.kdim() == options.embed_dim() && options.vdim() == options.embed_dim();
}

void MultiheadAttentionImpl::reset() {
  const int64_t embed = options.embed_dim(), heads = options.num_heads();
  XGRAD_CHECK_AS(ValueError, embed > 0 && heads > 0 && embed % heads == 0,
                 "MultiheadAttention: num_heads must divide embed_dim: embed_dim is ", embed,
                 ", num_heads is ", heads);
  const auto weight = [&](bool wanted, int64_t rows, int64_t columns) {
    return wanted ? empty({rows, columns}) : Tensor();
  };
  q_proj_weight = register_parameter("q_proj_weight", weight(!same_sizes(), embed, embed));
  k_proj_weight = register_parameter("k_proj_weight", weight(!same_sizes(), embed, options.kdim()));
  v_proj_weight = register_parameter("v_proj_weight", weight(!same_sizes(), embed, options.vdim()));
  in_proj_weight = register_parameter("in_proj_weight", weight(same_sizes(), 3 * embed, embed));
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

void MultiheadAttentionImpl::check_inputs(const Tensor& query, const Tensor& key, const Tensor& value) const {
  const auto shapes = [&] {
    return concat("query is ", query.sizes(), ", key is ", key.sizes(), ", value is ", value.sizes());
  };
  XGRAD_CHECK_AS(
      ValueError,
      (query.dim() == 2 || query.dim() == 3) && key.dim() == query.dim() && value.dim() == query.dim(),
      "MultiheadAttention: query, key and value must all have 2 or all 3 dimensions: ", shapes());
  XGRAD_CHECK_AS(ValueError,
                 query.size(-1) == options.embed_dim() && key.size(-1) == options.kdim() &&
                     value.size(-1) == options.vdim(),
                 "MultiheadAttention: the last sizes must be embed_dim ", options.embed_dim(), ", kdim ",
                 options.kdim(), " and vdim ", options.vdim(), ": ", shapes());
  const int64_t batch = options.batch_first() ? 0 : 1;
  XGRAD_CHECK_AS(
      ValueError,
      query.dim() == 2 || (key.size(batch) == query.size(batch) && value.size(batch) == query.size(batch)),
      "MultiheadAttention: batch sizes differ: ", shapes());
  const int64_t step = query.dim() == 2 ? 0 : 1 - batch;
  XGRAD_CHECK_AS(ValueError, key.size(step) == value.size(step),
                 "MultiheadAttention: there must be a value for each key: ", shapes(), " (", key.size(step),
                 " vs ", value.size(step), ")");
}

std::tuple<Tensor, Tensor, Tensor> MultiheadAttentionImpl::projected(const Tensor& query, const Tensor& key,
                                                                     const Tensor& value) const {
  if (same_sizes() && query.is_same(key) && key.is_same(value)) {
    const std::vector<Tensor> all = linear(query, in_proj_weight, in_proj_bias).chunk(3, -1);
    return {all[0], all[1], all[2]};
  }
  const auto part = [](const Tensor& t, std::size_t i) { return t.defined() ? t.chunk(3, 0)[i] : t; };
  const auto weight = [&](const Tensor& own, std::size_t i) {
    return own.defined() ? own : part(in_proj_weight, i);
  };
  return {linear(query, weight(q_proj_weight, 0), part(in_proj_bias, 0)),
          linear(key, weight(k_proj_weight, 1), part(in_proj_bias, 1)),
          linear(value, weight(v_proj_weight, 2), part(in_proj_bias, 2))};
}

Tensor MultiheadAttentionImpl::merged_mask(const Tensor& key_padding_mask, const Tensor& attn_mask,
                                           int64_t batch, int64_t queries, int64_t keys,
                                           ScalarType dtype) const {
  Tensor mask;
  if (attn_mask.defined()) {
    const int64_t heads = options.num_heads();
    const bool flat = attn_mask.dim() == 2;
    const DimVector wanted = flat ? DimVector{queries, keys} : DimVector{batch * heads, queries, keys};
    XGRAD_CHECK_AS(ValueError, attn_mask.sizes() == IntArrayRef(wanted),
                   "MultiheadAttention: attn_mask must be [L, S] or [N * num_heads, L, S]: it is ",
                   attn_mask.sizes(), " (expected ", wanted, ")");
    mask = added_to_scores("attn_mask", attn_mask, dtype);
    if (!flat) mask = mask.view({batch, heads, queries, keys});
  }
  if (!key_padding_mask.defined()) return mask;
  const Tensor whole = key_padding_mask.dim() == 1 ? key_padding_mask.unsqueeze(0) : key_padding_mask;
  XGRAD_CHECK_AS(ValueError, whole.dim() == 2 && whole.size(0) == batch && whole.size(1) == keys,
                 "MultiheadAttention: key_padding_mask must be [N, S]: it is ", key_padding_mask.sizes(),
                 " (expected [", batch, ", ", keys, "])");
  const Tensor padding = added_to_scores("key_padding_mask", whole, dtype).view({batch, 1, 1, keys});
  return mask.defined() ? mask + padding : padding;
}

std::tuple<Tensor, Tensor> MultiheadAttentionImpl::forward(const Tensor& query, const Tensor& key,
                                                           const Tensor& value,
                                                           const Tensor& key_padding_mask, bool need_weights,
                                                           const Tensor& attn_mask,
                                                           bool average_attn_weights) {
  check_inputs(query, key, value);
  const bool batched = query.dim() == 3, turned = batched && options.batch_first();
  const auto [q0, k0, v0] = projected(query, key, value);
  const auto steps_first = [&](const Tensor& t) {
    return !batched ? t.unsqueeze(1) : turned ? t.transpose(0, 1) : t;
  };
  const Tensor q = steps_first(q0);
  Tensor k = steps_first(k0), v = steps_first(v0);
  const int64_t queries = q.size(0), batch = q.size(1), heads = options.num_heads(),
                embed = options.embed_dim();
  Tensor mask = merged_mask(key_padding_mask, attn_mask, batch, queries, k.size(0), q.dtype());
  const auto add_key = [&](const Tensor& one_key, const Tensor& one_value) {
    k = cat({k, one_key.expand({1, batch, embed})}, 0);
    v = cat({v, one_value.expand({1, batch, embed})}, 0);
    if (mask.defined()) mask = constant_pad_nd(mask, {0, 1});
  };
  if (bias_k.defined()) add_key(bias_k, bias_v);
  if (options.add_zero_attn()) add_key(zeros({1, 1, embed}, q.options()), zeros({1, 1, embed}, q.options()));

  const Tensor qh = as_heads(q, heads), kh = as_heads(k, heads), vh = as_heads(v, heads);
  const double dropout = is_training() ? options.dropout() : 0;
  const optional<Tensor> given = mask.defined() ? optional<Tensor>(mask) : nullopt;
  Tensor out, weights;
  if (need_weights)
    std::tie(out, weights) = _scaled_dot_product_attention(qh, kh, vh, given, dropout, true);
  else
    out = scaled_dot_product_attention(qh, kh, vh, given, dropout);
  if (weights.defined() && average_attn_weights) weights = weights.mean(1);
  if (weights.defined() && !batched) weights = weights.squeeze(0);
  const Tensor joined = out.permute({2, 0, 1, 3}).reshape({queries, batch, embed});
  const Tensor result = out_proj->forward(joined);
  return {!batched ? result.squeeze(1) : turned ? result.transpose(0, 1) : result, weights};
}

XGRAD_DEFINE_LAYER(MultiheadAttention);

}  // namespace xgrad::nn
