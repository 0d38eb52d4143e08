// Rows: comparisons and the choice between two tensors.
#include "../registry.h"

namespace conformance {

namespace {

lib::Tensor where(const Args& a) {
  const lib::Tensor& condition = a.tensor("condition");
  if (!a.is_tensor("self")) return lib::where(condition, a.scalar("self"), a.tensor("other"));
  if (!a.is_tensor("other")) return lib::where(condition, a.tensor("self"), a.scalar("other"));
  return lib::where(condition, a.tensor("self"), a.tensor("other"));
}

}  // namespace

void register_comparison(Registry& registry) {
  Table& t = registry.ops;
#define COMPARISON(name)                                                          \
  t.row(#name, [](const Args& a) {                                                \
    return a.is_tensor("other") ? lib::name(a.tensor("self"), a.tensor("other"))  \
                                : lib::name(a.tensor("self"), a.scalar("other")); \
  })
  COMPARISON(eq);
  COMPARISON(ne);
  COMPARISON(lt);
  COMPARISON(le);
  COMPARISON(gt);
  COMPARISON(ge);
#undef COMPARISON
  t.row("where", where);
}

}  // namespace conformance
