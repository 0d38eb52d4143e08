// Rows: several tensors to one and one to several.
#include "../registry.h"

namespace conformance {

void register_join(Registry& registry) {
  Table& t = registry.ops;
  t.row("cat", [](const Args& a) { return lib::cat(a.tensors("tensors"), a.integer("dim", 0)); });
  t.row("stack", [](const Args& a) { return lib::stack(a.tensors("tensors"), a.integer("dim", 0)); });
  t.row("unbind", [](const Args& a) { return a.tensor("self").unbind(a.integer("dim", 0)); });
  t.row("chunk",
        [](const Args& a) { return a.tensor("self").chunk(a.integer("chunks"), a.integer("dim", 0)); });
  t.row("split_with_sizes", [](const Args& a) {
    return a.tensor("self").split_with_sizes(a.integers("split_sizes"), a.integer("dim", 0));
  });
  t.row("split", [](const Args& a) {
    return a.is_list("split_size") ? a.tensor("self").split(a.integers("split_size"), a.integer("dim", 0))
                                   : a.tensor("self").split(a.integer("split_size"), a.integer("dim", 0));
  });
}

}  // namespace conformance
