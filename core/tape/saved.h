// What a node keeps for backward, and the arguments of an op: tensors or plain numbers. Private to the
// library.
#pragma once

#include <xgrad/core/tape/node.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// An input of an elementwise op: a tensor, or a number that needs no tensor.
struct Argument {
  const Tensor* tensor = nullptr;
  Scalar number;

  Argument() = default;
  Argument(const Tensor& t) : tensor(&t) {}
  Argument(const Scalar& s) : number(s) {}

  bool requires_grad() const { return tensor && tensor->defined() && tensor->impl().requires_grad(); }
};

namespace ops {
/// Another tensor over the data of `t` that has the history of `t` as it is now, but is no view.
Tensor with_history_of_now(const Tensor& t);
/// `t`, which must be no view, becomes another handle of the data of `value`, with its history and tangent as
/// they are now. Graphs that saved `t` while it was no leaf keep what it was.
void become(const Tensor& t, const Tensor& value);
}  // namespace ops

/// One value kept for backward. It remembers the version of a tensor, so that a change in place is noticed.
class SavedValue {
 public:
  SavedValue() {}
  SavedValue(SavedValue&& o) noexcept;
  SavedValue& operator=(SavedValue&&) = delete;
  ~SavedValue() { forget(); }

  /// Throws when `a` cannot be saved.
  void save_input(const Argument& a);
  /// The node's own output: kept without its history, or graph and output would keep each other alive.
  void save_output(const Tensor& t);
  /// The op that saves it has changed `t` since: its output, or what lies beside an input in one storage.
  void follow_change(const Tensor& t);
  /// Forward mode: the tangent of a saved output.
  void save_tangent(const Tensor& t) const;
  void release() {
    if (!holds_tensor()) return;
    forget();
    kind_ = Kind::released;
  }
  /// The value; throws when it was freed by an earlier backward or changed in place since. With gradients
  /// recorded, the output gets `node` as its history again. `scratch` holds what has to be made.
  Argument unpack(const autograd::Node& node, Tensor& scratch) const;
  /// What it is, without any check, for who only looks: a tensor, or null, and the version it was saved at.
  const Tensor* peek() const { return holds_tensor() ? &tensor_ : nullptr; }
  uint32_t version() const { return version_; }

 private:
  enum class Kind : uint8_t { none, absent, released, integer, floating, boolean, input, output };
  bool holds_tensor() const { return kind_ >= Kind::input; }
  void forget() {
    if (holds_tensor()) tensor_.~Tensor();
  }

  // Two words: a graph has millions of these. A number lies where the pointer to a tensor would.
  union {
    Tensor tensor_;
    int64_t integer_ = 0;
    double floating_;
  };
  uint32_t version_ = 0;
  Kind kind_ = Kind::none;
};

}  // namespace xgrad
