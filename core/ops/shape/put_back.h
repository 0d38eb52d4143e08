// The backward of views that show only a part: a zero tensor with the gradient in that part. Private to the
// library.
#pragma once

#include <xgrad/core/tensor/creation.h>

#include <xgrad/core/stanza/record.h>

namespace xgrad::ops {

/// Zeros of V's input shape with `gradient` where the view V looks; its own derivative is V again.
template <class V>
struct PutBack : Kernel<1> {
  static constexpr OpName name{V::name.op, "PutBackBackward"};
  V view;
  Tensor forward(const Tensor& g) const {
    Tensor whole = zeros(view.from, g.options());
    view.forward(whole).copy_(g);
    return whole;
  }
  Tensor backward(const Tensor& gg) const { return differentiable(view, gg); }
  using saved = Saved<>;
};

template <class V>
Tensor put_back(const V& view, const Tensor& gradient) {
  return differentiable(PutBack<V>{{}, view}, gradient);
}

}  // namespace xgrad::ops
