// Orthogonal factors, eigenvalues and singular values of matrices, and least squares.
#include <xgrad/core/kernels/lapack/lapack.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include <xgrad/core/kernels/lapack/reflections.h>
#include <xgrad/core/kernels/lapack/routine.h>
#include <xgrad/core/kernels/lapack/triangular.h>
#include <xgrad/core/kernels/scratch.h>

namespace xgrad::kernels::lapack {

namespace {

// Whether a sum of squares says that no number needs scaling, which LAPACK does with very small or large
// ones.
template <class T>
bool is_usual(T square) {
  constexpr T smallest = std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon();
  return square > smallest && square < 1 / smallest;
}

// Least squares by QR without exchanges of columns, of A or of its transpose, whichever is tall. False, and A
// and B are as before, unless A has full rank beyond doubt: |R| |R^-1| is at least A's condition, and what
// gelsy estimates at most that.
template <class T>
bool lstsq_by_qr(int64_t m, int64_t n, int64_t sides, T rcond, T* a, T* b) {
  const int64_t tall = std::max(m, n), few = std::min(m, n), beside = m < n ? 0 : sides;
  const T square = dot<T>(m * n, a, 1, a, 1);
  if (sides == 0 || !is_usual(square)) return false;
  const Scratch<T> memory(tall * (few + beside) + few * (few + 1 + sides));
  T *const q = memory.get(), *const qb = q + tall * few, *const tau = qb + tall * beside,
           *const inverse = tau + few, *const x = inverse + few * few;
  m < n ? turn(q, tall, a, m, m, n) : void(std::copy_n(a, m * n, q));
  std::copy_n(b, tall * beside, qb);
  qr_by_halves(tall, few, q, tau, beside);
  const TriangleOf<T> r{q, 1, tall, true, false}, rt{q, tall, 1, false, false};
  std::fill_n(inverse, few * few, T(0));
  for (int64_t i = 0; i < few; ++i) inverse[i * (few + 1)] = 1;
  solve_rows(rt, few, inverse, few, few, 0);
  const T condition = std::sqrt(square) * std::sqrt(dot<T>(few * few, inverse, 1, inverse, 1));
  if (!(rcond * condition < T(0.5))) return false;
  turn(x, sides, m < n ? b : qb, tall, few, sides);
  if (m < n) {
    solve_rows(rt, few, x, sides, sides);
    q_by_halves(tall, few, few, q, tau);
    gemm<T>(true, false, sides, tall, few, 1, x, sides, q, tall, 0, b, tall);
  } else {
    solve_rows(r, few, x, sides, sides);
    std::copy_n(qb, tall * sides, b);
    turn(b, tall, x, sides, sides, few);
  }
  return true;
}

}  // namespace

template <class T>
void qr(int64_t batch, int64_t m, int64_t n, T* a, T* tau) {
  const int64_t k = std::min(m, n);
  if (k == 0) return;
  each_matrix<T>(batch, cube(m, n, k), [&](int64_t i, Workspace<T>&) {
    qr_by_halves(m, n, a + i * m * n, tau + i * k);
    return 0;
  });
}

template <class T>
void q_of_reflections(int64_t batch, int64_t m, int64_t n, int64_t reflections, T* a, const T* tau) {
  if (m == 0 || n == 0) return;
  each_matrix<T>(batch, cube(m, n, reflections), [&](int64_t i, Workspace<T>&) {
    q_by_halves(m, n, reflections, a + i * m * n, tau + i * reflections);
    return 0;
  });
}

template <class T>
Outcome eigh(const char* op, int64_t batch, int64_t size, bool vectors, T* a, T* w) {
  const Routine syevd = routine<T>(op, "syevd"), sytrd = routine<T>(op, "sytrd"),
                stedc = routine<T>(op, "stedc");
  const int n = as_int(op, size);
  if (n == 0) return {};
  constexpr int few = 48;
  return for_matrices<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>& workspace) {
    int info = 0;
    T *const matrix = a + i * size * size, *const values = w + i * size;
    if (!vectors || n < few || !is_usual(dot<T>(size * size, matrix, 1, matrix, 1))) {
      workspace.run([&](T* work, int length, int* integers, int count) {
        syevd(vectors ? 'V' : 'N', 'L', n, matrix, n, values, work, length, integers, count, &info);
      });
      return info;
    }
    const Scratch<T> memory(size * (size + 2));
    T *const z = memory.get(), *const beside = z + size * size, *const tau = beside + size;
    Workspace<T> of_sytrd, of_stedc;
    of_sytrd.run([&](T* work, int length, int*, int) {
      sytrd('L', n, matrix, n, values, beside, tau, work, length, &info);
    });
    of_stedc.run([&](T* work, int length, int* integers, int count) {
      stedc('I', n, values, beside, z, n, work, length, integers, count, &info);
    });
    reflect_below_diagonal(size, matrix, tau, z);
    std::copy_n(z, size * size, matrix);
    return info;
  });
}

