// Who looks on as the ops of a thread run: what keeps values for a picture of the graph, what counts, and
// what takes times.
#pragma once

#include <xgrad/core/tape/saved.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad {

namespace ops {
struct Op;
}

namespace autograd {

/// An op that has run: what it is, with the numbers it was called with (its formula, a stanza of that op),
/// and what was recorded of it, or null.
struct OpRun {
  const ops::Op& op;
  const void* formula;
  Node* node;
  const Argument* args;
  int count;
  const Tensor* outputs;
  int results;
  bool in_place;
};

/// While ThreadState::observer is set, every op that runs by itself (none inside another) is shown to it, and
/// every node that backward runs. What starts and does not run has thrown. The threads of a parallel_for
/// share that of their caller.
class OpObserver {
 public:
  virtual ~OpObserver() = default;
  virtual void op_starts(const ops::Op&) {}
  virtual void op_ran(const OpRun&) {}
  /// With the gradients that arrived, and those it passes on.
  virtual void node_starts(const Node&, const Tensor* /*arrived*/) {}
  virtual void node_ran(const Node&, const Tensor* /*passed*/) {}
};

/// Lets an observer look on in this thread for a scope, beside those that do already; with null none does.
class ObserverScope {
 public:
  explicit ObserverScope(OpObserver* observer) : previous_(this_thread_state.observer) {
    both_.first = previous_;
    both_.second = observer;
    this_thread_state.observer = observer && previous_ ? &both_ : observer;
  }
  ~ObserverScope() { this_thread_state.observer = previous_; }
  ObserverScope(const ObserverScope&) = delete;
  ObserverScope& operator=(const ObserverScope&) = delete;

 private:
  struct Both final : OpObserver {
    void op_starts(const ops::Op& op) override {
      first->op_starts(op);
      second->op_starts(op);
    }
    void op_ran(const OpRun& run) override {
      second->op_ran(run);
      first->op_ran(run);
    }
    void node_starts(const Node& node, const Tensor* arrived) override {
      first->node_starts(node, arrived);
      second->node_starts(node, arrived);
    }
    void node_ran(const Node& node, const Tensor* passed) override {
      second->node_ran(node, passed);
      first->node_ran(node, passed);
    }
    OpObserver *first, *second;
  };

  OpObserver* previous_;
  Both both_;
};

}  // namespace autograd
}  // namespace xgrad
