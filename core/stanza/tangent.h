// Forward mode inside the op mechanism. Private to the library.
//
// A derivative formula is linear in the gradient. For an elementwise op it is diagonal too, so that the
// tangent of the result is the very formula applied to the tangents of the inputs. For any other op the
// formula is a linear map of the gradient whose transpose is wanted, and backward through it, with the
// tangent as weight, computes just that. Linear ops say so (`linear = true`) and are applied to the tangent
// itself. So no stanza need state a forward derivative; where the transpose is dear, `tangent_i` does.
#pragma once

#include <functional>

#include <xgrad/core/tape/observer.h>
#include <xgrad/core/tape/tangents.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

struct Op;

/// Gives `out`, newly computed or changed in place, its tangent, which came of those `arriving` at the op;
/// undefined is zero.
void settle_tangent(const Tensor& out, Tensor tangent, const Tensor* arriving, int n, bool in_place);

/// What an op does inside is its own business: neither recorded nor shown, and without tangents.
class PlainScope {
 public:
  PlainScope()
      : observer_(autograd::this_thread_state.observer), previous_(autograd::this_thread_state.grad_mode) {
    autograd::this_thread_state.set_modes(false, autograd::this_thread_state.inference_mode);
    autograd::this_thread_state.observer = nullptr;
  }
  ~PlainScope() {
    autograd::this_thread_state.set_modes(previous_, autograd::this_thread_state.inference_mode);
    autograd::this_thread_state.observer = observer_;
  }
  PlainScope(const PlainScope&) = delete;
  PlainScope& operator=(const PlainScope&) = delete;

 protected:
  autograd::OpObserver* observer() const { return observer_; }

 private:
  WithoutTangents pause_;
  autograd::OpObserver* observer_;
  bool previous_;
};

/// The same for an op that begins, of which who looks on is told first.
class OpScope : public PlainScope {
 public:
  explicit OpScope(const Op& op) {
    if (__builtin_expect(observer() != nullptr, 0)) observer()->op_starts(op);
  }
};

/// The transpose of the linear map `derivative` (gradient of `out` to gradient of an input), applied to
/// `tangent`; undefined when it is zero. It takes a backward: core/autograd defines it.
Tensor apply_transposed(const std::function<Tensor(const Tensor&)>& derivative, const Tensor& out,
                        const Tensor& tangent);
/// A tangent brought to the shape and dtype of a result it broadcasts to.
Tensor fit_tangent(const Tensor& tangent, const Tensor& out);
/// a + b, where either may be undefined.
Tensor add_tangents(const Tensor& a, const Tensor& b);

}  // namespace xgrad::ops
