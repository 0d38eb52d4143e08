// Scans as functions. The stanzas are in scan_formulas.h.
#include <xgrad/core/ops/reduce/scan.h>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/scan_formulas.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

namespace ops {

// What formulas call: found by the type of Along, so not in a namespace without a name.
// Every element becomes the one before it, and the first one `fill`.
static Tensor neighbours(const Tensor& t, const Along& along, double fill) {
  const int64_t dim = along.dim, n = t.size(dim);
  if (t.numel() == 0) return t;
  const Tensor border = full_like(t.narrow(dim, 0, 1).detach(), fill);
  return along.reversed ? cat({t.narrow(dim, 1, n - 1), border}, dim)
                        : cat({border, t.narrow(dim, 0, n - 1)}, dim);
}

static Tensor cumsum(const Tensor& x, const Along& along);
static Tensor cumprod_backward(const Along& along, const Tensor& g, const Tensor& x, const Tensor& y);

namespace {

template <class F, class... T>
auto scanned(const F& f, const Along& along, ScalarType dtype, const T&... inputs) {
  const kernels::ArrayView in[] = {array_view(inputs)...};
  const IntArrayRef sizes(in[0].sizes, static_cast<std::size_t>(in[0].ndim));
  const auto into = [&](const Tensor* outs) {
    kernels::ArrayView views[F::results];
    for (int k = 0; k < F::results; ++k) views[k] = array_view(outs[k]);
    kernels::scan(kernels::scan_family.kernels[Scans::index<F>()], &f, views, in, along.dim, along.reversed);
  };
  if constexpr (F::results == 1) {
    Tensor out = new_result(dtype, sizes);
    into(&out);
    return out;
  } else {
    const Tensor outs[] = {new_tensor(dtype, sizes), new_tensor(kLong, sizes)};
    into(outs);
    return std::tuple<Tensor, Tensor>(outs[0], outs[1]);
  }
}

// The op of a formula of one input. Positions have no gradient.
template <class F>
struct ScanOp : Kernel<1> {
  static constexpr OpName name = F::name;
  static constexpr bool linear = std::is_same_v<F, CumSum>;
  Along along;
  ScalarType dtype;
  auto forward(const Tensor& x) const { return scanned(F{}, along, dtype, x); }
  Tensor backward(const Tensor& g, const auto&... needed) const { return F::backward(along, g, needed...); }
  using saved = typename F::saved;
  static Symbol text(int, const Symbol& g, const Symbol* slots) { return F::text(g, slots[0], slots[1]); }
};

template <class F>
auto scan(const Tensor& self, const Along& along, ScalarType dtype) {
  const ScanOp<F> op{{}, {wrap_dim(F::name.op, along.dim, self.dim()), along.reversed}, dtype};
  // The kernel converts too, but a conversion has a gradient of its own.
  const Tensor x = self.is_floating_point() && self.dtype() != dtype ? self.to(dtype) : self;
  if (x.dim() > 0) return differentiable(op, x);
  const auto line = differentiable(op, x.reshape({1}));
  if constexpr (F::results == 1)
    return line.reshape({});
  else
    return std::tuple(std::get<0>(line).reshape({}), std::get<1>(line).reshape({}));
}

struct Recurrence : Kernel<2> {
  static constexpr OpName name{"linear_recurrence", "LinearRecurrenceBackward"};
  Along along;
  Tensor forward(const Tensor& a, const Tensor& b) const {
    return scanned(LinearRecurrence{}, along, b.dtype(), a, b);
  }
  Tensor backward_0(const Tensor& g, const Tensor& a, const Tensor& y) const {
    return backward_1(g, a) * neighbours(y, along, 0);
  }
  using saved_0 = Saved<In<0>, Out>;
  // From the other end: what of y_i's gradient reaches b_j is the product of the a between them.
  Tensor backward_1(const Tensor& g, const Tensor& a) const {
    return linear_recurrence(neighbours(a, along.back(), 0), g, along.back());
  }
  using saved_1 = Saved<In<0>>;
};

ScalarType summed_dtype(const char* op, const Tensor& self, optional<ScalarType> dtype) {
  const ScalarType t = dtype.value_or(self.is_floating_point() ? self.dtype() : kLong);
  XGRAD_CHECK_AS(TypeError, t != kBool, op, ": not defined for dtype bool: self is ", self.dtype());
  return t;
}

}  // namespace

Tensor cumsum(const Tensor& x, const Along& along) { return scan<CumSum>(x, along, x.dtype()); }

// Without zeros as PyTorch does. Otherwise the product of those before x_i, times what the gradients of y_i
// and all behind it come to when each is multiplied with what stands between.
Tensor cumprod_backward(const Along& along, const Tensor& g, const Tensor& x, const Tensor& y) {
  const Along back = along.back();
  if (!autograd::grad_enabled() && !x.eq(0).any().item<bool>()) return cumsum(g * y, back) / x;
  return neighbours(y, along, 1) * linear_recurrence(neighbours(x, back, 0), g, back);
}

Tensor linear_recurrence(const Tensor& a, const Tensor& b, const Along& along) {
  XGRAD_CHECK(a.is_floating_point() && a.dim() > 0,
              "linear_recurrence: only for floating-point tensors with a dimension: a is ", a.sizes(), ", ",
              a.dtype());
  XGRAD_CHECK(a.sizes() == b.sizes() && a.dtype() == b.dtype(),
              "linear_recurrence: shapes or dtypes differ: a is ", a.sizes(), ", ", a.dtype(), ", b is ",
              b.sizes(), ", ", b.dtype());
  return differentiable(Recurrence{{}, {wrap_dim("linear_recurrence", along.dim, a.dim()), along.reversed}},
                        a, b);
}

Tensor product_of_others(const Tensor& x, int64_t dim) {
  const auto products = [&](const Along& along) {
    return neighbours(scan<CumProd>(x, along, x.dtype()), along, 1);
  };
  return products({dim, false}) * products({dim, true});
}

}  // namespace ops

Tensor cumsum(const Tensor& self, int64_t dim, optional<ScalarType> dtype) {
  return ops::scan<CumSum>(self, {dim}, ops::summed_dtype("cumsum", self, dtype));
}
Tensor cumprod(const Tensor& self, int64_t dim, optional<ScalarType> dtype) {
  return ops::scan<CumProd>(self, {dim}, ops::summed_dtype("cumprod", self, dtype));
}
Tensor logcumsumexp(const Tensor& self, int64_t dim) {
  XGRAD_CHECK_AS(TypeError, self.is_floating_point(),
                 "logcumsumexp: only for floating-point dtypes: self is ", self.dtype(),
                 "; convert it first: x.to(kFloat)");
  return ops::scan<LogCumSumExp>(self, {dim}, self.dtype());
}
std::tuple<Tensor, Tensor> cummax(const Tensor& self, int64_t dim) {
  return ops::scan<CumMax>(self, {dim}, self.dtype());
}
std::tuple<Tensor, Tensor> cummin(const Tensor& self, int64_t dim) {
  return ops::scan<CumMin>(self, {dim}, self.dtype());
}

}  // namespace xgrad
