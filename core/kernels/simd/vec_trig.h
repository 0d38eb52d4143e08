// sin, cos, tan and their inverses. An argument is brought to |r| <= pi/4 by subtracting n pi/2 in parts
// (Cody and Waite), exactly enough up to `limit`; a register holding anything larger goes lane by lane to
// libm, which reduces with as many digits of pi as it takes.
#pragma once

#include "vec_bits.h"

namespace xgrad::kernels::XGRAD_ISA {

/// x = r + n pi/2 with |r| <= pi/4; the low bits of `quadrant` are those of n, and `lost` is what r lacks.
template <class T>
struct TrigReduced {
  Vec<T> r, lost;
  UIntBatch<T> quadrant;
};

template <class T>
inline constexpr T trig_limit = sizeof(T) == 4 ? T(12800) : T(1.6e6);

/// Subtracts n times each part. Every product with n is exact: by the fused operation or by few bits. The
/// first difference is exact too, since all common digits vanish in it. `lost` holds what the others round
/// off; it counts on parts of few bits and so is good for float only.
template <class T, class... Parts>
XGRAD_SIMD_INLINE void subtract_parts(Vec<T> n, Vec<T>& r, Vec<T>& lost, T first, Parts... parts) {
  r = fma(n, Vec<T>(-first), r);
  const auto subtract = [&](T part) {
    const Vec<T> next = fma(n, Vec<T>(-part), r);
    lost += fma(n, Vec<T>(-part), r - next);
    r = next;
  };
  (subtract(parts), ...);
}

/// Without fused operations the parts of pi/2 are many, and float needs what their subtraction loses.
template <class T>
inline constexpr bool needs_lost = sizeof(T) == 4 && !has_fma;

template <bool with_lost, class T>
XGRAD_SIMD_INLINE TrigReduced<T> reduce_trig(Vec<T> x) {
  constexpr T magic = FloatBits<T>::magic;
  const Vec<T> sum = fma(x, Vec<T>(0.63661977236758134308), Vec<T>(magic)), n = sum - magic;
  Vec<T> r = x, lost = T(0);
  if constexpr (needs_lost<T>)
    subtract_parts(n, r = x - n * T(0x1.92p+0f), lost, 0x1.fb4p-12f, 0x1.444p-24f, 0x1.68cp-39f,
                   0x1.1a6264p-54f);
  else if constexpr (sizeof(T) == 4 && with_lost)
    subtract_parts(n, r, lost, 0x1.921fb4p+0f, 0x1.444p-24f, 0x1.68cp-39f, 0x1.1a6264p-54f);
  else if constexpr (sizeof(T) == 4)
    subtract_parts(n, r, lost, 0x1.921fb4p+0f, 0x1.4442dp-24f, 0x1.84698ap-48f);
  else if constexpr (has_fma)
    subtract_parts(n, r, lost, 0x1.921fb54442d18p+0, 0x1.1a62633145c06p-54, 0x1.c1cd129024e09p-107);
  else
    subtract_parts(n, r, lost, 0x1.921fb544p+0, 0x1.0b4611a6p-34, 0x1.3198a2ep-69, 0x1.b839a252049c1p-104);
  return {r, lost, to_bits(sum)};
}

/// The sign bit where the bit of value 2 of the quadrant is set.
template <class T>
XGRAD_SIMD_INLINE Vec<T> quadrant_sign(UIntBatch<T> quadrant) {
  return sign_bit(from_bits<T>(quadrant << (8 * static_cast<int>(sizeof(T)) - 2)));
}

template <class T>
XGRAD_SIMD_INLINE Mask<T> quadrant_odd(UIntBatch<T> quadrant) {
  const Vec<T> top = sign_bit(from_bits<T>(quadrant << (8 * static_cast<int>(sizeof(T)) - 1)));
  return magnitude_of_sign(Vec<T>(T(1)), top) < T(0);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> sin_reduced(const TrigReduced<T>& t, Vec<T> z) {
  Vec<T> p;
  if constexpr (sizeof(T) == 4)
    p = polynomial(z, -0.166666552f, 0.00833215564f, -0.00019514632f);
  else
    p = polynomial(z, -0.1666666666666663, 0.008333333333322005, -0.00019841269829495379,
                   2.755731358758208e-06, -2.5050742302552656e-08, 1.589590445559101e-10);
  if constexpr (needs_lost<T>)
    return t.r + fma(t.r * z, p, t.lost);
  else
    return fma(t.r * z, p, t.r);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> cos_reduced(const TrigReduced<T>& t, Vec<T> z) {
  Vec<T> p;
  if constexpr (sizeof(T) == 4)
    p = polynomial(z, 0.0416666456f, -0.00138873095f, 2.44324128e-05f);
  else
    p = polynomial(z, 0.041666666666666595, -0.0013888888888872895, 2.4801587288748244e-05,
                   -2.755731414863978e-07, 2.087569657474082e-09, -1.1358310598608851e-11);
  p = fma(z, p, Vec<T>(T(-0.5)));
  if constexpr (needs_lost<T>)
    return T(1) + (z * p - t.r * t.lost);
  else
    return fma(z, p, Vec<T>(T(1)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> sin(Vec<T> x) {
  const Vec<T> a = abs(x);
  if (any(a > trig_limit<T>)) [[unlikely]]
    return per_lane([](T v) { return T(sizeof(T) == 4 ? ::sinf(float(v)) : ::sin(double(v))); }, x);
  const TrigReduced<T> t = reduce_trig<false>(a);
  const Vec<T> z = t.r * t.r;
  const Vec<T> result = where(quadrant_odd<T>(t.quadrant), cos_reduced(t, z), sin_reduced(t, z));
  return magnitude_of_sign(result, magnitude_of_sign(quadrant_sign<T>(t.quadrant), sign_bit(x)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> cos(Vec<T> x) {
  const Vec<T> a = abs(x);
  if (any(a > trig_limit<T>)) [[unlikely]]
    return per_lane([](T v) { return T(sizeof(T) == 4 ? ::cosf(float(v)) : ::cos(double(v))); }, x);
  const TrigReduced<T> t = reduce_trig<false>(a);
  const Vec<T> z = t.r * t.r;
  const Vec<T> result = where(quadrant_odd<T>(t.quadrant), sin_reduced(t, z), cos_reduced(t, z));
  return magnitude_of_sign(result, quadrant_sign<T>(t.quadrant + UIntBatch<T>(1u)));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> tan(Vec<T> x) {
  const Vec<T> a = abs(x);
  if (any(a > trig_limit<T>)) [[unlikely]]
    return per_lane([](T v) { return T(sizeof(T) == 4 ? ::tanf(float(v)) : ::tan(double(v))); }, x);
  const TrigReduced<T> t = reduce_trig<true>(a);
  const Vec<T> z = t.r * t.r;
  const Mask<T> odd = quadrant_odd<T>(t.quadrant);
  Vec<T> numerator, denominator;
  if constexpr (sizeof(T) == 4) {
    numerator = t.r + fma(t.r * z,
                          polynomial(z, 0.333331555f, 0.133388668f, 0.0534055568f, 0.0244509503f,
                                     0.00308594713f, 0.00940584484f),
                          t.lost);
    denominator = T(1);
  } else {
    numerator = sin_reduced(t, z);
    denominator = cos_reduced(t, z);
  }
  const Vec<T> result = where(odd, -denominator, numerator) / where(odd, numerator, denominator);
  return magnitude_of_sign(result, sign_bit(x));
}

/// atan(t) for |t| <= 1/2 (float) or tan(pi/8) (double).
template <class T>
XGRAD_SIMD_INLINE Vec<T> atan_reduced(Vec<T> t) {
  const Vec<T> z = t * t;
  if constexpr (sizeof(T) == 4)
    return fma(t * z,
               polynomial(z, -0.333333284f, 0.199994877f, -0.142720416f, 0.109406531f, -0.0798274055f,
                          0.0387036614f),
               t);
  else
    return fma(
        t * z,
        polynomial(z, -0.3333333333333319, 0.1999999999995282, -0.14285714280121226, 0.11111110779794423,
                   -0.09090897654972016, 0.07692058428741061, -0.06663084154562682, 0.058477470811431155,
                   -0.05038673629189317, 0.038048741379910246, -0.017890090116948962),
        t);
}

template <class T>
inline constexpr T half_pi = T(1.57079632679489661923);
template <class T>
inline constexpr T half_pi_rest = sizeof(T) == 4 ? T(-0x1.777a5cp-25) : T(0x1.1a62633145c07p-54);

/// The angle of (x, y) for x, y >= 0 (and a NaN when either is).
template <class T>
XGRAD_SIMD_INLINE Vec<T> angle_of_quadrant(Vec<T> y, Vec<T> x) {
  // From 1/2 to 2 the difference below is exact; double has digits to spare and a shorter polynomial instead.
  constexpr T lower = sizeof(T) == 4 ? T(0.5) : T(0.41421356237309504880);
  const Mask<T> steep = y > x * T(2.41421356237309504880), middle = y > x * lower;
  const Vec<T> numerator = where(steep, -x, y - keep(middle, x));
  const Vec<T> denominator = where(steep, y, x + keep(middle, y));
  const Vec<T> t = atan_reduced(numerator / denominator);
  const Vec<T> halves = keep(middle, T(0.5)) + keep(steep, T(0.5));
  return fma(halves, Vec<T>(half_pi<T>), fma(halves, Vec<T>(half_pi_rest<T>), t));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> atan(Vec<T> x) {
  return magnitude_of_sign(angle_of_quadrant(abs(x), Vec<T>(T(1))), sign_bit(x));
}

/// The angle in the first quadrant brought to that of (x, y).
template <class T>
XGRAD_SIMD_INLINE Vec<T> turned(Vec<T> angle, Vec<T> y, Vec<T> x) {
  const Mask<T> left = magnitude_of_sign(Vec<T>(T(1)), sign_bit(x)) < T(0);
  const Vec<T> result = where(left, T(2) * half_pi<T> - (angle - T(2) * half_pi_rest<T>), angle);
  return magnitude_of_sign(result, sign_bit(y));
}

template <class T>
XGRAD_SIMD_NOINLINE Vec<T> angle_of_anything(Vec<T> y, Vec<T> x) {
  constexpr T infinity = T(HUGE_VAL), large = sizeof(T) == 4 ? T(0x1p100) : T(0x1p1000);
  const Vec<T> ay = abs(y), ax = abs(x);
  const Mask<T> both_infinite = (ay == infinity) & (ax == infinity), both_zero = (ay == T(0)) & (ax == T(0));
  const Vec<T> down = where((ay > large) | (ax > large), T(0.125), T(1));  // no overflow in x + y
  return turned(angle_of_quadrant(where(both_infinite, T(1), ay * down),
                                  where(both_infinite | both_zero, T(1), ax * down)),
                y, x);
}

/// atan2
template <class T>
XGRAD_SIMD_INLINE Vec<T> angle(Vec<T> y, Vec<T> x) {
  constexpr T large = sizeof(T) == 4 ? T(0x1p120) : T(0x1p1000);
  const Vec<T> ay = abs(y), ax = abs(x), sum = ay + ax;
  if (!all((sum > T(0)) & (sum < large))) [[unlikely]]
    return angle_of_anything(y, x);
  return turned(angle_of_quadrant(ay, ax), y, x);
}

/// asin(s) for 0 <= s <= 1/2, z = s^2
template <class T>
XGRAD_SIMD_INLINE Vec<T> asin_reduced(Vec<T> s, Vec<T> z) {
  if constexpr (sizeof(T) == 4)
    return fma(s * z, polynomial(z, 0.166667521f, 0.0749528855f, 0.0454716086f, 0.0241729375f, 0.0421782508f),
               s);
  else
    return fma(s * z,
               polynomial(z, 0.1666666666666676, 0.07499999999970632, 0.044642857174781385,
                          0.03038194269926351, 0.02237221523786702, 0.017351607347453453, 0.01398087843475138,
                          0.011398423305353914, 0.01078307592499626, 0.003695441269395741,
                          0.021734852956901102, -0.02103884428793459, 0.03265411422036612),
               s);
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> asin(Vec<T> x) {
  const Vec<T> a = abs(x);
  const Mask<T> outer = a > T(0.5);
  const Vec<T> z = where(outer, (T(1) - a) * T(0.5), a * a);
  // The instruction's root: its unit is free beside so many products.
  const Vec<T> p = asin_reduced(where(outer, Vec<T>(xsimd::sqrt(z.v)), a), z);
  const Vec<T> result = where(outer, half_pi<T> - (p + p) + half_pi_rest<T>, p);
  return magnitude_of_sign(result, sign_bit(x));
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> acos(Vec<T> x) {
  const Vec<T> a = abs(x);
  const Mask<T> outer = a > T(0.5);
  const Vec<T> z = where(outer, (T(1) - a) * T(0.5), a * a);
  const Vec<T> p = asin_reduced(where(outer, Vec<T>(xsimd::sqrt(z.v)), a), z);
  const Vec<T> left = T(2) * half_pi<T> - (p + p - T(2) * half_pi_rest<T>);
  const Vec<T> inner = half_pi<T> - (magnitude_of_sign(p, sign_bit(x)) - half_pi_rest<T>);
  return where(outer, where(x < T(0), left, p + p), inner);
}

}  // namespace xgrad::kernels::XGRAD_ISA
