// Hooks at every module of a tree, and whose parameters are whose.
#include <xgrad/graph/module_watch.h>

#include <mutex>

namespace xgrad::graph {

ModuleWatch::ModuleWatch(nn::Module& root) {
  for (const auto& item : root.named_modules()) modules_.push_back({item.key(), item.value().get()});
  called_.resize(modules_.size());
  try {
    for (std::size_t i = 0; i < modules_.size(); ++i) watch(static_cast<int>(i), *modules_[i].module);
  } catch (...) {
    remove_hooks();
    throw;
  }
}

ModuleWatch::~ModuleWatch() { remove_hooks(); }

void ModuleWatch::remove_hooks() {
  for (nn::RemovableHandle& hook : hooks_) hook.remove();
}

void ModuleWatch::watch(int index, nn::Module& module) {
  for (const auto& list : {module.parameters(false), module.buffers(false)})
    for (const Tensor& t : list)
      if (t.defined()) owners_.emplace(t.impl().storage().get(), index);
  hooks_.push_back(module.register_forward_pre_hook(
      [this, index](nn::Module&, const std::vector<Tensor>& inputs) {
        {
          const std::lock_guard lock(mutex_);
          running_[std::this_thread::get_id()].push_back(index);
          called_[static_cast<std::size_t>(index)] = true;
        }
        module_starts(index, inputs);
      },
      true));
  hooks_.push_back(module.register_forward_hook(
      [this, index](nn::Module&, const std::vector<Tensor>&, const std::vector<Tensor>& outputs) {
        module_ran(index, outputs);
        const std::lock_guard lock(mutex_);
        running_[std::this_thread::get_id()].pop_back();
      },
      false, true));
}

int ModuleWatch::running_locked() const {
  const auto found = running_.find(std::this_thread::get_id());
  return found == running_.end() || found->second.empty() ? -1 : found->second.back();
}

int ModuleWatch::running() const {
  const std::lock_guard lock(mutex_);
  return running_locked();
}

bool ModuleWatch::was_called(int module) const {
  const std::lock_guard lock(mutex_);
  return called_[static_cast<std::size_t>(module)];
}

int ModuleWatch::owner(const Tensor& t) const {
  const auto found = owners_.find(t.impl().storage().get());
  return found == owners_.end() ? -1 : found->second;
}

int ModuleWatch::module_of(const autograd::OpRun& op) const {
  const std::lock_guard lock(mutex_);
  for (int i = 0; i < op.count; ++i) {
    const Tensor* t = op.args[i].tensor;
    const int reads = t && t->defined() ? owner(*t) : -1;
    if (reads >= 0) return called_[static_cast<std::size_t>(reads)] ? running_locked() : reads;
  }
  return running_locked();
}

std::string described(const ModuleWatch::Watched& watched) {
  return watched.path.empty() ? watched.module->name() : watched.module->name() + " " + watched.path;
}

}  // namespace xgrad::graph
