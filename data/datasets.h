// Datasets: where examples come from, and what can be made of other datasets.
#pragma once

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/tensor/generator.h>
#include <xgrad/data/example.h>

namespace xgrad::serialize {
class InputArchive;
class OutputArchive;
}  // namespace xgrad::serialize

namespace xgrad::data::datasets {

template <class Source, class Applied>
class MapDataset;
template <class Source, class Applied>
MapDataset<Source, Applied> map(Source dataset, Applied transform);

/// Gives batches for requests, which a sampler makes. Self is the class derived from it.
template <class Self, class Batch, class Request = ArrayRef<std::size_t>>
class BatchDataset {
 public:
  using SelfType = Self;
  using BatchType = Batch;
  using BatchRequestType = Request;
  static constexpr bool is_stateful = false;

  virtual ~BatchDataset() = default;
  virtual Batch get_batch(Request request) = 0;
  /// How many examples there are, if that is known.
  virtual optional<std::size_t> size() const = 0;

  /// This dataset with `transform` applied to each of its batches.
  template <class Applied>
  MapDataset<Self, Applied> map(Applied transform) & {
    return datasets::map(static_cast<Self&>(*this), std::move(transform));
  }
  template <class Applied>
  MapDataset<Self, Applied> map(Applied transform) && {
    return datasets::map(std::move(static_cast<Self&>(*this)), std::move(transform));
  }
};

/// Gives the i-th example: a batch is a vector of them.
template <class Self, class SingleExample = Example<>>
class Dataset : public BatchDataset<Self, std::vector<SingleExample>> {
 public:
  using ExampleType = SingleExample;
  virtual ExampleType get(std::size_t index) = 0;
  std::vector<ExampleType> get_batch(ArrayRef<std::size_t> indices) override {
    std::vector<ExampleType> batch;
    batch.reserve(indices.size());
    for (const std::size_t i : indices) batch.push_back(get(i));
    return batch;
  }
};

/// Gives the next examples, as many as are asked for.
template <class Self, class Batch = std::vector<Example<>>>
using StreamDataset = BatchDataset<Self, Batch, std::size_t>;

/// Remembers where it is, and says itself when it is at its end, with nullopt. Loaders call it from one
/// thread at a time.
template <class Self, class Batch = std::vector<Example<>>, class Request = std::size_t>
class StatefulDataset : public BatchDataset<Self, optional<Batch>, Request> {
 public:
  static constexpr bool is_stateful = true;
  /// Starts again.
  virtual void reset() = 0;
  /// For datasets of one's own that are saved by themselves; loaders need neither.
  virtual void save(serialize::OutputArchive&) const {
    fail("save: this dataset has no save; save its loader");
  }
  virtual void load(serialize::InputArchive&) { fail("load: this dataset has no load; load its loader"); }
};

template <class... A>
serialize::OutputArchive& operator<<(serialize::OutputArchive& archive,
                                     const StatefulDataset<A...>& dataset) {
  dataset.save(archive);
  return archive;
}
template <class... A>
serialize::InputArchive& operator>>(serialize::InputArchive& archive, StatefulDataset<A...>& dataset) {
  dataset.load(archive);
  return archive;
}

namespace detail {
template <class T>
struct IsOptional : std::false_type {};
template <class T>
struct IsOptional<optional<T>> : std::true_type {};
template <bool is_optional, class T>
using OptionalIf = std::conditional_t<is_optional, optional<T>, T>;
}  // namespace detail

/// What `map` makes.
template <class Source, class Applied>
class MapDataset
    : public BatchDataset<MapDataset<Source, Applied>,
                          detail::OptionalIf<detail::IsOptional<typename Source::BatchType>::value,
                                             typename Applied::OutputBatchType>,
                          typename Source::BatchRequestType> {
 public:
  using DatasetType = Source;
  using TransformType = Applied;
  using BatchRequestType = typename Source::BatchRequestType;
  using OutputBatchType = detail::OptionalIf<detail::IsOptional<typename Source::BatchType>::value,
                                             typename Applied::OutputBatchType>;
  static constexpr bool is_stateful = Source::is_stateful;

  MapDataset(Source dataset, Applied transform)
      : dataset_(std::move(dataset)), transform_(std::move(transform)) {}

  OutputBatchType get_batch(BatchRequestType request) override {
    if constexpr (detail::IsOptional<typename Source::BatchType>::value) {
      auto batch = dataset_.get_batch(std::move(request));
      if (!batch) return nullopt;
      return transform_.apply_batch(std::move(*batch));
    } else {
      return transform_.apply_batch(dataset_.get_batch(std::move(request)));
    }
  }
  optional<std::size_t> size() const override { return dataset_.size(); }
  void reset() {
    if constexpr (is_stateful) dataset_.reset();
  }
  const Source& dataset() const { return dataset_; }
  const Applied& transform() const { return transform_; }

 private:
  Source dataset_;
  Applied transform_;
};

template <class Source, class Applied>
MapDataset<Source, Applied> map(Source dataset, Applied transform) {
  static_assert(
      std::is_same<
          std::conditional_t<detail::IsOptional<typename Source::BatchType>::value,
                             optional<typename Applied::InputBatchType>, typename Applied::InputBatchType>,
          typename Source::BatchType>::value,
      "the transform takes other batches than the dataset gives: a Stack<> comes last, and its argument "
      "is the example");
  return {std::move(dataset), std::move(transform)};
}

/// The rows of a tensor: example i is t[i].
class TensorDataset : public Dataset<TensorDataset, TensorExample> {
 public:
  explicit TensorDataset(const std::vector<Tensor>& tensors) : TensorDataset(stack(tensors)) {}
  explicit TensorDataset(Tensor rows) : rows_(std::move(rows)) {
    XGRAD_CHECK(rows_.dim() > 0,
                "TensorDataset: the tensor must have a first dimension, that of the examples");
  }
  TensorExample get(std::size_t index) override { return rows_[index]; }
  optional<std::size_t> size() const override { return static_cast<std::size_t>(rows_.size(0)); }

