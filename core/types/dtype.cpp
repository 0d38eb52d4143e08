// The promotion table, the default dtype, and the error for dtypes without code.
#include <xgrad/core/types/dtype.h>

#include <atomic>
#include <ostream>

#include <xgrad/core/types/dispatch.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

namespace {

std::atomic<ScalarType>& default_dtype() {
  static std::atomic<ScalarType> value{ScalarType::Float};
  return value;
}

std::atomic<DtypeNames> dtype_names{nullptr};

}  // namespace

const char* detail::enumerator_name(ScalarType t) {
  switch (t) {
#define XGRAD_DTYPE(Name, ...) \
  case ScalarType::Name:       \
    return #Name;
    XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
    default:
      return "Undefined";
  }
}

void set_dtype_names(DtypeNames names) { dtype_names = names; }

std::ostream& operator<<(std::ostream& out, ScalarType t) {
  const DtypeNames names = dtype_names;
  return out << (names ? names(t) : dtype_name(t));
}

ScalarType promote_types(ScalarType a, ScalarType b) {
  if (a == b) return a;
  if (a == ScalarType::Undefined || b == ScalarType::Undefined) return ScalarType::Undefined;
  const DtypeInfo &first = dtype_info(a), &second = dtype_info(b);
  if (first.kind != second.kind) return first.kind > second.kind ? a : b;
  if (first.size != second.size) return first.size > second.size ? a : b;
  // float16 and bfloat16; uint8 and int8. Neither of such two holds the values of the other.
  return first.kind == DtypeKind::floating ? ScalarType::Float : ScalarType::Short;
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
