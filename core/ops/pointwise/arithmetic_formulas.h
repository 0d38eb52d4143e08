// Arithmetic: one stanza per op. How a stanza is read is in formula.h.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

struct Add : Binary<> {
  static constexpr OpName name{"add", "AddBackward0"};
  static constexpr bool converts_halves = true;
  static auto forward(const auto& a, const auto& b) { return a + b; }
  using saved_0 = Passed;
  using saved_1 = Passed;
};

// A number of a formula that integers take exactly.
struct Factor {
  double real;
  int64_t whole;
  auto times(const auto& x) const {
    using X = std::decay_t<decltype(x)>;
    if constexpr (Lanes<X>) {
      if constexpr (std::is_integral_v<typename X::value_type>)
        return x * X(whole);
      else
        return x * real;
    } else {
      return x * real;
    }
  }
};

struct AddScaled : Binary<> {
  static constexpr OpName name{"add", "AddBackward0"};
  Factor alpha;
  void attributes(auto& put) const { put("alpha", alpha.real); }
  auto forward(const auto& a, const auto& b) const { return a + alpha.times(b); }
  using saved_0 = Passed;
  auto backward_1(const auto& g) const { return alpha.times(g); }
  using saved_1 = Saved<>;
};

struct Sub : Binary<> {
  static constexpr OpName name{"sub", "SubBackward0"};
  static constexpr bool converts_halves = true;
  static auto forward(const auto& a, const auto& b) { return a - b; }
  using saved_0 = Passed;
  static auto backward_1(const auto& g) { return -g; }
  using saved_1 = Saved<>;
};

struct SubScaled : Binary<> {
  static constexpr OpName name{"sub", "SubBackward0"};
  Factor alpha;
  void attributes(auto& put) const { put("alpha", alpha.real); }
  auto forward(const auto& a, const auto& b) const { return a - alpha.times(b); }
  using saved_0 = Passed;
  auto backward_1(const auto& g) const { return -alpha.times(g); }
  using saved_1 = Saved<>;
};

struct Rsub : Binary<> {
  static constexpr OpName name{"rsub", "RsubBackward1"};
  static constexpr bool converts_halves = true;
  static auto forward(const auto& a, const auto& b) { return b - a; }
  static auto backward_0(const auto& g) { return -g; }
  using saved_0 = Saved<>;
  using saved_1 = Passed;
};

struct Mul : Binary<> {
  static constexpr OpName name{"mul", "MulBackward0"};
  static constexpr bool converts_halves = true;
  static constexpr bool exact_numbers = true;
  static auto forward(const auto& a, const auto& b) { return a * b; }
  static auto backward_0(const auto& g, const auto& b) { return g * b; }
  using saved_0 = Saved<In<1>>;
  static auto backward_1(const auto& g, const auto& a) { return g * a; }
  using saved_1 = Saved<In<0>>;
};

struct Div : Binary<Result::floating> {
  static constexpr OpName name{"div", "DivBackward0"};
  static constexpr bool converts_halves = true;
  static constexpr bool exact_numbers = true;
  static auto forward(const auto& a, const auto& b) { return a / b; }
  static auto backward_0(const auto& g, const auto& b) { return g / b; }
  using saved_0 = Saved<In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b) { return -g * ((a / b) / b); }
  using saved_1 = Saved<In<0>, In<1>>;
};

struct DivTrunc : Binary<> {
  static constexpr OpName name{"div", "DivBackward1"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& a, const auto& b) { return trunc(a / b); }
  using saved_0 = Vanishes;
  using saved_1 = Vanishes;
};

struct DivFloor : Binary<> {
  static constexpr OpName name{"div", "DivBackward1"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& a, const auto& b) { return floor_div(a, b); }
  using saved_0 = Vanishes;
  using saved_1 = Vanishes;
};

// x^e, where `exponent` is e as the general function gets it. The exponents that models use are cheaper and
// more exact without that. Of those the less usual are by themselves, so that the others stand in the loop.
template <class X>
[[gnu::noinline]] auto less_usual_power(const X& x, double e, const auto& exponent) {
  if (e == 0) return X(1);
  if (e == 0.5) return sqrt(x);
  if (e == -1) return 1 / x;
  if (e == -2) return 1 / (x * x);
  if (e == -0.5) return 1 / sqrt(x);
  return pow(x, exponent);
}

template <class X>
auto power(const X& x, double e, const auto& exponent) {
  if constexpr (Lanes<X>) {
    // By bits, since comparing numbers costs more than a product, and this runs for every register.
    const auto is = [bits = __builtin_bit_cast(int64_t, e)](double number) {
      return bits == __builtin_bit_cast(int64_t, number);
    };
    if (is(2)) return x * x;
    if (is(1)) return x;
    if (is(3)) return x * x * x;
    if constexpr (std::is_floating_point_v<typename X::value_type>) return less_usual_power(x, e, exponent);
    if (is(0)) return X(1);
    return pow(x, exponent);
  } else {
    return e == 1 ? x : pow(x, exponent);
  }
}

// The exponent is an argument too, for the sake of type promotion, of large integers and of 16-bit types.
struct PowScalar : Binary<> {
  static constexpr OpName name{"pow", "PowBackward0"};
  static constexpr bool converts_halves = true;
  double exponent;
  auto forward(const auto& x, const auto& argument) const { return power(x, exponent, argument); }
  template <class G, class X>
  auto backward_0(const G& g, const X& x) const {
    if constexpr (Lanes<G>) {
      if (exponent == 0) return G(0);
    } else {
      if (exponent == 0) return g * 0;  // not by way of x^-1, which is infinite at 0
    }
    return g * (exponent * power(x, exponent - 1, exponent - 1));
  }
  using saved_0 = Saved<In<0>>;
};

struct PowTensor : Binary<> {
  static constexpr OpName name{"pow", "PowBackward1"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& a, const auto& b) { return pow(a, b); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) {
    return where(b == 0, 0, g * (b * pow(a, b - 1)));
  }
  using saved_0 = Saved<In<0>, In<1>>;
  static auto backward_1(const auto& g, const auto& a, const auto& b, const auto& y) {
    return where((a == 0) & (b >= 0), 0, g * (y * log(a)));
  }
  using saved_1 = Saved<In<0>, In<1>, Out>;
};

// number ^ tensor.
struct PowBase : Binary<> {
  static constexpr OpName name{"pow", "PowBackward2"};
  static constexpr bool takes_bool = false;
  static auto forward(const auto& a, const auto& b) { return pow(a, b); }
  static auto backward_1(const auto& g, const auto& a, const auto& b, const auto& y) {
    return where((a == 0) & (b >= 0), 0, g * (y * log(a)));
  }
  using saved_1 = Saved<In<0>, In<1>, Out>;
};

template <bool left>
struct Shift : Binary<> {
  static constexpr OpName name{left ? "bitwise_left_shift" : "bitwise_right_shift", ""};
  static constexpr bool takes_bool = false, takes_floats = false, wide_integers = true;
  static auto forward(const auto& a, const auto& b) {
    if constexpr (left)
      return a << b;
    else
      return a >> b;
  }
};
using LeftShift = Shift<true>;
using RightShift = Shift<false>;

using Arithmetic = OpList<Add, AddScaled, Sub, SubScaled, Rsub, Mul, Div, DivTrunc, DivFloor, PowScalar,
                          PowTensor, PowBase, LeftShift, RightShift>;
XGRAD_FORMULAS(Arithmetic)

}  // namespace xgrad
