// QR decompositions by Householder's reflections: halves of the columns, with the products of kernels/gemm
// between them. The product of n reflections is I - V T V^T, where T is an upper triangle and a column of V
// is what a reflection reflects at, 1 on the diagonal of V and nothing above it (Schreiber and Van Loan, "A
// storage-efficient WY representation for products of Householder transformations", 1989; by halves: Elmroth
// and Gustavson, "Applying recursion to serial and parallel QR factorization", 2000).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

#include <xgrad/core/kernels/gemm/gemm.h>
#include <xgrad/core/kernels/scratch.h>

namespace xgrad::kernels::lapack {

/// The reflection that leaves only x[0] of n numbers: its vector behind x[0], and what is returned times the
/// outer product of the vector, of which 1 is the first number, is taken from the identity.
template <class T>
T reflection(int64_t n, T* x) {
  T square = dot<T>(n - 1, x + 1, 1, x + 1, 1), scale = 1;
  if (!(square > std::numeric_limits<T>::min() / std::numeric_limits<T>::epsilon() &&
        square < std::numeric_limits<T>::max() / 4)) {
    T largest = 0;
    for (int64_t i = 1; i < n; ++i) largest = std::max(largest, std::fabs(x[i]));
    if (square == 0 && largest == 0) return 0;
    scale = std::ldexp(
        T(1), std::clamp(std::ilogb(std::max(largest, std::fabs(x[0]))), std::numeric_limits<T>::min_exponent,
                         std::numeric_limits<T>::max_exponent - 1));
    for (int64_t i = 0; i < n; ++i) x[i] /= scale;
    square = dot<T>(n - 1, x + 1, 1, x + 1, 1);
  }
  const T first = x[0], rest = -std::copysign(std::hypot(first, std::sqrt(square)), first);
  for (int64_t i = 1; i < n; ++i) x[i] /= first - rest;
  x[0] = rest * scale;
  return (rest - first) / rest;
}

/// n reflections: column j of V stands below v[j * apart + j]; `upper` is T, n x n, row by row, `stride`
/// apart.
template <class T>
struct Reflections {
  int64_t m, n;
  T* v;
  int64_t apart;
  T* tau;
  T* upper;
  int64_t stride;

