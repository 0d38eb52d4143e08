// A line search for the strong Wolfe conditions. Private to the library.
#pragma once

#include <functional>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::optim {

/// A place on the line: how far, the value there, the gradient, and the gradient along the line.
struct LinePoint {
  double t = 0, value = 0;
  Tensor gradient;
  double slope = 0;
};

/// A place with a value that fell enough and a slope that is small enough, or the best that was found in
/// `max_steps` tries. `start` is the place at 0, `t` the first try, `reach` the largest element of the
/// direction.
LinePoint strong_wolfe(const std::function<LinePoint(double t)>& evaluate, const LinePoint& start, double t,
                       double reach, double tolerance, int64_t max_steps);

}  // namespace xgrad::optim
