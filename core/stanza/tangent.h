// Forward mode inside the op mechanism. Private to the library.
//
// A derivative formula is linear in the gradient. For an elementwise op it is diagonal too, so that the
// tangent of the result is the very formula applied to the tangents of the inputs. For any other op the
// formula is a linear map of the gradient whose transpose is wanted, and backward through it, with the
// tangent as weight, computes just that. Linear ops say so (`linear = true`) and are applied to the tangent
// itself. So no stanza need state a forward derivative; where the transpose is dear, `tangent_i` does.
#pragma once

#include <functional>

#include <xgrad/core/tape/state.h>
#include <xgrad/core/tensor/tensor.h>

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
/// Gives `out`, newly computed or changed in place, its tangent, which came of those `arriving` at the op;
/// undefined is zero.
void settle_tangent(const Tensor& out, Tensor tangent, const Tensor* arriving, int n, bool in_place);

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

/// What an op does inside is its own business: neither recorded nor with tangents.
class PlainScope {
 public:
  PlainScope() : previous_(autograd::this_thread_state.grad_mode) {
    autograd::this_thread_state.set_modes(false, autograd::this_thread_state.inference_mode);
  }
  ~PlainScope() {
    autograd::this_thread_state.set_modes(previous_, autograd::this_thread_state.inference_mode);
  }
  PlainScope(const PlainScope&) = delete;
  PlainScope& operator=(const PlainScope&) = delete;

 private:
  WithoutTangents pause_;
  bool previous_;
};

/// The transpose of the linear map `derivative` (gradient of `out` to gradient of an input), applied to
/// `tangent`; undefined when it is zero.
Tensor apply_transposed(const std::function<Tensor(const Tensor&)>& derivative, const Tensor& out,
                        const Tensor& tangent);
/// A tangent brought to the shape and dtype of a result it broadcasts to.
Tensor fit_tangent(const Tensor& tangent, const Tensor& out);
/// a + b, where either may be undefined.
Tensor add_tangents(const Tensor& a, const Tensor& b);

}  // namespace xgrad::ops
