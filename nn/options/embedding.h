// Options of tables of vectors.
#pragma once

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/enum.h>

namespace xgrad::nn {

struct EmbeddingOptions {
  EmbeddingOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_ARG(int64_t, num_embeddings);
  XGRAD_ARG(int64_t, embedding_dim);
  XGRAD_ARG(optional<int64_t>, padding_idx) = nullopt;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(Tensor, _weight) = {};
  XGRAD_FIELDS(num_embeddings_, embedding_dim_, padding_idx_, max_norm_, norm_type_, scale_grad_by_freq_,
               sparse_);
};

struct EmbeddingFromPretrainedOptions {
  XGRAD_ARG(bool, freeze) = true;
  XGRAD_ARG(optional<int64_t>, padding_idx) = nullopt;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_FIELDS(freeze_, padding_idx_, max_norm_, norm_type_, scale_grad_by_freq_, sparse_);
};

/// How the vectors of a bag become one.
using EmbeddingBagMode = OneOf<enumtype::kSum, enumtype::kMean, enumtype::kMax>;

struct EmbeddingBagOptions {
  EmbeddingBagOptions(int64_t num_embeddings, int64_t embedding_dim)
      : num_embeddings_(num_embeddings), embedding_dim_(embedding_dim) {}
  XGRAD_ARG(int64_t, num_embeddings);
  XGRAD_ARG(int64_t, embedding_dim);
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(EmbeddingBagMode, mode) = kMean;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(Tensor, _weight) = {};
  XGRAD_ARG(bool, include_last_offset) = false;
  XGRAD_ARG(optional<int64_t>, padding_idx) = nullopt;
  XGRAD_FIELDS(num_embeddings_, embedding_dim_, max_norm_, norm_type_, scale_grad_by_freq_, mode_, sparse_,
               include_last_offset_, padding_idx_);
};

struct EmbeddingBagFromPretrainedOptions {
  XGRAD_ARG(bool, freeze) = true;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(EmbeddingBagMode, mode) = kMean;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(bool, include_last_offset) = false;
  XGRAD_ARG(optional<int64_t>, padding_idx) = nullopt;
  XGRAD_FIELDS(freeze_, max_norm_, norm_type_, scale_grad_by_freq_, mode_, sparse_, include_last_offset_,
               padding_idx_);
};

namespace functional {

struct EmbeddingFuncOptions {
  XGRAD_ARG(optional<int64_t>, padding_idx) = nullopt;
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_FIELDS(padding_idx_, max_norm_, norm_type_, scale_grad_by_freq_, sparse_);
};

struct EmbeddingBagFuncOptions {
  XGRAD_ARG(Tensor, offsets) = {};
  XGRAD_ARG(optional<double>, max_norm) = nullopt;
  XGRAD_ARG(double, norm_type) = 2;
  XGRAD_ARG(bool, scale_grad_by_freq) = false;
  XGRAD_ARG(EmbeddingBagMode, mode) = kMean;
  XGRAD_ARG(bool, sparse) = false;
  XGRAD_ARG(Tensor, per_sample_weights) = {};
  XGRAD_ARG(bool, include_last_offset) = false;
  XGRAD_ARG(optional<int64_t>, padding_idx) = nullopt;
  XGRAD_FIELDS(offsets_, max_norm_, norm_type_, scale_grad_by_freq_, mode_, sparse_, per_sample_weights_,
               include_last_offset_, padding_idx_);
};

}  // namespace functional

}  // namespace xgrad::nn
