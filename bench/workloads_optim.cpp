// Steps of optimisers by themselves: one large parameter, and many small ones. Compiled against xgrad and
// against LibTorch; only what both offer under the same names may appear.
#include "library.h"

namespace bench {

namespace {

/// Steps over `count` parameters of `size` elements, with gradients that stay.
template <class Optimizer, class Options>
void add_steps(const std::string& name, std::int64_t count, std::int64_t size, double goal,
               const Options& options) {
  workload(name).goal(goal).each([count, size, options] {
    std::vector<lib::Tensor> parameters;
    for (std::int64_t i = 0; i < count; ++i) {
      parameters.push_back(filled({size}, static_cast<unsigned>(i)).set_requires_grad(true));
      parameters.back().mutable_grad() = filled({size}, static_cast<unsigned>(count + i));
    }
    auto optimizer = std::make_shared<Optimizer>(parameters, options);
    return [optimizer, last = parameters.back()] {
      optimizer->step();
      return last.detach();
    };
  });
}

}  // namespace

void add_optim_workloads() {
  namespace optim = lib::optim;
  constexpr std::int64_t many = 10'000'000;
  add_steps<optim::SGD>("SGD with momentum of 10 M", 1, many, 1.2, optim::SGDOptions(1e-3).momentum(0.9));
  add_steps<optim::Adam>("Adam of 10 M", 1, many, 1.5, optim::AdamOptions(1e-3));
  add_steps<optim::AdamW>("AdamW of 10 M", 1, many, 1.5, optim::AdamWOptions(1e-3));
  add_steps<optim::SGD>("SGD with momentum of 50 x 64", 50, 64, 30, optim::SGDOptions(1e-3).momentum(0.9));
  add_steps<optim::Adam>("Adam of 50 x 64", 50, 64, 60, optim::AdamOptions(1e-3));
}

}  // namespace bench
