// Rows: the brackets of Python.
#include "../registry.h"

namespace conformance {

namespace {

lib::indexing::TensorIndex slice_index(const Value& parts) {
  const auto bound = [&](size_t position) {
    const Value& part = parts.items.at(position);
    return part.is(Value::Kind::none) ? Optional<int64_t>() : Optional<int64_t>(part.to_integer());
  };
  return lib::indexing::Slice(bound(0), bound(1), bound(2));
}

lib::indexing::TensorIndex index_of(const Args& a, const Value& item) {
  if (item.is_tensor()) return a.tensor_at(item);
  if (const Value* parts = item.find("slice")) return slice_index(*parts);
  if (item.is(Value::Kind::none)) return lib::indexing::None;
  if (item.is(Value::Kind::boolean)) return item.boolean;
  if (item.is(Value::Kind::text)) return lib::indexing::Ellipsis;
  return item.to_integer();
}

}  // namespace

void register_index(Registry& registry) {
  registry.ops.row("__getitem__", [](const Args& a) {
    std::vector<lib::indexing::TensorIndex> indices;
    for (const Value& item : a.value("index").items) indices.push_back(index_of(a, item));
    return a.tensor("self").index(indices);
  });
}

}  // namespace conformance
