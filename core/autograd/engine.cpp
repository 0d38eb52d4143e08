// The engine: newest node first, on the calling thread, without recursion.
//
// A node's number is larger than those of the nodes it leads to, so when the largest pending node is taken,
// all its gradients have arrived. Nothing is stored in the nodes themselves: several threads may walk one
// graph.
//
// An exception on the way ends the walk and leaves every `.grad()` as it was. A graph that is kept may be
// walked again; of any other the nodes that ran have given up what they saved, and a second walk says so.
#include <xgrad/core/autograd/engine.h>

#include <xgrad/core/tape/grad_mode.h>
#include <algorithm>
#include <exception>
#include <memory>
#include <thread>
#include <unordered_set>

#include <xgrad/core/autograd/pending.h>
#include <xgrad/core/autograd/thread_local_state.h>
#include <xgrad/core/autograd/walk.h>
#include <xgrad/core/autograd/wanted.h>
#include <xgrad/core/stanza/accumulate.h>
#include <xgrad/core/tape/anomaly.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/core/tape/observer.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::autograd {

namespace {

class GraphTask {
 public:
  static thread_local constinit GraphTask* current;

  GraphTask(bool keep_graph, bool create_graph, std::vector<Capture>* captures, Visitor* visitor = nullptr)
      : keep_graph_(keep_graph),
        create_graph_(create_graph),
        captures_(captures),
        visitor_(visitor),
        observer_(visitor ? nullptr : this_thread_state.observer),
        plain_(!visitor_ && !observer_),
        outer_(current) {
    if (captures) wanted_.reset(new Wanted(*captures));
    current = this;
  }

  ~GraphTask() { current = outer_; }
  GraphTask(const GraphTask&) = delete;
  GraphTask& operator=(const GraphTask&) = delete;

  void add_root(const Edge& edge, Tensor gradient) {
    newest_ = std::max(newest_, edge.function->sequence_nr());
    if (wanted_) wanted_->explore(edge.function.get());
    push(edge, std::move(gradient));
  }

  // A node that runs has computed a further part of the graph. Nobody but the walk holds that part.
  void go_on(const Edge& edge, Tensor gradient) {
    computed_late_.push_back(edge);
    if (wanted_) wanted_->explore(edge.function.get());
    push(edge, std::move(gradient));
  }

  // The walk that runs `node` on this thread.
  static GraphTask* running(const Node& node) {
    return current && current->running_ == &node ? current : nullptr;
  }

  void run() {
    // Nodes that are made during the walk are recognised by their numbers.
    this_thread_state.sequence_nr = std::max(this_thread_state.sequence_nr, newest_);
    Tensor out_space[kInlineOutputs];
    std::vector<Tensor> out_many;
    while (!pending_.empty()) {
      Pending::Entry entry = pending_.pop();
      Node& node = *entry.node;
      if (node.extras() && !visitor_) run_tensor_hooks_of(node, entry);
      if (wanted_) {
        wanted_->arrive(&node, entry.grads());
        if (!wanted_->leads_on(&node)) continue;
      }
      Tensor* out = out_space;
      if (node.num_outputs() > kInlineOutputs) {
        out_many.assign(node.num_outputs(), Tensor());
        out = out_many.data();
      }
      running_ = &node;
      run_node(node, entry.grads(), out);
      for (uint32_t i = 0; i < node.num_outputs(); ++i)
        if (out[i].defined()) {
          const Edge& edge = node.next_edge(i);
          if (edge.function) push(edge, std::move(out[i]));
          out[i].reset();
        }
    }
  }

  void show_leaves() {
    leaves_.for_each(
        [this](AccumulateGrad& leaf, GradUpdate& update) { visitor_->visit_leaf(leaf, update.gradient); });
  }

  // All gradients arrive together and last: an exception during the walk leaves every `.grad()` as it was.
  void finish() {
    leaves_.for_each([](AccumulateGrad& leaf, GradUpdate& update) {
      run_hooks_of(leaf, update.gradient);
      if (!leaf.collects()) update.gradient.reset();
    });
    if (captures_)
      for (Capture& c : *captures_)
        if (auto* leaf = dynamic_leaf(c.edge.function.get()); leaf && c.gradient.defined()) {
          run_hooks_of(*leaf, c.gradient);
          leaf->check_shape(c.gradient);
        }
    for (Retained& r : retained_) with_retaining(r, [&](AccumulateGrad& a) { a.prepare(r.update); });
    leaves_.for_each([](AccumulateGrad& leaf, GradUpdate& update) { leaf.prepare(update); });
    for (Retained& r : retained_) with_retaining(r, [&](AccumulateGrad& a) { a.commit(r.update); });
    leaves_.for_each([](AccumulateGrad& leaf, GradUpdate& update) { leaf.commit(update); });
  }

