#include <xgrad/data/samplers.h>

#include <algorithm>

#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/generator.h>

namespace xgrad::data::samplers {

void SequentialSampler::reset(optional<std::size_t> new_size) {
  size_ = new_size.value_or(size_);
  index_ = 0;
}

optional<std::vector<std::size_t>> SequentialSampler::next(std::size_t batch_size) {
  if (index_ >= size_) return nullopt;
  std::vector<std::size_t> batch(std::min(batch_size, size_ - index_));
  for (std::size_t& i : batch) i = index_++;
  return batch;
}

void ListSampler::start(std::size_t size) {
  indices_ = make(size);
  index_ = 0;
}

void ListSampler::reset(optional<std::size_t> new_size) {
  start(new_size.value_or(static_cast<std::size_t>(indices_.numel())));
}

optional<std::vector<std::size_t>> ListSampler::next(std::size_t batch_size) {
  const auto size = static_cast<std::size_t>(indices_.numel());
  if (index_ >= size) return nullopt;
  const int64_t* const first = indices_.data_ptr<int64_t>() + index_;
  const std::size_t count = std::min(batch_size, size - index_);
  index_ += count;
  return std::vector<std::size_t>(first, first + count);
}

Tensor RandomSampler::make(std::size_t size) { return randperm(static_cast<int64_t>(size), kLong); }

SubsetRandomSampler::SubsetRandomSampler(std::vector<std::size_t> indices)
    : all_(tensor(std::vector<int64_t>(indices.begin(), indices.end()), kLong)) {
  start(indices.size());
}
Tensor SubsetRandomSampler::make(std::size_t) { return all_.index_select(0, randperm(all_.numel(), kLong)); }

WeightedRandomSampler::WeightedRandomSampler(Tensor weights, std::size_t count, bool replacement)
    : weights_(std::move(weights)), replacement_(replacement) {
  XGRAD_CHECK_AS(ValueError, weights_.dim() == 1,
                 "WeightedRandomSampler: weights must have one dimension: they are ", weights_.sizes());
  start(count);
}
Tensor WeightedRandomSampler::make(std::size_t size) {
  return multinomial(weights_, static_cast<int64_t>(size), replacement_);
}

void StreamSampler::reset(optional<std::size_t> new_size) {
  epoch_size_ = new_size.value_or(epoch_size_);
  done_ = 0;
}

optional<BatchSize> StreamSampler::next(std::size_t batch_size) {
  if (done_ >= epoch_size_) return nullopt;
  const std::size_t count = std::min(batch_size, epoch_size_ - done_);
  done_ += count;
  return BatchSize(count);
}

DistributedSampler::DistributedSampler(std::size_t size, std::size_t num_replicas, std::size_t rank,
                                       bool allow_duplicates)
    : replicas_(num_replicas), rank_(rank), allow_duplicates_(allow_duplicates) {
  XGRAD_CHECK_AS(ValueError, rank < num_replicas,
                 "DistributedSampler: rank must be below num_replicas: it is ", rank, " of ", num_replicas,
                 ", for ", size, " examples");
}

// A block of the order that all processes share; where there are too few, it begins anew.
Tensor DistributedSampler::make(std::size_t size) {
  const auto n = static_cast<int64_t>(size), replicas = static_cast<int64_t>(replicas_);
  const int64_t share = n == 0 ? 0 : allow_duplicates_ ? (n + replicas - 1) / replicas : n / replicas;
  const Tensor positions = arange(share, kLong).add(static_cast<int64_t>(rank_) * share);
  return n == 0 ? positions : order(n).index_select(0, positions.remainder(n));
}

DistributedRandomSampler::DistributedRandomSampler(std::size_t size, std::size_t num_replicas,
                                                   std::size_t rank, bool allow_duplicates)
    : DistributedSampler(size, num_replicas, rank, allow_duplicates) {
  start(size);
}
Tensor DistributedRandomSampler::order(int64_t size) {
  return randperm(size, make_generator(epoch()), kLong);
}

DistributedSequentialSampler::DistributedSequentialSampler(std::size_t size, std::size_t num_replicas,
                                                           std::size_t rank, bool allow_duplicates)
    : DistributedSampler(size, num_replicas, rank, allow_duplicates) {
  start(size);
}
Tensor DistributedSequentialSampler::order(int64_t size) { return arange(size, kLong); }

}  // namespace xgrad::data::samplers
