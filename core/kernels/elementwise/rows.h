// Formulas read over SIMD vectors. Included by the files that are compiled for their kernels, once per
// instruction set; everything here is in that set's namespace, so that the linker never mixes them.
#pragma once

#include <type_traits>
#include <utility>

#include <xgrad/core/kernels/elementwise/formula.h>
#include <xgrad/core/kernels/elementwise/row.h>
#include <xgrad/core/kernels/is_half.h>
#include <xgrad/core/kernels/simd/vec.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels::XGRAD_ISA {

// What a formula computes in where its arrays hold T: 16-bit floating numbers are floats in registers.
template <class T>
using RowVec = Vec<std::conditional_t<is_half<T>, float, T>>;

// How a formula that computes in Vec<T> sees an array of S: as masks where S is bool, else converted lane by
// lane. Of the lanes, the first n are in memory.
template <class V, class E>
struct PlainLane {
  using Element = E;
  static XGRAD_SIMD_INLINE V load(const void* p, int n) {
    const auto* from = static_cast<const E*>(p);
    return n == V::size ? V::load(from) : V::load_partial(from, n);
  }
  static XGRAD_SIMD_INLINE void store(V v, void* p, int n) {
    auto* to = static_cast<E*>(p);
    n == V::size ? v.store(to) : v.store_partial(to, n);
  }
};
#if defined(XGRAD_SIMD_HALF)
template <class E>
requires(sizeof(E) == 2) struct PlainLane<Vec<float>, E> {
  using Element = E;
  using V = Vec<float>;
  static XGRAD_SIMD_INLINE V load(const void* p, int n) {
    uint16_t lanes[V::size];
    if (n < V::size) p = memcpy(lanes, p, static_cast<std::size_t>(n) * sizeof(E));
    return V(raw::load_16_bits<std::is_same_v<E, Half>>(static_cast<const uint16_t*>(p)));
  }
  static XGRAD_SIMD_INLINE void store(V v, void* p, int n) {
    uint16_t lanes[V::size];
    store_16_bits<std::is_same_v<E, Half>>(v, n < V::size ? lanes : static_cast<uint16_t*>(p));
    if (n < V::size) memcpy(p, lanes, static_cast<std::size_t>(n) * sizeof(E));
  }
};
#endif
template <class T, class S>
struct Lane {
  using V = Vec<T>;
  using Element = S;
  static XGRAD_SIMD_INLINE V load(const void* p, int n) {
    T lanes[V::size] = {};
    for (int i = 0; i < n; ++i) lanes[i] = static_cast<T>(static_cast<const S*>(p)[i]);
    return V::load(lanes);
  }
  static XGRAD_SIMD_INLINE void store(V v, void* p, int n) {
    T lanes[V::size];
    v.store(lanes);
    for (int i = 0; i < n; ++i) static_cast<S*>(p)[i] = static_cast<S>(lanes[i]);
  }
};
template <class T>
struct Lane<T, Same> : PlainLane<RowVec<T>, T> {};
template <class T>
struct Lane<T, bool> : PlainLane<Mask<T>, bool> {};

template <class T, class S, class... More>
XGRAD_SIMD_INLINE void store(Slots<S, More...>, const auto& value, char* const* out, int64_t k, int n) {
  using L = Lane<T, S>;
  char* to = *out + k * static_cast<int64_t>(sizeof(typename L::Element));
  if constexpr (requires { value.rest; }) {
    L::store(value.value, to, n);
    store<T>(Slots<More...>{}, value.rest, out + 1, k, n);
  } else {
    static_assert(sizeof...(More) == 0, "a formula of several results returns pack(a, b, ...)");
    if constexpr (requires { value.value; })
      L::store(value.value, to, n);
    else
      L::store(value, to, n);
  }
}

// What is one number for the whole row is held, else the lanes are loaded.
template <bool held, class L>
XGRAD_SIMD_INLINE auto held_or_loaded(const void* p, int n, const auto& number) {
  if constexpr (held)
    return number;
  else
    return L::load(p, n);
}
template <bool held, class L>
XGRAD_SIMD_INLINE auto number_to_hold(const void* p, int size) {
  if constexpr (held)
    return L::load(p, size);
  else
    return 0;
}

