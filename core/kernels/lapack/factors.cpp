// Triangular factors of matrices, and what is solved with them.
#include <xgrad/core/kernels/lapack/lapack.h>

#include <algorithm>
#include <limits>

#include <xgrad/core/kernels/lapack/routine.h>
#include <xgrad/core/kernels/lapack/small.h>
#include <xgrad/core/kernels/lapack/triangular.h>
#include <xgrad/core/kernels/scratch.h>

namespace xgrad::kernels::lapack {

namespace {

// LAPACK is as fast for fewer.
constexpr int64_t kManySides = 8;

// f(columns) of m rows of n numbers, which become what f makes of these.
template <class T, class F>
void with_columns(T* rows, int64_t m, int64_t n, int64_t apart, const F& f) {
  const Scratch<T> columns(m * n);
  turn(columns.get(), m, rows, apart, n, m);
  f(columns.get());
  turn(rows, apart, columns.get(), m, m, n);
}

// Row i changes places with the one that pivots[i] names, counted from 1.
template <class T>
void exchange_rows(T* rows, int64_t width, int64_t apart, const int* pivots, int64_t i) {
  T *const row = rows + i * apart, *const other = rows + (pivots[i] - 1) * apart;
  if (row != other) std::swap_ranges(row, row + width, other);
}

// getrf for m rows of n numbers, which are `apart`: halves of the columns, and LAPACK for few.
template <class T>
int lu_by_halves(const Routine& getrf, int64_t m, int64_t n, T* a, int64_t apart, int* pivots) {
  constexpr int64_t few = 16;
  int info = 0;
  if (n <= few) {
    with_columns(a, m, n, apart, [&](T* columns) {
      getrf(static_cast<int>(m), static_cast<int>(n), columns, static_cast<int>(m), pivots, &info);
    });
    return info;
  }
  const int64_t left = m < n ? m : (n + few) / (2 * few) * few, right = n - left, below = m - left;
  T *const upper = a + left, *const lower = a + left * apart, *const rest = lower + left;
  info = lu_by_halves(getrf, m, left, a, apart, pivots);
  for (int64_t i = 0; i < left; ++i) exchange_rows(upper, right, apart, pivots, i);
  solve_rows<T>({a, apart, 1, false, true}, left, upper, right, apart);
  if (below == 0) return info;
  gemm<T>(false, false, below, right, left, T(-1), lower, apart, upper, apart, T(1), rest, apart);
  const int later = lu_by_halves(getrf, below, right, rest, apart, pivots + left);
  for (int64_t i = left; i < std::min(m, n); ++i) {
    pivots[i] += static_cast<int>(left);
    exchange_rows(a, left, apart, pivots, i);
  }
  return info != 0 || later == 0 ? info : later + static_cast<int>(left);
}

// potrf for the upper triangle of n rows that are `apart`; what is below it is lost.
template <class T>
int cholesky_by_halves(const Routine& potrf, int64_t n, T* rows, int64_t apart) {
  constexpr int64_t few = 64;
  int info = 0;
  if (n <= few) {
    potrf('L', static_cast<int>(n), rows, static_cast<int>(apart), &info);  // which reads rows as columns
    return info;
  }
  const int64_t left = n / 2, right = n - left;
  T *const upper = rows + left, *const rest = upper + left * apart;
  info = cholesky_by_halves(potrf, left, rows, apart);
  if (info != 0) return info;
  solve_rows<T>({rows, 1, apart, false, false}, left, upper, right, apart);
  constexpr int64_t strip = 96;  // rows at a time, so that most of what is below the triangle is left out
  for (int64_t i = 0; i < right; i += strip)
    gemm<T>(true, false, std::min(strip, right - i), right - i, left, T(-1), upper + i, apart, upper + i,
            apart, T(1), rest + i * (apart + 1), apart);
  const int later = cholesky_by_halves(potrf, right, rest, apart);
  return later == 0 ? 0 : later + static_cast<int>(left);
}

}  // namespace

template <class T>
void lu(const char* op, int64_t batch, int64_t size, T* a, T* parity) {
  const int n = as_int(op, size);
  if (n == 0) return std::fill_n(parity, batch, T(1)), void();
  const auto run = [&](auto&& factor) {
    return [=](int64_t i, Workspace<T>& workspace) {
      int* const pivots = workspace.integers(static_cast<std::size_t>(n));
      factor(a + i * size * size, pivots);
      parity[i] = 1;
      for (int row = 0; row < n; ++row)
        if (pivots[row] != row + 1) parity[i] = -parity[i];
      return 0;  // a 0 on the diagonal is a determinant of 0
    };
  };
  if (n <= kSmall) {
    each_matrix<T>(batch, cube(n, n, n), run([n](T* matrix, int* pivots) {
                     with_size(n, [=](auto known) { return small_lu(known, matrix, pivots); });
                   }));
    return;
  }
  const Routine getrf = routine<T>(op, "getrf");
  for_matrices<T>(batch, cube(n, n, n), run([=](T* matrix, int* pivots) {
                    lu_by_halves<T>(getrf, size, size, matrix, size, pivots);
                  }));
}

template <class T>
void lu_factor(const char* op, int64_t batch, int64_t m, int64_t n, const T* a, T* lu, int* pivots,
               int* info) {
  const int64_t k = std::min<int64_t>(as_int(op, m), as_int(op, n));
  std::fill_n(info, batch, 0);
  if (k == 0) return;
  if (m == n && n <= kSmall) {
    each_matrix<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>&) {
      return with_size(static_cast<int>(n), [&](auto known) {
        small_turn(known, a + i * n * n, lu + i * n * n);
        return info[i] = small_lu(known, lu + i * n * n, pivots + i * k);
      });
    });
    return;
  }
  const Routine getrf = routine<T>(op, "getrf");
  for_matrices<T>(batch, cube(m, n, k), [&](int64_t i, Workspace<T>&) {
    const Scratch<T> rows(m * n);
    std::copy_n(a + i * m * n, m * n, rows.get());
    info[i] = lu_by_halves(getrf, m, n, rows.get(), n, pivots + i * k);
    turn(lu + i * m * n, m, rows.get(), n, n, m);
    return 0;
  });
}

