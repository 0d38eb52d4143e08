// The graph behind a tensor as plain data: what everything else in this folder is made from.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/core/tape/node.h>
#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/ordered_dict.h>

namespace xgrad {

namespace nn {
class Module;
template <class Contained>
class ModuleHolder;
}  // namespace nn

namespace graph {

/// While it lives, the ops of this thread keep what nobody needs for backward: a copy of the value they
/// compute, and those of their arguments that have no gradient. `trace` then shows all of the computation.
class XGRAD_API KeepValues {
 public:
  KeepValues();
  /// They also keep in which module of this tree they run, so that those of a layer without parameters are
  /// in it. Modules are seen by hooks: `relu(x)`, not `relu->forward(x)`.
  explicit KeepValues(nn::Module& root);
  template <class Contained>
  explicit KeepValues(const nn::ModuleHolder<Contained>& root) : KeepValues(*root.ptr()) {}
  ~KeepValues();
  KeepValues(const KeepValues&) = delete;
  KeepValues& operator=(const KeepValues&) = delete;

 private:
  class Keeper;
  std::unique_ptr<Keeper> keeper_;
};

/// A value that an op keeps for backward. A tensor counts for all of its elements, shared or not.
struct Saved {
  std::string name;  ///< Of the argument (`self`) or `result`.
  std::vector<int64_t> sizes;
  ScalarType dtype = ScalarType::Undefined;
  int64_t bytes = 0;
  uint32_t version = 0;  ///< When it was saved. Another one now means a change in place: backward refuses.
  uint32_t version_now = 0;
};

/// An argument of an op: an edge of the graph, or a value that has no gradient.
struct Input {
  std::string name;     ///< `self`, `other`, ..., or `tensors[2]`.
  int node = -1;        ///< Where it comes from: an index in `Graph::nodes`. -1: a number, or unknown.
  uint32_t result = 0;  ///< Which result of that node.
  Tensor number;        ///< A number as a tensor without dimensions.
  std::string formula;  ///< The gradient it gets: `grad * other`. Empty where the op has none to show.
  std::string local;    ///< The same without the gradient: `other`.
  Tensor derivative;  ///< `local` as numbers, where that is a tensor: of an elementwise op, or of one number.
  Tensor gradient;    ///< The gradient that the op passes on to it.
};

/// What computed a value: an op, a leaf (a tensor that collects its gradient), or a constant that ops took.
struct Node {
  enum class Kind { op, leaf, constant };
  Kind kind = Kind::op;
  std::string name;    ///< `MulBackward0`; of a leaf or constant what the options call it, or "".
  std::string op;      ///< `mul`; empty for what has no stanza.
  std::string module;  ///< The path of the module it is part of, `encoder.fc1`; see `TraceOptions::names`.
  bool has_shape = false;
  std::vector<int64_t> sizes;  ///< Of the (first) result.
  ScalarType dtype = ScalarType::Undefined;
  uint32_t version = 0;           ///< Of a leaf or constant: how often it was changed in place.
  Tensor value;                   ///< Under KeepValues, and of leaves, constants and the root.
  std::vector<Tensor> gradients;  ///< That arrive, one per result; of a leaf, the one that ends there.
  std::vector<Saved> saved;
  std::vector<Input> inputs;
  intrusive_ptr<autograd::Node> function;  ///< The node of the graph itself; null for a constant.
  int64_t saved_bytes() const;
};

/// The nodes in the order in which they were computed: what a node reads stands before it, the root is last.
struct Graph {
  std::vector<Node> nodes;
  int size() const { return static_cast<int>(nodes.size()); }
  const Node& operator[](int i) const { return nodes[static_cast<std::size_t>(i)]; }
};

using Names = OrderedDict<std::string, Tensor>;

/// How to trace. A value to call with, not to keep or save: it has no list of fields.
class XGRAD_API TraceOptions {
 public:
  TraceOptions() = default;
  TraceOptions(Names names) : names_(std::move(names)) {}

  /// Runs backward beside the graph for the gradients, and `Input::derivative`. `.grad()`, hooks and what is
  /// saved stay as they are. What backward would refuse, such as a graph that it has freed, is traced
  /// without.
  TraceOptions& gradients(bool on) {
    gradients_ = on;
    return *this;
  }
  bool gradients() const { return gradients_; }

  /// What leaves and constants are called, `net.named_parameters()` or `{{"x", x}, {"y", y}}`. A name with
  /// dots is a parameter of a module. Where KeepValues has not seen in which module an op ran, these tell: a
  /// module has the ops that read its parameters, and those computed between them. Of all modules that hold
  /// what was read before and what is read next, an op is in the innermost.
  TraceOptions& names(Names names) {
    names_ = std::move(names);
    return *this;
  }
  const Names& names() const { return names_; }

 private:
  bool gradients_ = true;
  Names names_;
};

/// The graph behind `output`; gradients are those of the sum of its elements. Throws where it has no history.
XGRAD_API Graph trace(const Tensor& output, const TraceOptions& options = {});

}  // namespace graph
}  // namespace xgrad
