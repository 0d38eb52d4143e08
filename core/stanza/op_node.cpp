// What a recorded op keeps, and what it does in backward.
#include <xgrad/core/stanza/op_node.h>

#include <xgrad/core/memory/allocator.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/tangent.h>

namespace xgrad::ops {

namespace {

constexpr int kMaxSaved = 4;  // of an elementwise derivative: its inputs and the result

}  // namespace

[[gnu::always_inline]] inline OpNode::OpNode(const Op& op, const void* formula, int count, unsigned needed,
                                             int saved, int results, std::size_t bytes)
    : Node(InlineEdges{}, reinterpret_cast<Edge*>(this + 1), static_cast<uint32_t>(count),
           static_cast<uint32_t>(results)),
      op_(op),
      needed_(needed),
      saved_count_(saved),
      shapes_count_(op.pointwise ? 0 : results),
      bytes_(static_cast<uint32_t>(bytes)) {
  if (op.formula_bytes > 0) op.copy(this->formula(), formula);
  Edge* const edge = edges();
  for (int i = 0; i < count; ++i) new (edge + i) Edge;
  SavedValue* const value = this->saved();
  for (int i = 0; i < saved; ++i) new (value + i) SavedValue;
  for (int i = 0; i < shapes_count_; ++i) new (shapes() + i) ResultShape;
}

OpNode::~OpNode() {
  if (op_.destroy && op_.formula_bytes > 0) op_.destroy(formula());
  for (int i = 0; i < shapes_count_; ++i) shapes()[i].~ResultShape();
  SavedValue* const value = saved();
  for (int i = 0; i < saved_count_; ++i) value[i].~SavedValue();
  Edge* const edge = edges();
  for (uint32_t i = 0; i < num_outputs(); ++i) edge[i].~Edge();
}

void OpNode::operator delete(OpNode* node, std::destroying_delete_t) {
  const std::size_t size = node->bytes_;
  node->~OpNode();
  memory::deallocate(node, size);
}

intrusive_ptr<OpNode> OpNode::make(const Op& op, const void* formula, const Argument* args, int count,
                                   unsigned wanting, const Tensor* outputs, int results) {
  static_assert(sizeof(Edge) == sizeof(SavedValue));
  const unsigned needed = op.slots(wanting);
  const int saved = count_bits(needed);
  std::size_t size =
      sizeof(OpNode) + static_cast<std::size_t>(count + saved) * sizeof(Edge) + op.formula_bytes;
  if (!op.pointwise) size += static_cast<std::size_t>(results) * sizeof(ResultShape);
  void* const memory = memory::allocate(size);
  OpNode* made = nullptr;
  try {
    made = new (memory) OpNode(op, formula, count, needed, saved, results, size);
  } catch (...) {
    memory::deallocate(memory, size);
    throw;
  }
  intrusive_ptr<OpNode> node = intrusive_ptr<OpNode>::adopt(made);
  node->keep(args, wanting, outputs);
  return node;
}

inline void OpNode::keep(const Argument* args, unsigned wanting, const Tensor* outputs) {
  Edge* const edge = edges();
  const TensorImpl& result = outputs->impl();
  for (int i = 0; wanting != 0; ++i, wanting >>= 1) {
    if ((wanting & 1) == 0) continue;
    const Tensor& t = *args[i].tensor;
    const TensorImpl& input = t.impl();
    new (edge + i) Edge(autograd::gradient_edge(t));  // there was an empty one
    if (op_.pointwise && (input.dtype() != result.dtype() || input.sizes() != result.sizes()))
      keep_input_shape(i, t);
  }
  for (int i = op_.inputs; i < static_cast<int>(num_outputs()); ++i)
    if (args[i].requires_grad()) edge[i] = autograd::gradient_edge(*args[i].tensor);
  number_after_edges();
  SavedValue* next = saved();
  unsigned slots = needed_;
  for (int s = 0; slots != 0; ++s, slots >>= 1) {
    if ((slots & 1) == 0) continue;
    const int output = s - op_.inputs;
    if (output < 0)
      next++->save_input(args[s]);
    else if (output < static_cast<int>(num_inputs()))
      next++->save_output(outputs[output]);
    else
      next++->save_input(outputs[output]);  // it has no gradient, and so no history
  }
  for (int r = 0; r < shapes_count_; ++r) shapes()[r] = {outputs[r].sizes(), outputs[r].dtype()};
}

void OpNode::keep_input_shape(int input, const Tensor& t) {
  if (!inputs_) inputs_.reset(new InputShape[num_outputs()]);
  inputs_[static_cast<std::size_t>(input)] = {t.sizes(), t.dtype(), true};
}

void OpNode::follow_change(const Tensor& self) const {
  for (int i = 0; i < saved_count_; ++i) saved()[i].follow_change(self);
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

// Whether one arrived.
[[gnu::always_inline]] inline bool OpNode::fit_gradients(Tensor* gradients) const {
  if (op_.pointwise) return gradients[0].defined();
  bool arrived = false;
  for (uint32_t r = 0; r < num_inputs(); ++r) {
    if (!gradients[r].defined()) continue;
    arrived = true;
    gradients[r] = shapes()[r].fitting(op_.name.node, std::move(gradients[r]));
  }
  return arrived;
}

void OpNode::run(Tensor* grads_in, Tensor* grads_out) {
  if (!fit_gradients(grads_in)) return;
  const Edge* const edge = edges();
  if (op_.joint)
    return op_.all(formula(), WantedInputs(edge), TensorList(grads_in, num_inputs()), SavedValues(*this),
                   grads_out);
  const bool fused = op_.pointwise && !derivative_is_expression();
  int end = op_.inputs;
  while (end > 0 && !edge[end - 1].is_valid()) --end;
  for (int i = 0; i < end; ++i) {
    if (!edge[i].is_valid()) continue;
    const bool is_last = i + 1 == end;
    grads_out[i] = fused && op_.derivatives[i].kind == DerivativeKind::computed
                       ? fused_derivative(i, grads_in[0], is_last)
                       : derivative(i, grads_in, is_last);
    if (inputs_ && inputs_[static_cast<std::size_t>(i)].differs) fit_to_input(i, grads_out[i]);
  }
}

Tensor OpNode::derivative(int input, Tensor* gradients, bool is_last) {
  switch (op_.derivatives[input].kind) {
    case DerivativeKind::none:
      return Tensor();
    case DerivativeKind::passed:
      return is_last ? std::move(gradients[0]) : gradients[0];
    case DerivativeKind::vanishes:
      return zeros_of(gradients[0]);
    case DerivativeKind::computed:
      break;
  }
  return op_.derivative(formula(), input, false, TensorList(gradients, num_inputs()), SavedValues(*this));
}

inline Tensor OpNode::fused_derivative(int input, const Tensor& gradient, bool is_last) {
  const DerivativeInfo& d = op_.derivatives[input];
  static_assert(std::is_trivially_destructible_v<Argument>);
  alignas(Argument) unsigned char room[(1 + kMaxSaved) * sizeof(Argument)];  // most stays empty
  auto* const args = new (room) Argument(gradient);
  Tensor unused;  // what is taken out needs a tensor of its own only where gradients are recorded
  for (int k = 0; k < d.count; ++k) new (args + 1 + k) Argument(saved_at(d.slots[k]).unpack(*this, unused));
  return run_derivative(op_, 1 + input, formula(), args, 1 + d.count, is_last);
}

void OpNode::fit_to_input(int input, Tensor& gradient) const {
  const InputShape& shape = inputs_[static_cast<std::size_t>(input)];
  gradient = fit_gradient(std::move(gradient), shape.sizes, shape.dtype);
}

Symbol OpNode::derivative_text(int input, const Symbol& gradient, const Symbol* slots) const {
  if (op_.joint || input >= op_.inputs) return Symbol("");
  switch (op_.derivatives[input].kind) {
    case DerivativeKind::none:
      return Symbol("");
    case DerivativeKind::passed:
      return gradient;
    case DerivativeKind::vanishes:
      return Symbol("0");
    case DerivativeKind::computed:
      break;
  }
  return op_.text(formula(), input, gradient, slots);
}

std::vector<std::string> OpNode::formulas(bool local) const {
  std::vector<std::string> texts;
  std::vector<Symbol> slots;
  for (int s = 0; s < op_.inputs + static_cast<int>(num_inputs()); ++s)
    slots.emplace_back(argument_name(s, op_.inputs).c_str());
  for (int i = 0; i < static_cast<int>(num_outputs()); ++i)
    texts.push_back(derivative_text(i, local ? Symbol::unit() : Symbol("grad"), slots.data()).text());
  return texts;
}

Tensor ResultShape::refit(const char* node, const Tensor& gradient) const {
  XGRAD_CHECK(gradient.sizes() == IntArrayRef(sizes), node,
              ": a gradient must have the shape of the result it belongs to: got ", gradient.sizes(),
              ", expected ", sizes, "; what does a hook, or a node of your own, return?");
  return gradient.to(dtype);
}

}  // namespace xgrad::ops
