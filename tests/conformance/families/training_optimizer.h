// From parameter groups and a reader of options to an optimizer; the same for every kind.
#pragma once

#include "../training_tables.h"

namespace conformance {

template <class Optimizer, class Options>
TrainingTables::MakeOptimizer optimizer_row(Options (*read)(const Args&)) {
  return [read](const std::vector<Group>& groups) -> std::unique_ptr<lib::optim::Optimizer> {
    std::vector<lib::optim::OptimizerParamGroup> param_groups;
    for (const Group& group : groups) {
      param_groups.emplace_back(group.params, std::make_unique<Options>(read(group.options)));
    }
    return std::make_unique<Optimizer>(param_groups, read(groups.front().options));
  };
}

}  // namespace conformance
