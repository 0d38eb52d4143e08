// Rows: nn.functional, activations.
#include "../registry.h"

namespace conformance {

namespace F = lib::nn::functional;

namespace {
const lib::Tensor& input(const Args& a) { return a.tensor(a.has("self") ? "self" : "input"); }
}  // namespace

void register_activations(Registry& registry) {
  Table& t = registry.ops;
  t.row("nn.functional.silu", [](const Args& a) { return F::silu(input(a)); });
  t.row("nn.functional.mish", [](const Args& a) { return F::mish(input(a)); });
  t.row("nn.functional.hardswish", [](const Args& a) { return F::hardswish(input(a)); });
  t.row("nn.functional.hardsigmoid", [](const Args& a) { return F::hardsigmoid(input(a)); });
  t.row("nn.functional.logsigmoid", [](const Args& a) { return F::logsigmoid(input(a)); });
  t.row("nn.functional.softsign", [](const Args& a) { return F::softsign(input(a)); });
  t.row("nn.functional.tanhshrink", [](const Args& a) { return F::tanhshrink(input(a)); });
  t.row("nn.functional.selu", [](const Args& a) { return F::selu(input(a)); });
  t.row("nn.functional.relu6", [](const Args& a) { return F::relu6(input(a)); });
  t.row("nn.functional.elu",
        [](const Args& a) { return F::elu(input(a), F::ELUFuncOptions(a.real("alpha", 1))); });
  t.row("nn.functional.celu",
        [](const Args& a) { return F::celu(input(a), F::CELUFuncOptions(a.real("alpha", 1))); });
  t.row("nn.functional.leaky_relu", [](const Args& a) {
    return F::leaky_relu(input(a), F::LeakyReLUFuncOptions(a.real("negative_slope", 0.01)));
  });
  t.row("nn.functional.hardtanh", [](const Args& a) {
    return F::hardtanh(input(a),
                       F::HardtanhFuncOptions().min_val(a.real("min_val", -1)).max_val(a.real("max_val", 1)));
  });
  t.row("nn.functional.hardshrink", [](const Args& a) {
    return F::hardshrink(input(a), F::HardshrinkFuncOptions(a.real("lambd", 0.5)));
  });
  t.row("nn.functional.softshrink", [](const Args& a) {
    return F::softshrink(input(a), F::SoftshrinkFuncOptions(a.real("lambd", 0.5)));
  });
  t.row("nn.functional.softplus", [](const Args& a) {
    return F::softplus(input(a),
                       F::SoftplusFuncOptions().beta(a.real("beta", 1)).threshold(a.real("threshold", 20)));
  });
  t.row("nn.functional.threshold", [](const Args& a) {
    return F::threshold(input(a), F::ThresholdFuncOptions(a.real("threshold"), a.real("value")));
  });
  t.row("nn.functional.gelu", [](const Args& a) {
    return F::gelu(input(a), F::GELUFuncOptions().approximate(a.text("approximate", "none")));
  });
  t.row("nn.functional.glu",
        [](const Args& a) { return F::glu(input(a), F::GLUFuncOptions(a.integer("dim", -1))); });
  t.row("nn.functional.prelu", [](const Args& a) { return F::prelu(input(a), a.tensor("weight")); });
  t.row("nn.functional.softmin", [](const Args& a) {
    return F::softmin(input(a), F::SoftminFuncOptions(a.integer("dim")).dtype(a.dtype()));
  });
}

}  // namespace conformance
