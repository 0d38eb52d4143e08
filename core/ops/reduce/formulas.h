// The reductions: one stanza each. Read by the functions (reduce.cpp) and by the kernels (kernels.cpp), so no
// tensor is named here: a derivative is a template, called with tensors only. Its first argument says
// over what was reduced (Over); gradients and results come with size 1 in the place of dimensions that went.
// `text` says for symbols what a derivative comes to that is more than they can read.
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
  auto text(const auto& g, const auto&, const auto&) const { return g / static_cast<double>(count); }
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
  static auto text(const auto& g, const auto& x, const auto& y) { return g * (y / x); }
  using saved = Saved<In<0>, Out>;
};

// The largest or smallest element; equal ones share the gradient.
struct Extreme : Reducer<Accumulate::input> {
  static auto share(const auto& over, const auto& g, const auto& chosen) {
    const auto mask = chosen.to(g.dtype());
    return mask / sum(mask, over.list(), true) * g;
  }
  static auto backward(const auto& over, const auto& g, const auto& x, const auto& y) {
    return share(over, g, (x.detach() == y.detach()) | (isnan(x.detach()) & isnan(y.detach())));
  }
  static auto text(const auto& g, const auto& x, const auto& y) { return where(x == y, g, 0); }
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

struct Min : Extreme {
  static constexpr OpName name{"min", "MinBackward1"};
  template <class V>
  static V identity() {
    return highest<V>();
  }
  static auto combine(const auto& a, const auto& b) { return minimum(a, b); }
};

// The same with dimensions, where a NaN makes every gradient NaN.
template <bool largest>
struct ExtremeOver : std::conditional_t<largest, Max, Min> {
  static constexpr OpName name = largest ? OpName{"amax", "AmaxBackward"} : OpName{"amin", "AminBackward"};
  using loops = std::conditional_t<largest, Max, Min>;
  static auto backward(const auto& over, const auto& g, const auto& x, const auto& y) {
    return Extreme::share(over, g, x.detach() == y.detach());
  }
};
using Amax = ExtremeOver<true>;
using Amin = ExtremeOver<false>;

struct AminMax : Extreme {
  static constexpr OpName name{"aminmax", "AminmaxBackward"};
  static constexpr int results = 2;
  template <class V>
  static Two<V> identity() {
    return {highest<V>(), lowest<V>()};
  }
  template <class V>
  static Two<V> map(const V& x) {
    return {x, x};
  }
  template <class V>
  static Two<V> combine(const Two<V>& a, const Two<V>& b) {
    return {minimum(a.first, b.first), maximum(a.second, b.second)};
  }
  static auto backward(const auto& over, const auto& g_min, const auto& g_max, const auto& x, const auto& min,
                       const auto& max) {
    if (!g_min.defined()) return share(over, g_max, x.detach() == max.detach());
    const auto dx = share(over, g_min, x.detach() == min.detach());
    return g_max.defined() ? dx + share(over, g_max, x.detach() == max.detach()) : dx;
  }
  using saved = Saved<In<0>, Output<0>, Output<1>>;
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
    return put_at_index(over, g, index);  // found by its arguments, in reduce.cpp
  }
  static auto text(const auto& g, const auto& x, const auto& y) { return where(x == y, g, 0); }
  using saved = Saved<Output<1>>;
};
using MaxAt = ExtremeAt<true>;
using MinAt = ExtremeAt<false>;

template <bool largest>
struct ArgExtreme : ExtremeAt<largest> {
  static constexpr OpName name = largest ? OpName{"argmax", ""} : OpName{"argmin", ""};
  using loops = ExtremeAt<largest>;
  static constexpr int results = 1;
  static auto finish(const auto& found) { return found.second; }
};
using ArgMax = ArgExtreme<true>;
using ArgMin = ArgExtreme<false>;

template <Accumulate in = Accumulate::truth>
struct IsTrue : Reducer<in> {
  static auto map(const auto& x) { return where(x != 0, 1, 0); }
};

struct All : IsTrue<> {
  static constexpr OpName name{"all", ""};
  template <class V>
  static V identity() {
    return 1;
  }
  static auto combine(const auto& a, const auto& b) { return a & b; }
};

struct Any : IsTrue<> {
  static constexpr OpName name{"any", ""};
  template <class V>
  static V identity() {
    return 0;
  }
  static auto combine(const auto& a, const auto& b) { return a | b; }
};

struct CountNonzero : IsTrue<Accumulate::count> {
  static constexpr OpName name{"count_nonzero", ""};
  template <class V>
  static V identity() {
    return 0;
  }
  static auto combine(const auto& a, const auto& b) { return a + b; }
};

