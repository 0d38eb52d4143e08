// Attention: a stanza over the tiled kernel, and the same as a composition where its matrix is wanted.
#include <xgrad/core/ops/attention/attention.h>

#include <array>
#include <cmath>

#include <xgrad/core/kernels/attention/attention.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/softmax.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

constexpr const char* kName = "scaled_dot_product_attention";

IntArrayRef leading(const Tensor& t) { return t.sizes().slice(0, t.sizes().size() - 2); }

// A tensor [..., rows, columns] as a matrix for each of its heads; copied if rows are not dense.
struct Heads {
  Tensor kept;
  std::vector<int64_t> offset;
  kernels::HeadMatrices matrices;

  explicit Heads(const Tensor& t) : kept(t) {
    if (!t.defined()) return;
    if (t.stride(-1) != 1) kept = t.contiguous();
    const IntArrayRef sizes = leading(kept), strides = kept.strides();
    offset.assign(1, 0);
    for (std::size_t d = 0; d < sizes.size(); ++d) {
      std::vector<int64_t> next;
      next.reserve(offset.size() * static_cast<std::size_t>(sizes[d]));
      for (const int64_t from : offset)
        for (int64_t i = 0; i < sizes[d]; ++i) next.push_back(from + i * strides[d]);
      offset = std::move(next);
    }
    // A single row may have any stride; the products want one that rows fit in.
    const int64_t stride = kept.size(-2) <= 1 ? std::max<int64_t>(1, kept.size(-1)) : kept.stride(-2);
    matrices = {kept.data_ptr(), offset.data(), stride};
  }
  Heads(const Heads&) = delete;
  Heads& operator=(const Heads&) = delete;
};

// Rows that overlap, as those of an expanded tensor do, are no matrix for a product.
Tensor with_dense_rows(const Tensor& t) {
  const bool dense = t.stride(-1) == 1 && (t.size(-2) <= 1 || t.stride(-2) >= t.size(-1));
  return dense ? t : t.contiguous();
}

Tensor causal_mask(int64_t queries, int64_t keys) {
  const NoGradGuard no_grad;
  return ones({queries, keys}, TensorOptions(kBool)).tril();
}

// What a bool mask adds to scores.
Tensor additive(const Tensor& mask, ScalarType dtype) {
  if (mask.dtype() != kBool) return mask;
  const NoGradGuard no_grad;
  return zeros(mask.sizes(), TensorOptions(dtype)).masked_fill_(mask.logical_not(), -INFINITY);
}

// Softmax of scores where a row of -inf gives 0.
Tensor probabilities_of(const Tensor& scores, bool masked) {
  if (!masked) return softmax(scores, -1);
  const Tensor blind = (scores == -INFINITY).all(-1, true);
  return softmax(scores.masked_fill(blind, 0), -1).masked_fill(blind, 0);
}

struct Attention : Kernel<4> {
  static constexpr OpName name{kName, "ScaledDotProductAttentionBackward"};
  using optional = Inputs<3>;
  double scale;
  bool causal;
  void attributes(auto& put) const {
    put("scale", scale);
    put("causal", causal);
  }

  kernels::Attention arrays(const Heads& q, const Heads& k, const Heads& v, const Heads& mask) const {
    return {static_cast<int64_t>(q.offset.size()),
            q.kept.size(-2),
            k.kept.size(-2),
            q.kept.size(-1),
            v.kept.size(-1),
            scale,
            causal,
            q.matrices,
            k.matrices,
            v.matrices,
            mask.matrices};
  }
  // The mask beside the scores, with a row for each query.
  static Tensor whole(const Tensor& mask, const Tensor& q, const Tensor& k) {
    if (!mask.defined()) return mask;
    DimVector sizes(q.sizes());
    sizes.back() = k.size(-2);
    const Tensor dense = mask.size(-1) == k.size(-2) && mask.stride(-1) == 1 ? mask : [&] {
      DimVector own(mask.sizes());
      own.back() = k.size(-2);
      return mask.expand(own).contiguous();
    }();
    return dense.expand(sizes);
  }

