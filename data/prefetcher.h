// Batches that are made ahead, by threads.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>

#include <xgrad/core/tensor/generator.h>
#include <xgrad/core/tensor/options.h>
#include <xgrad/core/types/export.h>

namespace xgrad::data {

/// Runs jobs on worker threads and hands out what they made. Without workers a job runs when its result is
/// asked for. The n-th job of an epoch draws its random numbers from a stream of its own, which depends on
/// the seed that the default generator has when the epoch begins: any number of workers makes the same
/// batches.
class XGRAD_API Prefetcher {
 public:
  /// Makes something, on the worker of this number.
  using Job = std::function<std::shared_ptr<void>(std::size_t worker)>;

  /// Results come in the order of the jobs when `ordered`, else as they are made.
  Prefetcher(std::size_t workers, bool ordered);
  /// Drops the jobs that have not begun, and waits for the others.
  ~Prefetcher();
  Prefetcher(const Prefetcher&) = delete;
  Prefetcher& operator=(const Prefetcher&) = delete;

  /// What the streams of an epoch are made of, and how many results were taken.
  struct Position {
    std::uint64_t seed = 0, epoch = 0, taken = 0;
  };
  Position position() const;
  /// Begins the next epoch, or goes on from a position: what is left of the one before is dropped.
  void start();
  void start(const Position& position);
  void submit(Job job);
  /// Jobs whose results were not taken yet.
  std::size_t pending() const;
  /// Calls `body` with this generator in the place of the default one.
  static void drawing_from(const Generator& generator, const std::function<void()>& body);
  /// The next result. Throws what its job threw, or Error when `timeout` is over.
  std::shared_ptr<void> next(optional<std::chrono::milliseconds> timeout);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace xgrad::data
