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

  rows.push_back(row(
      "rms_norm", "FusedRmsNormBackward", 3,
      {{"weight",
        {spread({3, 2, 4}, -2, 2), spread({2, 4}, 0.5, 2, 1)},
        [](const Tensors& x) {
          return rms_norm(x[0], {2, 4}, x[1], 0.1);
        }},
       {"no weight", {spread({2, 3}, -2, 2)}, [](const Tensors& x) { return rms_norm(x[0], {3}); }}},
      [](const Tensors& x) { return rms_norm(x[0], {5}, x[1]); }, {spread({2, 5}, 0, 1), spread({4}, 0, 1)},
      "rms_norm: weight must have the shape of normalized_shape: weight is [4], normalized_shape is [5]"));

  const Tensors channels{spread({3, 4, 2}, -2, 2), spread({4}, 0.5, 2, 1), spread({4}, -1, 1, 2)};
  const auto batch = [](const Tensors& x) {
    return batch_norm(x[0], x.size() > 1 ? x[1] : Tensor(), x.size() > 2 ? x[2] : Tensor(), {}, {}, true, 0.1,
                      0.1);
  };
  rows.push_back(row(
      "batch_norm", "NativeBatchNormBackward", 3,
      {{"short rows", channels, batch},
       {"long rows", {spread({2, 2, 3, 7}, -2, 2), spread({2}, 0.5, 2, 1)}, batch},
       {"one number each", {spread({5, 3}, -2, 2)}, batch},
       {"many channels", {spread({4, 85}, -2, 2), spread({85}, 0.5, 2, 1), spread({85}, -1, 1, 2)}, batch}},
      [=](const Tensors& x) {
        return batch({x[0], x[1]});
      },
      {spread({3, 4, 2}, -2, 2), spread({3}, 0, 1)},
      "batch_norm: weight must hold one number per channel: weight is [3], input is [3, 4, 2] "
      "with 4 channels"));
  rows.push_back(row(
      "group_norm", "NativeGroupNormBackward", 3,
      {{"weight and bias", channels, [](const Tensors& x) { return group_norm(x[0], 2, x[1], x[2], 0.1); }},
       {"a group of all",
        {channels[0], channels[1]},
        [](const Tensors& x) { return group_norm(x[0], 1, x[1]); }},
       {"one number of each channel",
        {spread({3, 38}, -2, 2), spread({38}, 0.5, 2, 1), spread({38}, -1, 1, 2)},
        [](const Tensors& x) { return group_norm(x[0], 2, x[1], x[2], 0.1); }},
       {"a group of each", {spread({2, 2, 5}, -2, 2)}, [](const Tensors& x) { return group_norm(x[0], 2); }},
       {"each sample of an instance", channels,
        [](const Tensors& x) { return instance_norm(x[0], x[1], x[2], {}, {}, true, 0.1, 0.5); }}},
      [](const Tensors& x) { return group_norm(x[0], 3); }, channels,
      "group_norm: num_groups must divide the number of channels: input is [3, 4, 2] with 4 "
      "channels, num_groups is 3"));
}

}  // namespace samples
