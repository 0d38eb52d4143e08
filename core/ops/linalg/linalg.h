// Linear algebra: decompositions, solvers, and norms of matrices, of float32 and float64. The last two
// dimensions are the matrix, those before them a batch. LAPACK does the work: it is loaded at the first call,
// and a call without it is an Error that says so. Results that are matrices have their columns side by side
// in memory, as PyTorch's have.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// A decomposition that is not possible: of a singular matrix, of one that is not positive-definite.
class LinAlgError : public Error {
 public:
  using Error::Error;
};

namespace linalg {

/// The determinant, [..., n, n] to [...], by LU decomposition. Its derivative is the matrix of cofactors,
/// also where it is 0.
XGRAD_API Tensor det(const Tensor& A);
/// The sign of the determinant and the logarithm of its absolute value; 0 and -inf of a singular matrix.
XGRAD_API std::tuple<Tensor, Tensor> slogdet(const Tensor& A);
/// The inverse; a singular matrix is an Error.
XGRAD_API Tensor inv(const Tensor& A);
/// The inverse, and for each matrix 0, or where it is singular the first k with U[k, k] = 0, counted from 1:
/// then the inverse is inf, or an Error with `check_errors`.
XGRAD_API std::tuple<Tensor, Tensor> inv_ex(const Tensor& A, bool check_errors = false);
/// A = P L U, of [..., m, n], with k = min(m, n): L, [..., m, k], and U, [..., k, n], in one matrix without
/// the ones on L's diagonal, and k int32 pivots: with which row, counted from 1, each was exchanged in turn.
/// A singular A is an Error; with `lu_factor_ex` that is so only with `check_errors`, and the third result
/// says of each matrix what that of `inv_ex` says. `pivot` must be true.
XGRAD_API std::tuple<Tensor, Tensor> lu_factor(const Tensor& A, bool pivot = true);
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lu_factor_ex(const Tensor& A, bool pivot = true,
                                                          bool check_errors = false);
/// P, L and U.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lu(const Tensor& A, bool pivot = true);
/// X with A X = B, or A^T X = B where A is to be `adjoint`, or X A = B where `left` is false, from
/// lu_factor(A).
XGRAD_API Tensor lu_solve(const Tensor& LU, const Tensor& pivots, const Tensor& B, bool left = true,
                          bool adjoint = false);
/// X with A X = B, or X A = B where `left` is false. B is [..., n, k], or [..., n] with exactly A's batch;
/// batches broadcast. A singular A is an Error.
XGRAD_API Tensor solve(const Tensor& A, const Tensor& B, bool left = true);
/// The same for a triangular A, of which the other triangle is not read; nor is the diagonal where it is
/// `unitriangular`: it counts as ones. There is no error: a 0 on the diagonal divides.
XGRAD_API Tensor solve_triangular(const Tensor& A, const Tensor& B, bool upper, bool left = true,
                                  bool unitriangular = false);
/// L with A = L L^T, or with `upper` L^T, of a symmetric positive-definite matrix. Only the triangle of the
/// result's kind is read; the gradient is symmetric.
XGRAD_API Tensor cholesky(const Tensor& A, bool upper = false);
/// The same, and for each matrix 0, or the order of the first leading minor that is not positive: then L is
/// of no use, or an Error with `check_errors`.
XGRAD_API std::tuple<Tensor, Tensor> cholesky_ex(const Tensor& A, bool upper = false,
                                                 bool check_errors = false);
/// P^T A P = L D L^T of a symmetric A, [..., n, n], of which the lower triangle is read (Bunch and Kaufman):
/// the unit triangle L and D, which has blocks of 1 and of 2, in one lower triangle, and n int32 pivots as
/// LAPACK's sytrf writes them. An exact 0 in D is an Error; with `ldl_factor_ex` that is so only with
/// `check_errors`, and the third result says of each matrix where. `hermitian` is the same for real
/// matrices. The factors have no derivative; A must not require a gradient.
XGRAD_API std::tuple<Tensor, Tensor> ldl_factor(const Tensor& A, bool hermitian = false);
XGRAD_API std::tuple<Tensor, Tensor, Tensor> ldl_factor_ex(const Tensor& A, bool hermitian = false,
                                                           bool check_errors = false);
/// X with A X = B, [..., n, k], from ldl_factor(A); batches broadcast. Its gradient reaches B.
XGRAD_API Tensor ldl_solve(const Tensor& LD, const Tensor& pivots, const Tensor& B, bool hermitian = false);
/// The first n columns of H_1 ... H_k with H_i = I - tau_i v_i v_i^T: v_i is 0 above i, 1 at i, and below it
/// what stands there in column i of A, [..., m, n] with m >= n >= k. `geqrf` makes these.
XGRAD_API Tensor householder_product(const Tensor& A, const Tensor& tau);
/// A = Q R with orthonormal columns in Q and an upper triangle R. Of [..., m, n], with k = min(m, n):
/// "reduced" gives [..., m, k] and [..., k, n], "complete" [..., m, m] and [..., m, n], "r" an empty Q and
/// the reduced R.
XGRAD_API std::tuple<Tensor, Tensor> qr(const Tensor& A, std::string_view mode = "reduced");
/// Eigenvalues of a symmetric matrix, growing, and its orthonormal eigenvectors as columns. Only the triangle
/// that UPLO names, "L" or "U", is read. Gradients through the vectors need different eigenvalues.
XGRAD_API std::tuple<Tensor, Tensor> eigh(const Tensor& A, std::string_view UPLO = "L");
XGRAD_API Tensor eigvalsh(const Tensor& A, std::string_view UPLO = "L");
/// U, S and V^T with A = U diag(S) V^T, S falling; with k = min(m, n) of A's [..., m, n] U is [..., m, k] and
/// V^T
/// [..., k, n], or [..., m, m] and [..., n, n] with `full_matrices`. Gradients through U and V need different
/// singular values.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& A, bool full_matrices = true,
                                                 optional<std::string_view> driver = nullopt);
