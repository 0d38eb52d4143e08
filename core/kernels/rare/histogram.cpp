// Histograms and lookups: loops over xtensor's adaptors, since its own functions differ from PyTorch's, or
// (xt::bincount) look for the largest value once more.
#include <xgrad/core/kernels/rare/histogram.h>

#include <algorithm>

#include <xgrad/core/kernels/xt.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {

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
    for (std::size_t i = 0; i < value.size(); ++i) {
      const T* const begin = rows.data() + i / each * rows.shape(1);
      const T v = value(i);
      const auto before = [v, right](T element) { return right ? !(element > v) : !(element >= v); };
      found(i) = std::partition_point(begin, begin + rows.shape(1), before) - begin;
    }
  });
}

}  // namespace xgrad::kernels
