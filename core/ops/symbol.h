// Formulas read over names: the text of a derivative, for docs, errors and the picture of a graph.
#pragma once

#include <string>

namespace xgrad {

/// An expression as text, with the precedence of its outermost operator, so that only needed brackets are written.
class Symbol {
 public:
  explicit Symbol(const char* name) : text_(name) {}
  Symbol(double number);
  Symbol(int number) : Symbol(static_cast<double>(number)) {}
  Symbol(float number) : Symbol(static_cast<double>(number)) {}

  /// The number one that disappears in products: what stands for the gradient in a local derivative.
  static Symbol unit();

  const std::string& text() const { return text_; }

  /// `name(a, b)`.
  static Symbol call(const char* name, std::initializer_list<Symbol> arguments);
  /// `a op b`; the right side is bracketed also at equal precedence when `op` is not associative.
  static Symbol infix(const Symbol& a, const char* op, const Symbol& b, int precedence, bool associative);
  static Symbol prefix(const char* op, const Symbol& a);
  static Symbol product(const Symbol& a, const Symbol& b);

  friend Symbol operator+(const Symbol& a, const Symbol& b) { return infix(a, " + ", b, 1, true); }
  friend Symbol operator-(const Symbol& a, const Symbol& b) { return infix(a, " - ", b, 1, false); }
  friend Symbol operator*(const Symbol& a, const Symbol& b) { return product(a, b); }
  friend Symbol operator/(const Symbol& a, const Symbol& b) { return infix(a, " / ", b, 2, false); }
  friend Symbol operator-(const Symbol& a) { return prefix("-", a); }
  friend Symbol operator<(const Symbol& a, const Symbol& b) { return infix(a, " < ", b, 0, false); }
  friend Symbol operator<=(const Symbol& a, const Symbol& b) { return infix(a, " <= ", b, 0, false); }
  friend Symbol operator>(const Symbol& a, const Symbol& b) { return infix(a, " > ", b, 0, false); }
  friend Symbol operator>=(const Symbol& a, const Symbol& b) { return infix(a, " >= ", b, 0, false); }
  friend Symbol operator==(const Symbol& a, const Symbol& b) { return infix(a, " == ", b, 0, false); }
  friend Symbol operator!=(const Symbol& a, const Symbol& b) { return infix(a, " != ", b, 0, false); }
  friend Symbol operator&(const Symbol& a, const Symbol& b) { return infix(a, " & ", b, -1, true); }
  friend Symbol operator|(const Symbol& a, const Symbol& b) { return infix(a, " | ", b, -2, true); }
  friend Symbol operator!(const Symbol& a) { return prefix("!", a); }
  friend Symbol where(const Symbol& c, const Symbol& a, const Symbol& b) { return call("where", {c, a, b}); }
  friend Symbol pow(const Symbol& a, const Symbol& b) { return call("pow", {a, b}); }
  friend Symbol maximum(const Symbol& a, const Symbol& b) { return call("maximum", {a, b}); }
  friend Symbol minimum(const Symbol& a, const Symbol& b) { return call("minimum", {a, b}); }
  friend Symbol atan2(const Symbol& a, const Symbol& b) { return call("atan2", {a, b}); }

 private:
  static constexpr int kAtom = 9;

  std::string text_;
  int precedence_ = kAtom;
  int unit_ = 0;  // 1 or -1: unit() or its negative
};

#define XGRAD_SYMBOL_FUNCTION(name) \
  inline Symbol name(const Symbol& a) { return Symbol::call(#name, {a}); }
XGRAD_SYMBOL_FUNCTION(abs)
XGRAD_SYMBOL_FUNCTION(acos)
XGRAD_SYMBOL_FUNCTION(asin)
XGRAD_SYMBOL_FUNCTION(atan)
XGRAD_SYMBOL_FUNCTION(ceil)
XGRAD_SYMBOL_FUNCTION(cos)
XGRAD_SYMBOL_FUNCTION(cosh)
XGRAD_SYMBOL_FUNCTION(erf)
XGRAD_SYMBOL_FUNCTION(exp)
XGRAD_SYMBOL_FUNCTION(expm1)
XGRAD_SYMBOL_FUNCTION(floor)
XGRAD_SYMBOL_FUNCTION(isnan)
XGRAD_SYMBOL_FUNCTION(log)
XGRAD_SYMBOL_FUNCTION(log1p)
XGRAD_SYMBOL_FUNCTION(reciprocal)
XGRAD_SYMBOL_FUNCTION(round)
XGRAD_SYMBOL_FUNCTION(rsqrt)
XGRAD_SYMBOL_FUNCTION(sign)
XGRAD_SYMBOL_FUNCTION(sin)
XGRAD_SYMBOL_FUNCTION(sinh)
XGRAD_SYMBOL_FUNCTION(sqrt)
XGRAD_SYMBOL_FUNCTION(square)
XGRAD_SYMBOL_FUNCTION(tan)
XGRAD_SYMBOL_FUNCTION(tanh)
XGRAD_SYMBOL_FUNCTION(trunc)
#undef XGRAD_SYMBOL_FUNCTION

/// How the value in a node's slot is called: `self`, `other`, ..., `result`.
const char* argument_name(int slot, int arity);

}  // namespace xgrad