XGRAD_API Tensor svdvals(const Tensor& A, optional<std::string_view> driver = nullopt);
/// X that makes the 2-norm of A X - B least, and of those the least X; then the squares of these norms where
/// A has more rows than columns and full rank, the rank, and A's singular values, each empty where the driver
/// does not find it. The driver is LAPACK's: "gelsy" (the default) takes any A, "gels" one of full rank,
/// "gelsd" and "gelss" work by singular values. Those below `rcond` times the largest count as 0; it is the
/// dtype's precision times max(m, n) unless given. Only the solution has a derivative.
XGRAD_API std::tuple<Tensor, Tensor, Tensor, Tensor> lstsq(const Tensor& A, const Tensor& B,
                                                           optional<double> rcond = nullopt,
                                                           optional<std::string_view> driver = nullopt);
/// Moore and Penrose's inverse: singular values up to max(atol, rtol * largest) count as 0. rtol is the
/// dtype's precision times max(m, n) unless one of both is given; `hermitian` says that A is symmetric.
XGRAD_API Tensor pinv(const Tensor& A, optional<double> atol = nullopt, optional<double> rtol = nullopt,
                      bool hermitian = false);
XGRAD_API Tensor pinv(const Tensor& A, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                      bool hermitian = false);
XGRAD_API Tensor pinv(const Tensor& A, double rcond, bool hermitian = false);
XGRAD_API Tensor pinv(const Tensor& A, const Tensor& rcond, bool hermitian = false);
/// How many singular values are above that tolerance, in int64; `tol` is an atol with an rtol of 0.
XGRAD_API Tensor matrix_rank(const Tensor& A, optional<double> atol = nullopt,
                             optional<double> rtol = nullopt, bool hermitian = false);
XGRAD_API Tensor matrix_rank(const Tensor& A, const optional<Tensor>& atol, const optional<Tensor>& rtol,
                             bool hermitian = false);
XGRAD_API Tensor matrix_rank(const Tensor& A, double tol, bool hermitian = false);
XGRAD_API Tensor matrix_rank(const Tensor& A, const Tensor& tol, bool hermitian = false);

/// A to the n-th power by squaring; of its inverse where n is negative.
XGRAD_API Tensor matrix_power(const Tensor& A, int64_t n);
/// I + A + A^2 / 2 + A^3 / 6 + ...
XGRAD_API Tensor matrix_exp(const Tensor& A);
/// How much an error in B may grow in solve(A, B): |A| |A^-1| with a `matrix_norm`, by default 2; inf of a
/// singular matrix.
XGRAD_API Tensor cond(const Tensor& A, const optional<Scalar>& p = nullopt);
XGRAD_API Tensor cond(const Tensor& A, std::string_view p);
/// sum(x y) over a dimension.
XGRAD_API Tensor vecdot(const Tensor& x, const Tensor& y, int64_t dim = -1);
/// The inverse of `tensordot` with A, whose first `ind` dimensions are the rows of a square matrix.
XGRAD_API Tensor tensorinv(const Tensor& A, int64_t ind = 2);
/// X with tensordot(A, X, X.dim()) = B, after the dimensions `dims` of A were moved to its end.
XGRAD_API Tensor tensorsolve(const Tensor& A, const Tensor& B, OptionalIntArrayRef dims = nullopt);
/// The product of two or more matrices in the order that takes the fewest multiplications. The first and the
/// last may be vectors.
XGRAD_API Tensor multi_dot(TensorList tensors);
/// Rows of powers x^0 ... x^(N - 1) of the elements, [..., n, N]; N is n where it is not given.
XGRAD_API Tensor vander(const Tensor& x, optional<int64_t> N = nullopt);

