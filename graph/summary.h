// summary: what a module consists of and what a call of it costs, layer by layer.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <type_traits>
#include <vector>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/module.h>

namespace xgrad::graph {

/// A module of the tree. Its numbers are its own, without those of its submodules.
struct LayerSummary {
  std::string path;  ///< `encoder.fc1`; "" for the whole
  std::string type;  ///< `Linear`
  int depth = 0;
  bool is_last = false;                                           ///< of its siblings
  int calls = 0;                                                  ///< 0: only counted, or never called
  std::vector<std::vector<int64_t>> input_shapes, output_shapes;  ///< of the last call
  int64_t parameters = 0;  ///< elements; what several modules share counts in the first
  int64_t trainable_parameters = 0;
  int64_t parameter_bytes = 0, buffer_bytes = 0;
  /// Of products of matrices, convolutions, recurrent layers and attention, each op by its formula.
  int64_t mult_adds = 0;
  /// All results of its ops; views and changes in place take none.
  int64_t activation_bytes = 0;
};

/// Layers in the order of registration, the module itself first. `std::cout << summary` prints the table.
struct XGRAD_API Summary {
  std::vector<LayerSummary> layers;
  bool is_called = false;
  int64_t input_bytes = 0;

  int64_t total(int64_t LayerSummary::*number) const;
  /// The layer at a path. Throws IndexError where there is none.
  const LayerSummary& operator[](const std::string& path) const;
};
XGRAD_API std::ostream& operator<<(std::ostream& stream, const Summary& summary);

namespace detail {
XGRAD_API Summary summarize(nn::Module& module, const std::function<void()>& call);
/// Zeros of the dtype of the module's first floating-point parameter.
XGRAD_API Tensor example_input(const nn::Module& module, IntArrayRef shape);

template <class M>
auto& module_of(M& module) {
  if constexpr (nn::detail::is_module_holder<M>)
    return *module.ptr();
  else
    return module;
}
}  // namespace detail

/// What `module(inputs...)` does, layer by layer: shapes, parameters, multiply-adds, memory. It runs once, in
/// eval mode and without gradients, and the module and the default generator are left as they were. A layer
/// is seen when it is called, `fc(x)`, or, where its `forward` is called instead, by the parameters that ops
/// read. `module` is a module or a holder. An error within forward names the module that it came from.
template <class M, class First, class... Rest,
          std::enable_if_t<!std::is_convertible<const First&, IntArrayRef>::value, int> = 0>
Summary summary(M&& module, const First& first, const Rest&... rest) {
  auto& called = detail::module_of(module);
  return detail::summarize(called, [&] { (void)nn::call(called, first, rest...); });
}
/// The same for inputs of these shapes, filled with zeros: `summary(net, {1, 3, 224, 224})`.
template <class M>
Summary summary(M&& module, IntArrayRef input_shape) {
  auto& called = detail::module_of(module);
  return summary(called, detail::example_input(called, input_shape));
}
template <class M>
Summary summary(M&& module, IntArrayRef first_shape, IntArrayRef second_shape) {
  auto& called = detail::module_of(module);
  return summary(called, detail::example_input(called, first_shape),
                 detail::example_input(called, second_shape));
}
/// Parameters alone; nothing is called.
template <class M>
Summary summary(M&& module) {
  return detail::summarize(detail::module_of(module), nullptr);
}

}  // namespace xgrad::graph
