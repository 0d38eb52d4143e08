// Rows: slices, elements and reductions written at indices, and tables read at them.
#include <stdexcept>

#include "../registry.h"

namespace conformance {

namespace {

lib::Tensor index_fill(const Args& a) {
  const lib::Tensor &self = a.tensor("self"), &index = a.tensor("index");
  return a.is_tensor("value") ? self.index_fill(a.integer("dim"), index, a.tensor("value"))
                              : self.index_fill(a.integer("dim"), index, a.scalar("value"));
}

// As nn.functional does in Python.
lib::Tensor embedding(const Args& a) {
  lib::Tensor weight = a.tensor("weight");
  const int64_t rows = weight.size(0);
  int64_t padding = -1;
  if (a.has("padding_idx")) {
    padding = a.integer("padding_idx");
    if (padding < -rows || padding >= rows)
      throw std::invalid_argument("padding_idx must be within num_embeddings");
    if (padding < 0) padding += rows;
  }
  if (a.has("max_norm")) {
    const lib::NoGradGuard no_grad;
    lib::embedding_renorm_(weight, a.tensor("input"), a.real("max_norm"), a.real("norm_type", 2));
  }
  return lib::embedding(weight, a.tensor("input"), padding, a.flag("scale_grad_by_freq"));
}

}  // namespace

void register_slices(Registry& registry) {
  Table& t = registry.ops;
  t.row("index_add", [](const Args& a) {
    return a.tensor("self").index_add(a.integer("dim"), a.tensor("index"), a.tensor("source"),
                                      a.scalar("alpha", 1));
  });
  t.row("index_copy", [](const Args& a) {
    return a.tensor("self").index_copy(a.integer("dim"), a.tensor("index"), a.tensor("source"));
  });
  t.row("index_fill", index_fill);
  t.row("index_reduce", [](const Args& a) {
    return a.tensor("self").index_reduce(a.integer("dim"), a.tensor("index"), a.tensor("source"),
                                         a.text("reduce"), a.flag("include_self", true));
  });
  t.row("scatter_reduce", [](const Args& a) {
    return a.tensor("self").scatter_reduce(a.integer("dim"), a.tensor("index"), a.tensor("src"),
                                           a.text("reduce"), a.flag("include_self", true));
  });
  t.row("segment_reduce", [](const Args& a) {
    return lib::segment_reduce(a.tensor("data"), a.text("reduce"), a.optional_tensor("lengths"), {},
                               a.optional_tensor("offsets"), a.integer("axis", 0), false,
                               a.optional_scalar("initial"));
  });
  t.row("masked_scatter",
        [](const Args& a) { return a.tensor("self").masked_scatter(a.tensor("mask"), a.tensor("source")); });
  t.row("put", [](const Args& a) {
    return a.tensor("self").put(a.tensor("index"), a.tensor("source"), a.flag("accumulate"));
  });
  t.row("take_along_dim", [](const Args& a) {
    return lib::take_along_dim(a.tensor("self"), a.tensor("indices"), a.optional_integer("dim"));
  });
  t.row("argwhere", [](const Args& a) { return lib::argwhere(a.tensor("self")); });
  t.row("nn.functional.one_hot",
        [](const Args& a) { return lib::one_hot(a.tensor("self"), a.integer("num_classes", -1)); });
  t.row("nn.functional.embedding", embedding);
}

}  // namespace conformance
