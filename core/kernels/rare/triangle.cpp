// Triangles, row by row: each row has one range inside, and one outside.
#include <xgrad/core/kernels/rare/triangle.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/kernels/xt.h>
#include <xgrad/core/types/shape.h>

namespace xgrad::kernels {

namespace {

struct Columns {
  int64_t begin, end;
};

// The columns of row i in the triangle, or with `outside` those that are not.
Columns columns_of(int64_t i, int64_t columns, int64_t diagonal, Triangle which, bool outside = false) {
  const bool lower = which == Triangle::lower;
  const int64_t right = diagonal < columns ? i + diagonal : columns;  // of the diagonal
  const int64_t edge = std::clamp<int64_t>(lower ? right + 1 : right, 0, columns);
  return lower != outside ? Columns{0, edge} : Columns{edge, columns};
}

}  // namespace

void keep_triangle(const ArrayView& a, int64_t diagonal, Triangle which) {
  if (numel_of({a.sizes, static_cast<std::size_t>(a.ndim)}) == 0) return;  // of however many rows
  const auto bytes = static_cast<int64_t>(element_size(a.dtype));
  const int64_t rows = a.sizes[a.ndim - 2], columns = a.sizes[a.ndim - 1];
  auto* row = static_cast<char*>(a.data);
  for (int64_t n = numel_of({a.sizes, static_cast<std::size_t>(a.ndim - 1)}), i = 0; n > 0; --n) {
    const Columns rest = columns_of(i, columns, diagonal, which, true);
    std::memset(row + rest.begin * bytes, 0, static_cast<std::size_t>((rest.end - rest.begin) * bytes));
    row += columns * bytes;
    i = i + 1 == rows ? 0 : i + 1;
  }
}

int64_t triangle_size(int64_t rows, int64_t columns, int64_t diagonal, Triangle which) {
  const int64_t k = std::clamp<int64_t>(diagonal, -rows, columns);
  if (which == Triangle::upper) return rows * columns - triangle_size(rows, columns, k - 1, Triangle::lower);
  // Rows with nothing, then each with one more than the one before, then all columns.
  const int64_t first = std::clamp<int64_t>(-k, 0, rows),
                full = std::clamp<int64_t>(columns - k, first, rows);
  return (full - first) * (first + full + 1 + 2 * k) / 2 + (rows - full) * columns;
}

void triangle_indices(const ArrayView& out, int64_t rows, int64_t columns, int64_t diagonal, Triangle which) {
  auto pairs = as_xt<int64_t, 2>(out);
  const auto total = static_cast<int64_t>(pairs.shape(1));
  if (total == 0) return;  // also for a diagonal that has no negative
  const int64_t first = which == Triangle::lower ? std::clamp<int64_t>(-diagonal, 0, rows) : 0;
  for (int64_t i = first, at = 0; at < total; ++i) {
    const Columns in = columns_of(i, columns, diagonal, which);
    const int64_t next = at + in.end - in.begin;
    xt::view(pairs, 0, xt::range(at, next)) = i;
    xt::view(pairs, 1, xt::range(at, next)) = xt::arange(in.begin, in.end);
    at = next;
  }
}

}  // namespace xgrad::kernels
