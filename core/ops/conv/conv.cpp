// The op convolution and the gradient of its weight: each is linear in both arguments, and their derivatives
// are each other.
#include <xgrad/core/ops/conv/conv.h>

#include <algorithm>

#include <xgrad/core/kernels/conv/conv.h>
#include <xgrad/core/ops/conv/sizes.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

using kernels::ConvShape;
using Factors = Filter<detail::is_number, ComputeTypes>;

template <class T>
const T* elements(const Tensor& t) {
  return t.defined() ? static_cast<const T*>(t.data_ptr()) : nullptr;
}
Tensor dense(const Tensor& t, ScalarType dtype, MemoryFormat format = MemoryFormat::Contiguous) {
  return t.defined() ? t.to(dtype).contiguous(format) : t;
}

DimVector sizes_of(int64_t first, int64_t second, const int64_t (&all)[3], int dims) {
  DimVector sizes{first, second};
  for (int d = 3 - dims; d < 3; ++d) sizes.push_back(all[d]);
  return sizes;
}

// In which format the kernels compute, of images that lie in `format`.
MemoryFormat native(MemoryFormat format, const ConvShape& shape, bool transposed, ScalarType dtype) {
  return is_floating_type(dtype) && kernels::takes_channels_last(shape, transposed)
             ? format
             : MemoryFormat::Contiguous;
}

Tensor weight_gradient(const ConvShape& shape, int dims, MemoryFormat images, const Tensor& x,
                       const Tensor& y);

// What is convolved is x of `shape`, or, transposed, y.
struct Convolution : Kernel<3> {
  static constexpr OpName name{"convolution", "ConvolutionBackward"};
  using optional = Inputs<2>;
  ConvShape shape;
  int dims;
  MemoryFormat images;
  bool transposed;

  void attributes(auto& put) const {
    put("transposed", transposed);
    put("groups", shape.groups);
    put("stride", last(shape.stride));
    put("padding", last(shape.padding));
    put("dilation", last(shape.dilation));
    put("output_size", last(transposed ? shape.in : shape.out));
  }
  IntArrayRef last(const int64_t (&all)[3]) const { return {all + 3 - dims, static_cast<std::size_t>(dims)}; }

  Tensor forward(const Tensor& input, const Tensor& weight, const Tensor& bias) const {
    const ScalarType stored = input.dtype(), dtype = compute_type(stored);
    const MemoryFormat format = native(images, shape, transposed, dtype);
    const Tensor x = dense(input, dtype, format), w = dense(weight, dtype, format), b = dense(bias, dtype);
    const int64_t channels = shape.groups * (transposed ? shape.in_channels : shape.out_channels);
    Tensor out =
        new_in_format("convolution", dtype,
                      sizes_of(shape.batch, channels, transposed ? shape.in : shape.out, dims), format);
    if (out.numel() == 0) return out.to(stored);
    dispatch<Factors>("convolution", dtype, [&]<class T>() {
      if constexpr (std::is_floating_point_v<T>)
        if (format != MemoryFormat::Contiguous)
          return kernels::conv_channels_last<T>(shape, transposed, elements<T>(x), elements<T>(w),
                                                elements<T>(b), static_cast<T*>(out.data_ptr()));
      (transposed ? kernels::conv_transposed<T> : kernels::conv<T>)(shape, elements<T>(x), elements<T>(w),
                                                                    elements<T>(b),
                                                                    static_cast<T*>(out.data_ptr()));
    });
    return out.to(stored).contiguous(images);
  }
  Tensor backward_0(const Tensor& g, const Tensor& weight) const {
    return differentiable(Convolution{{}, shape, dims, images, !transposed}, g, weight, Tensor());
  }
  using saved_0 = Saved<In<1>>;
  Tensor tangent_0(const Tensor& t, const Tensor& weight) const {
    return differentiable(*this, t, weight, Tensor());
  }
  Tensor backward_1(const Tensor& g, const Tensor& input) const {
    return transposed ? weight_gradient(shape, dims, images, g, input)
                      : weight_gradient(shape, dims, images, input, g);
  }
  using saved_1 = Saved<In<0>>;
  Tensor tangent_1(const Tensor& t, const Tensor& input) const {
    return differentiable(*this, input, t, Tensor());
  }
  Tensor backward_2(const Tensor& g) const {
    DimVector others{0};
    for (int64_t d = 2; d < g.dim(); ++d) others.push_back(d);
    return g.sum(others);
  }
  using saved_2 = Saved<>;
  Symbol text(int input, const Symbol& g, const Symbol* slots) const {
    if (input == 0) return Symbol::call(transposed ? "conv" : "conv_transpose", {g, slots[1]});
    if (input == 2) return Symbol::call("sum", {g});
    return transposed ? Symbol::call("conv_weight", {g, slots[0]})
                      : Symbol::call("conv_weight", {slots[0], g});
  }
};

