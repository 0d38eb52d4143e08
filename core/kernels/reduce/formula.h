// The vocabulary of a reduction: what a formula states about itself. No code that runs.
//
// A formula turns elements into a state and combines states: `map(x)` (absent: the element is the state),
// `combine(a, b)` of two neighbours, `identity<V>()` of no element, `finish(state)` (absent: the state is the
// result). A state is a V or an aggregate of two or three. The text is read over SIMD registers and over
// single numbers, so each function is a template; loops, dtypes, layouts and threads follow from it.
#pragma once

#include <limits.h>
#include <math.h>
#include <stdint.h>

#include <xgrad/core/kernels/elementwise/formula.h>

namespace xgrad {

/// What a reduction looks at and computes in. float64 and float32 are accumulated in themselves, the 16-bit
/// floating types in float32, integers and bool in int64.
enum class Accumulate {
  result,    ///< elements converted to the dtype of the result
  floating,  ///< the same where the result is never an integer
  input,     ///< elements as they are
  truth,     ///< whether an element is not 0, in a byte; `map` gets bytes of any value
  count      ///< the same, counted in int64; `map` gets that or an int64 of any value
};

/// Base of a reduction. One whose state is what `values` reduces to and a sum of terms that depend on it says
/// what those are, `Terms<T>{{}, value}`: blocks of a row are read twice.
template <Accumulate A = Accumulate::result>
struct Reducer {
  static constexpr Accumulate accumulate = A;
  /// `map` takes the position of an element as well: among those of its result, in row-major order. Such a
  /// formula picks an element, the one that `values` reduces to: `better(later, best)` says whether a later
  /// one takes the place of the best so far. `combine` gets neighbours in order.
  static constexpr bool indexed = false;
  /// Has its functions called, where inlining them everywhere would be pages of code.
  static constexpr bool compact = false;
  /// Hardly ever hot: compiled for the baseline instruction set alone.
  static constexpr bool rare = false;
  static constexpr int results = 1;
  int64_t count = 0;  ///< The elements of one result.
};

/// Two results of one pass, or an element and where it stands.
template <class V>
struct Two {
  V first, second;
};

/// The smallest and the largest value of V: what no element is below, or above.
template <class V>
constexpr auto lowest() {
  using T = typename V::value_type;
  if constexpr (static_cast<T>(0.5) != T(0))
    return static_cast<T>(-HUGE_VAL);
  else
    return static_cast<T>(T(-1) > T(0) ? 0 : INT64_MIN >> (64 - 8 * sizeof(T)));
}
template <class V>
constexpr auto highest() {
  using T = typename V::value_type;
  if constexpr (static_cast<T>(0.5) != T(0))
    return static_cast<T>(HUGE_VAL);
  else
    return static_cast<T>(T(-1) > T(0) ? -1 : INT64_MAX >> (64 - 8 * sizeof(T)));
}

/// Where F stands in the list of reductions.
template <class F>
struct ReductionIndex {
  static_assert(sizeof(F) == 0, "this reduction is in no list: add it to the one at the end of formulas.h");
};

namespace detail {
// A formula that only finishes differently says whose loops it runs: `using loops = Sum`.
template <class F>
struct LoopsOf {
  using type = F;
};
template <class F>
requires requires { typename F::loops; }
struct LoopsOf<F> {
  using type = typename F::loops;
};
}  // namespace detail

}  // namespace xgrad
