// Dual tensors, and the derivatives of whole functions made of both modes.
#include <xgrad/core/autograd/forward_ad.h>

#include <xgrad/core/tape/grad_mode.h>
#include <atomic>

#include <xgrad/core/autograd/engine.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/stanza/tangent.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/saved.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad {

namespace ops {

Tensor apply_transposed(const std::function<Tensor(const Tensor&)>& derivative, const Tensor& out,
                        const Tensor& tangent) {
  const bool recorded = autograd::grad_enabled();
  const AutoGradMode recording(true);
  const Tensor gradient = zeros(out.sizes(), out.options()).requires_grad_();
  const Tensor image = derivative(gradient);
  if (!image.defined() || !image.requires_grad()) return Tensor();
  return autograd::grad({image}, {gradient}, {tangent}, true, recorded, true)[0];
}

}  // namespace ops

namespace autograd {

void DualOutputs::add(const Tensor& copy, const Tensor& tangent) {
  const std::lock_guard lock(mutex_);
  if (closed_) return;
  copies_.push_back(copy);
  ops::set_tangent(copy, tangent);
}

void DualOutputs::close() {
  std::vector<Tensor> copies;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    copies.swap(copies_);
  }
  for (const Tensor& t : copies) ensure_meta(t.impl()).tangent.reset();
}

bool DualOutputs::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

namespace forward_ad {

DualLevel::DualLevel() : outputs_(std::make_shared<DualOutputs>()) {
  static std::atomic<uint64_t> levels{0};
  ThreadState& state = this_thread_state;
  XGRAD_CHECK(
      !state.dual_outputs,
      "DualLevel: nested forward mode AD is not supported; close the open level first, or take one of "
      "the two derivatives by backward, as hvp does");
  state.forward_ad = true;
  state.dual_level = ++levels;
  state.dual_outputs = outputs_.get();
}

DualLevel::~DualLevel() {
  this_thread_state.forward_ad = false;
  this_thread_state.dual_outputs = nullptr;
  outputs_->close();
}

Tensor make_dual(const Tensor& primal, const Tensor& tangent) {
  XGRAD_CHECK(this_thread_state.forward_ad,
              "make_dual: no dual level is open; write `forward_ad::DualLevel level;` first (within an "
              "InferenceMode, if there is one)");
  XGRAD_CHECK(primal.defined(), "make_dual: the primal is undefined");
  XGRAD_CHECK_AS(TypeError, primal.is_floating_point(),
                 "make_dual: expected primal to be floating point, but got: ", primal.dtype());
  XGRAD_CHECK(tangent.defined(),
              "make_dual: the tangent is undefined; zeros_like(primal) is a tangent of zero");
  XGRAD_CHECK(tangent.sizes() == primal.sizes(), "make_dual: primal and tangent differ in shape: primal is ",
              primal.sizes(), ", tangent is ", tangent.sizes());
  XGRAD_CHECK_AS(TypeError, tangent.dtype() == primal.dtype(),
                 "make_dual: primal and tangent differ in dtype: primal is ", primal.dtype(), ", tangent is ",
                 tangent.dtype());
  XGRAD_CHECK(!ops::tangent_of(primal).defined(), "make_dual: the primal carries a tangent already");
  const ops::WithoutTangents pause;
  // Copies: a change in place of the dual changes its tangent, which is not the caller's. An expanded primal
  // cannot be changed in place, so that nobody can tell it from its copy.
  Tensor dual = ops::repeats_elements(primal) ? primal.clone() : primal.view(primal.sizes());
  ops::set_tangent(dual, tangent.clone());
  return dual;
}

UnpackedDual unpack_dual(const Tensor& dual) {
  XGRAD_CHECK(this_thread_state.forward_ad, "unpack_dual: no dual level is open");
  const Tensor tangent = ops::tangent_of(dual);
  if (!tangent.defined()) return {dual, tangent};
  // No view: those of a dual tensor have a tangent.
  const ops::WithoutTangents pause;
  return {grad_enabled() ? ops::with_history_of_now(dual) : dual.detach(), tangent};
}

}  // namespace forward_ad