  std::tuple<Tensor, Tensor> forward(const Tensor& query, const Tensor& key, const Tensor& value,
                                     const Tensor& mask) const {
    const Heads q(with_dense_rows(query)), k(with_dense_rows(key)), v(with_dense_rows(value));
    const MaskHeads m(whole(mask, query, key));
    DimVector sizes(query.sizes());
    sizes.pop_back();
    const Tensor logsumexp = new_tensor(query.dtype(), sizes);
    sizes.push_back(value.size(-1));
    const Tensor out = new_tensor(query.dtype(), sizes);
    const Heads to(out);
    kernels::attention(query.dtype(), arrays(q, k, v, m), to.matrices, logsumexp.data_ptr());
    return {out, logsumexp};
  }

  std::array<Tensor, 4> backward_all(const ops::WantedInputs& wanted, const Tensor& g, const Tensor& query,
                                     const Tensor& key, const Tensor& value, const Tensor& mask,
                                     const Tensor& out, const Tensor& logsumexp) const {
    if (ops::derivative_is_expression()) return expression(wanted, g, query, key, value, mask);
    const Heads q(with_dense_rows(query)), k(with_dense_rows(key)), v(with_dense_rows(value)),
        gradient(with_dense_rows(g)), result(with_dense_rows(out));
    const MaskHeads m(whole(mask, query, key));
    std::array<Tensor, 4> to{new_tensor(query.dtype(), query.sizes()),
                             new_tensor(key.dtype(), key.sizes()),
                             new_tensor(value.dtype(), value.sizes()),
                             {}};
    const Heads dq(to[0]), dk(to[1]), dv(to[2]);
    kernels::attention_backward(
        query.dtype(), arrays(q, k, v, m),
        {gradient.matrices, result.matrices, logsumexp.data_ptr(), dq.matrices, dk.matrices, dv.matrices});
    return to;
  }
  using saved_all = Saved<In<0>, In<1>, In<2>, In<3>, Output<0>, Output<1>>;

  std::array<Tensor, 4> expression(const ops::WantedInputs& wanted, const Tensor& g, const Tensor& q,
                                   const Tensor& k, const Tensor& v, const Tensor& mask) const {
    Tensor scores = matmul(q, k.transpose(-2, -1)) * scale;
    if (mask.defined()) scores = scores + mask;
    if (causal) scores = scores.masked_fill(causal_mask(q.size(-2), k.size(-2)).logical_not(), -INFINITY);
    const Tensor p = probabilities_of(scores, mask.defined());
    const Tensor dp = matmul(g, v.transpose(-2, -1)), ds = p * (dp - (dp * p).sum(-1, true));
    std::array<Tensor, 4> out;
    if (wanted[0]) out[0] = matmul(ds, k) * scale;
    if (wanted[1]) out[1] = matmul(ds.transpose(-2, -1), q) * scale;
    if (wanted[2]) out[2] = matmul(p.transpose(-2, -1), g);
    return out;
  }

 private:
  struct MaskHeads : Heads {
    // Rows may be the same row again and again.
    explicit MaskHeads(const Tensor& t) : Heads(t) {
      if (t.defined()) matrices.row_stride = t.stride(-2);
    }
  };
};

void check(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, double dropout_p,
           bool causal) {
  const auto shapes = [&] {
    return concat("query is ", q.sizes(), ", key is ", k.sizes(), ", value is ", v.sizes());
  };
  XGRAD_CHECK(q.dim() >= 2 && k.dim() >= 2 && v.dim() >= 2, kName,
              ": query, key and value need two dimensions at least: ", shapes());
  XGRAD_CHECK_AS(TypeError, q.is_floating_point() && q.dtype() == k.dtype() && q.dtype() == v.dtype(), kName,
                 ": query, key and value must be of one floating-point dtype: query is ", q.dtype(),
                 ", key is ", k.dtype(), ", value is ", v.dtype());
  XGRAD_CHECK(q.size(-1) == k.size(-1), kName, ": query and key must have the same last size: ", shapes(),
              " (", q.size(-1), " vs ", k.size(-1), ")");
  XGRAD_CHECK(k.size(-2) == v.size(-2), kName, ": there must be a value for each key: ", shapes(), " (",
              k.size(-2), " vs ", v.size(-2), ")");
  XGRAD_CHECK_AS(ValueError, dropout_p >= 0 && dropout_p <= 1, kName,
                 ": dropout_p must be between 0 and 1: got ", dropout_p);
  XGRAD_CHECK(!mask.defined() || !causal, kName,
              ": attn_mask must not be given together with is_causal; put both into the mask");
  if (!mask.defined()) return;
  XGRAD_CHECK_AS(TypeError, mask.dtype() == kBool || mask.dtype() == q.dtype(), kName,
                 ": attn_mask must be bool or of query's dtype: query is ", q.dtype(), ", attn_mask is ",
                 mask.dtype());
  DimVector scores(q.sizes());
  scores.back() = k.size(-2);
  const bool fits = mask.dim() <= q.dim() &&
                    IntArrayRef(broadcast_sizes(kName, mask.sizes(), scores)) == IntArrayRef(scores);
  XGRAD_CHECK(fits, kName, ": attn_mask must broadcast to the scores ", scores, ": attn_mask is ",
              mask.sizes());
}

