// Equations with a triangle, T X = B, where the numbers of a row of X lie side by side: halves of T, with the
// products of kernels/gemm between them.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/gemm/gemm.h>

namespace xgrad::kernels::lapack {

/// m rows of n numbers, which are `apart`, from n columns of m that are `columns_apart`.
template <class T>
void turn(T* rows, int64_t apart, T* columns, int64_t columns_apart, int64_t m, int64_t n) {
  const int64_t sizes[] = {m, n}, by_rows[] = {apart, 1}, by_columns[] = {1, columns_apart};
  copy({rows, scalar_type_of<T>, 2, sizes, by_rows}, {columns, scalar_type_of<T>, 2, sizes, by_columns});
}

/// T[i, j] is a[i * down + j * right]; one of down and right is 1.
template <class T>
struct TriangleOf {
  const T* a;
  int64_t down, right;
  bool upper, unit;

  TriangleOf part(int64_t i) const { return {a + i * (down + right), down, right, upper, unit}; }
};

/// X in place of B of n rows, `apart` from each other, with `columns` columns. Where row i of B has no number
/// but zeros from column `ragged` + i + 1 on, and T is a lower triangle, that holds for X, and these are
/// left.
template <class T>
void solve_rows(const TriangleOf<T>& t, int64_t n, T* x, int64_t columns, int64_t apart,
                int64_t ragged = INT64_MAX / 2) {
  constexpr int64_t few = 8;
  const auto width = [&](int64_t rows) { return std::min(columns, ragged + rows); };
  const auto row = [&](int64_t i) { return x + i * apart; };
  if (n <= few) {
    const int64_t count = width(n);
    for (int64_t step = 0; step < n; ++step) {
      const int64_t k = t.upper ? n - 1 - step : step;
      T* const known = row(k);
      if (!t.unit) {
        const T diagonal = t.part(k).a[0];
        for (int64_t j = 0; j < count; ++j) known[j] /= diagonal;
      }
      for (int64_t i = t.upper ? 0 : k + 1; i < (t.upper ? k : n); ++i) {
        const T factor = t.a[i * t.down + k * t.right];
        T* const rest = row(i);
        for (int64_t j = 0; j < count; ++j) rest[j] -= factor * known[j];
      }
    }
    return;
  }
  const int64_t half = (n / 2 + few - 1) / few * few;
  const auto eliminate = [&](int64_t from, int64_t depth, int64_t to, int64_t rows, int64_t count) {
    gemm<T>(t.right != 1, false, rows, count, depth, T(-1), t.a + to * t.down + from * t.right,
            t.right == 1 ? t.down : t.right, row(from), apart, T(1), row(to), apart);
  };
  if (t.upper) {
    solve_rows(t.part(half), n - half, row(half), columns, apart);
    eliminate(half, n - half, 0, half, columns);
    solve_rows(t, half, x, columns, apart);
  } else {
    solve_rows(t, half, x, columns, apart, ragged);
    eliminate(0, half, half, n - half, width(half));
    solve_rows(t.part(half), n - half, row(half), columns, apart, ragged + half);
  }
}

}  // namespace xgrad::kernels::lapack
