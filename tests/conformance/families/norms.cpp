// Rows: normalisation and distances, as functions with options.
#include "../registry.h"

namespace conformance {

namespace {

namespace F = lib::nn::functional;

}  // namespace

void register_norms(Registry& registry) {
  Table& t = registry.ops;
  t.row("native_batch_norm", [](const Args& a) -> Results {
    return lib::native_batch_norm(a.tensor("input"), a.tensor_or_undefined("weight"),
                                  a.tensor_or_undefined("bias"), a.tensor_or_undefined("running_mean"),
                                  a.tensor_or_undefined("running_var"), a.flag("training"),
                                  a.real("momentum"), a.real("eps"));
  });
  t.row("nn.functional.batch_norm", [](const Args& a) {
    return F::batch_norm(a.tensor("input"), a.tensor_or_undefined("running_mean"),
                         a.tensor_or_undefined("running_var"),
                         F::BatchNormFuncOptions()
                             .weight(a.tensor_or_undefined("weight"))
                             .bias(a.tensor_or_undefined("bias"))
                             .training(a.flag("training"))
                             .momentum(a.real("momentum", 0.1))
                             .eps(a.real("eps", 1e-5)));
  });
  t.row("nn.functional.instance_norm", [](const Args& a) {
    return F::instance_norm(a.tensor("input"), F::InstanceNormFuncOptions()
                                                   .running_mean(a.tensor_or_undefined("running_mean"))
                                                   .running_var(a.tensor_or_undefined("running_var"))
                                                   .weight(a.tensor_or_undefined("weight"))
                                                   .bias(a.tensor_or_undefined("bias"))
                                                   .use_input_stats(a.flag("use_input_stats", true))
                                                   .momentum(a.real("momentum", 0.1))
                                                   .eps(a.real("eps", 1e-5)));
  });
  t.row("nn.functional.group_norm", [](const Args& a) {
    return F::group_norm(a.tensor("input"), F::GroupNormFuncOptions(a.integer("num_groups"))
                                                .weight(a.tensor_or_undefined("weight"))
                                                .bias(a.tensor_or_undefined("bias"))
                                                .eps(a.real("eps", 1e-5)));
  });
  t.row("nn.functional.local_response_norm", [](const Args& a) {
    return F::local_response_norm(a.tensor("input"), F::LocalResponseNormFuncOptions(a.integer("size"))
                                                         .alpha(a.real("alpha", 1e-4))
                                                         .beta(a.real("beta", 0.75))
                                                         .k(a.real("k", 1)));
  });
  t.row("nn.functional.normalize", [](const Args& a) {
    return F::normalize(
        a.tensor("input"),
        F::NormalizeFuncOptions().p(a.real("p", 2)).dim(a.integer("dim", 1)).eps(a.real("eps", 1e-12)));
  });
  t.row("nn.functional.cosine_similarity", [](const Args& a) {
    return F::cosine_similarity(
        a.tensor("x1"), a.tensor("x2"),
        F::CosineSimilarityFuncOptions().dim(a.integer("dim", 1)).eps(a.real("eps", 1e-8)));
  });
  t.row("nn.functional.pairwise_distance", [](const Args& a) {
    return F::pairwise_distance(a.tensor("x1"), a.tensor("x2"),
                                F::PairwiseDistanceFuncOptions()
                                    .p(a.real("p", 2))
                                    .eps(a.real("eps", 1e-6))
                                    .keepdim(a.flag("keepdim")));
  });
}

}  // namespace conformance
