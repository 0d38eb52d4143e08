// The engine and the fills declared in random.h. Draws stay in one plain loop each: their order is the
// contract, so no threads, no blocks drawn ahead, nothing dependent on the ISA.
#include <xgrad/core/kernels/random/random.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <numbers>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/is_half.h>
#include <xgrad/core/kernels/kernel_table.h>

namespace xgrad::kernels {
namespace {

template <class T>
constexpr bool kIsFloating = std::is_floating_point_v<T> || is_half<T>;

/// The type in which PyTorch computes samples of T.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;

template <class T, class V>
T convert(V value) {
  if constexpr (is_half<T>)
    return T(static_cast<float>(value));
  else
    return static_cast<T>(value);
}

template <class T>
Wide<T> widen(T value) {
  return static_cast<Wide<T>>(value);
}

/// Uniform in [0, 1) with as many bits as T holds.
template <class T, class Word>
Wide<T> unit_of(Word word) {
  constexpr Word kMask = (Word{1} << digits<T>()) - 1;
  constexpr Wide<T> kStep = Wide<T>(1) / static_cast<Wide<T>>(Word{1} << digits<T>());
  return static_cast<Wide<T>>(static_cast<std::make_signed_t<Word>>(word & kMask)) * kStep;
}
template <class T>
Wide<T> unit(Mt19937Stream& stream) {
  if constexpr (std::is_same_v<T, double>)
    return unit_of<T>(stream.random64());
  else
    return unit_of<T>(stream.random());
}

/// out[i] = f(i, u) for n of these, one after the other.
template <class T, class Out, class F>
void for_units(Mt19937Stream& stream, Out* out, std::int64_t n, const F& f) {
  if constexpr (std::is_same_v<T, double>)
    for (std::int64_t i = 0; i < n; ++i) out[i] = f(i, unit<T>(stream));
  else
    stream.draw(n, [&](const std::uint32_t* words, std::int64_t count, std::int64_t first) {
      for (std::int64_t i = 0; i < count; ++i) out[first + i] = f(first + i, unit_of<T>(words[i]));
    });
}

/// x * scale + shift rounded once, as PyTorch's AVX2 build does it. fma is slow where the processor lacks it,
/// and the standard distributions do not need it.
template <class V>
V scale_shift(V x, V scale, V shift) {
  return scale == V(1) && shift == V(0) ? x : std::fma(x, scale, shift);
}

/// The radius and the angle of Box-Muller. Every intermediate is rounded to T.
template <class T>
Wide<T> radius_of(Wide<T> unit) {
  const Wide<T> u = widen(convert<T>(1 - unit));  // in (0, 1], so that its logarithm is finite
  return widen(convert<T>(std::sqrt(-2 * std::log(u))));
}
template <class T>
Wide<T> angle_of(Wide<T> unit) {
  return widen(convert<T>(static_cast<Wide<T>>(2 * std::numbers::pi) * unit));
}

/// What becomes of each number with so few bits, by the integer that it is a step times.
struct NormalParts {
  float radius, cosine, sine;
};
template <class T>
std::vector<NormalParts> normal_parts() {
  std::vector<NormalParts> parts;
  for (std::uint32_t k = 0; k < 1u << digits<T>(); ++k) {
    const float u = unit_of<T>(k), theta = angle_of<T>(u);
    parts.push_back({radius_of<T>(u), std::cos(theta), std::sin(theta)});
  }
  return parts;
}

/// Draws n uniform numbers for `normal_blocks`; those of few bits as their places in `normal_parts`.
template <class T>
void normal_units(Mt19937Stream& stream, T* out, std::int64_t n) {
  if constexpr (is_half<T>)
    stream.draw(n, [&](const std::uint32_t* words, std::int64_t count, std::int64_t first) {
      for (std::int64_t i = 0; i < count; ++i)
        out[first + i].x = static_cast<std::uint16_t>(words[i] & ((1u << digits<T>()) - 1));
    });
  else
    for_units<T>(stream, out, n, [](std::int64_t, Wide<T> u) { return u; });
}

/// Box-Muller in blocks of 16.
template <class T>
void normal_blocks(T* p, std::int64_t blocks, Wide<T> mean, Wide<T> std) {
  if constexpr (std::is_same_v<T, float>) {
    kernel_table().normal_blocks(p, blocks, mean, std);
  } else if constexpr (is_half<T>) {
    static const std::vector<NormalParts> parts = normal_parts<T>();
    const auto narrow = converter(scalar_type_of<T>, ScalarType::Float);
    for (float block[256]; blocks > 0;) {
      const std::int64_t some = std::min<std::int64_t>(blocks, 16), n = 16 * some;
      for (std::int64_t j = 0; j < n; j += 16)
        for (std::int64_t k = j; k < j + 8; ++k) {
          const float radius = parts[p[k].x].radius;
          const NormalParts& angle = parts[p[k + 8].x];
          block[k] = scale_shift(radius * angle.cosine, std, mean);
          block[k + 8] = scale_shift(radius * angle.sine, std, mean);
        }
      narrow(p, 1, block, 1, n);
      blocks -= some;
      p += n;
    }
  } else {
    for (; blocks > 0; --blocks, p += 16)
      for (int j = 0; j < 8; ++j) {
        const Wide<T> radius = radius_of<T>(p[j]), theta = angle_of<T>(p[j + 8]);
        p[j] = scale_shift(radius * std::cos(theta), std, mean);
        p[j + 8] = scale_shift(radius * std::sin(theta), std, mean);
      }
  }
}

/// The integer next to v that T holds; the lowest of all if that is no int64_t (what x86 makes of such a
/// cast).
template <class T>
std::int64_t rounded(std::int64_t v) {
  const double d = widen(convert<T>(v));
  return d >= -0x1p63 && d < 0x1p63 ? static_cast<std::int64_t>(d) : std::numeric_limits<std::int64_t>::min();
}

/// The distance of neighbouring values of T around v.
template <class T>
std::int64_t spacing(std::int64_t v) {
  const auto magnitude = v < 0 ? 0 - static_cast<std::uint64_t>(v) : static_cast<std::uint64_t>(v);
  return std::int64_t{1} << (std::bit_width(magnitude) - digits<T>());
}

template <class T>
void sample_with_replacement(Mt19937Stream& stream, std::int64_t* out, const T* weights,
                             std::int64_t categories, std::int64_t samples, std::vector<T>& cumulative) {
  // Sums are rounded to T after each step: a wider sum would move the borders between categories.
  Wide<T> sum = 0;
  for (std::int64_t j = 0; j < categories; ++j) {
    cumulative[j] = convert<T>(sum + widen(weights[j]));
    sum = widen(cumulative[j]);
  }
  for (T& c : cumulative) c = convert<T>(widen(c) / sum);
  cumulative.back() = convert<T>(1);
  const auto below = [](const T& c, double u) { return static_cast<double>(widen(c)) < u; };
  for (std::int64_t s = 0; s < samples; ++s) {
    const double u = unit<double>(stream);
    out[s] = std::lower_bound(cumulative.begin(), cumulative.end(), u, below) - cumulative.begin();
  }
}

/// The largest of weight / Exp(1) are a sample without replacement (Efraimidis and Spirakis, 2006).
template <class T>
void sample_without_replacement(Mt19937Stream& stream, std::int64_t* out, const T* weights,
                                std::int64_t categories, std::int64_t samples, std::vector<T>& race,
                                std::vector<std::int64_t>& order) {
  exponential(stream, race.data(), categories, 1.0);
  for (std::int64_t j = 0; j < categories; ++j) {
    race[j] = convert<T>(widen(weights[j]) / widen(race[j]));
    order[j] = j;
  }
  const auto ahead = [&race](std::int64_t a, std::int64_t b) {
    const auto x = widen(race[a]), y = widen(race[b]);
    return x > y || (x == y && a < b);
  };
  std::partial_sort(order.begin(), order.begin() + samples, order.end(), ahead);
  std::copy_n(order.begin(), samples, out);
}

// Where the parts of a saved state are.
constexpr std::size_t kSeedAt = 0, kLeftAt = 8, kSeededAt = 12, kNextAt = 16, kWordsAt = 24, kSpareAt = 5024,
                      kHasSpareAt = 5040;

void put(std::uint8_t* at, std::uint64_t value, int bytes) {
  for (int i = 0; i < bytes; ++i) at[i] = static_cast<std::uint8_t>(value >> (8 * i));
}

std::uint64_t get(const std::uint8_t* at, int bytes) {
  std::uint64_t value = 0;
  for (int i = 0; i < bytes; ++i) value |= static_cast<std::uint64_t>(at[i]) << (8 * i);
  return value;
}

}  // namespace

void Mt19937Stream::set_seed(std::uint64_t seed) {
  seed_ = seed;
  words_[0] = static_cast<std::uint32_t>(seed);
  for (std::uint32_t j = 1; j < kWords; ++j)
    words_[j] = 1812433253u * (words_[j - 1] ^ (words_[j - 1] >> 30)) + j;
  next_ = kWords;
  refilled_ = false;
  spare_normal_.reset();
}

void Mt19937Stream::refill() {
  constexpr std::size_t kShift = 397;
  const auto twist = [this](std::size_t j, std::size_t after, std::size_t far) {
    const std::uint32_t mixed = (words_[j] & 0x80000000u) | (words_[after] & 0x7fffffffu);
    words_[j] = words_[far] ^ (mixed >> 1) ^ ((0u - (mixed & 1u)) & 0x9908b0dfu);
  };
  for (std::size_t j = 0; j < kWords - kShift; ++j) twist(j, j + 1, j + kShift);
  for (std::size_t j = kWords - kShift; j < kWords - 1; ++j) twist(j, j + 1, j + kShift - kWords);
  twist(kWords - 1, 0, kShift - 1);
  temper();
  next_ = 0;
  refilled_ = true;
}

void Mt19937Stream::temper() {
  for (std::size_t j = 0; j < kWords; ++j) {
    std::uint32_t y = words_[j];
    y ^= y >> 11;
    y ^= (y << 7) & 0x9d2c5680u;
    y ^= (y << 15) & 0xefc60000u;
    drawn_[j] = y ^ (y >> 18);
  }
}

double Mt19937Stream::normal() {
  if (spare_normal_) return *std::exchange(spare_normal_, std::nullopt);
  const double u1 = unit<double>(*this);
  const double u2 = unit<double>(*this);
  const double radius = std::sqrt(-2.0 * std::log(1.0 - u2));
  const double theta = 2.0 * std::numbers::pi * u1;
  spare_normal_ = radius * std::sin(theta);
  return radius * std::cos(theta);
}

void Mt19937Stream::save(std::uint8_t* bytes) const {
  std::fill_n(bytes, kStateBytes, std::uint8_t{0});
  put(bytes + kSeedAt, seed_, 8);
  put(bytes + kLeftAt, kWords + 1 - next_, 4);
  put(bytes + kSeededAt, 1, 4);
  put(bytes + kNextAt, refilled_ ? next_ : 0, 8);
  for (std::size_t j = 0; j < kWords; ++j) put(bytes + kWordsAt + 8 * j, words_[j], 8);
  put(bytes + kSpareAt, std::bit_cast<std::uint64_t>(spare_normal_.value_or(0.0)), 8);
  put(bytes + kHasSpareAt, spare_normal_.has_value(), 4);
}

bool Mt19937Stream::load(const std::uint8_t* bytes) {
  const std::uint64_t left = get(bytes + kLeftAt, 4), next = get(bytes + kNextAt, 8);
  const bool fresh = left == 1 && next == 0;
  if (get(bytes + kSeededAt, 4) != 1 || next > kWords || (!fresh && left + next != kWords + 1)) return false;
  seed_ = get(bytes + kSeedAt, 8);
  next_ = fresh ? kWords : static_cast<std::uint32_t>(next);
  refilled_ = !fresh;
  for (std::size_t j = 0; j < kWords; ++j)
    words_[j] = static_cast<std::uint32_t>(get(bytes + kWordsAt + 8 * j, 8));
  temper();
  spare_normal_.reset();
  if (get(bytes + kHasSpareAt, 4) != 0) spare_normal_ = std::bit_cast<double>(get(bytes + kSpareAt, 8));
  return true;
}

template <class T>
void uniform(Mt19937Stream& stream, T* out, std::int64_t n, double from, double to) {
  const auto low = widen(convert<T>(from));
  const auto span = widen(convert<T>(widen(convert<T>(to)) - low));
  // The choice that scale_shift makes is made once: the compiler would leave it in the loop.
  if (span == 1 && low == 0)
    for_units<T>(stream, out, n, [](std::int64_t, Wide<T> u) { return convert<T>(u); });
  else
    for_units<T>(stream, out, n, [=](std::int64_t, Wide<T> u) { return convert<T>(std::fma(u, span, low)); });
}

template <class T>
void normal(Mt19937Stream& stream, T* out, std::int64_t n, double mean, double std) {
  if (n < 16) return normal_serial(stream, out, n, mean, std);
  const auto shift = widen(convert<T>(mean)), scale = widen(convert<T>(std));
  const auto fill = [&](T* p, std::int64_t count) {
    normal_units(stream, p, count);
    normal_blocks(p, count / 16, shift, scale);
  };
  fill(out, n);
  if (n % 16 != 0) fill(out + n - 16, 16);
}

template <class T>
void normal_serial(Mt19937Stream& stream, T* out, std::int64_t n, double mean, double std) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = convert<T>(scale_shift(stream.normal(), std, mean));
}

