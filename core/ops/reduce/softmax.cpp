// softmax and log_softmax: one stanza each; with gradients recorded the derivative is written over tensors.
#include <xgrad/core/ops/reduce/softmax.h>

#include <xgrad/core/kernels/softmax/softmax.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

template <bool log>
struct SoftmaxOp : Kernel<1> {
  static constexpr OpName name =
      log ? OpName{"log_softmax", "LogSoftmaxBackward"} : OpName{"softmax", "SoftmaxBackward"};
  int64_t dim;
  void attributes(auto& put) const { put("dim", dim); }

  struct Layout {
    int64_t outer = 1, n = 1, inner = 1;
  };
  Layout layout(const Tensor& x) const {
    Layout l;
    for (int64_t d = 0; d < x.dim(); ++d)
      (d < dim ? l.outer : d == dim ? l.n : l.inner) *= x.sizes()[static_cast<std::size_t>(d)];
    return l;
  }

  Tensor forward(const Tensor& x) const {
    const Tensor from = x.contiguous();
    Tensor out = new_tensor(x.dtype(), x.sizes());
    const Layout l = layout(x);
    if (x.numel() > 0)
      kernels::softmax(log, from.data_ptr(), out.data_ptr(), x.dtype(), l.outer, l.n, l.inner);
    return out;
  }

  Tensor backward(const Tensor& g, const Tensor& y) const {
    if (ops::derivative_is_expression()) {
      if constexpr (log) return g - exp(y) * sum(g, {dim}, true);
      return y * (g - sum(g * y, {dim}, true));
    }
    const Tensor gradient = g.contiguous(), result = y.contiguous();
    Tensor out = new_tensor(y.dtype(), y.sizes());
    const Layout l = layout(y);
    if (y.numel() > 0)
      kernels::softmax_backward(log, gradient.data_ptr(), result.data_ptr(), out.data_ptr(), y.dtype(),
                                l.outer, l.n, l.inner);
    return out;
  }
  using saved = Saved<Out>;
  static Symbol text(int, const Symbol& g, const Symbol* slots) {
    const Symbol& y = slots[1];
    if (g.is_unit()) return Symbol("");  // no factor: every element depends on all
    return log ? g - exp(y) * Symbol::call("sum", {g}) : y * (g - Symbol::call("sum", {g * y}));
  }
};

template <bool log>
Tensor softmax_any(const Tensor& self, int64_t dim, optional<ScalarType> dtype) {
  const char* op = SoftmaxOp<log>::name.op;
  const int64_t d = wrap_dim(op, dim, self.dim());
  const Tensor x = dtype ? self.to(*dtype) : self;
  if (!x.is_floating_point()) fail_dispatch(op, x.dtype(), {kHalf, kBFloat16, kFloat, kDouble});
  return differentiable(SoftmaxOp<log>{{}, d}, x);
}

}  // namespace

Tensor softmax(const Tensor& self, int64_t dim, optional<ScalarType> dtype) {
  return softmax_any<false>(self, dim, dtype);
}
Tensor log_softmax(const Tensor& self, int64_t dim, optional<ScalarType> dtype) {
  return softmax_any<true>(self, dim, dtype);
}

}  // namespace xgrad
