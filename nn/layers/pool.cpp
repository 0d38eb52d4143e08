// Pooling: calls of the functionals, and printing.
#include <xgrad/nn/layers/pool.h>

#include <xgrad/nn/functional/pool.h>

namespace xgrad::nn {

namespace {

// Python keeps some sizes as they were given, and makes tuples of others.
template <std::size_t D>
std::string tuples(const ExpandingArray<D>& kernel, const ExpandingArray<D>& stride,
                   const ExpandingArray<D>& padding) {
  return concat("kernel_size=", kernel.tuple(), ", stride=", stride.tuple(), ", padding=", padding.tuple());
}

template <std::size_t D>
std::string text(const AvgPoolOptions<D>& o) {
  if (D == 1) return tuples(o.kernel_size(), o.stride(), o.padding());
  return concat("kernel_size=", IValue(o.kernel_size()), ", stride=", IValue(o.stride()),
                ", padding=", IValue(o.padding()));
}

template <std::size_t D>
functional::MaxUnpoolFuncOptions<D> unpool(const MaxUnpoolOptions<D>& o,
                                           const optional<std::vector<int64_t>>& output_size) {
  return functional::MaxUnpoolFuncOptions<D>(o.kernel_size())
      .stride(o.stride())
      .padding(o.padding())
      .output_size(output_size);
}

}  // namespace

#define XGRAD_MAX_POOL(Name, function)                                                             \
  Tensor Name##Impl::forward(const Tensor& input) { return functional::function(input, options); } \
  std::tuple<Tensor, Tensor> Name##Impl::forward_with_indices(const Tensor& input) {               \
    return functional::function##_with_indices(input, options);                                    \
  }                                                                                                \
  XGRAD_DEFINE_LAYER(Name)
#define XGRAD_POOL_LAYERS(n)                                                                 \
  XGRAD_MAX_POOL(MaxPool##n##d, max_pool##n##d);                                             \
  std::string MaxPool##n##dImpl::extra_repr() const { return fields_repr(options); }         \
  XGRAD_MAX_POOL(AdaptiveMaxPool##n##d, adaptive_max_pool##n##d);                            \
  std::string AdaptiveMaxPool##n##dImpl::extra_repr() const { return fields_repr(options); } \
  Tensor AvgPool##n##dImpl::forward(const Tensor& input) {                                   \
    return functional::avg_pool##n##d(input, options);                                       \
  }                                                                                          \
  std::string AvgPool##n##dImpl::extra_repr() const { return text(options); }                \
  XGRAD_DEFINE_LAYER(AvgPool##n##d);                                                         \
  Tensor LPPool##n##dImpl::forward(const Tensor& input) {                                    \
    return functional::lp_pool##n##d(input, options);                                        \
  }                                                                                          \
  std::string LPPool##n##dImpl::extra_repr() const { return fields_repr(options); }          \
  XGRAD_DEFINE_LAYER(LPPool##n##d);                                                          \
  Tensor AdaptiveAvgPool##n##dImpl::forward(const Tensor& input) {                           \
    return functional::adaptive_avg_pool##n##d(input, options);                              \
  }                                                                                          \
  std::string AdaptiveAvgPool##n##dImpl::extra_repr() const { return fields_repr(options); } \
  XGRAD_DEFINE_LAYER(AdaptiveAvgPool##n##d);                                                 \
  Tensor MaxUnpool##n##dImpl::forward(const Tensor& input, const Tensor& indices,            \
                                      const optional<std::vector<int64_t>>& output_size) {   \
    return functional::max_unpool##n##d(input, indices, unpool(options, output_size));       \
  }                                                                                          \
  std::string MaxUnpool##n##dImpl::extra_repr() const {                                      \
    return tuples(options.kernel_size(), options.stride(), options.padding());               \
  }                                                                                          \
  XGRAD_DEFINE_LAYER(MaxUnpool##n##d)
XGRAD_POOL_LAYERS(1);
XGRAD_POOL_LAYERS(2);
XGRAD_POOL_LAYERS(3);
XGRAD_MAX_POOL(FractionalMaxPool2d, fractional_max_pool2d);
XGRAD_MAX_POOL(FractionalMaxPool3d, fractional_max_pool3d);
#undef XGRAD_MAX_POOL
#undef XGRAD_POOL_LAYERS

}  // namespace xgrad::nn
