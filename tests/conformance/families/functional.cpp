// Rows: nn.functional. The only family of ops that needs nn.
#include <stdexcept>

#include "../registry.h"

namespace conformance {

namespace {

namespace F = lib::nn::functional;

template <class Options>
Options with_reduction(Options options, const Args& a) {
  const std::string name = a.text("reduction", "mean");
  if (name == "none") return options.reduction(lib::kNone);
  if (name == "sum") return options.reduction(lib::kSum);
  if (name == "mean") return options.reduction(lib::kMean);
  // Reductions are types in C++: a program with another one is refused by the compiler.
  throw std::invalid_argument("no reduction " + name);
}

}  // namespace

void register_functional(Registry& registry) {
  Table& t = registry.ops;
  t.row("nn.functional.relu", [](const Args& a) { return F::relu(a.tensor("input")); });
  t.row("nn.functional.dropout", [](const Args& a) {
    return F::dropout(a.tensor("input"),
                      F::DropoutFuncOptions().p(a.real("p", 0.5)).training(a.flag("training", true)));
  });
  t.row("nn.functional.linear", [](const Args& a) {
    return F::linear(a.tensor("input"), a.tensor("weight"), a.tensor_or_undefined("bias"));
  });
  t.row("nn.functional.mse_loss", [](const Args& a) {
    return F::mse_loss(a.tensor("input"), a.tensor("target"), with_reduction(F::MSELossFuncOptions(), a));
  });
  t.row("nn.functional.l1_loss", [](const Args& a) {
    return F::l1_loss(a.tensor("input"), a.tensor("target"), with_reduction(F::L1LossFuncOptions(), a));
  });
  t.row("nn.functional.smooth_l1_loss", [](const Args& a) {
    return F::smooth_l1_loss(a.tensor("input"), a.tensor("target"),
                             with_reduction(F::SmoothL1LossFuncOptions(), a), a.real("beta", 1.0));
  });
  t.row("nn.functional.binary_cross_entropy", [](const Args& a) {
    auto options = F::BinaryCrossEntropyFuncOptions().weight(a.tensor_or_undefined("weight"));
    return F::binary_cross_entropy(a.tensor("input"), a.tensor("target"), with_reduction(options, a));
  });
  t.row("nn.functional.binary_cross_entropy_with_logits", [](const Args& a) {
    auto options = F::BinaryCrossEntropyWithLogitsFuncOptions()
                       .weight(a.tensor_or_undefined("weight"))
                       .pos_weight(a.tensor_or_undefined("pos_weight"));
    return F::binary_cross_entropy_with_logits(a.tensor("input"), a.tensor("target"),
                                               with_reduction(options, a));
  });
  t.row("nn.functional.cross_entropy", [](const Args& a) {
    auto options = F::CrossEntropyFuncOptions()
                       .weight(a.tensor_or_undefined("weight"))
                       .ignore_index(a.integer("ignore_index", -100))
                       .label_smoothing(a.real("label_smoothing", 0.0));
    return F::cross_entropy(a.tensor("input"), a.tensor("target"), with_reduction(options, a));
  });
  t.row("nn.functional.nll_loss", [](const Args& a) {
    auto options = F::NLLLossFuncOptions()
                       .weight(a.tensor_or_undefined("weight"))
                       .ignore_index(a.integer("ignore_index", -100));
    return F::nll_loss(a.tensor("input"), a.tensor("target"), with_reduction(options, a));
  });
}

}  // namespace conformance
