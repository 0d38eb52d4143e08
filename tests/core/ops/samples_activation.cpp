// Samples of activations.
#include "core/ops/samples_elementwise.h"

namespace samples {

using namespace xgrad;

void add_activations(std::vector<Row>& rows) {
  const std::vector<std::pair<double, double>> both{{-2.2, -0.2}, {0.2, 2.2}},
      wide{{-6, -3.2}, {-2.8, 2.8}, {3.2, 6}};
#define ACTIVATION(op, node, ranges, ...) \
  rows.push_back(unary(                   \
      #op, node, [](const Tensor& x) { return op(x __VA_OPT__(, ) __VA_ARGS__); }, ranges))
  ACTIVATION(silu, "SiluBackward", both);
  also(rows, "in place", {spread({2, 3}, -2, 2)}, [](const Tensors& x) {
    Tensor y = x[0] * 2;
    return silu_(y);
  });
  ACTIVATION(mish, "MishBackward", both);
  ACTIVATION(hardswish, "HardswishBackward", wide);
  ACTIVATION(hardsigmoid, "HardsigmoidBackward", wide);
  ACTIVATION(log_sigmoid, "LogSigmoidBackward", both);
  ACTIVATION(elu, "EluBackward", both, 0.7);
  also(rows, "celu", {spread({5}, -2, -0.1)}, [](const Tensors& x) { return celu(x[0], 1.3); });
  also(rows, "selu", {spread({5}, -2, -0.1)}, [](const Tensors& x) { return selu(x[0]); });
  ACTIVATION(leaky_relu, "LeakyReluBackward", both, 0.2);
  ACTIVATION(hardtanh, "HardtanhBackward", wide, -3, 3);
  rows.back().bad = {[](const Tensors& x) { hardtanh(x[0], 2, 1); },
                     {ones({2}, kDouble)},
                     "hardtanh: min_val must not be above max_val"};
  also(rows, "relu6", {spread({5}, 0.5, 8)}, [](const Tensors& x) { return relu6(x[0]); });
  ACTIVATION(hardshrink, "HardshrinkBackward", both, 0.1);
  ACTIVATION(softshrink, "SoftshrinkBackward", both, 0.1);
  ACTIVATION(softplus, "SoftplusBackward", both, 1.5, 20);
  also(rows, "above the threshold", {spread({5}, 3, 4)},
       [](const Tensors& x) { return softplus(x[0], 2, 4); });
  ACTIVATION(threshold, "ThresholdBackward", both, 0.1, -3);
  ACTIVATION(gelu, "GeluBackward", both);
  ACTIVATION(gelu, "GeluBackward", both, "tanh");
#undef ACTIVATION
  rows.push_back(binary("prelu", "PreluBackward",
                        [](const Tensor& x, const Tensor& w) { return prelu(x, w); }, {-2, -0.1},
                        {0.1, 0.9}));
  std::erase_if(rows.back().samples, [](const Sample& s) {
    const auto& w = s.inputs[1];
    return w.dim() > 1 || (w.dim() == 1 && (s.inputs[0].dim() < 2 || s.inputs[0].size(1) != w.numel()));
  });
}

}  // namespace samples