  Reflections part(int64_t first, int64_t count) const {
    return {m - first, count, v + first * (apart + 1), apart, tau + first, upper + first * (stride + 1),
            stride};
  }
};

/// The square part of V, row j of the result being column j.
template <class T>
void square_of(const Reflections<T>& r, T* to) {
  for (int64_t j = 0; j < r.n; ++j, to += r.n) {
    std::fill_n(to, j, T(0));
    to[j] = 1;
    std::copy(r.v + j * r.apart + j + 1, r.v + j * r.apart + r.n, to + j + 1);
  }
}

/// The reflections applied to `count` columns of m numbers, `apart` from each other, from the first one on or
/// from the last one.
template <class T>
void reflect(const Reflections<T>& r, bool last_first, T* columns, int64_t count, int64_t apart) {
  const int64_t n = r.n, below = r.m - n;
  const Scratch<T> memory(n * n + 2 * count * n);
  T *const square = memory.get(), *const w = square + n * n, *const tw = w + count * n;
  square_of(r, square);
  gemm<T>(false, true, count, n, n, 1, columns, apart, square, n, 0, w, n);
  gemm<T>(false, true, count, n, below, 1, columns + n, apart, r.v + n, r.apart, 1, w, n);
  gemm<T>(false, last_first, count, n, n, 1, w, n, r.upper, r.stride, 0, tw, n);
  gemm<T>(false, false, count, n, n, -1, tw, n, square, n, 1, columns, apart);
  gemm<T>(false, false, count, below, n, -1, tw, n, r.v + n, r.apart, 1, columns + n, apart);
}

constexpr int64_t few_reflections = 8;
constexpr int64_t half_of(int64_t n) {
  return (n / 2 + few_reflections - 1) / few_reflections * few_reflections;
}

/// The reflections that leave the upper triangle of v, m x n with m >= n, and their T; T alone where V is
/// known.
template <class T>
void find_reflections(const Reflections<T>& r, bool known) {
  if (r.n <= few_reflections) {
    for (int64_t j = 0; j < r.n; ++j) {
      T* const x = r.v + j * (r.apart + 1);
      if (!known) r.tau[j] = reflection(r.m - j, x);
      const T kept = x[0], tau = r.tau[j];
      x[0] = 1;
      T products[few_reflections];
      gemv<T>(false, j, r.m - j, 1, r.v + j, r.apart, x, 1, 0, products, 1);
      for (int64_t i = 0; i < r.n; ++i) r.upper[i * r.stride + j] = i == j ? tau : T(0);
      for (int64_t i = 0; i < j; ++i)
        for (int64_t k = i; k < j; ++k)
          r.upper[i * r.stride + j] -= tau * r.upper[i * r.stride + k] * products[k];
      if (const int64_t right = r.n - j - 1; !known && right > 0) {
        gemv<T>(false, right, r.m - j, 1, x + r.apart, r.apart, x, 1, 0, products, 1);
        gemm<T>(false, false, right, r.m - j, 1, -tau, products, 1, x, r.m, 1, x + r.apart, r.apart);
      }
      x[0] = kept;
    }
    return;
  }
  const int64_t n = half_of(r.n), right = r.n - n, below = r.m - r.n;
  const Reflections<T> first = r.part(0, n), second = r.part(n, right);
  find_reflections(first, known);
  if (!known) reflect(first, false, r.v + n * r.apart, right, r.apart);
  find_reflections(second, known);
  const Scratch<T> memory(right * right + 2 * n * right);
  T *const square = memory.get(), *const products = square + right * right,
           *const half = products + n * right;
  square_of(second, square);
  gemm<T>(false, true, n, right, right, 1, r.v + n, r.apart, square, right, 0, products, right);
  gemm<T>(false, true, n, right, below, 1, r.v + r.n, r.apart, second.v + right, r.apart, 1, products, right);
  gemm<T>(false, false, n, right, n, -1, first.upper, r.stride, products, right, 0, half, right);
  gemm<T>(false, false, n, right, right, 1, half, right, second.upper, r.stride, 0, r.upper + n, r.stride);
  for (int64_t i = n; i < r.n; ++i) std::fill_n(r.upper + i * r.stride, n, T(0));
}

constexpr int64_t small_matrix = 128;  // numbers for which calls would take longer than the work

/// One reflection of vectors of m numbers applied to columns, for small matrices.
template <class T>
void reflect_few(int64_t m, const T* v, T tau, T* columns, int64_t count, int64_t apart) {
  for (const T* const end = columns + count * apart; columns != end; columns += apart) {
    T product = columns[0];
    for (int64_t i = 1; i < m; ++i) product += v[i] * columns[i];
    product *= tau;
    columns[0] -= product;
    for (int64_t i = 1; i < m; ++i) columns[i] -= product * v[i];
  }
}

/// The m x n matrix a, column by column, by R and min(m, n) reflections with their factors; `beside` more
/// columns by Q^T times these.
template <class T>
void qr_by_halves(int64_t m, int64_t n, T* a, T* tau, int64_t beside = 0) {
  if (m * (n + beside) <= small_matrix) {
    for (int64_t j = 0; j < std::min(m, n); ++j, a += m + 1) {
      tau[j] = reflection(m - j, a);
      reflect_few(m - j, a, tau[j], a + m, n + beside - j - 1, m);
    }
    return;
  }
  const Scratch<T> upper(std::min(m, n) * std::min(m, n));
  for (int64_t rest = m, width = n; rest > 0 && width > 0;) {
    const int64_t k = std::min(rest, width), some = k > few_reflections ? half_of(k) : k;
    const Reflections<T> r{rest, some, a, m, tau, upper.get(), some};
    find_reflections(r, false);
    width -= some;
    if (width + beside > 0) reflect(r, false, a + some * m, width + beside, m);
    a += some * (m + 1);
    tau += some;
    rest -= some;
  }
}

/// The first n columns of Q in place of V of r.n <= n reflections.
template <class T>
void q_by_halves(const Reflections<T>& r, int64_t n) {
  const int64_t k = r.n > few_reflections ? half_of(r.n) : r.n, right = n - k;
  const auto column = [&](int64_t j) { return r.v + j * r.apart; };
  if (k == 0) {
    for (int64_t j = 0; j < n; ++j) {
      std::fill_n(column(j), r.m, T(0));
      column(j)[j] = 1;
    }
    return;
  }
  const Reflections<T> first = r.part(0, k);
  find_reflections(first, true);
  if (right > 0) {
    q_by_halves(r.part(k, r.n - k), right);
    for (int64_t j = k; j < n; ++j) std::fill_n(column(j), k, T(0));
    reflect(first, true, column(k), right, r.apart);
  }
  const Scratch<T> memory(2 * k * k + (r.m - k) * k);
  T *const square = memory.get(), *const y = square + k * k, *const below = y + k * k;
  square_of(first, square);
  for (int64_t j = 0; j < k; ++j) {
    std::copy_n(column(j) + k, r.m - k, below + j * (r.m - k));
    std::fill_n(column(j), k, T(0));
    column(j)[j] = 1;
  }
  gemm<T>(true, true, k, k, k, 1, square, k, first.upper, first.stride, 0, y, k);
  gemm<T>(false, false, k, k, k, -1, y, k, square, k, 1, r.v, r.apart);
  gemm<T>(false, false, k, r.m - k, k, -1, y, k, below, r.m - k, 0, r.v + k, r.apart);
}
template <class T>
void q_by_halves(int64_t m, int64_t n, int64_t k, T* a, const T* factors) {
  if (m * n <= small_matrix) {
    for (int64_t j = n; j-- > 0;) {
      T *const column = a + j * m, *const x = column + j, tau = j < k ? factors[j] : T(0);
      if (j < k) reflect_few(m - j, x, tau, x + m, n - j - 1, m);
      std::fill_n(column, j, T(0));
      for (int64_t i = 1; i < m - j; ++i) x[i] = j < k ? -tau * x[i] : T(0);
      x[0] = 1 - tau;
    }
    return;
  }
  const Scratch<T> memory(k * (k + 1));
  T* const tau = memory.get();
  std::copy_n(factors, k, tau);
  q_by_halves<T>({m, k, a, m, tau, tau + k, k}, n);
}

/// The reflections whose vectors stand below the diagonal of the n x n matrix a, each 1 just below it,
/// applied to the n columns z, from the last one on.
template <class T>
void reflect_below_diagonal(int64_t n, T* a, T* tau, T* z) {
  constexpr int64_t block = 64;
  const Scratch<T> upper(block * block);
  for (int64_t first = (n - 2) / block * block; first >= 0; first -= block) {
    const int64_t rest = n - 1 - first, count = std::min(block, rest);
    const Reflections<T> r{rest, count, a + first * (n + 1) + 1, n, tau + first, upper.get(), block};
    find_reflections(r, true);
    reflect(r, true, z + first + 1, n, n);
  }
}

}  // namespace xgrad::kernels::lapack
