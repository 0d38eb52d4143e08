// Samples of ops made for networks: normalisation, recurrent cells.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

void add_networks(std::vector<Row>& rows) {
  const Tensors all{spread({3, 2, 4}, -2, 2), spread({2, 4}, 0.5, 2, 1), spread({2, 4}, -1, 1, 2)};
  const Tensors vector{spread({5}, -2, 2), spread({5}, 0.5, 2, 1)};
  rows.push_back(row(
      "layer_norm", "NativeLayerNormBackward", 3,
      {{"weight and bias", all,
        [](const Tensors& x) {
          return layer_norm(x[0], {2, 4}, x[1], x[2], 0.1);
        }},
       {"weight alone", vector, [](const Tensors& x) { return layer_norm(x[0], {5}, x[1], {}, 0.1); }},
       {"bias alone", vector, [](const Tensors& x) { return layer_norm(x[0], {5}, {}, x[1], 0.1); }},
       {"neither", {spread({2, 3}, -2, 2)}, [](const Tensors& x) { return layer_norm(x[0], {3}); }},
       {"no rows",
        {spread({0, 3}, -2, 2), spread({3}, 0, 1)},
        [](const Tensors& x) { return layer_norm(x[0], {3}, x[1]); }}},
      [](const Tensors& x) { return layer_norm(x[0], {4}); }, vector,
      "layer_norm: the last dimensions of input must be normalized_shape: input is [5], normalized_shape is "
      "[4]"));

  const Tensors cell{spread({2, 3}, -2, 2),    spread({2, 2}, -1, 1, 1), spread({2, 2}, -1, 1, 2),
                     spread({8, 3}, -1, 1, 3), spread({8, 2}, -1, 1, 4), spread({8}, -1, 1, 5),
                     spread({8}, -1, 1, 6)};
  const auto run = [](const Tensors& x) { return lstm_cell(x[0], {x[1], x[2]}, x[3], x[4], x[5], x[6]); };
  rows.push_back(row(
      "lstm_cell", "LstmCellBackward", 2,
      {{"h", cell, [=](const Tensors& x) { return std::get<0>(run(x)); }},
       {"c", cell, [=](const Tensors& x) { return std::get<1>(run(x)); }},
       {"both", cell,
        [=](const Tensors& x) {
          const auto [h, c] = run(x);
          return 2 * h + c;
        }},
       {"without biases",
        {cell.begin(), cell.begin() + 5},
        [](const Tensors& x) {
          return std::get<0>(lstm_cell(x[0], {x[1], x[2]}, x[3], x[4]));
        }}},
      [](const Tensors& x) {
        return std::get<0>(lstm_cell(x[0], {x[1], x[2]}, x[4], x[3]));
      },
      {cell.begin(), cell.begin() + 5}, "lstm_cell: "));
}

}  // namespace samples
