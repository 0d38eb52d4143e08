// Rows: tables of vectors and bilinear forms, as functions with options.
#include <stdexcept>

#include "../registry.h"

namespace conformance {

namespace {

namespace F = lib::nn::functional;

F::EmbeddingBagFuncOptions with_mode(F::EmbeddingBagFuncOptions options, const Args& a) {
  const std::string mode = a.text("mode", "mean");
  if (mode == "sum") return options.mode(lib::kSum);
  if (mode == "mean") return options.mode(lib::kMean);
  if (mode == "max") return options.mode(lib::kMax);
  // Modes are types in C++: a program with another one is refused by the compiler.
  throw std::invalid_argument("no mode " + mode);
}

}  // namespace

void register_tables(Registry& registry) {
  Table& t = registry.ops;
  t.row("nn.functional.embedding", [](const Args& a) {
    return F::embedding(a.tensor("input"), a.tensor("weight"),
                        F::EmbeddingFuncOptions()
                            .padding_idx(a.optional_integer("padding_idx"))
                            .max_norm(a.optional_real("max_norm"))
                            .norm_type(a.real("norm_type", 2))
                            .scale_grad_by_freq(a.flag("scale_grad_by_freq")));
  });
  t.row("nn.functional.embedding_bag", [](const Args& a) {
    auto options = F::EmbeddingBagFuncOptions()
                       .offsets(a.tensor_or_undefined("offsets"))
                       .max_norm(a.optional_real("max_norm"))
                       .norm_type(a.real("norm_type", 2))
                       .scale_grad_by_freq(a.flag("scale_grad_by_freq"))
                       .per_sample_weights(a.tensor_or_undefined("per_sample_weights"))
                       .include_last_offset(a.flag("include_last_offset"))
                       .sparse(a.flag("sparse"));
    if (a.has("padding_idx")) options.padding_idx(a.integer("padding_idx"));
    return F::embedding_bag(a.tensor("input"), a.tensor("weight"), with_mode(options, a));
  });
  t.row("nn.functional.bilinear", [](const Args& a) {
    return F::bilinear(a.tensor("input1"), a.tensor("input2"), a.tensor("weight"),
                       a.tensor_or_undefined("bias"));
  });
}

}  // namespace conformance
