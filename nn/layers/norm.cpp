// Normalisation as modules: parameters, running statistics, printing.
#include <xgrad/nn/layers/norm.h>

#include <xgrad/core/ops/norm/norm.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/functional/norm.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

namespace {

// The first options are told without their names.
std::string repr_of(std::string fields, int without_name) {
  std::size_t at = 0;
  for (; without_name > 0; --without_name) {
    const std::size_t equals = fields.find('=', at);
    fields.erase(at, equals + 1 - at);
    at = fields.find(", ", at) + 2;
  }
  return fields;
}

Tensor ones_if(bool wanted, IntArrayRef sizes) { return wanted ? ones(sizes) : Tensor(); }
Tensor zeros_if(bool wanted, IntArrayRef sizes) { return wanted ? zeros(sizes) : Tensor(); }

void refill(const Tensor& weight, const Tensor& bias) {
  if (weight.defined()) init::ones_(weight);
  if (bias.defined()) init::zeros_(bias);
}

void check_shape(const char* layer, const std::vector<int64_t>& shape) {
  XGRAD_CHECK_AS(ValueError, !shape.empty(), layer, ": normalized_shape must name at least one dimension");
  for (const int64_t size : shape)
    XGRAD_CHECK_AS(ValueError, size >= 0, layer, ": sizes must not be negative: normalized_shape is ",
                   IntArrayRef(shape));
}

}  // namespace

template <class Derived, class Options>
void NormImplBase<Derived, Options>::reset() {
  const int64_t n = options.num_features();
  XGRAD_CHECK_AS(ValueError, n >= 0, this->name(), ": num_features must not be negative: got ", n);
  const bool tracks = options.track_running_stats();
  weight = this->register_parameter("weight", ones_if(options.affine(), {n}));
  bias = this->register_parameter("bias", zeros_if(options.affine() && options.bias(), {n}));
  running_mean = this->register_buffer("running_mean", zeros_if(tracks, {n}));
  running_var = this->register_buffer("running_var", ones_if(tracks, {n}));
  num_batches_tracked =
      this->register_buffer("num_batches_tracked", tracks ? zeros({}, TensorOptions(kLong)) : Tensor());
}

template <class Derived, class Options>
void NormImplBase<Derived, Options>::reset_parameters() {
  reset_running_stats();
  refill(weight, bias);
}

template <class Derived, class Options>
void NormImplBase<Derived, Options>::reset_running_stats() {
  if (!running_mean.defined()) return;
  init::zeros_(running_mean);
  init::ones_(running_var);
  init::zeros_(num_batches_tracked);
}

template <class Derived, class Options>
std::string NormImplBase<Derived, Options>::extra_repr() const {
  return repr_of(fields_repr(Options(options).bias(bias.defined())), 1);
}

template <class Derived, class Options>
void NormImplBase<Derived, Options>::check_input(const Tensor& input, int64_t low, int64_t high,
                                                 int64_t channel_dim) const {
  XGRAD_CHECK_AS(ValueError, input.dim() == low || input.dim() == high, this->name(), ": expected ",
                 low == high ? concat(low) : concat(low, " or ", high), " dimensions: input is ",
                 input.sizes());
  const int64_t channels = input.size(channel_dim), n = options.num_features();
  XGRAD_CHECK_AS(ValueError, channels == n || !(weight.defined() || running_mean.defined()), this->name(),
                 ": input must have num_features channels: input is ", input.sizes(), ", num_features is ", n,
                 " (", channels, " vs ", n, ")");
}

template <int64_t D, class Derived>
Tensor BatchNormImplBase<D, Derived>::forward(const Tensor& input) {
  this->check_input(input, D == 1 ? 2 : D + 2, D + 2, 1);
  const bool counts = this->is_training() && this->running_mean.defined();
  const int64_t batches = counts ? this->num_batches_tracked.template item<int64_t>() + 1 : 1;
  const double momentum = this->options.momentum().value_or(1.0 / static_cast<double>(batches));
  Tensor out = functional::batch_norm(input, this->running_mean, this->running_var,
                                      functional::BatchNormFuncOptions()
                                          .weight(this->weight)
                                          .bias(this->bias)
                                          .training(this->is_training() || !this->running_mean.defined())
                                          .momentum(momentum)
                                          .eps(this->options.eps()));
  if (counts) this->num_batches_tracked.add_(1);
  return out;
}

template <int64_t D, class Derived>
Tensor InstanceNormImplBase<D, Derived>::forward(const Tensor& input) {
  const bool batched = input.dim() == D + 2;
  this->check_input(input, D + 1, D + 2, batched ? 1 : 0);
  const Tensor out = functional::instance_norm(
      batched ? input : input.unsqueeze(0),
      functional::InstanceNormFuncOptions()
          .running_mean(this->running_mean)
          .running_var(this->running_var)
          .weight(this->weight)
          .bias(this->bias)
          .use_input_stats(this->is_training() || !this->options.track_running_stats())
          .momentum(this->options.momentum())
          .eps(this->options.eps()));
  return batched ? out : out.squeeze(0);
}

