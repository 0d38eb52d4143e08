// How rows of elementwise ops are made.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "core/ops/samples.h"

namespace samples {

using Unary = std::function<Tensor(const Tensor&)>;
using Binary = std::function<Tensor(const Tensor&, const Tensor&)>;
struct Range {
  double low, high;
};

/// Shapes of an op of one argument with values in these ranges, and of two that broadcast.
Row unary(const char* op, const char* node, const Unary& f, std::vector<std::pair<double, double>> ranges);
Row binary(const char* op, const char* node, const Binary& f, Range a, Range b);
/// A further way to reach the op of the last row.
void also(std::vector<Row>& rows, const char* what, Tensors inputs, std::function<Tensor(const Tensors&)> f);

// samples_activation.cpp
void add_activations(std::vector<Row>& rows);
// samples_special.cpp
void add_further_functions(std::vector<Row>& rows);
void add_functions_of_two(std::vector<Row>& rows);
void add_mixtures(std::vector<Row>& rows);
void add_undifferentiable(std::vector<Row>& rows);
void add_integers(std::vector<Row>& rows);

}  // namespace samples
