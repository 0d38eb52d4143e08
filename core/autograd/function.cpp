// Functions of users: saving, marking, and the checks of what their backward returns.
#include <xgrad/core/autograd/function.h>

#include <xgrad/core/tape/grad_mode.h>
#include <algorithm>
#include <iterator>

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/stanza/tangent.h>
#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::autograd {

namespace {

// One past the last when it is not there.
std::size_t position_in(const variable_list& list, const Tensor& t) {
  const auto is_t = [&](const Tensor& x) { return x.defined() && x.is_same(t); };
  return static_cast<std::size_t>(std::find_if(list.begin(), list.end(), is_t) - list.begin());
}

bool contains(const variable_list& list, const Tensor& t) { return position_in(list, t) < list.size(); }

bool contains_defined(const variable_list& list) {
  return std::any_of(list.begin(), list.end(), [](const Tensor& t) { return t.defined(); });
}

bool broadcasts_to(IntArrayRef from, IntArrayRef to) {
  if (from.size() > to.size()) return false;
  const std::size_t added = to.size() - from.size();
  for (std::size_t d = 0; d < from.size(); ++d)
    if (from[d] != 1 && from[d] != to[added + d]) return false;
  return true;
}

}  // namespace

FunctionNode::FunctionNode(const variable_list& inputs, std::vector<bool> argument_is_tensor)
    : inputs_(inputs), argument_is_tensor_(std::move(argument_is_tensor)) {
  context.node_ = this;
  edge_list edges;
  for (const Tensor& t : inputs) {
    const bool wanted = t.defined() && grad_enabled() && t.requires_grad();
    edges.push_back(wanted ? gradient_edge(t) : Edge());
    input_shapes_.push_back(t.defined() ? Shape{t.sizes(), t.dtype()} : Shape{});
    versions_.push_back(t.defined() ? t.impl().version() : 0);
  }
  set_next_edges(std::move(edges));
}

FunctionNode::~FunctionNode() = default;

bool FunctionNode::needs_input_grad(std::size_t i) const {
  XGRAD_CHECK_AS(IndexError, i < num_outputs(), "needs_input_grad: there is no tensor argument ",
                 static_cast<int64_t>(i));
  return should_compute_output(i) || (i < carries_tangent_.size() && carries_tangent_[i]);
}

// What forward was called with and what it said, taken out of the node: a tensor that was changed in place
// leads to the node from now on.
struct FunctionNode::Call {
  variable_list inputs, to_save, dirty, non_differentiable;
  bool recorded;

  bool differentiable(const Tensor& t) const {
    return recorded && t.is_floating_point() && !contains(non_differentiable, t);
  }
  // Whether `t`, which forward returned, is one of its results, and no input that it hands back.
  bool computed(const Tensor& t) const { return contains(dirty, t) || !contains(inputs, t); }
};

// What changed in forward has another history now, which only mark_dirty makes known. (Buffers without a
// gradient may change as they like.)
void FunctionNode::check_changes(const Call& call, const variable_list& outputs) const {
  const auto shares_memory = [](const Tensor& a) {
    return [&a](const Tensor& b) { return b.defined() && a.impl().storage() == b.impl().storage(); };
  };
  for (std::size_t i = 0; i < call.inputs.size(); ++i)
    XGRAD_CHECK(!should_compute_output(i) || call.inputs[i].impl().version() == versions_[i] ||
                    std::any_of(call.dirty.begin(), call.dirty.end(), shares_memory(call.inputs[i])),
                name(), ": forward changed tensor argument ", static_cast<int64_t>(i),
                " in place without saying so; call ctx->mark_dirty({...}) with it and return it");
  for (const Tensor& t : call.dirty) {
    XGRAD_CHECK(contains(outputs, t),
                "mark_dirty: an input that was changed in place must be returned by forward");
    const InplaceChange allowed("mark_dirty", t, call.recorded);
    // The gradients of the other outputs would not reach the node that stands in the history of the base.
    XGRAD_CHECK(!t.is_view() || outputs.size() == 1, name(), ": forward changed a view of shape ", t.sizes(),
                " in place and returned ", static_cast<int64_t>(outputs.size()),
                " tensors; it must return that view alone");
  }
}

