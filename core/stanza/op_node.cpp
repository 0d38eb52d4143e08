// What a recorded op keeps, and what it does in backward.
#include <xgrad/core/stanza/op_node.h>

#include <xgrad/core/memory/allocator.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/tangent.h>

namespace xgrad::ops {

namespace {

constexpr int kMaxSaved = 5;  // of an elementwise derivative: its inputs and the result

// The slots of the derivatives that are wanted of `args`.
unsigned slots_needed(const Op& op, const Argument* args) {
  if (op.joint) return op.derivatives->mask;
  unsigned needed = 0;
  for (int i = 0; i < op.inputs; ++i)
    if (op.derivatives[i].mask != 0 && args[i].requires_grad()) needed |= op.derivatives[i].mask;
  return needed;
}

}  // namespace

std::size_t OpNode::bytes(const Op& op, int count, int saved, int shapes) {
  const auto n = [](int i) { return static_cast<std::size_t>(i); };
  return sizeof(OpNode) + n(count) * sizeof(Edge) + n(saved) * sizeof(SavedValue) +
         n(shapes) * sizeof(ResultShape) + op.formula_bytes;
}

OpNode::OpNode(const Op& op, const void* formula, int count, int saved, int shapes, unsigned needed)
    : Node(InlineEdges{}, reinterpret_cast<Edge*>(this + 1), static_cast<uint32_t>(count)),
      op_(op),
      needed_(needed),
      saved_count_(saved),
      shapes_count_(shapes) {
  if (op.formula_bytes > 0) op.copy(this->formula(), formula);
  for (int i = 0; i < count; ++i) new (edges() + i) Edge;
  for (int i = 0; i < saved; ++i) new (this->saved() + i) SavedValue;
  for (int i = 0; i < shapes; ++i) new (this->shapes() + i) ResultShape;
}

OpNode::~OpNode() {
  if (op_.destroy && op_.formula_bytes > 0) op_.destroy(formula());
  for (int i = 0; i < shapes_count_; ++i) shapes()[i].~ResultShape();
  for (int i = 0; i < saved_count_; ++i) saved()[i].~SavedValue();
  for (uint32_t i = 0; i < num_outputs(); ++i) edges()[i].~Edge();
}

void OpNode::operator delete(OpNode* node, std::destroying_delete_t) {
  const std::size_t size =
      bytes(node->op_, static_cast<int>(node->num_outputs()), node->saved_count_, node->shapes_count_);
  node->~OpNode();
  memory::deallocate(node, size);
}

intrusive_ptr<OpNode> OpNode::make(const Op& op, const void* formula, const Argument* args, int count,
                                   const Tensor* outputs, int results) {
  const unsigned needed = slots_needed(op, args);
  const int saved = __builtin_popcount(needed), shapes = op.pointwise ? 0 : results;
  const std::size_t size = bytes(op, count, saved, shapes);
  void* const memory = memory::allocate(size);
  intrusive_ptr<OpNode> node;
  try {
    node = intrusive_ptr<OpNode>::adopt(new (memory) OpNode(op, formula, count, saved, shapes, needed));
  } catch (...) {
    memory::deallocate(memory, size);
    throw;
  }
  node->keep(args, outputs, results);
  return node;
}

void OpNode::keep(const Argument* args, const Tensor* outputs, int results) {
  const auto count = static_cast<int>(num_outputs());
  for (int i = 0; i < count; ++i) {
    if (!(i >= op_.inputs || op_.differentiates(i)) || !args[i].requires_grad()) continue;
    const Tensor& t = *args[i].tensor;
    edges()[i] = autograd::gradient_edge(t);
    if (!op_.pointwise || (t.sizes() == outputs->sizes() && t.dtype() == outputs->dtype())) continue;
    if (!inputs_) inputs_.reset(new InputShape[static_cast<std::size_t>(count)]);
    inputs_[static_cast<std::size_t>(i)] = {t.sizes(), t.dtype(), true};
  }
  for (int r = 0; r < results; ++r) add_input_metadata();
  number_after_edges();
  for (int s = 0; s < op_.inputs; ++s)
    if (needs(s)) saved_at(s).save_input(args[s]);
  for (int s = op_.inputs; needed_ >> s; ++s)
    if (needs(s)) saved_at(s).save_output(outputs[s - op_.inputs]);
  for (int r = 0; r < shapes_count_; ++r) shapes()[r] = {outputs[r].sizes(), outputs[r].dtype()};
}

void OpNode::save_tangents(const Tensor* outputs) const {
  for (int s = op_.inputs; needed_ >> s; ++s)
    if (needs(s)) saved_at(s).save_tangent(outputs[s - op_.inputs]);
}

void OpNode::release_variables() {
  for (int i = 0; i < saved_count_; ++i) saved()[i].release();
}

// Takes values out of a node for a derivative that is read over tensors.
class OpNode::SavedValues final : public Values {
 public:
  explicit SavedValues(const OpNode& node) : node_(node) {}
  Tensor at(int slot) const override {
    Tensor scratch;
    return as_tensor(node_.saved_at(slot).unpack(node_, scratch));
  }

