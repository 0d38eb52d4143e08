// Nodes: their edges, numbers, hooks, and how a graph is freed without recursion.
#include <xgrad/core/tape/node.h>

#include <algorithm>
#include <bit>

#include <xgrad/core/memory/allocator.h>
#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/this_thread.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad::autograd {

Node::Node(edge_list next_edges) { set_next_edges(std::move(next_edges)); }

Node::~Node() {
  if (owns_edges_) delete[] edges_;
  delete extras();
}

std::string Node::name() const { return "Node"; }

// A Lamport clock: larger than all that this thread has numbered and than every node below, whoever made it.
void Node::number_after_edges() {
  uint64_t newest = this_thread_state.sequence_nr;
  for (const Edge& e : next_edges())
    if (e.function) newest = std::max(newest, e.function->sequence_nr_);
  sequence_nr_ = this_thread_state.sequence_nr = newest + 1;
}

void Node::set_next_edges(edge_list edges) {
  if (owns_edges_) {
    delete[] edges_;
    edges_ = edges.empty() ? nullptr : new Edge[std::bit_ceil(edges.size())];
    num_edges_ = static_cast<uint32_t>(edges.size());
  }
  XGRAD_CHECK(edges.size() == num_edges_, name(), ": an op has as many next edges as inputs: got ",
              static_cast<int64_t>(edges.size()), ", it has ", static_cast<int64_t>(num_edges_));
  std::move(edges.begin(), edges.end(), edges_);
  number_after_edges();
}

// The room doubles, so that many edges may be added one by one.
void Node::add_next_edge(Edge edge) {
  XGRAD_CHECK(owns_edges_, name(), ": an op has as many next edges as inputs, which is ",
              static_cast<int64_t>(num_edges_));
  if (num_edges_ == 0 || std::has_single_bit(num_edges_)) {
    auto* const all = new Edge[std::bit_ceil(num_edges_ + 1)];
    std::move(edges_, edges_ + num_edges_, all);
    delete[] edges_;
    edges_ = all;
  }
  const uint64_t below = edge.function ? edge.function->sequence_nr_ : 0;
  edges_[num_edges_++] = std::move(edge);
  if (below >= sequence_nr_) number_after_edges();
}

void Node::set_next_edge(std::size_t i, Edge edge) {
  if (i >= num_edges_) no_edge(i);
  edges_[i] = std::move(edge);
  number_after_edges();
}

void Node::no_edge(std::size_t i) const {
  throw IndexError(concat(name(), ": there is no next edge ", static_cast<int64_t>(i), ": the op has ",
                          static_cast<int64_t>(num_edges_), " inputs"));
}

NodeExtras& Node::ensure_extras() {
  NodeExtras* known = extras();
  if (known) return *known;
  auto made = std::make_unique<NodeExtras>();
  if (extras_.compare_exchange_strong(known, made.get(), std::memory_order_acq_rel)) known = made.release();
  return *known;
}

unsigned new_hook_number() {
  static constinit std::atomic<unsigned> next{0};
  return next.fetch_add(1, std::memory_order_relaxed);
}

unsigned Node::add_pre_hook(PreHook hook) {
  NodeExtras& e = ensure_extras();
  const std::lock_guard lock(e.mutex);
  return e.pre_hooks.emplace_back(new_hook_number(), std::move(hook)).first;
}

unsigned Node::add_post_hook(PostHook hook) {
  NodeExtras& e = ensure_extras();
  const std::lock_guard lock(e.mutex);
  return e.post_hooks.emplace_back(new_hook_number(), std::move(hook)).first;
}

void Node::remove_hook(unsigned id) {
  NodeExtras* const e = extras();
  if (!e) return;
  std::vector<std::pair<unsigned, PreHook>> pre;  // end, with what they hold, when the lock is open
  std::vector<std::pair<unsigned, PostHook>> post;
  const std::lock_guard lock(e->mutex);
  take_hook(e->pre_hooks, id, pre);
  take_hook(e->post_hooks, id, post);
}

