// The rarer distributions declared in random.h: every number takes the words that PyTorch's takes.
#include <xgrad/core/kernels/random/random.h>

#include <cmath>
#include <limits>
#include <numbers>

#include <xgrad/core/types/scalar.h>

namespace xgrad::kernels {
namespace {

// Integers that cannot hold it wrap around.
template <class T>
T rounded(double value) {
  return Scalar(value).cast<T>();
}

// Transformed rejection (Hoermann, 1993), for lambda of 10 and more.
double large_poisson(Mt19937Stream& stream, double lambda) {
  const double slam = std::sqrt(lambda), loglam = std::log(lambda);
  const double b = 0.931 + 2.53 * slam, a = -0.059 + 0.02483 * b;
  const double invalpha = 1.1239 + 1.1328 / (b - 3.4), vr = 0.9277 - 3.6224 / (b - 2);
  while (true) {
    const double u = stream.uniform() - 0.5, v = stream.uniform();
    const double us = 0.5 - std::fabs(u), k = std::floor((2 * a / us + b) * u + lambda + 0.43);
    if (us >= 0.07 && v <= vr) return k;
    if (k < 0 || (us < 0.013 && v > us)) continue;
    if (std::log(v) + std::log(invalpha) - std::log(a / (us * us) + b) <=
        -lambda + k * loglam - std::lgamma(k + 1))
      return k;
  }
}

double one_poisson(Mt19937Stream& stream, double lambda) {
  if (lambda >= 10) return large_poisson(stream, lambda);
  if (lambda == 0) return 0;
  const double least = std::exp(-lambda);
  double count = 0;
  for (double product = stream.uniform(); product > least; product *= stream.uniform()) ++count;
  return count;
}

// What Stirling's formula leaves of log k!.
double stirling_tail(double k) {
  constexpr double tails[] = {
      0.0810614667953272, 0.0413406959554092, 0.0276779256849983, 0.02079067210376509, 0.0166446911898211,
      0.0138761288230707, 0.0118967099458917, 0.0104112652619720, 0.00925546218271273, 0.00833056343336287};
  if (k < 10) return tails[static_cast<int>(k)];
  const double square = (k + 1) * (k + 1);
  return (1.0 / 12 - (1.0 / 360 - 1.0 / 1260 / square) / square) / (k + 1);
}

// Failures between successes are geometric.
template <class T>
T inverted_binomial(Mt19937Stream& stream, T count, T p) {
  const double log_failure = std::log1p(static_cast<double>(-p));
  double trials = 0;
  T successes = 0;
  while (true) {
    trials += std::ceil(std::log(stream.uniform()) / log_failure);
    if (trials > static_cast<double>(count)) return successes;
    ++successes;
  }
}

// BTRS, transformed rejection with a squeeze (Hoermann, 1993), for a mean of 10 and more.
template <class T>
T rejected_binomial(Mt19937Stream& stream, T count, T p) {
  const double deviation = std::sqrt(static_cast<double>(count * p * (1 - p)));
  const double b = 1.15 + 2.53 * deviation, a = -0.0873 + 0.0248 * b + 0.01 * static_cast<double>(p),
               c = static_cast<double>(count * p) + 0.5, vr = 0.92 - 4.2 / b,
               odds = static_cast<double>(p / (1 - p)), alpha = (2.83 + 5.1 / b) * deviation,
               mode = std::floor(static_cast<double>((count + 1) * p)), n = static_cast<double>(count);
  while (true) {
    const double u = stream.uniform() - 0.5, drawn = stream.uniform(), us = 0.5 - std::fabs(u);
    const T k = static_cast<T>(std::floor((2 * a / us + b) * u + c));
    if (k < 0 || k > count) continue;
    if (us >= 0.07 && drawn <= vr) return k;
    const double v = std::log(drawn * alpha / (a / (us * us) + b)), x = static_cast<double>(k);
    const double bound = (mode + 0.5) * std::log((mode + 1) / (odds * (n - mode + 1))) +
                         (n + 1) * std::log((n - mode + 1) / (n - x + 1)) +
                         (x + 0.5) * std::log(odds * (n - x + 1) / (x + 1)) + stirling_tail(mode) +
                         stirling_tail(n - mode) - stirling_tail(x) - stirling_tail(n - x);
    if (v <= bound) return k;
  }
}

template <class T>
T one_binomial(Mt19937Stream& stream, T count, T p) {
  if (count <= 0 || p <= 0) return 0;
  if (p >= 1) return count;
  const auto successes = [&](T of) {
    return count * of >= 10 ? rejected_binomial(stream, count, of) : inverted_binomial(stream, count, of);
  };
  if (p <= T(0.5)) return successes(p);
  if (p > T(0.5)) return count - successes(1 - p);
  return std::numeric_limits<T>::quiet_NaN();
}

}  // namespace

double Mt19937Stream::uniform() {
  return static_cast<double>(random64() & ((std::uint64_t{1} << 53) - 1)) * 0x1p-53;
}

template <class T>
void cauchy(Mt19937Stream& stream, T* out, std::int64_t n, double median, double sigma) {
  for (std::int64_t i = 0; i < n; ++i)
    out[i] = rounded<T>(median + sigma * std::tan(std::numbers::pi * (stream.uniform() - 0.5)));
}

template <class T>
void log_normal(Mt19937Stream& stream, T* out, std::int64_t n, double mean, double std) {
  for (std::int64_t i = 0; i < n; ++i) out[i] = rounded<T>(std::exp(stream.normal() * std + mean));
}

template <class T>
void poisson(Mt19937Stream& stream, T* out, const T* lambda, std::int64_t n) {
  for (std::int64_t i = 0; i < n; ++i)
    out[i] = rounded<T>(one_poisson(stream, static_cast<double>(lambda[i])));
}

template <class T>
void binomial(Mt19937Stream& stream, T* out, const T* count, const T* p, std::int64_t n) {
  using Computed = std::conditional_t<std::is_same_v<T, double>, double, float>;
  for (std::int64_t i = 0; i < n; ++i)
    out[i] = rounded<T>(one_binomial(stream, static_cast<Computed>(count[i]), static_cast<Computed>(p[i])));
}

template <class T>
void geometric(Mt19937Stream& stream, T* out, std::int64_t n, double p) {
  for (std::int64_t i = 0; i < n; ++i)
    out[i] = rounded<T>(std::ceil(std::log(stream.uniform()) / std::log1p(-p)));
}

#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) \
  template void geometric(Mt19937Stream&, T*, std::int64_t, double);
XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
#define XGRAD_FLOATING(T)                                                     \
  template void cauchy(Mt19937Stream&, T*, std::int64_t, double, double);     \
  template void log_normal(Mt19937Stream&, T*, std::int64_t, double, double); \
  template void poisson(Mt19937Stream&, T*, const T*, std::int64_t);          \
  template void binomial(Mt19937Stream&, T*, const T*, const T*, std::int64_t);
XGRAD_FLOATING(float)
XGRAD_FLOATING(double)
XGRAD_FLOATING(Half)
XGRAD_FLOATING(BFloat16)
#undef XGRAD_FLOATING

}  // namespace xgrad::kernels
