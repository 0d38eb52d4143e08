// Rows: other shapes and other strides over the same elements.
#include "../registry.h"

namespace conformance {

namespace {

lib::Tensor slice(const Args& a) {
  return a.tensor("self").slice(a.integer("dim", 0), a.optional_integer("start"), a.optional_integer("end"),
                                a.integer("step", 1));
}

lib::Tensor narrow(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  return a.is_tensor("start") ? self.narrow(a.integer("dim"), a.tensor("start"), a.integer("length"))
                              : self.narrow(a.integer("dim"), a.integer("start"), a.integer("length"));
}

lib::Tensor movedim(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  return a.is_list("source") ? self.movedim(a.integers("source"), a.integers("destination"))
                             : self.movedim(a.integer("source"), a.integer("destination"));
}

}  // namespace

void register_view(Registry& registry) {
  Table& t = registry.ops;
  t.row("view", [](const Args& a) { return a.tensor("self").view(a.integers("size")); });
  t.row("view_as", [](const Args& a) { return a.tensor("self").view_as(a.tensor("other")); });
  t.row("reshape", [](const Args& a) { return a.tensor("self").reshape(a.integers("shape")); });
  t.row("reshape_as", [](const Args& a) { return a.tensor("self").reshape_as(a.tensor("other")); });
  t.row("ravel", [](const Args& a) { return a.tensor("self").ravel(); });
  t.row("flatten", [](const Args& a) {
    return a.tensor("self").flatten(a.integer("start_dim", 0), a.integer("end_dim", -1));
  });
  t.row("unflatten",
        [](const Args& a) { return a.tensor("self").unflatten(a.integer("dim"), a.integers("sizes")); });
  t.row("t", [](const Args& a) { return a.tensor("self").t(); });
  t.row("T", [](const Args& a) { return a.tensor("self").numpy_T(); });
  t.row("mT", [](const Args& a) { return a.tensor("self").mT(); });
  t.row("transpose",
        [](const Args& a) { return a.tensor("self").transpose(a.integer("dim0"), a.integer("dim1")); });
  t.row("permute", [](const Args& a) { return a.tensor("self").permute(a.integers("dims")); });
  t.row("movedim", movedim);
  t.row("select",
        [](const Args& a) { return a.tensor("self").select(a.integer("dim"), a.integer("index")); });
  t.row("slice", slice);
  t.row("narrow", narrow);
  t.row("diagonal", [](const Args& a) {
    return a.tensor("self").diagonal(a.integer("offset", 0), a.integer("dim1", 0), a.integer("dim2", 1));
  });
  t.row("as_strided", [](const Args& a) {
    return a.tensor("self").as_strided(a.integers("size"), a.integers("stride"),
                                       a.optional_integer("storage_offset"));
  });
  t.row("expand", [](const Args& a) { return a.tensor("self").expand(a.integers("size")); });
  t.row("expand_as", [](const Args& a) { return a.tensor("self").expand_as(a.tensor("other")); });
  t.row("broadcast_to",
        [](const Args& a) { return lib::broadcast_to(a.tensor("self"), a.integers("size")); });
  t.row("broadcast_tensors", [](const Args& a) { return lib::broadcast_tensors(a.tensors("tensors")); });
  t.row("meshgrid",
        [](const Args& a) { return lib::meshgrid(a.tensors("tensors"), a.text("indexing", "ij")); });
  t.row("squeeze", [](const Args& a) {
    return a.has("dim") ? a.tensor("self").squeeze(a.integer("dim")) : a.tensor("self").squeeze();
  });
  t.row("unsqueeze", [](const Args& a) { return a.tensor("self").unsqueeze(a.integer("dim")); });
}

}  // namespace conformance
