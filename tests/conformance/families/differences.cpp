// Rows: differences and integrals of values on a grid, covariances.
#include "../registry.h"

namespace conformance {

namespace {

std::vector<lib::Tensor> gradient(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  const int64_t order = a.integer("edge_order", 1);
  const bool several = a.is_list("dim");
  const std::vector<int64_t> dims = several ? a.integers("dim") : std::vector<int64_t>();
  const Optional<int64_t> dim = several ? Optional<int64_t>() : a.optional_integer("dim");
  if (!a.is_list("spacing"))
    return several ? lib::gradient(self, a.scalar("spacing", 1), dims, order)
                   : lib::gradient(self, a.optional_scalar("spacing"), dim, order);
  if (a.value("spacing").items.at(0).is_tensor())
    return several ? lib::gradient(self, a.tensors("spacing"), dims, order)
                   : lib::gradient(self, a.tensors("spacing"), dim, order);
  std::vector<lib::Scalar> spacing;
  for (const Value& v : a.value("spacing").items) spacing.push_back(v.to_real());
  return several ? lib::gradient(self, spacing, dims, order) : lib::gradient(self, spacing, dim, order);
}

}  // namespace

void register_differences(Registry& registry) {
  Table& t = registry.ops;
  t.row("diff", [](const Args& a) {
    return lib::diff(a.tensor("self"), a.integer("n", 1), a.integer("dim", -1), a.optional_tensor("prepend"),
                     a.optional_tensor("append"));
  });
  t.row("gradient", gradient);
  t.row("trapezoid", [](const Args& a) {
    return a.has("x") ? lib::trapezoid(a.tensor("y"), a.tensor("x"), a.integer("dim", -1))
                      : lib::trapezoid(a.tensor("y"), a.scalar("dx", 1), a.integer("dim", -1));
  });
  t.row("trapz", [](const Args& a) {
    return a.has("x") ? lib::trapz(a.tensor("y"), a.tensor("x"), a.integer("dim", -1))
                      : lib::trapz(a.tensor("y"), a.real("dx", 1), a.integer("dim", -1));
  });
  t.row("cumulative_trapezoid", [](const Args& a) {
    return a.has("x") ? lib::cumulative_trapezoid(a.tensor("y"), a.tensor("x"), a.integer("dim", -1))
                      : lib::cumulative_trapezoid(a.tensor("y"), a.scalar("dx", 1), a.integer("dim", -1));
  });
  t.row("cov", [](const Args& a) {
    return lib::cov(a.tensor("self"), a.integer("correction", 1), a.optional_tensor("fweights"),
                    a.optional_tensor("aweights"));
  });
  t.row("corrcoef", [](const Args& a) { return lib::corrcoef(a.tensor("self")); });
}

}  // namespace conformance
