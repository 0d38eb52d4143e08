// What is behind a Generator, for the code that draws. Private: it brings in the kernels' engine and locks.
#pragma once

#include <memory>
#include <optional>
#include <utility>

#include <xgrad/core/kernels/random/random.h>
#include <xgrad/core/tensor/generator.h>
#include <xgrad/core/tensor/this_thread.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad::detail {

struct GeneratorImpl : std::enable_shared_from_this<GeneratorImpl> {
  explicit GeneratorImpl(std::uint64_t seed) : stream(seed) {}

  Mutex mutex;
  kernels::Mt19937Stream stream;  // only under the mutex
};

/// In its scope this thread draws from `generator`, which no other knows, where it would draw from the
/// default one; an undefined one changes nothing.
class DrawsFrom {
 public:
  explicit DrawsFrom(Generator generator)
      : generator_(std::move(generator)), previous_(autograd::this_thread_state.generator) {
    if (generator_.defined()) autograd::this_thread_state.generator = &generator_.impl();
  }
  ~DrawsFrom() { autograd::this_thread_state.generator = previous_; }
  DrawsFrom(const DrawsFrom&) = delete;
  DrawsFrom& operator=(const DrawsFrom&) = delete;
  const Generator& generator() const { return generator_; }

 private:
  Generator generator_;
  GeneratorImpl* previous_;
};

/// What is drawn from where `asked` is given: the default generator gives way to that of a checkpoint.
inline GeneratorImpl& generator_in_use(const std::optional<Generator>& asked = std::nullopt) {
  GeneratorImpl& process = default_generator().impl();
  GeneratorImpl& chosen = asked && asked->defined() ? asked->impl() : process;
  GeneratorImpl* const own = autograd::this_thread_state.generator;
  return own && &chosen == &process ? *own : chosen;
}

/// The stream of a generator (of the default one if none is given), locked as long as this object lives:
/// `LockedStream stream(generator); kernels::uniform(*stream, p, n, 0, 1);`
class LockedStream {
 public:
  explicit LockedStream(const std::optional<Generator>& generator = std::nullopt)
      : impl_(generator_in_use(generator)), lock_(impl_.mutex) {}

  kernels::Mt19937Stream& operator*() const { return impl_.stream; }

 private:
  GeneratorImpl& impl_;
  std::lock_guard<Mutex> lock_;
};

}  // namespace xgrad::detail
