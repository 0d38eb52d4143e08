// Work on single numbers, where all the time is machinery: tensors made, ops called, graphs built and
// walked. Compiled against xgrad and against LibTorch; only what both offer under the same names may appear.
#include "library.h"

namespace bench {

// A tensor whose elements nobody has set, so that there is nothing to compare.
struct Unwritten {
  lib::Tensor tensor;
};

template <>
struct Result<Unwritten> {
  static void keep(const Unwritten& u) { Result<lib::Tensor>::keep(u.tensor); }
  static Digest digest(const Unwritten&) { return {}; }
};

namespace {

constexpr int chain_length = 1000;

void add_chain() {
  workload("chain of 1000 scalar ops, forward + backward, per op").per(chain_length).goal(20).each([] {
    const lib::Tensor x = one(0.3F).requires_grad_(), a = one(1.0F), b = one(0.1F);
    return [x, a, b] {
      lib::Tensor y = x;
      for (int i = 0; i < chain_length; i += 4) y = ((y * a) + b).tanh().neg();
      y.backward();
      return x.grad();
    };
  });
}

void add_single_ops() {
  workload("one-element add, no gradient").goal(12).each([] {
    const lib::Tensor a = one(1.F), b = one(2.F);
    return [a, b] { return a + b; };
  });
  workload("one-element add, recorded").goal(12).each([] {
    const lib::Tensor a = one(1.F).requires_grad_(), b = one(2.F);
    return [a, b] { return a + b; };
  });
  workload("one-element add, with backward").goal(25).each([] {
    const lib::Tensor a = one(1.F).requires_grad_(), b = one(2.F);
    return [a, b] {
      (a + b).backward();
      return a.grad();
    };
  });
  workload("empty one-element tensor").goal(10).each([] {
    return [] { return Unwritten{lib::empty({1})}; };
  });
  workload("view").goal(10).each([] {
    const lib::Tensor a = filled({4, 4}, 1);
    return [a] { return a.view({16}); };
  });
}

// A chain of `nodes` sines: each node keeps its input, so a node's tensor counts into its bytes.
lib::Tensor sines(const lib::Tensor& x, std::int64_t nodes) {
  lib::Tensor y = x;
  for (std::int64_t i = 0; i < nodes; ++i) y = y.sin();
  return y;
}

Parts deep_times(std::int64_t nodes) {
  Parts parts;
  const lib::Tensor x = one(0.5F).requires_grad_();
  const double start = now_ns();
  lib::Tensor y = sines(x, nodes);
  const double forward = now_ns();
  parts.digest =
      Result<lib::Tensor>::digest(y);  // the gradient, a product of a million cosines, differs by rounding
  y.backward();
  const double backward = now_ns();
  y = lib::Tensor();
  const double destroyed = now_ns();
  parts.costs = {forward - start, backward - forward, destroyed - backward};
  return parts;
}

Parts deep_bytes(std::int64_t nodes) {
  const lib::Tensor x = one(0.5F).requires_grad_();
  sines(x, 100).backward();
  const double before = resident_bytes();
  const lib::Tensor y = sines(x, nodes);
  Parts parts;
  parts.costs = {resident_bytes() - before};
  parts.digest = Result<lib::Tensor>::digest(y);
  return parts;
}

void add_deep() {
  const std::vector<std::pair<std::string, double>> goals = {
      {"forward, per node", 12}, {"backward, per node", 25}, {"destruction, per node", 2}};
  workload("graph of 1 M nodes").per(1e6).parts(goals).once([] { return deep_times(1000000); });
  workload("graph of 1 M nodes, memory per node").per(1e6).goal(2).memory().once([] {
    return deep_bytes(1000000);
  });
  workload("graph of 10 M nodes").per(1e7).parts(goals).large().once([] { return deep_times(10000000); });
  workload("graph of 10 M nodes, memory per node").per(1e7).goal(2).memory().large().once([] {
    return deep_bytes(10000000);
  });
}

}  // namespace

void add_small_workloads() {
  add_chain();
  add_single_ops();
  add_deep();
}

void add_workloads() {
  add_model_workloads();
  add_layer_workloads();
  add_optim_workloads();
  add_small_workloads();
  add_array_workloads();
  add_data_workloads();
  add_file_workloads();
}

void use_threads(int count) { lib::set_num_threads(count); }

}  // namespace bench
