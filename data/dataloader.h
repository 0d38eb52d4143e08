// Loaders: batches of a dataset in the order of a sampler, made ahead by threads.
#pragma once

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/core/types/arg.h>
#include <xgrad/core/types/mutex.h>
#include <xgrad/data/datasets.h>
#include <xgrad/data/prefetcher.h>
#include <xgrad/data/samplers.h>

namespace xgrad::data {

struct DataLoaderOptions {
  DataLoaderOptions() = default;
  DataLoaderOptions(std::size_t batch_size) : batch_size_(batch_size) {}

  XGRAD_ARG(std::size_t, batch_size) = 1;
  /// Threads that make batches; 0: they are made when they are asked for.
  XGRAD_ARG(std::size_t, workers) = 0;
  /// Batches that are made ahead; twice the workers unless given.
  XGRAD_ARG(optional<std::size_t>, max_jobs);
  /// How long to wait for a batch before an Error.
  XGRAD_ARG(optional<std::chrono::milliseconds>, timeout);
  /// false: batches come as they are made.
  XGRAD_ARG(bool, enforce_ordering) = true;
  /// Leaves a last batch out that is not full.
  XGRAD_ARG(bool, drop_last) = false;
};

/// Walks through the batches of one epoch: `for (auto& batch : *loader)`.
template <class Batch>
class Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using difference_type = std::ptrdiff_t;
  using value_type = Batch;
  using pointer = Batch*;
  using reference = Batch&;

  Iterator() = default;
  explicit Iterator(std::function<optional<Batch>()> next) : next_(std::move(next)), batch_(next_()) {}
  Iterator& operator++() {
    XGRAD_CHECK(batch_.has_value(), "DataLoader: the iterator is at the end of the epoch");
    batch_ = next_();
    return *this;
  }
  Batch& operator*() {
    XGRAD_CHECK(batch_.has_value(), "DataLoader: the iterator is at the end of the epoch");
    return *batch_;
  }
  Batch* operator->() { return &**this; }
  /// Whether both are at the end.
  bool operator==(const Iterator& o) const { return !batch_ && !o.batch_; }
  bool operator!=(const Iterator& o) const { return !(*this == o); }

 private:
  std::function<optional<Batch>()> next_;
  optional<Batch> batch_;
};

/// What both loaders share: jobs ahead, and batches out of them.
template <class Dataset, class Batch>
class DataLoaderBase {
 public:
  using BatchType = Batch;

  virtual ~DataLoaderBase() = default;
  /// Begins an epoch, also where one is under way.
  Iterator<Batch> begin() {
    prefetcher_.start();
    restart();
    ended_ = false;
    for (std::size_t i = 0; i < ahead_; ++i) submit();
    return Iterator<Batch>([this] { return next(); });
  }
  Iterator<Batch> end() { return {}; }
  const DataLoaderOptions& options() const { return options_; }

 protected:
  DataLoaderBase(const DataLoaderOptions& options, const Dataset& dataset)
      : options_(options),
        ahead_(std::max<std::size_t>(
            1, options.workers() == 0 ? 1 : options.max_jobs().value_or(2 * options.workers()))),
        datasets_(std::max<std::size_t>(1, options.workers()), dataset),
        prefetcher_(options.workers(), options.enforce_ordering()) {
    XGRAD_CHECK_AS(ValueError, options.batch_size() > 0, "DataLoader: batch_size must be above 0");
  }

  virtual void restart() = 0;
  /// What makes the next batch, or nothing at the end. The pointer it returns is null where there is none.
  virtual Prefetcher::Job job() = 0;

  template <class Made>
  static std::shared_ptr<void> share(Made batch) {
    if constexpr (datasets::detail::IsOptional<Made>::value)
      return batch ? std::make_shared<Batch>(std::move(*batch)) : nullptr;
    else
      return std::make_shared<Batch>(std::move(batch));
  }

  DataLoaderOptions options_;
  std::size_t ahead_;
  std::vector<Dataset> datasets_;  // one for each worker
  Mutex one_at_a_time_;            // of a dataset that all workers share

