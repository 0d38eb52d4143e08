// profile: a stack of what is open in each thread, whose entries become events as they end.
#include <xgrad/graph/profile.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <mutex>
#include <optional>
#include <ostream>
#include <thread>
#include <unordered_map>

#include <xgrad/core/stanza/op_node.h>
#include <xgrad/graph/costs.h>
#include <xgrad/graph/module_watch.h>
#include <xgrad/graph/tables.h>
#include <xgrad/graph/text.h>

namespace xgrad::graph {

namespace {

using Clock = std::chrono::steady_clock;
using Kind = ProfileEvent::Kind;

class Profiler final : public autograd::OpObserver {
 public:
  explicit Profiler(nn::Module* module) {
    if (module) watch_.emplace(*module, *this);
  }

  Profile run(const std::function<void()>& f) {
    {
      const autograd::ObserverScope scope(this);
      f();
    }
    profile_.seconds = now();
    if (watch_)
      for (const ModuleWatch::Watched& w : watch_->modules()) {
        profile_.modules.push_back(w.path);
        profile_.types.push_back(w.module->name());
      }
    return std::move(profile_);
  }

  // What a node runs is part of the node.
  void op_starts(const ops::Op& op) override {
    if (!is_in_node()) begin(Kind::op, &op);
  }
  void op_ran(const autograd::OpRun& run) override {
    if (is_in_node()) return;
    const std::lock_guard lock(mutex_);
    const int module = watch_ ? watch_->module_of(run) : -1;
    if (run.node) modules_of_nodes_[run.node] = {run.node->sequence_nr(), module};
    end(Kind::op, &run.op, run.op.name.op, run.op.name.op, module, result_bytes(run));
  }

  void node_starts(const autograd::Node& node, const Tensor* arrived) override {
    std::vector<const StorageImpl*> storages;
    for (uint32_t i = 0; i < node.num_inputs(); ++i) storages.push_back(storage_of(arrived[i]));
    begin(Kind::backward, &node, std::move(storages));
  }
  void node_ran(const autograd::Node& node, const Tensor* passed) override {
    const std::lock_guard lock(mutex_);
    const auto* op = dynamic_cast<const ops::OpNode*>(&node);
    const auto found = modules_of_nodes_.find(&node);  // nodes go, and others come to their places
    const bool is_known = found != modules_of_nodes_.end() && found->second.first == node.sequence_nr();
    const std::string name = node.name();
    int64_t bytes = 0;
    for (const Open& open : threads_[std::this_thread::get_id()].open) {
      if (open.what != &node) continue;
      bytes = 0;
      for (uint32_t i = 0; i < node.num_outputs(); ++i) {
        const auto& arrived = open.storages;
        if (passed[i].defined() && std::count(arrived.begin(), arrived.end(), storage_of(passed[i])) == 0)
          bytes += static_cast<int64_t>(passed[i].nbytes());
      }
    }
    end(Kind::backward, &node, name, op ? op->op().name.op : name, is_known ? found->second.second : -1,
        bytes);
  }

 private:
  struct Open {
    Kind kind;
    const void* what;  // an op, a node, or a module
    Clock::time_point start;
    double inside = 0;                         // of what has ended within it
    std::vector<const StorageImpl*> storages;  // of gradients that arrived
  };
  struct Thread {
    int number;
    std::vector<Open> open;
  };

  class Watch final : public ModuleWatch {
   public:
    Watch(nn::Module& module, Profiler& profiler) : ModuleWatch(module), profiler_(profiler) {}

   private:
    const nn::Module* at(int index) const { return modules()[static_cast<std::size_t>(index)].module; }
    void module_starts(int index, const std::vector<Tensor>&) override {
      profiler_.begin(Kind::module, at(index));
    }
    void module_ran(int index, const std::vector<Tensor>&) override {
      const std::lock_guard lock(profiler_.mutex_);
      profiler_.end(Kind::module, at(index), at(index)->name(), "", index, 0);
    }
    Profiler& profiler_;
  };

  static const StorageImpl* storage_of(const Tensor& t) {
    return t.defined() ? t.impl().storage().get() : nullptr;
  }

  double now() const { return std::chrono::duration<double>(Clock::now() - began_).count(); }

  bool is_in_node() {
    const std::lock_guard lock(mutex_);
    const auto found = threads_.find(std::this_thread::get_id());
    return found != threads_.end() && !found->second.open.empty() &&
           found->second.open.back().kind == Kind::backward;
  }

  void begin(Kind kind, const void* what, std::vector<const StorageImpl*> storages = {}) {
    const std::lock_guard lock(mutex_);
    const auto [thread, is_new] = threads_.try_emplace(std::this_thread::get_id());
    if (is_new) thread->second.number = static_cast<int>(threads_.size()) - 1;
    thread->second.open.push_back({kind, what, {}, 0, std::move(storages)});
    thread->second.open.back().start = Clock::now();
  }