// An input that is handed back becomes a view of itself, so that each has its own history; one that was
// changed in place stays the same tensor.
void FunctionNode::wrap(Tensor& out, const Call& call, const intrusive_ptr<Node>& self) {
  const uint32_t number = add_input_metadata();
  output_shapes_.push_back(out.defined() ? Shape{out.sizes(), out.dtype()} : Shape{});
  if (!out.defined()) return;
  const bool differentiable = call.differentiable(out);
  if (contains(call.dirty, out)) {
    InplaceChange change("mark_dirty", out, call.recorded);
    if (differentiable) change.record(self, position_in(call.inputs, out));
    change.commit();
  } else {
    if (!call.computed(out)) {
      const detail::PlainScope scope;
      out = differentiable || !out.requires_grad() ? out.view(out.sizes()) : out.detach();
    }
    if (!differentiable) return;
    create_gradient_edge(out, self);
    out.impl().set(TensorImpl::kNoGradView, false);
    out.impl().set(TensorImpl::kFunctionView, out.is_view());
  }
  if (differentiable) out.impl().output_nr = number;
}

variable_list FunctionNode::wrap_outputs(variable_list outputs, const intrusive_ptr<Node>& self) {
  if (this_thread_state.anomaly_mode) remember_call(*this);
  const bool recorded =
      std::any_of(next_edges().begin(), next_edges().end(), [](const Edge& e) { return e.is_valid(); });
  const Call call{std::move(inputs_), std::move(context.to_save_), std::move(context.dirty_),
                  std::move(context.non_differentiable_), recorded};
  check_changes(call, outputs);
  std::vector<bool> is_output;
  saved_.resize(call.to_save.size());
  for (std::size_t i = 0; i < saved_.size(); ++i) {
    const Tensor& t = call.to_save[i];
    is_output.push_back(contains(outputs, t) && call.computed(t) && call.differentiable(t));
    if (!is_output[i]) saved_[i] = SavedVariable(t, false);
  }
  for (Tensor& out : outputs) wrap(out, call, self);
  for (std::size_t i = 0; i < saved_.size(); ++i)
    if (is_output[i]) saved_[i] = SavedVariable(call.to_save[i], true);
  forward_ended_ = true;
  if (ops::carries_tangents()) push_tangents(call, outputs);
  return outputs;
}

// Backward is linear in the gradients of the outputs: the tangents of these are what its transpose, backward
// through it, makes of the tangents of the inputs.
void FunctionNode::push_tangents(const Call& call, const variable_list& outputs) {
  variable_list arriving, gradients, images, weights;
  for (const Tensor& t : call.inputs)
    arriving.push_back(t.defined() && t.is_floating_point() ? ops::tangent_of(t) : Tensor());
  carries_tangent_.clear();
  for (const Tensor& t : arriving) carries_tangent_.push_back(t.defined());
  if (!contains_defined(arriving)) return;
  const bool recorded = grad_enabled();
  const ops::WithoutTangents pause;
  const AutoGradMode recording(true);
  const auto has_tangent = [&](const Tensor& out) {
    return out.defined() && out.is_floating_point() && !contains(call.non_differentiable, out);
  };
  for (const Tensor& out : outputs)
    gradients.push_back(has_tangent(out) ? zeros(out.sizes(), out.options()).requires_grad_() : Tensor());
  variable_list roots, all = apply(variable_list(gradients));
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (!arriving[i].defined() || !all[i].defined()) continue;
    if (!all[i].requires_grad()) {
      check_is_zero(gradients, i);
      continue;
    }
    roots.push_back(all[i]);
    weights.push_back(arriving[i]);
  }
  variable_list asked;
  for (const Tensor& g : gradients)
    if (g.defined()) asked.push_back(g);
  variable_list tangents(asked.size());
  if (!roots.empty() && !asked.empty()) tangents = grad(roots, asked, weights, true, recorded, true);
  carries_tangent_.clear();
  std::size_t next = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i)
    if (gradients[i].defined())
      ops::settle_tangent(outputs[i], tangents[next++], arriving.data(), static_cast<int>(arriving.size()),
                          contains(call.dirty, outputs[i]));
}

