// Numbers that a type cannot hold.
#include <xgrad/core/types/scalar.h>

#include <ostream>

#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace detail {

void fail_conversion(const Scalar& value, const char* type) {
  fail("Scalar: value cannot be converted to type ", type, " without overflow: got ", value);
}

void check_number(const char* op, const Scalar& value, ScalarType t) {
  if (t == ScalarType::Half || t == ScalarType::BFloat16) return;
  dispatch<AnyType>(op, t, [&]<class T>() {
    XGRAD_CHECK(value.fits<T>(), op, ": value cannot be converted to type ", t, " without overflow: got ",
                value);
  });
}

}  // namespace detail

std::ostream& operator<<(std::ostream& out, const Scalar& number) {
  if (number.isFloatingPoint()) return out << number.toDouble();
  if (number.isBoolean()) return out << (number.toBool() ? "true" : "false");
  return out << number.toLong();
}

}  // namespace xgrad
