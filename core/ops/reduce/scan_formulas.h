// The scans: one stanza each, of the states of a reduction. Read by the functions (scan.cpp) and by the
// kernels (scan_kernels.cpp); a derivative is a template, called with tensors only, whose first argument says
// along what was scanned (Along).
#pragma once

#include <xgrad/core/kernels/reduce/scan.h>
#include <xgrad/core/ops/reduce/formulas.h>

namespace xgrad {

/// Base of a scan: the running states of `States` along a dimension.
template <class States>
struct Scan : States {
  static constexpr int inputs = 1;
};

/// Of a symbol: each element and all that come after it.
template <class S>
S sum_from_here(const S& x) {
  return S::call("flip", {S::call("cumsum", {S::call("flip", {x})})});
}

struct CumSum : Scan<Sum> {
  static constexpr OpName name{"cumsum", "CumsumBackward"};
  static auto backward(const auto& along, const auto& g) { return cumsum(g, along.back()); }
  static auto text(const auto& g, const auto&, const auto&) { return sum_from_here(g); }
  using saved = Saved<>;
};

struct CumProd : Scan<Prod> {
  static constexpr OpName name{"cumprod", "CumprodBackward"};
  static auto backward(const auto& along, const auto& g, const auto& x, const auto& y) {
    return cumprod_backward(along, g, x, y);
  }
  static auto text(const auto& g, const auto& x, const auto& y) { return sum_from_here(g * y) / x; }
  using saved = Saved<In<0>, Out>;
};

struct LogCumSumExp : Scan<LogSumExp> {
  static constexpr OpName name{"logcumsumexp", "LogcumsumexpBackward"};
  // sum_j>=i g_j exp(x_i - y_j), with exponents that are never above 0.
  static auto backward(const auto& along, const auto& g, const auto& x, const auto& y) {
    const auto back = along.back();
    return exp(x - y) * linear_recurrence(exp(y - neighbours(y, back, HUGE_VAL)), g, back);
  }
  static auto text(const auto& g, const auto& x, const auto& y) {
    return exp(x) * sum_from_here(g * exp(-y));
  }
  using saved = Saved<In<0>, Out>;
};

// The largest or smallest element so far and the last position where it stood; NaN is more extreme than
// anything.
template <bool largest>
struct CumExtreme : Scan<Reducer<Accumulate::input>> {
  static constexpr OpName name =
      largest ? OpName{"cummax", "CummaxBackward"} : OpName{"cummin", "CumminBackward"};
  static constexpr bool indexed = true;
  static constexpr int results = 2;
  template <class V>
  static constexpr auto worst() {
    return largest ? lowest<V>() : highest<V>();
  }
  template <class V>
  static Two<V> identity() {
    return {worst<V>(), 0};
  }
  template <class V>
  static Two<V> map(const V& x, const V& at) {
    return {x, at};
  }
  static auto wins(const auto& later, const auto& best) {
    return (largest ? later >= best : later <= best) | (later != later);
  }
  template <class V>
  static Two<V> combine(const Two<V>& a, const Two<V>& later) {
    const auto mask = wins(later.first, a.first);
    return {where(mask, later.first, a.first), where(mask, later.second, a.second)};
  }
  static auto backward(const auto& along, const auto& g, const auto& index) {
    return scatter_add(zeros_like(g), along.dim, index, g);
  }
  template <class S>
  static S text(const S& g, const S&, const S&) {
    return S::call("scatter_add", {S("indices"), g});
  }
  using saved = Saved<Output<1>>;
};
using CumMax = CumExtreme<true>;
using CumMin = CumExtreme<false>;

// y_i = a_i y_i-1 + b_i with y_-1 = 0: what the derivatives of scans are made of.
struct LinearRecurrence : Scan<Reducer<Accumulate::floating>> {
  static constexpr int inputs = 2;
  template <class V>
  static Two<V> identity() {
    return {1, 0};
  }
  template <class V>
  static Two<V> map(const V& a, const V& b) {
    return {a, b};
  }
  template <class V>
  static Two<V> combine(const Two<V>& so_far, const Two<V>& next) {
    return {so_far.first * next.first, so_far.second * next.first + next.second};
  }
  static auto finish(const auto& s) { return s.second; }
};

using Scans = OpList<CumSum, CumProd, LogCumSumExp, CumMax, CumMin, LinearRecurrence>;

namespace kernels {
extern const ScanFamily<Scans::size> scan_family;
}

}  // namespace xgrad
