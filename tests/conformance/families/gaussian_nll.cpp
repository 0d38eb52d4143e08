// Row: nn.functional.gaussian_nll_loss, which LibTorch's C++ interface does not have.
#include "../registry.h"

namespace conformance {

void register_gaussian_nll(Registry& registry) {
  namespace F = lib::nn::functional;
  registry.ops.row("nn.functional.gaussian_nll_loss", [](const Args& a) {
    auto options = F::GaussianNLLLossFuncOptions().full(a.flag("full")).eps(a.real("eps", 1e-6));
    const std::string name = a.text("reduction", "mean");
    if (name == "none") options.reduction(lib::kNone);
    if (name == "sum") options.reduction(lib::kSum);
    return F::gaussian_nll_loss(a.tensor("input"), a.tensor("target"), a.tensor("var"), options);
  });
}

}  // namespace conformance
