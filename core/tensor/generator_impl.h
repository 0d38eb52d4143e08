// What is behind a Generator, for the code that draws. Private: it brings in the kernels' engine and <mutex>.
#pragma once

#include <mutex>
#include <optional>

#include <xgrad/core/kernels/random/random.h>
#include <xgrad/core/tensor/generator.h>

namespace xgrad::detail {

struct GeneratorImpl {
  explicit GeneratorImpl(std::uint64_t seed) : stream(seed) {}

  std::mutex mutex;
  kernels::Mt19937Stream stream;  // only under the mutex
};

/// The stream of a generator (of the default one if none is given), locked as long as this object lives:
/// `LockedStream stream(generator); kernels::uniform(*stream, p, n, 0, 1);`
class LockedStream {
 public:
  explicit LockedStream(const std::optional<Generator>& generator = std::nullopt)
      : impl_(generator && generator->defined() ? generator->impl() : default_generator().impl()),
        lock_(impl_.mutex) {}

  kernels::Mt19937Stream& operator*() const { return impl_.stream; }

 private:
  GeneratorImpl& impl_;
  std::lock_guard<std::mutex> lock_;
};

}  // namespace xgrad::detail
