// Activations of networks, elementwise; floating dtypes only unless said. Each has a form in place (`silu_`).
#pragma once

#include <string_view>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

#define XGRAD_ACTIVATION(name)               \
  XGRAD_API Tensor name(const Tensor& self); \
  XGRAD_API Tensor& name##_(Tensor& self);
XGRAD_ACTIVATION(silu)         ///< x sigmoid(x).
XGRAD_ACTIVATION(mish)         ///< x tanh(log(1 + e^x)). Misra 2019.
XGRAD_ACTIVATION(hardswish)    ///< x min(max(x + 3, 0), 6) / 6. Howard et al. 2019.
XGRAD_ACTIVATION(hardsigmoid)  ///< min(max(x + 3, 0), 6) / 6.
XGRAD_ACTIVATION(log_sigmoid)  ///< log(sigmoid(x)).
#undef XGRAD_ACTIVATION

/// scale times x above 0, and alpha (e^(input_scale x) - 1) below. Clevert et al. 2016.
XGRAD_API Tensor elu(const Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1,
                     const Scalar& input_scale = 1);
XGRAD_API Tensor& elu_(Tensor& self, const Scalar& alpha = 1, const Scalar& scale = 1,
                       const Scalar& input_scale = 1);
/// max(0, x) + min(0, alpha (e^(x / alpha) - 1)). Barron 2017.
XGRAD_API Tensor celu(const Tensor& self, const Scalar& alpha = 1);
XGRAD_API Tensor& celu_(Tensor& self, const Scalar& alpha = 1);
/// elu with the scales that keep mean 0 and variance 1. Klambauer et al. 2017.
XGRAD_API Tensor selu(const Tensor& self);
XGRAD_API Tensor& selu_(Tensor& self);
/// x above 0, negative_slope x below.
XGRAD_API Tensor leaky_relu(const Tensor& self, const Scalar& negative_slope = 0.01);
XGRAD_API Tensor& leaky_relu_(Tensor& self, const Scalar& negative_slope = 0.01);
/// x held in [min_val, max_val]; integers too. The gradient is 0 at the bounds.
XGRAD_API Tensor hardtanh(const Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
XGRAD_API Tensor& hardtanh_(Tensor& self, const Scalar& min_val = -1, const Scalar& max_val = 1);
/// hardtanh in [0, 6].
XGRAD_API Tensor relu6(const Tensor& self);
XGRAD_API Tensor& relu6_(Tensor& self);
/// x outside of [-lambd, lambd], 0 within.
XGRAD_API Tensor hardshrink(const Tensor& self, const Scalar& lambd = 0.5);
XGRAD_API Tensor& hardshrink_(Tensor& self, const Scalar& lambd = 0.5);
/// x moved by lambd toward 0, which it does not cross.
XGRAD_API Tensor softshrink(const Tensor& self, const Scalar& lambd = 0.5);
XGRAD_API Tensor& softshrink_(Tensor& self, const Scalar& lambd = 0.5);
/// log(1 + e^(beta x)) / beta; x where beta x is above threshold.
XGRAD_API Tensor softplus(const Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
XGRAD_API Tensor& softplus_(Tensor& self, const Scalar& beta = 1, const Scalar& threshold = 20);
/// x above threshold, else value; integers too.
XGRAD_API Tensor threshold(const Tensor& self, const Scalar& threshold, const Scalar& value);
XGRAD_API Tensor& threshold_(Tensor& self, const Scalar& threshold, const Scalar& value);
/// x times the normal distribution at x, or ("tanh") an approximation. Hendrycks and Gimpel 2016.
XGRAD_API Tensor gelu(const Tensor& self, std::string_view approximate = "none");
XGRAD_API Tensor& gelu_(Tensor& self, std::string_view approximate = "none");

/// x above 0, weight x below: one weight for all, or one for each index of dimension 1. He et al. 2015.
XGRAD_API Tensor prelu(const Tensor& self, const Tensor& weight);
/// a sigmoid(b) of the halves a and b of self along a dimension. Dauphin et al. 2017.
XGRAD_API Tensor glu(const Tensor& self, int64_t dim = -1);

}  // namespace xgrad
