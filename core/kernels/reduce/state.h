// States of formulas over the registers of the instruction set that is compiled for, and single numbers read
// like registers. Private to loops.h and the scans.
#pragma once

#include <type_traits>
#include <utility>

#include <xgrad/core/kernels/reduce/formula.h>
#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {

template <class T>
inline constexpr bool kFloating = static_cast<T>(0.5) != T(0);

/// One floating number with what combining needs, where a register would be a waste.
template <class T>
struct Single {
  using value_type = T;
  static constexpr int size = 1;
  T v;

  Single() = default;
  template <class N, std::enable_if_t<std::is_arithmetic_v<N>, int> = 0>
  XGRAD_SIMD_INLINE Single(N value) : v(static_cast<T>(value)) {}
  static XGRAD_SIMD_INLINE Single load(const T* p) { return *p; }
  static XGRAD_SIMD_INLINE Single load_partial(const T* p, int) { return *p; }
  XGRAD_SIMD_INLINE void store(T* p) const { *p = v; }
  XGRAD_SIMD_INLINE void store_partial(T* p, int) const { *p = v; }

  friend XGRAD_SIMD_INLINE Single operator+(Single a, Single b) { return a.v + b.v; }
  friend XGRAD_SIMD_INLINE Single operator*(Single a, Single b) { return a.v * b.v; }
  friend XGRAD_SIMD_INLINE Single maximum(Single a, Single b) { return a.v > b.v || a.v != a.v ? a : b; }
  friend XGRAD_SIMD_INLINE Single minimum(Single a, Single b) { return a.v < b.v || a.v != a.v ? a : b; }
};

/// Element x at position `at` as a state.
template <class F, class V>
XGRAD_SIMD_INLINE auto mapped_state(const F& f, V x, [[maybe_unused]] V at = 0) {
  if constexpr (F::indexed)
    return f.map(x, at);
  else if constexpr (requires { f.map(x); })
    return f.map(x);
  else
    return x;
}
template <class F, class V>
inline constexpr bool maps_elements = F::indexed || requires(const F& f, V x) {
  f.map(x);
};

template <class F, class V>
using ReduceState = decltype(std::declval<const F&>().template identity<V>());

/// How many V a state holds.
template <class S, class V>
inline constexpr int state_parts = static_cast<int>(sizeof(S) / sizeof(V));

/// Part I of a state or result.
template <int I, class V, class S>
XGRAD_SIMD_INLINE auto& part(S& s) {
  if constexpr (std::is_same_v<std::remove_const_t<S>, V>) {
    return s;
  } else if constexpr (state_parts<S, V> == 2) {
    auto& [a, b] = s;
    if constexpr (I == 0)
      return a;
    else
      return b;
  } else {
    auto& [a, b, c] = s;
    if constexpr (I == 0)
      return a;
    else if constexpr (I == 1)
      return b;
    else
      return c;
  }
}

/// f(integral_constant<int, i>) for each part.
template <class S, class V, class Fn>
XGRAD_SIMD_INLINE void for_each_part(const Fn& fn) {
  fn(std::integral_constant<int, 0>{});
  if constexpr (state_parts < S, V >> 1) fn(std::integral_constant<int, 1>{});
  if constexpr (state_parts < S, V >> 2) fn(std::integral_constant<int, 2>{});
}

template <class P>
XGRAD_SIMD_INLINE P* part_at(P* first, int i, int64_t pitch) {
  using Byte = std::conditional_t<std::is_const_v<P>, const char, char>;
  return reinterpret_cast<P*>(reinterpret_cast<Byte*>(first) + i * pitch);
}

template <class S, class V>
XGRAD_SIMD_INLINE S load_state(const typename V::value_type* p, int64_t pitch) {
  S s;
  for_each_part<S, V>([&](auto i) XGRAD_SIMD_LAMBDA { part<i, V>(s) = V::load(part_at(p, i, pitch)); });
  return s;
}
template <class S, class V>
XGRAD_SIMD_INLINE S load_state(const typename V::value_type* p, int64_t pitch, int n) {
  S s;
  for_each_part<S, V>([&](auto i)
                          XGRAD_SIMD_LAMBDA { part<i, V>(s) = V::load_partial(part_at(p, i, pitch), n); });
  return s;
}
template <class V, class S>
XGRAD_SIMD_INLINE void store_state(const S& s, typename V::value_type* p, int64_t pitch) {
  for_each_part<S, V>([&](auto i) XGRAD_SIMD_LAMBDA { part<i, V>(s).store(part_at(p, i, pitch)); });
}
template <class V, class S>
XGRAD_SIMD_INLINE void store_state(const S& s, typename V::value_type* p, int64_t pitch, int n) {
  for_each_part<S, V>([&](auto i)
                          XGRAD_SIMD_LAMBDA { part<i, V>(s).store_partial(part_at(p, i, pitch), n); });
}

/// The state of no element.
template <class S, class V, class F>
XGRAD_SIMD_INLINE S nothing(const F& f) {
  return f.template identity<V>();
}

/// The lanes of a in the mask, and the others of b.
template <class V, class S>
XGRAD_SIMD_INLINE S chosen(const auto& mask, const S& a, const S& b) {
  S s;
  for_each_part<S, V>([&](auto i)
                          XGRAD_SIMD_LAMBDA { part<i, V>(s) = where(mask, part<i, V>(a), part<i, V>(b)); });
  return s;
}

/// Lanes that are `half` apart change places.
template <int half, class V, class S>
XGRAD_SIMD_INLINE S halves_swapped(const S& a) {
  S s;
  for_each_part<S, V>([&](auto p) XGRAD_SIMD_LAMBDA {
#if defined(__GNUC__)
    const auto& v = part<p, V>(a).v.data;
    part<p, V>(s) = [&]<int... i>(std::integer_sequence<int, i...>) XGRAD_SIMD_LAMBDA {
      return V(decltype(V::v)(__builtin_shufflevector(v, v, (i ^ half)...)));
    }
    (std::make_integer_sequence<int, V::size>{});
#else
    typename V::value_type lanes[2 * V::size] = {};
    part<p, V>(a).store(lanes);
    part<p, V>(s) = V::load(lanes + half);
#endif
  });
  return s;
}

/// The first n lanes of a, 0 < n < size, and the others of b.
template <class S, class V>
XGRAD_SIMD_INLINE S first_lanes(int n, const S& a, const S& b) {
  static constexpr bool ones_and_zeros[32] = {true, true, true, true, true, true, true, true,
                                              true, true, true, true, true, true, true, true};
  return chosen<V>(V::mask_type::load(ones_and_zeros + 16 - n), a, b);
}

}  // namespace xgrad::kernels::XGRAD_ISA
