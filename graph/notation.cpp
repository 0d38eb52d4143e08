// Simplifies what formulas say of themselves, and writes it down in the signs of mathematics.
#include <xgrad/graph/notation.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <optional>

#include <xgrad/core/stanza/op_node.h>

namespace xgrad::graph {

namespace {

using Parts = std::vector<Symbol>;

bool is(const Symbol& s, const char* head, std::size_t parts) {
  return s.parts().size() == parts && s.head() == head;
}

std::optional<double> number(const Symbol& s) {
  if (!s.parts().empty() || s.head().empty()) return std::nullopt;
  char* end = nullptr;
  const double value = std::strtod(s.head().c_str(), &end);
  return *end == '\0' ? std::optional<double>(value) : std::nullopt;
}

bool is_number(const Symbol& s, double value) { return number(s) == value; }

std::optional<double> folded(const std::string& op, const Symbol& a, const Symbol& b) {
  const std::optional<double> x = number(a), y = number(b);
  if (!x || !y) return std::nullopt;
  if (op == "+") return *x + *y;
  if (op == "-") return *x - *y;
  if (op == "*") return *x * *y;
  return std::nullopt;  // a quotient says more as it stands: 1/6
}

Symbol power(const Symbol& base, const Symbol& exponent) {
  if (is_number(exponent, 1)) return base;
  if (is(base, "/", 2) && is_number(base.parts()[0], 1))
    return base.parts()[0] / power(base.parts()[1], exponent);
  return pow(base, exponent);
}

Symbol simple(const Symbol& s);

Symbol simple_product(const Symbol& a, const Symbol& b) {
  if (is(a, "-", 1)) return simple(-(a.parts()[0] * b));
  if (is(b, "-", 1)) return simple(-(a * b.parts()[0]));
  if (is_number(a, 1)) return b;
  if (is_number(b, 1)) return a;
  if (number(b) && !number(a)) return simple_product(b, a);
  if (a.text() == b.text()) return power(a, Symbol(2));
  if (is(b, "/", 2) && is_number(b.parts()[0], 1)) return a / b.parts()[1];
  return a * b;
}

Symbol simple(const Symbol& s) {
  if (s.parts().empty()) return s;
  Parts p;
  for (const Symbol& part : s.parts()) p.push_back(simple(part));
  const std::string& head = s.head();
  if (p.size() == 2) {
    if (const auto value = folded(head, p[0], p[1])) return Symbol(*value);
    if (head == "+") return p[0] + p[1];
    if (head == "-") return p[0] - p[1];
    if (head == "*") return simple_product(p[0], p[1]);
    if (head == "/")
      return is(p[0], "-", 1) ? -(p[0].parts()[0] / p[1]) : is_number(p[1], 1) ? p[0] : p[0] / p[1];
    if (head == "@") return matmul(p[0], p[1]);
    if (head == "pow") return power(p[0], p[1]);
    for (const char* comparison : {"<", "<=", ">", ">=", "==", "!="})
      if (head == comparison) return Symbol::infix(p[0], (" " + head + " ").c_str(), p[1], 0, false);
  }
  if (head == "-") return is(p[0], "-", 1) ? p[0].parts()[0] : number(p[0]) ? Symbol(-*number(p[0])) : -p[0];
  if (head == ".T") return is(p[0], ".T", 1) ? p[0].parts()[0] : transposed(p[0]);
  if (head == "reciprocal") return Symbol(1) / p[0];
  if (head == "square") return power(p[0], Symbol(2));
  return Symbol::call(head.c_str(), std::move(p));
}

std::string superscript(double exponent) {
  static const char* const digits[] = {"⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"};
  if (exponent != static_cast<int>(exponent) || exponent > 99 || exponent < -99) return {};
  std::string text;
  for (char c : std::to_string(static_cast<int>(exponent))) text += c == '-' ? "⁻" : digits[c - '0'];
  return text;
}

// A product of matrices binds less than one of elements: a @ b·c is a @ (b·c).
enum Precedence { kSum = 1, kMatmul, kProduct, kPower, kAtom };

std::string written(const Symbol& s, int at_least);

std::string bracketed(const std::string& text, bool needed) { return needed ? "(" + text + ")" : text; }

std::string call_text(const Symbol& s) {
  if (is(s, "abs", 1)) return "|" + written(s.parts()[0], 0) + "|";
  std::string text = (s.head() == "sqrt" ? "√" : s.head() == "sigmoid" ? "σ" : s.head()) + "(";
  for (const Symbol& part : s.parts()) text += (&part == s.parts().data() ? "" : ", ") + written(part, 0);
  return text + ")";
}

std::string written(const Symbol& s, int at_least) {
  const Parts& p = s.parts();
  if (const auto value = number(s)) return bracketed(number_text(*value), *value < 0 && at_least > kSum);
  if (p.empty()) return s.head();
  const auto infix = [&](const char* op, int left, int right, int mine) {
    return bracketed(written(p[0], left) + op + written(p[1], right), mine < at_least);
  };
  const std::string& head = s.head();
  if (p.size() == 2) {
    if (head == "+") return infix("+", kSum, kSum, kSum);
    if (head == "-") return infix("−", kSum, kMatmul, kSum);
    if (head == "*") return infix("·", kProduct, kProduct, kProduct);
    if (head == "/") return infix("/", kProduct, kPower, kProduct);
    if (head == "@") return infix(" @ ", kMatmul, kProduct, kMatmul);
    for (const char* comparison : {"<", "<=", ">", ">=", "==", "!="})
      if (head == comparison) return infix(comparison, kSum, kSum, 0);
  }
  if (is(s, "-", 1)) return bracketed("−" + written(p[0], kMatmul), at_least > kSum);
  if (is(s, ".T", 1)) return written(p[0], kPower) + "ᵀ";
  if (is(s, "pow", 2)) {
    const std::string high = number(p[1]) ? superscript(*number(p[1])) : "";
    return bracketed(written(p[0], kAtom) + (high.empty() ? "^" + written(p[1], kAtom) : high),
                     at_least > kPower);
  }
  return call_text(s);
}

// What an op writes itself as; by default, name(arguments).
using Writer = Symbol (*)(const Parts&);
const std::map<std::string, Writer>& writers() {
  static const std::map<std::string, Writer> all{
      {"add", [](const Parts& a) { return a[0] + a[1]; }},
      {"sub", [](const Parts& a) { return a[0] - a[1]; }},
      {"rsub", [](const Parts& a) { return a[1] - a[0]; }},
      {"mul", [](const Parts& a) { return a[0] * a[1]; }},
      {"div", [](const Parts& a) { return a[0] / a[1]; }},
      {"neg", [](const Parts& a) { return -a[0]; }},
      {"pow", [](const Parts& a) { return pow(a[0], a[1]); }},
      {"dot", [](const Parts& a) { return matmul(a[0], a[1]); }},
      {"mv", [](const Parts& a) { return matmul(a[0], a[1]); }},
      {"mm", [](const Parts& a) { return matmul(a[0], a[1]); }},
      {"bmm", [](const Parts& a) { return matmul(a[0], a[1]); }},
      {"t", [](const Parts& a) { return transposed(a[0]); }},
      {"addmm", [](const Parts& a) { return a[0] + matmul(a[1], a[2]); }},
      {"linear", [](const Parts& a) { return matmul(a[0], transposed(a[1])) + a[2]; }},
  };
  return all;
}

// add(x, y, alpha): a factor that no argument shows.
bool has_hidden_factor(const Node& node) {
  if (node.op != "add" && node.op != "sub" && node.op != "addmm") return false;
  for (const Input& input : node.inputs)
    if (!input.local.empty() && input.local.find_first_of("023456789") != std::string::npos) return true;
  return false;
}

constexpr std::size_t kLongest = 60, kLongestRoot = 160;

}  // namespace

std::string in_math(const Symbol& expression) { return written(simple(expression), 0); }

std::string as_factor(const Symbol& expression, bool leads) {
  const Symbol s = simple(expression);
  const bool is_negative = is(s, "-", 1) || (number(s) && *number(s) < 0);
  return written(s, leads && is_negative ? 0 : kProduct);
}

std::string number_text(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", number);
  std::string out = text;
  if (const std::size_t e = out.find('e'); e != std::string::npos)  // 1e−8, not 1e-08
    out = out.substr(0, e + 1) + std::to_string(std::atoi(text + e + 1));
  for (std::size_t at; (at = out.find('-')) != std::string::npos;) out.replace(at, 1, "−");
  return out;
}

std::string value_text(const Tensor& value) {
  if (!value.defined()) return "none";
  constexpr int64_t kFew = 6;
  const Tensor flat = value.detach().to(kDouble).reshape({-1}).contiguous();
  const auto* data = static_cast<const double*>(flat.data_ptr());
  const int64_t n = flat.numel();
  if (value.dim() == 0) return number_text(data[0]);
  std::string text = "[";
  for (int64_t i = 0; i < std::min(n, kFew); ++i) text += (i == 0 ? "" : ", ") + number_text(data[i]);
  return text + (n > kFew ? ", …]" : "]");
}

std::string type_text(const Node& node) {
  if (!node.has_shape) return "";
  std::string text = std::string(dtype_name(node.dtype)) + "[";
  for (std::size_t i = 0; i < node.sizes.size(); ++i)
    text += (i == 0 ? "" : ", ") + std::to_string(node.sizes[i]);
  return text + "]";
}

std::string label(const Node& node) {
  if (node.kind == Node::Kind::op) {
    if (!node.op.empty()) return node.op;
    const std::size_t end = node.name.rfind("Backward");
    return end == std::string::npos || end == 0 ? node.name : node.name.substr(0, end);
  }
  const std::size_t dot = node.name.rfind('.');
  if (!node.name.empty()) return dot == std::string::npos ? node.name : node.name.substr(dot + 1);
  return node.kind == Node::Kind::leaf ? "leaf" : "data";
}

std::size_t length(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

namespace {

constexpr int64_t kFewest = 3;  // elements that have room in a box

}  // namespace

std::string caption(const Node& node) {
  if (node.value.defined() && node.value.numel() <= kFewest) return value_text(node.value);
  std::string text = type_text(node);
  return text.substr(std::min(text.size(), text.find('[')));
}

std::string gradient_caption(const Node& node) {
  if (node.gradients.empty() || !node.gradients[0].defined()) return "";
  const Tensor& g = node.gradients[0];
  return g.numel() <= kFewest ? "∇ " + value_text(g) : "‖∇‖ " + value_text(g.to(kDouble).pow(2).sum().sqrt());
}

double box_height(const Node& node) {
  constexpr double kLine = 16;
  return kLine * (1 + !caption(node).empty() + !gradient_caption(node).empty()) + 10;
}

double box_width(const Node& node) {
  constexpr double kCharacter = 7.4, kLeast = 58;
  const std::size_t longest =
      std::max({length(label(node)), length(caption(node)), length(gradient_caption(node))});
  return std::max(kLeast, kCharacter * static_cast<double>(longest) + 18);
}

Expressions::Expressions(const Graph& graph) : graph_(graph) {
  int unnamed = 0;
  for (int i = 0; i < graph.size(); ++i) {
    const Node& node = graph[i];
    if (node.kind != Node::Kind::op)
      all_.emplace_back((node.name.empty() ? "x" + std::to_string(++unnamed) : node.name).c_str());
    else
      add_op(i);
    for (const Input& input : node.inputs)
      if (input.node < 0 && !input.number.defined()) complete_ = false;
  }
}

void Expressions::add_op(int i) {
  Symbol whole = of_op(i);
  const bool is_root = i + 1 == graph_.size();
  if (whole.text().size() <= (is_root ? kLongestRoot : kLongest)) return all_.push_back(std::move(whole));
  all_.emplace_back(("v" + std::to_string(i)).c_str());
  named_.emplace_back(i, std::move(whole));
}

Symbol Expressions::of_op(int i) const {
  const Node& node = graph_[i];
  std::vector<Symbol> arguments = slots(i);
  const auto writer = writers().find(node.op);
  if (writer != writers().end() && !has_hidden_factor(node)) return writer->second(arguments);
  return Symbol::call(label(node).c_str(), std::move(arguments));
}

std::string Expressions::local(int i, int input) const {
  const Node& node = graph_[i];
  const Input& argument = node.inputs[static_cast<std::size_t>(input)];
  const auto* op = dynamic_cast<const ops::OpNode*>(node.function.get());
  if (!op || !argument.derivative.defined() || argument.local.empty()) return "";
  return complete_ ? in_math(op->derivative_text(input, Symbol::unit(), slots(i).data())) : argument.local;
}

std::vector<Symbol> Expressions::slots(int i) const {
  std::vector<Symbol> slots;
  for (const Input& input : graph_[i].inputs)
    slots.push_back(input.node >= 0          ? (*this)[input.node]
                    : input.number.defined() ? Symbol(input.number.item<double>())
                                             : Symbol(input.name.c_str()));
  if (static_cast<std::size_t>(i) < all_.size())
    slots.resize(slots.size() + graph_[i].gradients.size() + 1, (*this)[i]);
  return slots;
}

}  // namespace xgrad::graph
