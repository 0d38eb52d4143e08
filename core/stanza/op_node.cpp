// What a recorded op keeps, and what it does in backward.
#include <xgrad/core/stanza/op_node.h>

#include <xgrad/core/memory/allocator.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/tangent.h>

namespace xgrad::ops {

namespace {

constexpr int kMaxSaved = 4;  // of an elementwise derivative: its inputs and the result

// The formula is followed by what is aligned like a pointer.
std::size_t formula_room(const Op& op) { return (op.formula_bytes + 7u) & ~std::size_t{7}; }

}  // namespace

[[gnu::always_inline]] inline OpNode::OpNode(const Op& op, const void* formula, int count, unsigned needed,
                                             int saved, int results, uint32_t shapes)
    : Node(InlineEdges{}, reinterpret_cast<Edge*>(reinterpret_cast<char*>(this + 1) + formula_room(op)),
           static_cast<uint32_t>(count), static_cast<uint32_t>(results)),
      op_(op),
      needed_(needed),
      saved_count_(static_cast<unsigned>(saved)),
      shapes_count_(shapes) {
  if (op.formula_bytes > 0) op.copy(this->formula(), formula);
  Edge* edge = edges();
  for (int n = count; n > 0; --n) new (edge++) Edge;
  auto* value = reinterpret_cast<SavedValue*>(edge);
  for (int n = saved; n > 0; --n) new (value++) SavedValue;
  auto* shape = reinterpret_cast<KeptShape*>(value);
  for (uint32_t n = shapes; n > 0; --n) new (shape++) KeptShape;
}

OpNode::~OpNode() {
  if (op_.destroy) op_.destroy(formula());
  Edge* edge = edges();
  for (uint32_t n = num_outputs(); n > 0; --n) (edge++)->~Edge();
  auto* value = reinterpret_cast<SavedValue*>(edge);
  for (unsigned n = saved_count_; n > 0; --n) (value++)->~SavedValue();
  auto* shape = reinterpret_cast<KeptShape*>(value);
  for (uint32_t n = shapes_count_; n > 0; --n) (shape++)->~KeptShape();
}

[[gnu::flatten]] void OpNode::operator delete(OpNode* node, std::destroying_delete_t) {
  const auto bytes = static_cast<std::size_t>(reinterpret_cast<char*>(node->shapes() + node->shapes_count_) -
                                              reinterpret_cast<char*>(node));
  node->~OpNode();
  memory::deallocate(node, bytes);
}

namespace {

// The inputs that are wanted of an elementwise op and unlike its result.
[[gnu::always_inline]] inline unsigned unlike_result(const Argument* args, unsigned wanting,
                                                     const TensorImpl& result) {
  unsigned unlike = 0;
  for (unsigned bit = 1; wanting != 0; ++args, wanting >>= 1, bit <<= 1) {
    if ((wanting & 1) == 0) continue;
    const TensorImpl& input = args->tensor->impl();
    if (input.dtype() != result.dtype() || input.sizes() != result.sizes()) unlike |= bit;
  }
  return unlike;
}

}  // namespace

intrusive_ptr<OpNode> OpNode::make(const Op& op, const void* formula, const Argument* args, int count,
                                   unsigned wanting, const Tensor* outputs, int results) {
  static_assert(sizeof(Edge) == sizeof(SavedValue) && sizeof(OpNode) == 64);
  const unsigned needed = op.slots(wanting);
  const unsigned unlike = op.pointwise ? unlike_result(args, wanting, outputs->impl()) : 0;
  const int shapes = !op.pointwise ? results : unlike != 0 ? count : 0;
  const int saved = count_bits(needed);
  const std::size_t size = sizeof(OpNode) + formula_room(op) +
                           static_cast<std::size_t>(count + saved) * sizeof(Edge) +
                           static_cast<std::size_t>(shapes) * sizeof(KeptShape);
  void* const memory = memory::allocate(size);
  OpNode* made = nullptr;
  try {
    made = new (memory) OpNode(op, formula, count, needed, saved, results, static_cast<uint32_t>(shapes));
  } catch (...) {
    memory::deallocate(memory, size);
    throw;
  }
  intrusive_ptr<OpNode> node = intrusive_ptr<OpNode>::adopt(made);
  node->keep(args, wanting, outputs);
  if (__builtin_expect(unlike != 0, 0)) node->keep_input_shapes(args, unlike);
  return node;
}

inline void OpNode::keep(const Argument* args, unsigned wanting, const Tensor* outputs) {
  Edge* edge = edges();
  for (const Argument* arg = args; wanting != 0; ++arg, ++edge, wanting >>= 1)
    if ((wanting & 1) != 0) new (edge) Edge(autograd::gradient_edge(*arg->tensor));  // there was an empty one
  for (int i = op_.inputs; i < static_cast<int>(num_outputs()); ++i)
    if (args[i].requires_grad()) edges()[i] = autograd::gradient_edge(*args[i].tensor);
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
  if (op_.pointwise) return;
  for (uint32_t r = 0; r < shapes_count_; ++r) shapes()[r] = {outputs[r].sizes(), outputs[r].dtype()};
}

void OpNode::keep_input_shapes(const Argument* args, unsigned unlike) {
  for (KeptShape* shape = shapes(); unlike != 0; ++args, ++shape, unlike >>= 1)
    if ((unlike & 1) != 0) *shape = {args->tensor->sizes(), args->tensor->dtype()};
}

void OpNode::follow_change(const Tensor& self) const {
  for (unsigned i = 0; i < saved_count_; ++i) saved()[i].follow_change(self);
}

void OpNode::save_tangents(const Tensor* outputs) const {
  for (int s = op_.inputs; needed_ >> s; ++s)
    if (needs(s)) saved_at(s).save_tangent(outputs[s - op_.inputs]);
}

void OpNode::release_variables() {
  SavedValue* value = saved();
  for (unsigned n = saved_count_; n > 0; --n) (value++)->release();
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

namespace {

// Behind the recorded derivative of a kinked op: it depends on the op's input too, with a derivative of zero.
// PyTorch's does, and so a second gradient has zeros where a tensor would otherwise count as unused.
class KinkNode final : public autograd::Node {
 public:
  KinkNode(const Tensor& derivative, const autograd::Edge& input)
      : Node({derivative.requires_grad() ? autograd::gradient_edge(derivative) : autograd::Edge(), input}) {}
  void run(Tensor* grads_in, Tensor* grads_out) override {
    if (grads_in[0].defined()) grads_out[1] = zeros_of(grads_in[0]);
    grads_out[0] = std::move(grads_in[0]);
  }
  std::string name() const override { return "KinkBackward"; }
};

void depend_on_input(const Tensor& derivative, const autograd::Edge& input) {
  if (autograd::grad_enabled())
    autograd::set_history(derivative, autograd::make_node<KinkNode>(derivative, input));
}

}  // namespace

void OpNode::run(Tensor* grads_in, Tensor* grads_out) {
  if (!fit_gradients(grads_in)) return;
  const Edge* const edge = edges();
  if (op_.joint)
    return op_.all(formula(), WantedInputs(edge), TensorList(grads_in, num_inputs()), SavedValues(*this),
                   grads_out);
  const bool fused = op_.pointwise && !derivative_is_expression(), fits = op_.pointwise && shapes_count_ > 0;
  int end = op_.inputs;
  while (end > 0 && !edge[end - 1].is_valid()) --end;
  for (int i = 0; i < end; ++i) {
    if (!edge[i].is_valid()) continue;
    const bool is_last = i + 1 == end;
    grads_out[i] = fused && op_.derivatives[i].kind == DerivativeKind::computed
                       ? fused_derivative(i, grads_in[0], is_last)
                       : derivative(i, grads_in, is_last);
    if (fits && shapes()[i].dtype != ScalarType::Undefined) fit_to_input(i, grads_out[i]);
    if (!fused && op_.kinked) depend_on_input(grads_out[i], edge[i]);
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
  const KeptShape& shape = shapes()[input];
  gradient = fit_gradient(std::move(gradient), shape.sizes, shape.dtype);
}

Symbol OpNode::derivative_text(int input, const Symbol& gradient, const Symbol* slots) const {
  if (input >= op_.inputs) return Symbol("");
  switch (op_.joint ? DerivativeKind::computed : op_.derivatives[input].kind) {
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
  for (int s = 0; s < op_.inputs + static_cast<int>(num_inputs()); ++s) {
    const bool is_absent = s < op_.inputs && (op_.optional >> s & 1u) != 0 && !next_edge(s).is_valid() &&
                           peek(s) && !peek(s)->peek();
    slots.emplace_back(is_absent ? "" : argument_name(s, op_.inputs).c_str());
  }
  for (int i = 0; i < static_cast<int>(num_outputs()); ++i)
    texts.push_back(derivative_text(i, local ? Symbol::unit() : Symbol("grad"), slots.data()).text());
  return texts;
}

Tensor KeptShape::refit(const char* node, const Tensor& gradient) const {
  XGRAD_CHECK(gradient.sizes() == IntArrayRef(sizes), node,
              ": a gradient must have the shape of the result it belongs to: got ", gradient.sizes(),
              ", expected ", sizes, "; what does a hook, or a node of your own, return?");
  return gradient.to(dtype);
}

}  // namespace xgrad::ops
