// LU decompositions of matrices so small that a call of LAPACK costs more than the work. As there, columns
// lie one after the other, and pivots count from 1.
#pragma once

#include <algorithm>
#include <cmath>

namespace xgrad::kernels::lapack {

constexpr int kSmall = 8;

/// L and U in place of a; the first k for which U[k, k] is 0, counted from 1, or 0.
template <class T>
int small_lu(int n, T* a, int* pivots) {
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

/// X of L U X = P B in place of B, of n x columns.
template <class T>
void small_solve(int n, int columns, const T* lu, const int* pivots, T* b) {
  for (T* x = b; x != b + n * columns; x += n) {
    for (int k = 0; k < n; ++k) std::swap(x[k], x[pivots[k] - 1]);
    for (int k = 0; k < n; ++k)
      for (int i = k + 1; i < n; ++i) x[i] -= lu[i + k * n] * x[k];
    for (int k = n; k-- > 0;) {
      x[k] /= lu[k + k * n];
      for (int i = 0; i < k; ++i) x[i] -= lu[i + k * n] * x[k];
    }
  }
}

/// The inverse in place of a, which is lost; what small_lu returns.
template <class T>
int small_inverse(int n, T* a) {
  int pivots[kSmall];
  T lu[kSmall * kSmall];
  std::copy_n(a, n * n, lu);
  const int info = small_lu(n, lu, pivots);
  std::fill_n(a, n * n, T(0));
  for (int i = 0; i < n; ++i) a[i + i * n] = 1;
  if (info == 0) small_solve(n, n, lu, pivots, a);
  return info;
}

}  // namespace xgrad::kernels::lapack
