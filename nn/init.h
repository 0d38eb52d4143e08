// Initial values: every function fills a tensor in place, outside any graph, and returns it. The same seed
// gives PyTorch's numbers.
#pragma once

#include <tuple>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/nn/enum.h>

namespace xgrad::nn::init {

/// Which number of connections `kaiming` holds the variance for: forward or backward.
using FanModeType = OneOf<enumtype::kFanIn, enumtype::kFanOut>;

/// What follows the weights; it decides the gain.
using NonlinearityType =
    OneOf<enumtype::kLinear, enumtype::kConv1D, enumtype::kConv2D, enumtype::kConv3D,
          enumtype::kConvTranspose1D, enumtype::kConvTranspose2D, enumtype::kConvTranspose3D,
          enumtype::kSigmoid, enumtype::kTanh, enumtype::kReLU, enumtype::kLeakyReLU, enumtype::kSELU>;

/// 1 for linear and sigmoid, 5/3 for tanh, sqrt(2) for relu, sqrt(2 / (1 + param^2)) for leaky relu of slope
/// `param`, 3/4 for selu.
XGRAD_API double calculate_gain(NonlinearityType nonlinearity, double param = 0.01);

XGRAD_API Tensor constant_(Tensor tensor, Scalar value);
XGRAD_API Tensor ones_(Tensor tensor);
XGRAD_API Tensor zeros_(Tensor tensor);
/// Ones on the diagonal of a matrix, zeros elsewhere.
XGRAD_API Tensor eye_(Tensor matrix);
/// Ones that make a convolution keep its channels, in each of `groups`; the weight has 3 to 5 dimensions.
XGRAD_API Tensor dirac_(Tensor tensor, int64_t groups = 1);
XGRAD_API Tensor uniform_(Tensor tensor, double low = 0, double high = 1);
XGRAD_API Tensor normal_(Tensor tensor, double mean = 0, double std = 1);
/// Normal within [a, b].
XGRAD_API Tensor trunc_normal_(Tensor tensor, double mean = 0, double std = 1, double a = -2, double b = 2);
/// gain times a matrix with orthonormal rows or columns, of the dimension 0 by all others: Saxe et al. 2014.
XGRAD_API Tensor orthogonal_(Tensor tensor, double gain = 1);
/// Normal, with the part `sparsity` of each column of a matrix 0: Martens 2010.
XGRAD_API Tensor sparse_(Tensor matrix, double sparsity, double std = 0.01);
/// The numbers of connections that lead into an output and out of an input of a weight [out, in, kernel...].
XGRAD_API std::tuple<int64_t, int64_t> _calculate_fan_in_and_fan_out(const Tensor& tensor);
/// Uniform within gain * sqrt(3 / fan): He et al. 2015, "Delving deep into rectifiers".
XGRAD_API Tensor kaiming_uniform_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                                  NonlinearityType nonlinearity = kLeakyReLU);
/// Normal with standard deviation gain / sqrt(fan).
XGRAD_API Tensor kaiming_normal_(Tensor tensor, double a = 0, FanModeType mode = kFanIn,
                                 NonlinearityType nonlinearity = kLeakyReLU);
/// Uniform within gain * sqrt(6 / (fan_in + fan_out)): Glorot and Bengio 2010.
XGRAD_API Tensor xavier_uniform_(Tensor tensor, double gain = 1);
/// Normal with standard deviation gain * sqrt(2 / (fan_in + fan_out)).
XGRAD_API Tensor xavier_normal_(Tensor tensor, double gain = 1);

}  // namespace xgrad::nn::init
