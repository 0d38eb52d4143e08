// Row: nn.init.trunc_normal_, which LibTorch's C++ interface does not have.
#include "../registry.h"

namespace conformance {

void register_random_trunc_normal(Registry& registry) {
  registry.random.row("init.trunc_normal_", [](const Args& a) {
    return lib::nn::init::trunc_normal_(lib::empty(a.integers("size"), a.options()), a.real("mean", 0),
                                        a.real("std", 1), a.real("a", -2), a.real("b", 2));
  });
}

}  // namespace conformance