// With `numbers`, all inputs but the first are single numbers.
template <class F, int R, class T, bool numbers, class... S, std::size_t... I>
inline void row_loop(const F& formula, char* const* out, const char** p, const int64_t* advance, int64_t n,
                     Slots<S...>, std::index_sequence<I...>) {
  using Out = typename detail::ReadingSlots<F, R>::outputs;
  constexpr int size = RowVec<T>::size;
  const F f = formula;  // its numbers are converted once, since what is stored cannot change them
  const auto loop = [&](const auto... number) XGRAD_SIMD_LAMBDA {
    int64_t k = 0;
    for (; k + size <= n; k += size) {
      store<T>(Out{},
               detail::read<R>(f, held_or_loaded<(numbers && I > 0), Lane<T, S>>(p[I], size, number)...), out,
               k, size);
      ((p[I] += advance[I]), ...);
    }
    if (k < n) {
      const int rest = static_cast<int>(n - k);
      store<T>(Out{},
               detail::read<R>(f, held_or_loaded<(numbers && I > 0), Lane<T, S>>(p[I], rest, number)...), out,
               k, rest);
    }
  };
  loop(number_to_hold<(numbers && I > 0), Lane<T, S>>(p[I], size)...);
}

// Numbers one by one, as a loop of which the compiler makes registers. All inputs are arrays, or all but the
// first are single numbers.
template <class F, int R, class T, bool numbers, class... S, std::size_t... I>
inline void number_loop(const F& f, void* out, const void* const* in, int64_t n, Slots<S...>,
                        std::index_sequence<I...>) {
  using L = Lane<T, typename detail::SlotAt<0, typename detail::ReadingSlots<F, R>::outputs>::type>;
  const auto loop = [&, to = static_cast<typename L::Element*>(out)](
                        const typename Lane<T, S>::Element*... p,
                        typename Lane<T, S>::Element... number) XGRAD_SIMD_LAMBDA {
    for (int64_t k = 0; k < n; ++k) {
      const auto value = detail::read<R>(f, Lane<T, S>::load(numbers && I > 0 ? &number : p + k, 1)...);
      if constexpr (requires { value.value; })
        L::store(value.value, to + k, 1);
      else
        L::store(value, to + k, 1);
    }
  };
  loop(static_cast<const typename Lane<T, S>::Element*>(in[I])...,
       numbers && I > 0 ? *static_cast<const typename Lane<T, S>::Element*>(in[I])
                        : typename Lane<T, S>::Element()...);
}

// Writes one value into all lanes of a buffer, to be read as the others are.
template <class E, int size>
inline void repeat(const char*& p, int64_t& advance, uint8_t step, char* buffer) {
  advance = size * static_cast<int64_t>(sizeof(E));
  if (step) return;
  const E value = *reinterpret_cast<const E*>(p);
  for (int i = 0; i < size; ++i) reinterpret_cast<E*>(buffer)[i] = value;
  p = buffer;
  advance = 0;
}

template <class F, int R, class T, class... S>
inline void row_of(const F& f, void* const* out, const void* const* in, const uint8_t* step, int64_t n,
                   Slots<S...> slots) {
  constexpr int N = sizeof...(S), M = detail::ReadingSlots<F, R>::outputs::count, size = RowVec<T>::size;
  if constexpr (size == 1 && M == 1) {
    int arrays = 0;
    for (int i = 0; i < N; ++i) arrays += step[i];
    constexpr std::make_index_sequence<N> inputs;
    if (arrays == N) return number_loop<F, R, T, false>(f, *out, in, n, slots, inputs);
    if (arrays == 1 && step[0]) return number_loop<F, R, T, true>(f, *out, in, n, slots, inputs);
  }
  alignas(64) char single[N][size * sizeof(AnyElement)];
  const char* p[N];
  int64_t advance[N];
  for (int i = 0; i < N; ++i) p[i] = static_cast<const char*>(in[i]);
  int i = 0;
  ((repeat<typename Lane<T, S>::Element, size>(p[i], advance[i], step[i], single[i]), ++i), ...);
  char* to[M];
  for (int m = 0; m < M; ++m) to[m] = static_cast<char*>(out[m]);
  constexpr std::make_index_sequence<N> all;
  // A number of 16 bits would be converted for every register.
  if constexpr (is_half<T> && N > 1) {
    bool numbers = true;
    for (int k = 1; k < N; ++k) numbers &= step[k] == 0;
    if (numbers) return row_loop<F, R, T, true>(f, to, p, advance, n, slots, all);
  }
  row_loop<F, R, T, false>(f, to, p, advance, n, slots, all);
}

