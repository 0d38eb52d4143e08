// Attention of several heads: the shapes around core's op.
#include <xgrad/nn/functional/attention.h>

#include <cmath>

#include <xgrad/core/ops/attention/attention.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::nn::functional {

namespace {

constexpr const char* kOp = "multi_head_attention_forward";
using Options = MultiheadAttentionForwardFuncOptions;

// A mask as what is added to scores: in a bool one true means "not this one".
Tensor added_to_scores(const char* what, const Tensor& mask, ScalarType dtype) {
  if (mask.dtype() == kBool) return zeros(mask.sizes(), TensorOptions(dtype)).masked_fill(mask, -INFINITY);
  XGRAD_CHECK_AS(TypeError, mask.is_floating_point(), kOp, ": ", what,
                 " must be bool or floating-point: it is ", mask.dtype());
  return mask.to(dtype);
}

// [rows, N, heads * size] as [N, heads, rows, size].
Tensor as_heads(const Tensor& t, int64_t heads) {
  return t.reshape({t.size(0), t.size(1), heads, t.size(2) / heads}).permute({1, 2, 0, 3});
}

void check_inputs(const Tensor& query, const Tensor& key, const Tensor& value, const Options& o,
                  bool batch_first) {
  const auto shapes = [&] {
    return concat("query is ", query.sizes(), ", key is ", key.sizes(), ", value is ", value.sizes());
  };
  const int64_t embed = o.embed_dim_to_check(), heads = o.num_heads();
  XGRAD_CHECK_AS(ValueError, embed > 0 && heads > 0 && embed % heads == 0, kOp,
                 ": num_heads must divide embed_dim: embed_dim is ", embed, ", num_heads is ", heads);
  XGRAD_CHECK_AS(
      ValueError,
      (query.dim() == 2 || query.dim() == 3) && key.dim() == query.dim() && value.dim() == query.dim(), kOp,
      ": query, key and value must all have 2 or all 3 dimensions: ", shapes());
  XGRAD_CHECK_AS(ValueError, query.size(-1) == embed, kOp, ": the last size of query must be embed_dim ",
                 embed, ": ", shapes());
  const int64_t batch = batch_first ? 0 : 1, step = query.dim() == 2 ? 0 : 1 - batch;
  XGRAD_CHECK_AS(
      ValueError,
      query.dim() == 2 || (key.size(batch) == query.size(batch) && value.size(batch) == query.size(batch)),
      kOp, ": batch sizes differ: ", shapes());
  XGRAD_CHECK_AS(ValueError, key.size(step) == value.size(step), kOp,
                 ": there must be a value for each key: ", shapes(), " (", key.size(step), " vs ",
                 value.size(step), ")");
}

std::tuple<Tensor, Tensor, Tensor> projected(const Tensor& query, const Tensor& key, const Tensor& value,
                                             const Options& o) {
  const Tensor &weight = o.in_proj_weight(), &bias = o.in_proj_bias();
  const bool separate = o.use_separate_proj_weight();
  if (!separate && query.is_same(key) && key.is_same(value)) {
    const std::vector<Tensor> all = xgrad::linear(query, weight, bias).chunk(3, -1);
    return {all[0], all[1], all[2]};
  }
  const auto part = [](const Tensor& t, std::size_t i) { return t.defined() ? t.chunk(3, 0)[i] : t; };
  const auto map = [&](const Tensor& input, const Tensor& own, std::size_t i) {
    return xgrad::linear(input, separate ? own : part(weight, i), part(bias, i));
  };
  return {map(query, o.q_proj_weight(), 0), map(key, o.k_proj_weight(), 1), map(value, o.v_proj_weight(), 2)};
}

Tensor merged_mask(const Options& o, int64_t batch, int64_t queries, int64_t keys, ScalarType dtype) {
  Tensor mask;
  if (const Tensor& given = o.attn_mask(); given.defined()) {
    const int64_t heads = o.num_heads();
    const bool flat = given.dim() == 2;
    const DimVector wanted = flat ? DimVector{queries, keys} : DimVector{batch * heads, queries, keys};
    XGRAD_CHECK_AS(ValueError, given.sizes() == IntArrayRef(wanted), kOp,
                   ": attn_mask must be [L, S] or [N * num_heads, L, S]: it is ", given.sizes(),
                   " (expected ", wanted, ")");
    mask = added_to_scores("attn_mask", given, dtype);
    if (!flat) mask = mask.view({batch, heads, queries, keys});
  }
  const Tensor& given = o.key_padding_mask();
  if (!given.defined()) return mask;
  const Tensor whole = given.dim() == 1 ? given.unsqueeze(0) : given;
  XGRAD_CHECK_AS(ValueError, whole.dim() == 2 && whole.size(0) == batch && whole.size(1) == keys, kOp,
                 ": key_padding_mask must be [N, S]: it is ", given.sizes(), " (expected [", batch, ", ",
                 keys, "])");
  const Tensor padding = added_to_scores("key_padding_mask", whole, dtype).view({batch, 1, 1, keys});
  return mask.defined() ? mask + padding : padding;
}

// [N * num_heads, S, size] as [N, num_heads, S, size].
Tensor static_heads(const char* what, const Tensor& t, int64_t batch, int64_t heads, int64_t size) {
  XGRAD_CHECK_AS(ValueError, t.dim() == 3 && t.size(0) == batch * heads && t.size(2) == size, kOp, ": ", what,
                 " must be [N * num_heads, S, head size]: it is ", t.sizes(), " (expected [", batch * heads,
                 ", S, ", size, "])");
  return t.view({batch, heads, t.size(1), size});
}

}  // namespace

