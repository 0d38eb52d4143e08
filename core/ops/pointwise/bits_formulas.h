// Functions of integers and of the bits of numbers, compiled for the baseline instruction set alone.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

#define XGRAD_INTEGERS(Name, function, bools, expression)                    \
  struct Name : Binary<> {                                                   \
    static constexpr OpName name{#function, ""};                             \
    static constexpr bool takes_bool = bools;                                \
    static constexpr bool takes_floats = false;                              \
    static auto forward(const auto& a, const auto& b) { return expression; } \
  };
XGRAD_INTEGERS(BitwiseAnd, bitwise_and, true, a& b)
XGRAD_INTEGERS(BitwiseOr, bitwise_or, true, a | b)
XGRAD_INTEGERS(BitwiseXor, bitwise_xor, true, a ^ b)
XGRAD_INTEGERS(Gcd, gcd, false, gcd(a, b))
XGRAD_INTEGERS(Lcm, lcm, false, lcm(a, b))
#undef XGRAD_INTEGERS

struct BitwiseNot : Unary<> {
  static constexpr OpName name{"bitwise_not", ""};
  static constexpr bool takes_floats = false;
  static auto forward(const auto& a) { return ~a; }
};

struct Heaviside : Binary<> {
  static constexpr OpName name{"heaviside", ""};
  static auto forward(const auto& x, const auto& at_zero) {
    return where(x == 0, at_zero, where(x > 0, 1, 0));
  }
};

struct Nextafter : Binary<> {
  static constexpr OpName name{"nextafter", "NextafterBackward"};
  static constexpr bool takes_integers = false;
  // Numbers of 16 bits are computed as floats, of whose bits the last ones are 0. Those of float16 become
  // denormal sooner, unless they are scaled.
  unsigned unit = 1;
  double scale = 1;
  static Nextafter of(ScalarType t) {
    if (t == ScalarType::Half) return {{}, 1u << 13, 0x1p-112};
    return {{}, t == ScalarType::BFloat16 ? 1u << 16 : 1u, 1};
  }
  auto forward(const auto& a, const auto& b) const { return nextafter(a, b, unit, scale); }
  static auto backward_0(const auto& g, const auto& a, const auto& b) { return where(a == b, 0, g); }
  using saved_0 = Saved<In<0>, In<1>>;
  using saved_1 = Vanishes;
};

// The m and the e of x = m 2^e with |m| in [0.5, 1); x and 0 for 0 and what is not finite.
struct FrexpMantissa : Unary<Result::floating> {
  static constexpr OpName name{"frexp", "FrexpBackward"};
  static auto forward(const auto& x) { return frexp_mantissa(x); }
  static auto backward(const auto& g, const auto& x, const auto& m) {
    return where((x != 0) & (x - x == 0), g * (m / x), g);
  }
  using saved = Saved<In<0>, Out>;
};
struct FrexpExponent : Unary<Result::floating> {
  static constexpr OpName name{"frexp", ""};
  using outputs = Slots<int32_t>;
  static auto forward(const auto& x) { return frexp_exponent(x); }
};

using Bits = OpList<BitwiseAnd, BitwiseOr, BitwiseXor, Gcd, Lcm, BitwiseNot, Heaviside, Nextafter,
                    FrexpMantissa, FrexpExponent>;
XGRAD_FORMULAS(Bits)

}  // namespace xgrad
