#include <xgrad/graph/plot.h>

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace xgrad::graph {

namespace {

/// The braille character of a 2 by 4 block of dots; the dots are numbered in Unicode's order of bits.
std::string braille(unsigned bits) {
  const auto last = static_cast<char>(0x80 | (bits & 0x3F));
  const auto middle = static_cast<char>(0xA0 | (bits >> 6));
  return bits == 0 ? " " : std::string{'\xE2', middle, last};
}

/// Dots of a picture, four rows and two columns to a character.
class Canvas {
 public:
  Canvas(std::size_t width, std::size_t height) : rows_(height, std::vector<unsigned>(width)) {}

  void dot(std::size_t x, std::size_t y) {
    static constexpr unsigned bit[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
    rows_[y / 4][x / 2] |= bit[y % 4][x % 2];
  }

  std::string row(std::size_t index) const {
    std::string text;
    for (const unsigned bits : rows_[index]) text += braille(bits);
    return text.substr(0, text.find_last_not_of(' ') + 1);
  }

 private:
  std::vector<std::vector<unsigned>> rows_;
};

// The place of a share from 0 to 1 among `count`; what lies outside is at the edge.
std::size_t place(double share, std::size_t count) {
  return static_cast<std::size_t>(std::lround(std::clamp(share, 0.0, 1.0) * static_cast<double>(count - 1)));
}

std::string label(double number) {
  char text[32];
  std::snprintf(text, sizeof(text), std::abs(number) < 1000 ? "%8.4f" : "%8.3g", number);
  return text;
}

struct Range {
  double low = 0, high = 0;
  explicit Range(const std::vector<double>& values) {
    for (const double value : values)
      if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  }
  double share(double value) const {
    return high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0;  // the halves do not overflow
  }
};

void draw(Canvas& canvas, const std::vector<double>& values, const Range& range, std::size_t columns,
          std::size_t rows) {
  bool has_previous = false;
  std::size_t previous = 0;
  for (std::size_t x = 0; x < columns; ++x) {
    const double value = values[columns == 1 ? 0 : x * (values.size() - 1) / (columns - 1)];
    if (!std::isfinite(value)) {
      has_previous = false;
      continue;
    }
    const std::size_t y = rows - 1 - place(range.share(value), rows);
    if (!has_previous) previous = y;
    for (std::size_t dot = std::min(y, previous); dot <= std::max(y, previous); ++dot) canvas.dot(x, dot);
    previous = y;
    has_previous = true;
  }
}

std::string blanks_before(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, text.size()), ' ') + text;
}

}  // namespace

std::string plot(const std::vector<double>& values, std::size_t width, std::size_t height,
                 const std::string& unit) {
  width = std::max<std::size_t>(width, 2);
  height = std::max<std::size_t>(height, 2);
  const Range range(values);
  Canvas canvas(width, height);
  if (!values.empty()) draw(canvas, values, range, 2 * width, 4 * height);
  std::string text;
  for (std::size_t row = 0; row < height; ++row) {
    const bool is_first = row == 0, is_last = row + 1 == height;
    text += (is_first  ? label(range.high)
             : is_last ? label(range.low)
                       : std::string(8, ' ')) +
            " ┤" + canvas.row(row) + "\n";
  }
  text += std::string(9, ' ') + "└";
  for (std::size_t i = 0; i < width; ++i) text += "─";
  return text + "\n" + blanks_before("1", 11) + blanks_before(std::to_string(values.size()), width - 1) +
         " " + unit + "\n";
}

std::string scatter(const std::vector<std::array<double, 2>>& points, double range, std::size_t width,
                    std::size_t height) {
  Canvas canvas(width, height);
  for (const auto& [x, y] : points)
    if (std::isfinite(x) && std::isfinite(y))
      canvas.dot(place((x / range + 1) / 2, 2 * width), place((1 - y / range) / 2, 4 * height));
  std::string text;
  for (std::size_t row = 0; row < height; ++row) text += "  " + canvas.row(row) + "\n";
  return text;
}

std::string preview(const std::vector<double>& pixels, std::size_t columns) {
  static constexpr const char* shades[] = {"  ", "░░", "▒▒", "▓▓", "██"};
  std::string text;
  for (std::size_t i = 0; i < pixels.size(); ++i) {
    const double shade = std::isnan(pixels[i]) ? 0 : std::clamp(pixels[i] * 5, 0.0, 4.0);
    text += shades[static_cast<std::size_t>(shade)];
    if ((i + 1) % columns == 0) text += "\n";
  }
  return text;
}

}  // namespace xgrad::graph
