// The promotion table, the default dtype, and the error for dtypes without code.
#include <xgrad/core/types/dtype.h>

#include <atomic>
#include <ostream>

#include <xgrad/core/types/dispatch.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

namespace {

// Rank within its kind; kinds are ordered bool < integer < floating.
int kind(ScalarType t) { return t == ScalarType::Bool ? 0 : is_floating_type(t) ? 2 : 1; }

std::atomic<ScalarType>& default_dtype() {
  static std::atomic<ScalarType> value{ScalarType::Float};
  return value;
}

}  // namespace

std::ostream& operator<<(std::ostream& out, ScalarType t) { return out << dtype_name(t); }

ScalarType promote_types(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (a == ScalarType::Undefined || b == ScalarType::Undefined) return ScalarType::Undefined;
  if (kind(a) != kind(b)) return kind(a) > kind(b) ? a : b;
  const bool has_half = a == ScalarType::Half || b == ScalarType::Half;
  const bool has_bfloat = a == ScalarType::BFloat16 || b == ScalarType::BFloat16;
  if (has_half && has_bfloat) return ScalarType::Float;
  if (has_bfloat) return a == ScalarType::BFloat16 ? b : a;
  // uint8 holds values no int8 can: with int8 the first common type is int16.
  if ((a == ScalarType::Byte && b == ScalarType::Char) || (a == ScalarType::Char && b == ScalarType::Byte))
    return ScalarType::Short;
  return a > b ? a : b;
}

bool can_cast(ScalarType from, ScalarType to) {
  if (is_floating_type(from) && is_integral_type(to, false)) return false;
  return from == ScalarType::Bool || to != ScalarType::Bool;
}

void fail_dispatch(const char* op, ScalarType dtype, std::initializer_list<ScalarType> others) {
  std::string names;
  for (ScalarType t : others) names += concat(names.empty() ? "" : ", ", t);
  fail<TypeError>(op, ": not implemented for dtype ", dtype, ", but for ", names);
}

ScalarType get_default_dtype() { return default_dtype().load(std::memory_order_relaxed); }

void set_default_dtype(ScalarType t) {
  XGRAD_CHECK_AS(TypeError, is_floating_type(t),
                 "set_default_dtype: only floating-point types are supported: got ", dtype_name(t));
  default_dtype().store(t, std::memory_order_relaxed);
}

}  // namespace xgrad
