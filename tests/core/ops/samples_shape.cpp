// Samples of joins, pieces and rearrangements that are made of other ops, under the op that does their work;
// and of padding.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

namespace {

void add_stacks(std::vector<Row>& rows) {
  const Tensors vectors{spread({3}, -2, 2), spread({3}, -2, 2, 1)},
      matrices{spread({2, 3}, -2, 2), spread({2, 1}, -2, 2, 1)},
      mixed{spread({2}, -2, 2), spread({2, 2}, -2, 2, 1), spread({}, 0, 1)};
  rows.push_back(row(
      "cat", "CatBackward", 0,
      {{"hstack of vectors", vectors, [](const Tensors& x) { return hstack(x); }},
       {"hstack of matrices", matrices, [](const Tensors& x) { return hstack(x); }},
       {"vstack", vectors, [](const Tensors& x) { return vstack(x); }},
       {"dstack", vectors, [](const Tensors& x) { return dstack(x); }},
       {"column_stack", {mixed[0], mixed[1]}, [](const Tensors& x) { return column_stack(x); }},
       {"block_diag", mixed, [](const Tensors& x) { return block_diag(x); }}},
      [](const Tensors& x) { return hstack(x); }, {vectors[0], matrices[0]}, "same number of dimensions"));
  rows.push_back(row(
      "stack", "StackBackward", 0,
      {{"cartesian_prod",
        {spread({3}, -2, 2), spread({2}, -2, 2, 1)},
        [](const Tensors& x) { return cartesian_prod(x); }}},
      [](const Tensors& x) { return cartesian_prod(x); }, matrices, "cartesian_prod: expects vectors"));
  rows.push_back(row(
      "take", "TakeBackward", 2,
      {{"combinations", {spread({4}, -2, 2)}, [](const Tensors& x) { return combinations(x[0], 3); }},
       {"again", {spread({3}, -2, 2)}, [](const Tensors& x) { return combinations(x[0], 2, true); }},
       {"one by one", {spread({3}, -2, 2)}, [](const Tensors& x) { return combinations(x[0], 1); }}},
      [](const Tensors& x) { return combinations(x[0], -1); }, vectors,
      "combinations: r must not be negative"));
}

void add_rearrangements(std::vector<Row>& rows) {
  const Tensors matrix{spread({2, 3}, -2, 2)};
  const auto turned = [](int64_t k) { return [k](const Tensors& x) { return rot90(x[0], k); }; };
  rows.push_back(row(
      "flip", "FlipBackward", 1,
      {{"rot90", matrix, turned(1)},
       {"rot90 twice", matrix, turned(2)},
       {"rot90 back", matrix, turned(-1)},
       {"fliplr", matrix, [](const Tensors& x) { return fliplr(x[0]); }},
       {"flipud", matrix, [](const Tensors& x) { return flipud(x[0]); }}},
      [](const Tensors& x) {
        return rot90(x[0], 1, {0, 0});
      },
      matrix, "rot90: the dims must be different"));
  const Tensor repeats = longs({2, 0, 1}, {3});
  rows.push_back(row(
      "index_select", "IndexSelectBackward", 2,
      {{"repeat_interleave", matrix,
        [repeats](const Tensors& x) { return x[0].repeat_interleave(repeats, 1); }},
       {"of the flattened tensor",
        {spread({3}, 0, 1)},
        [repeats](const Tensors& x) { return x[0].repeat_interleave(repeats); }}},
      [repeats](const Tensors& x) { return x[0].repeat_interleave(repeats, 0); }, matrix,
      "repeat_interleave: repeats must have the same size as self along dim"));
  rows.push_back(row(
      "expand", "ExpandBackward", 1,
      {{"repeat_interleave", matrix, [](const Tensors& x) { return x[0].repeat_interleave(2, 0); }},
       {"of the flattened tensor", matrix, [](const Tensors& x) { return x[0].repeat_interleave(3); }},
       {"of a number", {spread({}, 0, 1)}, [](const Tensors& x) { return x[0].repeat_interleave(2); }}},
      [](const Tensors& x) { return x[0].repeat_interleave(-1); }, matrix,
      "repeat_interleave: repeats must not be negative"));
}

void add_parts(std::vector<Row>& rows) {
  const auto pair = [](IntArrayRef self, IntArrayRef src) {
    return Tensors{spread(self, -2, 2), spread(src, 2, 3)};
  };
  rows.push_back(row(
      "clone", "CloneBackward", 1,
      {{"slice_scatter", pair({3, 4}, {3, 2}),
        [](const Tensors& x) { return x[0].slice_scatter(x[1], 1, 0, 4, 2); }},
       {"select_scatter", pair({3, 4}, {3}),
        [](const Tensors& x) { return x[0].select_scatter(x[1], 1, -1); }},
       {"diagonal_scatter", pair({3, 4}, {3}),
        [](const Tensors& x) { return x[0].diagonal_scatter(x[1], 1); }},
       {"as_strided_scatter", pair({3, 4}, {2, 2}),
        [](const Tensors& x) {
          return x[0].as_strided_scatter(x[1], {2, 2}, {5, 1}, 1);
        },
        true}},
      [](const Tensors& x) { return x[0].select_scatter(x[1], 0, 0); }, pair({3, 4}, {3}),
      "select_scatter: src must have the shape of the part"));
  rows.push_back(row(
      "unfold", "UnfoldBackward", 1,
      {{"windows", {spread({5, 2}, -2, 2)}, [](const Tensors& x) { return x[0].unfold(0, 3, 2); }},
       {"windows that overlap",
        {spread({2, 4}, -2, 2)},
        [](const Tensors& x) { return x[0].unfold(1, 2, 1); }},
       {"of a number", {spread({}, 0, 1)}, [](const Tensors& x) { return x[0].unfold(0, 1, 1); }}},
      [](const Tensors& x) { return x[0].unfold(0, 6, 1); }, {spread({5}, 0, 1)},
      "unfold: a window must fit into dimension 0"));
  rows.push_back(row(
      "constant_pad_nd", "ConstantPadNdBackward", 1,
      {{"around",
        {spread({2, 3}, -2, 2)},
        [](const Tensors& x) {
          return constant_pad_nd(x[0], {1, 2, 0, 1}, 0.5);
        }},
       {"cut off",
        {spread({2, 3}, -2, 2)},
        [](const Tensors& x) {
          return constant_pad_nd(x[0], {-1, 1});
        }},
       {"nothing there",
        {spread({0}, 0, 1)},
        [](const Tensors& x) {
          return constant_pad_nd(x[0], {1, 1}, 3);
        }}},
      [](const Tensors& x) {
        return constant_pad_nd(x[0], {-2, -2});
      },
      {spread({3}, 0, 1)}, "constant_pad_nd: more is cut off than there is"));
}

}  // namespace

void add_shapes(std::vector<Row>& rows) {
  add_stacks(rows);
  add_rearrangements(rows);
  add_parts(rows);
}

}  // namespace samples
