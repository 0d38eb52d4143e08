// Rows: sums, means, products and extremes, of everything or along dimensions; softmax.
#include "../registry.h"

namespace conformance {

void register_reduction(Registry& registry) {
  Table& t = registry.ops;
  t.row("sum", [](const Args& a) {
    return a.has("dim") ? a.tensor("self").sum(a.integers("dim"), a.flag("keepdim"), a.dtype())
                        : a.tensor("self").sum(a.dtype());
  });
  t.row("mean", [](const Args& a) {
    return a.has("dim") ? a.tensor("self").mean(a.integers("dim"), a.flag("keepdim"), a.dtype())
                        : a.tensor("self").mean(a.dtype());
  });
  t.row("prod", [](const Args& a) {
    return a.has("dim") ? a.tensor("self").prod(a.integer("dim"), a.flag("keepdim"), a.dtype())
                        : a.tensor("self").prod(a.dtype());
  });
  t.row("max", [](const Args& a) -> Results {
    if (a.has("dim")) return lib::max(a.tensor("self"), a.integer("dim"), a.flag("keepdim"));
    if (a.has("other")) return lib::max(a.tensor("self"), a.tensor("other"));
    return lib::max(a.tensor("self"));
  });
  t.row("min", [](const Args& a) -> Results {
    if (a.has("dim")) return lib::min(a.tensor("self"), a.integer("dim"), a.flag("keepdim"));
    if (a.has("other")) return lib::min(a.tensor("self"), a.tensor("other"));
    return lib::min(a.tensor("self"));
  });
  t.row("softmax", [](const Args& a) { return lib::softmax(a.tensor("self"), a.integer("dim"), a.dtype()); });
  t.row("log_softmax",
        [](const Args& a) { return lib::log_softmax(a.tensor("self"), a.integer("dim"), a.dtype()); });
  t.row("sum_to_size", [](const Args& a) { return a.tensor("self").sum_to_size(a.integers("size")); });
}

}  // namespace conformance
