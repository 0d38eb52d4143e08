// Rows: functions of one tensor, element by element.
#include "../registry.h"

namespace conformance {

namespace {

lib::Tensor clamp(const Args& a) {
  if (a.is_tensor("min") || a.is_tensor("max")) {
    return lib::clamp(a.tensor("self"), a.optional_tensor("min"), a.optional_tensor("max"));
  }
  return lib::clamp(a.tensor("self"), a.optional_scalar("min"), a.optional_scalar("max"));
}

}  // namespace

void register_pointwise(Registry& registry) {
  Table& t = registry.ops;
#define UNARY(name) t.row(#name, [](const Args& a) { return lib::name(a.tensor("self")); })
  UNARY(sqrt);
  UNARY(rsqrt);
  UNARY(exp);
  UNARY(log);
  UNARY(log1p);
  UNARY(expm1);
  UNARY(sin);
  UNARY(cos);
  UNARY(tan);
  UNARY(asin);
  UNARY(acos);
  UNARY(atan);
  UNARY(sinh);
  UNARY(cosh);
  UNARY(tanh);
  UNARY(sigmoid);
  UNARY(abs);
  UNARY(neg);
  UNARY(positive);
  UNARY(reciprocal);
  UNARY(square);
  UNARY(sign);
  UNARY(floor);
  UNARY(ceil);
  UNARY(trunc);
  UNARY(isnan);
#undef UNARY
  t.row("round", [](const Args& a) {
    return a.has("decimals") ? lib::round(a.tensor("self"), a.integer("decimals"))
                             : lib::round(a.tensor("self"));
  });
  t.row("clamp", clamp);
  t.row("clamp_min", [](const Args& a) {
    return a.is_tensor("min") ? lib::clamp_min(a.tensor("self"), a.tensor("min"))
                              : lib::clamp_min(a.tensor("self"), a.scalar("min"));
  });
  t.row("clamp_max", [](const Args& a) {
    return a.is_tensor("max") ? lib::clamp_max(a.tensor("self"), a.tensor("max"))
                              : lib::clamp_max(a.tensor("self"), a.scalar("max"));
  });
}

}  // namespace conformance
