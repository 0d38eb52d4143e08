// Formulas for test_pointwise.cpp: several results, and slots of other dtypes than what is computed.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

struct SumAndDifference : Binary<> {
  static constexpr OpName name{"sum_and_difference", ""};
  using outputs = Slots<Same, Same>;
  static auto forward(const auto& a, const auto& b) { return pack(a + b, a - b); }
};

struct WholeAndRest : Unary<> {
  static constexpr OpName name{"whole_and_rest", ""};
  using outputs = Slots<int32_t, Same, bool>;
  static auto forward(const auto& x) {
    const auto whole = floor(x);
    return pack(whole, x - whole, x < 0);
  }
};

struct Choice : Ternary<> {
  static constexpr OpName name{"choice", ""};
  using inputs = Slots<bool, Same, int64_t>;
  static auto forward(const auto& which, const auto& a, const auto& b) { return where(which, a, b); }
};

// The state is read and written in the pass that changes the parameter.
struct Momentum : Ternary<Result::floating> {
  static constexpr OpName name{"momentum", ""};
  using outputs = Slots<Same, Same>;
  double lr, momentum;
  auto forward(const auto& p, const auto& g, const auto& b) const {
    const auto next = momentum * b + g;
    return pack(p - lr * next, next);
  }
};

using TestFormulas = OpList<SumAndDifference, WholeAndRest, Choice, Momentum>;

}  // namespace xgrad
