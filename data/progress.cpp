#include <xgrad/data/progress.h>

#include <algorithm>
#include <cstdio>
#include <iostream>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

namespace xgrad::data {

namespace {

bool errors_go_to_terminal() {
#if __has_include(<unistd.h>)
  return isatty(STDERR_FILENO) != 0;
#else
  return false;
#endif
}

std::string fixed(double number, int digits) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.*f", digits, std::min(number, 1e15));
  return text;
}

// 1:05, or 1:02:05.
std::string clock(double seconds) {
  const auto s = static_cast<long long>(std::min(seconds, 1e9));
  char text[64];
  if (s < 3600)
    std::snprintf(text, sizeof(text), "%lld:%02lld", s / 60, s % 60);
  else
    std::snprintf(text, sizeof(text), "%lld:%02lld:%02lld", s / 3600, s / 60 % 60, s % 60);
  return text;
}

std::string bar(double share) {
  constexpr int kWidth = 30;
  std::string text;
  for (int i = 0; i < kWidth; ++i) text += i < static_cast<int>(share * kWidth) ? "█" : "░";
  return text;
}

}  // namespace

ProgressBar::ProgressBar(const ProgressOptions& options, optional<std::size_t> total, std::size_t done)
    : options_(options),
      total_(total),
      first_(done),
      redraw_(options.redraw().value_or(options.stream() == nullptr && errors_go_to_terminal())) {
  if (!options_.stream()) options_.stream(&std::cerr);
}

ProgressBar::ProgressBar(ProgressBar&& other) noexcept
    : options_(std::move(other.options_)),
      total_(other.total_),
      first_(other.first_),
      done_(other.done_),
      shown_(other.shown_),
      width_(other.width_),
      redraw_(other.redraw_),
      start_(other.start_),
      last_(other.last_) {
  other.options_.silent(true);
}

ProgressBar::~ProgressBar() {
  if (options_.silent() || done_ == first_) return;
  if (shown_ != done_) show(Clock::now());
  if (redraw_) *options_.stream() << std::endl;
}

void ProgressBar::step() {
  ++done_;
  if (options_.silent()) return;
  const Clock::time_point now = Clock::now();
  if (is_due(now)) show(now);
}

bool ProgressBar::is_due(Clock::time_point now) const {
  if (redraw_) return now - last_ >= std::chrono::milliseconds(100) || done_ == total_;
  if (!total_) return now - last_ >= std::chrono::seconds(10);
  const auto tenth = [&](std::size_t n) { return n * 10 / std::max<std::size_t>(*total_, 1); };
  return tenth(done_) != tenth(shown_);
}

void ProgressBar::show(Clock::time_point now) {
  std::string line = text(now);
  const std::size_t width = line.size();
  if (redraw_ && width < width_) line.append(width_ - width, ' ');  // over what was longer
  width_ = width;
  *options_.stream() << (redraw_ ? "\r" : "") << line << (redraw_ ? "" : "\n") << std::flush;
  shown_ = done_;
  last_ = now;
}

std::string ProgressBar::text(Clock::time_point now) const {
  const double seconds = std::max(std::chrono::duration<double>(now - start_).count(), 1e-9);
  const double rate = static_cast<double>(done_ - first_) / seconds;
  std::string line = options_.description().empty() ? "" : options_.description() + ": ";
  if (total_) {
    const double share =
        *total_ == 0 ? 1 : std::min(1.0, static_cast<double>(done_) / static_cast<double>(*total_));
    if (redraw_) line += bar(share) + "  ";
    line += fixed(100 * share, 0) + "%  " + std::to_string(done_) + "/" + std::to_string(*total_);
  } else {
    line += std::to_string(done_);
  }
  line += "  " + fixed(rate, rate < 10 ? 1 : 0) + "/s  " + clock(seconds);
  if (total_ && done_ < *total_) line += ", " + clock(static_cast<double>(*total_ - done_) / rate) + " left";
  return line;
}

}  // namespace xgrad::data
