// What numbers a dtype holds.
#pragma once

#include <xgrad/core/types/dtype.h>

namespace xgrad {

/// Of a floating dtype, of the default one if none is given, as Python's `torch.finfo`; a TypeError for
/// others.
struct XGRAD_API finfo {
  explicit finfo(ScalarType t = get_default_dtype());

  ScalarType dtype;
  int bits;
  double eps;              ///< The step from 1 to the next number.
  double max, min;         ///< The largest finite number, and its negative.
  double smallest_normal;  ///< The smallest positive number with all its digits.
  double tiny;             ///< The same.
  double resolution;       ///< 10^-digits, of as many decimal digits as are certain.
};

/// Of an integer dtype, as Python's `torch.iinfo`; a TypeError for others.
struct XGRAD_API iinfo {
  explicit iinfo(ScalarType t);

  ScalarType dtype;
  int bits;
  int64_t max, min;
};

}  // namespace xgrad
