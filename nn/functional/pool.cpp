// Pooling: options unfolded into the arguments of core's ops.
#include <xgrad/nn/functional/pool.h>

#include <cmath>

#include <xgrad/core/ops/pointwise/activation.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/pool/pool.h>
#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/ops/shape/views.h>

namespace xgrad::nn::functional {

namespace {

template <std::size_t D>
IntArrayRef images_of(const char* op, const Tensor& input) {
  XGRAD_CHECK(input.dim() == D + 1 || input.dim() == D + 2, op, ": input must have ", D + 1, " or ", D + 2,
              " dimensions: input is ", input.sizes());
  return input.sizes().slice(input.sizes().size() - D);
}

// The sizes where they are given, and the input's where not.
template <std::size_t D>
std::array<int64_t, D> output_size(const char* op, const Tensor& input, const AdaptivePoolOptions<D>& o) {
  if constexpr (D == 1) {
    return *o.output_size();
  } else {
    const IntArrayRef sizes = images_of<D>(op, input);
    std::array<int64_t, D> result;
    for (std::size_t d = 0; d < D; ++d) result[d] = (*o.output_size())[d].value_or(sizes[d]);
    return result;
  }
}

// The largest |x|, or the smallest for p = -inf.
template <std::size_t D>
Tensor extreme_pool(const Tensor& input, const LPPoolOptions<D>& o, IntArrayRef stride) {
  const bool largest = o.norm_type() > 0;
  const Tensor sizes = largest ? xgrad::abs(input) : -xgrad::abs(input);
  Tensor out;
  if constexpr (D == 1) out = xgrad::max_pool1d(sizes, *o.kernel_size(), stride, 0, 1, o.ceil_mode());
  if constexpr (D == 2) out = xgrad::max_pool2d(sizes, *o.kernel_size(), stride, 0, 1, o.ceil_mode());
  if constexpr (D == 3) out = xgrad::max_pool3d(sizes, *o.kernel_size(), stride, 0, 1, o.ceil_mode());
  return largest ? out : -out;
}

// (sum of x^p)^(1/p), by way of the mean.
template <std::size_t D>
Tensor lp_pool(const Tensor& input, const LPPoolOptions<D>& o) {
  XGRAD_CHECK_AS(ValueError, o.norm_type() != 0, "lp_pool", static_cast<int64_t>(D),
                 "d: norm_type must not be 0");
  double elements = 1;
  for (const int64_t size : *o.kernel_size()) elements *= static_cast<double>(size);
  const ExpandingArray<D> stride = o.stride().value_or(o.kernel_size());
  if (std::isinf(o.norm_type())) return extreme_pool(input, o, *stride);
  const Tensor powers = input.pow(o.norm_type());
  Tensor mean;
  if constexpr (D == 1) mean = xgrad::avg_pool1d(powers, *o.kernel_size(), *stride, 0, o.ceil_mode());
  if constexpr (D == 2) mean = xgrad::avg_pool2d(powers, *o.kernel_size(), *stride, 0, o.ceil_mode());
  if constexpr (D == 3) mean = xgrad::avg_pool3d(powers, *o.kernel_size(), *stride, 0, o.ceil_mode());
  return (xgrad::sign(mean) * xgrad::relu(xgrad::abs(mean)) * elements).pow(1 / o.norm_type());
}

// The size before max pooling, or one near it that was asked for.
template <std::size_t D>
std::array<int64_t, D> unpooled_size(const char* op, const Tensor& input, const MaxUnpoolFuncOptions<D>& o) {
  const IntArrayRef sizes = images_of<D>(op, input);
  std::array<int64_t, D> usual;
  for (std::size_t d = 0; d < D; ++d)
    usual[d] = (sizes[d] - 1) * (*o.stride())[d] + (*o.kernel_size())[d] - 2 * (*o.padding())[d];
  if (!o.output_size()) return usual;
  IntArrayRef wanted(*o.output_size());
  XGRAD_CHECK_AS(ValueError, wanted.size() == D || wanted.size() == D + 2, op, ": output_size must have ", D,
                 " or ", D + 2, " numbers: got ", wanted);
  wanted = wanted.slice(wanted.size() - D);
  std::array<int64_t, D> result{};
  for (std::size_t d = 0; d < D; ++d) {
    const int64_t stride = (*o.stride())[d];
    XGRAD_CHECK_AS(ValueError, wanted[d] > usual[d] - stride && wanted[d] - stride < usual[d], op,
                   ": output_size must be within a stride of the usual one: got ", wanted, ", usual is ",
                   IntArrayRef(usual), " (dim ", d, ": ", wanted[d], " vs ", usual[d], ")");
    result[d] = wanted[d];
  }
  return result;
}

template <std::size_t D>
std::tuple<Tensor, Tensor> fractional(const char* op, const Tensor& input,
                                      const FractionalMaxPoolOptions<D>& o) {
  const IntArrayRef sizes = images_of<D>(op, input);
  XGRAD_CHECK_AS(ValueError, o.output_size().has_value() != o.output_ratio().has_value(), op,
                 ": either output_size or output_ratio must be given");
  std::array<int64_t, D> out;
  for (std::size_t d = 0; d < D; ++d) {
    if (o.output_size()) {
      out[d] = (**o.output_size())[d];
      continue;
    }
    const double ratio = (**o.output_ratio())[d];
    XGRAD_CHECK_AS(ValueError, ratio > 0 && ratio < 1, op, ": output_ratio must be between 0 and 1: got ",
                   ratio);
    out[d] = static_cast<int64_t>(static_cast<double>(sizes[d]) * ratio);
  }
  Tensor samples = o._random_samples();
  if (!samples.defined()) {
    const int64_t batch = input.dim() == D + 2 ? input.size(0) : 1,
                  channels = input.size(-static_cast<int64_t>(D) - 1);
    samples = xgrad::rand({batch, channels, static_cast<int64_t>(D)}, input.options().requires_grad(false));
  }
  if constexpr (D == 2) return xgrad::fractional_max_pool2d(input, *o.kernel_size(), out, samples);
  if constexpr (D == 3) return xgrad::fractional_max_pool3d(input, *o.kernel_size(), out, samples);
}

}  // namespace

#define XGRAD_POOLING(n)                                                                                    \
  std::tuple<Tensor, Tensor> max_pool##n##d_with_indices(const Tensor& input,                               \
                                                         const MaxPool##n##dFuncOptions& o) {               \
    return xgrad::max_pool##n##d_with_indices(input, *o.kernel_size(), *o.stride(), *o.padding(),           \
                                              *o.dilation(), o.ceil_mode());                                \
  }                                                                                                         \
  Tensor max_pool##n##d(const Tensor& input, const MaxPool##n##dFuncOptions& o) {                           \
    return std::get<0>(max_pool##n##d_with_indices(input, o));                                              \
  }                                                                                                         \
  Tensor lp_pool##n##d(const Tensor& input, const LPPool##n##dFuncOptions& o) { return lp_pool(input, o); } \
  std::tuple<Tensor, Tensor> adaptive_max_pool##n##d_with_indices(                                          \
      const Tensor& input, const AdaptiveMaxPool##n##dFuncOptions& o) {                                     \
    return xgrad::adaptive_max_pool##n##d(input, output_size<n>("adaptive_max_pool" #n "d", input, o));     \
  }                                                                                                         \
  Tensor adaptive_max_pool##n##d(const Tensor& input, const AdaptiveMaxPool##n##dFuncOptions& o) {          \
    return std::get<0>(adaptive_max_pool##n##d_with_indices(input, o));                                     \
  }                                                                                                         \
  Tensor adaptive_avg_pool##n##d(const Tensor& input, const AdaptiveAvgPool##n##dFuncOptions& o) {          \
    return xgrad::adaptive_avg_pool##n##d(input, output_size<n>("adaptive_avg_pool" #n "d", input, o));     \
  }
