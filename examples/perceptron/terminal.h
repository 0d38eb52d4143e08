// What a training run shows in a terminal: a progress bar, a curve, bars and a table, as plain text.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// Progress of a training run on standard output: on a terminal a bar that redraws itself, else ten lines.
class Progress {
 public:
  explicit Progress(int64_t epochs);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  /// Leaves the line of the bar.
  ~Progress();

  /// Tells that this many epochs are done, and the loss of the last one.
  void show(int64_t done, double loss);

 private:
  int64_t epochs_;
  int64_t shown_ = 0;
  bool terminal_;
};

/// Number of characters of UTF-8 text.
size_t length(const std::string& text);

/// The text padded with blanks to `width` characters (not bytes), on the left or on the right.
std::string pad_left(const std::string& text, size_t width);
std::string pad_right(const std::string& text, size_t width);

/// The number with this many digits after the point.
std::string fixed(double number, int digits);

/// Curve of the values, the first to the left, drawn with braille dots in `width` by `height` characters.
std::string curve(const std::vector<double>& values, size_t width, size_t height);

/// A bar of at most `width` characters, as long as value / largest.
std::string bar(double value, double largest, size_t width);

/// Table of counts[actual][predicted] with the names of the two classes.
std::string confusion_table(const std::vector<std::string>& names,
                            const std::array<std::array<int64_t, 2>, 2>& counts);
