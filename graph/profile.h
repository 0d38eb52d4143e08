// profile: where the time and the memory of a computation go, by op and by module.
#pragma once

#include <functional>
#include <iosfwd>
#include <string>
#include <vector>

#include <xgrad/nn/module.h>

namespace xgrad::graph {

/// One op, one node of backward, or one call of a module.
struct ProfileEvent {
  enum class Kind { op, backward, module };
  Kind kind = Kind::op;
  std::string name;           ///< `mm`; `MmBackward`; `Linear`
  std::string op;             ///< `mm` for both of the first
  std::string module;         ///< the path of the module it is part of, or that was called
  bool is_in_module = false;  ///< otherwise it is outside all
  int thread = 0;             ///< 0: the first that was seen
  double start = 0;           ///< seconds since profile() began
  double duration = 0;
  double self = 0;    ///< without what ran inside
  int64_t bytes = 0;  ///< results, or gradients, in memory of their own
};

/// Sums over events: of an op, or of a module with all below it.
struct ProfileRow {
  std::string name;
  int64_t calls = 0, backward_calls = 0;
  double forward = 0, backward = 0;  ///< seconds
  int64_t bytes = 0, backward_bytes = 0;
};

/// What profile() saw. `std::cout << profile` prints the sums as tables.
struct XGRAD_API Profile {
  std::vector<ProfileEvent> events;  ///< in the order in which they ended
  std::vector<std::string> modules;  ///< paths, the root first; empty without a module
  std::vector<std::string> types;    ///< of the modules
  double seconds = 0;                ///< all of f

  /// The dearest first.
  std::vector<ProfileRow> by_op() const;
  /// In the order of registration. What is outside all modules is in none.
  std::vector<ProfileRow> by_module() const;
  /// A file for https://ui.perfetto.dev or chrome://tracing. Throws Error where it cannot be written.
  void save_trace(const std::string& file) const;
};
XGRAD_API std::ostream& operator<<(std::ostream& stream, const Profile& profile);

/// Calls f and takes the times of the ops of this thread, and of the threads of parallel_for, forward and
/// backward. What f throws goes on to the caller. Profiles may be taken within each other, and in several
/// threads at once. Taking them costs some tenths of a microsecond for each op.
XGRAD_API Profile profile(const std::function<void()>& f);
/// Also by the modules below `module`, seen by hooks as they are called; a node of backward belongs to the
/// module of its op.
XGRAD_API Profile profile(nn::Module& module, const std::function<void()>& f);
template <class Contained>
Profile profile(const nn::ModuleHolder<Contained>& module, const std::function<void()>& f) {
  return profile(*module.ptr(), f);
}

}  // namespace xgrad::graph
