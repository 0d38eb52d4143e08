// Rows: elements chosen by other tensors, and tensors repeated, turned or moved around.
#include "../registry.h"

namespace conformance {

namespace {

#ifdef XGRAD_CONFORMANCE_LIBTORCH
using IndexList = c10::List<c10::optional<lib::Tensor>>;
#else
using IndexList = std::vector<lib::indexing::TensorIndex>;
#endif

lib::Tensor put_at(const Args& a) {
  IndexList indices;
  for (const lib::Tensor& index : a.tensors("indices")) indices.push_back(index);
  return lib::index_put(a.tensor("self"), indices, a.tensor("values"), a.flag("accumulate"));
}

lib::Tensor scatter(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  const lib::Tensor& index = a.tensor("index");
  const int64_t dim = a.integer("dim");
  if (!a.is_tensor("src")) return lib::scatter(self, dim, index, a.scalar("value"));
  if (a.is_text("reduce")) return lib::scatter(self, dim, index, a.tensor("src"), a.text("reduce"));
  return lib::scatter(self, dim, index, a.tensor("src"));
}

lib::Tensor masked_fill(const Args& a) {
  return a.is_tensor("value") ? lib::masked_fill(a.tensor("self"), a.tensor("mask"), a.tensor("value"))
                              : lib::masked_fill(a.tensor("self"), a.tensor("mask"), a.scalar("value"));
}

std::vector<lib::Tensor> nonzero(const Args& a) {
  if (a.flag("as_tuple")) return lib::nonzero_numpy(a.tensor("input"));
  return {lib::nonzero(a.tensor("input"))};
}

}  // namespace

void register_gather(Registry& registry) {
  Table& t = registry.ops;
  t.row("index_put", put_at);
  t.row("index_select", [](const Args& a) {
    return lib::index_select(a.tensor("self"), a.integer("dim"), a.tensor("index"));
  });
  t.row("take", [](const Args& a) { return lib::take(a.tensor("self"), a.tensor("index")); });
  t.row("gather",
        [](const Args& a) { return lib::gather(a.tensor("self"), a.integer("dim"), a.tensor("index")); });
  t.row("scatter", scatter);
  t.row("scatter_add", [](const Args& a) {
    return lib::scatter_add(a.tensor("self"), a.integer("dim"), a.tensor("index"), a.tensor("src"));
  });
  t.row("masked_fill", masked_fill);
  t.row("masked_select",
        [](const Args& a) { return lib::masked_select(a.tensor("self"), a.tensor("mask")); });
  t.row("nonzero", nonzero);
  t.row("repeat", [](const Args& a) { return a.tensor("self").repeat(a.integers("repeats")); });
  t.row("tile", [](const Args& a) { return a.tensor("self").tile(a.integers("dims")); });
  t.row("flip", [](const Args& a) { return a.tensor("self").flip(a.integers("dims")); });
  t.row("roll",
        [](const Args& a) { return a.tensor("self").roll(a.integers("shifts"), a.integers("dims", {})); });
}

}  // namespace conformance
