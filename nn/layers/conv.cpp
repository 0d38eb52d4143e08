// Convolutions: registration, initial values, printing. What they compute is in core/ops/conv.
#include <xgrad/nn/layers/conv.h>

#include <cmath>

#include <xgrad/core/ops/conv/conv.h>
#include <xgrad/core/ops/image/pad.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/functional.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

namespace {

template <class Options>
void check(const Options& o, std::size_t dims, const char* kind) {
  const auto layer = [&] { return concat(kind, dims, "d"); };
  const int64_t in = o.in_channels(), out = o.out_channels(), groups = o.groups();
  XGRAD_CHECK_AS(ValueError, groups > 0, layer(), ": groups must be positive: got ", groups);
  XGRAD_CHECK_AS(ValueError, in >= 0 && out >= 0, layer(), ": channels must not be negative: in_channels is ",
                 in, ", out_channels is ", out);
  XGRAD_CHECK_AS(ValueError, in % groups == 0, layer(),
                 ": in_channels must be divisible by groups: in_channels is ", in, ", groups is ", groups);
  XGRAD_CHECK_AS(ValueError, out % groups == 0, layer(),
                 ": out_channels must be divisible by groups: out_channels is ", out, ", groups is ", groups);
  for (const int64_t size : *o.kernel_size())
    XGRAD_CHECK_AS(ValueError, size > 0, layer(), ": kernel_size must be positive: got ",
                   IValue(o.kernel_size()));
}

DimVector weight_sizes(int64_t first, int64_t second, IntArrayRef kernel) {
  DimVector sizes{first, second};
  for (const int64_t size : kernel) sizes.push_back(size);
  return sizes;
}

// PyTorch draws the values this way, and the same seed is to give the same numbers.
void draw(const Tensor& weight, const Tensor& bias) {
  init::kaiming_uniform_(weight, std::sqrt(5.0));
  if (!bias.defined() || weight.numel() == 0) return;
  const int64_t fan_in = weight.numel() / weight.size(0);
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  init::uniform_(bias, -bound, bound);
}

// The text of a list that is not the same number everywhere.
template <std::size_t D>
std::string unless(const char* name, const ExpandingArray<D>& list, int64_t usual) {
  return list == ExpandingArray<D>(usual) ? std::string() : concat(", ", name, "=", list.tuple());
}

template <class Options>
std::string head(const Options& o) {
  return concat(o.in_channels(), ", ", o.out_channels(), ", kernel_size=", o.kernel_size().tuple(),
                ", stride=", o.stride().tuple());
}
template <class Options>
std::string tail(const Options& o) {
  std::string s;
  if (o.groups() != 1) s += concat(", groups=", o.groups());
  if (!o.bias()) s += ", bias=False";
  if (!o.padding_mode().is(enumtype::kZeros())) s += concat(", padding_mode=", o.padding_mode().word());
  return s;
}

// Before and after each dimension, the last one first; an odd sum has one more behind.
template <std::size_t D>
DimVector margins(const ConvOptions<D>& o) {
  DimVector both;
  for (std::size_t d = D; d-- > 0;) {
    int64_t before = (*o.padding().sizes())[d], after = before;
    if (o.padding().word()) {
      const int64_t total =
          o.padding().word()->is(enumtype::kSame()) ? (*o.dilation())[d] * ((*o.kernel_size())[d] - 1) : 0;
      before = total / 2;
      after = total - before;
    }
    both.push_back(before);
    both.push_back(after);
  }
  return both;
}

// The output_padding with which a transposed convolution makes output_size.
template <std::size_t D>
ExpandingArray<D> output_padding_for(const ConvTransposeOptions<D>& o, const Tensor& input, IntArrayRef all) {
  XGRAD_CHECK(input.dim() == D + 1 || input.dim() == D + 2, "ConvTranspose", D, "d: input must have ", D + 1,
              " or ", D + 2, " dimensions: input is ", input.sizes());
  const IntArrayRef spatial = input.sizes().slice(input.sizes().size() - D);
  XGRAD_CHECK_AS(ValueError, all.size() == D || all.size() == input.sizes().size(), "ConvTranspose", D,
                 "d: output_size must have ", D, " or ", input.dim(), " numbers: got ", all);
  const IntArrayRef wanted = all.slice(all.size() - D);
  std::array<int64_t, D> extra{};
  for (std::size_t d = 0; d < D; ++d) {
    const int64_t least = (spatial[d] - 1) * (*o.stride())[d] - 2 * (*o.padding())[d] +
                          (*o.dilation())[d] * ((*o.kernel_size())[d] - 1) + 1;
    XGRAD_CHECK_AS(ValueError, wanted[d] >= least && wanted[d] < least + (*o.stride())[d], "ConvTranspose", D,
                   "d: output_size must be within one stride of the least: got ", all, ", input is ",
                   input.sizes(), " (dim ", d, ": ", least, " to ", least + (*o.stride())[d] - 1, ")");
    extra[d] = wanted[d] - least;
  }
  return extra;
}

}  // namespace

