// Samples of every op: calls in its domain, away from kinks, and one that must fail. What is
// checked with them stands in test_registry.cpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <xgrad/xgrad.h>

namespace samples {

using xgrad::Tensor;
using Tensors = std::vector<Tensor>;

/// One call: `f` of float64 inputs with these shapes and values. What is not differentiated is inside `f`.
struct Sample {
  std::string what;
  Tensors inputs;
  std::function<Tensor(const Tensors&)> f;
  bool refuses_strided = false;  ///< `view` and the like are right to refuse some layouts.
  double eps = 1e-6;             ///< For the differences.
  bool float64_only = false;     ///< In float32 it would draw other numbers, or convert nothing.
};

/// A call that throws, with a part of the text.
struct BadCall {
  std::function<void(const Tensors&)> f;
  Tensors inputs;
  std::string text;
};

/// The samples of one op, which is known by what its registration says.
struct Row {
  std::string op, node;
  int inputs;
  bool pointwise;
  std::vector<Sample> samples;
  BadCall bad;  ///< `f` is empty where no call fails.
};

/// Elementwise ops (samples.cpp) and all others (samples_kernels.cpp and the files it names).
std::vector<Row> elementwise_rows();
std::vector<Row> kernel_rows();

/// float64 values that differ, spread evenly and unordered over (low, high).
Tensor spread(xgrad::IntArrayRef sizes, double low, double high, double seed = 0);
/// The same values in memory with gaps and in another order of dimensions.
Tensor strided_copy(const Tensor& t);

}  // namespace samples