 private:
  static constexpr uint32_t kInlineOutputs = 8;

  void push(const Edge& edge, Tensor gradient) {
    Node* node = edge.function.get();
    if (auto* leaf = dynamic_leaf(node))
      wanted_ ? wanted_->arrive_at_leaf(leaf, gradient) : leaves_.add(leaf, std::move(gradient));
    else if (!wanted_ || wanted_->needs(node))
      pending_.add(node, edge.input_nr, std::move(gradient));
  }

  static AccumulateGrad* dynamic_leaf(Node* node) {
    return node->sequence_nr() == 0 ? static_cast<AccumulateGrad*>(node) : nullptr;
  }

  static void run_hooks_of(const AccumulateGrad& leaf, Tensor& gradient) {
    const AutogradMeta& meta = *leaf.variable()->meta;
    if (!meta.hooks.empty()) run_tensor_hooks(meta.hooks, gradient);
  }

  void run_tensor_hooks_of(Node& node, Pending::Entry& entry) {
    NodeExtras& extras = *node.extras();
    for (uint32_t nr = 0; nr < node.num_inputs(); ++nr) {
      Tensor& gradient = entry.grads()[nr];
      if (!gradient.defined()) continue;
      std::vector<std::pair<unsigned, TensorHook>> hooks;
      {
        const std::lock_guard lock(extras.mutex);
        for (const auto& h : extras.tensor_hooks)
          if (h.input_nr == nr) hooks.push_back(h);
      }
      run_tensor_hooks(hooks, gradient);
      const std::lock_guard lock(extras.mutex);
      for (TensorImpl* impl : extras.retain_grad)
        if (impl->output_nr == nr)
          retained_.push_back({intrusive_ptr<Node>(&node), impl, {gradient, {}, nullptr}});
    }
  }

  // The gradient of a tensor that is no leaf and keeps it. The node knows the tensor as long as it lives.
  struct Retained {
    intrusive_ptr<Node> node;
    TensorImpl* tensor;
    GradUpdate update;
  };

  // Under the lock the tensor stays, which another thread may be about to drop.
  template <class F>
  static void with_retaining(const Retained& r, F&& f) {
    NodeExtras& extras = *r.node->extras();
    const std::lock_guard lock(extras.mutex);
    const std::vector<TensorImpl*>& known = extras.retain_grad;
    if (std::find(known.begin(), known.end(), r.tensor) != known.end()) f(r.tensor->meta->accumulate);
  }

  // While another thread's walk frees what the node saved, this one waits, and then finds it freed. A walk
  // within the node, which a hook has begun, is inside already.
  class Inside {
   public:
    Inside(Node& node, bool alone, const GraphTask* outer)
        : node_(XGRAD_SINGLE_THREADED ? nullptr : &node), alone_(alone) {
      for (; outer; outer = outer->outer_)
        if (outer->running_ == &node) node_ = nullptr;
      while (node_ && !node_->enter(alone_)) std::this_thread::yield();
    }
    ~Inside() {
      if (node_) node_->leave(alone_);
    }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;

   private:
    Node* node_;
    bool alone_;
  };

  void run_node(Node& node, Tensor* in, Tensor* out) {
    // What was computed for this walk alone is kept only where second derivatives lead through it.
    const bool keep = node.sequence_nr() > newest_ ? create_graph_ : keep_graph_;
    const Inside inside(node, !keep, outer_);
    if (plain_)
      run_hooked(node, in, out);
    else if (visitor_)
      visitor_->visit(node, in, out);
    else
      run_observed(node, in, out);
    if (!keep) node.release_variables();
  }

  void run_observed(Node& node, Tensor* in, Tensor* out) {
    observer_->node_starts(node, in);
    run_hooked(node, in, out);
    observer_->node_ran(node, out);
  }

  void run_hooked(Node& node, Tensor* in, Tensor* out) {
    if (!node.extras() && !this_thread_state.anomaly_mode)
      node.run(in, out);
    else
      run_with_hooks(node, in, out);
  }

