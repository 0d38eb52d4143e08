// Samples of the ops that sort and select.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

namespace {

using Pair = std::tuple<Tensor, Tensor>;

// The values of both results, for several shapes.
std::vector<Sample> values_of(std::vector<std::vector<int64_t>> shapes,
                              const std::function<Pair(const Tensor&)>& f) {
  return each(std::move(shapes), [f](const Tensors& x) { return std::get<0>(f(x[0])); });
}

}  // namespace

void add_orders(std::vector<Row>& rows) {
  const Tensors matrix{spread({3, 4}, -2, 2)};
  rows.push_back(row(
      "sort", "SortBackward0", 1,
      values_of({{}, {3}, {2, 3}, {0}}, [](const Tensor& x) { return x.sort(0); }),
      [](const Tensors& x) { return std::get<0>(x[0].sort(2)); }, matrix, "sort: "));
  rows.push_back(row(
      "sort", "SortBackward0", 1,
      {{"descending", matrix, [](const Tensors& x) { return std::get<0>(x[0].sort(-1, true)); }},
       {"msort", matrix, [](const Tensors& x) { return msort(x[0]); }},
       {"quantile", matrix, [](const Tensors& x) { return quantile(x[0], 0.3, 1); }},
       {"quantile of all", matrix, [](const Tensors& x) { return quantile(x[0], 0.7, nullopt, true); }},
       {"midpoint", matrix, [](const Tensors& x) { return nanquantile(x[0], 0.4, 0, true, "midpoint"); }}},
      [](const Tensors& x) { return quantile(x[0], 1.5); }, matrix, "quantile: q must be in [0, 1]"));
  rows.push_back(row(
      "topk", "TopkBackward", 1,
      {{"largest", matrix, [](const Tensors& x) { return std::get<0>(x[0].topk(2)); }},
       {"smallest", matrix, [](const Tensors& x) { return std::get<0>(x[0].topk(2, 0, false, false)); }},
       {"none", matrix, [](const Tensors& x) { return std::get<0>(x[0].topk(0)); }}},
      [](const Tensors& x) { return std::get<0>(x[0].topk(5)); }, matrix,
      "topk: k is out of range for dimension 1: self is [3, 4] (5 vs 4)"));
  rows.push_back(row(
      "kthvalue", "KthvalueBackward", 1,
      values_of({{}, {3}, {2, 3}}, [](const Tensor& x) { return kthvalue(x, 1); }),
      [](const Tensors& x) { return std::get<0>(kthvalue(x[0], 5)); }, matrix,
      "kthvalue: k is out of range"));
  const std::vector<std::vector<int64_t>> shapes{{}, {4}, {2, 3}};
  rows.push_back(
      row("median", "MedianBackward1", 1, values_of(shapes, [](const Tensor& x) { return median(x, 0); })));
  rows.push_back(row("nanmedian", "NanmedianBackward1", 1,
                     values_of(shapes, [](const Tensor& x) { return nanmedian(x, -1, true); })));
  rows.push_back(row(
      "median", "MedianBackward0", 1, each(shapes, [](const Tensors& x) { return median(x[0]); }),
      [](const Tensors& x) { return median(x[0] > 0); }, matrix, "median: not defined for bool"));
  rows.push_back(row("nanmedian", "NanmedianBackward0", 1,
                     each(shapes, [](const Tensors& x) { return nanmedian(x[0]); })));
  rows.push_back(row(
      "mode", "ModeBackward", 1, values_of(shapes, [](const Tensor& x) { return mode(x, 0); }),
      [](const Tensors& x) { return std::get<0>(mode(x[0], 0)); }, {spread({0, 2}, 0, 1)},
      "mode: dimension 0 has no element"));
}

}  // namespace samples
