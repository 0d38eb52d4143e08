// A line that tells how far a loop is: `for (auto& batch : progress(*loader))`.
#pragma once

#include <chrono>
#include <iosfwd>
#include <string>
#include <type_traits>
#include <utility>

#include <xgrad/core/tensor/options.h>
#include <xgrad/core/types/arg.h>
#include <xgrad/core/types/export.h>

namespace xgrad::data {

struct ProgressOptions {
  using Stream = std::ostream*;

  ProgressOptions() = default;
  ProgressOptions(std::string description) : description_(std::move(description)) {}
  ProgressOptions(const char* description) : description_(description) {}

  /// What the line begins with.
  XGRAD_ARG(std::string, description);
  /// How many steps there are, where the range cannot say it.
  XGRAD_ARG(optional<std::size_t>, total);
  /// Shows nothing.
  XGRAD_ARG(bool, silent) = false;
  /// Where to; standard error unless given.
  XGRAD_ARG(Stream, stream) = nullptr;
  /// Whether one line is drawn anew; unless given, when standard error is a terminal and no stream was given.
  XGRAD_ARG(optional<bool>, redraw);
};

/// The line itself: steps done, share, rate and time left. Drawn anew at most ten times a second, or, where
/// it cannot be, a new one after each tenth of the steps, or each ten seconds when nobody knows how many
/// there are.
class XGRAD_API ProgressBar {
 public:
  /// `done` steps lie behind a loop that goes on in the middle; the rate is that of those it does itself.
  ProgressBar(const ProgressOptions& options, optional<std::size_t> total, std::size_t done = 0);
  ProgressBar(ProgressBar&& other) noexcept;
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;
  /// Shows where the loop ended.
  ~ProgressBar();
  /// One more step is done.
  void step();

 private:
  using Clock = std::chrono::steady_clock;
  bool is_due(Clock::time_point now) const;
  void show(Clock::time_point now);
  std::string text(Clock::time_point now) const;

  ProgressOptions options_;
  optional<std::size_t> total_;
  std::size_t first_, done_ = first_, shown_ = first_, width_ = 0;
  bool redraw_;
  Clock::time_point start_ = Clock::now(), last_ = start_;
};

namespace detail {
template <class Range, class = void>
struct KnowsSize : std::false_type {};
template <class Range>
struct KnowsSize<Range, std::void_t<decltype(std::declval<const Range&>().size())>> : std::true_type {};

template <class Range>
optional<std::size_t> size_of(const Range& range) {
  if constexpr (KnowsSize<Range>::value)
    return range.size();
  else
    return nullopt;
}
template <class Range, class = void>
struct KnowsFirstBatch : std::false_type {};
template <class Range>
struct KnowsFirstBatch<Range, std::void_t<decltype(std::declval<const Range&>().first_batch())>>
    : std::true_type {};

template <class Range>
std::size_t first_of(const Range& range) {
  if constexpr (KnowsFirstBatch<Range>::value)
    return range.first_batch();
  else
    return 0;
}
}  // namespace detail

/// What `progress` makes: the range, with a line for each walk through it.
template <class Range>
class Progress {
 public:
  Progress(Range range, ProgressOptions options)
      : range_(std::forward<Range>(range)), options_(std::move(options)) {}

  class Iterator {
   public:
    using Inner = decltype(std::declval<std::remove_reference_t<Range>&>().begin());
    Iterator(Inner inner, ProgressBar* bar) : inner_(std::move(inner)), bar_(bar) {}
    decltype(auto) operator*() { return *inner_; }
    Iterator& operator++() {
      bar_->step();
      ++inner_;
      return *this;
    }
    template <class End>
    bool operator!=(const End& end) const {
      return inner_ != end.inner();
    }
    const Inner& inner() const { return inner_; }

   private:
    Inner inner_;
    ProgressBar* bar_;
  };

  /// Begins a walk, and a line.
  Iterator begin() {
    bar_.emplace(options_, options_.total() ? options_.total() : detail::size_of(range_),
                 detail::first_of(range_));
    return {range_.begin(), &*bar_};
  }
  Iterator end() { return {range_.end(), nullptr}; }

 private:
  Range range_;
  ProgressOptions options_;
  optional<ProgressBar> bar_;
};

/// The range (a loader, a container) to be walked through, with a line that tells how far the walk is. A
/// loader that goes on within an epoch counts from there on.
template <class Range>
Progress<Range> progress(Range&& range, ProgressOptions options = {}) {
  return {std::forward<Range>(range), std::move(options)};
}

}  // namespace xgrad::data
