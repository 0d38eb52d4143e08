// What the tests of the SIMD layer share: the probes this machine can run, distances in units of the last
// place, special values and samples. Nothing here may be specific to one function.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "vec_probe.h"

namespace xgrad::kernels {

using Long = long double;

inline std::vector<VecProbe> probes() {
  std::vector<VecProbe> all{base::vec_probe()};
#if defined(XGRAD_HAVE_AVX2)
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) all.push_back(avx2::vec_probe());
#endif
#if defined(XGRAD_HAVE_AVX512)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    all.push_back(avx512::vec_probe());
#endif
  return all;
}

template <class T>
UnaryProbe<T> unary(const VecProbe& probe, const char* name) {
  for (std::size_t i = 0; i < probe.unary_count; ++i)
    if (std::strcmp(probe.unary[i].name, name) == 0) {
      if constexpr (sizeof(T) == 4)
        return probe.unary[i].f32;
      else
        return probe.unary[i].f64;
    }
  return nullptr;
}

template <class T>
BinaryProbe<T> binary(const VecProbe& probe, const char* name) {
  for (std::size_t i = 0; i < probe.binary_count; ++i)
    if (std::strcmp(probe.binary[i].name, name) == 0) {
      if constexpr (sizeof(T) == 4)
        return probe.binary[i].f32;
      else
        return probe.binary[i].f64;
    }
  return nullptr;
}

/// Distance from the true value in units of its last place; beyond the largest number counts as the next
/// power.
template <class T>
double ulps(T got, Long expected) {
  using Limits = std::numeric_limits<T>;
  const T rounded = static_cast<T>(expected);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : HUGE_VAL;
  if (got == rounded && got == T(0))
    return expected == 0 && std::signbit(got) != std::signbit(rounded) ? HUGE_VAL : 0;
  if (got == rounded && std::isinf(got)) return 0;
  if (std::isinf(expected)) return HUGE_VAL;
  const Long overflow = std::ldexp(Long(1), Limits::max_exponent);
  const auto bounded = [&](Long v) { return std::fabs(v) > overflow ? std::copysign(overflow, v) : v; };
  const Long value = bounded(expected);
  int exponent = value == 0 ? Limits::min_exponent - 1 : std::ilogb(value);
  if (exponent < Limits::min_exponent - 1) exponent = Limits::min_exponent - 1;
  if (exponent >= Limits::max_exponent) exponent = Limits::max_exponent - 1;
  return static_cast<double>(std::fabs(bounded(got) - value) /
                             std::ldexp(Long(1), exponent - (Limits::digits - 1)));
}

template <class T>
std::vector<T> specials() {
  using Limits = std::numeric_limits<T>;
  std::vector<T> values{0,
                        Limits::infinity(),
                        Limits::quiet_NaN(),
                        Limits::max(),
                        Limits::min(),
                        Limits::denorm_min(),
                        Limits::min() / 2,
                        Limits::epsilon(),
                        1 + Limits::epsilon(),
                        1 - Limits::epsilon() / 2};
  for (double v : {0.25,
                   0.5,
                   0.625,
                   0.75,
                   1.0,
                   1.5,
                   2.0,
                   2.5,
                   3.0,
                   3.5,
                   4.5,
                   10.0,
                   20.0,
                   33.25,
                   87.33,
                   88.72283,
                   88.7229,
                   88.73,
                   89.41,
                   89.5,
                   103.97,
                   103.98,
                   104.5,
                   126.0,
                   127.5,
                   128.0,
                   149.0,
                   149.5,
                   150.5,
                   709.78,
                   709.7828,
                   710.2,
                   710.5,
                   744.44,
                   745.13,
                   745.14,
                   746.0,
                   1023.5,
                   1024.0,
                   1074.5,
                   1075.5,
                   8388607.5,
                   8388609.0,
                   4503599627370495.5,
                   1e10,
                   1e22,
                   1e30,
                   3.14159265358979,
                   1.57079632679489662,
                   355.0})
    values.push_back(static_cast<T>(v));
  const std::size_t positive = values.size();
  for (std::size_t i = 0; i < positive; ++i) values.push_back(-values[i]);
  return values;
}

/// Numbers between low and high: evenly spread, around 1, of every magnitude.
template <class T>
std::vector<T> samples(double low, double high, std::size_t count) {
  using Limits = std::numeric_limits<T>;
  std::mt19937_64 bits(7);
  std::uniform_real_distribution<double> unit(0, 1);
  low = std::max(low, -static_cast<double>(Limits::max()));
  high = std::min(high, static_cast<double>(Limits::max()));
  const int first = Limits::min_exponent - Limits::digits, span = Limits::max_exponent - first;
  std::vector<T> values;
  while (values.size() < count) {
    double v = 0;
    switch (bits() % 4) {
      case 0:
        v = low / 2 + (high / 2 - low / 2) * unit(bits), v *= 2;
        break;
      case 1:
        v = 8 * unit(bits) - 4;
        break;
      case 2:
        v = std::ldexp(1 + unit(bits), static_cast<int>(bits() % 24) - 12) * (bits() % 2 ? 1 : -1);
        break;
      default:
        v = std::ldexp(1 + unit(bits), first + static_cast<int>(bits() % static_cast<unsigned>(span)));
        v *= bits() % 2 ? 1 : -1;
    }
    if (v >= low && v <= high) values.push_back(static_cast<T>(v));
  }
  return values;
}

}  // namespace xgrad::kernels