  // What stands above it on the stack has thrown.
  void end(Kind kind, const void* what, const std::string& name, const std::string& op, int module,
           int64_t bytes) {
    const Clock::time_point stop = Clock::now();
    Thread& thread = threads_[std::this_thread::get_id()];
    std::vector<Open>& open = thread.open;
    while (!open.empty() && (open.back().kind != kind || open.back().what != what)) open.pop_back();
    if (open.empty()) return;  // it began before the profile
    ProfileEvent event;
    event.kind = kind;
    event.name = name;
    event.op = op;
    event.is_in_module = module >= 0;
    if (module >= 0) event.module = watch_->modules()[static_cast<std::size_t>(module)].path;
    event.thread = thread.number;
    event.bytes = bytes;
    event.start = std::chrono::duration<double>(open.back().start - began_).count();
    event.duration = std::chrono::duration<double>(stop - open.back().start).count();
    event.self = event.duration - open.back().inside;
    open.pop_back();
    if (!open.empty()) open.back().inside += event.duration;
    profile_.events.push_back(std::move(event));
  }

  const Clock::time_point began_ = Clock::now();
  Profile profile_;
  Mutex mutex_;
  std::unordered_map<std::thread::id, Thread> threads_;
  std::unordered_map<const autograd::Node*, std::pair<uint64_t, int>> modules_of_nodes_;
  std::optional<Watch> watch_;
};

bool is_within(const std::string& path, const std::string& module) {
  return module.empty() || (path.compare(0, module.size(), module) == 0 &&
                            (path.size() == module.size() || path[module.size()] == '.'));
}

void add(ProfileRow& row, const ProfileEvent& event) {
  const bool is_backward = event.kind == Kind::backward;
  (is_backward ? row.backward : row.forward) += event.self;
  (is_backward ? row.backward_bytes : row.bytes) += event.bytes;
}

std::string table_of(const std::string& head, const std::vector<ProfileRow>& rows, double seconds) {
  const auto time = [](double t) { return t == 0 ? "--" : time_text(t); };
  const auto memory = [](int64_t n) { return n == 0 ? "--" : bytes_text(n); };
  Table table({head, "Calls", "Forward", "Backward", "Share", "Memory", "of gradients"}, 1);
  for (const ProfileRow& row : rows) {
    const double share = seconds > 0 ? (row.forward + row.backward) / seconds : 0;
    table.add({row.name, with_commas(std::max(row.calls, row.backward_calls)), time(row.forward),
               time(row.backward), std::to_string(std::lround(share * 100)) + "%", memory(row.bytes),
               memory(row.backward_bytes)});
  }
  return table.text();
}

}  // namespace

std::vector<ProfileRow> Profile::by_op() const {
  std::vector<ProfileRow> rows;
  std::unordered_map<std::string, std::size_t> known;
  for (const ProfileEvent& event : events) {
    if (event.kind == Kind::module) continue;
    const auto [at, is_new] = known.emplace(event.op, rows.size());
    if (is_new) rows.emplace_back().name = event.op;
    ProfileRow& row = rows[at->second];
    add(row, event);
    ++(event.kind == Kind::op ? row.calls : row.backward_calls);
  }
  std::stable_sort(rows.begin(), rows.end(), [](const ProfileRow& a, const ProfileRow& b) {
    return a.forward + a.backward > b.forward + b.backward;
  });
  return rows;
}

std::vector<ProfileRow> Profile::by_module() const {
  std::vector<ProfileRow> rows;
  for (std::size_t m = 0; m < modules.size(); ++m) {
    ProfileRow row;
    row.name = modules[m].empty() ? types[m] : modules[m] + " (" + types[m] + ")";
    for (const ProfileEvent& event : events) {
      if (!event.is_in_module || !is_within(event.module, modules[m])) continue;
      add(row, event);
      row.calls += event.kind == Kind::module && event.module == modules[m];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void Profile::save_trace(const std::string& file) const {
  std::string text = "{\"displayTimeUnit\": \"ns\", \"traceEvents\": [";
  const char* separator = "\n";
  for (const ProfileEvent& event : events) {
    const char* const kind = event.kind == Kind::op         ? "op"
                             : event.kind == Kind::backward ? "backward"
                                                            : "module";
    text += separator;
    separator = ",\n";
    text += concat("{\"ph\": \"X\", \"pid\": 1, \"tid\": ", event.thread, ", \"ts\": ", event.start * 1e6,
                   ", \"dur\": ", event.duration * 1e6, ", \"cat\": \"", kind,
                   "\", \"name\": ", quoted(event.name), ", \"args\": {\"module\": ", quoted(event.module),
                   ", \"bytes\": ", event.bytes, "}}");
  }
  write_file(file, text + "\n]}\n");
}

std::ostream& operator<<(std::ostream& stream, const Profile& profile) {
  const std::vector<ProfileRow> ops = profile.by_op();
  double inside = 0;
  for (const ProfileRow& row : ops) inside += row.forward + row.backward;
  stream << table_of("Op", ops, profile.seconds);
  if (!profile.modules.empty()) stream << table_of("Module", profile.by_module(), profile.seconds);
  return stream << "Total: " << time_text(profile.seconds) << ", in ops: " << time_text(inside) << "\n";
}

Profile profile(const std::function<void()>& f) { return Profiler(nullptr).run(f); }
Profile profile(nn::Module& module, const std::function<void()>& f) { return Profiler(&module).run(f); }

}  // namespace xgrad::graph