template <class F, int R, class T>
void row(const void* formula, void* const* out, const void* const* in, const uint8_t* step, int64_t n) {
  row_of<F, R, T>(*static_cast<const F*>(formula), out, in, step, n,
                  typename detail::ReadingSlots<F, R>::inputs{});
}

// Whether `forward` of F has kernels for 16-bit floating numbers too (`converts_halves = true`): where it is
// so little to compute that conversions in passes of their own would cost more.
template <class F>
concept ConvertsHalves = requires {
  requires F::converts_halves;
};

// Whether integers have kernels of every instruction set (`wide_integers = true`): where the compiler makes
// no registers of them for the baseline. Elsewhere memory is the limit.
template <class F>
concept WidensIntegers = requires {
  requires F::wide_integers;
};

// Other integers are computed by the base build alone, and all only where the op keeps them integers.
template <class F, int R, class T>
constexpr RowFn row_or_null() {
  constexpr bool floating = is_floating_type(scalar_type_of<T>);
#if defined(XGRAD_SIMD_HALF)
  constexpr bool converts = ConvertsHalves<F> && R == 0;
#else
  constexpr bool converts = false;
#endif
  // The bytes of a bool are 0 and 1: of those the compiler makes registers.
  if constexpr (std::is_same_v<T, bool> && F::result == Result::boolean && F::takes_bool)
    return row_or_null<F, R, uint8_t>();
  else if constexpr (!detail::has_reading<F, R>() ||
                     (compute_type(scalar_type_of<T>) != scalar_type_of<T> && !converts))
    return nullptr;
  else if constexpr (!floating &&
                     (R > 0 || F::result == Result::floating || !(XGRAD_ISA_IS_BASE || WidensIntegers<F>)))
    return nullptr;
  else if constexpr (std::is_same_v<T, bool> ? !F::takes_bool || !F::takes_integers
                                             : !(floating ? F::takes_floats : F::takes_integers))
    return nullptr;
  else
    return &row<F, R, T>;
}

// The kernels of a list in the order of its formulas, readings and row_type.
template <class List>
struct ListRows;
template <class... F>
struct ListRows<OpList<F...>> {
  RowFn rows[row_count(OpList<F...>{})];

  constexpr ListRows() : rows{} {
    RowFn* at = rows;
    (fill<F>(at, std::make_integer_sequence<int, detail::reading_count<F>()>{}), ...);
  }

 private:
  template <class G, int... R>
  static constexpr void fill(RowFn*& at, std::integer_sequence<int, R...>) {
    (fill_reading<G, R>(at, AnyType{}), ...);
  }
  template <class G, int R, class... T>
  static constexpr void fill_reading(RowFn*& at, TypeList<T...>) {
    ((*at++ = row_or_null<G, R, T>()), ...);
  }
};

}  // namespace xgrad::kernels::XGRAD_ISA

/// The kernels of a list of formulas, for this instruction set.
#define XGRAD_KERNELS(List)                           \
  namespace xgrad::kernels::XGRAD_ISA {               \
  static constexpr ListRows<List> List##_table;       \
  extern const RowFn* const List##_rows;              \
  const RowFn* const List##_rows = List##_table.rows; \
  }
