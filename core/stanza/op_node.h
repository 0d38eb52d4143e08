// The node of an op that has a stanza: one class serves all. Private to the library.
#pragma once

#include <memory>
#include <new>

#include <xgrad/core/stanza/op.h>

namespace xgrad::ops {

/// What the gradient of a result must be like: kernels read its memory. (An elementwise derivative broadcasts
/// whatever comes.) Hooks and nodes of users may hand on anything.
struct ResultShape {
  DimVector sizes;
  ScalarType dtype = ScalarType::Undefined;

  Tensor fitting(const char* node, Tensor gradient) const {
    const TensorImpl& g = gradient.impl();
    if (g.dtype() == dtype && g.sizes() == IntArrayRef(sizes)) return gradient;
    return refit(node, gradient);
  }
  Tensor refit(const char* node, const Tensor& gradient) const;
};

/// A formula, edges to the arguments that require a gradient, and the values that their derivatives need. All
/// of it lies behind the node in one block of memory: edges, saved values, shapes of results, formula.
class OpNode final : public autograd::Node {
 public:
  /// The node of `op` over `args`, not yet that of a tensor. `wanting`, `Op::wanting` of them, says whose
  /// gradients are wanted. `results` have gradients; `outputs` are all, those that are only saved too.
  static intrusive_ptr<OpNode> make(const Op& op, const void* formula, const Argument* args, int count,
                                    unsigned wanting, const Tensor* outputs, int results);

  void run(Tensor* grads_in, Tensor* grads_out) override;
  std::string name() const override { return op_.name.node; }
  std::vector<std::string> formulas(bool local) const override;
  /// Derivative `input` as an expression of the gradient and of the arguments and results, by slot; an empty
  /// name where it has none.
  Symbol derivative_text(int input, const Symbol& gradient, const Symbol* slots) const;
  void release_variables() override;

  /// For who only looks: the op, the shapes of its results (of an elementwise one there are none), and what
  /// is saved in a slot, or null.
  const Op& op() const { return op_; }
  ArrayRef<ResultShape> result_shapes() const { return {shapes(), static_cast<std::size_t>(shapes_count_)}; }
  const SavedValue* peek(int slot) const { return needs(slot) ? &saved_at(slot) : nullptr; }

  /// The op was one in place: what it saved was saved before it wrote `self`.
  void follow_change(const Tensor& self) const;
  /// Forward mode: what is saved of the outputs gets their tangents, once these are known.
  void save_tangents(const Tensor* outputs) const;

  static void operator delete(OpNode* node, std::destroying_delete_t);

 private:
  using Edge = autograd::Edge;
  struct InputShape {
    DimVector sizes;
    ScalarType dtype = ScalarType::Undefined;
    bool differs = false;
  };
  class SavedValues;

  OpNode(const Op& op, const void* formula, int count, unsigned needed, int saved, int results,
         std::size_t bytes);
  ~OpNode() override;

  Edge* edges() const { return reinterpret_cast<Edge*>(const_cast<OpNode*>(this) + 1); }
  SavedValue* saved() const { return reinterpret_cast<SavedValue*>(edges() + num_outputs()); }
  ResultShape* shapes() const { return reinterpret_cast<ResultShape*>(saved() + saved_count_); }
  void* formula() const { return shapes() + shapes_count_; }
  /// Saved values lie densely: that of a slot has as many before it as slots are needed.
  SavedValue& saved_at(int slot) const { return saved()[count_bits(needed_ & ((1u << slot) - 1))]; }
  bool needs(int slot) const { return (needed_ >> slot & 1) != 0; }

  [[gnu::always_inline]] void keep(const Argument* args, unsigned wanting, const Tensor* outputs);
  void keep_input_shape(int input, const Tensor& t);
  bool fit_gradients(Tensor* gradients) const;
  Tensor derivative(int input, Tensor* gradients, bool is_last);
  Tensor fused_derivative(int input, const Tensor& gradient, bool is_last);
  void fit_to_input(int input, Tensor& gradient) const;

  const Op& op_;
  unsigned needed_;  // slots that are saved
  int saved_count_, shapes_count_;
  uint32_t bytes_;                        // of all of it
  std::unique_ptr<InputShape[]> inputs_;  // of an elementwise op with an input unlike the result
};

/// Brings a gradient to the shape and dtype of the input it belongs to: broadcast dimensions are summed.
Tensor fit_gradient(Tensor gradient, IntArrayRef sizes, ScalarType dtype);
/// A number as a tensor without dimensions that is weakest in promotion.
Tensor wrapped_number(const Scalar& number);
[[noreturn]] void undefined_argument(const char* op);
/// Zeros of the shape and dtype of `t`.
Tensor zeros_of(const Tensor& t);

inline Tensor as_tensor(const Argument& a) { return a.tensor ? *a.tensor : wrapped_number(a.number); }

}  // namespace xgrad::ops
