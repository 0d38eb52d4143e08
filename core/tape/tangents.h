// Where the tangents of forward mode are kept. Private to the library; what becomes of them in an op is in
// stanza/tangent.h.
#pragma once

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad::ops {

inline bool carries_tangents() { return __builtin_expect(autograd::this_thread_state.forward_ad, 0); }

/// Whether a derivative must be computed by ops, since it is recorded or has a tangent; otherwise a kernel
/// may.
inline bool derivative_is_expression() { return autograd::grad_enabled() || carries_tangents(); }

// A tangent has the strides of its tensor, and shares memory with that of another tensor exactly where one of
// the two is a view of the other: so what is written into a view's tangent is seen by all.

/// The tangent of the open dual level, or undefined. That of a view whose base got one later is a view of it.
Tensor tangent_of(const Tensor& t);
void set_tangent(const Tensor& t, const Tensor& tangent);
/// Whether `view`, made of `of`, has a view of the tangent of its base, or of that of `of`, now.
bool views_tangent(const Tensor& view, const Tensor& of);
/// Gives a node's copy of its own output the output's tangent, until the level ends: it may lead back to the
/// node.
void keep_output_tangent(const Tensor& copy, const Tensor& output);

/// Ops in its scope compute no tangents.
class WithoutTangents {
 public:
  WithoutTangents() : previous_(autograd::this_thread_state.forward_ad) {
    autograd::this_thread_state.forward_ad = false;
  }
  ~WithoutTangents() { autograd::this_thread_state.forward_ad = previous_; }
  WithoutTangents(const WithoutTangents&) = delete;
  WithoutTangents& operator=(const WithoutTangents&) = delete;

 private:
  bool previous_;
};

}  // namespace xgrad::ops
