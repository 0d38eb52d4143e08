// Data in chunks: files, or parts of them, that are read whole and given out as batches.
#pragma once

#include <algorithm>
#include <functional>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/types/arg.h>
#include <xgrad/data/datasets.h>
#include <xgrad/data/prefetcher.h>
#include <xgrad/data/samplers.h>

namespace xgrad::data::datasets {

/// Reads chunks. Several preloaders call `read_chunk` at the same time.
template <class Example, class Chunk = std::vector<Example>>
class ChunkDataReader {
 public:
  using ExampleType = Example;
  using ChunkType = Chunk;
  using BatchType = Chunk;

  virtual ~ChunkDataReader() = default;
  virtual ChunkType read_chunk(std::size_t chunk_index) = 0;
  virtual std::size_t chunk_count() = 0;
  /// An epoch begins.
  virtual void reset() = 0;
};

struct ChunkDatasetOptions {
  ChunkDatasetOptions(std::size_t preloader_count, std::size_t batch_size, std::size_t cache_size = 2048,
                      std::size_t cross_chunk_shuffle_count = 1)
      : preloader_count_(preloader_count),
        batch_size_(batch_size),
        cache_size_(cache_size),
        cross_chunk_shuffle_count_(cross_chunk_shuffle_count) {
    XGRAD_CHECK_AS(
        ValueError,
        preloader_count > 0 && batch_size > 0 && cross_chunk_shuffle_count > 0 && cache_size >= batch_size,
        "ChunkDatasetOptions: counts must be above 0, and cache_size must hold a batch: preloader_count is ",
        preloader_count, ", batch_size ", batch_size, ", cache_size ", cache_size,
        ", cross_chunk_shuffle_count ", cross_chunk_shuffle_count);
  }

  /// Threads that read chunks ahead.
  XGRAD_ARG(std::size_t, preloader_count);
  XGRAD_ARG(std::size_t, batch_size);
  /// With as many examples at hand no further chunk is begun.
  XGRAD_ARG(std::size_t, cache_size) = 2048;
  /// Chunks that are read and shuffled together.
  XGRAD_ARG(std::size_t, cross_chunk_shuffle_count) = 1;
};

/// Batches out of chunks: a sampler orders the chunks of an epoch, another the examples within each, and
/// threads read ahead. Any number of them gives the same batches. A loader takes it by
/// `make_shared_dataset<ChunkDataset<Reader>>(...)`.
template <class ChunkReader, class ChunkSampler = samplers::RandomSampler,
          class ExampleSampler = samplers::RandomSampler>
class ChunkDataset final : public StatefulDataset<ChunkDataset<ChunkReader, ChunkSampler, ExampleSampler>,
                                                  typename ChunkReader::BatchType> {
 public:
  using UnwrappedBatchType = typename ChunkReader::BatchType;
  using BatchType = optional<UnwrappedBatchType>;
  using BatchRequestType = std::size_t;
  using ChunkSamplerType = ChunkSampler;
  using ExampleSamplerType = ExampleSampler;

  /// `preprocessing_policy` may change what was read at once.
  ChunkDataset(ChunkReader chunk_reader, ChunkSampler chunk_sampler, ExampleSampler example_sampler,
               ChunkDatasetOptions options,
               std::function<void(UnwrappedBatchType&)> preprocessing_policy = nullptr)
      : chunk_reader_(std::move(chunk_reader)),
        chunk_sampler_(std::move(chunk_sampler)),
        example_sampler_(std::move(example_sampler)),
        options_(std::move(options)),
        preprocess_(std::move(preprocessing_policy)),
        prefetcher_(options_.preloader_count(), true) {}

  /// The next batch, of the options' `batch_size`, but for the last. What reading a chunk throws arrives
  /// here; the chunks behind it still come.
  BatchType get_batch(std::size_t batch_size) override {
    XGRAD_CHECK(is_reset_, "ChunkDataset: reset() comes before get_batch()");
    XGRAD_CHECK_AS(ValueError, batch_size == options_.batch_size(),
                   "ChunkDataset: batch_size must be that of its options (", batch_size, " vs ",
                   options_.batch_size(), ")");
    while (batch_.size() < batch_size && (left_ > 0 || next_chunk())) {
      const auto picked = example_sampler_.next(std::min<std::size_t>(left_, batch_size - batch_.size()));
      XGRAD_CHECK(picked && picked->size() > 0, "ChunkDataset: the example_sampler ends within a chunk");
      for (const std::size_t i : *picked) {
        XGRAD_CHECK_AS(IndexError, i < chunk_.size(), "ChunkDataset: the example_sampler gives ", i,
                       " for a chunk of ", chunk_.size());
        batch_.emplace_back(std::move(chunk_[i]));
      }
      left_ -= std::min<std::size_t>(left_, picked->size());
    }
    read_ahead();
    if (batch_.empty()) return nullopt;
    return std::exchange(batch_, {});
  }
  BatchType get_batch() { return get_batch(options_.batch_size()); }

  void reset() override {
    prefetcher_.start({});
    chunk_ = batch_ = {};
    left_ = 0;
    chunk_reader_.reset();
    chunk_sampler_.reset(chunk_reader_.chunk_count());
    prefetcher_.start({static_cast<std::uint64_t>(randint(INT64_MAX, {1}, kLong).item<int64_t>()), 0, 0});
    is_reset_ = true;
    read_ahead();
  }

  optional<std::size_t> size() const override { return nullopt; }
  /// To tell a distributed sampler the epoch.
  ChunkSamplerType& chunk_sampler() { return chunk_sampler_; }

 private:
  void read_ahead() {
    while (left_ < options_.cache_size() && prefetcher_.pending() < options_.preloader_count()) {
      auto chunks = chunk_sampler_.next(options_.cross_chunk_shuffle_count());
      if (!chunks) return;
      prefetcher_.submit([this, chunks = std::move(*chunks)](std::size_t) { return read(chunks); });
    }
  }
  std::shared_ptr<void> read(const std::vector<std::size_t>& chunks) {
    auto all = std::make_shared<UnwrappedBatchType>();
    for (const std::size_t i : chunks) {
      UnwrappedBatchType chunk = chunk_reader_.read_chunk(i);
      if (all->empty())
        *all = std::move(chunk);
      else
        std::move(chunk.begin(), chunk.end(), std::back_inserter(*all));
    }
    if (preprocess_) preprocess_(*all);
    return all;
  }
  // One that is not empty; false when there is none.
  bool next_chunk() {
    for (;;) {
      read_ahead();
      if (prefetcher_.pending() == 0) return false;
      const std::shared_ptr<void> made = prefetcher_.next(nullopt);
      chunk_ = std::move(*static_cast<UnwrappedBatchType*>(made.get()));
      left_ = chunk_.size();
      if (left_ == 0) continue;
      example_sampler_.reset(left_);
      return true;
    }
  }

  ChunkReader chunk_reader_;
  ChunkSampler chunk_sampler_;
  ExampleSampler example_sampler_;
  ChunkDatasetOptions options_;
  std::function<void(UnwrappedBatchType&)> preprocess_;
  bool is_reset_ = false;
  UnwrappedBatchType chunk_, batch_;  // what examples are taken from, and what they are put into
  std::size_t left_ = 0;              // in chunk_
  Prefetcher prefetcher_;             // the last to be made, the first to go
};

}  // namespace xgrad::data::datasets
