// The line search of Nocedal and Wright 2006, algorithms 3.5 and 3.6, in the order of Python's.
#include <xgrad/optim/line_search.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace xgrad::optim {

namespace {

constexpr double kDecrease = 1e-4, kCurvature = 0.9;

// Where the cubic through two places has its minimum, held within bounds.
double cubic_minimum(const LinePoint& a, const LinePoint& b, double least, double most) {
  const double d1 = a.slope + b.slope - 3 * (a.value - b.value) / (a.t - b.t);
  const double square = d1 * d1 - a.slope * b.slope;
  if (!(square >= 0)) return (least + most) / 2;
  const double d2 = std::sqrt(square);
  const double place = a.t <= b.t ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
                                  : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2));
  return std::min(std::max(place, least), most);
}

class Search {
 public:
  Search(const std::function<LinePoint(double)>& evaluate, const LinePoint& start, double tolerance,
         int64_t max_steps)
      : evaluate_(evaluate), start_(start), tolerance_(tolerance), max_steps_(max_steps) {}

  LinePoint run(double t, double reach) {
    bracket(t);
    order();
    if (!done_) zoom(reach);
    return ends_[low_];
  }

 private:
  bool too_high(const LinePoint& p) const { return p.value > start_.value + kDecrease * p.t * start_.slope; }
  bool flat(const LinePoint& p) const { return std::abs(p.slope) <= -kCurvature * start_.slope; }
  void order() { low_ = ends_[0].value <= ends_[1].value ? 0 : 1; }

  // Goes on until the minimum lies between two places.
  void bracket(double t) {
    LinePoint before = start_, now = evaluate_(t);
    for (; steps_ < max_steps_; ++steps_) {
      if (too_high(now) || (steps_ > 1 && now.value >= before.value)) return close(before, now);
      done_ = flat(now);
      if (done_) return close(now, now);
      if (now.slope >= 0) return close(before, now);
      const double next = cubic_minimum(before, now, now.t + 0.01 * (now.t - before.t), now.t * 10);
      before = std::exchange(now, evaluate_(next));
    }
    close(start_, now);
  }
  void close(const LinePoint& a, const LinePoint& b) {
    ends_[0] = a;
    ends_[1] = b;
  }

  // A place between the ends; not too near to one of them twice in a row.
  double between() {
    const double least = std::min(ends_[0].t, ends_[1].t), most = std::max(ends_[0].t, ends_[1].t);
    double t = cubic_minimum(ends_[0], ends_[1], least, most);
    const double margin = 0.1 * (most - least);
    const bool near = std::min(most - t, t - least) < margin;
    if (near && (was_near_ || t >= most || t <= least)) {
      t = std::abs(t - most) < std::abs(t - least) ? most - margin : least + margin;
      was_near_ = false;
    } else {
      was_near_ = near;
    }
    return t;
  }

  void zoom(double reach) {
    for (; !done_ && steps_ < max_steps_; ++steps_) {
      if (std::abs(ends_[1].t - ends_[0].t) * reach < tolerance_) return;
      LinePoint now = evaluate_(between());
      const int high = 1 - low_;
      if (too_high(now) || now.value >= ends_[low_].value) {
        ends_[high] = std::move(now);
        order();
        continue;
      }
      done_ = flat(now);
      if (!done_ && now.slope * (ends_[high].t - ends_[low_].t) >= 0) ends_[high] = ends_[low_];
      ends_[low_] = std::move(now);
    }
  }

  const std::function<LinePoint(double)>& evaluate_;
  const LinePoint& start_;
  double tolerance_;
  int64_t max_steps_, steps_ = 0;
  LinePoint ends_[2];
  int low_ = 0;
  bool done_ = false, was_near_ = false;
};

}  // namespace

LinePoint strong_wolfe(const std::function<LinePoint(double t)>& evaluate, const LinePoint& start, double t,
                       double reach, double tolerance, int64_t max_steps) {
  return Search(evaluate, start, tolerance, max_steps).run(t, reach);
}

}  // namespace xgrad::optim
