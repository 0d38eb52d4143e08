// Rows: products of matrices and vectors.
#include "../registry.h"

namespace conformance {

void register_linalg(Registry& registry) {
  Table& t = registry.ops;
  t.row("matmul", [](const Args& a) { return lib::matmul(a.tensor("self"), a.tensor("other")); });
  t.row("mm", [](const Args& a) { return lib::mm(a.tensor("self"), a.tensor("mat2")); });
  t.row("mv", [](const Args& a) { return lib::mv(a.tensor("self"), a.tensor("vec")); });
  t.row("dot", [](const Args& a) { return lib::dot(a.tensor("self"), a.tensor("tensor")); });
  t.row("bmm", [](const Args& a) { return lib::bmm(a.tensor("self"), a.tensor("mat2")); });
  t.row("addmm", [](const Args& a) {
    return lib::addmm(a.tensor("self"), a.tensor("mat1"), a.tensor("mat2"), a.scalar("beta", 1),
                      a.scalar("alpha", 1));
  });
}

}  // namespace conformance