struct ConvolutionWeight : Kernel<2> {
  static constexpr OpName name{"convolution_weight", "ConvolutionWeightBackward"};
  ConvShape shape;
  int dims;
  MemoryFormat images;

  Tensor forward(const Tensor& input, const Tensor& output) const {
    const ScalarType stored = input.dtype(), dtype = compute_type(stored);
    const MemoryFormat format =
        shape.groups == 1 ? native(images, shape, false, dtype) : MemoryFormat::Contiguous;
    const Tensor x = dense(input, dtype, format), y = dense(output, dtype, format);
    Tensor out =
        new_tensor(dtype, sizes_of(shape.groups * shape.out_channels, shape.in_channels, shape.kernel, dims));
    if (out.numel() == 0) return out.to(stored);
    dispatch<ComputeFloats>("convolution", dtype, [&]<class T>() {
      kernels::conv_weight<T>(shape, format != MemoryFormat::Contiguous, elements<T>(x), elements<T>(y),
                              static_cast<T*>(out.data_ptr()));
    });
    return out.to(stored);
  }
  Tensor backward_0(const Tensor& g, const Tensor& output) const {
    return differentiable(Convolution{{}, shape, dims, images, true}, output, g, Tensor());
  }
  using saved_0 = Saved<In<1>>;
  Tensor tangent_0(const Tensor& t, const Tensor& output) const { return differentiable(*this, t, output); }
  Tensor backward_1(const Tensor& g, const Tensor& input) const {
    return differentiable(Convolution{{}, shape, dims, images, false}, input, g, Tensor());
  }
  using saved_1 = Saved<In<0>>;
  Tensor tangent_1(const Tensor& t, const Tensor& input) const { return differentiable(*this, input, t); }
};

Tensor weight_gradient(const ConvShape& shape, int dims, MemoryFormat images, const Tensor& x,
                       const Tensor& y) {
  return differentiable(ConvolutionWeight{{}, shape, dims, images}, x, y);
}

// What a caller gave, checked step by step; `op` is the name under which it was called.
struct Call {
  const char* op;
  const Tensor &input, &weight, &bias;
  bool transposed;
  int64_t groups;

  void check_channels() const {
    XGRAD_CHECK(input.defined() && weight.defined(), op, ": input and weight must be defined");
    XGRAD_CHECK(input.dim() >= 3 && input.dim() <= 5, op,
                ": input must have a batch, channels and 1 to 3 dimensions: input is ", input.sizes());
    XGRAD_CHECK(weight.dim() == input.dim(), op, ": weight must have as many dimensions as input: weight is ",
                weight.sizes(), ", input is ", input.sizes());
    XGRAD_CHECK_AS(ValueError, groups > 0, op, ": groups must be positive: got ", groups);
    XGRAD_CHECK(weight.size(0) > 0, op, ": weight must have at least one ", transposed ? "input" : "output",
                " channel: weight is ", weight.sizes());
    const int64_t channels = input.size(1), taken = transposed ? weight.size(0) : weight.size(1) * groups;
    XGRAD_CHECK(channels == taken, op, ": input must have the channels that weight takes: input is ",
                input.sizes(), ", weight is ", weight.sizes(), ", groups is ", groups, " (", channels, " vs ",
                taken, ")");
    XGRAD_CHECK(weight.size(0) % groups == 0, op, ": groups must divide ",
                transposed ? "the channels of input" : "the output channels", ": weight is ", weight.sizes(),
                ", groups is ", groups, " (", weight.size(0), " vs ", groups, ")");
    const int64_t out = transposed ? weight.size(1) * groups : weight.size(0);
    XGRAD_CHECK(!bias.defined() || (bias.dim() == 1 && bias.size(0) == out), op,
                ": bias must have one element for each output channel: bias is ", bias.sizes(),
                ", weight is ", weight.sizes(), " (", out, " channels)");
  }
  void check_dtypes() const {
    XGRAD_CHECK_AS(TypeError, detail::is_number(input.dtype()), op, ": bool has no convolution: input is ",
                   input.dtype(), "; convert it with to(kFloat)");
    for (const Tensor* t : {&weight, &bias})
      XGRAD_CHECK_AS(TypeError, !t->defined() || t->dtype() == input.dtype(), op, ": ",
                     t == &weight ? "weight" : "bias", " must have input's dtype: input is ", input.dtype(),
                     ", ", t == &weight ? "weight" : "bias", " is ", t->dtype(),
                     "; convert one with to(...)");
  }
};

