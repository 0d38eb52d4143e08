// Rows: new tensors, copies and conversions.
#include "../registry.h"

namespace conformance {

namespace {

lib::Tensor arange(const Args& a) {
  if (a.has("step")) return lib::arange(a.scalar("start"), a.scalar("end"), a.scalar("step"), a.options());
  if (a.has("start")) return lib::arange(a.scalar("start"), a.scalar("end"), a.options());
  return lib::arange(a.scalar("end"), a.options());
}

lib::Tensor to(const Args& a) {
  const bool non_blocking = a.flag("non_blocking"), copy = a.flag("copy");
  return a.has("other") ? a.tensor("self").to(a.tensor("other"), non_blocking, copy)
                        : a.tensor("self").to(*a.dtype(), non_blocking, copy);
}

}  // namespace

void register_creation(Registry& registry) {
  Table& t = registry.ops;
  t.row("full",
        [](const Args& a) { return lib::full(a.integers("size"), a.scalar("fill_value"), a.options()); });
  t.row("ones", [](const Args& a) { return lib::ones(a.integers("size"), a.options()); });
  t.row("zeros", [](const Args& a) { return lib::zeros(a.integers("size"), a.options()); });
  t.row("full_like",
        [](const Args& a) { return lib::full_like(a.tensor("self"), a.scalar("fill_value"), a.options()); });
  t.row("ones_like", [](const Args& a) { return lib::ones_like(a.tensor("self"), a.options()); });
  t.row("zeros_like", [](const Args& a) { return lib::zeros_like(a.tensor("self"), a.options()); });
  t.row("new_full", [](const Args& a) {
    return a.tensor("self").new_full(a.integers("size"), a.scalar("fill_value"), a.options());
  });
  t.row("new_ones", [](const Args& a) { return a.tensor("self").new_ones(a.integers("size"), a.options()); });
  t.row("new_zeros",
        [](const Args& a) { return a.tensor("self").new_zeros(a.integers("size"), a.options()); });
  t.row("scalar_tensor", [](const Args& a) { return lib::scalar_tensor(a.scalar("s"), a.options()); });
  t.row("eye", [](const Args& a) {
    return a.has("m") ? lib::eye(a.integer("n"), a.integer("m"), a.options())
                      : lib::eye(a.integer("n"), a.options());
  });
  t.row("arange", arange);
  t.row("linspace", [](const Args& a) {
    return lib::linspace(a.scalar("start"), a.scalar("end"), a.integer("steps"), a.options());
  });
  t.row("logspace", [](const Args& a) {
    return lib::logspace(a.scalar("start"), a.scalar("end"), a.integer("steps"), a.real("base", 10),
                         a.options());
  });
  t.row("hann_window", [](const Args& a) {
    return lib::hann_window(a.integer("window_length"), a.flag("periodic"), a.options());
  });
  t.row("hamming_window", [](const Args& a) {
    return lib::hamming_window(a.integer("window_length"), a.flag("periodic"), a.options());
  });
  t.row("blackman_window", [](const Args& a) {
    return lib::blackman_window(a.integer("window_length"), a.flag("periodic"), a.options());
  });
  t.row("bartlett_window", [](const Args& a) {
    return lib::bartlett_window(a.integer("window_length"), a.flag("periodic"), a.options());
  });
  t.row("fill", [](const Args& a) {
    return a.is_tensor("value") ? lib::fill(a.tensor("self"), a.tensor("value"))
                                : lib::fill(a.tensor("self"), a.scalar("value"));
  });
  t.row("clone", [](const Args& a) { return a.tensor("self").clone(); });
  t.row("to", to);
}

}  // namespace conformance