template <class T>
void exponential(Mt19937Stream& stream, T* out, std::int64_t n, double lambda) {
  for (std::int64_t i = 0; i < n; ++i)
    out[i] = convert<T>(-1.0 / lambda * std::log(1.0 - unit<double>(stream)));
}

template <class T>
std::int64_t representable_from(std::int64_t from) {
  const std::int64_t above = rounded<T>(from + 1);
  return above < from ? above + spacing<T>(from + 1) : from;
}

template <class T>
std::int64_t representable_to(std::int64_t to) {
  const std::int64_t below = rounded<T>(to - 1);
  return below >= to ? below - spacing<T>(to - 1) : to;
}

template <class T>
void multinomial(Mt19937Stream& stream, std::int64_t* out, const T* weights, std::int64_t rows,
                 std::int64_t categories, std::int64_t samples, bool replacement) {
  if (samples == 0) return;
  std::vector<T> scratch(categories);
  std::vector<std::int64_t> order(replacement ? 0 : categories);
  for (std::int64_t row = 0; row < rows; ++row, weights += categories, out += samples) {
    if (replacement)
      sample_with_replacement(stream, out, weights, categories, samples, scratch);
    else
      sample_without_replacement(stream, out, weights, categories, samples, scratch, order);
  }
}

template <class T>
const char* invalid_weights(const T* weights, std::int64_t rows, std::int64_t categories) {
  for (std::int64_t row = 0; row < rows; ++row, weights += categories) {
    constexpr auto infinite = std::numeric_limits<Wide<T>>::infinity();
    int valid = 1, any = 0;  // without branches, for the compiler to vectorise
    for (std::int64_t j = 0; j < categories; ++j) {
      const auto w = widen(weights[j]);
      valid &= (w >= 0) & (w < infinite);
      any |= w > 0;
    }
    for (std::int64_t j = 0; valid == 0 && j < categories; ++j) {
      const auto w = widen(weights[j]);
      if (!(w >= 0)) return "a weight is negative or nan";
      if (w == infinite) return "a weight is infinite";
    }
    if (any == 0) return "all weights of a row are zero";
  }
  return nullptr;
}