// A gradient without history is a constant zero, or it was computed by something that records nothing.
void FunctionNode::check_is_zero(const variable_list& gradients, std::size_t input) {
  const NoGradGuard no_grad;
  variable_list probe;
  for (const Tensor& g : gradients) probe.push_back(g.defined() ? ones_like(g) : Tensor());
  const Tensor g = apply(std::move(probe))[input];
  XGRAD_CHECK(
      !g.defined() || !g.ne(0).any().item<bool>(), name(),
      ": forward mode goes through backward, which must be made of differentiable ops: the gradient of "
      "tensor argument ",
      static_cast<int64_t>(input),
      " has no history; compute it from the gradients without item(), detach(), accessors or NoGradGuard");
}

variable_list FunctionNode::saved_variables() const {
  XGRAD_CHECK(forward_ended_, name(),
              ": get_saved_variables is for backward; in forward the tensors themselves are at hand");
  XGRAD_CHECK(!released_, name(),
              ": Trying to backward through the graph a second time, but what it saved was freed by the "
              "first; call backward(..., retain_graph=true) the first time");
  variable_list values;
  for (const SavedVariable& each : saved_) values.push_back(each.unpack(*this));
  return values;
}

void FunctionNode::release_variables() {
  for (SavedVariable& each : saved_) each.reset_data();
  context.saved_data.clear();
  released_ = true;
}

variable_list FunctionNode::apply(variable_list&& gradients) {
  XGRAD_CHECK(!released_, name(),
              ": Trying to backward through the graph a second time, but what it saved was freed by the "
              "first; call backward(..., retain_graph=true) the first time");
  if (context.materialize_grads_)
    for (std::size_t i = 0; i < gradients.size(); ++i)
      if (!gradients[i].defined() && output_shapes_[i].dtype != ScalarType::Undefined)
        gradients[i] = zeros(output_shapes_[i].sizes, output_shapes_[i].dtype);
  return check_gradients(call_backward(std::move(gradients)));
}

variable_list FunctionNode::check_gradients(variable_list gradients) const {
  const std::size_t arguments = argument_is_tensor_.size();
  // Undefined gradients beyond the arguments are a common slip that does no harm.
  while (gradients.size() > arguments && !gradients.back().defined()) gradients.pop_back();
  XGRAD_CHECK(gradients.size() == arguments, name(),
              ": backward returned an incorrect number of gradients (expected ",
              static_cast<int64_t>(arguments), ", got ", static_cast<int64_t>(gradients.size()),
              "): one for each argument of forward");
  variable_list result;
  for (std::size_t a = 0; a < arguments; ++a) {
    if (!argument_is_tensor_[a]) {
      XGRAD_CHECK(!gradients[a].defined(), name(), ": backward returned a gradient for argument ",
                  static_cast<int64_t>(a), ", which is not a Tensor; return an undefined Tensor() there");
      continue;
    }
    Tensor g = std::move(gradients[a]);
    const Shape& shape = input_shapes_[result.size()];
    if (g.defined() && needs_input_grad(result.size())) {
      if (g.sizes() != IntArrayRef(shape.sizes)) {
        XGRAD_CHECK(broadcasts_to(shape.sizes, g.sizes()), name(), ": backward returned a gradient of shape ",
                    g.sizes(), " for argument ", static_cast<int64_t>(a), " of shape ", shape.sizes);
        g = g.sum_to_size(shape.sizes);
      }
      if (g.dtype() != shape.dtype) g = g.to(shape.dtype);
    }
    result.push_back(std::move(g));
  }
  return result;
}

void AutogradContext::save_for_backward(variable_list to_save) { to_save_ = std::move(to_save); }
variable_list AutogradContext::get_saved_variables() const {
  XGRAD_CHECK(node_, "get_saved_variables: the context belongs to no function");
  return node_->saved_variables();
}
void AutogradContext::mark_dirty(const variable_list& inputs) { dirty_ = inputs; }
void AutogradContext::mark_non_differentiable(const variable_list& outputs) { non_differentiable_ = outputs; }
bool AutogradContext::needs_input_grad(std::size_t i) const { return node_ && node_->needs_input_grad(i); }

}  // namespace xgrad::autograd
