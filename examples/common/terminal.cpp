// Drawing with characters (UTF-8). Everything but the bar is a string, so that it is the same in a pipe.
#include "terminal.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <iostream>

#include <xgrad/graph/plot.h>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace {

bool output_is_terminal() {
#ifdef _WIN32
  return _isatty(_fileno(stdout)) != 0;
#else
  return isatty(STDOUT_FILENO) != 0;
#endif
}

std::string repeat(const std::string& text, size_t times) {
  std::string result;
  while (times-- > 0) result += text;
  return result;
}

}  // namespace

Progress::Progress(int64_t total, std::string unit, int64_t trace)
    : total_(total), trace_(trace), unit_(std::move(unit)), terminal_(output_is_terminal() && trace == 0) {}

Progress::~Progress() {
  if (terminal_ && shown_ > 0) std::cout << std::endl;
}

std::string Progress::speed(int64_t done) const {
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start_;
  const double rate = static_cast<double>(done) / std::max(spent.count(), 1e-9);
  const double left = static_cast<double>(total_ - done) / rate;
  return "  " + fixed(rate, rate < 10 ? 1 : 0) + "/s  " + fixed(left, 0) + " s left ";
}

void Progress::show(int64_t done, double loss) {
  losses_.push_back(loss);
  const int64_t steps = terminal_ ? 200 : 10;  // a redraw costs more than an epoch
  const bool is_traced = static_cast<int64_t>(losses_.size()) <= trace_;
  if (!is_traced && done * steps / total_ == shown_ * steps / total_) return;
  shown_ = done;
  const auto total = std::to_string(total_);
  const auto text =
      unit_ + " " + pad_left(std::to_string(done), total.size()) + "/" + total + "  loss " + fixed(loss, 6);
  if (terminal_) {
    const auto filled = static_cast<size_t>(40 * done / total_);
    std::cout << "\r" << repeat("█", filled) << repeat("░", 40 - filled) << "  " << text << speed(done)
              << std::flush;
  } else {
    std::cout << text << "\n";
  }
}

size_t length(const std::string& text) {
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string pad_left(const std::string& text, size_t width) {
  return std::string(width - std::min(width, length(text)), ' ') + text;
}

std::string pad_right(const std::string& text, size_t width) {
  return text + std::string(width - std::min(width, length(text)), ' ');
}

std::string fixed(double number, int digits) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, number);
  return text.data();
}

// The library's drawings, which programs for LibTorch get through here: there, xgrad is another name of
// torch.
std::string curve(const std::vector<double>& values, size_t width, size_t height, const std::string& unit) {
  return xgrad::graph::plot(values, width, height, unit);
}
std::string scatter(const std::vector<std::array<double, 2>>& points, double range, size_t width,
                    size_t height) {
  return xgrad::graph::scatter(points, range, width, height);
}
std::string picture(const std::vector<double>& pixels, size_t columns) {
  return xgrad::graph::preview(pixels, columns);
}

std::string bar(double value, double largest, size_t width) {
  const double share = largest > 0 ? std::abs(value) / largest : 0;
  return repeat("█", static_cast<size_t>(std::lround(share * static_cast<double>(width))));
}

std::string confusion_table(const std::vector<std::string>& names,
                            const std::array<std::array<int64_t, 2>, 2>& counts) {
  const size_t width = std::max({length(names[0]), length(names[1]), size_t{6}});
  std::string text = pad_left("", width + 4) + "predicted\n" + pad_right("  actual", width + 2);
  for (const auto& name : names) text += "  " + pad_left(name, width);
  for (size_t row = 0; row < 2; ++row) {
    text += "\n  " + pad_right(names[row], width);
    for (const int64_t count : counts[row]) text += "  " + pad_left(std::to_string(count), width);
  }
  return text + "\n";
}
