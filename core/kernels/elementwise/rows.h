// Formulas read over SIMD vectors. Included by the op files in their kernel builds only, once per instruction
// set; everything here is in that set's namespace, so that the linker never mixes them.
#pragma once

#include <type_traits>
#include <utility>

#include <xgrad/core/kernels/elementwise/formula.h>
#include <xgrad/core/kernels/elementwise/row.h>
#include <xgrad/core/kernels/simd/vec.h>

#define XGRAD_IS_BASE_base 1
#define XGRAD_PASTE_(a, b) a##b
#define XGRAD_PASTE(a, b) XGRAD_PASTE_(a, b)
#if XGRAD_PASTE(XGRAD_IS_BASE_, XGRAD_ISA) == 1
#define XGRAD_ISA_IS_BASE true
#else
#define XGRAD_ISA_IS_BASE false
#endif

namespace xgrad::kernels::XGRAD_ISA {

template <class F, int R, class T, std::size_t... I>
inline void row_loop(const F& f, T* out, const T** p, const int64_t* advance, int64_t n,
                     std::index_sequence<I...>) {
  using V = Vec<T>;
  int64_t k = 0;
  for (; k + V::size <= n; k += V::size) {
    V v = detail::read<R>(f, V::load(p[I])...);
    v.store(out + k);
    ((p[I] += advance[I]), ...);
  }
  if (k < n) {
    const int rest = static_cast<int>(n - k);
    V v = detail::read<R>(f, (advance[I] ? V::load_partial(p[I], rest) : V::load(p[I]))...);
    v.store_partial(out + k, rest);
  }
}

template <class F, int R, class T>
void row(const void* formula, void* out, const void* const* in, const uint8_t* step, int64_t n) {
  using V = Vec<T>;
  constexpr int N = detail::reading_arity<F, R>();
  alignas(64) T single[N][V::size];
  const T* p[N];
  int64_t advance[N];
  for (int i = 0; i < N; ++i) {
    p[i] = static_cast<const T*>(in[i]);
    advance[i] = V::size;
    if (!step[i]) {
      V(*p[i]).store(single[i]);
      p[i] = single[i];
      advance[i] = 0;
    }
  }
  row_loop<F, R, T>(*static_cast<const F*>(formula), static_cast<T*>(out), p, advance, n,
                    std::make_index_sequence<N>{});
}

// Integers are computed by the base build alone, and only where the op keeps them integers.
template <class F, int R, class T>
constexpr RowFn row_or_null() {
  constexpr bool floating = std::is_same_v<T, float> || std::is_same_v<T, double>;
  if constexpr (!detail::has_reading<F, R>())
    return nullptr;
  else if constexpr (!floating && (R > 0 || F::result == Result::floating || !XGRAD_ISA_IS_BASE))
    return nullptr;
  else
    return &row<F, R, T>;
}

// Writes the kernels of reading R, one per dtype in the order of row_type.
template <class F, int R>
constexpr void fill_reading(RowFn* rows) {
  rows[0] = row_or_null<F, R, float>();
  rows[1] = row_or_null<F, R, double>();
  rows[2] = row_or_null<F, R, uint8_t>();
  rows[3] = row_or_null<F, R, int8_t>();
  rows[4] = row_or_null<F, R, int16_t>();
  rows[5] = row_or_null<F, R, int32_t>();
  rows[6] = row_or_null<F, R, int64_t>();
  rows[7] = row_or_null<F, R, bool>();
}

/// The kernels of a family: [formula][reading][dtype].
template <class List>
struct FamilyRows;
template <class... F>
struct FamilyRows<OpList<F...>> {
  RowFn rows[sizeof...(F) * detail::kReadings * kRowTypes];

  constexpr FamilyRows() : rows{} {
    RowFn* at = rows;
    (fill<F>(at), ...);
  }

 private:
  template <class G>
  static constexpr void fill(RowFn*& at) {
    fill_reading<G, 0>(at);
    fill_reading<G, 1>(at + kRowTypes);
    fill_reading<G, 2>(at + 2 * kRowTypes);
    fill_reading<G, 3>(at + 3 * kRowTypes);
    at += detail::kReadings * kRowTypes;
  }
};

}  // namespace xgrad::kernels::XGRAD_ISA
