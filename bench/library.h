// The one place where a benchmark learns which library it is compiled against. Everything else in the
// workloads is written once, with the names both libraries share; nothing here may help one side.
#pragma once

#ifdef XGRAD_BENCH_LIBTORCH
#include <torch/torch.h>
namespace lib = torch;
#else
#include <xgrad/xgrad.h>
namespace lib = xgrad;
#endif

#include "harness.h"

namespace bench {

template <>
struct Result<lib::Tensor> {
  static void keep(const lib::Tensor& t) { keep_pointer(t.data_ptr()); }
  static Digest digest(const lib::Tensor& t) {
    const lib::Tensor flat = t.to(lib::kFloat).contiguous();
    return Digest::of(flat.data_ptr<float>(), flat.numel());
  }
};

/// A tensor of deterministic numbers in [-1, 1) times `scale`, owning its memory.
inline lib::Tensor filled(const std::vector<std::int64_t>& shape, unsigned seed, float scale = 1.F) {
  std::int64_t size = 1;
  for (const auto n : shape) size *= n;
  std::vector<float> source = values(size, seed, scale);
  return lib::from_blob(source.data(), shape, lib::kFloat32).clone();
}

inline lib::Tensor classes(std::int64_t n, std::int64_t count, unsigned seed) {
  std::vector<std::int64_t> source = labels(n, count, seed);
  return lib::from_blob(source.data(), {n}, lib::kInt64).clone();
}

/// A step of a network that tells classes apart, as a user writes it; it returns the loss.
template <class Net, class Optimizer>
auto training_step(std::shared_ptr<Net> net, std::shared_ptr<Optimizer> optimizer, lib::Tensor input,
                   lib::Tensor target) {
  return [net, optimizer, input, target] {
    lib::Tensor loss = lib::nn::functional::cross_entropy(net->forward(input), target);
    loss.backward();
    optimizer->step();
    optimizer->zero_grad();
    return loss;
  };
}

inline lib::Tensor one(float value) { return lib::full({1}, value); }

void add_small_workloads();
void add_array_workloads();
void add_model_workloads();
void add_layer_workloads();
void add_optim_workloads();
void add_data_workloads();
#ifdef XGRAD_BENCH_LIBTORCH
inline void add_file_workloads() {}  // it reads none of them
#else
void add_file_workloads();
#endif

}  // namespace bench
