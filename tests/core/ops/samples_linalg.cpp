// Samples of the cross product and of distances.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

namespace {

void add_cross(std::vector<Row>& rows) {
  const Call call = [](const Tensors& x) { return linalg::cross(x[0], x[1]); };
  rows.push_back(row("linalg.cross", "LinalgCrossBackward", 2,
                     {{"rows", {spread({2, 3}, -2, 2), spread({2, 3}, -2, 2, 1)}, call},
                      {"broadcast", {spread({2, 1, 3}, -2, 2), spread({1, 2, 3}, -2, 2, 1)}, call},
                      {"columns",
                       {spread({3, 2}, -2, 2), spread({3, 2}, -2, 2, 1)},
                       [](const Tensors& x) { return cross(x[0], x[1]); }}},
                     call, {spread({2, 3}, -2, 2), spread({2, 2}, -2, 2)}, "linalg.cross: "));
}

}  // namespace

void add_linalg(std::vector<Row>& rows) {
  add_cross(rows);
  add_distances(rows);
}

}  // namespace samples
