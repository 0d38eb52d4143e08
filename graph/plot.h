// Drawings with the characters of a terminal (UTF-8), from plain numbers: nothing of tensors comes in here,
// so that programs for other libraries can use it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include <xgrad/core/types/export.h>

namespace xgrad::graph {

/// The curve of the values, the first to the left, drawn with dots of braille in `width` by `height`
/// characters; the axis begins at 0, or at the least value below it. `unit` is what the values count. NaN and
/// infinity leave a gap.
XGRAD_API std::string plot(const std::vector<double>& values, std::size_t width = 60, std::size_t height = 8,
                           const std::string& unit = "steps");

/// The points as dots in the square from -range to range.
XGRAD_API std::string scatter(const std::vector<std::array<double, 2>>& points, double range,
                              std::size_t width, std::size_t height);

/// A gray picture of rows by `columns` numbers from 0 to 1, in blocks of two characters to a pixel.
XGRAD_API std::string preview(const std::vector<double>& pixels, std::size_t columns);

}  // namespace xgrad::graph