 private:
  void submit() {
    if (ended_) return;
    Prefetcher::Job next = job();
    next ? prefetcher_.submit(std::move(next)) : void(ended_ = true);
  }
  optional<Batch> next() {
    while (prefetcher_.pending() > 0) {
      const std::shared_ptr<void> made = prefetcher_.next(options_.timeout());
      if (made) submit();
      if (made) return std::move(*static_cast<Batch*>(made.get()));
      ended_ = true;
    }
    return nullopt;
  }

  bool ended_ = true;
  Prefetcher prefetcher_;  // the last to be made, the first to go: its jobs use what stands before it
};

namespace detail {
template <class T>
struct Without {
  using type = T;
};
template <class T>
struct Without<optional<T>> {
  using type = T;
};
template <class Dataset>
using BatchOf = typename Without<std::decay_t<decltype(std::declval<Dataset&>().get_batch(
    std::declval<typename Dataset::BatchRequestType>()))>>::type;
}  // namespace detail

/// Batches whose examples a sampler names.
template <class Dataset, class Sampler>
class StatelessDataLoader : public DataLoaderBase<Dataset, detail::BatchOf<Dataset>> {
 public:
  using Base = DataLoaderBase<Dataset, detail::BatchOf<Dataset>>;
  StatelessDataLoader(const Dataset& dataset, Sampler sampler, const DataLoaderOptions& options)
      : Base(options, dataset), sampler_(std::move(sampler)) {}
  /// How many batches an epoch has, if the sampler knows.
  optional<std::size_t> size() const {
    const optional<std::size_t> examples = sampler_.size();
    const std::size_t batch = this->options_.batch_size();
    if (!examples) return nullopt;
    return (*examples + (this->options_.drop_last() ? 0 : batch - 1)) / batch;
  }

 private:
  void restart() override { sampler_.reset(); }
  Prefetcher::Job job() override {
    auto request = sampler_.next(this->options_.batch_size());
    if (!request || (this->options_.drop_last() && request->size() < this->options_.batch_size())) return {};
    return [this, request = std::move(*request)](std::size_t worker) {
      return Base::share(this->datasets_[worker].get_batch(request));
    };
  }

  Sampler sampler_;
};

/// Batches of a dataset that knows itself where it is.
template <class Dataset>
class StatefulDataLoader : public DataLoaderBase<Dataset, detail::BatchOf<Dataset>> {
 public:
  using Base = DataLoaderBase<Dataset, detail::BatchOf<Dataset>>;
  StatefulDataLoader(const Dataset& dataset, const DataLoaderOptions& options) : Base(options, dataset) {}

 private:
  void restart() override { this->datasets_[0].reset(); }
  Prefetcher::Job job() override {
    return [this](std::size_t) {
      const std::lock_guard lock(this->one_at_a_time_);
      return Base::share(this->datasets_[0].get_batch(this->options_.batch_size()));
    };
  }
};

/// A loader over `dataset`, with a sampler or with one that it makes itself; see the classes.
template <class Dataset, class Sampler>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset, Sampler sampler,
                                                                        DataLoaderOptions options) {
  static_assert(!Dataset::is_stateful,
                "a stateful dataset takes no sampler: make_data_loader(dataset, options)");
  return std::make_unique<StatelessDataLoader<Dataset, Sampler>>(std::move(dataset), std::move(sampler),
                                                                 options);
}

template <class Sampler = samplers::RandomSampler, class Dataset,
          std::enable_if_t<!Dataset::is_stateful, int> = 0>
std::unique_ptr<StatelessDataLoader<Dataset, Sampler>> make_data_loader(Dataset dataset,
                                                                        DataLoaderOptions options = {}) {
  const optional<std::size_t> size = dataset.size();
  XGRAD_CHECK(size.has_value(), "make_data_loader: the dataset does not know its size; pass a sampler");
  return make_data_loader(std::move(dataset), Sampler(*size), options);
}

template <class Dataset, std::enable_if_t<Dataset::is_stateful, int> = 0>
std::unique_ptr<StatefulDataLoader<Dataset>> make_data_loader(Dataset dataset,
                                                              DataLoaderOptions options = {}) {
  return std::make_unique<StatefulDataLoader<Dataset>>(std::move(dataset), options);
}

}  // namespace xgrad::data
