// Rows: arithmetic of two operands, with the overloads for a number on either side.
#include "../registry.h"

namespace conformance {

namespace {

lib::Tensor div(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  if (!a.has("rounding_mode")) {
    return a.is_tensor("other") ? lib::div(self, a.tensor("other")) : lib::div(self, a.scalar("other"));
  }
  const std::string mode = a.text("rounding_mode");
  return a.is_tensor("other") ? lib::div(self, a.tensor("other"), mode)
                              : lib::div(self, a.scalar("other"), mode);
}

lib::Tensor pow(const Args& a) {
  if (!a.is_tensor("self")) return lib::pow(a.scalar("self"), a.tensor("exponent"));
  if (!a.is_tensor("exponent")) return lib::pow(a.tensor("self"), a.scalar("exponent"));
  return lib::pow(a.tensor("self"), a.tensor("exponent"));
}

}  // namespace

void register_arithmetic(Registry& registry) {
  Table& t = registry.ops;
  t.row("add", [](const Args& a) {
    return a.is_tensor("other") ? lib::add(a.tensor("self"), a.tensor("other"), a.scalar("alpha", 1))
                                : lib::add(a.tensor("self"), a.scalar("other"), a.scalar("alpha", 1));
  });
  t.row("sub", [](const Args& a) {
    return a.is_tensor("other") ? lib::sub(a.tensor("self"), a.tensor("other"), a.scalar("alpha", 1))
                                : lib::sub(a.tensor("self"), a.scalar("other"), a.scalar("alpha", 1));
  });
  t.row("mul", [](const Args& a) {
    return a.is_tensor("other") ? lib::mul(a.tensor("self"), a.tensor("other"))
                                : lib::mul(a.tensor("self"), a.scalar("other"));
  });
  t.row("div", div);
  t.row("floor_divide", [](const Args& a) {
    return a.is_tensor("other") ? lib::floor_divide(a.tensor("self"), a.tensor("other"))
                                : lib::floor_divide(a.tensor("self"), a.scalar("other"));
  });
  t.row("rsub", [](const Args& a) {
    return a.is_tensor("other") ? lib::rsub(a.tensor("self"), a.tensor("other"), a.scalar("alpha", 1))
                                : lib::rsub(a.tensor("self"), a.scalar("other"), a.scalar("alpha", 1));
  });
  t.row("__rsub__", [](const Args& a) { return a.scalar("other") - a.tensor("self"); });
  t.row("__rdiv__", [](const Args& a) { return a.scalar("other") / a.tensor("self"); });
  t.row("__rpow__", [](const Args& a) { return lib::pow(a.scalar("other"), a.tensor("self")); });
  t.row("pow", pow);
  t.row("maximum", [](const Args& a) { return lib::maximum(a.tensor("self"), a.tensor("other")); });
  t.row("minimum", [](const Args& a) { return lib::minimum(a.tensor("self"), a.tensor("other")); });
}

}  // namespace conformance