  static void check_hook(const Node& node, const char* hook, const variable_list& given,
                         const variable_list& returned) {
    XGRAD_CHECK(returned.size() == given.size(), node.name(), ": ", hook, " must return ",
                static_cast<int64_t>(given.size()), " gradients, got ",
                static_cast<int64_t>(returned.size()));
    for (std::size_t i = 0; i < given.size(); ++i)
      XGRAD_CHECK(!given[i].defined() || !returned[i].defined() || given[i].sizes() == returned[i].sizes(),
                  node.name(), ": ", hook, " must return gradients of the same shapes: gradient ",
                  static_cast<int64_t>(i), " had ", given[i].sizes(), ", got ", returned[i].sizes());
  }

  void run_with_hooks(Node& node, Tensor* in, Tensor* out) {
    // Copies: a hook may remove itself or add another.
    std::vector<std::pair<unsigned, PreHook>> pre_hooks;
    std::vector<std::pair<unsigned, PostHook>> post_hooks;
    if (NodeExtras* const extras = node.extras()) {
      const std::lock_guard lock(extras->mutex);
      pre_hooks = extras->pre_hooks;
      post_hooks = extras->post_hooks;
    }
    variable_list inputs(in, in + node.num_inputs());
    for (const auto& [id, hook] : pre_hooks) {
      variable_list changed = hook(inputs);
      check_hook(node, "a pre-hook", inputs, changed);
      inputs = std::move(changed);
    }
    const variable_list seen = post_hooks.empty() ? variable_list() : inputs;
    std::move(inputs.begin(), inputs.end(), in);
    inputs.clear();
    node.run(in, out);
    if (this_thread_state.anomaly_mode) check_nan(node, out);
    if (!post_hooks.empty()) {
      variable_list outputs(std::make_move_iterator(out), std::make_move_iterator(out + node.num_outputs()));
      for (const auto& [id, hook] : post_hooks) {
        variable_list changed = hook(outputs, seen);
        check_hook(node, "a post-hook", outputs, changed);
        outputs = std::move(changed);
      }
      std::move(outputs.begin(), outputs.end(), out);
    }
  }

