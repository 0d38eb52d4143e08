// What the elementary functions are made of: polynomials, exponents taken apart and put together, clamping
// that keeps NaN, errors of sums, and the detour over libm lane by lane. No function of mathematics here.
#pragma once

#include "vec_core.h"

namespace xgrad::kernels::XGRAD_ISA {

template <class T>
struct FloatBits;

template <>
struct FloatBits<float> {
  using UInt = uint32_t;
  static constexpr int mantissa = 23, bias = 127;
  static constexpr UInt one = 0x3f800000u, sqrt_half = 0x3f3504f3u;
  static constexpr float magic =
      12582912.f;  // 1.5 * 2^23: adding it rounds to an integer, found in the low bits
  static constexpr float smallest_normal = 0x1p-126f, denormal_scale = 0x1p25f, denormal_shift = 25.f;
};

template <>
struct FloatBits<double> {
  using UInt = uint64_t;
  static constexpr int mantissa = 52, bias = 1023;
  static constexpr UInt one = 0x3ff0000000000000u, sqrt_half = 0x3fe6a09e667f3bcdu;
  static constexpr double magic = 6755399441055744.;  // 1.5 * 2^52
  static constexpr double smallest_normal = 0x1p-1022, denormal_scale = 0x1p54, denormal_shift = 54.;
};

template <class T>
using UIntBatch = Batch<typename FloatBits<T>::UInt>;

template <class T>
XGRAD_SIMD_INLINE UIntBatch<T> to_bits(Vec<T> x) {
  return __builtin_bit_cast(UIntBatch<T>, x.v);
}
template <class T>
XGRAD_SIMD_INLINE Vec<T> from_bits(UIntBatch<T> bits) {
  return Vec<T>(__builtin_bit_cast(Batch<T>, bits));
}

/// c0 + c1 x + c2 x^2 + ...
template <class T>
XGRAD_SIMD_INLINE Vec<T> polynomial(Vec<T>, T c0) {
  return c0;
}
template <class T, class... More>
XGRAD_SIMD_INLINE Vec<T> polynomial(Vec<T> x, T c0, More... more) {
  return fma(polynomial(x, more...), x, Vec<T>(c0));
}

/// c0 + c2 z + c4 z^2 + ...
template <class T>
XGRAD_SIMD_INLINE Vec<T> every_second(Vec<T>, T c0) {
  return c0;
}
template <class T>
XGRAD_SIMD_INLINE Vec<T> every_second(Vec<T>, T c0, T) {
  return c0;
}
template <class T, class... More>
XGRAD_SIMD_INLINE Vec<T> every_second(Vec<T> z, T c0, T, More... more) {
  return fma(every_second(z, more...), z, Vec<T>(c0));
}
/// A polynomial of so many terms that registers would mostly wait for the term before: all but the two that
/// weigh most are summed in two halves side by side.
template <class T, class... More>
XGRAD_SIMD_INLINE Vec<T> long_polynomial(Vec<T> x, T c0, T c1, T c2, More... more) {
  const Vec<T> z = x * x, rest = fma(every_second(z, more...), x, every_second(z, c2, more...));
  return fma(fma(rest, x, Vec<T>(c1)), x, Vec<T>(c0));
}

/// The points of Chebyshev within +-1, of which a polynomial of this degree has one more.
constexpr long double chebyshev_point(int i, int degree) {
  const long double angle = 3.14159265358979323846264338327950288L * (2 * i + 1) / (2 * (degree + 1));
  long double cosine = 0, term = 1;
  for (int k = 0; k < 40; k += 2) {
    cosine += term;
    term *= -angle * angle / ((k + 1) * (k + 2));
  }
  return cosine;
}

/// The polynomial that is y[i] at at[i], by Newton's divided differences, multiplied out.
template <class T, int count, int pieces>
constexpr void interpolate(const long double* at, long double* y, T (&table)[count][pieces], int piece) {
  for (int order = 1; order < count; ++order)
    for (int i = count - 1; i >= order; --i) y[i] = (y[i] - y[i - 1]) / (at[i] - at[i - order]);
  for (int from = count - 2; from >= 0; --from)
    for (int i = from; i < count - 1; ++i) y[i] -= at[from] * y[i + 1];
  for (int i = 0; i < count; ++i) table[i][piece] = static_cast<T>(y[i]);
}

/// The polynomials of a table in d, those of `piece` in each lane.
template <class T, int count, int pieces>
XGRAD_SIMD_INLINE Vec<T> look_up(const T (&table)[count][pieces], UIntBatch<T> piece, Vec<T> d) {
  Vec<T> sum(raw::look_up(table[count - 1], piece));
  for (int i = count - 1; i-- > 0;) sum = fma(sum, d, Vec<T>(raw::look_up(table[i], piece)));
  return sum;
}
/// Those at a, where piece i is in a - i `step`.
template <int count, int pieces>
XGRAD_SIMD_INLINE Vec<float> look_up(const float (&table)[count][pieces], float step, Vec<float> a) {
  const Vec<float> shifted = fma(a, 1 / step, FloatBits<float>::magic);
  const Vec<float> d = fma(shifted - FloatBits<float>::magic, -step, a);
  return look_up(table, to_bits(shifted), d);
}

/// x within [low, high]; a NaN stays (on x86 the second operand of min and max is the one that survives).
template <class T>
XGRAD_SIMD_INLINE Vec<T> clamp(Vec<T> x, T low, T high) {
  return Vec<T>(xsimd::max(Batch<T>(low), xsimd::min(Batch<T>(high), x.v)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> at_least(Vec<T> x, T low) {
  return Vec<T>(xsimd::max(Batch<T>(low), x.v));
}
template <class T>
XGRAD_SIMD_INLINE Vec<T> at_most(Vec<T> x, T high) {
  return Vec<T>(xsimd::min(Batch<T>(high), x.v));
}

/// 2^n for whole n, while the result is a normal number.
template <class T>
XGRAD_SIMD_INLINE Vec<T> power_of_two(Vec<T> n) {
  using F = FloatBits<T>;
  return from_bits<T>(to_bits(n + (F::magic + F::bias)) << F::mantissa);
}

/// v * 2^n for whole n, rounded once, over the whole range from denormal numbers to overflow.
template <class T>
XGRAD_SIMD_INLINE Vec<T> scale(Vec<T> v, Vec<T> n) {
#if defined(XGRAD_SIMD_AVX512)
  if constexpr (sizeof(T) == 4)
    return Vec<T>(Batch<T>(_mm512_scalef_ps(v.v, n.v)));
  else
    return Vec<T>(Batch<T>(_mm512_scalef_pd(v.v, n.v)));
#else
  const Vec<T> half = fma(n, Vec<T>(0.5), Vec<T>(FloatBits<T>::magic)) - FloatBits<T>::magic;
  return v * power_of_two(half) * power_of_two(n - half);
#endif
}

/// The same for v between sqrt(1/2) and sqrt(2). A zero comes from a zero: what underflows on the way there
/// costs as much as twenty registers, and what a mask leaves out of a softmax is nothing else.
template <class T>
XGRAD_SIMD_INLINE Vec<T> scale_near_one(Vec<T> v, Vec<T> n) {
  constexpr T vanishing = sizeof(T) == 4 ? T(-151) : T(-1076);
  return scale(drop(n <= vanishing, v), n);
}

/// The same for n <= 0.
template <class T>
XGRAD_SIMD_INLINE Vec<T> scale_down(Vec<T> v, Vec<T> n) {
#if defined(XGRAD_SIMD_AVX512)
  return scale_near_one(v, n);
#else
  using F = FloatBits<T>;
  constexpr T vanishing = sizeof(T) == 4 ? T(-151) : T(-1076), up = sizeof(T) == 4 ? T(64) : T(512);
  constexpr T down = sizeof(T) == 4 ? T(0x1p-64) : T(0x1p-512);
  const Vec<T> power = from_bits<T>(to_bits(n + (F::magic + F::bias + up)) << F::mantissa);
  return drop(n <= vanishing, v) * power * down;
#endif
}

/// The same for n that stands in the lower bits of `shifted`, while the result is a normal number.
template <class T>
XGRAD_SIMD_INLINE Vec<T> scale_by_bits(Vec<T> v, Vec<T> shifted) {
  return from_bits<T>(to_bits(v) + (to_bits(shifted) << FloatBits<T>::mantissa));
}

/// x = (1 + f) * 2^k with 1 + f between sqrt(1/2) and sqrt(2), for every positive finite x.
template <class T>
struct Split {
  Vec<T> f, k;
  UIntBatch<T> exponent;  // k in place, as it stands in the bits of a number
};

template <class T>
XGRAD_SIMD_INLINE Split<T> split_normal(Vec<T> x) {
  using F = FloatBits<T>;
  using UInt = typename F::UInt;
  constexpr UInt exponent_bits = static_cast<UInt>(~UInt(0)) << F::mantissa;
  const UIntBatch<T> bits = to_bits(x);
  const UIntBatch<T> above = bits - UIntBatch<T>(F::sqrt_half);
  const UIntBatch<T> exponent = above & UIntBatch<T>(exponent_bits);
  Vec<T> k;
  if constexpr (sizeof(T) == 4) {
    k = Vec<T>(xsimd::to_float(__builtin_bit_cast(Batch<int32_t>, above) >> F::mantissa));
  } else {
    // Few instruction sets convert 64-bit integers: the exponent, made positive, becomes the mantissa of a
    // number near 2^mantissa instead.
    constexpr T offset = static_cast<T>(UInt(1) << F::mantissa);
    const UIntBatch<T> positive = (above + UIntBatch<T>(F::one + (UInt(1) << F::mantissa))) >> F::mantissa;
    k = from_bits<T>(positive | to_bits(Vec<T>(offset))) - (offset + T(F::bias + 1));
  }
  return {from_bits<T>(bits - exponent) - T(1), k, exponent};
}

/// Whether split_normal takes every lane.
template <class T>
XGRAD_SIMD_INLINE bool all_normal(Vec<T> x) {
  using UInt = typename FloatBits<T>::UInt;
  constexpr UInt lowest = UInt(1) << FloatBits<T>::mantissa, end = 2 * FloatBits<T>::bias * lowest;
  return raw::all_below<UInt>(to_bits(x) - UIntBatch<T>(lowest), end);
}

template <class T>
XGRAD_SIMD_INLINE Split<T> split(Vec<T> x) {
  using F = FloatBits<T>;
  const Mask<T> denormal = x < F::smallest_normal;
  Split<T> s = split_normal(where(denormal, x * F::denormal_scale, x));
  s.k = s.k - keep(denormal, F::denormal_shift);
  return s;
}

/// f(lane) for every lane, for functions that are rare or too intricate for registers.
template <class T, class F>
XGRAD_SIMD_NOINLINE Vec<T> per_lane(F f, Vec<T> x) {
  T lanes[Vec<T>::size];
  x.store(lanes);
  for (int i = 0; i < Vec<T>::size; ++i) lanes[i] = f(lanes[i]);
  return Vec<T>::load(lanes);
}
template <class T, class F>
XGRAD_SIMD_NOINLINE Vec<T> per_lane(F f, Vec<T> x, Vec<T> y) {
  T lanes[Vec<T>::size], second[Vec<T>::size];
  x.store(lanes);
  y.store(second);
  for (int i = 0; i < Vec<T>::size; ++i) lanes[i] = f(lanes[i], second[i]);
  return Vec<T>::load(lanes);
}

/// A float function by way of a double one: accurate to the last bit at the price of two passes.
template <class F>
XGRAD_SIMD_INLINE Vec<float> through_double(F f, Vec<float> x) {
  Vec<double> low, high;
  raw::widen(x.v, low.v, high.v);
  return Vec<float>(raw::narrow(f(low).v, f(high).v));
}
template <class F>
XGRAD_SIMD_INLINE Vec<float> through_double(F f, Vec<float> x, Vec<float> y) {
  Vec<double> x_low, x_high, y_low, y_high;
  raw::widen(x.v, x_low.v, x_high.v);
  raw::widen(y.v, y_low.v, y_high.v);
  return Vec<float>(raw::narrow(f(x_low, y_low).v, f(x_high, y_high).v));
}

#if defined(XGRAD_SIMD_HALF)
/// Floats rounded to float16 or bfloat16. A NaN becomes the quiet one; float16 keeps its sign.
template <bool half>
XGRAD_SIMD_INLINE void store_16_bits(Vec<float> v, uint16_t* p) {
  const Vec<float> none = half ? magnitude_of_sign(Vec<float>(NAN), sign_bit(v)) : Vec<float>(NAN);
#if !defined(XGRAD_SIMD_AVX512)
  if (!any(isnan(v))) [[likely]]  // a blend is dear
    return raw::store_16_bits<half>(v.v, p);
#endif
  raw::store_16_bits<half>(where(isnan(v), none, v).v, p);
}
#endif

}  // namespace xgrad::kernels::XGRAD_ISA
