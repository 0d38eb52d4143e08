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
#include <xgrad/io/archive.h>

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

/// What a loader goes by: every option with its value.
struct FullDataLoaderOptions {
  explicit FullDataLoaderOptions(const DataLoaderOptions& options)
      : batch_size(options.batch_size()),
        workers(options.workers()),
        max_jobs(options.max_jobs().value_or(2 * workers)),
        timeout(options.timeout()),
        enforce_ordering(options.enforce_ordering()),
        drop_last(options.drop_last()) {}

  std::size_t batch_size, workers, max_jobs;
  optional<std::chrono::milliseconds> timeout;
  bool enforce_ordering, drop_last;
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

namespace detail {
/// Where a loader is. Batches are counted by what was handed out, not by what is ahead.
struct LoaderState {
  bool within_epoch = false;
  Prefetcher::Position position;
  std::size_t batch_size = 0;
  optional<std::size_t> examples;

  XGRAD_API void save(serialize::OutputArchive& archive) const;
  /// Error when it was saved with another batch size or number of examples than this one has.
  XGRAD_API LoaderState loaded(serialize::InputArchive& archive) const;
  /// Error unless the epoch has a batch `i`, before which it does not go on.
  XGRAD_API void check_batch(bool is_there, std::uint64_t i) const;
};
}  // namespace detail

/// What both loaders share: jobs ahead, and batches out of them.
///
/// `checkpoint.add("loader", *loader)` makes it a part of a Checkpoint. Saved within the loop over an epoch,
/// it stands behind the batch that the loop is at, and the next `begin()` goes on there, with any number of
/// workers.
template <class Dataset, class Batch>
class DataLoaderBase {
 public:
  using BatchType = Batch;

  virtual ~DataLoaderBase() = default;
  /// Begins an epoch, also where one is under way, unless `load` says where to go on.
  Iterator<Batch> begin() {
    if (resumes_) {
      resume();
    } else {
      prefetcher_.start();
      restart();
    }
    resumes_ = ended_ = false;
    within_epoch_ = true;
    for (std::size_t i = 0; i < ahead_; ++i) submit();
    return Iterator<Batch>([this] { return next(); });
  }
  Iterator<Batch> end() { return {}; }
  /// The place in its epoch of the batch that the next `begin()` starts at: 0 unless `load` says where to go
  /// on.
  std::size_t first_batch() const {
    return resumes_ ? static_cast<std::size_t>(prefetcher_.position().taken) : 0;
  }
  const FullDataLoaderOptions& options() const { return options_; }

  /// Error within an epoch whose batches come as they are made.
  void save(serialize::OutputArchive& archive) const {
    const detail::LoaderState now = state();
    XGRAD_CHECK(!now.within_epoch || options_.enforce_ordering,
                "save: a DataLoader without enforce_ordering cannot go on within an epoch");
    now.save(archive);
    save_order(archive);
  }
  /// Error, and nothing has changed, when it was saved with another batch size, dataset or sampler.
  void load(serialize::InputArchive& archive) {
    const detail::LoaderState saved = state().loaded(archive);
    load_order(archive, saved);
    prefetcher_.start(saved.position);
    resumes_ = saved.within_epoch;
    within_epoch_ = false;
  }
  friend serialize::OutputArchive& operator<<(serialize::OutputArchive& archive,
                                              const DataLoaderBase& loader) {
    loader.save(archive);
    return archive;
  }
  friend serialize::InputArchive& operator>>(serialize::InputArchive& archive, DataLoaderBase& loader) {
    loader.load(archive);
    return archive;
  }

 protected:
  DataLoaderBase(const DataLoaderOptions& options, const Dataset& dataset, std::size_t workers)
      : options_(options),
        ahead_(std::max<std::size_t>(1, options_.workers == 0 ? 1 : options_.max_jobs)),
        datasets_(std::max<std::size_t>(1, workers), dataset),
        prefetcher_(workers, options.enforce_ordering()) {
    XGRAD_CHECK_AS(ValueError, options.batch_size() > 0, "DataLoader: batch_size must be above 0");
  }

  virtual void restart() = 0;
  /// Goes to where the prefetcher is.
  virtual void resume() = 0;
  virtual void save_order(serialize::OutputArchive& archive) const = 0;
  virtual void load_order(serialize::InputArchive& archive, const detail::LoaderState& saved) = 0;
  /// What makes the next batch, or nothing at the end. The pointer it returns is null where there is none.
  virtual Prefetcher::Job job() = 0;

  detail::LoaderState state() const {
    detail::LoaderState now{within_epoch_ || resumes_, prefetcher_.position(), options_.batch_size,
                            datasets_[0].size()};
    if (!now.within_epoch) now.position.taken = 0;
    return now;
  }