struct Lists {
  DimVector stride, padding, dilation, output_padding;
};

// The size of dimension d of the result, which is checked.
int64_t result_size(const Call& c, const Lists& lists, std::size_t d) {
  const int64_t size = c.input.sizes()[d + 2], kernel = c.weight.sizes()[d + 2];
  const int64_t stride = lists.stride[d], padding = lists.padding[d], extra = lists.output_padding[d];
  XGRAD_CHECK(kernel > 0 && size > 0, c.op, ": neither kernel nor image may be empty: input is ",
              c.input.sizes(), ", weight is ", c.weight.sizes());
  const int64_t window = lists.dilation[d] * (kernel - 1) + 1;
  if (!c.transposed) {
    const int64_t padded = size + 2 * padding;
    XGRAD_CHECK(window <= padded, c.op, ": the kernel must not be larger than the padded input: input is ",
                c.input.sizes(), ", weight is ", c.weight.sizes(), ", padding is ", lists.padding,
                ", dilation is ", lists.dilation, " (dim ", d + 2, ": ", window, " vs ", padded, ")");
    return (padded - window) / stride + 1;
  }
  XGRAD_CHECK(extra == 0 || extra < stride || extra < lists.dilation[d], c.op,
              ": output_padding must be smaller than stride or dilation: output_padding is ",
              lists.output_padding, ", stride is ", lists.stride, ", dilation is ", lists.dilation);
  const int64_t result = (size - 1) * stride - 2 * padding + window + extra;
  XGRAD_CHECK(result > 0, c.op, ": nothing is left of the output: input is ", c.input.sizes(), ", weight is ",
              c.weight.sizes(), ", stride is ", lists.stride, ", padding is ", lists.padding, " (dim ", d + 2,
              ": ", result, ")");
  return result;
}

Tensor convolve(const Call& c, const Lists& lists) {
  c.check_channels();
  c.check_dtypes();
  ops::window_sizes(c.op, "input", c.input, 2);
  ops::window_sizes(c.op, "weight", c.weight, 2);
  const int dims = static_cast<int>(c.input.dim()) - 2;
  ConvShape s;
  s.batch = c.input.size(0);
  s.groups = c.groups;
  s.out_channels = c.weight.size(0) / c.groups;
  s.in_channels = c.weight.size(1);
  for (int d = 0; d < dims; ++d) {
    const int at = 3 - dims + d;
    const auto from = static_cast<std::size_t>(d);
    (c.transposed ? s.out : s.in)[at] = c.input.size(d + 2);
    (c.transposed ? s.in : s.out)[at] = result_size(c, lists, from);
    s.kernel[at] = c.weight.size(d + 2);
    s.stride[at] = lists.stride[from];
    s.padding[at] = lists.padding[from];
    s.dilation[at] = lists.dilation[from];
  }
  const int64_t channels = s.groups * (c.transposed ? s.in_channels : s.out_channels);
  checked_numel(c.op, sizes_of(s.batch, channels, c.transposed ? s.in : s.out, dims));
  // As in PyTorch: where one of them has its channels last, the result has; of three dimensions only floats.
  MemoryFormat images = c.input.suggest_memory_format();
  if (images == MemoryFormat::Contiguous) images = c.weight.suggest_memory_format();
  if (dims == 3 && c.input.dtype() != kFloat) images = MemoryFormat::Contiguous;
  return differentiable(Convolution{{}, s, dims, images, c.transposed}, c.input, c.weight, c.bias);
}

