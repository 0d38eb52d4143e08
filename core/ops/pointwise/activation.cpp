// Activations over tensors; their formulas are in activation_formulas.h.
#include <xgrad/core/ops/pointwise/activation.h>

#include <cmath>

#include <xgrad/core/ops/pointwise/activation_formulas.h>
#include <xgrad/core/stanza/pointwise.h>

namespace xgrad {

namespace {

Elu elu_of(const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  const double by = input_scale.toDouble();
  return {{}, alpha.toDouble() * scale.toDouble(), scale.toDouble(), by, by};
}
Elu celu_of(const Scalar& alpha) {
  XGRAD_CHECK(alpha.toDouble() != 0, "celu: ZeroDivisionError: alpha cannot be 0");
  Elu elu = elu_of(alpha, 1, 1 / alpha.toDouble());
  elu.gradient_scale = 1 / double{static_cast<float>(alpha.toDouble())};
  return elu;
}
// Klambauer et al. 2017, appendix A1.
Elu selu_of() { return elu_of(1.6732632423543772848170429916717, 1.0507009873554804934193349852946, 1); }

Hardtanh hardtanh_of(const Scalar& low, const Scalar& high) {
  XGRAD_CHECK(!(low.toDouble() > high.toDouble()), "hardtanh: min_val must not be above max_val: got ", low,
              " and ", high);
  return {{}, low.toDouble(), high.toDouble()};
}

Softshrink softshrink_of(const Scalar& lambd) {
  XGRAD_CHECK(lambd.toDouble() >= 0 && lambd.toDouble() < HUGE_VAL,
              "softshrink: lambda must be greater or equal to 0 and finite, but found to be ", lambd);
  return {{}, lambd.toDouble()};
}

// Calls f with the formula of the form that is asked for.
template <class F>
decltype(auto) with_gelu(std::string_view approximate, F&& f) {
  XGRAD_CHECK(approximate == "none" || approximate == "tanh",
              "gelu: approximate argument must be either \"none\" or \"tanh\": got \"", approximate, "\"");
  return approximate == "tanh" ? f(GeluTanh{}) : f(Gelu{});
}

}  // namespace

#define XGRAD_ACTIVATION(name, formula)                                \
  Tensor name(const Tensor& self) { return pointwise(formula, self); } \
  Tensor& name##_(Tensor& self) { return pointwise_(self, formula, self); }
XGRAD_ACTIVATION(silu, Silu{})
XGRAD_ACTIVATION(mish, Mish{})
XGRAD_ACTIVATION(hardswish, Hardswish{})
XGRAD_ACTIVATION(hardsigmoid, Hardsigmoid{})
XGRAD_ACTIVATION(log_sigmoid, LogSigmoid{})
XGRAD_ACTIVATION(selu, selu_of())
#undef XGRAD_ACTIVATION

#define XGRAD_ACTIVATION(name, formula)                                                 \
  Tensor name(const Tensor& self, const Scalar& a) { return pointwise(formula, self); } \
  Tensor& name##_(Tensor& self, const Scalar& a) { return pointwise_(self, formula, self); }
XGRAD_ACTIVATION(celu, celu_of(a))
XGRAD_ACTIVATION(leaky_relu, (LeakyRelu{{}, a.toDouble()}))
XGRAD_ACTIVATION(hardshrink, (Hardshrink{{}, a.toDouble()}))
XGRAD_ACTIVATION(softshrink, softshrink_of(a))
#undef XGRAD_ACTIVATION

#define XGRAD_ACTIVATION(name, formula)                                                                  \
  Tensor name(const Tensor& self, const Scalar& a, const Scalar& b) { return pointwise(formula, self); } \
  Tensor& name##_(Tensor& self, const Scalar& a, const Scalar& b) { return pointwise_(self, formula, self); }
XGRAD_ACTIVATION(hardtanh, hardtanh_of(a, b))
XGRAD_ACTIVATION(softplus, (Softplus{{}, a.toDouble(), b.toDouble()}))
XGRAD_ACTIVATION(threshold, (Threshold{{}, a.toDouble(), b.toDouble()}))
#undef XGRAD_ACTIVATION

Tensor elu(const Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return pointwise(elu_of(alpha, scale, input_scale), self);
}
Tensor& elu_(Tensor& self, const Scalar& alpha, const Scalar& scale, const Scalar& input_scale) {
  return pointwise_(self, elu_of(alpha, scale, input_scale), self);
}

Tensor relu6(const Tensor& self) { return hardtanh(self, 0, 6); }
Tensor& relu6_(Tensor& self) { return hardtanh_(self, 0, 6); }

Tensor gelu(const Tensor& self, std::string_view approximate) {
  return with_gelu(approximate, [&](const auto& f) { return pointwise(f, self); });
}
Tensor& gelu_(Tensor& self, std::string_view approximate) {
  return with_gelu(approximate, [&](const auto& f) -> Tensor& { return pointwise_(self, f, self); });
}

Tensor prelu(const Tensor& self, const Tensor& weight) {
  XGRAD_CHECK(weight.dim() <= 1, "prelu: weight must have no dimension or one: weight is ", weight.sizes());
  if (weight.numel() == 1) return pointwise(Prelu{}, self, weight.reshape({}));
  XGRAD_CHECK(self.dim() > 0, "prelu: self must have dimensions for several weights: weight is ",
              weight.sizes());
  const int64_t channels = self.dim() > 1 ? self.size(1) : 1;
  XGRAD_CHECK(channels == weight.numel(), "prelu: as many weights are needed as self has channels: self is ",
              self.sizes(), " (", channels, " channels), weight is ", weight.sizes());
  std::vector<int64_t> shape(static_cast<std::size_t>(self.dim()), 1);
  shape[1] = channels;
  return pointwise(Prelu{}, self, weight.reshape(shape));
}

Tensor glu(const Tensor& self, int64_t dim) {
  XGRAD_CHECK(self.dim() > 0, "glu: does not support 0-dimensional tensors");
  const int64_t size = self.size(dim);
  XGRAD_CHECK(size % 2 == 0, "glu: Halving dimension must be even, but dimension ", dim, " is size ", size);
  return self.narrow(dim, 0, size / 2) * sigmoid(self.narrow(dim, size / 2, size / 2));
}

Tensor Tensor::hardshrink(const Scalar& lambd) const { return xgrad::hardshrink(*this, lambd); }
Tensor Tensor::prelu(const Tensor& weight) const { return xgrad::prelu(*this, weight); }

}  // namespace xgrad
