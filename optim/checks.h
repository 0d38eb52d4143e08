// What options have in common that must not be. Private to the library.
#pragma once

#include <tuple>

#include <xgrad/core/types/error.h>

namespace xgrad::optim {

inline void check_not_negative(const char* op, const char* option, double value) {
  // A rate that a schedule leads to 0, here or in Python's checkpoint, may end a rounding below it.
  XGRAD_CHECK_AS(ValueError, value >= -1e-15, op, ": Invalid ", option, ": ", value);
}

inline void check_betas(const char* op, const std::tuple<double, double>& betas) {
  const auto [beta1, beta2] = betas;
  XGRAD_CHECK_AS(ValueError, beta1 >= 0 && beta1 < 1, op, ": Invalid beta parameter at index 0: ", beta1);
  XGRAD_CHECK_AS(ValueError, beta2 >= 0 && beta2 < 1, op, ": Invalid beta parameter at index 1: ", beta2);
}

}  // namespace xgrad::optim
