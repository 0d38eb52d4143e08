// The random numbers of PyTorch's CPU generator: the engine with the one normal number it keeps, and fills of
// plain memory. Every fill draws in the order of memory and takes exactly the words PyTorch takes, so mixed
// calls stay in step. No Tensor, no lock and no argument check here: the caller holds the generator's mutex
// and has checked its arguments.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <type_traits>

#include <xgrad/core/types/half.h>

namespace xgrad::kernels {

/// Bits of the significand: up to 2^digits all integers are exact.
template <class T>
constexpr int digits() {
  if constexpr (std::is_same_v<T, Half>)
    return 11;
  else if constexpr (std::is_same_v<T, BFloat16>)
    return 8;
  else
    return std::numeric_limits<T>::digits;
}

/// mt19937 (Matsumoto and Nishimura, 1998) and the spare normal number of the Box-Muller pair.
class Mt19937Stream {
 public:
  /// Length of a saved state; see `save`.
  static constexpr std::size_t kStateBytes = 5056;

  explicit Mt19937Stream(std::uint64_t seed) { set_seed(seed); }

  /// Starts again. All 64 bits are remembered, the lower 32 seed the engine.
  void set_seed(std::uint64_t seed);
  std::uint64_t seed() const { return seed_; }

  std::uint32_t random() {
    if (next_ == kWords) refill();
    return drawn_[next_++];
  }

  /// Calls f(words, count, first) for the next n words, in runs of `count`, the first of which is the
  /// first-th.
  template <class F>
  void draw(std::int64_t n, const F& f) {
    for (std::int64_t done = 0; done < n;) {
      if (next_ == kWords) refill();
      const std::int64_t count = std::min<std::int64_t>(n - done, kWords - next_);
      f(drawn_.data() + next_, count, done);
      next_ += static_cast<std::uint32_t>(count);
      done += count;
    }
  }

  /// Two words, the first one high.
  std::uint64_t random64() {
    const std::uint64_t high = random();
    return high << 32 | random();
  }

  /// Of [0, 1), with 53 bits.
  double uniform();

  /// A standard normal number. Every second call draws nothing: it returns the sine half of the pair before.
  double normal();

  /// The bytes of `torch.get_rng_state()`, little endian: seed u64 @0, words left until the next refill i32
  /// @8, 1 as i32 @12, index of the next word u64 @16, the 624 words as u64 @24, three doubles @5016 of which
  /// the second is the spare normal number, whether there is one i32 @5040; the rest is zero.
  void save(std::uint8_t* bytes) const;

  /// Reads what `save` or PyTorch wrote. False, and no change, if it cannot be a state.
  bool load(const std::uint8_t* bytes);

 private:
  static constexpr std::uint32_t kWords = 624;

  void refill();
  void temper();

  std::array<std::uint32_t, kWords> words_;
  std::array<std::uint32_t, kWords> drawn_;  // the words as they are drawn, all of them at once, in registers
  std::uint32_t next_;
  bool refilled_;  // only tells two spellings of "no word left" apart in a saved state
  std::uint64_t seed_;
  std::optional<double> spare_normal_;
};

// T is float, double, Half or BFloat16 up to the next remark.

/// from + (to - from) * u, u of 24 bits (float), 53 (double), 11 (Half) or 8 (BFloat16) in [0, 1).
template <class T>
void uniform(Mt19937Stream& stream, T* out, std::int64_t n, double from, double to);

/// Box-Muller. From 16 elements on blocks of 8 cosines and 8 sines, the last 16 drawn again unless 16 divides
/// n; below 16 elements `normal_serial`.
template <class T>
void normal(Mt19937Stream& stream, T* out, std::int64_t n, double mean, double std);

/// One `Mt19937Stream::normal()` after the other. PyTorch fills this way, whatever the size, a tensor that is
/// not contiguous (in the order of its memory, not of its indices).
template <class T>
void normal_serial(Mt19937Stream& stream, T* out, std::int64_t n, double mean, double std);

/// -log(1 - u) / lambda.
template <class T>
void exponential(Mt19937Stream& stream, T* out, std::int64_t n, double lambda);

/// median + sigma tan(pi (u - 1/2)).
template <class T>
void cauchy(Mt19937Stream& stream, T* out, std::int64_t n, double median, double sigma);

/// exp of `normal_serial`.
template <class T>
void log_normal(Mt19937Stream& stream, T* out, std::int64_t n, double mean, double std);

/// Of Poisson's distribution with the mean lambda[i].
template <class T>
void poisson(Mt19937Stream& stream, T* out, const T* lambda, std::int64_t n);

/// The successes of count[i] trials of probability p[i].
template <class T>
void binomial(Mt19937Stream& stream, T* out, const T* count, const T* p, std::int64_t n);

/// `from` moved up, or `to` moved down, to where integers rounded to T stay inside [from, to).
template <class T>
std::int64_t representable_from(std::int64_t from);
template <class T>
std::int64_t representable_to(std::int64_t to);

/// Indices drawn by weight, row by row: out is [rows, samples], weights [rows, categories] contiguous.
template <class T>
void multinomial(Mt19937Stream& stream, std::int64_t* out, const T* weights, std::int64_t rows,
                 std::int64_t categories, std::int64_t samples, bool replacement);

/// What is wrong with the weights of `multinomial`, or nullptr.
template <class T>
const char* invalid_weights(const T* weights, std::int64_t rows, std::int64_t categories);

// From here on T is any of the above, bool, uint8_t, int8_t, int16_t, int32_t or int64_t.

/// Integers of [base, base + range); one word each, two if range >= 2^32 and T is int64_t, float, double or
/// BFloat16.
template <class T>
void random_from_to(Mt19937Stream& stream, T* out, std::int64_t n, std::int64_t base, std::uint64_t range);

/// Integers of all of int64_t's range (T: int64_t, float, double, BFloat16).
template <class T>
void random_full_range(Mt19937Stream& stream, T* out, std::int64_t n);

/// `random_()` without bounds: [0, max of T] for integers, [0, 2^digits] for floating types.
template <class T>
void random_default(Mt19937Stream& stream, T* out, std::int64_t n);

/// A permutation of 0 .. n-1.
template <class T>
void randperm(Mt19937Stream& stream, T* out, std::int64_t n);

/// 1 with probability p (53 bits), otherwise 0.
template <class T>
void bernoulli(Mt19937Stream& stream, T* out, std::int64_t n, double p);

/// ceil(log(u) / log(1 - p)).
template <class T>
void geometric(Mt19937Stream& stream, T* out, std::int64_t n, double p);

/// out[i] is 1 with probability p[i]: 53 bits for double, 24 for float, Half and BFloat16.
template <class T, class P>
void bernoulli(Mt19937Stream& stream, T* out, const P* p, std::int64_t n);

/// Whether all are in [0, 1]; false for NaN.
template <class P>
bool are_probabilities(const P* p, std::int64_t n);

}  // namespace xgrad::kernels
