// Arithmetic on shapes that can fail, with its errors.
#include <xgrad/core/types/shape.h>

namespace xgrad {

int64_t wrap_dim(const char* op, int64_t dim, int64_t ndim) {
  const int64_t n = std::max<int64_t>(ndim, 1);
  if (__builtin_expect(dim < -n || dim >= n, 0))
    fail<IndexError>(op, ": Dimension out of range (expected to be in range of [", -n, ", ", n - 1,
                     "], but got ", dim, ")");
  return dim < 0 ? dim + n : dim;
}

DimVector broadcast_sizes(const char* op, IntArrayRef a, IntArrayRef b) {
  const std::size_t n = std::max(a.size(), b.size());
  DimVector out(n);
  for (std::size_t i = 0; i < n; ++i) {  // i counts from the last dimension
    const int64_t x = i < a.size() ? a[a.size() - 1 - i] : 1, y = i < b.size() ? b[b.size() - 1 - i] : 1;
    if (x != y && x != 1 && y != 1)
      fail(op, ": shapes do not broadcast: self is ", a, ", other is ", b, " (dim ",
           static_cast<int64_t>(n - 1 - i), ": ", x, " vs ", y, "; sizes must be equal or one of them 1)");
    out[n - 1 - i] = x == 1 ? y : x;
  }
  return out;
}

int64_t checked_numel(const char* op, IntArrayRef sizes) {
  int64_t n = 1;
  bool empty = false;
  for (int64_t s : sizes) {
    XGRAD_CHECK(s >= 0, op, ": sizes must not be negative: got ", sizes);
    empty = empty || s == 0;
    if (__builtin_mul_overflow(n, std::max<int64_t>(s, 1), &n)) fail_size(op, sizes);
  }
  if (!empty && n >= kMaxElements) fail_size(op, sizes);
  return empty ? 0 : n;
}

void fail_size(const char* op, IntArrayRef sizes) { fail(op, ": too many elements: sizes are ", sizes); }

}  // namespace xgrad