 private:
  const OpNode& node_;
};

void OpNode::run(Tensor* grads_in, Tensor* grads_out) {
  bool arrived = false;
  for (uint32_t r = 0; r < num_inputs(); ++r) {
    if (!grads_in[r].defined()) continue;
    arrived = true;
    if (!op_.pointwise) grads_in[r] = shapes()[r].fitting(op_.name.node, std::move(grads_in[r]));
  }
  if (!arrived) return;
  if (op_.joint) return run_all(grads_in, grads_out);
  int last = -1;
  for (int i = 0; i < op_.inputs; ++i)
    if (edges()[i].function) last = i;
  for (int i = 0; i <= last; ++i)
    if (edges()[i].function) grads_out[i] = derivative(i, grads_in, i == last);
}

void OpNode::run_all(Tensor* grads_in, Tensor* grads_out) {
  op_.all(formula(), WantedInputs(edges()), TensorList(grads_in, num_inputs()), SavedValues(*this),
          grads_out);
}

Tensor OpNode::derivative(int input, Tensor* gradients, bool is_last) {
  Tensor result;
  switch (op_.derivatives[input].kind) {
    case DerivativeKind::none:
      break;
    case DerivativeKind::passed:
      result = is_last ? std::move(gradients[0]) : gradients[0];
      break;
    case DerivativeKind::vanishes:
      result = zeros_of(gradients[0]);
      break;
    case DerivativeKind::computed:
      result = op_.pointwise && !derivative_is_expression()
                   ? fused_derivative(input, gradients[0], is_last)
                   : op_.derivative(formula(), input, false, TensorList(gradients, num_inputs()),
                                    SavedValues(*this));
  }
  if (inputs_ && inputs_[static_cast<std::size_t>(input)].differs) {
    const InputShape& shape = inputs_[static_cast<std::size_t>(input)];
    result = fit_gradient(std::move(result), shape.sizes, shape.dtype);
  }
  return result;
}

Tensor OpNode::fused_derivative(int input, Tensor& gradient, bool is_last) {
  const DerivativeInfo& d = op_.derivatives[input];
  const Tensor own = is_last ? std::move(gradient) : gradient;
  Argument args[1 + kMaxSaved] = {own};
  Tensor scratch[kMaxSaved];
  for (int k = 0; k < d.count; ++k) args[1 + k] = saved_at(d.slots[k]).unpack(*this, scratch[k]);
  return run_derivative(op_, 1 + input, formula(), args, 1 + d.count, is_last);
}

std::vector<std::string> OpNode::formulas(bool local) const {
  std::vector<std::string> texts(num_outputs());
  if (!op_.pointwise) return texts;
  const Symbol gradient = local ? Symbol::unit() : Symbol("grad");
  for (int i = 0; i < op_.inputs; ++i) {
    const DerivativeKind kind = op_.derivatives[i].kind;
    if (kind == DerivativeKind::passed) texts[static_cast<std::size_t>(i)] = gradient.text();
    if (kind == DerivativeKind::vanishes) texts[static_cast<std::size_t>(i)] = "0";
    if (kind == DerivativeKind::computed)
      texts[static_cast<std::size_t>(i)] = op_.text(formula(), i, gradient);
  }
  return texts;
}

Tensor ResultShape::refit(const char* node, const Tensor& gradient) const {
  XGRAD_CHECK(gradient.sizes() == IntArrayRef(sizes), node,
              ": a gradient must have the shape of the result it belongs to: got ", gradient.sizes(),
              ", expected ", sizes, "; what does a hook, or a node of your own, return?");
  return gradient.to(dtype);
}

}  // namespace xgrad::ops