/// A norm of matrices, which lie in two dimensions: "fro" is the 2-norm of the elements, "nuc" the sum of the
/// singular values; 2 and -2 are the largest and the smallest of these, 1 and -1 the largest and smallest sum
/// of a column's absolute values, inf and -inf of a row's.
XGRAD_API Tensor matrix_norm(const Tensor& A, const Scalar& ord, IntArrayRef dim = {-2, -1},
                             bool keepdim = false, optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor matrix_norm(const Tensor& A, std::string_view ord = "fro", IntArrayRef dim = {-2, -1},
                             bool keepdim = false, optional<ScalarType> dtype = nullopt);
/// `vector_norm` over one dimension, or of all elements without `ord`; `matrix_norm` over two.
XGRAD_API Tensor norm(const Tensor& A, const optional<Scalar>& ord = nullopt,
                      OptionalIntArrayRef dim = nullopt, bool keepdim = false,
                      optional<ScalarType> dtype = nullopt);
XGRAD_API Tensor norm(const Tensor& A, std::string_view ord, OptionalIntArrayRef dim = nullopt,
                      bool keepdim = false, optional<ScalarType> dtype = nullopt);

}  // namespace linalg

// The same under the names they had before `linalg`.
XGRAD_API Tensor det(const Tensor& self);
XGRAD_API std::tuple<Tensor, Tensor> slogdet(const Tensor& self);
/// The logarithm of the determinant; NaN where that is negative.
XGRAD_API Tensor logdet(const Tensor& self);
XGRAD_API Tensor inverse(const Tensor& self);
XGRAD_API Tensor pinverse(const Tensor& self, double rcond = 1e-15);
XGRAD_API Tensor cholesky(const Tensor& self, bool upper = false);
/// Reduced, or complete where `some` is false.
XGRAD_API std::tuple<Tensor, Tensor> qr(const Tensor& self, bool some = true);
/// U, S and V (not V^T) with self = U diag(S) V^T; zeros for U and V without `compute_uv`.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> svd(const Tensor& self, bool some = true,
                                                 bool compute_uv = true);
/// X with A X = self, or A^T X = self where A is to be transposed, and a copy of A.
XGRAD_API std::tuple<Tensor, Tensor> triangular_solve(const Tensor& self, const Tensor& A, bool upper = true,
                                                      bool transpose = false, bool unitriangular = false);
/// Powers and the exponential function of a matrix.
XGRAD_API Tensor matrix_power(const Tensor& self, int64_t n);
XGRAD_API Tensor matrix_exp(const Tensor& self);
/// P, L and U of `linalg::lu_factor`; those not wanted are empty.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lu_unpack(const Tensor& LU_data, const Tensor& LU_pivots,
                                                       bool unpack_data = true, bool unpack_pivots = true);
/// X with A X = self, from the factors of A.
XGRAD_API Tensor lu_solve(const Tensor& self, const Tensor& LU_data, const Tensor& LU_pivots);
/// X with L L^T X = self, or U^T U X = self.
XGRAD_API Tensor cholesky_solve(const Tensor& self, const Tensor& L, bool upper = false);
/// The inverse of L L^T, or of U^T U.
XGRAD_API Tensor cholesky_inverse(const Tensor& self, bool upper = false);
/// R with the vectors of `householder_product` below its diagonal, and tau. It has no derivative.
XGRAD_API std::tuple<Tensor, Tensor> geqrf(const Tensor& self);
/// `linalg::householder_product`.
XGRAD_API Tensor orgqr(const Tensor& self, const Tensor& tau);
/// Q other, or other Q where `left` is false, with the whole m x m Q = H_1 ... H_k, or its transpose.
XGRAD_API Tensor ormqr(const Tensor& self, const Tensor& tau, const Tensor& other, bool left = true,
                       bool transpose = false);
XGRAD_API Tensor chain_matmul(TensorList matrices);
/// Of a vector; the highest powers come first unless they are to increase.
XGRAD_API Tensor vander(const Tensor& x, optional<int64_t> N = nullopt, bool increasing = false);

}  // namespace xgrad
