// layer_norm and rms_norm: one stanza with two inputs that may be absent, and one derivative of all three.
#include <xgrad/core/ops/norm/norm.h>

#include <array>

#include <xgrad/core/kernels/norm/layer_norm.h>
#include <xgrad/core/ops/norm/parameters.h>
#include <xgrad/core/ops/norm/text.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/absent.h>
#include <xgrad/core/tensor/array_view.h>

namespace xgrad {

namespace {

template <bool centred>
struct LayerNorm : Kernel<3> {
  static constexpr OpName name =
      centred ? OpName{"layer_norm", "NativeLayerNormBackward"} : OpName{"rms_norm", "FusedRmsNormBackward"};
  using optional = Inputs<1, 2>;
  double eps;
  int64_t dims;  // the last ones are normalised
  void attributes(auto& put) const {
    put("eps", eps);
    put("dims", dims);
  }

  std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& input, const Tensor& weight,
                                             const Tensor& bias) const {
    const Tensor x = input.contiguous();
    DimVector sizes(x.sizes());
    for (int64_t d = 0; d < dims; ++d) sizes[sizes.size() - 1 - static_cast<std::size_t>(d)] = 1;
    Tensor y = new_tensor(x.dtype(), x.sizes()), mean = new_tensor(x.dtype(), sizes),
           rstd = new_tensor(x.dtype(), sizes);
    const Tensor w = weight.defined() ? weight.contiguous() : weight,
                 b = bias.defined() ? bias.contiguous() : bias;
    const int64_t rows = mean.numel();
    kernels::layer_norm(x.dtype(),
                        {x.data_ptr(), data_or_null(w), data_or_null(b), y.data_ptr(), mean.data_ptr(),
                         rstd.data_ptr(), eps, centred},
                        rows, rows > 0 ? x.numel() / rows : 0);
    return {y, mean, rstd};
  }

  std::array<Tensor, 3> backward_all(const ops::WantedInputs& wanted, const Tensor& g, const Tensor& input,
                                     const Tensor& weight, const Tensor& mean, const Tensor& rstd) const {
    if (ops::derivative_is_expression()) return expression(wanted, g, input, weight);
    const Tensor gradient = g.contiguous(), x = input.contiguous();
    const Tensor w = weight.defined() ? weight.contiguous() : weight;
    const IntArrayRef inner = x.sizes().slice(x.sizes().size() - static_cast<std::size_t>(dims));
    std::array<Tensor, 3> out;
    if (wanted[0]) out[0] = new_tensor(x.dtype(), x.sizes());
    if (wanted[1]) out[1] = new_tensor(x.dtype(), inner);
    if (wanted[2]) out[2] = new_tensor(x.dtype(), inner);
    const auto to = [](const Tensor& t) { return const_cast<void*>(data_or_null(t)); };
    const int64_t rows = mean.numel();
    kernels::layer_norm_backward(x.dtype(),
                                 {gradient.data_ptr(), x.data_ptr(), data_or_null(w), mean.data_ptr(),
                                  rstd.data_ptr(), to(out[0]), to(out[1]), to(out[2]), centred},
                                 rows, numel_of(inner));
    return out;
  }
  using saved_all = Saved<In<0>, In<1>, Output<1>, Output<2>>;
  static Symbol text(int input, const Symbol& g, const Symbol* slots) {
    return norm_text(input, g, slots[0], slots[1], centred);
  }

