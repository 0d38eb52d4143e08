// What a node of one's own keeps for backward.
#pragma once

#include <memory>

#include <xgrad/core/tape/node.h>

namespace xgrad {
class SavedValue;
}

namespace xgrad::autograd {

/// A tensor kept for backward: a change in place in the meantime is an error when it is taken out, and an
/// output of the node that keeps it does not keep that node alive.
class XGRAD_API SavedVariable {
 public:
  /// Nothing, or an undefined tensor.
  SavedVariable();
  /// `is_output` says that `variable` is a result of the node that keeps it.
  SavedVariable(const Tensor& variable, bool is_output);
  SavedVariable(SavedVariable&&) noexcept;
  SavedVariable& operator=(SavedVariable&&) noexcept;
  ~SavedVariable();

  /// The tensor. Throws when it was changed in place since, or released. `saved_for` is the node that keeps
  /// it, which an output needs to get its history back.
  Tensor unpack(const Node& saved_for) const;
  Tensor unpack(const std::shared_ptr<Node>& saved_for) const { return unpack(*saved_for); }
  /// The same for an input, which needs no node.
  Tensor unpack() const;
  /// Frees the tensor.
  void reset_data();

 private:
  std::unique_ptr<SavedValue> value_;
  bool is_output_ = false;
};

}  // namespace xgrad::autograd