namespace functional {

namespace {

variable_list as_leaves(const variable_list& inputs, bool keep_graph) {
  variable_list leaves;
  for (const Tensor& t : inputs)
    leaves.push_back(keep_graph && t.requires_grad() ? t : t.detach().requires_grad_());
  return leaves;
}

Tensor kept(const Tensor& t, bool keep_graph) { return keep_graph || !t.defined() ? t : t.detach(); }

Tensor one_element(const char* op, const Tensor& t) {
  XGRAD_CHECK(t.numel() == 1, op, ": the function must return a single element: got shape ", t.sizes());
  return t.reshape({});
}

Tensor gradient_or_zeros(const Tensor& output, const Tensor& input, const Tensor& weight, bool create_graph) {
  if (!output.requires_grad()) return zeros_like(input);
  const Tensor g = grad({output}, {input}, {weight}, true, create_graph, true)[0];
  return g.defined() ? g : zeros_like(input);
}

}  // namespace

std::tuple<variable_list, variable_list> jvp(const Function& f, const variable_list& inputs,
                                             const variable_list& v, bool create_graph) {
  XGRAD_CHECK(inputs.size() == v.size(), "jvp: got ", static_cast<int64_t>(inputs.size()), " inputs and ",
              static_cast<int64_t>(v.size()), " tangents; their numbers must agree");
  const forward_ad::DualLevel level;
  variable_list duals, values, tangents;
  for (std::size_t i = 0; i < inputs.size(); ++i)
    duals.push_back(forward_ad::make_dual(kept(inputs[i], create_graph), kept(v[i], create_graph)));
  for (const Tensor& out : f(duals)) {
    const auto [value, tangent] = forward_ad::unpack_dual(out);
    tangents.push_back(kept(tangent.defined() ? tangent : zeros_like(value), create_graph));
    values.push_back(kept(value, create_graph));
  }
  return {values, tangents};
}

std::tuple<variable_list, variable_list> vjp(const Function& f, const variable_list& inputs,
                                             const variable_list& v, bool create_graph) {
  const AutoGradMode recording(true);
  const variable_list leaves = as_leaves(inputs, create_graph);
  const variable_list outputs = f(leaves);
  XGRAD_CHECK(v.empty() || v.size() == outputs.size(), "vjp: the function returned ",
              static_cast<int64_t>(outputs.size()), " outputs, and v has ", static_cast<int64_t>(v.size()),
              " tensors; their numbers must agree");
  variable_list roots, weights, gradients(leaves.size()), values;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (!outputs[i].requires_grad()) continue;
    roots.push_back(outputs[i]);
    if (!v.empty()) weights.push_back(v[i]);
  }
  if (!roots.empty()) gradients = grad(roots, leaves, weights, nullopt, create_graph, true);
  for (std::size_t i = 0; i < gradients.size(); ++i)
    if (!gradients[i].defined()) gradients[i] = zeros_like(leaves[i]);
  for (const Tensor& t : outputs) values.push_back(kept(t, create_graph));
  return {values, gradients};
}

Tensor jacobian(const std::function<Tensor(const Tensor&)>& f, const Tensor& input, bool create_graph) {
  const AutoGradMode recording(true);
  const Tensor x = as_leaves({input}, create_graph)[0];
  const Tensor y = f(x);
  const Tensor flat = y.reshape(-1);
  std::vector<Tensor> rows;
  for (int64_t i = 0; i < flat.numel(); ++i)
    rows.push_back(gradient_or_zeros(flat[i], x, Tensor(), create_graph));
  DimVector sizes(y.sizes());
  for (int64_t s : x.sizes()) sizes.push_back(s);
  return rows.empty() ? zeros(sizes, x.options()) : stack(rows).reshape(sizes);
}

Tensor hessian(const std::function<Tensor(const Tensor&)>& f, const Tensor& input, bool create_graph) {
  const auto gradient = [&](const Tensor& x) {
    const AutoGradMode recording(true);
    return gradient_or_zeros(one_element("hessian", f(x)), x, Tensor(), true);
  };
  return jacobian(gradient, input, create_graph);
}

std::tuple<Tensor, Tensor> hvp(const std::function<Tensor(const Tensor&)>& f, const Tensor& input,
                               const Tensor& v, bool create_graph) {
  XGRAD_CHECK(v.sizes() == input.sizes(), "hvp: v must have the shape of the input: v is ", v.sizes(),
              ", input is ", input.sizes());
  const AutoGradMode recording(true);
  const Tensor x = as_leaves({input}, create_graph)[0];
  const Tensor y = one_element("hvp", f(x));
  const Tensor g = gradient_or_zeros(y, x, Tensor(), true);
  return {kept(y, create_graph), gradient_or_zeros(g, x, v, create_graph)};
}

}  // namespace functional
}  // namespace autograd
}  // namespace xgrad
