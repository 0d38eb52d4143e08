// Initial values: the bounds and deviations; the draws are core's.
#include <xgrad/nn/init.h>

#include <cmath>
#include <utility>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::nn::init {

namespace {

struct Fans {
  double in, out;
};

// A weight is [out, in, kernel...]: every kernel position is a connection of its own.
Fans fans_of(const char* op, const Tensor& tensor) {
  XGRAD_CHECK_AS(ValueError, tensor.dim() >= 2, op, ": needs a tensor with at least two dimensions: got ",
                 tensor.sizes());
  double kernel = 1;
  for (int64_t d = 2; d < tensor.dim(); ++d) kernel *= static_cast<double>(tensor.size(d));
  return {static_cast<double>(tensor.size(1)) * kernel, static_cast<double>(tensor.size(0)) * kernel};
}

double kaiming_deviation(const char* op, const Tensor& tensor, double a, FanModeType mode,
                         NonlinearityType nonlinearity) {
  const Fans fans = fans_of(op, tensor);
  const bool out = mode.is(kFanOut);
  return calculate_gain(nonlinearity, a) / std::sqrt(out ? fans.out : fans.in);
}

}  // namespace

double calculate_gain(NonlinearityType nonlinearity, double param) {
  if (nonlinearity.is(kTanh)) return 5.0 / 3.0;
  if (nonlinearity.is(kReLU)) return std::sqrt(2.0);
  if (nonlinearity.is(kLeakyReLU)) return std::sqrt(2.0 / (1 + param * param));
  return 1.0;
}

Tensor constant_(Tensor tensor, Scalar value) {
  NoGradGuard no_grad;
  return tensor.fill_(value);
}
Tensor ones_(Tensor tensor) { return constant_(std::move(tensor), 1); }
Tensor zeros_(Tensor tensor) { return constant_(std::move(tensor), 0); }

Tensor eye_(Tensor matrix) {
  XGRAD_CHECK_AS(ValueError, matrix.dim() == 2, "eye_: needs a matrix: got ", matrix.sizes());
  NoGradGuard no_grad;
  return matrix.copy_(eye(matrix.size(0), matrix.size(1), matrix.options()));
}

Tensor uniform_(Tensor tensor, double low, double high) {
  NoGradGuard no_grad;
  return tensor.uniform_(low, high);
}
Tensor normal_(Tensor tensor, double mean, double std) {
  NoGradGuard no_grad;
  return tensor.normal_(mean, std);
}

Tensor kaiming_uniform_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  if (tensor.numel() == 0) return tensor;
  const double bound = std::sqrt(3.0) * kaiming_deviation("kaiming_uniform_", tensor, a, mode, nonlinearity);
  return uniform_(std::move(tensor), -bound, bound);
}
Tensor kaiming_normal_(Tensor tensor, double a, FanModeType mode, NonlinearityType nonlinearity) {
  if (tensor.numel() == 0) return tensor;
  const double deviation = kaiming_deviation("kaiming_normal_", tensor, a, mode, nonlinearity);
  return normal_(std::move(tensor), 0, deviation);
}

Tensor xavier_uniform_(Tensor tensor, double gain) {
  const Fans fans = fans_of("xavier_uniform_", tensor);
  const double bound = std::sqrt(3.0) * gain * std::sqrt(2.0 / (fans.in + fans.out));
  return uniform_(std::move(tensor), -bound, bound);
}
Tensor xavier_normal_(Tensor tensor, double gain) {
  const Fans fans = fans_of("xavier_normal_", tensor);
  const double deviation = gain * std::sqrt(2.0 / (fans.in + fans.out));
  return normal_(std::move(tensor), 0, deviation);
}

}  // namespace xgrad::nn::init
