// The ops that are written with signs.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

inline Tensor operator+(const Tensor& a, const Tensor& b) { return add(a, b); }
inline Tensor operator+(const Tensor& a, const Scalar& b) { return add(a, b); }
inline Tensor operator+(const Scalar& a, const Tensor& b) { return add(b, a); }
inline Tensor operator-(const Tensor& a, const Tensor& b) { return sub(a, b); }
inline Tensor operator-(const Tensor& a, const Scalar& b) { return sub(a, b); }
inline Tensor operator-(const Scalar& a, const Tensor& b) { return rsub(b, a); }
inline Tensor operator*(const Tensor& a, const Tensor& b) { return mul(a, b); }
inline Tensor operator*(const Tensor& a, const Scalar& b) { return mul(a, b); }
inline Tensor operator*(const Scalar& a, const Tensor& b) { return mul(b, a); }
inline Tensor operator/(const Tensor& a, const Tensor& b) { return div(a, b); }
inline Tensor operator/(const Tensor& a, const Scalar& b) { return div(a, b); }
inline Tensor operator/(const Scalar& a, const Tensor& b) { return divide_number(a, b); }

// A temporary that nobody else holds gives its memory to the result: in `a * b + c` the sum is written over
// the product.
XGRAD_API Tensor operator+(Tensor&& a, const Tensor& b);
XGRAD_API Tensor operator+(const Tensor& a, Tensor&& b);
XGRAD_API Tensor operator+(Tensor&& a, Tensor&& b);
XGRAD_API Tensor operator-(Tensor&& a, const Tensor& b);
XGRAD_API Tensor operator-(const Tensor& a, Tensor&& b);
XGRAD_API Tensor operator-(Tensor&& a, Tensor&& b);
XGRAD_API Tensor operator*(Tensor&& a, const Tensor& b);
XGRAD_API Tensor operator*(const Tensor& a, Tensor&& b);
XGRAD_API Tensor operator*(Tensor&& a, Tensor&& b);
XGRAD_API Tensor operator/(Tensor&& a, const Tensor& b);
XGRAD_API Tensor operator/(const Tensor& a, Tensor&& b);
XGRAD_API Tensor operator/(Tensor&& a, Tensor&& b);

#define XGRAD_COMPARISON(name, op)                                                   \
  inline Tensor operator op(const Tensor& a, const Tensor& b) { return name(a, b); } \
  inline Tensor operator op(const Tensor& a, const Scalar& b) { return name(a, b); }
XGRAD_COMPARISON(eq, ==)
XGRAD_COMPARISON(ne, !=)
XGRAD_COMPARISON(lt, <)
XGRAD_COMPARISON(le, <=)
XGRAD_COMPARISON(gt, >)
XGRAD_COMPARISON(ge, >=)
#undef XGRAD_COMPARISON
inline Tensor operator==(const Scalar& a, const Tensor& b) { return eq(b, a); }
inline Tensor operator!=(const Scalar& a, const Tensor& b) { return ne(b, a); }
inline Tensor operator<(const Scalar& a, const Tensor& b) { return gt(b, a); }
inline Tensor operator<=(const Scalar& a, const Tensor& b) { return ge(b, a); }
inline Tensor operator>(const Scalar& a, const Tensor& b) { return lt(b, a); }
inline Tensor operator>=(const Scalar& a, const Tensor& b) { return le(b, a); }

#define XGRAD_INTEGER_OPERATOR(name, op)                                             \
  inline Tensor operator op(const Tensor& a, const Tensor& b) { return name(a, b); } \
  inline Tensor operator op(const Tensor& a, const Scalar& b) { return name(a, b); } \
  inline Tensor operator op(const Scalar& a, const Tensor& b) { return name(a, b); }
XGRAD_INTEGER_OPERATOR(bitwise_and, &)
XGRAD_INTEGER_OPERATOR(bitwise_or, |)
XGRAD_INTEGER_OPERATOR(bitwise_xor, ^)
XGRAD_INTEGER_OPERATOR(bitwise_left_shift, <<)
XGRAD_INTEGER_OPERATOR(bitwise_right_shift, >>)
XGRAD_INTEGER_OPERATOR(remainder, %)
#undef XGRAD_INTEGER_OPERATOR
/// A template, so that `!` of an optional<Tensor> asks whether there is none.
template <class T, std::enable_if_t<std::is_same_v<T, Tensor>, int> = 0>
Tensor operator!(const T& a) {
  return logical_not(a);
}

}  // namespace xgrad
