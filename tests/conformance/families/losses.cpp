// Rows: nn.functional's losses beside those of functional.cpp.
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
  throw std::invalid_argument("no reduction " + name);
}

// From the recorded list or tensor of lengths.
lib::Tensor lengths(const Args& a, const char* name) {
  if (a.value(name).kind == Value::Kind::object) return a.tensor(name);
  return lib::tensor(a.integers(name), lib::kLong);
}

lib::Tensor kl_div(const Args& a) {
  auto options = F::KLDivFuncOptions().log_target(a.flag("log_target"));
  const bool by_batch = a.text("reduction", "mean") == "batchmean";
  options = by_batch ? options.reduction(lib::kBatchMean) : with_reduction(options, a);
  return F::kl_div(a.tensor("input"), a.tensor("target"), options);
}

}  // namespace

void register_losses(Registry& registry) {
  Table& t = registry.ops;
  t.row("nn.functional.kl_div", kl_div);
  t.row("nn.functional.huber_loss", [](const Args& a) {
    return F::huber_loss(a.tensor("input"), a.tensor("target"),
                         with_reduction(F::HuberLossFuncOptions().delta(a.real("delta", 1)), a));
  });
  t.row("nn.functional.poisson_nll_loss", [](const Args& a) {
    auto options = F::PoissonNLLLossFuncOptions().log_input(a.flag("log_input", true)).full(a.flag("full"));
    options.eps(a.real("eps", 1e-8));
    return F::poisson_nll_loss(a.tensor("input"), a.tensor("target"), with_reduction(options, a));
  });
  t.row("nn.functional.soft_margin_loss", [](const Args& a) {
    return F::soft_margin_loss(a.tensor("input"), a.tensor("target"),
                               with_reduction(F::SoftMarginLossFuncOptions(), a));
  });
  t.row("nn.functional.multilabel_margin_loss", [](const Args& a) {
    return F::multilabel_margin_loss(a.tensor("input"), a.tensor("target"),
                                     with_reduction(F::MultilabelMarginLossFuncOptions(), a));
  });
  t.row("nn.functional.multilabel_soft_margin_loss", [](const Args& a) {
    F::MultilabelSoftMarginLossFuncOptions options(a.tensor_or_undefined("weight"));
    return F::multilabel_soft_margin_loss(a.tensor("input"), a.tensor("target"), with_reduction(options, a));
  });
  t.row("nn.functional.multi_margin_loss", [](const Args& a) {
    auto options = F::MultiMarginLossFuncOptions().p(a.integer("p", 1)).margin(a.real("margin", 1));
    options.weight(a.tensor_or_undefined("weight"));
    return F::multi_margin_loss(a.tensor("input"), a.tensor("target"), with_reduction(options, a));
  });
  t.row("nn.functional.hinge_embedding_loss", [](const Args& a) {
    return F::hinge_embedding_loss(
        a.tensor("input"), a.tensor("target"),
        with_reduction(F::HingeEmbeddingLossFuncOptions().margin(a.real("margin", 1)), a));
  });
  t.row("nn.functional.margin_ranking_loss", [](const Args& a) {
    return F::margin_ranking_loss(
        a.tensor("input1"), a.tensor("input2"), a.tensor("target"),
        with_reduction(F::MarginRankingLossFuncOptions().margin(a.real("margin", 0)), a));
  });
  t.row("nn.functional.cosine_embedding_loss", [](const Args& a) {
    return F::cosine_embedding_loss(
        a.tensor("input1"), a.tensor("input2"), a.tensor("target"),
        with_reduction(F::CosineEmbeddingLossFuncOptions().margin(a.real("margin", 0)), a));
  });
  t.row("nn.functional.triplet_margin_loss", [](const Args& a) {
    auto options = F::TripletMarginLossFuncOptions().margin(a.real("margin", 1)).p(a.real("p", 2));
    options.eps(a.real("eps", 1e-6)).swap(a.flag("swap"));
    return F::triplet_margin_loss(a.tensor("anchor"), a.tensor("positive"), a.tensor("negative"),
                                  with_reduction(options, a));
  });
  t.row("nn.functional.ctc_loss", [](const Args& a) {
    auto options =
        F::CTCLossFuncOptions().blank(a.integer("blank", 0)).zero_infinity(a.flag("zero_infinity"));
    return F::ctc_loss(a.tensor("log_probs"), a.tensor("targets"), lengths(a, "input_lengths"),
                       lengths(a, "target_lengths"), with_reduction(options, a));
  });
}

}  // namespace conformance
