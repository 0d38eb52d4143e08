// Weights as a length and a direction: Salimans, Kingma 2016, "Weight Normalization"; and weights divided by
// their largest singular value: Miyato et al. 2018, "Spectral Normalization for GANs".
#pragma once

#include <string>

#include <xgrad/nn/module.h>

namespace xgrad::nn::utils {

/// Replaces the parameter `name` by `<name>_g`, its norms over all dimensions but `dim` (without one: over
/// all), and `<name>_v`: before each forward it is computed as g v / |v|. Where the module is called, and not
/// its `forward`, that is. Returns the module. Throws ValueError when it has no such parameter, Error when
/// one of the two norms is applied to it already.
XGRAD_API Module& weight_norm(Module& module, const std::string& name = "weight", optional<int64_t> dim = 0);
/// Makes the parameter what it was, of its value now. Throws ValueError when weight_norm was not applied to
/// it.
XGRAD_API Module& remove_weight_norm(Module& module, const std::string& name = "weight");

/// Replaces the parameter `name` by `<name>_orig`, with buffers `<name>_u` and `<name>_v`: before each
/// forward it is computed as orig / sigma, sigma = u . W v being an estimate of the largest singular value of
/// W, which is orig as a matrix with the rows `dim` (0, of a transposed convolution 1). In training
/// n_power_iterations improve u and v before. Throws as weight_norm does, and ValueError unless
/// n_power_iterations > 0.
XGRAD_API Module& spectral_norm(Module& module, const std::string& name = "weight",
                                int64_t n_power_iterations = 1, double eps = 1e-12,
                                optional<int64_t> dim = nullopt);
XGRAD_API Module& remove_spectral_norm(Module& module, const std::string& name = "weight");

/// The same for a holder, which is returned: `Linear fc = weight_norm(Linear(3, 4))`.
template <class H, class... A, std::enable_if_t<nn::detail::is_module_holder<H>, int> = 0>
std::decay_t<H> weight_norm(H&& holder, A&&... arguments) {
  weight_norm(*holder, std::forward<A>(arguments)...);
  return std::forward<H>(holder);
}
template <class H, std::enable_if_t<nn::detail::is_module_holder<H>, int> = 0>
std::decay_t<H> remove_weight_norm(H&& holder, const std::string& name = "weight") {
  remove_weight_norm(*holder, name);
  return std::forward<H>(holder);
}
template <class H, class... A, std::enable_if_t<nn::detail::is_module_holder<H>, int> = 0>
std::decay_t<H> spectral_norm(H&& holder, A&&... arguments) {
  spectral_norm(*holder, std::forward<A>(arguments)...);
  return std::forward<H>(holder);
}
template <class H, std::enable_if_t<nn::detail::is_module_holder<H>, int> = 0>
std::decay_t<H> remove_spectral_norm(H&& holder, const std::string& name = "weight") {
  remove_spectral_norm(*holder, name);
  return std::forward<H>(holder);
}

}  // namespace xgrad::nn::utils
