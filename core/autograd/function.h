// Ops of one's own: a struct with a static forward and a static backward.
//
//   struct Sigmoid : autograd::Function<Sigmoid> {
//     static Tensor forward(autograd::AutogradContext* ctx, Tensor x) { ... ctx->save_for_backward({y});
//     return y; } static autograd::variable_list backward(autograd::AutogradContext* ctx,
//     autograd::variable_list grads) { ... }
//   };
//   Tensor y = Sigmoid::apply(x);
#pragma once

#include <map>
#include <string>
#include <type_traits>
#include <utility>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/node.h>
#include <xgrad/core/tape/saved_variable.h>
#include <xgrad/core/tensor/ivalue.h>

namespace xgrad::autograd {

class FunctionNode;

/// What forward and backward of a Function share.
class XGRAD_API AutogradContext {
 public:
  AutogradContext() = default;
  AutogradContext(const AutogradContext&) = delete;
  AutogradContext& operator=(const AutogradContext&) = delete;

  /// Values that are no tensors; tensors that are inputs or outputs belong into save_for_backward.
  std::map<std::string, IValue> saved_data;
  /// Keeps inputs or outputs of forward for backward; changes in place are noticed there.
  void save_for_backward(variable_list to_save);
  /// What was saved; for use in backward.
  variable_list get_saved_variables() const;
  /// Inputs that forward changed in place; they must be among its outputs.
  void mark_dirty(const variable_list& inputs);
  /// Outputs that have no gradient.
  void mark_non_differentiable(const variable_list& outputs);
  /// Whether an output that nobody used arrives in backward as zeros (the default) or undefined.
  void set_materialize_grads(bool value) { materialize_grads_ = value; }
  /// Whether the gradient of argument `i` (tensors are counted) is asked for.
  bool needs_input_grad(std::size_t i) const;

 private:
  friend class FunctionNode;
  FunctionNode* node_ = nullptr;
  variable_list to_save_, dirty_, non_differentiable_;
  bool materialize_grads_ = true;
};

/// The node of a Function: what does not depend on its type.
class XGRAD_API FunctionNode : public Node {
 public:
  FunctionNode(const variable_list& inputs, std::vector<bool> argument_is_tensor);
  ~FunctionNode() override;
  void release_variables() override;

  AutogradContext context;
  /// Gives the outputs of forward their place in the graph.
  variable_list wrap_outputs(variable_list outputs, const intrusive_ptr<Node>& self);
  variable_list saved_variables() const;
  bool needs_input_grad(std::size_t i) const;

 protected:
  variable_list apply(variable_list&& gradients) override;
  virtual variable_list call_backward(variable_list gradients) = 0;

 private:
  struct Shape {
    DimVector sizes;
    ScalarType dtype = ScalarType::Undefined;
  };
  variable_list check_gradients(variable_list gradients) const;
  struct Call;
  void check_changes(const Call& call, const variable_list& outputs) const;
  void wrap(Tensor& out, const Call& call, const intrusive_ptr<Node>& self);
  void push_tangents(const Call& call, const variable_list& outputs);
  void check_is_zero(const variable_list& gradients, std::size_t input);

  variable_list inputs_;               // only while forward runs
  std::vector<uint32_t> versions_;     // theirs, before it
  std::vector<bool> carries_tangent_;  // only while the tangents of the outputs are computed
  std::vector<Shape> input_shapes_, output_shapes_;
  std::vector<bool> argument_is_tensor_;
  std::vector<SavedVariable> saved_;
  bool forward_ended_ = false, released_ = false;
};

namespace detail {

/// Adds the tensors of an argument of forward, each one of a list, and says of all else that it is no tensor.
template <class T>
void collect(const T& argument, variable_list& tensors, std::vector<bool>& flags) {
  const auto add = [&](const Tensor& t) {
    tensors.push_back(t);
    flags.push_back(true);
  };
  if constexpr (std::is_base_of_v<Tensor, T>)
    add(argument);
  else if constexpr (std::is_same_v<T, std::optional<Tensor>>)
    add(argument.value_or(Tensor()));
  else if constexpr (std::is_convertible_v<const T&, TensorList>)
    for (const Tensor& t : TensorList(argument)) add(t);
  else
    flags.push_back(false);
}

/// The unqualified name of T, as the compiler spells it.
template <class T>
std::string type_name() {
#if defined(__clang__) || defined(__GNUC__)
  const std::string text = __PRETTY_FUNCTION__;
  const std::size_t begin = text.find("T = ") + 4;
  std::string name = text.substr(begin, text.find_first_of(";]", begin) - begin);
#else
  const std::string text = __FUNCSIG__;
  const std::size_t begin = text.find("type_name<") + 10;
  std::string name = text.substr(begin, text.rfind(">(") - begin);
#endif
  const std::size_t scope = name.find_last_of(": ");
  return scope == std::string::npos ? name : name.substr(scope + 1);
}

/// Neither gradients nor tangents: the Function itself says what its derivative is.
class PlainScope {
 public:
  PlainScope() : forward_ad_(thread_state().forward_ad) { thread_state().forward_ad = false; }
  ~PlainScope() { thread_state().forward_ad = forward_ad_; }
  PlainScope(const PlainScope&) = delete;
  PlainScope& operator=(const PlainScope&) = delete;

 private:
  AutoGradMode no_grad_{false};
  bool forward_ad_;
};

inline variable_list to_list(Tensor t) { return {std::move(t)}; }
inline variable_list to_list(variable_list v) { return v; }
template <class R>
R from_list(variable_list v) {
  if constexpr (std::is_same_v<R, Tensor>)
    return std::move(v[0]);
  else
    return v;
}

template <class T>
class TypedFunctionNode final : public FunctionNode {
 public:
  using FunctionNode::FunctionNode;
  std::string name() const override { return detail::type_name<T>() + "Backward"; }

 protected:
  variable_list call_backward(variable_list gradients) override {
    return detail::to_list(T::backward(&context, std::move(gradients)));
  }
};

}  // namespace detail

/// Derive as `struct Mine : Function<Mine>`, with `static Tensor (or variable_list) forward(AutogradContext*,
/// args...)` and `static variable_list backward(AutogradContext*, variable_list grads)`, which returns one
/// gradient for each argument of forward, undefined for those that are no tensors; a list of tensors counts
/// as as many arguments as it has elements. Call it as `Mine::apply(args...)`. Forward mode needs nothing
/// more: the derivative of the outputs is the transpose of backward, which must then be made of
/// differentiable ops, as for second derivatives.
template <class T>
struct Function {
  template <class X = T, class... A>
  static auto apply(A&&... args) {
    using Result = std::decay_t<decltype(X::forward(std::declval<AutogradContext*>(), args...))>;
    variable_list inputs;
    std::vector<bool> flags;
    (detail::collect(args, inputs, flags), ...);
    auto node = make_node<detail::TypedFunctionNode<X>>(inputs, std::move(flags));
    variable_list outputs;
    {
      const detail::PlainScope scope;
      outputs = detail::to_list(X::forward(&node->context, std::forward<A>(args)...));
    }
    return detail::from_list<Result>(node->wrap_outputs(std::move(outputs), node));
  }
};

}  // namespace xgrad::autograd
