// Decompositions of matrices so small that a call of LAPACK costs more than the work. As there, columns lie
// one after the other, and pivots count from 1. A size is an int, or for the smallest a constant.
#pragma once

#include <algorithm>
#include <cmath>
#include <type_traits>

namespace xgrad::kernels::lapack {

constexpr int kSmall = 16;

/// f(n), with a size that the compiler knows if it is one of the most frequent.
template <class F>
auto with_size(int n, const F& f) {
  if (n == 2) return f(std::integral_constant<int, 2>{});
  if (n == 3) return f(std::integral_constant<int, 3>{});
  if (n == 4) return f(std::integral_constant<int, 4>{});
  return f(n);
}

/// L and U in place of a; the first k for which U[k, k] is 0, counted from 1, or 0.
template <class N, class T>
int small_lu(N n, T* a, int* pivots) {
  int info = 0;
  for (int k = 0; k < n; ++k) {
    T* const column = a + k * n;
    int pivot = k;
    for (int i = k + 1; i < n; ++i)
      if (std::fabs(column[i]) > std::fabs(column[pivot])) pivot = i;
    pivots[k] = pivot + 1;
    if (column[pivot] == 0) {
      if (info == 0) info = k + 1;
      continue;
    }
    if (pivot != k)
      for (int j = 0; j < n; ++j) std::swap(a[k + j * n], a[pivot + j * n]);
    for (int i = k + 1; i < n; ++i) column[i] /= column[k];
    for (int j = k + 1; j < n; ++j)
      for (int i = k + 1; i < n; ++i) a[i + j * n] -= column[i] * a[k + j * n];
  }
  return info;
}

/// n x n columns from rows, or the other way round.
template <class N, class T>
void small_turn(N n, const T* from, T* to) {
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) to[j * n + i] = from[i * n + j];
}

/// X, n x `count`, of L U X = P B, element by element side by side; B[i, j] is b[i * down + j * right].
template <int width, class N, class T>
void solve_columns(N n, int count, const T* lu, const int* pivots, const T* b, int down, int right, T* to) {
  T x[kSmall][width] = {};
  for (int j = 0; j < count; ++j)
    for (int i = 0; i < n; ++i) x[i][j] = b[i * down + j * right];
  for (int k = 0; k < n; ++k)
    if (pivots[k] != k + 1) std::swap(x[k], x[pivots[k] - 1]);
  const auto eliminate = [&](int i, int k) {
    const T factor = lu[i + k * n];
    for (int j = 0; j < width; ++j) x[i][j] -= factor * x[k][j];
  };
  for (int k = 0; k < n; ++k)
    for (int i = k + 1; i < n; ++i) eliminate(i, k);
  for (int k = n; k-- > 0;) {
    const T diagonal = lu[k + k * n];
    for (int j = 0; j < width; ++j) x[k][j] /= diagonal;
    for (int i = 0; i < k; ++i) eliminate(i, k);
  }
  for (int j = 0; j < count; ++j)
    for (int i = 0; i < n; ++i) to[i + j * n] = x[i][j];
}
/// X of A X = B, which may be in place of B; what small_lu returns. The rows of A lie one after the other.
template <class N, class T>
int small_solve(N n, int columns, const T* a, const T* b, int down, int right, T* x) {
  constexpr int width = 8;
  int pivots[kSmall];
  T lu[kSmall * kSmall];
  small_turn(n, a, lu);
  if (const int info = small_lu(n, lu, pivots); info != 0) return info;
  const auto solve = [&](auto wide, int j, int count) {
    solve_columns<decltype(wide)::value>(n, count, lu, pivots, b + j * right, down, right, x + j * n);
  };
  if (columns == 1)
    solve(std::integral_constant<int, 1>{}, 0, 1);
  else if (columns <= 4)
    solve(std::integral_constant<int, 4>{}, 0, columns);
  else
    for (int j = 0; j < columns; j += width)
      solve(std::integral_constant<int, width>{}, j, std::min(width, columns - j));
  return 0;
}

/// U of U^T U, or L of L L^T, in place of that triangle of a; the first k for which the leading minor of
/// order k is not positive, or 0.
template <class N, class T>
int small_cholesky(N n, bool upper, T* a) {
  const int down = upper ? 1 : n, right = upper ? n : 1;  // L is what U is, read along rows
  for (int j = 0; j < n; ++j) {
    T* const column = a + j * right;
    T square = column[j * down];
    for (int i = 0; i < j; ++i) {
      T sum = column[i * down];
      for (int k = 0; k < i; ++k) sum -= a[k * down + i * right] * column[k * down];
      const T u = sum / a[i * (down + right)];
      column[i * down] = u;
      square -= u * u;
    }
    if (!(square > 0)) return j + 1;
    column[j * down] = std::sqrt(square);
  }
  return 0;
}

}  // namespace xgrad::kernels::lapack