template <std::size_t D, class Derived>
ConvNdImpl<D, Derived>::ConvNdImpl(const ConvOptions<D>& options_) : options(options_) {
  ConvNdImpl::reset();
}

template <std::size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset() {
  check(options, D, "Conv");
  const int64_t in = options.in_channels() / options.groups();
  weight = this->register_parameter("weight",
                                    empty(weight_sizes(options.out_channels(), in, *options.kernel_size())));
  bias = this->register_parameter("bias", options.bias() ? empty({options.out_channels()}) : Tensor());
  reset_parameters();
}

template <std::size_t D, class Derived>
void ConvNdImpl<D, Derived>::reset_parameters() {
  draw(weight, bias);
}

template <std::size_t D, class Derived>
Tensor ConvNdImpl<D, Derived>::forward(const Tensor& input) {
  functional::ConvFuncOptions<D> call;
  call.bias(bias).stride(options.stride()).dilation(options.dilation()).groups(options.groups());
  if (options.padding_mode().is(enumtype::kZeros()))
    return functional::detail::conv(input, weight, call.padding(options.padding()));
  return functional::detail::conv(pad(input, margins(options), options.padding_mode().word()), weight, call);
}

template <std::size_t D, class Derived>
std::string ConvNdImpl<D, Derived>::extra_repr() const {
  const ConvPadding<D>& padding = options.padding();
  return head(options) +
         (padding.word() ? concat(", padding=", padding.word()->word())
                         : unless("padding", padding.sizes(), 0)) +
         unless("dilation", options.dilation(), 1) + tail(options);
}

template <std::size_t D, class Derived>
ConvTransposeNdImpl<D, Derived>::ConvTransposeNdImpl(const ConvTransposeOptions<D>& options_)
    : options(options_) {
  ConvTransposeNdImpl::reset();
}

template <std::size_t D, class Derived>
void ConvTransposeNdImpl<D, Derived>::reset() {
  check(options, D, "ConvTranspose");
  XGRAD_CHECK_AS(ValueError, options.padding_mode().is(enumtype::kZeros()), "ConvTranspose", D,
                 "d: only padding_mode zeros is there: got ", options.padding_mode().word());
  const int64_t out = options.out_channels() / options.groups();
  weight = this->register_parameter("weight",
                                    empty(weight_sizes(options.in_channels(), out, *options.kernel_size())));
  bias = this->register_parameter("bias", options.bias() ? empty({options.out_channels()}) : Tensor());
  reset_parameters();
}

template <std::size_t D, class Derived>
void ConvTransposeNdImpl<D, Derived>::reset_parameters() {
  draw(weight, bias);
}

template <std::size_t D, class Derived>
Tensor ConvTransposeNdImpl<D, Derived>::forward(const Tensor& input,
                                                const optional<IntArrayRef>& output_size) {
  return functional::detail::conv_transpose(
      input, weight,
      functional::ConvTransposeFuncOptions<D>()
          .bias(bias)
          .stride(options.stride())
          .padding(options.padding())
          .output_padding(output_size ? output_padding_for(options, input, *output_size)
                                      : options.output_padding())
          .groups(options.groups())
          .dilation(options.dilation()));
}

template <std::size_t D, class Derived>
std::string ConvTransposeNdImpl<D, Derived>::extra_repr() const {
  return head(options) + unless("padding", options.padding(), 0) + unless("dilation", options.dilation(), 1) +
         unless("output_padding", options.output_padding(), 0) + tail(options);
}

#define XGRAD_DEFINE_CONV(Base, n)                \
  template class Base##NdImpl<n, Base##n##dImpl>; \
  XGRAD_DEFINE_LAYER(Base##n##d)
XGRAD_DEFINE_CONV(Conv, 1);
XGRAD_DEFINE_CONV(Conv, 2);
XGRAD_DEFINE_CONV(Conv, 3);
XGRAD_DEFINE_CONV(ConvTranspose, 1);
XGRAD_DEFINE_CONV(ConvTranspose, 2);
XGRAD_DEFINE_CONV(ConvTranspose, 3);
#undef XGRAD_DEFINE_CONV

}  // namespace xgrad::nn
