// Where random numbers come from: a seed, a state, a handle. The numbers themselves are in
// core/kernels/random/random.h, which must not come in here: this header is public and light.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include <xgrad/core/types/export.h>

namespace xgrad {

namespace detail {
struct GeneratorImpl;
}

/// A source of random numbers: for the same seed the same numbers as PyTorch's CPU generator. A copy is
/// another handle of the same generator. Safe to use from several threads, each call takes the generator's
/// own lock.
class XGRAD_API Generator {
 public:
  /// No generator: `defined()` is false, everything else throws.
  Generator() = default;
  explicit Generator(std::uint64_t seed);

  bool defined() const { return impl_ != nullptr; }

  /// Starts again from this seed.
  void set_current_seed(std::uint64_t seed);
  /// The seed it was last started from.
  std::uint64_t current_seed() const;
  /// Starts again from a seed that nobody can foresee, and returns it.
  std::uint64_t seed();

  /// The whole state, as the 5056 bytes that Python's `torch.get_rng_state()` has.
  std::vector<std::uint8_t> get_state() const;
  /// Goes on from a state that `get_state` or PyTorch gave. Throws ValueError if it cannot be one.
  void set_state(const std::vector<std::uint8_t>& state);

  /// A generator of its own in the same state.
  Generator clone() const;

  /// What kernels draw from; private to the library.
  detail::GeneratorImpl& impl() const;

  friend bool operator==(const Generator& a, const Generator& b) { return a.impl_ == b.impl_; }
  friend bool operator!=(const Generator& a, const Generator& b) { return a.impl_ != b.impl_; }

 private:
  std::shared_ptr<detail::GeneratorImpl> impl_;
};

/// A new generator, independent of all others.
inline Generator make_generator(std::uint64_t seed) { return Generator(seed); }

/// The generator used where none is given. It starts unpredictably: call `manual_seed` for the same numbers
/// each time.
XGRAD_API const Generator& default_generator();

/// Seeds the default generator.
XGRAD_API Generator manual_seed(std::uint64_t seed);

}  // namespace xgrad
