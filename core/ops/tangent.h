// Forward mode inside the op mechanism. Private to the library.
//
// A derivative formula is linear in the gradient. For an elementwise op it is diagonal too, so that the
// tangent of the result is the very formula applied to the tangents of the inputs. For any other op the
// formula is a linear map of the gradient whose transpose is wanted, and backward through it, with the
// tangent as weight, computes just that. Linear ops say so (`linear = true`) and are applied to the tangent
// itself. So no stanza states a forward derivative.
#pragma once

#include <functional>

#include <xgrad/core/autograd/state.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// The tangent of the open dual level, or undefined.
Tensor tangent_of(const Tensor& t);
void set_tangent(const Tensor& t, const Tensor& tangent);

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

/// The transpose of the linear map `derivative` (gradient of `out` to gradient of an input), applied to
/// `tangent`; undefined when it is zero.
Tensor apply_transposed(const std::function<Tensor(const Tensor&)>& derivative, const Tensor& out,
                        const Tensor& tangent);
/// A tangent brought to the shape and dtype of a result it broadcasts to.
Tensor fit_tangent(const Tensor& tangent, const Tensor& out);
/// a + b, where either may be undefined.
Tensor add_tangents(const Tensor& a, const Tensor& b);

}  // namespace xgrad::ops
