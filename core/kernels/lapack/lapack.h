// Decompositions and solvers of LAPACK over batches of matrices. A matrix has its columns one after the
// other, without gaps, and so have the matrices of a batch. T is float or double. LAPACK is loaded by the
// first call that needs it; without it, that is an Error which names `op`. Systems of very small matrices and
// QR do not need it.
#pragma once

#include <cstdint>

namespace xgrad::kernels::lapack {

/// The first matrix of the batch on which a routine failed (-1: none did), and what it reported as `info`.
struct Outcome {
  int64_t matrix = -1;
  int info = 0;
};

/// n x n matrices by their LU decompositions; parity is the sign, 1 or -1, of its exchanges of rows.
template <class T>
void lu(const char* op, int64_t batch, int64_t n, T* a, T* parity);
/// LU decompositions of m x n matrices, with min(m, n) pivots each, and what LAPACK reports of each. Here and
/// in the next two, A and B have their rows one after the other.
template <class T>
void lu_factor(const char* op, int64_t batch, int64_t m, int64_t n, const T* a, T* lu, int* pivots,
               int* info);
/// Inverses; inf in place of that of a singular matrix. What LAPACK reports of each goes to `info`.
template <class T>
Outcome inverse(const char* op, int64_t batch, int64_t n, const T* a, T* inverses, int* info);
/// X of A X = B, n x k.
template <class T>
Outcome solve(const char* op, int64_t batch, int64_t n, int64_t k, const T* a, const T* b, T* x);

struct Triangular {
  bool upper, unit;
};
/// X of X A = B in place of B, m x n.
template <class T>
void solve_triangular(const char* op, int64_t batch, int64_t m, int64_t n, Triangular how, const T* a, T* b);

/// The triangle of Cholesky's decomposition in place of that of A; the other one is lost. `info` as above.
template <class T>
Outcome cholesky(const char* op, int64_t batch, int64_t n, bool upper, T* a, int* info);

/// Symmetric matrices, of which the lower triangle is read, by L and D of Bunch and Kaufman in it, with n
/// pivots each, and what LAPACK reports of each; X of A X = B, n x k, from these in place of B.
template <class T>
void ldl_factor(const char* op, int64_t batch, int64_t n, T* a, int* pivots, int* info);
template <class T>
void ldl_solve(const char* op, int64_t batch, int64_t n, int64_t k, const T* ld, const int* pivots, T* b);

/// m x n matrices by R and the reflections, min(m, n) with their factors tau, that make up Q.
template <class T>
void qr(int64_t batch, int64_t m, int64_t n, T* a, T* tau);
/// The first `columns` columns of Q in place of the reflections, which are its first ones.
template <class T>
void q_of_reflections(int64_t batch, int64_t m, int64_t columns, int64_t reflections, T* a, const T* tau);

/// Eigenvalues w of symmetric matrices, of which the lower triangle counts, and eigenvectors in place of
/// them.
template <class T>
Outcome eigh(const char* op, int64_t batch, int64_t n, bool vectors, T* a, T* w);

enum class Vectors : char { all = 'A', some = 'S', none = 'N' };
/// Singular values s, and vectors u and vt. A is lost.
template <class T>
Outcome svd(const char* op, int64_t batch, int64_t m, int64_t n, Vectors vectors, T* a, T* s, T* u, T* vt);

enum class Lstsq { gels, gelsy, gelsd, gelss };
/// Least squares of A X = B: B, max(m, n) x k, holds m rows and gets n of the solution and behind these the
/// rests. A is lost. `rank` is not written by gels, the singular values s only by gelsd and gelss.
template <class T>
Outcome lstsq(const char* op, Lstsq driver, int64_t batch, int64_t m, int64_t n, int64_t k, T rcond, T* a,
              T* b, int64_t* rank, T* s);

}  // namespace xgrad::kernels::lapack
