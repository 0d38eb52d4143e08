// Random tensors: for the same seed the same numbers as PyTorch's CPU generator. Without a generator they
// come from the default one, see `manual_seed`. The forms that fill a tensor in place (`uniform_`, ...) are
// methods of Tensor.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

namespace detail {
// Only for what is a generator: `{}` in its place is options.
template <class G>
using IfGenerator =
    std::enable_if_t<std::is_same_v<G, Generator> || std::is_same_v<G, optional<Generator>>, int>;
XGRAD_API Tensor rand_like(const Tensor& self, const optional<Generator>& generator,
                           const TensorOptions& options, optional<MemoryFormat> format);
XGRAD_API Tensor randn_like(const Tensor& self, const optional<Generator>& generator,
                            const TensorOptions& options, optional<MemoryFormat> format);
XGRAD_API Tensor randint_like(const Tensor& self, int64_t low, int64_t high,
                              const optional<Generator>& generator, const TensorOptions& options,
                              optional<MemoryFormat> format);
}  // namespace detail

/// Uniform in [0, 1).
XGRAD_API Tensor rand(IntArrayRef size, const TensorOptions& options = {});
XGRAD_API Tensor rand(IntArrayRef size, optional<Generator> generator, const TensorOptions& options = {});
XGRAD_API Tensor rand_like(const Tensor& self, const TensorOptions& options = {},
                           optional<MemoryFormat> format = nullopt);
/// Normal with mean 0 and standard deviation 1.
XGRAD_API Tensor randn(IntArrayRef size, const TensorOptions& options = {});
XGRAD_API Tensor randn(IntArrayRef size, optional<Generator> generator, const TensorOptions& options = {});
XGRAD_API Tensor randn_like(const Tensor& self, const TensorOptions& options = {},
                            optional<MemoryFormat> format = nullopt);
/// Integers in [low, high), int64 unless the options say otherwise; `low` is 0 if not given.
XGRAD_API Tensor randint(int64_t high, IntArrayRef size, const TensorOptions& options = {});
XGRAD_API Tensor randint(int64_t high, IntArrayRef size, optional<Generator> generator,
                         const TensorOptions& options = {});
XGRAD_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, const TensorOptions& options = {});
XGRAD_API Tensor randint(int64_t low, int64_t high, IntArrayRef size, optional<Generator> generator,
                         const TensorOptions& options = {});
/// The same with shape and dtype of `self`.
XGRAD_API Tensor randint_like(const Tensor& self, int64_t high, const TensorOptions& options = {},
                              optional<MemoryFormat> format = nullopt);
XGRAD_API Tensor randint_like(const Tensor& self, int64_t low, int64_t high,
                              const TensorOptions& options = {}, optional<MemoryFormat> format = nullopt);
/// The integers 0 .. n - 1 in random order, int64 unless the options say otherwise.
XGRAD_API Tensor randperm(int64_t n, const TensorOptions& options = {});
XGRAD_API Tensor randperm(int64_t n, optional<Generator> generator, const TensorOptions& options = {});

/// mean + std * (a standard normal number), elementwise with broadcasting. No gradient reaches mean and std.
XGRAD_API Tensor normal(double mean, double std, IntArrayRef size, optional<Generator> generator = nullopt,
                        const TensorOptions& options = {});
XGRAD_API Tensor normal(const Tensor& mean, double std = 1, optional<Generator> generator = nullopt);
XGRAD_API Tensor normal(double mean, const Tensor& std, optional<Generator> generator = nullopt);
XGRAD_API Tensor normal(const Tensor& mean, const Tensor& std, optional<Generator> generator = nullopt);

/// 1 with the probability that stands at the element, otherwise 0.
XGRAD_API Tensor bernoulli(const Tensor& input, optional<Generator> generator = nullopt);
/// 1 with probability p, otherwise 0, in input's shape and dtype.
XGRAD_API Tensor bernoulli(const Tensor& input, double p, optional<Generator> generator = nullopt);
XGRAD_API Tensor bernoulli(const Tensor& input, const Tensor& p, optional<Generator> generator = nullopt);
/// A number of Poisson's distribution whose mean stands at the element; floating only. No gradient reaches
/// it.
XGRAD_API Tensor poisson(const Tensor& self, optional<Generator> generator = nullopt);
/// How many of `count` trials of probability `prob` succeed; floating tensors of one dtype, which broadcast.
XGRAD_API Tensor binomial(const Tensor& count, const Tensor& prob, optional<Generator> generator = nullopt);
/// `num_samples` indices for each row of weights (they need not sum to 1): int64 [samples] or [rows,
/// samples].
XGRAD_API Tensor multinomial(const Tensor& input, int64_t num_samples, bool replacement = false,
                             optional<Generator> generator = nullopt);

/// Each element is 0 with probability p, otherwise x / (1 - p); input itself unless `train`.
XGRAD_API Tensor dropout(const Tensor& input, double p, bool train);
XGRAD_API Tensor& dropout_(Tensor& input, double p, bool train);
/// The same for whole channels, the first two dimensions [N, C].
XGRAD_API Tensor feature_dropout(const Tensor& input, double p, bool train);
XGRAD_API Tensor& feature_dropout_(Tensor& input, double p, bool train);
/// Dropped elements become what a selu saturates at, and all are scaled and moved so that mean and variance
/// stay (Klambauer et al., "Self-Normalizing Neural Networks", 2017).
XGRAD_API Tensor alpha_dropout(const Tensor& input, double p, bool train);
XGRAD_API Tensor& alpha_dropout_(Tensor& input, double p, bool train);
XGRAD_API Tensor feature_alpha_dropout(const Tensor& input, double p, bool train);
XGRAD_API Tensor& feature_alpha_dropout_(Tensor& input, double p, bool train);
/// x above 0, and below it x times a slope: drawn for each element in [lower, upper], or their mean unless
/// `training` (Xu et al., "Empirical Evaluation of Rectified Activations", 2015).
XGRAD_API Tensor rrelu(const Tensor& self, const Scalar& lower = 0.125, const Scalar& upper = 1.0 / 3,
                       bool training = false, optional<Generator> generator = nullopt);
XGRAD_API Tensor& rrelu_(Tensor& self, const Scalar& lower = 0.125, const Scalar& upper = 1.0 / 3,
                         bool training = false, optional<Generator> generator = nullopt);

}  // namespace xgrad
