// Rows: streams drawn by functions and methods of tensors.
#include "../registry.h"

namespace conformance {

namespace {

lib::Tensor blank(const Args& a) { return lib::empty(a.integers("size"), a.options()); }

lib::Tensor draw_normal(const Args& a) {
  // Unqualified: LibTorch has this overload in another namespace than the other one.
  if (a.is_tensor("mean")) return normal(a.tensor("mean"), a.tensor("std"));
  return lib::normal(a.real("mean"), a.real("std"), a.integers("size"), {}, a.options());
}

// PyTorch's integers are 64 bits wide when nothing is said; C++ would take the default dtype.
lib::TensorOptions integer_options(const Args& a) {
  return a.has("dtype") ? a.options() : lib::TensorOptions().dtype(lib::kInt64);
}

}  // namespace

void register_random_tensor(Registry& registry) {
  Table& t = registry.random;
  t.row("rand", [](const Args& a) { return lib::rand(a.integers("size"), a.options()); });
  t.row("randn", [](const Args& a) { return lib::randn(a.integers("size"), a.options()); });
  t.row("randint", [](const Args& a) {
    return lib::randint(a.integer("low", 0), a.integer("high"), a.integers("size"), integer_options(a));
  });
  t.row("randperm", [](const Args& a) { return lib::randperm(a.integer("n"), integer_options(a)); });
  t.row("uniform_", [](const Args& a) { return blank(a).uniform_(a.real("from", 0), a.real("to", 1)); });
  t.row("normal_", [](const Args& a) { return blank(a).normal_(a.real("mean", 0), a.real("std", 1)); });
  t.row("normal", draw_normal);
  t.row("bernoulli", [](const Args& a) { return lib::bernoulli(a.tensor("input")); });
  t.row("bernoulli_", [](const Args& a) { return blank(a).bernoulli_(a.real("p", 0.5)); });
  t.row("exponential_", [](const Args& a) { return blank(a).exponential_(a.real("lambd", 1)); });
  t.row("random_", [](const Args& a) { return blank(a).random_(a.integer("from"), a.integer("to")); });
}

}  // namespace conformance
