#include <xgrad/data/samplers.h>

#include <algorithm>

#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/generator.h>
#include <xgrad/io/archive.h>

namespace xgrad::data::samplers {

namespace {

// Numbers are tensors, as in LibTorch's files.
void write(serialize::OutputArchive& archive, const char* key, std::size_t number) {
  archive.write(key, tensor(static_cast<int64_t>(number), kLong), true);
}

// At most `last`, which is how many examples there are.
std::size_t read(serialize::InputArchive& archive, const char* key, std::size_t last) {
  Tensor number;
  archive.read(key, number, true);
  XGRAD_CHECK_AS(ValueError, number.numel() == 1 && is_integral_type(number.scalar_type(), false), "load: '",
                 key, "' of a sampler is one integer: it is ", number);
  const auto value = number.item<int64_t>();
  XGRAD_CHECK_AS(ValueError, value >= 0 && static_cast<std::size_t>(value) <= last,
                 "load: the sampler was saved with other examples: '", key, "' is ", value,
                 ", and must be at most ", last);
  return static_cast<std::size_t>(value);
}

}  // namespace

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

void SequentialSampler::save(serialize::OutputArchive& archive) const { write(archive, "index", index_); }
void SequentialSampler::load(serialize::InputArchive& archive) { index_ = read(archive, "index", size_); }

void ListSampler::start(std::size_t size, std::size_t index) {
  indices_ = make(size);
  size_ = size;
  index_ = index;
}

void ListSampler::reset(optional<std::size_t> new_size) { start(new_size.value_or(size_)); }

void ListSampler::save(serialize::OutputArchive& archive) const {
  write(archive, "index", index_);
  archive.write("indices", indices_, true);
}

void ListSampler::load(serialize::InputArchive& archive) {
  Tensor indices;
  archive.read("indices", indices, true);
  XGRAD_CHECK_AS(ValueError, indices.dim() == 1 && is_integral_type(indices.scalar_type(), false),
                 "load: 'indices' of a sampler are a list of integers");
  XGRAD_CHECK_AS(ValueError, indices.numel() == indices_.numel(),
                 "load: the sampler was saved with another number of examples (", indices.numel(), " vs ",
                 indices_.numel(), ")");
  indices = indices.to(kLong).contiguous();
  const int64_t* const first = indices.data_ptr<int64_t>();
  const bool known = std::all_of(first, first + indices.numel(), [bound = limit()](int64_t i) {
    return i >= 0 && static_cast<std::size_t>(i) < bound;
  });
  XGRAD_CHECK_AS(IndexError, known, "load: the sampler was saved with other examples: here are ", limit());
  index_ = read(archive, "index", static_cast<std::size_t>(indices.numel()));
  indices_ = std::move(indices);
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
std::size_t SubsetRandomSampler::limit() const {
  return all_.numel() == 0 ? 0 : all_.max().item<std::size_t>() + 1;
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

void StreamSampler::save(serialize::OutputArchive& archive) const {
  write(archive, "examples_retrieved_so_far", done_);
}
void StreamSampler::load(serialize::InputArchive& archive) {
  done_ = read(archive, "examples_retrieved_so_far", epoch_size_);
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

void DistributedSampler::save(serialize::OutputArchive& archive) const {
  write(archive, "sample_index_", index());
  write(archive, "epoch_", epoch_);
}
void DistributedSampler::load(serialize::InputArchive& archive) {
  const std::size_t share = size().value_or(0), first = rank_ * share;
  const std::size_t index = read(archive, "sample_index_", first + share);
  XGRAD_CHECK_AS(ValueError, index >= first, "load: the sampler was saved for another share: its place is ",
                 index, ", and this share begins at ", first);
  IValue epoch;
  if (archive.try_read("epoch_", epoch)) epoch_ = read(archive, "epoch_", SIZE_MAX);
  start(limit(), index - first);
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
