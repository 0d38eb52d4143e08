// Rows: triangles and diagonals of matrices.
#include "../registry.h"

namespace conformance {

void register_triangle(Registry& registry) {
  Table& t = registry.ops;
  t.row("tril", [](const Args& a) { return a.tensor("self").tril(a.integer("diagonal", 0)); });
  t.row("triu", [](const Args& a) { return a.tensor("self").triu(a.integer("diagonal", 0)); });
  t.row("tril_indices", [](const Args& a) {
    return lib::tril_indices(a.integer("row"), a.integer("col"), a.integer("offset", 0),
                             a.has("dtype") ? a.options() : lib::TensorOptions(lib::kLong));
  });
  t.row("triu_indices", [](const Args& a) {
    return lib::triu_indices(a.integer("row"), a.integer("col"), a.integer("offset", 0),
                             a.has("dtype") ? a.options() : lib::TensorOptions(lib::kLong));
  });
  t.row("diag", [](const Args& a) { return a.tensor("self").diag(a.integer("diagonal", 0)); });
  t.row("diag_embed", [](const Args& a) {
    return a.tensor("self").diag_embed(a.integer("offset", 0), a.integer("dim1", -2), a.integer("dim2", -1));
  });
  t.row("diagflat", [](const Args& a) { return a.tensor("self").diagflat(a.integer("offset", 0)); });
  t.row("trace", [](const Args& a) { return a.tensor("self").trace(); });
}

}  // namespace conformance
