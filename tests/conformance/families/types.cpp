// Rows: what dtype and what shape a result would have.
#include "../registry.h"

namespace conformance {

void register_types(Registry& registry) {
  Table& t = registry.ops;
  t.row("result_type", [](const Args& a) {
    return a.is_tensor("tensor2") ? lib::result_type(a.tensor("tensor1"), a.tensor("tensor2"))
                                  : lib::result_type(a.tensor("tensor1"), a.scalar("tensor2"));
  });
  t.row("promote_types",
        [](const Args& a) { return lib::promote_types(*a.dtype("type1"), *a.dtype("type2")); });
  t.row("can_cast", [](const Args& a) { return lib::can_cast(*a.dtype("from_"), *a.dtype("to")); });
  t.row("broadcast_shapes", [](const Args& a) {
    std::vector<std::vector<int64_t>> shapes;
    for (const Value& shape : a.value("shapes").items) {
      shapes.push_back(shape.is(Value::Kind::integer) ? std::vector<int64_t>{shape.integer}
                                                      : shape.to_integers());
    }
    return lib::broadcast_shapes(shapes);
  });
}

}  // namespace conformance
