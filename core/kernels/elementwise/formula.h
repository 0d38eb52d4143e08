// The vocabulary of a stanza: what an op states about itself. No code that runs.
//
// A formula is a type with `forward` and one derivative per input. The same text is read over SIMD vectors
// (the kernels), over Tensors (gradients of gradients, forward mode) and over Symbols (the formula as text).
#pragma once

#include <cstddef>
#include <type_traits>

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

/// Base of an elementwise op of N inputs.
template <int N, Result R = Result::same>
struct Pointwise {
  static constexpr int arity = N;
  static constexpr int results = 1;
  static constexpr Result result = R;
  static constexpr bool pointwise = true;
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
inline constexpr int kReadings = 4;
template <class F, int R>
constexpr bool has_reading() {
  if constexpr (R == 0)
    return true;
  else
    return R <= F::arity && has_kernel<F, R - 1>();
}
template <class F, int R>
constexpr int reading_arity() {
  if constexpr (R == 0)
    return F::arity;
  else
    return 1 + Derivative<F, R - 1>::saved::count;
}
template <int R, class F>
auto read(const F& f, const auto&... a) {
  if constexpr (R == 0)
    return f.forward(a...);
  else
    return Derivative<F, R - 1>::call(f, a...);
}

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
