// Initial values: the bounds and deviations; the draws are core's.
#include <xgrad/nn/init.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad::nn::init {

namespace {

// A weight is [out, in, kernel...]: every kernel position is a connection of its own.
struct Fans {
  int64_t in, out;
};

Fans fans_of(const char* op, const Tensor& tensor) {
  XGRAD_CHECK_AS(ValueError, tensor.dim() >= 2, op, ": needs a tensor with at least two dimensions: got ",
                 tensor.sizes());
  int64_t kernel = 1;
  for (int64_t d = 2; d < tensor.dim(); ++d) kernel *= tensor.size(d);
  return {tensor.size(1) * kernel, tensor.size(0) * kernel};
}

// What both Xavier's schemes have: the standard deviation.
double xavier_deviation(const char* op, const Tensor& tensor, double gain) {
  const Fans fans = fans_of(op, tensor);
  return gain * std::sqrt(2.0 / static_cast<double>(fans.in + fans.out));
}

double kaiming_deviation(const char* op, const Tensor& tensor, double a, FanModeType mode,
                         NonlinearityType nonlinearity) {
  const Fans fans = fans_of(op, tensor);
  const bool out = mode.is(kFanOut);
  return calculate_gain(nonlinearity, a) / std::sqrt(static_cast<double>(out ? fans.out : fans.in));
}

}  // namespace

double calculate_gain(NonlinearityType nonlinearity, double param) {
  if (nonlinearity.is(kTanh)) return 5.0 / 3.0;
  if (nonlinearity.is(kReLU)) return std::sqrt(2.0);
  if (nonlinearity.is(kSELU)) return 3.0 / 4.0;
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
  const double bound = std::sqrt(3.0) * xavier_deviation("xavier_uniform_", tensor, gain);
  return uniform_(std::move(tensor), -bound, bound);
}
Tensor xavier_normal_(Tensor tensor, double gain) {
  const double deviation = xavier_deviation("xavier_normal_", tensor, gain);
  return normal_(std::move(tensor), 0, deviation);
}

std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor) {
  const Fans fans = fans_of("_calculate_fan_in_and_fan_out", tensor);
  return {fans.in, fans.out};
}

Tensor dirac_(Tensor tensor, int64_t groups) {
  XGRAD_CHECK_AS(ValueError, tensor.dim() >= 3 && tensor.dim() <= 5,
                 "dirac_: Only tensors with 3, 4, or 5 dimensions are supported: got ", tensor.sizes());
  XGRAD_CHECK_AS(ValueError, groups > 0 && tensor.size(0) % groups == 0,
                 "dirac_: dim 0 must be divisible by groups: it is ", tensor.size(0), ", groups is ", groups);
  const NoGradGuard no_grad;
  tensor.zero_();
  Tensor middle = tensor;
  for (int64_t d = tensor.dim() - 1; d >= 2; --d) {
    if (tensor.size(d) == 0) return tensor;
    middle = middle.select(d, tensor.size(d) / 2);
  }
  const int64_t rows = tensor.size(0) / groups, ones = std::min(rows, tensor.size(1));
  for (int64_t g = 0; g < groups; ++g) middle.narrow(0, g * rows, ones).diagonal().fill_(1);
  return tensor;
}

Tensor orthogonal_(Tensor tensor, double gain) {
  XGRAD_CHECK_AS(ValueError, tensor.dim() >= 2,
                 "orthogonal_: Only tensors with 2 or more dimensions are supported: got ", tensor.sizes());
  if (tensor.numel() == 0) return tensor;
  const NoGradGuard no_grad;
  const int64_t rows = tensor.size(0), columns = tensor.numel() / rows;
  Tensor drawn = empty({rows, columns}, tensor.options().requires_grad(false)).normal_(0, 1);
  if (rows < columns) drawn = drawn.t();
  const auto [q, r] = linalg::qr(drawn);
  const Tensor signs = q * r.diagonal().sign();
  return tensor.copy_((rows < columns ? signs.t() : signs).reshape(tensor.sizes())).mul_(gain);
}

Tensor sparse_(Tensor matrix, double sparsity, double std) {
  XGRAD_CHECK_AS(ValueError, matrix.dim() == 2, "sparse_: Only tensors with 2 dimensions are supported: got ",
                 matrix.sizes());
  const int64_t rows = matrix.size(0);
  const auto zeros = static_cast<int64_t>(std::ceil(sparsity * static_cast<double>(rows)));
  XGRAD_CHECK_AS(ValueError, zeros >= 0 && zeros <= rows, "sparse_: sparsity must be between 0 and 1: got ",
                 sparsity);
  const NoGradGuard no_grad;
  matrix.normal_(0, std);
  for (int64_t column = 0; column < matrix.size(1); ++column)
    matrix.select(1, column).index_fill_(0, randperm(rows).narrow(0, 0, zeros), 0);
  return matrix;
}

// As PyTorch drew them until 2.14: even draws between the quantiles of the bounds, through the inverse of the
// normal distribution. The streams of 2.15 are others.
Tensor trunc_normal_(Tensor tensor, double mean, double std, double a, double b) {
  const auto below = [](double x) { return (1 + std::erf(x / std::sqrt(2.0))) / 2; };
  const double low = below((a - mean) / std), high = below((b - mean) / std);
  const NoGradGuard no_grad;
  tensor.uniform_(2 * low - 1, 2 * high - 1).erfinv_();
  return tensor.mul_(std * std::sqrt(2.0)).add_(mean).clamp_(a, b);
}

}  // namespace xgrad::nn::init
