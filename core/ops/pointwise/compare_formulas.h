// Comparisons, logic, maximum, where and clamp: one stanza per op. How a stanza is read is in formula.h.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

#define XGRAD_COMPARISON(Name, op_name, expression)                          \
  struct Name : Binary<Result::boolean> {                                    \
    static constexpr OpName name{#op_name, ""};                              \
    static auto forward(const auto& a, const auto& b) { return expression; } \
  };
XGRAD_COMPARISON(Eq, eq, a == b)
XGRAD_COMPARISON(Ne, ne, a != b)
XGRAD_COMPARISON(Lt, lt, a < b)
XGRAD_COMPARISON(Le, le, a <= b)
XGRAD_COMPARISON(Gt, gt, a > b)
XGRAD_COMPARISON(Ge, ge, a >= b)
XGRAD_COMPARISON(LogicalAnd, logical_and, (a != 0) & (b != 0))
XGRAD_COMPARISON(LogicalOr, logical_or, (a != 0) | (b != 0))
XGRAD_COMPARISON(LogicalXor, logical_xor, (a != 0) ^ (b != 0))
#undef XGRAD_COMPARISON

struct LogicalNot : Unary<Result::boolean> {
  static constexpr OpName name{"logical_not", ""};
  static auto forward(const auto& a) { return a == 0; }
};

struct Maximum : Binary<> {
  static constexpr OpName name{"maximum", "MaximumBackward"};
  static constexpr bool converts_halves = true, wide_integers = true;
  static auto forward(const auto& a, const auto& b) { return maximum(a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(a < b, 0, g));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(b < a, 0, g));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Minimum : Binary<> {
  static constexpr OpName name{"minimum", "MinimumBackward"};
  static constexpr bool converts_halves = true, wide_integers = true;
  static auto forward(const auto& a, const auto& b) { return minimum(a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(a > b, 0, g));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) {
    return where(a == b, g / 2, where(b > a, 0, g));
  }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct Where : Ternary<> {
  static constexpr OpName name{"where", "WhereBackward"};
  using inputs = Slots<bool, Same, Same>;
  static auto forward(const auto& condition, const auto& a, const auto& b) { return where(condition, a, b); }
  static auto backward_1(const auto& g, const auto& condition) { return where(condition, g, 0); }
  using saved_1 = Saved<In<0>>;
  static auto backward_2(const auto& g, const auto& condition) { return where(condition, 0, g); }
  using saved_2 = Saved<In<0>>;
};

// Between numbers, the gradient passes strictly within; between tensors, x and a bound that it equals share.
struct Clamp : Ternary<> {
  static constexpr OpName name{"clamp", "ClampBackward1"};
  static constexpr bool converts_halves = true, wide_integers = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& low, const auto& high) {
    return minimum(maximum(x, low), high);
  }
  static auto backward_0(const auto& g, const auto& x, const auto& low, const auto& high) {
    return where((x > low) & (x < high), g, 0);
  }
  using saved_0 = Saved<In<0>, In<1>, In<2>>;
};

struct ClampMin : Binary<> {
  static constexpr OpName name{"clamp_min", "ClampMinBackward0"};
  static constexpr bool converts_halves = true, wide_integers = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& low) { return maximum(x, low); }
  static auto backward_0(const auto& g, const auto& x, const auto& low) { return where(x > low, g, 0); }
  using saved_0 = Saved<In<0>, In<1>>;
};

struct ClampMax : Binary<> {
  static constexpr OpName name{"clamp_max", "ClampMaxBackward0"};
  static constexpr bool converts_halves = true, wide_integers = true;
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& high) { return minimum(x, high); }
  static auto backward_0(const auto& g, const auto& x, const auto& high) { return where(x < high, g, 0); }
  using saved_0 = Saved<In<0>, In<1>>;
};

struct ClampTensors : Ternary<> {
  static constexpr OpName name{"clamp", "ClampBackward0"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& x, const auto& low, const auto& high) {
    return minimum(maximum(x, low), high);
  }
  static auto backward_0(const auto& g, const auto& x, const auto& low, const auto& high) {
    const auto shared = (low < high) & ((x == low) | (x == high));
    return where((x < low) | (x > high), 0, where(shared, g / 2, g));
  }
  using saved_0 = Saved<In<0>, In<1>, In<2>>;
  static auto backward_1(const auto& g, const auto& x, const auto& low, const auto& high) {
    return where((x < low) & (low <= high), g, where((x == low) & (low < high), g / 2, 0));
  }
  using saved_1 = Saved<In<0>, In<1>, In<2>>;
  static auto backward_2(const auto& g, const auto& x, const auto& low, const auto& high) {
    const auto above = ((x > high) & (low <= high)) | (low > high);
    return where(above, g, where((x == high) & (low < high), g / 2, 0));
  }
  using saved_2 = Saved<In<0>, In<1>, In<2>>;
};

struct ClampMinTensor : Maximum {
  static constexpr OpName name{"clamp_min", "ClampMinBackward1"};
};

struct ClampMaxTensor : Minimum {
  static constexpr OpName name{"clamp_max", "ClampMaxBackward1"};
};

using Compare =
    OpList<Eq, Ne, Lt, Le, Gt, Ge, LogicalAnd, LogicalOr, LogicalXor, LogicalNot, Maximum, Minimum, Where,
           Clamp, ClampMin, ClampMax, ClampTensors, ClampMinTensor, ClampMaxTensor>;
XGRAD_FORMULAS(Compare)

}  // namespace xgrad
