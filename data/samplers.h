// Samplers: which examples make the next batch.
#pragma once

#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::serialize {
class InputArchive;
class OutputArchive;
}  // namespace xgrad::serialize

namespace xgrad::data {

/// A request of a stream: the next so many examples.
class BatchSize {
 public:
  explicit BatchSize(std::size_t size) : size_(size) {}
  std::size_t size() const { return size_; }
  operator std::size_t() const { return size_; }

 private:
  std::size_t size_;
};

namespace samplers {

using data::BatchSize;

template <class BatchRequest = std::vector<std::size_t>>
class Sampler {
 public:
  using BatchRequestType = BatchRequest;
  virtual ~Sampler() = default;
  /// Starts an epoch, of `new_size` examples if given.
  virtual void reset(optional<std::size_t> new_size) = 0;
  void reset() { reset(nullopt); }
  /// At most `batch_size` examples; none at the end of the epoch.
  virtual optional<BatchRequest> next(std::size_t batch_size) = 0;
  /// How many examples an epoch has, if that is known.
  virtual optional<std::size_t> size() const { return nullopt; }
  /// The order of this epoch and how far it is. A sampler of one's own, whose loader is to be saved, has
  /// both.
  virtual void save(serialize::OutputArchive&) const { fail("save: this sampler has no save"); }
  /// Error, and nothing has changed, for what was saved with other examples.
  virtual void load(serialize::InputArchive&) { fail("load: this sampler has no load"); }
};

template <class BatchRequest>
serialize::OutputArchive& operator<<(serialize::OutputArchive& archive,
                                     const Sampler<BatchRequest>& sampler) {
  sampler.save(archive);
  return archive;
}
template <class BatchRequest>
serialize::InputArchive& operator>>(serialize::InputArchive& archive, Sampler<BatchRequest>& sampler) {
  sampler.load(archive);
  return archive;
}

/// 0, 1, 2, ...
class XGRAD_API SequentialSampler : public Sampler<> {
 public:
  explicit SequentialSampler(std::size_t size) : size_(size) {}
  using Sampler<>::reset;
  void reset(optional<std::size_t> new_size) override;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  optional<std::size_t> size() const override { return size_; }
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  std::size_t index() const { return index_; }

 private:
  std::size_t size_, index_ = 0;
};

/// A list of indices, from its beginning. Base of those that make such a list for each epoch.
class XGRAD_API ListSampler : public Sampler<> {
 public:
  using Sampler<>::reset;
  void reset(optional<std::size_t> new_size) override;
  optional<std::vector<std::size_t>> next(std::size_t batch_size) override;
  optional<std::size_t> size() const override { return static_cast<std::size_t>(indices_.numel()); }
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;
  std::size_t index() const { return index_; }

 protected:
  virtual Tensor make(std::size_t size) = 0;
  /// What all indices are below.
  virtual std::size_t limit() const { return size_; }
  void start(std::size_t size, std::size_t index = 0);

 private:
  Tensor indices_;
  std::size_t size_ = 0, index_ = 0;  // of what `make` was asked for
};

/// All in random order: `randperm`, anew for each epoch.
class XGRAD_API RandomSampler : public ListSampler {
 public:
  explicit RandomSampler(int64_t size, Dtype = kLong) { start(static_cast<std::size_t>(size)); }

 private:
  Tensor make(std::size_t size) override;
};

/// Those in `indices`, in random order.
class XGRAD_API SubsetRandomSampler : public ListSampler {
 public:
  explicit SubsetRandomSampler(std::vector<std::size_t> indices);

 private:
  Tensor make(std::size_t size) override;
  std::size_t limit() const override;
  Tensor all_;
};

/// `count` of them an epoch, each with a probability like its weight.
class XGRAD_API WeightedRandomSampler : public ListSampler {
 public:
  WeightedRandomSampler(Tensor weights, std::size_t count, bool replacement = true);

 private:
  Tensor make(std::size_t size) override;
  std::size_t limit() const override { return static_cast<std::size_t>(weights_.numel()); }
  Tensor weights_;
  bool replacement_;
};

/// No indices: the next so many, `epoch_size` in an epoch.
class XGRAD_API StreamSampler : public Sampler<BatchSize> {
 public:
  explicit StreamSampler(std::size_t epoch_size) : epoch_size_(epoch_size) {}
  using Sampler<BatchSize>::reset;
  void reset(optional<std::size_t> new_size) override;
  optional<BatchSize> next(std::size_t batch_size) override;
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;

 private:
  std::size_t epoch_size_, done_ = 0;
};

/// The share of one of several processes. With `allow_duplicates` all have equally many.
class XGRAD_API DistributedSampler : public ListSampler {
 public:
  DistributedSampler(std::size_t size, std::size_t num_replicas, std::size_t rank, bool allow_duplicates);
  void set_epoch(std::size_t epoch) { epoch_ = epoch; }
  std::size_t epoch() const { return epoch_; }
  /// Where it is in the order of all: a share begins at rank times its size.
  std::size_t index() const { return ListSampler::index() + rank_ * size().value_or(0); }
  /// Of the same order and share: it is made anew.
  void save(serialize::OutputArchive& archive) const override;
  void load(serialize::InputArchive& archive) override;

 protected:
  Tensor make(std::size_t size) override;
  virtual Tensor order(int64_t size) = 0;

 private:
  std::size_t replicas_, rank_, epoch_ = 0;
  bool allow_duplicates_;
};

class XGRAD_API DistributedRandomSampler : public DistributedSampler {
 public:
  explicit DistributedRandomSampler(std::size_t size, std::size_t num_replicas = 1, std::size_t rank = 0,
                                    bool allow_duplicates = true);

 private:
  Tensor order(int64_t size) override;
};

class XGRAD_API DistributedSequentialSampler : public DistributedSampler {
 public:
  explicit DistributedSequentialSampler(std::size_t size, std::size_t num_replicas = 1, std::size_t rank = 0,
                                        bool allow_duplicates = true);

 private:
  Tensor order(int64_t size) override;
};

}  // namespace samplers
}  // namespace xgrad::data
