// KeepValues: looks on as ops run, and puts beside their nodes what they computed, from what, and where.
#include <mutex>
#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <xgrad/core/stanza/op_node.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tape/meta.h>
#include <xgrad/graph/module_watch.h>
#include <xgrad/graph/trace.h>

namespace xgrad::graph {

class KeepValues::Keeper final : public autograd::OpObserver {
 public:
  explicit Keeper(nn::Module* root) {
    if (root) watch_.emplace(*root);
  }

  void op_ran(const autograd::OpRun& run) override {
    if (!run.node) return;
    const NoGradGuard no_grad;
    const autograd::ObserverScope alone(nullptr);
    autograd::NodeExtras& extras = run.node->ensure_extras();
    // Pieces are shown as what they are pieces of.
    const bool is_whole = run.op.results == kMany;
    extras.value = (is_whole ? *run.args[0].tensor : run.outputs[0]).detach().clone();
    if (watch_) extras.module = watch_->place(run);
    for (int i = 0; i < run.count; ++i) {
      const Argument& arg = run.args[i];
      autograd::NodeExtras::Constant& constant = extras.constants.emplace_back();
      if (arg.requires_grad() || (arg.tensor && !arg.tensor->defined())) continue;
      constant.value = arg.tensor ? arg.tensor->detach() : ops::wrapped_number(arg.number);
      constant.is_inner = extras.module && arg.tensor && !watch_->was_passed_in(*arg.tensor);
    }
  }

 private:
  class Watch final : public ModuleWatch {
   public:
    using ModuleWatch::ModuleWatch;

    // None where hooks do not tell it: outside of all modules, and in one that was seen to call the `forward`
    // of another past its hooks.
    std::optional<std::string> place(const autograd::OpRun& run) {
      const int module = running();
      if (module < 0) return {};
      const std::lock_guard lock(mutex_);
      if (module_of(run) != module) past_hooks_.insert(module);
      if (past_hooks_.count(module) > 0) return {};
      return modules()[static_cast<std::size_t>(module)].path;
    }

    bool was_passed_in(const Tensor& t) {
      const std::lock_guard lock(mutex_);
      return passed_in_.count(t.impl().storage().get()) > 0;
    }

   private:
    void module_starts(int, const std::vector<Tensor>& inputs) override {
      const std::lock_guard lock(mutex_);
      for (const Tensor& t : inputs)
        if (t.defined()) passed_in_.emplace(t.impl().storage().get(), t.impl().storage());
    }

    std::unordered_set<int> past_hooks_;
    // Kept, so that no other comes to their places.
    std::unordered_map<const StorageImpl*, intrusive_ptr<StorageImpl>> passed_in_;
    Mutex mutex_;  // the threads of a parallel_for run ops and modules too
  };

  std::optional<Watch> watch_;
  const autograd::ObserverScope scope_{this};
};

KeepValues::KeepValues() : keeper_(new Keeper(nullptr)) {}
KeepValues::KeepValues(nn::Module& root) : keeper_(new Keeper(&root)) {}
KeepValues::~KeepValues() = default;

}  // namespace xgrad::graph
