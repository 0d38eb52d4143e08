// Rows: joins, pieces and rearrangements, and copies with a part replaced.
#include "../registry.h"

namespace conformance {

namespace {

std::vector<lib::Tensor> tensor_split(const Args& a) {
  const lib::Tensor& self = a.tensor("self");
  const int64_t dim = a.integer("dim", 0);
  if (a.has("tensor_indices_or_sections"))
    return self.tensor_split(a.tensor("tensor_indices_or_sections"), dim);
  if (a.has("indices")) return self.tensor_split(lib::IntArrayRef(a.integers("indices")), dim);
  return self.tensor_split(a.integer("sections"), dim);
}

// hsplit, vsplit and dsplit, given both of its overloads.
template <class Sections, class Indices>
auto split(Sections sections, Indices indices) {
  return [sections, indices](const Args& a) {
    return a.has("sections") ? sections(a.tensor("self"), a.integer("sections"))
                             : indices(a.tensor("self"), a.integers("indices"));
  };
}

// One tensor or several.
template <class One, class Many>
auto atleast(One one, Many many) {
  return [one, many](const Args& a) {
    return a.has("tensors") ? many(a.tensors("tensors")) : std::vector<lib::Tensor>{one(a.tensor("self"))};
  };
}

lib::Tensor repeat_interleave(const Args& a) {
  return a.is_tensor("repeats")
             ? a.tensor("self").repeat_interleave(a.tensor("repeats"), a.optional_integer("dim"))
             : a.tensor("self").repeat_interleave(a.integer("repeats"), a.optional_integer("dim"));
}

using Tensors = std::vector<lib::Tensor>;

void register_joins(Table& t) {
  t.row("hstack", [](const Args& a) { return lib::hstack(a.tensors("tensors")); });
  t.row("vstack", [](const Args& a) { return lib::vstack(a.tensors("tensors")); });
  t.row("dstack", [](const Args& a) { return lib::dstack(a.tensors("tensors")); });
  t.row("column_stack", [](const Args& a) { return lib::column_stack(a.tensors("tensors")); });
  t.row("block_diag", [](const Args& a) { return lib::block_diag(a.tensors("tensors")); });
  t.row("cartesian_prod", [](const Args& a) { return lib::cartesian_prod(a.tensors("tensors")); });
  t.row("combinations", [](const Args& a) {
    return lib::combinations(a.tensor("self"), a.integer("r", 2), a.flag("with_replacement"));
  });
  t.row("repeat_interleave", repeat_interleave);
  t.row("rot90", [](const Args& a) {
    return a.tensor("self").rot90(a.integer("k", 1), a.integers("dims", {0, 1}));
  });
  t.row("fliplr", [](const Args& a) { return a.tensor("self").fliplr(); });
  t.row("flipud", [](const Args& a) { return a.tensor("self").flipud(); });
}

}  // namespace

void register_shape(Registry& registry) {
  Table& t = registry.ops;
  register_joins(t);
  t.row("tensor_split", tensor_split);
  t.row("hsplit", split([](const lib::Tensor& x, int64_t n) { return x.hsplit(n); },
                        [](const lib::Tensor& x, lib::IntArrayRef i) { return x.hsplit(i); }));
  t.row("vsplit", split([](const lib::Tensor& x, int64_t n) { return x.vsplit(n); },
                        [](const lib::Tensor& x, lib::IntArrayRef i) { return x.vsplit(i); }));
  t.row("dsplit", split([](const lib::Tensor& x, int64_t n) { return x.dsplit(n); },
                        [](const lib::Tensor& x, lib::IntArrayRef i) { return x.dsplit(i); }));
  t.row("atleast_1d", atleast([](const lib::Tensor& x) { return lib::atleast_1d(x); },
                              [](const Tensors& x) { return lib::atleast_1d(x); }));
  t.row("atleast_2d", atleast([](const lib::Tensor& x) { return lib::atleast_2d(x); },
                              [](const Tensors& x) { return lib::atleast_2d(x); }));
  t.row("atleast_3d", atleast([](const lib::Tensor& x) { return lib::atleast_3d(x); },
                              [](const Tensors& x) { return lib::atleast_3d(x); }));
  t.row("unfold", [](const Args& a) {
    return a.tensor("self").unfold(a.integer("dimension"), a.integer("size"), a.integer("step"));
  });
  t.row("slice_scatter", [](const Args& a) {
    return a.tensor("self").slice_scatter(a.tensor("src"), a.integer("dim", 0), a.optional_integer("start"),
                                          a.optional_integer("end"), a.integer("step", 1));
  });
  t.row("select_scatter", [](const Args& a) {
    return a.tensor("self").select_scatter(a.tensor("src"), a.integer("dim"), a.integer("index"));
  });
  t.row("diagonal_scatter", [](const Args& a) {
    return a.tensor("self").diagonal_scatter(a.tensor("src"), a.integer("offset", 0), a.integer("dim1", 0),
                                             a.integer("dim2", 1));
  });
  t.row("constant_pad_nd", [](const Args& a) {
    return lib::constant_pad_nd(a.tensor("self"), a.integers("pad"), a.scalar("value", 0));
  });
  t.row("narrow_copy", [](const Args& a) {
    return lib::narrow_copy(a.tensor("self"), a.integer("dim"), a.integer("start"), a.integer("length"));
  });
}

}  // namespace conformance