void Node::run(Tensor* grads_in, Tensor* grads_out) {
  variable_list in(std::make_move_iterator(grads_in), std::make_move_iterator(grads_in + num_inputs_));
  variable_list out = apply(std::move(in));
  XGRAD_CHECK(out.size() == num_edges_, name(), ": backward returned ", static_cast<int64_t>(out.size()),
              " gradients, but the op has ", static_cast<int64_t>(num_edges_), " inputs");
  std::move(out.begin(), out.end(), grads_out);
}

variable_list Node::apply(variable_list&& gradients) {
  XGRAD_CHECK(gradients.size() == num_inputs_, name(), ": takes ", static_cast<int64_t>(num_inputs_),
              " gradients, got ", static_cast<int64_t>(gradients.size()));
  variable_list out(num_edges_);
  run(gradients.data(), out.data());
  return out;
}

namespace {

// Walks inside, and behind them in which process: those of an earlier one do not exist in a forked child.
constexpr uint16_t kWalks = 0xff, kAlone = kWalks;

uint16_t this_process() { return static_cast<uint16_t>(fork_generation() << 8); }

}  // namespace

bool Node::enter(bool alone) {
  uint16_t known = walks_.load(std::memory_order_relaxed);
  const uint16_t process = this_process();
  unsigned inside = known & kWalks;
  if (inside != 0 && (known & ~kWalks) != process) {
    XGRAD_CHECK(inside != kAlone, name(), ": another thread was freeing this graph when the process forked; ",
                "compute the result again in the child");
    inside = 0;
  }
  if (alone ? inside != 0 : inside + 1 >= kAlone) return false;
  const auto next = static_cast<uint16_t>(process | (alone ? kAlone : inside + 1));
  return walks_.compare_exchange_strong(known, next, std::memory_order_acquire);
}

void Node::leave(bool alone) { walks_.fetch_sub(alone ? kAlone : 1, std::memory_order_release); }

void* Node::operator new(std::size_t size) { return memory::allocate(size); }
void Node::operator delete(void* p, std::size_t size) { memory::deallocate(p, size); }

void Node::retain() {
  if (__builtin_expect(is_leaf_, 0))
    static_cast<AccumulateGrad*>(this)->retain_variable();
  else
    refs_.increment();
}

void Node::release() {
  if (__builtin_expect(is_leaf_, 0))
    static_cast<AccumulateGrad*>(this)->release_variable();
  else if (refs_.decrement())
    destroy(this);
}

// Deleting a node releases those below it. They wait in a list, linked through the numbers they no longer
// need, so that a chain of ten million nodes is freed by a loop.
void Node::destroy(Node* node) {
  static thread_local constinit Node* waiting = nullptr;
  static thread_local constinit bool busy = false;
  if (busy) {
    node->sequence_nr_ = reinterpret_cast<uintptr_t>(waiting);
    waiting = node;
    return;
  }
  busy = true;
  while (node) {
    delete node;
    node = waiting;
    if (node) waiting = reinterpret_cast<Node*>(static_cast<uintptr_t>(node->sequence_nr_));
  }
  busy = false;
}

void release_node(Node* node) { node->release(); }

