// One element of a dataset.
#pragma once

#include <utility>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::data {

namespace example {
struct NoTarget {};
}  // namespace example

/// An input and what is expected of it.
template <class Data = Tensor, class Target = Tensor>
struct Example {
  using DataType = Data;
  using TargetType = Target;

  Example() = default;
  Example(Data d, Target t) : data(std::move(d)), target(std::move(t)) {}

  Data data;
  Target target;
};

/// An input alone.
template <class Data>
struct Example<Data, example::NoTarget> {
  using DataType = Data;
  using TargetType = example::NoTarget;

  Example() = default;
  Example(Data d) : data(std::move(d)) {}

  operator Data&() { return data; }
  operator const Data&() const { return data; }

  Data data;
};
using TensorExample = Example<Tensor, example::NoTarget>;

}  // namespace xgrad::data
