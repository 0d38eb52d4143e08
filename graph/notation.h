// Expressions as a person writes them: −1/(x+y)². Private to the library.
#pragma once

#include <string>
#include <vector>

#include <xgrad/core/stanza/symbol.h>
#include <xgrad/graph/trace.h>

namespace xgrad::graph {

/// The text of an expression, simplified: ·, −, superscripts, only the brackets it needs. As a factor it is
/// bracketed where a product needs it; with `leads`, a sign in front needs none.
std::string in_math(const Symbol& expression);
std::string as_factor(const Symbol& expression, bool leads);

/// Four significant digits, with a minus sign: −0.3272.
std::string number_text(double number);
/// The elements, or, of more than a few, shape and range. `none` of an undefined tensor.
std::string value_text(const Tensor& value);
/// `float32[3, 4]`.
std::string type_text(const Node& node);
/// What stands in its box: the op, the name of a leaf, or what it is.
std::string label(const Node& node);
/// Its second line: a short value, or the shape.
std::string caption(const Node& node);
/// Its third line: the gradient that arrived, or the norm of a larger one; empty where there is none.
std::string gradient_caption(const Node& node);
/// How large its box is for all three, in pixels.
double box_width(const Node& node);
double box_height(const Node& node);
/// How many characters a UTF-8 text shows.
std::size_t length(const std::string& text);

/// What each node computes, as an expression over leaves and constants; one that is too long to read goes by
/// the number of its node, `v7`.
class Expressions {
 public:
  explicit Expressions(const Graph& graph);
  const Symbol& operator[](int node) const { return all_[static_cast<std::size_t>(node)]; }
  /// Those of the arguments of a node and, behind them, of its result.
  std::vector<Symbol> slots(int node) const;
  /// The local derivative with respect to an argument; empty where it has none that is a factor.
  std::string local(int node, int input) const;
  /// The nodes that go by a number, and what stands for it.
  const std::vector<std::pair<int, Symbol>>& named() const { return named_; }
  /// Whether all of it is known: graphs made without KeepValues lack their numbers.
  bool complete() const { return complete_; }

 private:
  void add_op(int node);
  Symbol of_op(int node) const;

  const Graph& graph_;
  std::vector<Symbol> all_;
  std::vector<std::pair<int, Symbol>> named_;
  bool complete_ = true;
};

}  // namespace xgrad::graph