AutogradMeta& ensure_meta(TensorImpl& impl) {
  // Threads that use one parameter for the first time may meet here; the first to arrive makes it.
  AutogradMeta* found = __atomic_load_n(&impl.meta, __ATOMIC_ACQUIRE);
  if (found) return *found;
  auto* made = new (memory::allocate(sizeof(AutogradMeta))) AutogradMeta(&impl);
  if (__atomic_compare_exchange_n(&impl.meta, &found, made, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
    return *made;
  made->~AutogradMeta();
  memory::deallocate(made, sizeof(AutogradMeta));
  return *found;
}

void destroy_meta(AutogradMeta* meta) {
  const TensorImpl* self = meta->accumulate.variable();
  if (meta->retains_grad) forget_retained(self->grad_fn, *self);
  meta->~AutogradMeta();
  memory::deallocate(meta, sizeof(AutogradMeta));
}

Edge gradient_edge(const Tensor& t) {
  TensorImpl& impl = t.impl();
  if (impl.view_base) refresh_view_history(impl);
  if (impl.grad_fn) return {intrusive_ptr<Node>(impl.grad_fn), impl.output_nr};
  if (impl.has(TensorImpl::kRequiresGrad)) return {intrusive_ptr<Node>(&ensure_meta(impl).accumulate), 0};
  return {};
}

void set_history(const Tensor& t, const intrusive_ptr<Node>& node) {
  XGRAD_CHECK(node, "set_history: the node is null; make one with make_node<T>()");
  if (!t.defined()) {
    node->add_input_metadata();
    return;
  }
  XGRAD_CHECK(t.is_floating_point(), "set_history: only floating-point tensors have gradients: got ",
              t.dtype());
  create_gradient_edge(t, node);
  t.impl().output_nr = node->add_input_metadata();
  if (this_thread_state.anomaly_mode) remember_call(*node);
}

void create_gradient_edge(const Tensor& t, intrusive_ptr<Node> node) {
  replace_history(t.impl(), std::move(node));
}

void expect_history(const TensorImpl& impl, Node& node) {
  if (!impl.meta || !impl.meta->retains_grad) return;
  NodeExtras& extras = node.ensure_extras();
  const std::lock_guard lock(extras.mutex);
  extras.retain_grad.reserve(extras.retain_grad.size() + 1);
}

void forget_retained(Node* node, const TensorImpl& impl) {
  if (!node || !node->extras()) return;
  const std::lock_guard lock(node->extras()->mutex);
  std::erase(node->extras()->retain_grad, &impl);
}

void replace_history(TensorImpl& impl, intrusive_ptr<Node> node) {
  if (node) expect_history(impl, *node);
  const intrusive_ptr<Node> old = intrusive_ptr<Node>::adopt(impl.grad_fn);
  __atomic_store_n(&impl.grad_fn, node.detach(), __ATOMIC_RELEASE);  // see refresh_view_history
  impl.output_nr = 0;
  if (!impl.meta || !impl.meta->retains_grad) return;
  forget_retained(old.get(), impl);
  if (impl.grad_fn) {
    NodeExtras& extras = *impl.grad_fn->extras();
    const std::lock_guard lock(extras.mutex);
    extras.retain_grad.push_back(&impl);
  } else {
    impl.meta->retains_grad = false;
  }
}

edge_list collect_next_edges(TensorList tensors) {
  edge_list edges;
  for (const Tensor& t : tensors) edges.push_back(t.defined() ? gradient_edge(t) : Edge());
  return edges;
}

bool compute_requires_grad(TensorList tensors) {
  return grad_enabled() && std::any_of(tensors.begin(), tensors.end(),
                                       [](const Tensor& t) { return t.defined() && t.requires_grad(); });
}

void deleteNode(Node* node) { node->release(); }

void run_tensor_hooks(const std::vector<std::pair<unsigned, TensorHook>>& hooks, Tensor& gradient) {
  // A hook may remove itself or add another: walk over a copy.
  const auto copy = hooks;
  for (const auto& [id, hook] : copy) {
    Tensor replaced = hook(gradient);
    if (!replaced.defined()) continue;
    XGRAD_CHECK(!gradient.defined() || replaced.sizes() == gradient.sizes(),
                "register_hook: a hook must return a gradient of the same shape: got ", replaced.sizes(),
                ", expected ", gradient.sizes());
    XGRAD_CHECK_AS(TypeError, !gradient.defined() || replaced.dtype() == gradient.dtype(),
                   "register_hook: a hook must return a gradient of the same dtype: got ", replaced.dtype(),
                   ", expected ", gradient.dtype());
    gradient = std::move(replaced);
  }
}

}  // namespace xgrad::autograd