std::tuple<Tensor, Tensor> detail::multi_head_attention(const Tensor& query, const Tensor& key,
                                                        const Tensor& value, const Options& o,
                                                        bool batch_first) {
  check_inputs(query, key, value, o, batch_first);
  const bool batched = query.dim() == 3, turned = batched && batch_first;
  const auto [q0, k0, v0] = projected(query, key, value, o);
  const auto steps_first = [&](const Tensor& t) {
    return !batched ? t.unsqueeze(1) : turned ? t.transpose(0, 1) : t;
  };
  const Tensor q = steps_first(q0);
  const int64_t queries = q.size(0), batch = q.size(1), heads = o.num_heads(), embed = o.embed_dim_to_check();
  Tensor kh, vh;
  {
    Tensor k = steps_first(k0), v = steps_first(v0);
    if (o.bias_k().defined()) {
      k = cat({k, o.bias_k().expand({1, batch, embed})}, 0);
      v = cat({v, o.bias_v().expand({1, batch, embed})}, 0);
    }
    kh = as_heads(k, heads);
    vh = as_heads(v, heads);
  }
  if (o.static_k().defined()) kh = static_heads("static_k", o.static_k(), batch, heads, embed / heads);
  if (o.static_v().defined()) vh = static_heads("static_v", o.static_v(), batch, heads, embed / heads);
  Tensor mask = merged_mask(o, batch, queries, kh.size(2) - (o.bias_k().defined() ? 1 : 0), q.dtype());
  int64_t added = o.bias_k().defined() ? 1 : 0;
  if (o.add_zero_attn()) {
    const Tensor zero = zeros({batch, heads, 1, embed / heads}, q.options());
    kh = cat({kh, zero}, 2);
    vh = cat({vh, zero}, 2);
    ++added;
  }
  if (mask.defined() && added > 0) mask = constant_pad_nd(mask, {0, added});

  const double dropout = o.training() ? o.dropout_p() : 0;
  const optional<Tensor> given = mask.defined() ? optional<Tensor>(mask) : nullopt;
  const Tensor qh = as_heads(q, heads);
  Tensor out, weights;
  if (o.need_weights())
    std::tie(out, weights) = _scaled_dot_product_attention(qh, kh, vh, given, dropout, true);
  else
    out = scaled_dot_product_attention(qh, kh, vh, given, dropout);
  if (weights.defined() && o.average_attn_weights()) weights = weights.mean(1);
  if (weights.defined() && !batched) weights = weights.squeeze(0);
  const Tensor joined = out.permute({2, 0, 1, 3}).reshape({queries, batch, embed});
  const Tensor result = xgrad::linear(joined, o.out_proj_weight(), o.out_proj_bias());
  return {!batched ? result.squeeze(1) : turned ? result.transpose(0, 1) : result, weights};
}

std::tuple<Tensor, Tensor> multi_head_attention_forward(const Tensor& query, const Tensor& key,
                                                        const Tensor& value, const Options& options) {
  return detail::multi_head_attention(query, key, value, options, false);
}

}  // namespace xgrad::nn::functional
