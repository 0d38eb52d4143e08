// Convolutions: options unfolded into the arguments of core's ops.
#include <xgrad/nn/functional/conv.h>

#include <xgrad/core/ops/conv/conv.h>

namespace xgrad::nn::functional {

namespace detail {

template <std::size_t D>
Tensor conv(const Tensor& input, const Tensor& weight, const ConvFuncOptions<D>& o) {
  using Function =
      Tensor (*)(const Tensor&, const Tensor&, const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, int64_t);
  constexpr Function functions[] = {&xgrad::conv1d, &xgrad::conv2d, &xgrad::conv3d};
  if (o.padding().word())
    return xgrad::detail::conv_by_name(D, input, weight, o.bias(), *o.stride(), o.padding().word()->word(),
                                       *o.dilation(), o.groups());
  return functions[D - 1](input, weight, o.bias(), *o.stride(), *o.padding().sizes(), *o.dilation(),
                          o.groups());
}

template <std::size_t D>
Tensor conv_transpose(const Tensor& input, const Tensor& weight, const ConvTransposeFuncOptions<D>& o) {
  constexpr decltype(&xgrad::conv_transpose1d) functions[] = {
      &xgrad::conv_transpose1d, &xgrad::conv_transpose2d, &xgrad::conv_transpose3d};
  return functions[D - 1](input, weight, o.bias(), *o.stride(), *o.padding(), *o.output_padding(), o.groups(),
                          *o.dilation());
}

}  // namespace detail

#define XGRAD_CONVOLUTION(n)                                                                           \
  Tensor conv##n##d(const Tensor& input, const Tensor& weight, const Conv##n##dFuncOptions& options) { \
    return detail::conv<n>(input, weight, options);                                                    \
  }                                                                                                    \
  Tensor conv_transpose##n##d(const Tensor& input, const Tensor& weight,                               \
                              const ConvTranspose##n##dFuncOptions& options) {                         \
    return detail::conv_transpose<n>(input, weight, options);                                          \
  }                                                                                                    \
  template Tensor detail::conv<n>(const Tensor&, const Tensor&, const ConvFuncOptions<n>&);            \
  template Tensor detail::conv_transpose<n>(const Tensor&, const Tensor&, const ConvTransposeFuncOptions<n>&);
XGRAD_CONVOLUTION(1)
XGRAD_CONVOLUTION(2)
XGRAD_CONVOLUTION(3)
#undef XGRAD_CONVOLUTION

}  // namespace xgrad::nn::functional
