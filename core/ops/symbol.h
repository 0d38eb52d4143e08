// Formulas read over names: the text of a derivative, for docs, errors and the picture of a graph.
#pragma once

#include <initializer_list>
#include <string>

namespace xgrad {

/// Nothing here is inline: every stanza of the library uses it, and none for speed.
/// An expression as text, with the precedence of its outermost operator, so that only needed brackets are
/// written.
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

  /// `name(a, b)`.
  static Symbol call(const char* name, std::initializer_list<Symbol> arguments);
  /// `a op b`; the right side is bracketed also at equal precedence when `op` is not associative.
  static Symbol infix(const Symbol& a, const char* op, const Symbol& b, int precedence, bool associative);
  static Symbol prefix(const char* op, const Symbol& a);
  static Symbol product(const Symbol& a, const Symbol& b);

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

 private:
  static constexpr int kAtom = 9;

  std::string text_;
  int precedence_ = kAtom;
  int unit_ = 0;  // 1 or -1: unit() or its negative
};

#define XGRAD_SYMBOL_FUNCTION(name) Symbol name(const Symbol& a);
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