template <class T>
Outcome inverse(const char* op, int64_t batch, int64_t size, const T* a, T* inverses, int* infos) {
  const int n = as_int(op, size);
  std::fill_n(infos, batch, 0);
  if (n == 0) return {};
  const auto run = [=](auto&& invert) {
    return [=](int64_t i, Workspace<T>& workspace) {
      T* const x = inverses + i * size * size;
      std::fill_n(x, size * size, T(0));
      for (int64_t row = 0; row < size; ++row) x[row * (size + 1)] = 1;
      const int info = invert(a + i * size * size, x, workspace);
      if (info != 0) std::fill_n(x, size * size, std::numeric_limits<T>::infinity());
      return infos[i] = info;
    };
  };
  if (n <= kSmall)
    return each_matrix<T>(batch, cube(n, n, n), run([n](const T* matrix, T* x, Workspace<T>&) {
                            return with_size(
                                n, [=](auto known) { return small_solve(known, n, matrix, x, 1, n, x); });
                          }));
  const Routine getrf = routine<T>(op, "getrf");
  return for_matrices<T>(batch, cube(n, n, n), run([=](const T* matrix, T* x, Workspace<T>& workspace) {
                           int* const pivots = workspace.integers(static_cast<std::size_t>(n));
                           const Scratch<T> lu(size * size);
                           std::copy_n(matrix, size * size, lu.get());
                           const int info = lu_by_halves(getrf, size, size, lu.get(), size, pivots);
                           if (info != 0) return info;
                           // Its columns are the rows of the transpose's inverse: P L^-T U^-T.
                           solve_rows<T>({lu.get(), 1, size, false, false}, size, x, size, size, 0);
                           solve_rows<T>({lu.get(), 1, size, true, true}, size, x, size, size);
                           for (int64_t row = size; row-- > 0;) exchange_rows(x, size, size, pivots, row);
                           return info;
                         }));
}

template <class T>
Outcome solve(const char* op, int64_t batch, int64_t size, int64_t columns, const T* a, const T* b, T* x) {
  const int n = as_int(op, size), k = as_int(op, columns);
  if (n == 0) return {};
  const double work = cube(n, n, n + k);
  if (n <= kSmall)
    return each_matrix<T>(batch, work, [&](int64_t i, Workspace<T>&) {
      return with_size(n, [&](auto known) {
        return small_solve(known, k, a + i * n * n, b + i * n * k, k, 1, x + i * n * k);
      });
    });
  const Routine getrf = routine<T>(op, "getrf");
  return for_matrices<T>(batch, work, [&](int64_t i, Workspace<T>& workspace) {
    int* const pivots = workspace.integers(static_cast<std::size_t>(n));
    const Scratch<T> lu(size * size), rows(size * columns);
    std::copy_n(a + i * size * size, size * size, lu.get());
    const int info = lu_by_halves(getrf, size, size, lu.get(), size, pivots);
    if (info != 0) return info;
    std::copy_n(b + i * size * columns, size * columns, rows.get());
    for (int64_t row = 0; row < size; ++row) exchange_rows(rows.get(), columns, columns, pivots, row);
    solve_rows<T>({lu.get(), size, 1, false, true}, size, rows.get(), columns, columns);
    solve_rows<T>({lu.get(), size, 1, true, false}, size, rows.get(), columns, columns);
    turn(x + i * size * columns, size, rows.get(), columns, columns, size);
    return info;
  });
}

