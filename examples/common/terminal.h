// What a training run shows in a terminal: a progress bar, a curve, bars and a table, as plain text.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// Progress of a training run on standard output: on a terminal a bar that redraws itself, with the rate and
/// the time that is left, else ten lines. Of the first `trace` steps each has a line.
class Progress {
 public:
  explicit Progress(int64_t total, std::string unit = "epoch", int64_t trace = 0);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Leaves the line of the bar.
  ~Progress();

  /// Tells that this many are done, and the loss of the last one.
  void show(int64_t done, double loss);
  /// All losses so far.
  const std::vector<double>& losses() const { return losses_; }

 private:
  std::string speed(int64_t done) const;

  int64_t total_, trace_;
  int64_t shown_ = 0;
  std::string unit_;
  bool terminal_;
  std::vector<double> losses_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Number of characters of UTF-8 text.
size_t length(const std::string& text);

/// The text padded with blanks to `width` characters (not bytes), on the left or on the right.
std::string pad_left(const std::string& text, size_t width);
std::string pad_right(const std::string& text, size_t width);

/// The number with this many digits after the point.
std::string fixed(double number, int digits);

/// Curve of the values, the first to the left, drawn with braille dots in `width` by `height` characters.
std::string curve(const std::vector<double>& values, size_t width, size_t height,
                  const std::string& unit = "epochs");
/// The points as dots in the square from -range to range.
std::string scatter(const std::vector<std::array<double, 2>>& points, double range, size_t width,
                    size_t height);
/// A gray picture of rows by columns numbers from 0 to 1, two characters to a pixel.
std::string picture(const std::vector<double>& pixels, size_t columns);

/// A bar of at most `width` characters, as long as value / largest.
std::string bar(double value, double largest, size_t width);

/// Table of counts[actual][predicted] with the names of the two classes.
std::string confusion_table(const std::vector<std::string>& names,
                            const std::array<std::array<int64_t, 2>, 2>& counts);