  bool keep_graph_, create_graph_;
  std::vector<Capture>* captures_;
  Visitor* visitor_;
  OpObserver* observer_;
  bool plain_;                      // nobody looks on
  std::unique_ptr<Wanted> wanted_;  // where they are, when only some gradients are asked for
  GraphTask* outer_;                // a backward that a hook or a node of this one runs inside of
  const Node* running_ = nullptr;   // the node under way
  uint64_t newest_ = 0;             // the largest number in the graph as it was given
  std::vector<Edge> computed_late_;
  Pending pending_;
  LeafGradients leaves_;
  std::vector<Retained> retained_;
};

thread_local constinit GraphTask* GraphTask::current = nullptr;

Tensor root_gradient(const Tensor& root, const Tensor& given, std::size_t i) {
  if (!given.defined()) {
    XGRAD_CHECK(
        root.numel() == 1, "backward: grad can be implicitly created only for scalar outputs: tensor ",
        static_cast<int64_t>(i), " has shape ", root.sizes(),
        "; reduce it first (loss.sum().backward(), loss.mean().backward()) or pass a gradient of that shape");
    return ops::one_like(root);
  }
  XGRAD_CHECK(given.sizes() == root.sizes(),
              "backward: the gradient must have the shape of the tensor: gradient is ", given.sizes(),
              ", tensor ", static_cast<int64_t>(i), " is ", root.sizes());
  return given.dtype() == root.dtype() ? given : given.to(root.dtype());
}

// A node or a hook may run a backward, whose nodes run another, and so on: from some depth on a thread of its
// own gives it a fresh stack.
class Depth {
 public:
  Depth() { ++depth; }
  ~Depth() { --depth; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  static bool needs_stack() { return depth >= kDeepest; }

 private:
  static constexpr int kDeepest = 50;
  static thread_local constinit int depth;
};

thread_local constinit int Depth::depth = 0;

template <class F>
void on_fresh_stack(F&& f) {
  const ThreadLocalState modes;
  GraphTask* const outer = GraphTask::current;
  std::exception_ptr failure;
  std::thread([&] {
    const ThreadLocalStateGuard guard(modes);
    GraphTask::current = outer;
    try {
      f();
    } catch (...) {
      failure = std::current_exception();
    }
  }).join();
  if (failure) std::rethrow_exception(failure);
}

void walk_from(const char* op, TensorList roots, TensorList gradients, bool keep_graph, bool create_graph,
               std::vector<Capture>* captures) {
  const Depth depth;
  XGRAD_CHECK(gradients.empty() || gradients.size() == roots.size(), op, ": got ",
              static_cast<int64_t>(roots.size()), " tensors and ", static_cast<int64_t>(gradients.size()),
              " gradients; their numbers must agree");
  GraphTask task(keep_graph, create_graph, captures);
  AutoGradMode mode(create_graph);
  for (std::size_t i = 0; i < roots.size(); ++i) {
    const Edge edge = gradient_edge(roots[i]);
    XGRAD_CHECK(
        edge.is_valid(), op, ": element ", static_cast<int64_t>(i),
        " of tensors does not require grad and does not have a grad_fn: it has shape ", roots[i].sizes(),
        "; compute it from leaves with requires_grad_(), without detach(), item() or NoGradGuard on the way");
    task.add_root(edge, root_gradient(roots[i], gradients.empty() ? Tensor() : gradients[i], i));
  }
  task.run();
  task.finish();
}

void run_backward(const char* op, TensorList roots, TensorList gradients, bool keep_graph, bool create_graph,
                  std::vector<Capture>* captures) {
  const auto walk = [&] { walk_from(op, roots, gradients, keep_graph, create_graph, captures); };
  Depth::needs_stack() ? on_fresh_stack(walk) : walk();
}

std::vector<Capture> captures_of(const char* op, const variable_list& inputs) {
  std::vector<Capture> captures;
  for (const Tensor& t : inputs) {
    XGRAD_CHECK(t.defined() && t.requires_grad(), op,
                ": One of the differentiated Tensors does not require grad: input ",
                static_cast<int64_t>(captures.size()), "; call requires_grad_() on it before it is used");
    captures.push_back({gradient_edge(t), Tensor()});
  }
  return captures;
}

}  // namespace

void walk_on(const Node& from, const Edge& edge, Tensor gradient) {
  GraphTask* task = GraphTask::running(from);
  XGRAD_CHECK(task, from.name(), ": runs only within backward() or grad(), which it sends on");
  task->go_on(edge, std::move(gradient));
}

void walk(const Tensor& root, Visitor& visitor) {
  const Edge edge = gradient_edge(root);
  XGRAD_CHECK(edge.is_valid(), "walk: the tensor does not require grad and does not have a grad_fn");
  GraphTask task(true, false, nullptr, &visitor);
  const NoGradGuard no_grad;
  task.add_root(edge, ops::one_like(root));
  task.run();
  task.show_leaves();
}

void backward_from(const Tensor& root, const Tensor& gradient, bool keep_graph, bool create_graph) {
  run_backward("backward", root, gradient, keep_graph, create_graph, nullptr);
}

void backward(const variable_list& tensors, const variable_list& grad_tensors,
              std::optional<bool> retain_graph, bool create_graph, const variable_list& inputs) {
  const bool keep = retain_graph.value_or(create_graph);
  if (inputs.empty()) return run_backward("backward", tensors, grad_tensors, keep, create_graph, nullptr);
  std::vector<Capture> captures = captures_of("backward", inputs);
  run_backward("backward", tensors, grad_tensors, keep, create_graph, &captures);
  AutoGradMode mode(create_graph);
  std::vector<GradUpdate> updates(inputs.size());
  std::unordered_set<TensorImpl*> known;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    TensorImpl& input = inputs[i].impl();
    if (!known.insert(&input).second) continue;
    updates[i].gradient = std::move(captures[i].gradient);
    ensure_meta(input).accumulate.prepare(updates[i]);
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) inputs[i].impl().meta->accumulate.commit(updates[i]);
}

variable_list grad(const variable_list& outputs, const variable_list& inputs,
                   const variable_list& grad_outputs, std::optional<bool> retain_graph, bool create_graph,
                   bool allow_unused) {
  XGRAD_CHECK(!inputs.empty(), "grad: inputs is empty; name the tensors whose gradients are wanted");
  std::vector<Capture> captures = captures_of("grad", inputs);
  run_backward("grad", outputs, grad_outputs, retain_graph.value_or(create_graph), create_graph, &captures);
  variable_list result;
  for (std::size_t i = 0; i < captures.size(); ++i) {
    XGRAD_CHECK(captures[i].gradient.defined() || allow_unused,
                "grad: One of the differentiated Tensors appears to not have "
                "been used in the graph: input ",
                static_cast<int64_t>(i), "; pass allow_unused=true if that is meant");
    result.push_back(std::move(captures[i].gradient));
  }
  return result;
}

}  // namespace xgrad::autograd