struct NanSum : Sum {
  static constexpr OpName name{"nansum", "NansumBackward"};
  static constexpr bool linear = false;  // what counts depends on x
  static auto map(const auto& x) { return where(isnan(x), 0, x); }
  static auto backward(const auto&, const auto& g, const auto& x) { return where(isnan(x.detach()), 0, g); }
  static auto text(const auto& g, const auto& x, const auto&) { return where(isnan(x), 0, g); }
  using saved = Saved<In<0>>;
};

// The p-norm: (sum |x|^p)^(1/p), the largest or smallest |x| for p = inf or -inf, how many are not 0 for p =
// 0. For p = 0, 1 and 2 its loops are UsualNorm's.
struct Norm : Reducer<Accumulate::floating> {
  static constexpr OpName name{"norm", "LinalgVectorNormBackward"};
  static constexpr bool compact = true, rare = true;
  double p;
  template <class V>
  V identity() const {
    return p == -HUGE_VAL ? HUGE_VAL : 0;
  }
  auto map(const auto& x) const {
    if (p == HUGE_VAL || p == -HUGE_VAL) return abs(x);
    return pow(abs(x), p);
  }
  auto combine(const auto& a, const auto& b) const {
    return p == HUGE_VAL ? maximum(a, b) : p == -HUGE_VAL ? minimum(a, b) : a + b;
  }
  auto finish(const auto& s) const { return p == HUGE_VAL || p == -HUGE_VAL ? s : pow(s, 1 / p); }
  auto backward(const auto& over, const auto& g, const auto& x, const auto& y) const {
    if (p == 0) return zeros_like(x);
    if (p == 1) return g * sign(x);
    if (p == HUGE_VAL || p == -HUGE_VAL) {
      const auto size = abs(x.detach());
      return sign(x) * Extreme::share(over, g, (size == y.detach()) | (isnan(size) & isnan(y.detach())));
    }
    const auto share = x / where(y == 0, 1, y);
    if (p == 2) return g * share;
    return g * sign(x) * where((x == 0) | (y == 0), 0, pow(where(x == 0, 1, abs(share)), p - 1));
  }
  auto text(const auto& g, const auto& x, const auto& y) const {
    return p == 0                            ? g * 0
           : p == 1                          ? g * sign(x)
           : p == 2                          ? g * (x / y)
           : p == HUGE_VAL || p == -HUGE_VAL ? where(abs(x) == y, g * sign(x), 0)
                                             : g * sign(x) * pow(abs(x) / y, p - 1);
  }
  using saved = Saved<In<0>, Out>;
};

// The usual ones: how many are not 0, the sum of absolute values, the root of the sum of squares.
template <int power>
struct UsualNorm : Norm {
  static constexpr bool compact = false, rare = false;
  template <class V>
  static V identity() {
    return 0;
  }
  static auto map(const auto& x) {
    if constexpr (power == 0)
      return keep(x != 0, 1);
    else if constexpr (power == 1)
      return abs(x);
    else
      return x * x;
  }
  static auto combine(const auto& a, const auto& b) { return a + b; }
  static auto finish(const auto& s) {
    if constexpr (power == 2)
      return sqrt(s);
    else
      return s;
  }
};
using Norm0 = UsualNorm<0>;
using Norm1 = UsualNorm<1>;
using Norm2 = UsualNorm<2>;

// Number, mean and squared deviations of the elements so far, joined as Chan, Golub and LeVeque do.
template <class V>
struct Moments {
  V n, mean, deviations;
};

struct Var : Reducer<Accumulate::floating> {
  static constexpr OpName name{"var", "VarBackward0"};
  static constexpr float least = 0;  // squares overflow where their mean does not
  double correction;
  template <class V>
  static Moments<V> identity() {
    return {0, 0, 0};
  }
  template <class V>
  static Moments<V> map(const V& x) {
    return {1, x, 0};
  }
  template <class V>
  static Moments<V> combine(const Moments<V>& a, const Moments<V>& b) {
    const V n = a.n + b.n, weight = b.n / (n + 1e-30);  // 0 and not NaN where there is nothing yet
    const V apart = b.mean - a.mean;
    // In this order 0 times a square that overflows does not occur.
    return {n, a.mean + apart * weight, a.deviations + b.deviations + apart * (apart * (a.n * weight))};
  }
  // 0 of nothing, too, whatever the correction.
  double freedom() const {
    return count > 0 && static_cast<double>(count) > correction ? static_cast<double>(count) - correction : 0;
  }
  // NaN about an infinite mean.
  auto finish(const auto& s) const { return (s.deviations + (s.mean - s.mean)) / freedom(); }
  auto gradient(const auto& over, const auto& g, const auto& x) const {
    const auto centred = x - mean(x, over.list(), true);
    // Without any freedom, PyTorch's: infinite where no dimensions are left, else as if it were negative.
    const bool whole = static_cast<int64_t>(over.list().size()) == x.dim();
    if (freedom() > 0 || !whole) return g * (2 / (static_cast<double>(count) - correction)) * centred;
    return g * (square(centred) * HUGE_VAL);
  }
  auto backward(const auto& over, const auto& g, const auto& x) const { return gradient(over, g, x); }
  template <class S>
  static S centred(const S& x) {
    return x - S::call("mean", {x});
  }
  auto text(const auto& g, const auto& x, const auto&) const { return g * (2 * centred(x) / freedom()); }
  using saved = Saved<In<0>>;
};

