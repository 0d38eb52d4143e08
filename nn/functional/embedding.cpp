// Functionals of tables of vectors: core's embedding, and its rows put together bag by bag.
#include <xgrad/nn/functional/embedding.h>

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

// How many elements each bag has.
Tensor lengths_of(const Tensor& input, const EmbeddingBagFuncOptions& options) {
  const char* op = "embedding_bag";
  const Tensor& offsets = options.offsets();
  if (input.dim() == 2) {
    XGRAD_CHECK_AS(ValueError, !offsets.defined(), op,
                   ": offsets must not be given with an input of two dimensions: input is ", input.sizes());
    return full({input.size(0)}, input.size(1), TensorOptions(kLong));
  }
  XGRAD_CHECK_AS(ValueError, input.dim() == 1, op, ": input must have one or two dimensions: input is ",
                 input.sizes());
  XGRAD_CHECK_AS(ValueError, offsets.defined() && offsets.dim() == 1, op,
                 ": an input of one dimension needs a vector of offsets");
  const int64_t bags = offsets.numel() - (options.include_last_offset() ? 1 : 0), n = input.numel();
  XGRAD_CHECK_AS(ValueError, bags >= 0, op, ": with include_last_offset there must be an offset");
  const Tensor starts = offsets.to(kLong).contiguous();
  const int64_t* start = starts.data_ptr<int64_t>();
  Tensor lengths = empty({bags}, TensorOptions(kLong));
  int64_t* length = lengths.data_ptr<int64_t>();
  for (int64_t bag = 0; bag < bags; ++bag) {
    const int64_t end = bag + 1 < offsets.numel() ? start[bag + 1] : n;
    XGRAD_CHECK_AS(ValueError, start[0] == 0 && start[bag] <= end && end <= n, op,
                   ": offsets must begin with 0, not decrease, and stay within input: input is ",
                   input.sizes(), ", bag ", bag, " is from ", start[bag], " to ", end);
    length[bag] = end - start[bag];
  }
  return lengths;
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
  const int64_t padding = padding_of(op, options.padding_idx(), weight);
  Tensor lengths = lengths_of(input, options), indices = input.reshape(-1), weights = each;
  // What belongs to no bag of offsets is left out.
  indices = indices.narrow(0, 0, lengths.sum().item<int64_t>());
  if (weights.defined()) weights = weights.reshape(-1).narrow(0, 0, indices.numel());
  renorm(weight, indices, options.max_norm(), options.norm_type());
  Tensor rows = xgrad::embedding(weight, indices, padding, options.scale_grad_by_freq());
  if (weights.defined()) rows = rows * weights.unsqueeze(1);
  if (lengths.numel() == 0) return rows;  // no bag: rows of none
  if (padding >= 0) {
    const Tensor counts = indices.ne(padding), kept = counts.nonzero().reshape(-1);
    lengths = segment_reduce(counts.to(kDouble), "sum", lengths).to(kLong);
    rows = rows.index_select(0, kept);
  }
  Tensor sums = segment_reduce(rows, options.mode().is(kMax) ? "max" : "sum", lengths);
  if (options.mode().is(kSum)) return sums;
  if (options.mode().is(kMean)) return sums / lengths.clamp_min(1).unsqueeze(1).to(sums.dtype());
  return sums.masked_fill(lengths.eq(0).unsqueeze(1), 0);
}

}  // namespace xgrad::nn::functional
