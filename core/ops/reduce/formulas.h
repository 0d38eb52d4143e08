// The reductions: one stanza each. Read by the functions (reduce.cpp) and by the kernels (kernels.cpp), so no
// tensor is named here: a derivative is a template, called with tensors only. Its first argument says
// over what was reduced (Over); gradients and results come with size 1 in the place of dimensions that went.
#pragma once

#include <type_traits>

#include <xgrad/core/kernels/reduce/formula.h>

namespace xgrad {

struct Sum : Reducer<> {
  static constexpr OpName name{"sum", "SumBackward0"};
  static constexpr bool linear = true;
  template <class V>
  static V identity() {
    return 0;
  }
  static auto combine(const auto& a, const auto& b) { return a + b; }
  using saved = Passed;
};

struct Mean : Sum {
  static constexpr OpName name{"mean", "MeanBackward0"};
  using loops = Sum;
  auto finish(const auto& sum) const { return sum / count; }
  auto backward(const auto&, const auto& g) const { return g / count; }
  using saved = Saved<>;
};

struct Prod : Reducer<> {
  static constexpr OpName name{"prod", "ProdBackward0"};
  template <class V>
  static V identity() {
    return 1;
  }
  static auto combine(const auto& a, const auto& b) { return a * b; }
  static auto backward(const auto& over, const auto& g, const auto& x, const auto& y) {
    return prod_backward(over, g, x, y);
  }
  using saved = Saved<In<0>, Out>;
};

// The largest or smallest element; equal ones share the gradient.
struct Extreme : Reducer<Accumulate::input> {
  static auto backward(const auto& over, const auto& g, const auto& x, const auto& y) {
    const auto chosen = ((x.detach() == y.detach()) | (isnan(x.detach()) & isnan(y.detach()))).to(g.dtype());
    return chosen / sum(chosen, over.list(), true) * g;
  }
  using saved = Saved<In<0>, Out>;
};

struct Max : Extreme {
  static constexpr OpName name{"max", "MaxBackward1"};
  template <class V>
  static V identity() {
    return lowest<V>();
  }
  static auto combine(const auto& a, const auto& b) { return maximum(a, b); }
};
struct Amax : Max {
  static constexpr OpName name{"amax", "AmaxBackward"};
  using loops = Max;
};

struct Min : Extreme {
  static constexpr OpName name{"min", "MinBackward1"};
  template <class V>
  static V identity() {
    return highest<V>();
  }
  static auto combine(const auto& a, const auto& b) { return minimum(a, b); }
};
struct Amin : Min {
  static constexpr OpName name{"amin", "AminBackward"};
  using loops = Min;
};

// An extreme element and the first position where it stands; NaN is more extreme than anything.
template <bool largest>
struct ExtremeAt : Reducer<Accumulate::input> {
  static constexpr OpName name = largest ? OpName{"max", "MaxBackward0"} : OpName{"min", "MinBackward0"};
  static constexpr bool indexed = true;
  static constexpr int results = 2;
  using values = std::conditional_t<largest, Max, Min>;
  // Where nothing is better than the identity all are equal to it, and the first stands at 0.
  template <class V>
  static Two<V> identity() {
    return {values::template identity<V>(), 0};
  }
  template <class V>
  static Two<V> map(const V& x, const V& at) {
    return {x, at};
  }
  static auto better(const auto& later, const auto& best) {
    return (!(largest ? later <= best : later >= best)) & (best == best);
  }
  template <class V>
  static Two<V> combine(const Two<V>& a, const Two<V>& later) {
    const auto wins = better(later.first, a.first);
    return {where(wins, later.first, a.first), where(wins, later.second, a.second)};
  }
  static auto backward(const auto& over, const auto& g, const auto& index) {
    return put_at_index(over, g, index);
  }
  using saved = Saved<Output<1>>;
};
using MaxAt = ExtremeAt<true>;
using MinAt = ExtremeAt<false>;

template <bool largest>
struct ArgExtreme : ExtremeAt<largest> {
  using loops = ExtremeAt<largest>;
  static constexpr int results = 1;
  static auto finish(const auto& found) { return found.second; }
};
using ArgMax = ArgExtreme<true>;
using ArgMin = ArgExtreme<false>;

struct All : Reducer<Accumulate::truth> {
  template <class V>
  static V identity() {
    return 1;
  }
  static auto combine(const auto& a, const auto& b) { return a & b; }
};

struct Any : Reducer<Accumulate::truth> {
  template <class V>
  static V identity() {
    return 0;
  }
  static auto combine(const auto& a, const auto& b) { return a | b; }
};

using Reductions = OpList<Sum, Mean, Prod, Max, Amax, Min, Amin, MaxAt, MinAt, ArgMax, ArgMin, All, Any>;

template <class F>
requires(Reductions::contains<F>) struct ReductionIndex<F> {
  static constexpr int value = Reductions::index<F>();
};

}  // namespace xgrad
