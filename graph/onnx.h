// to_onnx: what a module computes as a model for other programs.
#pragma once

#include <functional>
#include <string>
#include <tuple>
#include <vector>

#include <xgrad/graph/summary.h>

namespace xgrad::graph {

namespace detail {
XGRAD_API std::string onnx_model(nn::Module& module, const std::function<void()>& call);
XGRAD_API void save_onnx(const std::string& file, const std::string& model);
}  // namespace detail

/// Writes what `module(input)`, or `module(inputs...)` for a tuple, computes in eval mode as an
/// ONNX model, opset 20, for inputs of these shapes: the ops as they run, LSTM, GRU and RNN as one each.
/// Parameters and buffers keep their names; inputs are called input, input_1, ..., results output, output_1,
/// ... What depends on numbers that were taken out of tensors (`item()`) is as it was for these inputs. The
/// module is left as it was. Throws Error, which names op and module, for what ONNX has no form for, and
/// where xgrad was built without protozero; then no file is written.
template <class M, class... Inputs>
void to_onnx(M&& module, const std::tuple<Inputs...>& inputs, const std::string& file) {
  auto& called = detail::module_of(module);
  std::apply(
      [&](const auto&... input) {
        detail::save_onnx(file, detail::onnx_model(called, [&] { (void)nn::call(called, input...); }));
      },
      inputs);
}
template <class M>
void to_onnx(M&& module, const Tensor& input, const std::string& file) {
  to_onnx(module, std::make_tuple(input), file);
}

}  // namespace xgrad::graph
