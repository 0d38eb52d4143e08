// How numbers are spread. Private to the library.
#pragma once

#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::graph {

/// The elements that are finite, in order. Throws ValueError, which begins with `op`, when there is none.
std::vector<double> sorted_values(const char* op, const Tensor& values);

/// TensorBoard's: bounds that grow by a tenth, from the bucket before the first that has something to the
/// last.
struct Histogram {
  double min, max, num, sum, sum_squares;
  std::vector<double> bucket_limit, bucket;
};
Histogram histogram_of(const std::vector<double>& sorted);

}  // namespace xgrad::graph