template <class T>
void random_from_to(Mt19937Stream& stream, T* out, std::int64_t n, std::int64_t base, std::uint64_t range) {
  constexpr bool kTakesTwoWords =
      std::is_same_v<T, std::int64_t> || std::is_floating_point_v<T> || std::is_same_v<T, BFloat16>;
  const auto place = [range, base](std::uint64_t word) {
    return convert<T>(static_cast<std::int64_t>(word % range + static_cast<std::uint64_t>(base)));
  };
  if (kTakesTwoWords && range >= std::uint64_t{1} << 32)
    for (std::int64_t i = 0; i < n; ++i) out[i] = place(stream.random64());
  else
    for (std::int64_t i = 0; i < n; ++i) out[i] = place(stream.random());
}

template <class T>
void random_full_range(Mt19937Stream& stream, T* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = convert<T>(static_cast<std::int64_t>(stream.random64()));
}

template <class T>
void random_default(Mt19937Stream& stream, T* out, std::int64_t n) {
  // A floating type counts one further than its digits: 2^digits itself is drawn, too.
  constexpr std::uint64_t kCount = (std::uint64_t{1} << digits<T>()) + (kIsFloating<T> ? 1 : 0);
  if constexpr (std::is_same_v<T, double> || std::is_same_v<T, std::int64_t>)
    for (std::int64_t i = 0; i < n; ++i) out[i] = convert<T>(stream.random64() % kCount);
  else
    for (std::int64_t i = 0; i < n; ++i) out[i] = convert<T>(stream.random() % kCount);
}

