// Tables of vectors as functions with options.
#pragma once

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/nn/options/embedding.h>

namespace xgrad::nn::functional {

/// The row of `weight` for each index (int64 or int32): [...] gives [..., embedding_dim]. The row
/// `padding_idx` (negative: from the end) gets no gradient. With `max_norm` the chosen rows of `weight` are
/// scaled down first, in place, where their norm is larger.
XGRAD_API Tensor embedding(const Tensor& input, const Tensor& weight,
                           const EmbeddingFuncOptions& options = {});
/// Sum, mean or maximum of the rows of each bag: those of a row of [bags, n] indices, or, of a vector of
/// indices, those from one of `offsets` to the next. A bag without elements gives 0. Indices that are
/// `padding_idx` do not count. `per_sample_weights`, in the shape of input, are for kSum.
XGRAD_API Tensor embedding_bag(const Tensor& input, const Tensor& weight,
                               const EmbeddingBagFuncOptions& options = {});

}  // namespace xgrad::nn::functional
