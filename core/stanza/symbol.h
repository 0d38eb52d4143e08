// Formulas read over names: the text of a derivative, for docs, errors and the picture of a graph.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace xgrad {

/// Nothing here is inline: every stanza of the library uses it, and none for speed.
/// An expression: its outermost operator or function over others, or a name or number; and its text, with
/// only the brackets it needs.
class Symbol {
 public:
  explicit Symbol(const char* name);
  Symbol(double number);
  Symbol(int number);
  Symbol(const Symbol&);
  ~Symbol();

  /// The number one that disappears in products: what stands for the gradient in a local derivative.
  static Symbol unit();

  const std::string& text() const { return text_; }
  /// The operator or function (`+`, `sin`), name or number.
  const std::string& head() const { return head_; }
  const std::vector<Symbol>& parts() const { return parts_; }
  bool is_unit() const { return unit_ != 0; }

  /// `name(a, b)`.
  static Symbol call(const char* name, std::vector<Symbol> arguments);
  /// `a op b`; the right side is bracketed also at equal precedence when `op` is not associative.
  static Symbol infix(const Symbol& a, const char* op, const Symbol& b, int precedence, bool associative);
  static Symbol prefix(const char* op, const Symbol& a);
  static Symbol product(const Symbol& a, const Symbol& b, const char* op = " * ");

  friend Symbol operator+(const Symbol& a, const Symbol& b);
  friend Symbol operator-(const Symbol& a, const Symbol& b);
  friend Symbol operator*(const Symbol& a, const Symbol& b);
  friend Symbol operator/(const Symbol& a, const Symbol& b);
  friend Symbol operator-(const Symbol& a);
  friend Symbol operator<(const Symbol& a, const Symbol& b);
  friend Symbol operator<=(const Symbol& a, const Symbol& b);
  friend Symbol operator>(const Symbol& a, const Symbol& b);
  friend Symbol operator>=(const Symbol& a, const Symbol& b);
  friend Symbol operator==(const Symbol& a, const Symbol& b);
  friend Symbol operator!=(const Symbol& a, const Symbol& b);
  friend Symbol operator&(const Symbol& a, const Symbol& b);
  friend Symbol operator|(const Symbol& a, const Symbol& b);
  friend Symbol operator!(const Symbol& a);
  friend Symbol where(const Symbol& c, const Symbol& a, const Symbol& b);
  friend Symbol pow(const Symbol& a, const Symbol& b);
  friend Symbol maximum(const Symbol& a, const Symbol& b);
  friend Symbol minimum(const Symbol& a, const Symbol& b);
  friend Symbol atan2(const Symbol& a, const Symbol& b);
  friend Symbol special_zeta(const Symbol& a, const Symbol& b);
  friend Symbol polygamma(int64_t n, const Symbol& a);
  /// The vocabulary of ops that are not elementwise. A unit gradient disappears in a product here too.
  friend Symbol matmul(const Symbol& a, const Symbol& b) { return product(a, b, " @ "); }
  friend Symbol transposed(const Symbol& a);

 private:
  static constexpr int kAtom = 9;

  std::string text_, head_;
  std::vector<Symbol> parts_;
  int precedence_ = kAtom;
  int unit_ = 0;  // 1 or -1: unit() or its negative
};

/// The functions of one argument, listed once for their declarations here and their definitions in
/// symbol.cpp.
// clang-format off
#define XGRAD_SYMBOL_FUNCTIONS(X) \
  X(abs) X(acos) X(asin) X(atan) X(ceil) X(cos) X(cosh) X(digamma) X(erf) X(exp) X(exp2) \
  X(expm1) X(floor) X(i0) X(isnan) X(lgamma) X(log) X(log1p) X(reciprocal) X(round) X(rsqrt) X(sign) \
  X(sin) X(sinh) X(sqrt) X(square) X(tan) X(tanh) X(trunc) \
  X(special_bessel_j0) X(special_bessel_j1) X(special_bessel_y0) X(special_bessel_y1) X(special_erfcx) \
  X(special_i0e) X(special_i1) X(special_i1e) X(special_modified_bessel_k0) X(special_modified_bessel_k1)
// clang-format on
#define XGRAD_DECLARE(name) Symbol name(const Symbol& a);
XGRAD_SYMBOL_FUNCTIONS(XGRAD_DECLARE)
#undef XGRAD_DECLARE

/// How the value in a node's slot is called: `self`, `other`, ..., `result`.
std::string argument_name(int slot, int arity);

}  // namespace xgrad
