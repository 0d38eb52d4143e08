// Samples of the ops that choose elements by indices or masks.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

void add_indexing(std::vector<Row>& rows) {
  const Tensor few = longs({2, 0, 2}, {3}), table = longs({0, 2, 1, 0}, {2, 2});
  const Tensor mask = spread({2, 3}, -1, 1) > 0;
  const Tensors matrix{spread({3, 4}, -2, 2)}, vector{spread({3}, -2, 2)},
      pair{spread({3, 4}, -2, 2), spread({2, 2}, 2, 3)};
  const auto picked = [few](const Tensors& x) { return x[0].index({few}); };
  rows.push_back(row(
      "index", "IndexBackward", 2,
      {{"rows", matrix, picked},
       {"elements", vector, picked},
       {"pairs", matrix,
        [few](const Tensors& x) {
          return x[0].index({few, few});
        }},
       {"a mask", {spread({2, 3}, 0, 1)}, [mask](const Tensors& x) { return x[0].index({mask}); }}},
      [](const Tensors& x) { return x[0].index({longs({5}, {1})}); }, vector,
      "index: index 5 is out of bounds"));
  // The gradient of an index, and index_put itself: spreading, blanking, writing and adding.
  rows.push_back(row("index_put", "IndexPutBackward", 2,
                     {{"the gradient of rows", matrix, picked},
                      {"blanked", {spread({3}, 0, 1)}, [](const Tensors& x) {
                         return x[0].index_put({longs({1, 2}, {2})}, zeros({2}, x[0].options()));
                       }}}));
  const Tensors rows_and_values{spread({3, 4}, -2, 2), spread({2, 4}, 2, 3)};
  rows.push_back(row(
      "index_put", "IndexPutBackward", 3,
      {{"written", rows_and_values,
        [](const Tensors& x) {
          return x[0].index_put({longs({2, 0}, {2})}, x[1]);
        }},
       {"added", rows_and_values,
        [](const Tensors& x) {
          return x[0].index_put({longs({2, 2}, {2})}, x[1], true);
        }},
       {"broadcast values",
        {spread({3, 4}, -2, 2), spread({4}, 2, 3)},
        [](const Tensors& x) {
          return x[0].index_put({longs({2, 0}, {2})}, x[1]);
        }},
       {"in place", rows_and_values,
        [](const Tensors& x) {
          return (x[0] * 2).index_put_({longs({2, 0}, {2})}, x[1]);
        }}},
      [](const Tensors& x) {
        return Tensor(x[0]).index_put_({longs({0, 9}, {2})}, x[1]);
      },
      rows_and_values, "index_put"));
  rows.push_back(row(
      "index_select", "IndexSelectBackward", 2,
      {{"rows", matrix, [few](const Tensors& x) { return x[0].index_select(0, few); }},
       {"columns", matrix, [few](const Tensors& x) { return x[0].index_select(1, few); }}},
      [](const Tensors& x) { return x[0].index_select(0, longs({3}, {1})); }, matrix,
      "index_select: index 3 is out of bounds"));
  rows.push_back(row(
      "take", "TakeBackward", 2,
      {{"flattened", matrix, [table](const Tensors& x) { return x[0].take(table * 3); }}},
      [](const Tensors& x) { return x[0].take(longs({12}, {1})); }, matrix,
      "take: index 12 is out of bounds"));
  const Call gathered = [table](const Tensors& x) { return x[0].gather(0, table); };
  rows.push_back(row(
      "gather", "GatherBackward", 2,
      {{"rows", matrix, gathered},
       {"a vector", vector, [few](const Tensors& x) { return x[0].gather(0, few); }}},
      [](const Tensors& x) {
        return x[0].gather(0, longs({0, 7}, {1, 2}));
      },
      matrix, "gather: index 7 is out of bounds"));
  rows.push_back(row("scatter_add", "ScatterAddBackward", 2, {{"the gradient of gather", matrix, gathered}}));
  rows.push_back(row(
      "scatter_add", "ScatterAddBackward", 3,
      {{"equal indices add up", pair, [table](const Tensors& x) { return x[0].scatter_add(0, table, x[1]); }},
       {"in place", pair, [table](const Tensors& x) { return (x[0] * 3).scatter_add_(1, table, x[1]); }}},
      [table](const Tensors& x) { return x[0].scatter_add_(0, table + 9, x[1]); }, pair,
      "scatter_add: index"));
  const Tensor distinct = longs({0, 2, 1, 0}, {2, 2});
  rows.push_back(row(
      "scatter", "ScatterBackward0", 3,
      {{"written", pair, [distinct](const Tensors& x) { return x[0].scatter(0, distinct, x[1]); }},
       {"in place", pair, [distinct](const Tensors& x) { return (x[0] * 3).scatter_(1, distinct, x[1]); }}},
      [table](const Tensors& x) { return x[0].scatter_(0, table + 9, x[1]); }, pair, "scatter: index"));
  rows.push_back(row("scatter", "ScatterBackward1", 2, {{"a number", matrix, [distinct](const Tensors& x) {
                                                           return x[0].scatter(1, distinct, 2.5);
                                                         }}}));
  rows.push_back(row(
      "masked_fill", "MaskedFillBackward0", 2,
      {{"a number", {spread({2, 3}, -1, 1)}, [mask](const Tensors& x) { return x[0].masked_fill(mask, 4); }},
       {"self broadcast",
        {spread({3}, -1, 1)},
        [mask](const Tensors& x) { return x[0].masked_fill(mask, 4); }},
       {"in place",
        {spread({2, 3}, -1, 1)},
        [mask](const Tensors& x) { return (x[0] * 2).masked_fill_(mask, 4); }}},
      [](const Tensors& x) { return x[0].masked_fill_(x[0], 1); }, vector, "masked_fill: mask must be bool"));
  rows.push_back(row(
      "masked_fill", "MaskedFillBackward1", 3,
      {{"a tensor",
        {spread({2, 3}, -1, 1), spread({}, 2, 3)},
        [mask](const Tensors& x) { return x[0].masked_fill(mask, x[1]); }}},
      [mask](const Tensors& x) { return x[0].masked_fill(mask, x[0]); }, {spread({2, 3}, 0, 1)},
      "masked_fill: value must be a number"));
  rows.push_back(row(
      "masked_select", "MaskedSelectBackward", 2,
      {{"a mask", {spread({2, 3}, -1, 1)}, [mask](const Tensors& x) { return x[0].masked_select(mask); }},
       {"self broadcast",
        {spread({3}, -1, 1)},
        [mask](const Tensors& x) { return x[0].masked_select(mask); }}},
      [mask](const Tensors& x) { return x[0].masked_select(mask); }, {spread({4}, 0, 1)},
      "masked_select: shapes do not broadcast"));
}

}  // namespace samples
