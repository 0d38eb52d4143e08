// A call that leaves no trace in the module that is called. Private to the library.
#pragma once

#include <utility>
#include <vector>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/generator.h>
#include <xgrad/graph/module_watch.h>

namespace xgrad::graph {

/// Eval mode and no gradients for a scope, after which modes, buffers and the default generator are as
/// before.
class AsItWas {
 public:
  explicit AsItWas(const ModuleWatch& watch) {
    for (const ModuleWatch::Watched& w : watch.modules())
      modes_.emplace_back(w.module, w.module->is_training());
    for (const Tensor& t : watch.modules().front().module->buffers())
      if (t.defined()) buffers_.push_back({t, t.detach().clone(), t.impl().version()});
    modes_.front().first->eval();
  }
  ~AsItWas() {
    Generator(default_generator()).set_state(generator_);
    for (const Buffer& b : buffers_)
      if (b.tensor.impl().version() != b.version) b.tensor.detach().copy_(b.value);
    // A module's mode is also that of all below it, which come later.
    for (const auto& [module, mode] : modes_)
      if (module->is_training() != mode) module->train(mode);
  }
  AsItWas(const AsItWas&) = delete;
  AsItWas& operator=(const AsItWas&) = delete;

 private:
  struct Buffer {
    Tensor tensor, value;
    uint32_t version;
  };
  std::vector<std::pair<nn::Module*, bool>> modes_;
  std::vector<Buffer> buffers_;
  std::vector<uint8_t> generator_ = default_generator().get_state();
  const NoGradGuard no_grad_;
};

}  // namespace xgrad::graph
