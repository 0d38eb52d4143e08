// The tables of the training runs: layers, losses, optimizers, schedulers, clipping.
// Apart from registry.h because they need nn and optim, which the rows of ops do not.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "registry.h"

namespace conformance {

/// A parameter group of a trajectory: its parameters, and its options merged with the defaults.
struct Group {
  std::vector<lib::Tensor> params;
  Args options;
};

/// The tables of the training runs. The members stay empty while the library has nothing of the kind.
struct TrainingTables {
  using AddLayer = std::function<void(lib::nn::Sequential&, const Args&)>;
  using MakeOptimizer = std::function<std::unique_ptr<lib::optim::Optimizer>(const std::vector<Group>&)>;
  /// Gives what one scheduler step does; the metric counts for ReduceLROnPlateau only.
  using MakeScheduler =
      std::function<std::function<void(double metric)>(lib::optim::Optimizer&, const Args&)>;
  using Loss = std::function<lib::Tensor(const lib::Tensor& output, const lib::Tensor& target)>;
  using ClipNorm = std::function<double(const std::vector<lib::Tensor>&, const Args&)>;
  using ClipValue = std::function<void(const std::vector<lib::Tensor>&, double)>;

  std::map<std::string, AddLayer> layers;
  std::map<std::string, MakeOptimizer> optimizers;
  std::map<std::string, MakeScheduler> schedulers;
  std::map<std::string, Loss> losses;
  ClipNorm clip_grad_norm;
  ClipValue clip_grad_value;
};

/// The training tables of `registry`, made when they are asked for first.
TrainingTables& training_tables(Registry& registry);

/// The training tables of this build.
const TrainingTables& training_tables();

}  // namespace conformance