template <class T>
void solve_triangular(const char* op, int64_t batch, int64_t rows, int64_t columns, Triangular how,
                      const T* a, T* b) {
  const int m = as_int(op, rows), n = as_int(op, columns);
  if (m == 0 || n == 0) return;
  // Columns of X are the rows of A^T X^T = B^T.
  if (rows >= kManySides) {
    each_matrix<T>(batch, cube(m, n, n), [&](int64_t i, Workspace<T>&) {
      solve_rows<T>({a + i * columns * columns, columns, 1, !how.upper, how.unit}, columns,
                    b + i * rows * columns, rows, rows);
      return 0;
    });
    return;
  }
  const Routine trsm = routine<T>(op, "trsm"), trsv = routine<T>(op, "trsv");
  constexpr int few = 64;  // for which trsv's memory costs more than its speed gains
  const char triangle = how.upper ? 'U' : 'L', diagonal = how.unit ? 'U' : 'N';
  for_matrices<T>(batch, cube(m, n, n), [&](int64_t i, Workspace<T>&) {
    const T* const matrix = a + i * columns * columns;
    T* const x = b + i * rows * columns;
    if (m == 1 && n >= few)
      trsv(triangle, 'T', diagonal, n, matrix, n, x, 1);
    else
      trsm('R', triangle, 'N', diagonal, m, n, T(1), matrix, n, x, m);
    return 0;
  });
}

template <class T>
Outcome cholesky(const char* op, int64_t batch, int64_t size, bool upper, T* a, int* infos) {
  const int n = as_int(op, size);
  std::fill_n(infos, batch, 0);
  if (n == 0) return {};
  if (n <= kSmall)
    return each_matrix<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>&) {
      return with_size(
          n, [&](auto known) { return infos[i] = small_cholesky(known, upper, a + i * size * size); });
    });
  const Routine potrf = routine<T>(op, "potrf");
  return for_matrices<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>&) {
    const auto run = [&](T* rows) { infos[i] = cholesky_by_halves(potrf, size, rows, size); };
    T* const matrix = a + i * size * size;
    upper ? with_columns(matrix, size, size, size, run) : run(matrix);
    return infos[i];
  });
}

template <class T>
void ldl_factor(const char* op, int64_t batch, int64_t size, T* a, int* pivots, int* infos) {
  const Routine sytrf = routine<T>(op, "sytrf");
  const int n = as_int(op, size);
  std::fill_n(infos, batch, 0);
  if (n == 0) return;
  for_matrices<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>& workspace) {
    workspace.run([&](T* work, int length, int*, int) {
      sytrf('L', n, a + i * size * size, n, pivots + i * size, work, length, infos + i);
    });
    return 0;
  });
}
template <class T>
void ldl_solve(const char* op, int64_t batch, int64_t size, int64_t columns, const T* ld, const int* pivots,
               T* b) {
  const Routine sytrs = routine<T>(op, "sytrs");
  const int n = as_int(op, size), k = as_int(op, columns);
  if (n == 0 || k == 0) return;
  for_matrices<T>(batch, cube(n, n, k), [&](int64_t i, Workspace<T>&) {
    int info = 0;
    sytrs('L', n, k, ld + i * size * size, n, pivots + i * size, b + i * size * columns, n, &info);
    return info;
  });
}

#define XGRAD_LAPACK(T)                                                                             \
  template void lu(const char*, int64_t, int64_t, T*, T*);                                          \
  template void lu_factor(const char*, int64_t, int64_t, int64_t, const T*, T*, int*, int*);        \
  template Outcome inverse(const char*, int64_t, int64_t, const T*, T*, int*);                      \
  template Outcome solve(const char*, int64_t, int64_t, int64_t, const T*, const T*, T*);           \
  template void solve_triangular(const char*, int64_t, int64_t, int64_t, Triangular, const T*, T*); \
  template Outcome cholesky(const char*, int64_t, int64_t, bool, T*, int*);                         \
  template void ldl_factor(const char*, int64_t, int64_t, T*, int*, int*);                          \
  template void ldl_solve(const char*, int64_t, int64_t, int64_t, const T*, const int*, T*);
XGRAD_LAPACK(float)
XGRAD_LAPACK(double)
#undef XGRAD_LAPACK

}  // namespace xgrad::kernels::lapack
