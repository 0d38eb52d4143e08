// Which module runs: looks on, by hooks, as the modules of a tree are called. Private to the library.
#pragma once

#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include <xgrad/core/tape/observer.h>
#include <xgrad/core/types/mutex.h>
#include <xgrad/nn/module.h>

namespace xgrad::graph {

/// While it lives, it knows the modules that are running in each thread. When it goes, its hooks go too.
class ModuleWatch {
 public:
  struct Watched {
    std::string path;  ///< "" for the root
    nn::Module* module;
  };

  explicit ModuleWatch(nn::Module& root);
  virtual ~ModuleWatch();
  ModuleWatch(const ModuleWatch&) = delete;
  ModuleWatch& operator=(const ModuleWatch&) = delete;

  /// The root, and all below it in the order of registration.
  const std::vector<Watched>& modules() const { return modules_; }
  /// The module in which this thread is, as an index; -1: in none.
  int running() const;
  /// The module an op is part of: the one that runs or, where its `forward` was called past the hooks, the
  /// one whose parameters the op reads. -1: none.
  int module_of(const autograd::OpRun& op) const;
  bool was_called(int module) const;

 protected:
  /// A module begins, or ends, with no outputs when it has thrown; running() is that module.
  virtual void module_starts(int, const std::vector<Tensor>&) {}
  virtual void module_ran(int, const std::vector<Tensor>&) {}

 private:
  int owner(const Tensor& t) const;
  int running_locked() const;
  void watch(int index, nn::Module& module);
  void remove_hooks();

  std::vector<Watched> modules_;
  std::vector<bool> called_;
  std::vector<nn::RemovableHandle> hooks_;
  std::unordered_map<const void*, int> owners_;  // by storage
  mutable Mutex mutex_;                          // the threads of a parallel_for may call modules
  std::unordered_map<std::thread::id, std::vector<int>> running_;
};

/// `Linear encoder.fc1`, or the type alone for the root: what errors call a module.
std::string described(const ModuleWatch::Watched& watched);

}  // namespace xgrad::graph
