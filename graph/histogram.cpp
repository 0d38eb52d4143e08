// The buckets of Python's SummaryWriter.
#include <xgrad/graph/histogram.h>

#include <algorithm>
#include <cmath>

#include <xgrad/core/tape/grad_mode.h>

namespace xgrad::graph {

namespace {

const std::vector<double>& bounds() {
  static const std::vector<double> all = [] {
    std::vector<double> up, both;
    for (double v = 1e-12; v < 1e20; v *= 1.1) up.push_back(v);
    for (std::size_t i = up.size(); i-- > 0;) both.push_back(-up[i]);
    both.push_back(0);
    both.insert(both.end(), up.begin(), up.end());
    return both;
  }();
  return all;
}

}  // namespace

std::vector<double> sorted_values(const char* op, const Tensor& values) {
  XGRAD_CHECK_AS(ValueError, values.defined(), op, ": values is undefined");
  const NoGradGuard no_grad;
  const Tensor flat = values.detach().to(kDouble).contiguous();
  const auto* data = static_cast<const double*>(flat.data_ptr());
  std::vector<double> sorted;
  std::copy_if(data, data + flat.numel(), std::back_inserter(sorted),
               [](double v) { return std::isfinite(v); });
  XGRAD_CHECK_AS(ValueError, !sorted.empty(), op, ": no element of values is finite: values is ",
                 values.sizes());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

Histogram histogram_of(const std::vector<double>& sorted) {
  Histogram h{sorted.front(), sorted.back(), static_cast<double>(sorted.size()), 0, 0, {}, {}};
  const std::vector<double>& limit = bounds();
  std::vector<double> counts(limit.size() - 1);
  for (const double v : sorted) {
    h.sum += v;
    h.sum_squares += v * v;
    if (v < limit.front() || v > limit.back()) continue;
    const auto above =
        static_cast<std::size_t>(std::upper_bound(limit.begin(), limit.end(), v) - limit.begin());
    ++counts[std::min(above, counts.size()) - 1];
  }
  const auto has_some = [](double count) { return count > 0; };
  const auto first = std::find_if(counts.begin(), counts.end(), has_some);
  if (first == counts.end()) return h;  // all lie beyond the bounds
  const auto last = std::find_if(counts.rbegin(), counts.rend(), has_some).base();
  // Buckets are told by their upper bounds: an empty one before the first tells its lower one.
  const auto begin = first - counts.begin(), end = last - counts.begin();
  h.bucket.push_back(0);
  h.bucket.insert(h.bucket.end(), first, last);
  h.bucket_limit.assign(limit.begin() + begin, limit.begin() + end + 1);
  return h;
}

}  // namespace xgrad::graph
