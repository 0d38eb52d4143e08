// Who looks on as the ops of a thread run: what keeps values for a picture of the graph, and what takes
// times.
#pragma once

#include <xgrad/core/tape/saved.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::autograd {

/// While ThreadState::observer is set, every op that runs by itself (none inside another) is shown to it. The
/// threads of a parallel_for share that of their caller.
class OpObserver {
 public:
  virtual ~OpObserver() = default;
  /// `op` has run over `args`. `node` is what was recorded of it, or null.
  virtual void op_ran(const char* op, Node* node, const Argument* args, int count, const Tensor* outputs,
                      int results) = 0;
};

/// Sets the observer of this thread for a scope.
class ObserverScope {
 public:
  explicit ObserverScope(OpObserver* observer) : previous_(this_thread_state.observer) {
    this_thread_state.observer = observer;
  }
  ~ObserverScope() { this_thread_state.observer = previous_; }
  ObserverScope(const ObserverScope&) = delete;
  ObserverScope& operator=(const ObserverScope&) = delete;

 private:
  OpObserver* previous_;
};

}  // namespace xgrad::autograd
