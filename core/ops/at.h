// A dimension or a position as containers take it. Private to the library.
#pragma once

#include <cstddef>
#include <cstdint>

namespace xgrad::ops {

inline std::size_t at(int64_t i) { return static_cast<std::size_t>(i); }

}  // namespace xgrad::ops
