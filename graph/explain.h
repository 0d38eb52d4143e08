// A computation made visible: every node with its value, its derivatives and the gradient that reaches it.
#pragma once

#include <string>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::graph {

/// While it lives, the ops of this thread keep the values they compute, so that `explain` can show them.
class XGRAD_API KeepValues {
 public:
  KeepValues();
  ~KeepValues();
  KeepValues(const KeepValues&) = delete;
  KeepValues& operator=(const KeepValues&) = delete;

 private:
  bool previous_;
};

/// The walk of the chain rule from `root` back to its leaves as text: for each node the forward value (as far
/// as it is known, see KeepValues), each local derivative as formula and as number, and the gradient that
/// arrives. Nothing is changed: no `.grad()` is written, and backward can still be called.
XGRAD_API std::string explain(const Tensor& root);

}  // namespace xgrad::graph
