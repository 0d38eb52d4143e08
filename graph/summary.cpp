// summary: counts as a module is called. How the counts look stands in tables.cpp.
#include <xgrad/graph/summary.h>

#include <exception>
#include <mutex>
#include <unordered_set>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/graph/as_it_was.h>
#include <xgrad/graph/costs.h>

namespace xgrad::graph {

namespace {

std::vector<std::vector<int64_t>> shapes_of(const std::vector<Tensor>& tensors) {
  std::vector<std::vector<int64_t>> shapes;
  for (const Tensor& t : tensors)
    if (t.defined()) shapes.emplace_back(t.sizes().begin(), t.sizes().end());
  return shapes;
}

class Counter final : public ModuleWatch, public autograd::OpObserver {
 public:
  explicit Counter(nn::Module& root) : ModuleWatch(root) {
    for (const Watched& w : modules()) add(w);
    for (std::size_t i = 0; i < summary_.layers.size(); ++i) {
      LayerSummary& layer = summary_.layers[i];
      layer.is_last = true;
      for (std::size_t j = i + 1; j < summary_.layers.size() && summary_.layers[j].depth >= layer.depth; ++j)
        if (summary_.layers[j].depth == layer.depth) layer.is_last = false;
    }
  }

  const std::string& failed() const { return failed_; }

  Summary take() { return std::move(summary_); }

  void op_ran(const autograd::OpRun& run) override {
    const std::lock_guard lock(mutex_);
    const int module = module_of(run);
    const int64_t bytes = result_bytes(run);
    const StorageImpl* const storage = run.outputs->defined() ? run.outputs->impl().storage().get() : nullptr;
    const bool is_past_hooks = module >= 0 && !was_called(module);
    if (is_past_hooks) past_hooks_ = module;
    // What it returns is the result of the last op that reads its parameters, or a view of that.
    if (is_past_hooks || (past_hooks_ >= 0 && bytes == 0 && storage == last_)) {
      layer(past_hooks_).calls = 1;
      layer(past_hooks_).output_shapes = shapes_of({run.outputs, run.outputs + run.results});
      last_ = storage;
    }
    if (module < 0) return;
    layer(module).mult_adds += mult_adds(run);
    layer(module).activation_bytes += bytes;
  }

 private:
  LayerSummary& layer(int index) { return summary_.layers[static_cast<std::size_t>(index)]; }

  void add(const Watched& watched) {
    LayerSummary layer;
    layer.path = watched.path;
    layer.type = watched.module->name();
    for (const char c : watched.path) layer.depth += c == '.';
    if (!watched.path.empty()) ++layer.depth;
    for (const Tensor& p : watched.module->parameters(false)) {
      if (!p.defined() || !counted_.insert(p.unsafeGetTensorImpl()).second) continue;
      layer.parameters += p.numel();
      layer.parameter_bytes += static_cast<int64_t>(p.nbytes());
      if (p.requires_grad()) layer.trainable_parameters += p.numel();
    }
    for (const Tensor& b : watched.module->buffers(false))
      if (b.defined() && counted_.insert(b.unsafeGetTensorImpl()).second)
        layer.buffer_bytes += static_cast<int64_t>(b.nbytes());
    summary_.layers.push_back(std::move(layer));
  }

  void module_starts(int index, const std::vector<Tensor>& inputs) override {
    const std::lock_guard lock(mutex_);
    summary_.is_called = true;
    layer(index).input_shapes = shapes_of(inputs);
    if (index == 0 && layer(0).calls == 0)
      for (const Tensor& t : inputs)
        if (t.defined()) summary_.input_bytes += static_cast<int64_t>(t.nbytes());
    ++layer(index).calls;
  }

  void module_ran(int index, const std::vector<Tensor>& outputs) override {
    const std::lock_guard lock(mutex_);
    layer(index).output_shapes = shapes_of(outputs);
    if (std::uncaught_exceptions() > 0 && failed_.empty())
      failed_ = described(modules()[static_cast<std::size_t>(index)]);
  }

  Summary summary_;
  std::string failed_;
  std::unordered_set<const TensorImpl*> counted_;
  int past_hooks_ = -1;                // a module that only its parameters tell of
  const StorageImpl* last_ = nullptr;  // of what it computed
  Mutex mutex_;
};

}  // namespace

int64_t Summary::total(int64_t LayerSummary::*number) const {
  int64_t sum = 0;
  for (const LayerSummary& layer : layers) sum += layer.*number;
  return sum;
}

const LayerSummary& Summary::operator[](const std::string& path) const {
  for (const LayerSummary& layer : layers)
    if (layer.path == path) return layer;
  throw IndexError(concat("summary: ", layers.front().type, " has no module '", path, "'"));
}

Summary detail::summarize(nn::Module& module, const std::function<void()>& call) {
  Counter counter(module);
  if (!call) return counter.take();
  {
    const AsItWas as_it_was(counter);
    const autograd::ObserverScope scope(&counter);
    try {
      call();
    } catch (const std::exception& e) {
      throw Error(concat("summary: ", counter.failed().empty() ? module.name() : counter.failed(),
                         " failed: ", e.what()));
    }
  }
  return counter.take();
}

Tensor detail::example_input(const nn::Module& module, IntArrayRef shape) {
  for (const Tensor& p : module.parameters())
    if (p.defined() && p.is_floating_point()) return zeros(shape, p.options().requires_grad(false));
  return zeros(shape);
}

}  // namespace xgrad::graph