template <class T>
void randperm(Mt19937Stream& stream, T* out, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = convert<T>(i);
  for (std::int64_t i = 0; i < n - 1; ++i) std::swap(out[i], out[i + stream.random() % (n - i)]);
}

template <class T>
void bernoulli(Mt19937Stream& stream, T* out, std::int64_t n, double p) {
  for_units<double>(stream, out, n, [p](std::int64_t, double u) { return convert<T>(u < p); });
}

template <class T, class P>
void bernoulli(Mt19937Stream& stream, T* out, const P* p, std::int64_t n) {
  for_units<Wide<P>>(stream, out, n, [p](std::int64_t i, Wide<P> u) { return convert<T>(u < widen(p[i])); });
}

template <class P>
bool are_probabilities(const P* p, std::int64_t n) {
  return std::all_of(p, p + n, [](P x) { return widen(x) >= 0 && widen(x) <= 1; });
}

#define XGRAD_FLOATING(T)                                                                        \
  template void uniform(Mt19937Stream&, T*, std::int64_t, double, double);                       \
  template void normal(Mt19937Stream&, T*, std::int64_t, double, double);                        \
  template void normal_serial(Mt19937Stream&, T*, std::int64_t, double, double);                 \
  template void exponential(Mt19937Stream&, T*, std::int64_t, double);                           \
  template std::int64_t representable_from<T>(std::int64_t);                                     \
  template std::int64_t representable_to<T>(std::int64_t);                                       \
  template void multinomial(Mt19937Stream&, std::int64_t*, const T*, std::int64_t, std::int64_t, \
                            std::int64_t, bool);                                                 \
  template const char* invalid_weights(const T*, std::int64_t, std::int64_t);                    \
  template bool are_probabilities(const T*, std::int64_t);                                       \
  template void random_full_range(Mt19937Stream&, T*, std::int64_t);                             \
  XGRAD_ANY(T)