LayerNormImpl::LayerNormImpl(const LayerNormOptions& options_) : options(options_) { LayerNormImpl::reset(); }
void LayerNormImpl::reset() {
  check_shape("LayerNorm", options.normalized_shape());
  const bool affine = options.elementwise_affine();
  weight = register_parameter("weight", ones_if(affine, options.normalized_shape()));
  bias = register_parameter("bias", zeros_if(affine && options.bias(), options.normalized_shape()));
}
void LayerNormImpl::reset_parameters() { refill(weight, bias); }
Tensor LayerNormImpl::forward(const Tensor& input) {
  return xgrad::layer_norm(input, options.normalized_shape(), weight, bias, options.eps());
}
std::string LayerNormImpl::extra_repr() const {
  return repr_of(fields_repr(LayerNormOptions(options).bias(bias.defined())), 1);
}

RMSNormImpl::RMSNormImpl(const RMSNormOptions& options_) : options(options_) { RMSNormImpl::reset(); }
void RMSNormImpl::reset() {
  check_shape("RMSNorm", options.normalized_shape());
  weight = register_parameter("weight", ones_if(options.elementwise_affine(), options.normalized_shape()));
}
void RMSNormImpl::reset_parameters() { refill(weight, {}); }
Tensor RMSNormImpl::forward(const Tensor& input) {
  return xgrad::rms_norm(input, options.normalized_shape(), weight, options.eps());
}
std::string RMSNormImpl::extra_repr() const { return repr_of(fields_repr(options), 1); }

GroupNormImpl::GroupNormImpl(const GroupNormOptions& options_) : options(options_) { GroupNormImpl::reset(); }
void GroupNormImpl::reset() {
  const int64_t channels = options.num_channels(), groups = options.num_groups();
  XGRAD_CHECK_AS(ValueError, groups > 0 && channels >= 0 && channels % groups == 0,
                 "GroupNorm: num_groups must divide num_channels: num_groups is ", groups,
                 ", num_channels is ", channels);
  weight = register_parameter("weight", ones_if(options.affine(), {channels}));
  bias = register_parameter("bias", zeros_if(options.affine() && options.bias(), {channels}));
}
void GroupNormImpl::reset_parameters() { refill(weight, bias); }
Tensor GroupNormImpl::forward(const Tensor& input) {
  return functional::group_norm(
      input,
      functional::GroupNormFuncOptions(options.num_groups()).weight(weight).bias(bias).eps(options.eps()));
}
std::string GroupNormImpl::extra_repr() const {
  return repr_of(fields_repr(GroupNormOptions(options).bias(bias.defined())), 2);
}

Tensor LocalResponseNormImpl::forward(const Tensor& input) {
  return functional::local_response_norm(input, options);
}
std::string LocalResponseNormImpl::extra_repr() const { return repr_of(fields_repr(options), 1); }

Tensor CrossMapLRN2dImpl::forward(const Tensor& input) {
  XGRAD_CHECK_AS(ValueError, input.dim() == 4, "CrossMapLRN2d: expected 4 dimensions: input is ",
                 input.sizes());
  // An even size counts in the mean, but reaches no further than the odd one below.
  const int64_t reached = (options.size() - 1) / 2 * 2 + 1;
  const double alpha = options.alpha() * static_cast<double>(reached) / static_cast<double>(options.size());
  return xgrad::local_response_norm(input, reached, alpha, options.beta(), static_cast<double>(options.k()));
}
std::string CrossMapLRN2dImpl::extra_repr() const { return repr_of(fields_repr(options), 1); }

#define XGRAD_DEFINE_NORM(Family, D)                              \
  template class NormImplBase<Family##D##dImpl, Family##Options>; \
  template class Family##ImplBase<D, Family##D##dImpl>;           \
  XGRAD_DEFINE_LAYER(Family##D##d)
XGRAD_DEFINE_NORM(BatchNorm, 1);
XGRAD_DEFINE_NORM(BatchNorm, 2);
XGRAD_DEFINE_NORM(BatchNorm, 3);
XGRAD_DEFINE_NORM(InstanceNorm, 1);
XGRAD_DEFINE_NORM(InstanceNorm, 2);
XGRAD_DEFINE_NORM(InstanceNorm, 3);
#undef XGRAD_DEFINE_NORM
XGRAD_DEFINE_LAYER(LayerNorm);
XGRAD_DEFINE_LAYER(RMSNorm);
XGRAD_DEFINE_LAYER(GroupNorm);
XGRAD_DEFINE_LAYER(LocalResponseNorm);
XGRAD_DEFINE_LAYER(CrossMapLRN2d);

}  // namespace xgrad::nn