XGRAD_POOLING(1)
XGRAD_POOLING(2)
XGRAD_POOLING(3)
#undef XGRAD_POOLING

Tensor avg_pool1d(const Tensor& input, const AvgPool1dFuncOptions& o) {
  XGRAD_CHECK_AS(ValueError, !o.divisor_override(), "avg_pool1d: has no divisor_override");
  return xgrad::avg_pool1d(input, *o.kernel_size(), *o.stride(), *o.padding(), o.ceil_mode(),
                           o.count_include_pad());
}
Tensor avg_pool2d(const Tensor& input, const AvgPool2dFuncOptions& o) {
  return xgrad::avg_pool2d(input, *o.kernel_size(), *o.stride(), *o.padding(), o.ceil_mode(),
                           o.count_include_pad(), o.divisor_override());
}
Tensor avg_pool3d(const Tensor& input, const AvgPool3dFuncOptions& o) {
  return xgrad::avg_pool3d(input, *o.kernel_size(), *o.stride(), *o.padding(), o.ceil_mode(),
                           o.count_include_pad(), o.divisor_override());
}

Tensor max_unpool1d(const Tensor& input, const Tensor& indices, const MaxUnpool1dFuncOptions& o) {
  const int64_t size = unpooled_size<1>("max_unpool1d", input, o)[0];
  return xgrad::max_unpool2d(input.unsqueeze(-2), indices.unsqueeze(-2), {1, size}).squeeze(-2);
}
Tensor max_unpool2d(const Tensor& input, const Tensor& indices, const MaxUnpool2dFuncOptions& o) {
  return xgrad::max_unpool2d(input, indices, unpooled_size<2>("max_unpool2d", input, o));
}
Tensor max_unpool3d(const Tensor& input, const Tensor& indices, const MaxUnpool3dFuncOptions& o) {
  return xgrad::max_unpool3d(input, indices, unpooled_size<3>("max_unpool3d", input, o), *o.stride(),
                             *o.padding());
}

std::tuple<Tensor, Tensor> fractional_max_pool2d_with_indices(const Tensor& input,
                                                              const FractionalMaxPool2dFuncOptions& options) {
  return fractional("fractional_max_pool2d", input, options);
}
std::tuple<Tensor, Tensor> fractional_max_pool3d_with_indices(const Tensor& input,
                                                              const FractionalMaxPool3dFuncOptions& options) {
  return fractional("fractional_max_pool3d", input, options);
}
Tensor fractional_max_pool2d(const Tensor& input, const FractionalMaxPool2dFuncOptions& options) {
  return std::get<0>(fractional_max_pool2d_with_indices(input, options));
}
Tensor fractional_max_pool3d(const Tensor& input, const FractionalMaxPool3dFuncOptions& options) {
  return std::get<0>(fractional_max_pool3d_with_indices(input, options));
}

}  // namespace xgrad::nn::functional
