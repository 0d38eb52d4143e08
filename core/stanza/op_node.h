// The node of an op that has a stanza: one class serves all. Private to the library.
#pragma once

#include <new>

#include <xgrad/core/stanza/op.h>

namespace xgrad::ops {

/// What a gradient must be like. That of a result, because kernels read its memory: hooks and nodes of users
/// may hand on anything. (An elementwise derivative broadcasts whatever comes.) That of an input of an
/// elementwise op which is unlike the result.
struct KeptShape {
  DimVector sizes;
  ScalarType dtype = ScalarType::Undefined;  // of an input that is like the result

  Tensor fitting(const char* node, Tensor gradient) const {
    const TensorImpl& g = gradient.impl();
    if (g.dtype() == dtype && g.sizes() == IntArrayRef(sizes)) return gradient;
    return refit(node, gradient);
  }
  Tensor refit(const char* node, const Tensor& gradient) const;
};

/// A formula, edges to the arguments that require a gradient, and the values that their derivatives need. All
/// of it lies behind the node in one block of memory: formula, edges, saved values, shapes. Shapes are those
/// of the results, or of an elementwise op whose inputs are not all like the result, those of the inputs.
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
  ArrayRef<KeptShape> result_shapes() const {
    return {shapes(), op_.pointwise ? std::size_t{0} : std::size_t{shapes_count_}};
  }
  const SavedValue* peek(int slot) const { return needs(slot) ? &saved_at(slot) : nullptr; }

  /// The op was one in place: what it saved was saved before it wrote `self`.
  void follow_change(const Tensor& self) const;
  /// Forward mode: what is saved of the outputs gets their tangents, once these are known.
  void save_tangents(const Tensor* outputs) const;

  static void operator delete(OpNode* node, std::destroying_delete_t);

 private:
  using Edge = autograd::Edge;
  class SavedValues;

  OpNode(const Op& op, const void* formula, int count, unsigned needed, int saved, int results,
         uint32_t shapes);
  ~OpNode() override;

  Edge* edges() const { return const_cast<Edge*>(next_edges().data()); }
  SavedValue* saved() const { return reinterpret_cast<SavedValue*>(edges() + num_outputs()); }
  KeptShape* shapes() const { return reinterpret_cast<KeptShape*>(saved() + saved_count_); }
  void* formula() const { return const_cast<OpNode*>(this) + 1; }
  /// Saved values lie densely: that of a slot has as many before it as slots are needed.
  SavedValue& saved_at(int slot) const { return saved()[count_bits(needed_ & ((1u << slot) - 1))]; }
  bool needs(int slot) const { return (needed_ >> slot & 1) != 0; }

  [[gnu::always_inline]] void keep(const Argument* args, unsigned wanting, const Tensor* outputs);
  void keep_input_shapes(const Argument* args, unsigned unlike);
  bool fit_gradients(Tensor* gradients) const;
  Tensor derivative(int input, Tensor* gradients, bool is_last);
  Tensor fused_derivative(int input, const Tensor& gradient, bool is_last);
  void fit_to_input(int input, Tensor& gradient) const;

  const Op& op_;
  unsigned needed_ : kMaxSlots;  // those that are saved
  unsigned saved_count_ : 32 - kMaxSlots;
  uint32_t shapes_count_;
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
