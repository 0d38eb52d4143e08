// Histograms and lookups: loops over xtensor's adaptors, since its own functions differ from PyTorch's, or
// (xt::bincount) look for the largest value once more.
#include <xgrad/core/kernels/rare/histogram.h>

#include <algorithm>

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
    for (std::size_t i = 0; i < value.size(); ++i) {
      const T* const row = rows.data() + (each == value.size() ? 0 : i / each * rows.shape(1));
      const T v = value(i);
      found(i) = right ? first_not(row, n, [v](T element) { return !(element > v); })
                       : first_not(row, n, [v](T element) { return !(element >= v); });
    }
  });
}

}  // namespace xgrad::kernels