struct Weighted {
  Tensor out, weights;
};

Weighted composed(const Tensor& q, const Tensor& k, const Tensor& v, const Tensor& mask, double dropout_p,
                  bool causal, double scale) {
  // Both factors get their part, as PyTorch has it: large ones do not overflow on the way.
  const double part = std::sqrt(std::abs(scale));
  Tensor scores = matmul(q * (scale < 0 ? -part : part), k.transpose(-2, -1) * part);
  if (mask.defined()) scores = scores + additive(mask, q.dtype());
  if (causal) scores = scores + additive(causal_mask(q.size(-2), k.size(-2)), q.dtype());
  const Tensor p = dropout(probabilities_of(scores, mask.defined()), dropout_p, true);
  return {matmul(p, v), p};
}

double scale_of(const Tensor& q, optional<double> scale) {
  return scale.value_or(1 / std::sqrt(static_cast<double>(std::max<int64_t>(1, q.size(-1)))));
}

// The heads of key or value, each as often as query has more.
Tensor repeated(const Tensor& t, const Tensor& q) {
  XGRAD_CHECK(q.dim() >= 3 && t.dim() == q.dim() && t.size(-3) > 0 && q.size(-3) % t.size(-3) == 0, kName,
              ": with enable_gqa query must have a multiple of the heads of key and value: query is ",
              q.sizes(), ", key or value is ", t.sizes());
  return t.repeat_interleave(q.size(-3) / t.size(-3), -3);
}

}  // namespace

Tensor scaled_dot_product_attention(const Tensor& query, const Tensor& given_key, const Tensor& given_value,
                                    const optional<Tensor>& attn_mask, double dropout_p, bool is_causal,
                                    optional<double> scale, bool enable_gqa) {
  const Tensor key = enable_gqa ? repeated(given_key, query) : given_key,
               value = enable_gqa ? repeated(given_value, query) : given_value;
  const Tensor mask = attn_mask.value_or(Tensor());
  check(query, key, value, mask, dropout_p, is_causal);
  const double factor = scale_of(query, scale);
  const ScalarType dtype = query.dtype();
  if (dtype == kHalf || dtype == kBFloat16) {
    const auto wide = [](const Tensor& t) { return t.to(kFloat); };
    const Tensor wide_mask = mask.defined() && mask.dtype() != kBool ? wide(mask) : mask;
    return scaled_dot_product_attention(wide(query), wide(key), wide(value), wide_mask, dropout_p, is_causal,
                                        factor)
        .to(dtype);
  }
  const bool same_heads = leading(query) == leading(key) && leading(query) == leading(value);
  const bool learns = mask.defined() && (mask.requires_grad() || ops::tangent_of(mask).defined());
  const bool fused =
      same_heads && dropout_p == 0 && !learns && query.numel() > 0 && key.numel() > 0 && value.numel() > 0;
  if (!fused) return composed(query, key, value, mask, dropout_p, is_causal, factor).out;
  const Tensor added = mask.defined() ? additive(mask.detach(), dtype) : mask;
  return std::get<0>(differentiable(Attention{{}, factor, is_causal}, query, key, value, added));
}

std::tuple<Tensor, Tensor> _scaled_dot_product_attention(const Tensor& query, const Tensor& key,
                                                         const Tensor& value,
                                                         const optional<Tensor>& attn_mask, double dropout_p,
                                                         bool, bool is_causal) {
  const Tensor mask = attn_mask.value_or(Tensor());
  check(query, key, value, mask, dropout_p, is_causal);
  const Weighted w = composed(query, key, value, mask, dropout_p, is_causal, scale_of(query, nullopt));
  return {w.out, w.weights};
}

}  // namespace xgrad
