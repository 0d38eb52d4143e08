// Writing formulas down.
#include <xgrad/core/stanza/symbol.h>

#include <cstdio>
#include <iterator>

namespace xgrad {

Symbol::Symbol(const char* name) : text_(name), head_(name) {}
Symbol::Symbol(int number) : Symbol(static_cast<double>(number)) {}
Symbol::Symbol(const Symbol&) = default;
Symbol::~Symbol() = default;

Symbol::Symbol(double number) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%.9g", number);
  text_ = head_ = digits;
  if (number < 0) precedence_ = 2;
}

Symbol Symbol::unit() {
  Symbol s("1");
  s.unit_ = 1;
  return s;
}

Symbol Symbol::product(const Symbol& a, const Symbol& b, const char* op) {
  if (a.unit_ == 1) return b;
  if (b.unit_ == 1) return a;
  if (a.unit_ == -1) return prefix("-", b);
  if (b.unit_ == -1) return prefix("-", a);
  return infix(a, op, b, 2, true);
}

Symbol Symbol::call(const char* name, std::vector<Symbol> arguments) {
  Symbol s(name);
  s.text_ += '(';
  for (const Symbol& a : arguments) s.text_ += (&a == arguments.data() ? "" : ", ") + a.text_;
  s.text_ += ')';
  s.parts_ = std::move(arguments);
  return s;
}

Symbol Symbol::infix(const Symbol& a, const char* op, const Symbol& b, int precedence, bool associative) {
  const auto side = [&](const Symbol& s, bool strict) {
    const bool bare = s.precedence_ > precedence || (s.precedence_ == precedence && !strict);
    return bare ? s.text_ : "(" + s.text_ + ")";
  };
  Symbol s("");
  s.text_ = side(a, false) + op + side(b, !associative || b.text_[0] == '-');
  s.precedence_ = precedence;
  s.head_ = op;
  s.head_.erase(0, 1).pop_back();  // the spaces around it
  s.parts_ = {a, b};
  return s;
}

Symbol Symbol::prefix(const char* op, const Symbol& a) {
  Symbol s(op);
  // A product keeps its meaning under a sign: -a * b needs no brackets.
  s.text_ += a.precedence_ >= 2 && a.text_[0] != '-' ? a.text_ : "(" + a.text_ + ")";
  s.precedence_ = 2;
  s.unit_ = op[0] == '-' ? -a.unit_ : 0;
  s.parts_ = {a};
  return s;
}

Symbol operator+(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " + ", b, 1, true); }
Symbol operator-(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " - ", b, 1, false); }
Symbol operator*(const Symbol& a, const Symbol& b) { return Symbol::product(a, b); }
Symbol operator/(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " / ", b, 2, false); }
Symbol operator-(const Symbol& a) { return Symbol::prefix("-", a); }
Symbol operator<(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " < ", b, 0, false); }
Symbol operator<=(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " <= ", b, 0, false); }
Symbol operator>(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " > ", b, 0, false); }
Symbol operator>=(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " >= ", b, 0, false); }
Symbol operator==(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " == ", b, 0, false); }
Symbol operator!=(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " != ", b, 0, false); }
Symbol operator&(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " & ", b, -1, true); }
Symbol operator|(const Symbol& a, const Symbol& b) { return Symbol::infix(a, " | ", b, -2, true); }
Symbol operator!(const Symbol& a) { return Symbol::prefix("!", a); }
Symbol where(const Symbol& c, const Symbol& a, const Symbol& b) { return Symbol::call("where", {c, a, b}); }
Symbol pow(const Symbol& a, const Symbol& b) { return Symbol::call("pow", {a, b}); }
Symbol maximum(const Symbol& a, const Symbol& b) { return Symbol::call("maximum", {a, b}); }
Symbol minimum(const Symbol& a, const Symbol& b) { return Symbol::call("minimum", {a, b}); }
Symbol atan2(const Symbol& a, const Symbol& b) { return Symbol::call("atan2", {a, b}); }
Symbol special_zeta(const Symbol& a, const Symbol& b) { return Symbol::call("special_zeta", {a, b}); }
Symbol polygamma(int64_t n, const Symbol& a) {
  return Symbol::call("polygamma", {Symbol(static_cast<double>(n)), a});
}

Symbol transposed(const Symbol& a) {
  if (a.unit_ != 0) return a;
  Symbol s("");
  s.text_ = (a.precedence_ == Symbol::kAtom ? a.text_ : "(" + a.text_ + ")") + ".T";
  s.head_ = ".T";
  s.parts_ = {a};
  return s;
}

#define XGRAD_DEFINE(name) \
  Symbol name(const Symbol& a) { return Symbol::call(#name, {a}); }
XGRAD_SYMBOL_FUNCTIONS(XGRAD_DEFINE)
#undef XGRAD_DEFINE

std::string argument_name(int slot, int arity) {
  if (slot >= arity) return "result";
  constexpr const char* names[] = {"self", "other", "third", "fourth", "fifth"};
  return static_cast<std::size_t>(slot) < std::size(names) ? names[slot]
                                                           : "input " + std::to_string(slot + 1);
}

}  // namespace xgrad
