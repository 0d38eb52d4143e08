// Comparing tensors with recorded values, for the tests of nn and optim.
#pragma once

#include <xgrad/xgrad.h>

#include <sstream>
#include <string>
#include <vector>

#include "messages.h"

/// Whether the elements are these numbers within a relative and absolute tolerance.
inline bool is_close(const xgrad::Tensor& t, const std::vector<double>& expected, double tolerance = 1e-6) {
  const auto values = xgrad::tensor(expected, xgrad::kFloat64);
  return t.numel() == values.numel() &&
         xgrad::allclose(t.detach().to(xgrad::kFloat64).reshape({-1}), values, tolerance, tolerance);
}

template <class T>
std::string printed(const T& value) {
  std::ostringstream text;
  text << value;
  return text.str();
}