struct Std : Var {
  static constexpr OpName name{"std", "StdBackward0"};
  static constexpr float least = 1e-18F;  // whose square is hardly a float32
  using loops = Var;
  auto finish(const auto& s) const { return sqrt(Var::finish(s)); }
  // That of the variance.
  static auto through(const auto& g, const auto& y) { return where(y == 0, 0, g / (2 * y)); }
  auto backward(const auto& over, const auto& g, const auto& x, const auto& y) const {
    return gradient(over, through(g, y), x);
  }
  auto text(const auto& g, const auto& x, const auto& y) const { return g * (centred(x) / (freedom() * y)); }
  using saved = Saved<In<0>, Out>;
};

struct VarMean : Var {
  static constexpr OpName name{"var_mean", "VarMeanBackward0"};
  static constexpr int results = 2;
  using loops = Var;
  template <class V>
  Two<V> finish(const Moments<V>& s) const {
    return {Var::finish(s), count > 0 ? s.mean : s.mean / count};  // NaN over nothing
  }
  auto backward(const auto& over, const auto& g_var, const auto& g_mean, const auto& x) const {
    if (!g_var.defined()) return g_mean / count;
    const auto dx = gradient(over, g_var, x);
    return g_mean.defined() ? dx + g_mean / count : dx;
  }
};

struct StdMean : Std {
  static constexpr OpName name{"std_mean", "StdMeanBackward0"};
  static constexpr int results = 2;
  template <class V>
  Two<V> finish(const Moments<V>& s) const {
    return {Std::finish(s), count > 0 ? s.mean : s.mean / count};
  }
  auto backward(const auto& over, const auto& g_std, const auto& g_mean, const auto& x, const auto& y) const {
    if (!g_std.defined()) return g_mean / count;
    const auto dx = gradient(over, through(g_std, y), x);
    return g_mean.defined() ? dx + g_mean / count : dx;
  }
};

// log(sum(exp(x))): the largest element, and the sum of exp(x - largest).
struct LogSumExp : Reducer<Accumulate::floating> {
  static constexpr OpName name{"logsumexp", "LogsumexpBackward"};
  static constexpr bool compact = true;
  // Of a block, whose largest element is found first: one exponential per element.
  using values = Max;
  template <class T>
  struct Terms : Sum {
    T largest;
    auto map(const auto& x) const { return where(x == largest, 1, exp_of_negative(x - largest)); }
  };
  template <class V>
  static Two<V> identity() {
    return {lowest<V>(), 0};
  }
  template <class V>
  static Two<V> map(const V& x) {
    return {x, 1};
  }
  template <class V>
  static Two<V> combine(const Two<V>& a, const Two<V>& b) {
    const V top = maximum(a.first, b.first), low = minimum(a.first, b.first);
    const V scale = where(low == top, 1, exp(low - top));  // infinities are equal too
    const auto a_is_top = a.first >= b.first;
    return {top, where(a_is_top, a.second, b.second) + scale * where(a_is_top, b.second, a.second)};
  }
  static auto finish(const auto& s) { return s.first + log(s.second); }
  static auto backward(const auto&, const auto& g, const auto& x, const auto& y) { return g * exp(x - y); }
  static auto text(const auto& g, const auto& x, const auto& y) { return g * exp(x - y); }
  using saved = Saved<In<0>, Out>;
};

using Reductions =
    OpList<Sum, Mean, Prod, Max, Amax, Min, Amin, AminMax, MaxAt, MinAt, ArgMax, ArgMin, All, Any,
           CountNonzero, NanSum, Norm, Norm0, Norm1, Norm2, Var, Std, VarMean, StdMean, LogSumExp>;

template <class F>
requires(Reductions::contains<F>) struct ReductionIndex<F> {
  static constexpr int value = Reductions::index<F>();
};

}  // namespace xgrad