Tensor named_convolution(const char* op, int dims, const Tensor& input, const Tensor& weight,
                         const Tensor& bias, IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation,
                         bool transposed, IntArrayRef output_padding, int64_t groups) {
  const auto n = static_cast<std::size_t>(dims);
  const Lists lists{ops::positive_list(op, "stride", stride, n),
                    ops::expanded_list(op, "padding", padding, n),
                    ops::positive_list(op, "dilation", dilation, n),
                    ops::expanded_list(op, "output_padding", output_padding, n)};
  XGRAD_CHECK(input.dim() == dims + 1 || input.dim() == dims + 2, op, ": input must have ", dims + 1, " or ",
              dims + 2, " dimensions: input is ", input.sizes());
  XGRAD_CHECK(weight.dim() == dims + 2, op, ": weight must have ", dims + 2, " dimensions: weight is ",
              weight.sizes());
  if (input.dim() == dims + 2) return convolve({op, input, weight, bias, transposed, groups}, lists);
  const Tensor batch = input.unsqueeze(0);
  return convolve({op, batch, weight, bias, transposed, groups}, lists).squeeze(0);
}

}  // namespace

Tensor convolution(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,
                   IntArrayRef padding, IntArrayRef dilation, bool transposed, IntArrayRef output_padding,
                   int64_t groups) {
  XGRAD_CHECK(input.dim() >= 3 && input.dim() <= 5,
              "convolution: input must have a batch, channels and 1 to 3 dimensions: input is ",
              input.sizes());
  return named_convolution("convolution", static_cast<int>(input.dim()) - 2, input, weight, bias, stride,
                           padding, dilation, transposed, output_padding, groups);
}

#define XGRAD_CONVOLUTION(n)                                                                             \
  Tensor conv##n##d(const Tensor& input, const Tensor& weight, const Tensor& bias, IntArrayRef stride,   \
                    IntArrayRef padding, IntArrayRef dilation, int64_t groups) {                         \
    return named_convolution("conv" #n "d", n, input, weight, bias, stride, padding, dilation, false, 0, \
                             groups);                                                                    \
  }                                                                                                      \
  Tensor conv_transpose##n##d(const Tensor& input, const Tensor& weight, const Tensor& bias,             \
                              IntArrayRef stride, IntArrayRef padding, IntArrayRef output_padding,       \
                              int64_t groups, IntArrayRef dilation) {                                    \
    return named_convolution("conv_transpose" #n "d", n, input, weight, bias, stride, padding, dilation, \
                             true, output_padding, groups);                                              \
  }
XGRAD_CONVOLUTION(1)
XGRAD_CONVOLUTION(2)
XGRAD_CONVOLUTION(3)
#undef XGRAD_CONVOLUTION

namespace detail {

Tensor conv_by_name(int dims, const Tensor& input, const Tensor& weight, const Tensor& bias,
                    IntArrayRef stride, std::string_view padding, IntArrayRef dilation, int64_t groups) {
  static constexpr const char* names[] = {"conv1d", "conv2d", "conv3d"};
  const char* op = names[dims - 1];
  if (padding == "valid")
    return named_convolution(op, dims, input, weight, bias, stride, 0, dilation, false, 0, groups);
  XGRAD_CHECK_AS(ValueError, padding == "same", op, ": padding must be 'valid' or 'same': got '", padding,
                 "'");
  const auto n = static_cast<std::size_t>(dims);
  for (const int64_t s : ops::positive_list(op, "stride", stride, n))
    XGRAD_CHECK_AS(ValueError, s == 1, op, ": padding='same' needs stride 1: stride is ", stride);
  XGRAD_CHECK(weight.dim() == dims + 2, op, ": weight must have ", dims + 2, " dimensions: weight is ",
              weight.sizes());
  // What does not halve goes behind the input.
  const DimVector apart = ops::positive_list(op, "dilation", dilation, n);
  const DimVector kernel = ops::window_sizes(op, "weight", weight, 2);
  DimVector both, behind;
  for (std::size_t d = 0; d < n; ++d) {
    const int64_t total = apart[d] * std::max<int64_t>(0, kernel[d] - 1);
    both.push_back(total / 2);
    behind.insert(0, total % 2);
    behind.insert(0, 0);
  }
  const bool even = std::all_of(behind.begin(), behind.end(), [](int64_t p) { return p == 0; });
  return named_convolution(op, dims, even ? input : constant_pad_nd(input, behind), weight, bias, stride,
                           both, dilation, false, 0, groups);
}

}  // namespace detail

}  // namespace xgrad