#define XGRAD_ANY(T)                                                                           \
  template void random_from_to(Mt19937Stream&, T*, std::int64_t, std::int64_t, std::uint64_t); \
  template void random_default(Mt19937Stream&, T*, std::int64_t);                              \
  template void randperm(Mt19937Stream&, T*, std::int64_t);                                    \
  template void bernoulli(Mt19937Stream&, T*, std::int64_t, double);                           \
  template void bernoulli(Mt19937Stream&, T*, const float*, std::int64_t);                     \
  template void bernoulli(Mt19937Stream&, T*, const double*, std::int64_t);                    \
  template void bernoulli(Mt19937Stream&, T*, const Half*, std::int64_t);                      \
  template void bernoulli(Mt19937Stream&, T*, const BFloat16*, std::int64_t);

XGRAD_FLOATING(float)
XGRAD_FLOATING(double)
XGRAD_FLOATING(Half)
XGRAD_FLOATING(BFloat16)
XGRAD_ANY(bool)
XGRAD_ANY(std::uint8_t)
XGRAD_ANY(std::int8_t)
XGRAD_ANY(std::int16_t)
XGRAD_ANY(std::int32_t)
XGRAD_ANY(std::int64_t)
template void random_full_range(Mt19937Stream&, std::int64_t*, std::int64_t);

#undef XGRAD_ANY
#undef XGRAD_FLOATING

}  // namespace xgrad::kernels
