// The vocabulary of a stanza: what an op states about itself. No code that runs.
//
// A formula is a type with `forward` and one derivative per input. The same text is read over SIMD vectors
// (the kernels), over Tensors (gradients of gradients, forward mode) and over Symbols (the formula as text).
//
// `forward` may call what simd/vec.h has. A derivative, which is read in all three ways, may use + - * /,
// comparisons, & | !, where(condition, a, b) and the functions in XGRAD_SYMBOL_FUNCTIONS (stanza/symbol.h);
// the larger of x and 0 is where(x > 0, x, 0).
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

namespace xgrad {

/// A value of the kernels: a register of elements, where a branch on a member of the formula costs nothing.
template <class X>
concept Lanes = requires(X x) {
  X::size;
  x.v;
};

/// What users call the op (in errors) and what its node is called (in print-outs).
struct OpName {
  const char* op;
  const char* node;
};

/// What a derivative needs besides the gradient: inputs by position, or the result.
template <int I>
struct In {
  static constexpr int position = I;
};
template <int I = 0>
struct Output {
  static constexpr int position = -1 - I;
};
using Out = Output<0>;
/// The arguments of a derivative after the gradient, in their order. Exactly these are kept for backward.
template <class... What>
struct Saved {
  static constexpr int count = sizeof...(What);
};

/// In place of a saved list, instead of a derivative: the gradient passes unchanged / is zero.
struct Passed : Saved<> {};
struct Vanishes : Saved<> {};

/// The dtype of a result: that of the inputs; the same but integers become floating; bool.
enum class Result { same, floating, boolean };

/// What the array of a slot holds where that is not simply what the formula computes in (Same): an arithmetic
/// type. A bool is read as a mask and written from one; any other is converted from and to what is computed.
///   using inputs = Slots<bool, Same, Same>;   // where's mask takes no part in type promotion
///   using outputs = Slots<Same, int32_t>;     // `forward` returns pack(mantissa, exponent)
struct Same {};
template <class... T>
struct Slots {
  static constexpr int count = sizeof...(T);
};

/// What a formula of several results returns.
template <class... V>
struct Pack;
template <class V>
struct Pack<V> {
  V value;
};
template <class V, class... Rest>
struct Pack<V, Rest...> {
  V value;
  Pack<Rest...> rest;
};
template <class V>
constexpr Pack<V> pack(const V& v) {
  return {v};
}
template <class V, class... Rest>
constexpr Pack<V, Rest...> pack(const V& v, const Rest&... rest) {
  return {v, pack(rest...)};
}

/// Base of an elementwise op of N inputs.
template <int N, Result R = Result::same>
struct Pointwise {
  static constexpr int arity = N;
  static constexpr int results = 1;
  static constexpr Result result = R;
  static constexpr bool pointwise = true;
  static constexpr bool exact_numbers = false;  ///< Whether numbers are not rounded to a 16-bit common dtype.
  // Whether it computes in these; `false` hides the one above. Bool counts as an integer.
  static constexpr bool takes_bool = true;
  static constexpr bool takes_integers = true;
  static constexpr bool takes_floats = true;
};
template <Result R = Result::same>
using Unary = Pointwise<1, R>;
template <Result R = Result::same>
using Binary = Pointwise<2, R>;
template <Result R = Result::same>
using Ternary = Pointwise<3, R>;

/// As many results as the call makes.
inline constexpr int kMany = -1;

/// Base of an op of N tensors that is not elementwise: `forward` calls a kernel, derivatives are Tensor
/// expressions. The first `Results` results have gradients, and a derivative takes as many before what is
/// saved; one that did not arrive is undefined. Further results (positions, what backward needs) have none.
template <int N, int Results = 1>
struct Kernel {
  static constexpr int arity = N;
  static constexpr int results = Results;
  static constexpr bool pointwise = false;
};
/// The same for N tensors and a list of tensors after them.
template <int N = 0, int Results = 1>
struct ListKernel : Kernel<N, Results> {
  static constexpr bool takes_list = true;
};

/// `using optional = Inputs<1, 2>;`: inputs that may be absent. Then `forward` and derivatives get undefined
/// tensors in their place.
template <int... I>
struct Inputs {
  static constexpr bool contains(int input) { return ((I == input) || ...); }
};

namespace detail {

// The derivative with respect to input I: `backward_I` with `saved_I`, or `backward` with `saved` for a
// single input. `tangent_I`, of a tangent of input I and the same saved values, is its transpose: an op that
// does not state it has it computed (tangent.h). Where the derivatives share their work, and where there is a
// list, `backward_all(wanted, gradients, saved_all)` computes those of all inputs at once.
template <class F, int I>
struct Derivative {
  static constexpr bool exists = false;
};
#define XGRAD_DERIVATIVE(I, function, list, transpose, condition)                   \
  template <class F>                                                                \
  requires(condition && requires { typename F::list; }) struct Derivative<F, I> {   \
    static constexpr bool exists = true;                                            \
    static constexpr bool states_tangent = requires { &F::transpose; };             \
    using saved = typename F::list;                                                 \
    static auto call(const F& f, const auto&... a) { return f.function(a...); }     \
    static auto tangent(const F& f, const auto&... a) { return f.transpose(a...); } \
  };
XGRAD_DERIVATIVE(0, backward, saved, tangent, F::arity == 1)
XGRAD_DERIVATIVE(0, backward_0, saved_0, tangent_0, F::arity != 1)
XGRAD_DERIVATIVE(1, backward_1, saved_1, tangent_1, true)
XGRAD_DERIVATIVE(2, backward_2, saved_2, tangent_2, true)
XGRAD_DERIVATIVE(3, backward_3, saved_3, tangent_3, true)
XGRAD_DERIVATIVE(4, backward_4, saved_4, tangent_4, true)
XGRAD_DERIVATIVE(5, backward_5, saved_5, tangent_5, true)
XGRAD_DERIVATIVE(6, backward_6, saved_6, tangent_6, true)
XGRAD_DERIVATIVE(7, backward_7, saved_7, tangent_7, true)
#undef XGRAD_DERIVATIVE

// Passed and Vanishes need no kernel.
template <class F, int I>
constexpr bool has_kernel() {
  if constexpr (Derivative<F, I>::exists) {
    using List = typename Derivative<F, I>::saved;
    return !std::is_same_v<List, Passed> && !std::is_same_v<List, Vanishes>;
  } else {
    return false;
  }
}

template <class F>
concept Joint = requires {
  typename F::saved_all;
};
template <class F>
concept TakesList = requires {
  requires F::takes_list;
};

// Reading 0 of a formula is its forward, reading 1 + i the derivative with respect to input i.
template <class F, int R>
constexpr bool has_reading() {
  if constexpr (R == 0)
    return true;
  else
    return R <= F::arity && has_kernel<F, R - 1>();
}
/// One more than the last reading of F.
template <class F, int R = F::arity>
constexpr int reading_count() {
  if constexpr (has_reading<F, R>())
    return R + 1;
  else
    return reading_count<F, R - 1>();
}
template <int R, class F>
auto read(const F& f, const auto&... a) {
  if constexpr (R == 0)
    return f.forward(a...);
  else
    return Derivative<F, R - 1>::call(f, a...);
}

template <int I, class List>
struct SlotAt;
template <class T, class... Rest>
struct SlotAt<0, Slots<T, Rest...>> {
  using type = T;
};
template <int I, class T, class... Rest>
requires(I > 0) struct SlotAt<I, Slots<T, Rest...>> : SlotAt<I - 1, Slots<Rest...>> {
};

template <class F>
struct OutputSlots {
  using type = std::conditional_t<F::result == Result::boolean, Slots<bool>, Slots<Same>>;
};
template <class F>
requires requires { typename F::outputs; }
struct OutputSlots<F> {
  using type = typename F::outputs;
};
/// How many results the forward of F has.
template <class F>
inline constexpr int result_count = OutputSlots<F>::type::count;

// What input I of F holds, and after the inputs its results: saved values are named by such places.
template <class F, int I>
constexpr auto slot_of() {
  if constexpr (I >= F::arity)
    return typename SlotAt<I - F::arity, typename OutputSlots<F>::type>::type{};
  else if constexpr (requires { typename F::inputs; })
    return typename SlotAt<I, typename F::inputs>::type{};
  else
    return Same{};
}

template <class F, class List>
struct SavedTypes;
template <class F, class... What>
struct SavedTypes<F, Saved<What...>> {
  using type = Slots<Same, decltype(slot_of<F, (What::position >= 0 ? What::position
                                                                    : F::arity - 1 - What::position)>())...>;
};

// The slots of reading R: those of its inputs, and those of its results.
template <class F, int R, class = std::make_integer_sequence<int, F::arity>>
struct ReadingSlots {
  using inputs = typename SavedTypes<F, typename Derivative<F, R - 1>::saved>::type;
  using outputs = Slots<Same>;
};
template <class F, int... I>
struct ReadingSlots<F, 0, std::integer_sequence<int, I...>> {
  using inputs = Slots<decltype(slot_of<F, I>())...>;
  using outputs = typename OutputSlots<F>::type;
};

}  // namespace detail

/// The formulas of a file, in the order of their kernels.
template <class... F>
struct OpList {
  static constexpr int size = sizeof...(F);
  template <class G>
  static constexpr bool contains = (std::is_same_v<F, G> || ...);
  template <class G>
  static constexpr int index() {
    int i = 0;
    (void)((std::is_same_v<F, G> ? true : (++i, false)) || ...);
    return i;
  }
};

}  // namespace xgrad
