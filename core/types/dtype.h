// Element types: their numbers (PyTorch's), names, sizes and promotion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>

#include <xgrad/core/types/export.h>
#include <xgrad/core/types/half.h>

namespace xgrad {

enum class ScalarType : int8_t {
  Byte = 0,
  Char = 1,
  Short = 2,
  Int = 3,
  Long = 4,
  Half = 5,
  Float = 6,
  Double = 7,
  Bool = 11,
  BFloat16 = 15,
  Undefined = 18
};
using Dtype = ScalarType;

inline constexpr ScalarType kByte = ScalarType::Byte, kUInt8 = ScalarType::Byte, kU8 = ScalarType::Byte;
inline constexpr ScalarType kChar = ScalarType::Char, kInt8 = ScalarType::Char, kI8 = ScalarType::Char;
inline constexpr ScalarType kShort = ScalarType::Short, kInt16 = ScalarType::Short, kI16 = ScalarType::Short;
inline constexpr ScalarType kInt = ScalarType::Int, kInt32 = ScalarType::Int, kI32 = ScalarType::Int;
inline constexpr ScalarType kLong = ScalarType::Long, kInt64 = ScalarType::Long, kI64 = ScalarType::Long;
inline constexpr ScalarType kHalf = ScalarType::Half, kFloat16 = ScalarType::Half, kF16 = ScalarType::Half;
inline constexpr ScalarType kFloat = ScalarType::Float, kFloat32 = ScalarType::Float,
                            kF32 = ScalarType::Float;
inline constexpr ScalarType kDouble = ScalarType::Double, kFloat64 = ScalarType::Double,
                            kF64 = ScalarType::Double;
inline constexpr ScalarType kBool = ScalarType::Bool;
inline constexpr ScalarType kBFloat16 = ScalarType::BFloat16;

/// The ScalarType of a C++ type.
template <class T>
struct ScalarTypeOf;
#define XGRAD_SCALAR_TYPE_OF(T, S)                     \
  template <>                                          \
  struct ScalarTypeOf<T> {                             \
    static constexpr ScalarType value = ScalarType::S; \
  };
XGRAD_SCALAR_TYPE_OF(uint8_t, Byte)
XGRAD_SCALAR_TYPE_OF(int8_t, Char)
XGRAD_SCALAR_TYPE_OF(int16_t, Short)
XGRAD_SCALAR_TYPE_OF(int32_t, Int)
XGRAD_SCALAR_TYPE_OF(long, Long)
XGRAD_SCALAR_TYPE_OF(long long, Long)
XGRAD_SCALAR_TYPE_OF(Half, Half)
XGRAD_SCALAR_TYPE_OF(float, Float)
XGRAD_SCALAR_TYPE_OF(double, Double)
XGRAD_SCALAR_TYPE_OF(bool, Bool)
XGRAD_SCALAR_TYPE_OF(BFloat16, BFloat16)
#undef XGRAD_SCALAR_TYPE_OF
template <class T>
inline constexpr ScalarType scalar_type_of = ScalarTypeOf<T>::value;

/// Bytes of one element.
constexpr std::size_t element_size(ScalarType t) {
  switch (t) {
    case ScalarType::Byte:
    case ScalarType::Char:
    case ScalarType::Bool:
      return 1;
    case ScalarType::Short:
    case ScalarType::Half:
    case ScalarType::BFloat16:
      return 2;
    case ScalarType::Int:
    case ScalarType::Float:
      return 4;
    case ScalarType::Long:
    case ScalarType::Double:
      return 8;
    case ScalarType::Undefined:
      break;
  }
  return 0;
}

constexpr bool is_floating_type(ScalarType t) {
  return t == ScalarType::Float || t == ScalarType::Double || t == ScalarType::Half ||
         t == ScalarType::BFloat16;
}
/// Integers; bool counts as one only where `include_bool` says so.
constexpr bool is_integral_type(ScalarType t, bool include_bool) {
  return t <= ScalarType::Long || (include_bool && t == ScalarType::Bool);
}

/// Python's name without the prefix: `float32`.
constexpr const char* dtype_name(ScalarType t) {
  switch (t) {
    case ScalarType::Byte:
      return "uint8";
    case ScalarType::Char:
      return "int8";
    case ScalarType::Short:
      return "int16";
    case ScalarType::Int:
      return "int32";
    case ScalarType::Long:
      return "int64";
    case ScalarType::Half:
      return "float16";
    case ScalarType::Float:
      return "float32";
    case ScalarType::Double:
      return "float64";
    case ScalarType::Bool:
      return "bool";
    case ScalarType::BFloat16:
      return "bfloat16";
    case ScalarType::Undefined:
      break;
  }
  return "undefined";
}
inline void append(std::string& s, ScalarType t) { s += dtype_name(t); }

/// Prints Python's name: `torch.float32` without the module.
XGRAD_API std::ostream& operator<<(std::ostream& out, ScalarType t);

/// The smallest dtype to which both can be converted, as PyTorch's `promote_types`.
XGRAD_API ScalarType promote_types(ScalarType a, ScalarType b);
/// Whether a result of dtype `from` may be written into a tensor of dtype `to` (no float into int, nothing
/// into bool).
XGRAD_API bool can_cast(ScalarType from, ScalarType to);

/// The dtype of floating literals and of factories without one: float32 unless changed.
XGRAD_API ScalarType get_default_dtype();
/// Changes it; only floating dtypes are taken.
XGRAD_API void set_default_dtype(ScalarType t);

}  // namespace xgrad
