// Samples of the ops that write slices, elements and reductions at indices.
#include "core/ops/samples_kernels.h"

#include <xgrad/core/ops/indexing/bags.h>

namespace samples {

using namespace xgrad;

namespace {

void add_writes(std::vector<Row>& rows) {
  const Tensor twice = longs({2, 0, 2}, {3}), once = longs({2, 0, 1}, {3});
  const Tensors matrices{spread({3, 4}, -2, 2), spread({3, 4}, 2, 3)};
  rows.push_back(row(
      "index_add", "IndexAddBackward", 3,
      {{"rows", matrices, [twice](const Tensors& x) { return x[0].index_add(0, twice, x[1], 0.5); }},
       {"columns",
        {spread({2, 3}, -2, 2), spread({2, 2}, 2, 3)},
        [](const Tensors& x) {
          return x[0].index_add(1, longs({1, 1}, {2}), x[1]);
        }},
       {"in place", matrices, [twice](const Tensors& x) { return (x[0] * 2).index_add_(0, twice, x[1]); }},
       {"a number",
        {spread({}, 0, 1), spread({}, 1, 2)},
        [](const Tensors& x) { return x[0].index_add(0, longs({0}, {1}), x[1]); }}},
      [twice](const Tensors& x) { return x[0].index_add_(1, twice + 2, x[1].t()); }, matrices,
      "index_add: index 4 is out of bounds for dimension 1"));
  rows.push_back(row(
      "index_copy", "IndexCopyBackward", 3,
      {{"rows", matrices, [once](const Tensors& x) { return x[0].index_copy(0, once, x[1]); }},
       {"in place", matrices, [once](const Tensors& x) { return (x[0] * 2).index_copy_(0, once, x[1]); }}},
      [once](const Tensors& x) { return x[0].index_copy_(1, once, x[1]); }, matrices,
      "index_copy: source must have self's sizes"));
  const Tensors filled{spread({3, 4}, -2, 2), spread({}, 2, 3)};
  rows.push_back(row(
      "index_fill", "IndexFillBackward", 3,
      {{"a tensor", filled, [twice](const Tensors& x) { return x[0].index_fill(0, twice, x[1]); }},
       {"in place", filled, [twice](const Tensors& x) { return (x[0] * 2).index_fill_(1, twice, x[1]); }},
       {"a number", {filled[0]}, [](const Tensors& x) { return x[0].index_fill(1, longs({-1}, {1}), 3); }}},
      [twice](const Tensors& x) { return x[0].index_fill_(0, twice, x[1]); }, matrices,
      "index_fill: value must be a number"));
  const Tensors few{spread({2, 3}, -2, 2), spread({3}, 2, 3)};
  rows.push_back(row(
      "put", "PutBackward", 3,
      {{"written", few,
        [](const Tensors& x) {
          return x[0].put(longs({0, -1, 3}, {3}), x[1]);
        }},
       {"added", few,
        [](const Tensors& x) {
          return x[0].put(longs({1, 1, 4}, {3}), x[1], true);
        }},
       {"in place", few,
        [](const Tensors& x) {
          return (x[0] * 2).put_(longs({0, 4, 2}, {3}), x[1]);
        }}},
      [](const Tensors& x) {
        return x[0].put_(longs({0, 6, 2}, {3}), x[1]);
      },
      few, "put: index 6 is out of bounds"));
  const Tensor mask = spread({2, 3}, -1, 1) > 0;
  const Tensors masked{spread({2, 3}, -2, 2), spread({7}, 2, 3)};
  rows.push_back(row(
      "masked_scatter", "MaskedScatterBackward", 3,
      {{"a mask", masked, [mask](const Tensors& x) { return x[0].masked_scatter(mask, x[1]); }},
       {"self broadcast",
        {spread({3}, -2, 2), masked[1]},
        [mask](const Tensors& x) { return x[0].masked_scatter(mask, x[1]); }},
       {"in place", masked, [mask](const Tensors& x) { return (x[0] * 2).masked_scatter_(mask, x[1]); }}},
      [](const Tensors& x) { return x[0].masked_scatter_(x[0] < 9, x[1].slice(0, 0, 5)); }, masked,
      "masked_scatter: source has too few elements"));
}

void add_reduced_writes(std::vector<Row>& rows) {
  const Tensor index = longs({0, 2, 2, 0, 1, 2}, {2, 3}), places = longs({1, 1, 0}, {3});
  const Tensors pair{spread({3, 3}, 0.5, 2), spread({2, 3}, 0.6, 1.9)};
  const auto reduced = [&](const char* how) {
    return std::vector<Sample>{
        {"with self", pair, [=](const Tensors& x) { return x[0].scatter_reduce(0, index, x[1], how); }},
        {"without", pair, [=](const Tensors& x) { return x[0].scatter_reduce(1, index, x[1], how, false); }},
        {"in place", pair,
         [=](const Tensors& x) { return (x[0] * 1.03).scatter_reduce_(0, index, x[1], how); }},
        {"slices", {pair[0], spread({3, 3}, 0.6, 1.9, 1)}, [=](const Tensors& x) {
           return x[0].index_reduce(1, places, x[1], how);
         }}};
  };
  std::vector<Sample> products = reduced("prod");
  products.push_back(
      {"multiply", pair, [=](const Tensors& x) { return scatter(x[0], 0, index, x[1], "multiply"); }});
  const Call wrong = [index](const Tensors& x) { return x[0].scatter_reduce_(0, index, x[1], "median"); };
  rows.push_back(row("scatter_reduce", "ScatterProdBackward", 3, products, wrong, pair,
                     "scatter_reduce: reduce must be one of \"sum\", \"prod\""));
  rows.push_back(row("scatter_reduce", "ScatterAmaxBackward", 3, reduced("amax")));
  rows.push_back(row("scatter_reduce", "ScatterAminBackward", 3, reduced("amin")));
  rows.push_back(row("scatter_add", "ScatterAddBackward", 3, reduced("mean")));
  std::vector<Sample> segments;
  for (const char* how : {"sum", "mean", "prod", "max", "min"}) {
    segments.push_back({how, {pair[0]}, [how](const Tensors& x) {
                          return segment_reduce(x[0], how, longs({1, 2}, {2}));
                        }});
    segments.push_back(
        {"inner", {spread({2, 5, 17}, 0.5, 2)}, [how](const Tensors& x) {
           return segment_reduce(x[0], how, longs({1, 4, 3, 2}, {2, 2}), {}, {}, 1, false, 1.1);
         }});
    segments.push_back({"a vector", {spread({6}, 0.5, 2)}, [how](const Tensors& x) {
                          return segment_reduce(x[0], how, longs({4, 0, 2}, {3}), {}, {}, 0, false, 0.9);
                        }});
  }
  const Call short_lengths = [](const Tensors& x) { return segment_reduce(x[0], "max", longs({1, 1}, {2})); };
  rows.push_back(row("segment_reduce", "SegmentReduceBackward0", 2, segments, short_lengths, pair,
                     "segment_reduce: lengths must sum to 3"));
}

}  // namespace

void add_slices(std::vector<Row>& rows) {
  add_writes(rows);
  add_reduced_writes(rows);
  const Tensor indices = longs({2, 0, 2, 1}, {2, 2});
  const Tensors table{spread({3, 2}, -2, 2)};
  rows.push_back(row(
      "embedding", "EmbeddingBackward", 2,
      {{"rows", table, [indices](const Tensors& x) { return embedding(x[0], indices); }},
       {"of int32", table, [indices](const Tensors& x) { return embedding(x[0], indices.to(kInt)); }}},
      [indices](const Tensors& x) { return embedding(x[0], indices + 1); }, table,
      "embedding: index 3 is out of bounds for 3 rows"));
  // Bags of two, none, and all of an odd width.
  const Tensor begin = longs({0, 2, 2, 4}, {4}), chosen = indices.reshape(-1);
  rows.push_back(row(
      "embedding_bag", "EmbeddingBagBackward", 4,
      {{"sums", table, [=](const Tensors& x) { return xgrad::ops::sum_bags(x[0], chosen, begin, {}); }},
       {"weighted",
        {spread({3, 5}, -2, 2), spread({4}, 0, 1, 1)},
        [=](const Tensors& x) { return xgrad::ops::sum_bags(x[0], chosen, begin, x[1]); }}},
      [=](const Tensors& x) { return xgrad::ops::sum_bags(x[0], chosen + 1, begin, {}); }, table,
      "embedding_bag: index 3 is out of bounds for 3 rows"));
  rows.push_back(row(
      "resample", "ResampleBackward", 4,
      {{"of several tables",
        {spread({2, 3, 2}, -2, 2), spread({4}, 0, 1, 1)},
        [=](const Tensors& x) { return xgrad::ops::resample(x[0], chosen, begin, x[1]); }},
       {"of single values",
        {spread({5, 3, 1}, -2, 2), spread({4}, 0, 1, 1)},
        [=](const Tensors& x) { return xgrad::ops::resample(x[0], chosen, begin, x[1]); }}},
      [=](const Tensors& x) { return xgrad::ops::resample(x[0], chosen + 1, begin, {}); }, table,
      "resample: index 3 is out of bounds for 3 rows"));
  rows.push_back(row(
      "gather", "GatherBackward", 2,
      {{"take_along_dim", table,
        [](const Tensors& x) {
          return take_along_dim(x[0], longs({1, 0}, {1, 2}), 0);
        }},
       {"flattened", table, [indices](const Tensors& x) { return take_along_dim(x[0], indices); }}},
      [](const Tensors& x) { return take_along_dim(x[0], longs({1}, {1}), 0); }, table,
      "take_along_dim: self and indices must have as many dimensions"));
}

}  // namespace samples
