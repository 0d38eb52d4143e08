// Rows: nn.init on a tensor, and the initial weights of Linear.
#include "random_modules.h"

namespace conformance {

namespace {

namespace init = lib::nn::init;

lib::Tensor blank(const Args& a) { return lib::empty(a.integers("size"), a.options()); }

template <class Fill>
lib::Tensor kaiming(const Args& a, Fill fill) {
  const bool fan_out = a.text("mode", "fan_in") == "fan_out";
  const bool relu = a.text("nonlinearity", "leaky_relu") == "relu";
  const double slope = a.real("a", 0);
  if (fan_out && relu) return fill(blank(a), slope, lib::kFanOut, lib::kReLU);
  if (fan_out) return fill(blank(a), slope, lib::kFanOut, lib::kLeakyReLU);
  if (relu) return fill(blank(a), slope, lib::kFanIn, lib::kReLU);
  return fill(blank(a), slope, lib::kFanIn, lib::kLeakyReLU);
}

}  // namespace

void register_random_init(Registry& registry) {
  Table& t = registry.random;
  t.row("init.uniform_",
        [](const Args& a) { return init::uniform_(blank(a), a.real("a", 0), a.real("b", 1)); });
  t.row("init.normal_",
        [](const Args& a) { return init::normal_(blank(a), a.real("mean", 0), a.real("std", 1)); });
  t.row("init.xavier_uniform_",
        [](const Args& a) { return init::xavier_uniform_(blank(a), a.real("gain", 1)); });
  t.row("init.xavier_normal_",
        [](const Args& a) { return init::xavier_normal_(blank(a), a.real("gain", 1)); });
  t.row("init.kaiming_uniform_", [](const Args& a) {
    return kaiming(a, [](auto... each) { return init::kaiming_uniform_(each...); });
  });
  t.row("init.kaiming_normal_", [](const Args& a) {
    return kaiming(a, [](auto... each) { return init::kaiming_normal_(each...); });
  });
  t.row("nn.Linear", [](const Args& a) {
    return fresh_parameters(a, [&] {
      return lib::nn::Linear(lib::nn::LinearOptions(a.integer("in_features"), a.integer("out_features"))
                                 .bias(a.flag("bias", true)));
    });
  });
}

}  // namespace conformance
