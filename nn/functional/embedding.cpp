// Functionals of tables of vectors: core's embedding, and its rows put together bag by bag.
#include <xgrad/nn/functional/embedding.h>

#include <xgrad/core/ops/indexing/bags.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::nn::functional {

namespace {

// -1 where there is none.
int64_t padding_of(const char* op, optional<int64_t> padding_idx, const Tensor& weight) {
  if (!padding_idx || weight.dim() == 0) return -1;
  const int64_t n = weight.size(0), at = *padding_idx;
  XGRAD_CHECK_AS(ValueError, at >= -n && at < n, op, ": padding_idx must be within num_embeddings: it is ",
                 at, ", weight is ", weight.sizes());
  return at < 0 ? at + n : at;
}

void renorm(const Tensor& weight, const Tensor& input, optional<double> max_norm, double norm_type) {
  const NoGradGuard no_grad;
  Tensor table = weight.detach();
  if (max_norm) embedding_renorm_(table, input, *max_norm, norm_type);
}

// Where each bag begins, and where the last one ends.
Tensor begins_of(const Tensor& input, const EmbeddingBagFuncOptions& options) {
  const char* op = "embedding_bag";
  const Tensor& offsets = options.offsets();
  if (input.dim() == 2) {
    XGRAD_CHECK_AS(ValueError, !offsets.defined(), op,
                   ": offsets must not be given with an input of two dimensions: input is ", input.sizes());
    return arange(input.size(0) + 1, TensorOptions(kLong)) * input.size(1);
  }
  XGRAD_CHECK_AS(ValueError, input.dim() == 1, op, ": input must have one or two dimensions: input is ",
                 input.sizes());
  XGRAD_CHECK_AS(ValueError, offsets.defined() && offsets.dim() == 1, op,
                 ": an input of one dimension needs a vector of offsets");
  XGRAD_CHECK_AS(ValueError, offsets.numel() > 0 || !options.include_last_offset(), op,
                 ": with include_last_offset there must be an offset");
  const int64_t n = input.numel();
  const Tensor end = full({1}, n, TensorOptions(kLong)), starts = offsets.to(kLong);
  Tensor begins = options.include_last_offset() ? starts.contiguous() : cat({starts, end});
  if (begins.numel() == 1) return zeros({1}, TensorOptions(kLong));
  const int64_t* begin = begins.data_ptr<int64_t>();
  for (int64_t bag = 0; bag + 1 < begins.numel(); ++bag)
    XGRAD_CHECK_AS(ValueError, begin[0] == 0 && begin[bag] <= begin[bag + 1] && begin[bag + 1] <= n, op,
                   ": offsets must begin with 0, not decrease, and stay within input: input is ",
                   input.sizes(), ", bag ", bag, " is from ", begin[bag], " to ", begin[bag + 1]);
  return begins;
}

}  // namespace

Tensor embedding(const Tensor& input, const Tensor& weight, const EmbeddingFuncOptions& options) {
  const int64_t padding = padding_of("embedding", options.padding_idx(), weight);
  XGRAD_CHECK(!options.sparse(), "embedding: sparse gradients are not supported");
  renorm(weight, input, options.max_norm(), options.norm_type());
  return xgrad::embedding(weight, input, padding, options.scale_grad_by_freq(), options.sparse());
}

Tensor embedding_bag(const Tensor& input, const Tensor& weight, const EmbeddingBagFuncOptions& options) {
  const char* op = "embedding_bag";
  const Tensor& each = options.per_sample_weights();
  XGRAD_CHECK_AS(ValueError, weight.dim() == 2, op, ": weight must be a matrix: weight is ", weight.sizes());
  XGRAD_CHECK_AS(ValueError, !each.defined() || each.sizes() == input.sizes(), op,
                 ": per_sample_weights must have the shape of input: input is ", input.sizes(),
                 ", per_sample_weights is ", each.defined() ? each.sizes() : input.sizes());
  XGRAD_CHECK_AS(TypeError, !each.defined() || each.dtype() == weight.dtype(), op,
                 ": per_sample_weights must have weight's dtype: weight is ", weight.dtype(),
                 ", per_sample_weights is ", each.defined() ? each.dtype() : weight.dtype());
  XGRAD_CHECK_AS(ValueError, !each.defined() || options.mode().is(kSum), op,
                 ": per_sample_weights are for the mode kSum alone");
  XGRAD_CHECK_AS(ValueError, !options.mode().is(kMax) || !(options.scale_grad_by_freq() || options.sparse()),
                 op, ": scale_grad_by_freq and sparse are for the modes kSum and kMean alone");
  const int64_t padding = padding_of(op, options.padding_idx(), weight);
  Tensor begins = begins_of(input, options), indices = input.reshape(-1), weights = each;
  const int64_t bags = begins.numel() - 1;
  // What belongs to no bag of offsets is left out.
  indices = indices.narrow(0, 0, begins[bags].item<int64_t>());
  if (weights.defined()) weights = weights.reshape(-1).narrow(0, 0, indices.numel());
  renorm(weight, indices, options.max_norm(), options.norm_type());
  if (padding >= 0) {
    const Tensor counts = indices.ne(padding), kept = counts.nonzero().reshape(-1);
    begins = cat({zeros({1}, TensorOptions(kLong)), counts.cumsum(0)}).index_select(0, begins);
    indices = indices.index_select(0, kept);
    if (weights.defined()) weights = weights.index_select(0, kept);
  }
  const Tensor lengths = begins.narrow(0, 1, bags) - begins.narrow(0, 0, bags);
  const ScalarType stored = weight.dtype(), dtype = compute_type(stored);
  Tensor table = weight;
  if (options.mode().is(kMax) || options.scale_grad_by_freq() || dtype != stored) {
    table = xgrad::embedding(weight, indices, -1, options.scale_grad_by_freq());
    indices = arange(indices.numel(), TensorOptions(kLong));
  }
  if (options.mode().is(kMax) && bags > 0)
    return segment_reduce(table, "max", lengths).masked_fill(lengths.eq(0).unsqueeze(1), 0);
  if (weights.defined()) weights = weights.to(dtype);
  Tensor sums = xgrad::ops::sum_bags(table.to(dtype), indices, begins, weights).to(stored);
  if (!options.mode().is(kMean)) return sums;
  return sums / lengths.clamp_min(1).unsqueeze(1).to(stored);
}

}  // namespace xgrad::nn::functional