  template <class Made>
  static std::shared_ptr<void> share(Made batch) {
    if constexpr (datasets::detail::IsOptional<Made>::value)
      return batch ? std::make_shared<Batch>(std::move(*batch)) : nullptr;
    else
      return std::make_shared<Batch>(std::move(batch));
  }

  FullDataLoaderOptions options_;
  std::size_t ahead_;
  std::vector<Dataset> datasets_;  // one for each worker

 private:
  void submit() {
    if (ended_) return;
    Prefetcher::Job next = job();
    next ? prefetcher_.submit(std::move(next)) : void(ended_ = true);
  }
  optional<Batch> next() {
    while (prefetcher_.pending() > 0) {
      const std::shared_ptr<void> made = prefetcher_.next(options_.timeout);
      if (made) submit();
      if (made) return std::move(*static_cast<Batch*>(made.get()));
      ended_ = true;
    }
    within_epoch_ = false;
    return nullopt;
  }

  bool ended_ = true, within_epoch_ = false, resumes_ = false;

 protected:
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
      : Base(options, dataset, options.workers()), first_(sampler), sampler_(std::move(sampler)) {}
  /// How many batches an epoch has, if the sampler knows.
  optional<std::size_t> size() const {
    const optional<std::size_t> examples = sampler_.size();
    const std::size_t batch = this->options_.batch_size;
    if (!examples) return nullopt;
    return (*examples + (this->options_.drop_last ? 0 : batch - 1)) / batch;
  }

 private:
  using Request = optional<typename Sampler::BatchRequestType>;

  void restart() override {
    sampler_.reset(nullopt);
    first_ = sampler_;
  }
  void resume() override {}
  void save_order(serialize::OutputArchive& archive) const override {
    serialize::OutputArchive order;
    (this->state().within_epoch ? first_ : sampler_).save(order);
    archive.write("sampler", order);
  }
  void load_order(serialize::InputArchive& archive, const detail::LoaderState& saved) override {
    serialize::InputArchive order;
    archive.read("sampler", order);
    Sampler first = sampler_;
    first.load(order);
    Sampler now = first;
    for (std::uint64_t i = 0; i < saved.position.taken; ++i) saved.check_batch(request(now).has_value(), i);
    first_ = std::move(first);
    sampler_ = std::move(now);
  }
  Request request(Sampler& sampler) const {
    Request next = sampler.next(this->options_.batch_size);
    const bool is_short = next && next->size() < this->options_.batch_size;
    return is_short && this->options_.drop_last ? Request() : next;
  }
  Prefetcher::Job job() override {
    Request next = request(sampler_);
    if (!next) return {};
    return [this, request = std::move(*next)](std::size_t worker) {
      return Base::share(this->datasets_[worker].get_batch(request));
    };
  }

  Sampler first_, sampler_;  // at the beginning of the epoch, and ahead of what was handed out
};

/// Batches of a dataset that knows itself where it is. One worker makes them, for they are made one after the
/// other. To go on within an epoch, it makes and drops the batches before: `reset` must give the same epoch
/// for the same random numbers of the default generator.
template <class Dataset>
class StatefulDataLoader : public DataLoaderBase<Dataset, detail::BatchOf<Dataset>> {
 public:
  using Base = DataLoaderBase<Dataset, detail::BatchOf<Dataset>>;
  StatefulDataLoader(const Dataset& dataset, const DataLoaderOptions& options)
      : Base(options, dataset, std::min<std::size_t>(options.workers(), 1)) {}

 private:
  void restart() override {
    generator_ = default_generator().clone();
    this->datasets_[0].reset();
  }
  void resume() override {
    const detail::LoaderState saved = this->state();
    Prefetcher::Position start = saved.position;
    start.taken = 0;
    this->prefetcher_.start(start);
    try {
      Prefetcher::drawing_from(generator_, [this] { this->datasets_[0].reset(); });
      for (std::uint64_t i = 0; i < saved.position.taken; ++i) {
        this->prefetcher_.submit(job());
        saved.check_batch(this->prefetcher_.next(nullopt) != nullptr, i);
      }
    } catch (...) {
      this->prefetcher_.start(saved.position);
      throw;
    }
  }
  void save_order(serialize::OutputArchive& archive) const override {
    if (this->state().within_epoch) archive.write("generator", serialize::rng_state(generator_));
  }
  void load_order(serialize::InputArchive& archive, const detail::LoaderState& saved) override {
    if (!saved.within_epoch) return;
    Tensor state;
    archive.read("generator", state);
    Generator loaded(0);
    serialize::set_rng_state(loaded, state);
    generator_ = std::move(loaded);
  }
  Prefetcher::Job job() override {
    return [this](std::size_t worker) {
      return Base::share(this->datasets_[worker].get_batch(this->options_.batch_size));
    };
  }

  Generator generator_;  // as it was before the epoch
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
