// Element types: their numbers (PyTorch's), names, sizes and promotion.
#pragma once

#include <cstddef>
#include <cstdint>
#include <iosfwd>
#include <string>
#include <type_traits>

#include <xgrad/core/types/export.h>
#include <xgrad/core/types/half.h>

namespace xgrad {

/// What a dtype is, each in one line: tables, switches and sizes are derived from these. What else the 16-bit
/// dtypes need stands where BFloat16 is named (conversions, products, draws, file formats). The likeliest
/// come first.
///   X(enumerator, number, C++ type, name, kind, type it computes in, type it is accumulated in)
#define XGRAD_DTYPES(X)                                     \
  X(Float, 6, float, "float32", floating, float, float)     \
  X(Double, 7, double, "float64", floating, double, double) \
  X(Long, 4, int64_t, "int64", integer, int64_t, int64_t)   \
  X(Int, 3, int32_t, "int32", integer, int32_t, int64_t)    \
  X(Short, 2, int16_t, "int16", integer, int16_t, int64_t)  \
  X(Char, 1, int8_t, "int8", integer, int8_t, int64_t)      \
  X(Byte, 0, uint8_t, "uint8", integer, uint8_t, int64_t)   \
  X(Bool, 11, bool, "bool", boolean, bool, int64_t)         \
  X(Half, 5, Half, "float16", floating, float, float)       \
  X(BFloat16, 15, BFloat16, "bfloat16", floating, float, float)

enum class ScalarType : int8_t {
  Undefined = 18,
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) Name = number,
  XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
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
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) \
  template <>                                                         \
  struct ScalarTypeOf<T> {                                            \
    static constexpr ScalarType value = ScalarType::Name;             \
  };
XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
/// int64_t is one of two types of C++; the other one is stored as it.
template <>
struct ScalarTypeOf<std::conditional_t<std::is_same<int64_t, long>::value, long long, long>>
    : ScalarTypeOf<int64_t> {};
template <class T>
inline constexpr ScalarType scalar_type_of = ScalarTypeOf<T>::value;

/// In the order of type promotion: the common dtype of two kinds is of the higher one.
enum class DtypeKind : uint8_t { none, boolean, integer, floating };

struct DtypeInfo {
  const char* name = "undefined";  ///< Python's without the prefix: `float32`.
  uint8_t size = 0;                ///< Bytes of one element.
  int8_t index = -1;               ///< The place in XGRAD_DTYPES.
  DtypeKind kind = DtypeKind::none;
  ScalarType compute = ScalarType::Undefined;     ///< Where arithmetic is done.
  ScalarType accumulate = ScalarType::Undefined;  ///< Where sums are formed.
};

namespace detail {
struct DtypeTable {
  DtypeInfo rows[static_cast<int>(ScalarType::Undefined) + 1];
  int count = 0;
  constexpr DtypeTable() : rows{} {
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate) \
  rows[number] = {name,                                               \
                  static_cast<uint8_t>(sizeof(T)),                    \
                  static_cast<int8_t>(count++),                       \
                  DtypeKind::kind,                                    \
                  ScalarTypeOf<Compute>::value,                       \
                  ScalarTypeOf<Accumulate>::value};
    XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
  }
};
inline constexpr DtypeTable dtype_table;
}  // namespace detail

/// How many dtypes there are.
inline constexpr int kDtypeCount = detail::dtype_table.count;
constexpr const DtypeInfo& dtype_info(ScalarType t) { return detail::dtype_table.rows[static_cast<int>(t)]; }

/// Bytes of one element.
constexpr std::size_t element_size(ScalarType t) { return dtype_info(t).size; }
constexpr bool is_floating_type(ScalarType t) { return dtype_info(t).kind == DtypeKind::floating; }
/// Integers; bool counts as one only where `include_bool` says so.
constexpr bool is_integral_type(ScalarType t, bool include_bool) {
  const DtypeKind kind = dtype_info(t).kind;
  return kind == DtypeKind::integer || (include_bool && kind == DtypeKind::boolean);
}
/// The dtype in which arithmetic is done on elements of `t`; it is `t` itself, but for those that are only
/// stored.
constexpr ScalarType compute_type(ScalarType t) { return dtype_info(t).compute; }
/// Python's name without the prefix: `float32`.
constexpr const char* dtype_name(ScalarType t) { return dtype_info(t).name; }
inline void append(std::string& s, ScalarType t) { s += dtype_name(t); }

namespace detail {
/// `Float`. A function of that name beside ScalarType would be taken for what other libraries call toString.
XGRAD_API const char* enumerator_name(ScalarType t);
}  // namespace detail

/// Prints Python's name: `torch.float32` without the module.
XGRAD_API std::ostream& operator<<(std::ostream& out, ScalarType t);
/// Lets `<<` print dtypes by other names, in all threads; null brings Python's back.
using DtypeNames = const char* (*)(ScalarType t);
XGRAD_API void set_dtype_names(DtypeNames names);

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