template <class T>
Outcome svd(const char* op, int64_t batch, int64_t rows, int64_t columns, Vectors vectors, T* a, T* s, T* u,
            T* vt) {
  const Routine gesdd = routine<T>(op, "gesdd");
  const int m = as_int(op, rows), n = as_int(op, columns), k = std::min(m, n), tall = std::max(m, n);
  const int of_u = vectors == Vectors::all ? m : k, of_v = vectors == Vectors::all ? n : k;
  const auto decompose = [&](int height, int width, T* matrix, T* values, T* left, T* right,
                             Workspace<T>& workspace) {
    int info = 0;
    int* const integers = workspace.integers(8 * static_cast<std::size_t>(k));
    workspace.run([&](T* work, int length, int*, int) {
      gesdd(static_cast<char>(vectors), height, width, matrix, leading(height), values, left, leading(height),
            right, leading(of_v), work, length, integers, &info);
    });
    return info;
  };
  constexpr int few = 16;
  const bool qr_first = k >= few && 6 * int64_t{tall} >= 11 * int64_t{k} && vectors != Vectors::all;
  return for_matrices<T>(batch, cube(m, n, k), [&](int64_t i, Workspace<T>& workspace) {
    const auto of = [&](T* matrices, int64_t size) { return matrices ? matrices + i * size : nullptr; };
    T *const matrix = a + i * rows * columns, *const values = s + i * k, *const left = of(u, rows * of_u),
             *const right = of(vt, columns * of_v);
    if (!qr_first) return decompose(m, n, matrix, values, left, right, workspace);
    // Of R, or of its transpose where A's is the tall one, as LAPACK does it.
    const bool wide = m < n;
    const Scratch<T> memory(int64_t{k} * (tall + 2 * k + 1));
    T *const q = memory.get(), *const r = q + int64_t{k} * tall, *const vectors_of_r = r + k * k,
             *const tau = vectors_of_r + k * k;
    wide ? turn(q, tall, matrix, m, m, n) : void(std::copy_n(matrix, rows * columns, q));
    qr_by_halves(tall, k, q, tau);
    for (int64_t row = 0; row < k; ++row)
      for (int64_t column = 0; column < k; ++column)
        r[wide ? row * k + column : column * k + row] = row <= column ? q[column * tall + row] : T(0);
    const int info =
        decompose(k, k, r, values, wide ? left : vectors_of_r, wide ? vectors_of_r : right, workspace);
    if (info != 0 || vectors == Vectors::none) return info;
    q_by_halves(tall, k, k, q, tau);
    if (wide)
      gemm<T>(true, false, n, k, k, 1, q, n, vectors_of_r, k, 0, right, k);
    else
      gemm<T>(false, false, k, m, k, 1, vectors_of_r, k, q, m, 0, left, m);
    return info;
  });
}

template <class T>
Outcome lstsq(const char* op, Lstsq driver, int64_t batch, int64_t rows, int64_t columns, int64_t sides,
              T rcond, T* a, T* b, int64_t* rank, T* s) {
  const char* const names[] = {"gels", "gelsy", "gelsd", "gelss"};
  const Routine f = routine<T>(op, names[static_cast<int>(driver)]);
  const int m = as_int(op, rows), n = as_int(op, columns), k = as_int(op, sides), larger = std::max(m, n);
  return for_matrices<T>(batch, cube(m, n, std::min(m, n) + k), [&](int64_t i, Workspace<T>& workspace) {
    int info = 0, found = 0;
    T *const left = a + i * rows * columns, *const right = b + i * larger * sides;
    T* const values = s + i * std::min(m, n);
    if ((driver == Lstsq::gels || driver == Lstsq::gelsy) &&
        lstsq_by_qr(rows, columns, sides, driver == Lstsq::gels ? T(0) : rcond, left, right)) {
      rank[i] = std::min(rows, columns);
      return 0;
    }
    int* const columns_first = workspace.integers(static_cast<std::size_t>(n));
    std::fill_n(columns_first, n, 0);
    workspace.run([&](T* work, int length, int* integers, int) {
      if (driver == Lstsq::gels)
        f('N', m, n, k, left, leading(m), right, leading(larger), work, length, &info);
      else if (driver == Lstsq::gelsy)
        f(m, n, k, left, leading(m), right, leading(larger), columns_first, rcond, &found, work, length,
          &info);
      else if (driver == Lstsq::gelsd)
        f(m, n, k, left, leading(m), right, leading(larger), values, rcond, &found, work, length, integers,
          &info);
      else
        f(m, n, k, left, leading(m), right, leading(larger), values, rcond, &found, work, length, &info);
    });
    rank[i] = found;
    return info;
  });
}

#define XGRAD_LAPACK(T)                                                                  \
  template void qr(int64_t, int64_t, int64_t, T*, T*);                                   \
  template void q_of_reflections(int64_t, int64_t, int64_t, int64_t, T*, const T*);      \
  template Outcome eigh(const char*, int64_t, int64_t, bool, T*, T*);                    \
  template Outcome svd(const char*, int64_t, int64_t, int64_t, Vectors, T*, T*, T*, T*); \
  template Outcome lstsq(const char*, Lstsq, int64_t, int64_t, int64_t, int64_t, T, T*, T*, int64_t*, T*);
XGRAD_LAPACK(float)
XGRAD_LAPACK(double)
#undef XGRAD_LAPACK

}  // namespace xgrad::kernels::lapack