  Tensor tensor() const { return rows_; }

 private:
  Tensor rows_;
};

/// One dataset for all workers, which otherwise have a copy each: made by make_shared_dataset, and safe to be
/// used by several threads at once.
template <class Underlying>
class SharedBatchDataset : public BatchDataset<SharedBatchDataset<Underlying>, typename Underlying::BatchType,
                                               typename Underlying::BatchRequestType> {
 public:
  using BatchType = typename Underlying::BatchType;
  using BatchRequestType = typename Underlying::BatchRequestType;
  static constexpr bool is_stateful = Underlying::is_stateful;

  SharedBatchDataset(std::shared_ptr<Underlying> shared) : dataset_(std::move(shared)) {}
  BatchType get_batch(BatchRequestType request) override { return dataset_->get_batch(std::move(request)); }
  optional<std::size_t> size() const override { return dataset_->size(); }
  void reset() {
    if constexpr (is_stateful) dataset_->reset();
  }
  Underlying& operator*() { return *dataset_; }
  const Underlying& operator*() const { return *dataset_; }
  Underlying* operator->() { return dataset_.get(); }
  const Underlying* operator->() const { return dataset_.get(); }

 private:
  std::shared_ptr<Underlying> dataset_;
};

template <class Underlying, class... A>
SharedBatchDataset<Underlying> make_shared_dataset(A&&... args) {
  return std::make_shared<Underlying>(std::forward<A>(args)...);
}

/// Some examples of a dataset, in the order of `indices`.
template <class Source>
class Subset : public Dataset<Subset<Source>, typename Source::ExampleType> {
 public:
  Subset(Source dataset, std::vector<std::size_t> indices)
      : dataset_(std::move(dataset)), indices_(std::move(indices)) {
    for (const std::size_t i : indices_)
      XGRAD_CHECK_AS(IndexError, i < dataset_.size().value_or(i + 1), "Subset: index ", i,
                     " is out of range: the dataset has ", dataset_.size().value_or(0), " examples");
  }
  typename Source::ExampleType get(std::size_t index) override { return dataset_.get(indices_.at(index)); }
  optional<std::size_t> size() const override { return indices_.size(); }

 private:
  Source dataset_;
  std::vector<std::size_t> indices_;
};

/// The examples of several datasets, one after the other.
template <class Source>
class ConcatDataset : public Dataset<ConcatDataset<Source>, typename Source::ExampleType> {
 public:
  explicit ConcatDataset(std::vector<Source> datasets) : datasets_(std::move(datasets)) {
    for (const Source& d : datasets_) {
      XGRAD_CHECK(d.size().has_value(), "ConcatDataset: each dataset must know its size");
      size_ += *d.size();
    }
  }
  typename Source::ExampleType get(std::size_t index) override {
    for (Source& d : datasets_) {
      if (index < *d.size()) return d.get(index);
      index -= *d.size();
    }
    fail<IndexError>("ConcatDataset: index is out of range: there are ", size_, " examples");
  }
  optional<std::size_t> size() const override { return size_; }

 private:
  std::vector<Source> datasets_;
  std::size_t size_ = 0;
};

/// Parts of `dataset` with these numbers of examples, which have been shuffled, as in Python for the same
/// seed.
template <class Source>
std::vector<Subset<Source>> random_split(const Source& dataset, const std::vector<std::size_t>& lengths) {
  std::size_t sum = 0;
  for (const std::size_t n : lengths) sum += n;
  XGRAD_CHECK_AS(ValueError, dataset.size().has_value() && sum == *dataset.size(),
                 "random_split: the lengths must add up to the number of examples: they are ", sum,
                 " in all, of ", dataset.size().value_or(0));
  const Tensor order = randperm(static_cast<int64_t>(sum), kLong);
  const int64_t* next = order.data_ptr<int64_t>();
  std::vector<Subset<Source>> parts;
  for (const std::size_t n : lengths) {
    std::vector<std::size_t> indices(next, next + n);
    next += n;
    parts.emplace_back(dataset, std::move(indices));
  }
  return parts;
}

}  // namespace xgrad::data::datasets