  // Mean and deviation anew, since the derivative leads through them too.
  std::array<Tensor, 3> expression(const ops::WantedInputs& wanted, const Tensor& g, const Tensor& x,
                                   const Tensor& weight) const {
    DimVector inner, outer;
    for (int64_t d = 0; d < x.dim(); ++d) (d < x.dim() - dims ? outer : inner).push_back(d);
    const auto over_rows = [&](const Tensor& t) { return outer.empty() ? t : t.sum(outer); };
    const auto moved = [&](const Tensor& t) { return centred ? t - t.mean(inner, true) : t; };
    const Tensor from_mean = moved(x);
    const Tensor rstd = rsqrt((from_mean * from_mean).mean(inner, true) + eps), normal = from_mean * rstd;
    std::array<Tensor, 3> out;
    if (wanted[0]) {
      const Tensor gw = weight.defined() ? g * weight : g;
      out[0] = rstd * (moved(gw) - normal * (gw * normal).mean(inner, true));
    }
    if (wanted[1]) out[1] = over_rows(g * normal);
    if (wanted[2]) out[2] = over_rows(g);
    return out;
  }
};

void check_parameter(const char* op, const char* what, const Tensor& parameter, const Tensor& input,
                     IntArrayRef shape) {
  if (!parameter.defined()) return;
  XGRAD_CHECK(parameter.sizes() == shape, op, ": ", what, " must have the shape of normalized_shape: ", what,
              " is ", parameter.sizes(), ", normalized_shape is ", shape);
  check_parameter_dtype(op, what, parameter, input);
}

void check_input(const char* op, const Tensor& input, IntArrayRef shape) {
  const std::size_t n = shape.size();
  XGRAD_CHECK(n >= 1, op, ": normalized_shape must name at least one dimension");
  XGRAD_CHECK(n <= input.sizes().size() && input.sizes().slice(input.sizes().size() - n) == shape, op,
              ": the last dimensions of input must be normalized_shape: input is ", input.sizes(),
              ", normalized_shape is ", shape);
  XGRAD_CHECK_AS(TypeError, input.is_floating_point(), op, ": input must be floating-point: it is ",
                 input.dtype(), "; convert it with to(kFloat)");
}

template <bool centred>
std::tuple<Tensor, Tensor, Tensor> normalized(const Tensor& input, IntArrayRef shape, const Tensor& weight,
                                              const Tensor& bias, double eps) {
  const char* op = LayerNorm<centred>::name.op;
  check_input(op, input, shape);
  check_parameter(op, "weight", weight, input, shape);
  check_parameter(op, "bias", bias, input, shape);
  const LayerNorm<centred> f{{}, eps, static_cast<int64_t>(shape.size())};
  if (input.dtype() == kFloat || input.dtype() == kDouble) return differentiable(f, input, weight, bias);
  auto [y, mean, rstd] = differentiable(f, to_float(input), to_float(weight), to_float(bias));
  const Tensor& parameter = weight.defined() ? weight : bias;
  const ScalarType kept = parameter.defined() ? parameter.dtype() : input.dtype();
  return {y.to(input.dtype()), mean.to(kept), rstd.to(kept)};
}

// The distance from 1 to the next number.
double epsilon_of(ScalarType t) {
  return t == kDouble ? 0x1p-52 : t == kHalf ? 0x1p-10 : t == kBFloat16 ? 0x1p-7 : 0x1p-23;
}

}  // namespace

std::tuple<Tensor, Tensor, Tensor> native_layer_norm(const Tensor& input, IntArrayRef normalized_shape,
                                                     const Tensor& weight, const Tensor& bias, double eps) {
  return normalized<true>(input, normalized_shape, weight, bias, eps);
}

Tensor layer_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight, const Tensor& bias,
                  double eps, bool) {
  return std::get<0>(normalized<true>(input, normalized_shape, weight, bias, eps));
}

Tensor rms_norm(const Tensor& input, IntArrayRef normalized_shape, const Tensor& weight,
                optional<double> eps) {
  const double added = eps.value_or(epsilon_of(input.dtype()));
  return std::get<0>(normalized<false>(input, normalized_shape, weight, {}, added));
}

Tensor local_response_norm(const Tensor& input, int64_t size, double alpha, double beta, double k) {
  const char* op = "local_response_norm";
  XGRAD_CHECK_AS(ValueError, input.dim() >= 3, op,
                 ": input must be [batch, channels, ...] with 3 dimensions ", "at least: input is ",
                 input.sizes());
  XGRAD_CHECK_AS(ValueError, size >= 1, op, ": size must be positive: got ", size);
  if (input.numel() == 0) return input.clone();
  DimVector pad(static_cast<std::size_t>(2 * input.dim() - 4), 0);  // from the last dimension on
  pad.push_back(size / 2);
  pad.push_back((size - 1) / 2);
  const Tensor sums = constant_pad_nd(input * input, pad).unfold(1, size, 1).sum(DimVector{-1});
  // A mean of integers is one, as that of PyTorch's pooling.
  const Tensor means = input.is_floating_point() ? sums / size : div(sums, size, "floor");
  return input / (means * alpha + k).pow(beta);
}

}  // namespace xgrad
