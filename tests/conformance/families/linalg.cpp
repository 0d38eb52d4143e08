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
  const auto added = [&](const char* name, auto call, const char* one, const char* two) {
    t.row(name, [=](const Args& a) {
      return call(a.tensor("self"), a.tensor(one), a.tensor(two), a.scalar("beta", 1), a.scalar("alpha", 1));
    });
  };
  using lib::Scalar, lib::Tensor;
  const auto plain = [](auto call) {
    return [=](const Tensor& s, const Tensor& a, const Tensor& b, const Scalar& beta, const Scalar& alpha) {
      return call(s, a, b, beta, alpha);
    };
  };
  added("addmv", plain([](const auto&... x) { return lib::addmv(x...); }), "mat", "vec");
  added("addr", plain([](const auto&... x) { return lib::addr(x...); }), "vec1", "vec2");
  added("addbmm", plain([](const auto&... x) { return lib::addbmm(x...); }), "batch1", "batch2");
  added("baddbmm", plain([](const auto&... x) { return lib::baddbmm(x...); }), "batch1", "batch2");
  t.row("outer", [](const Args& a) { return lib::outer(a.tensor("self"), a.tensor("vec2")); });
  t.row("inner", [](const Args& a) { return lib::inner(a.tensor("self"), a.tensor("other")); });
  t.row("kron", [](const Args& a) { return lib::kron(a.tensor("self"), a.tensor("other")); });
  t.row("cross", [](const Args& a) {
    return lib::cross(a.tensor("self"), a.tensor("other"), a.optional_integer("dim"));
  });
  t.row("linalg.cross", [](const Args& a) {
    return lib::linalg::cross(a.tensor("self"), a.tensor("other"), a.integer("dim", -1));
  });
  t.row("tensordot", [](const Args& a) {
    const Tensor &x = a.tensor("a"), &y = a.tensor("b");
    if (a.is_list("dims"))
      return lib::tensordot(x, y, a.value("dims").items.at(0).to_integers(),
                            a.value("dims").items.at(1).to_integers());
    std::vector<int64_t> of_x, of_y;
    for (int64_t d = 0, n = a.integer("dims"); d < n; ++d) {
      of_x.push_back(d - n);
      of_y.push_back(d);
    }
    return lib::tensordot(x, y, of_x, of_y);
  });
  t.row("einsum", [](const Args& a) { return lib::einsum(a.text("equation"), a.tensors("tensors")); });
  t.row("dist",
        [](const Args& a) { return lib::dist(a.tensor("self"), a.tensor("other"), a.scalar("p", 2)); });
  t.row("renorm", [](const Args& a) {
    return lib::renorm(a.tensor("self"), a.scalar("p"), a.integer("dim"), a.scalar("maxnorm"));
  });
  t.row("cdist", [](const Args& a) {
    Optional<int64_t> mode;
    if (a.is_text("compute_mode"))
      mode = a.text("compute_mode") == "donot_use_mm_for_euclid_dist" ? 2
             : a.text("compute_mode") == "use_mm_for_euclid_dist"     ? 1
                                                                      : 0;
    return lib::cdist(a.tensor("x1"), a.tensor("x2"), a.real("p", 2), mode);
  });
  t.row("nn.functional.pdist", [](const Args& a) { return lib::pdist(a.tensor("self"), a.real("p", 2)); });
}

}  // namespace conformance
