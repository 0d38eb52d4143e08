// Rows: comparisons, logic, and the choice between two tensors.
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
#define BINARY(name) \
  t.row(#name, [](const Args& a) { return lib::name(a.tensor("self"), a.tensor("other")); })
  BINARY(logical_and);
  BINARY(logical_or);
  BINARY(logical_xor);
  BINARY(equal);
#undef BINARY
  t.row("logical_not", [](const Args& a) { return lib::logical_not(a.tensor("self")); });
  t.row("isclose", [](const Args& a) {
    return lib::isclose(a.tensor("self"), a.tensor("other"), a.real("rtol", 1e-5), a.real("atol", 1e-8),
                        a.flag("equal_nan"));
  });
  t.row("allclose", [](const Args& a) {
    return lib::allclose(a.tensor("self"), a.tensor("other"), a.real("rtol", 1e-5), a.real("atol", 1e-8),
                         a.flag("equal_nan"));
  });
  t.row("where", where);
}

}  // namespace conformance
