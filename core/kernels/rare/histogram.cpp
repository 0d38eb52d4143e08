// Histograms and lookups: loops over xtensor's adaptors, since its own functions differ from PyTorch's, or
// (xt::bincount) look for the largest value once more.
#include <xgrad/core/kernels/rare/histogram.h>

#include <algorithm>
#include <cmath>

#include <xgrad/core/kernels/xt.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {

namespace {

// Where `before` ends to hold among n elements. As std::partition_point, also of what is not sorted, but
// without a branch that nobody can foresee.
template <class T, class F>
int64_t first_not(const T* elements, int64_t n, const F& before) {
  int64_t first = 0;
  while (n > 0) {
    const int64_t half = n / 2, rest = n - half - 1, next = first + half + 1;
    const bool further = before(elements[first + half]);
    first = further ? next : first;
    n = further ? rest : half;
  }
  return first;
}

// first_not in a row that ascends in about equal steps, as the edges of a histogram do: where a line through
// its ends leads to, if that is right.
template <class T>
class EqualSteps {
 public:
  EqualSteps(const T* row, int64_t n, int64_t values) : row_(row), n_(n) {
    const auto falls = [](T next, T last) { return !(next >= last); };  // or is no number
    if (n < 2 || values < n || !std::is_sorted(row, row + n, falls)) return;
    const double width = static_cast<double>(row[n - 1]) - static_cast<double>(row[0]);
    if (width > 0 && width < HUGE_VAL) per_step_ = static_cast<double>(n - 1) / width;
  }
  template <class F>
  int64_t first_not(T v, const F& before) const {
    const double steps = (static_cast<double>(v) - static_cast<double>(row_[0])) * per_step_;
    if (per_step_ > 0 && steps >= 0 && steps < static_cast<double>(n_ - 1)) {
      const auto i = static_cast<int64_t>(steps) + 1;
      if (before(row_[i - 1]) && !before(row_[i])) return i;
    }
    return kernels::first_not(row_, n_, before);
  }

 private:
  const T* row_;
  int64_t n_;
  double per_step_ = 0;
};

}  // namespace

void bincount(const ArrayView& counts, const ArrayView& values) {
  auto out = as_xt<int64_t, 1>(counts);
  out.fill(0);
  for (const int64_t v : as_xt<const int64_t, 1>(values)) ++out(v);
}

void bincount(const ArrayView& counts, const ArrayView& values, const ArrayView& weights) {
  dispatch<ComputeFloats>("bincount", weights.dtype, [&]<class T>() {
    auto out = as_xt<T, 1>(counts);
    const auto weight = as_xt<const T, 1>(weights);
    const auto value = as_xt<const int64_t, 1>(values);
    out.fill(T{0});
    for (std::size_t i = 0; i < value.size(); ++i) out(value(i)) += weight(i);
  });
}

// Not xt::histogram: a value just below `high` may be rounded into a bin behind its last, and it counts in
// the values' type.
void histogram(const ArrayView& counts, const ArrayView& values, double low, double high) {
  auto out = as_xt<int64_t, 1>(counts);
  out.fill(0);
  const auto last = static_cast<int64_t>(out.size()) - 1;
  dispatch<ComputeFloats>("histc", values.dtype, [&]<class T>() {
    const T from = static_cast<T>(low), to = static_cast<T>(high), bins = static_cast<T>(out.size());
    for (const T v : as_xt<const T, 1>(values))
      if (v >= from && v <= to) ++out(std::min(last, static_cast<int64_t>((v - from) * bins / (to - from))));
  });
}

// Not xt::searchsorted, nor xt::digitize: their `right` is the other way round, and NaN is less than all.
void search(const ArrayView& out, const ArrayView& sorted, const ArrayView& values, bool right) {
  auto found = as_xt<int64_t, 1>(out);
  dispatch<Numbers>("searchsorted", values.dtype, [&]<class T>() {
    const auto rows = as_xt<const T, 2>(sorted);
    const auto value = as_xt<const T, 1>(values);
    const std::size_t each = rows.shape(0) > 0 ? value.size() / rows.shape(0) : 0;
    const auto n = static_cast<int64_t>(rows.shape(1));
    for (std::size_t i = 0; i < value.size();) {
      const EqualSteps<T> row(rows.data() + i / each * rows.shape(1), n, static_cast<int64_t>(each));
      for (const std::size_t end = i + each; i < end; ++i) {
        const T v = value(i);
        found(i) = right ? row.first_not(v, [v](T element) { return !(element > v); })
                         : row.first_not(v, [v](T element) { return !(element >= v); });
      }
    }
  });
}

}  // namespace xgrad::kernels
