// `AT_DISPATCH_FLOATING_TYPES(t.scalar_type(), "name", [&] { ... scalar_t ... })`: the code for the dtype.
#pragma once

#include <torch/compat.h>

#define AT_PRIVATE_CASE(Name, T, ...) \
  case ::xgrad::ScalarType::Name: {   \
    using scalar_t = T;               \
    return __VA_ARGS__();             \
  }
#define AT_PRIVATE_FLOATING(...)             \
  AT_PRIVATE_CASE(Float, float, __VA_ARGS__) \
  AT_PRIVATE_CASE(Double, double, __VA_ARGS__)
#define AT_PRIVATE_INTEGRAL(...)               \
  AT_PRIVATE_CASE(Byte, uint8_t, __VA_ARGS__)  \
  AT_PRIVATE_CASE(Char, int8_t, __VA_ARGS__)   \
  AT_PRIVATE_CASE(Short, int16_t, __VA_ARGS__) \
  AT_PRIVATE_CASE(Int, int32_t, __VA_ARGS__)   \
  AT_PRIVATE_CASE(Long, int64_t, __VA_ARGS__)
#define AT_PRIVATE_SWITCH(TYPE, NAME, CASES)                                                \
  [&] {                                                                                     \
    const ::xgrad::ScalarType at_dispatch_type = TYPE;                                      \
    switch (at_dispatch_type) {                                                             \
      CASES                                                                                 \
      default:                                                                              \
        AT_ERROR(NAME " is not implemented for '", ::c10::toString(at_dispatch_type), "'"); \
    }                                                                                       \
  }()
#define AT_DISPATCH_FLOATING_TYPES(TYPE, NAME, ...) \
  AT_PRIVATE_SWITCH(TYPE, NAME, AT_PRIVATE_FLOATING(__VA_ARGS__))
#define AT_DISPATCH_FLOATING_TYPES_AND_HALF(TYPE, NAME, ...) \
  AT_PRIVATE_SWITCH(TYPE, NAME,                              \
                    AT_PRIVATE_FLOATING(__VA_ARGS__) AT_PRIVATE_CASE(Half, ::xgrad::Half, __VA_ARGS__))
#define AT_DISPATCH_INTEGRAL_TYPES(TYPE, NAME, ...) \
  AT_PRIVATE_SWITCH(TYPE, NAME, AT_PRIVATE_INTEGRAL(__VA_ARGS__))
#define AT_DISPATCH_ALL_TYPES(TYPE, NAME, ...) \
  AT_PRIVATE_SWITCH(TYPE, NAME, AT_PRIVATE_FLOATING(__VA_ARGS__) AT_PRIVATE_INTEGRAL(__VA_ARGS__))
