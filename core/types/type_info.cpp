// finfo and iinfo.
#include <xgrad/core/types/type_info.h>

#include <cmath>
#include <limits>

#include <xgrad/core/types/dispatch.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

namespace {

// Digits of the significand, and the largest exponent: 2^exponent is the first power that is too large.
struct Digits {
  int significand, exponent;
};

template <class T>
constexpr Digits digits_of() {
  if constexpr (std::is_same_v<T, Half>)
    return {11, 16};
  else if constexpr (std::is_same_v<T, BFloat16>)
    return {8, 128};
  else
    return {std::numeric_limits<T>::digits, std::numeric_limits<T>::max_exponent};
}

Digits digits_of(ScalarType t) {
  XGRAD_CHECK_AS(TypeError, is_floating_type(t), "finfo: requires a floating point input type: got ", t,
                 "; use iinfo");
  return dispatch<Floats>("finfo", t, []<class T>() { return digits_of<T>(); });
}

}  // namespace

finfo::finfo(ScalarType t) : dtype(t) {
  const auto [significand, exponent] = digits_of(t);
  bits = static_cast<int>(8 * element_size(t));
  eps = std::ldexp(1.0, 1 - significand);
  max = std::ldexp(2.0 - eps, exponent - 1);
  min = -max;
  tiny = smallest_normal = std::ldexp(1.0, 2 - exponent);
  resolution = std::pow(10.0, -std::floor((significand - 1) * std::log10(2.0)));
}

iinfo::iinfo(ScalarType t) : dtype(t), bits(static_cast<int>(8 * element_size(t))) {
  XGRAD_CHECK_AS(TypeError, is_integral_type(t, false), "iinfo: requires an integer input type: got ", t,
                 "; use finfo");
  dispatch<Integers>("iinfo", t, [&]<class T>() {
    max = static_cast<int64_t>(std::numeric_limits<T>::max());
    min = static_cast<int64_t>(std::numeric_limits<T>::min());
  });
}

}  // namespace xgrad
