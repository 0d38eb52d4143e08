// A register of integers, for reductions: what combining and comparing take. Private to loops.h.
#pragma once

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {

#if defined(__GNUC__)
/// As many integers as a register of this instruction set holds, in the compiler's own vectors: it has every
/// width of them, and forms of what an instruction set lacks. Arithmetic wraps around.
template <class T>
struct Integers {
  static constexpr int size = static_cast<int>(Batch<float>::size * sizeof(float) / sizeof(T));
  typedef T Register __attribute__((vector_size(size * sizeof(T))));
  typedef std::make_unsigned_t<T> Bits __attribute__((vector_size(size * sizeof(T))));
  using value_type = T;
  struct Lanes {
    decltype(Register() < Register()) m;
    friend XGRAD_SIMD_INLINE Lanes operator&(Lanes a, Lanes b) { return {a.m & b.m}; }
    friend XGRAD_SIMD_INLINE Lanes operator!(Lanes a) { return {~a.m}; }
    friend XGRAD_SIMD_INLINE Integers where(Lanes mask, Integers a, Integers b) {
      return Integers(mask.m ? a.v : b.v);
    }
  };
  Register v;

  Integers() = default;
  XGRAD_SIMD_INLINE explicit Integers(Register lanes) : v(lanes) {}
  template <class N, std::enable_if_t<std::is_arithmetic_v<N>, int> = 0>
  XGRAD_SIMD_INLINE Integers(N value) : v(Register{} + static_cast<T>(value)) {}

  static XGRAD_SIMD_INLINE Integers load(const T* p) {
    Integers a;
    memcpy(&a.v, p, sizeof(a.v));
    return a;
  }
  static XGRAD_SIMD_INLINE Integers load_partial(const T* p, int n) {
    T lanes[size] = {};
    memcpy(lanes, p, static_cast<size_t>(n) * sizeof(T));
    return load(lanes);
  }
  XGRAD_SIMD_INLINE void store(T* p) const { memcpy(p, &v, sizeof(v)); }
  XGRAD_SIMD_INLINE void store_partial(T* p, int n) const {
    memcpy(p, &v, static_cast<size_t>(n) * sizeof(T));
  }

  /// Lanes k, k + 1, ...
  static XGRAD_SIMD_INLINE Lanes from(int k) {
    Register place;
    for (int i = 0; i < size; ++i) place[i] = static_cast<T>(i);
    return {place >= Integers(k).v};
  }

  static XGRAD_SIMD_INLINE Bits bits(Integers a) { return reinterpret_cast<Bits>(a.v); }
  static XGRAD_SIMD_INLINE Integers of(Bits b) { return Integers(reinterpret_cast<Register>(b)); }
  friend XGRAD_SIMD_INLINE Integers operator+(Integers a, Integers b) { return of(bits(a) + bits(b)); }
  friend XGRAD_SIMD_INLINE Integers operator*(Integers a, Integers b) { return of(bits(a) * bits(b)); }
  friend XGRAD_SIMD_INLINE Integers operator&(Integers a, Integers b) { return Integers(a.v & b.v); }
  friend XGRAD_SIMD_INLINE Integers operator|(Integers a, Integers b) { return Integers(a.v | b.v); }
  friend XGRAD_SIMD_INLINE Lanes operator==(Integers a, Integers b) { return {a.v == b.v}; }
  friend XGRAD_SIMD_INLINE Lanes operator!=(Integers a, Integers b) { return {a.v != b.v}; }
  friend XGRAD_SIMD_INLINE Lanes operator<=(Integers a, Integers b) { return {a.v <= b.v}; }
  friend XGRAD_SIMD_INLINE Lanes operator>=(Integers a, Integers b) { return {a.v >= b.v}; }
  friend XGRAD_SIMD_INLINE Lanes isnan(Integers a) { return a != a; }
  friend XGRAD_SIMD_INLINE Integers maximum(Integers a, Integers b) {
    return Integers(a.v < b.v ? b.v : a.v);
  }
  friend XGRAD_SIMD_INLINE Integers minimum(Integers a, Integers b) {
    return Integers(b.v < a.v ? b.v : a.v);
  }
};
#else
template <class T>
using Integers = Vec<T>;
#endif

}  // namespace xgrad::kernels::XGRAD_ISA
