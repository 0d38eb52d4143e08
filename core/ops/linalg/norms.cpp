// Norms of matrices, powers, and products of many: compositions.
#include <cmath>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/linalg/matrices.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/scan.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using namespace ops;

// Two dimensions as matrix norms take them.
struct MatrixDims {
  int64_t rows, columns;
  MatrixDims(const Tensor& a, IntArrayRef dim) {
    constexpr const char* op = "linalg.matrix_norm";
    XGRAD_CHECK_AS(TypeError, a.is_floating_point(), op, ": only for floating-point dtypes: A is ",
                   a.dtype());
    XGRAD_CHECK(a.dim() >= 2, op, ": A must have at least 2 dimensions: A is ", a.sizes());
    XGRAD_CHECK(dim.size() == 2, op, ": dim must be two dimensions: got ", dim);
    rows = wrap_dim(op, dim[0], a.dim());
    columns = wrap_dim(op, dim[1], a.dim());
    XGRAD_CHECK(rows != columns, op, ": dims must be different: got ", dim);
  }
};

// A norm with both dimensions kept as 1.
Tensor dropped(const Tensor& kept, const MatrixDims& d, bool keepdim) {
  return keepdim ? kept : kept.squeeze(std::max(d.rows, d.columns)).squeeze(std::min(d.rows, d.columns));
}

Tensor extreme(const Tensor& values, int64_t dim, bool largest) {
  // Nothing is as large as 0.
  if (largest && values.size(dim) == 0) return values.sum(dim, true);
  return largest ? amax(values, dim, true) : amin(values, dim, true);
}

// Singular values in the place of the rows, 1 in that of the columns.
Tensor values_in_place(const Tensor& a, const MatrixDims& d) {
  return linalg::svdvals(a.movedim({d.rows, d.columns}, {-2, -1}))
      .unsqueeze(-1)
      .movedim({-2, -1}, {d.rows, d.columns});
}

Tensor ready(const Tensor& a, optional<ScalarType> dtype) { return dtype ? a.to(*dtype) : a; }

void check_norm_dims(const Tensor& A, OptionalIntArrayRef dim) {
  XGRAD_CHECK(dim.has_value() || A.dim() == 1 || A.dim() == 2,
              "linalg.norm: with ord and without dim, A must have one or two dimensions: A is ", A.sizes());
}

// The places at which a product of matrices is best cut, by dynamic programming over sizes[i] x sizes[i + 1].
std::vector<std::vector<std::size_t>> best_cuts(const std::vector<double>& sizes) {
  const std::size_t n = sizes.size() - 1;
  std::vector<std::vector<double>> cost(n, std::vector<double>(n, 0));
  std::vector<std::vector<std::size_t>> cuts(n, std::vector<std::size_t>(n, 0));
  for (std::size_t length = 1; length < n; ++length)
    for (std::size_t i = 0; i + length < n; ++i) {
      const std::size_t j = i + length;
      cost[i][j] = INFINITY;
      for (std::size_t k = i; k < j; ++k) {
        const double c = cost[i][k] + cost[k + 1][j] + sizes[i] * sizes[k + 1] * sizes[j + 1];
        if (c < cost[i][j]) {
          cost[i][j] = c;
          cuts[i][j] = k;
        }
      }
    }
  return cuts;
}

Tensor product_of(const std::vector<Tensor>& matrices, const std::vector<std::vector<std::size_t>>& cuts,
                  std::size_t i, std::size_t j) {
  if (i == j) return matrices[i];
  const std::size_t k = cuts[i][j];
  return mm(product_of(matrices, cuts, i, k), product_of(matrices, cuts, k + 1, j));
}

}  // namespace

Tensor linalg::matrix_norm(const Tensor& A, const Scalar& ord, IntArrayRef dim, bool keepdim,
                           optional<ScalarType> dtype) {
  const double p = ord.toDouble(), size = std::fabs(p);
  XGRAD_CHECK(size == 1 || size == 2 || std::isinf(p), "linalg.matrix_norm: Order ", p, " not supported");
  const Tensor a = ready(A, dtype);
  const MatrixDims d(a, dim);
  if (size == 2) return dropped(extreme(values_in_place(a, d), d.rows, p > 0), d, keepdim);
  const int64_t summed = size == 1 ? d.rows : d.columns, other = size == 1 ? d.columns : d.rows;
  return dropped(extreme(vector_norm(a, 1, summed, true), other, p > 0), d, keepdim);
}

Tensor linalg::matrix_norm(const Tensor& A, std::string_view ord, IntArrayRef dim, bool keepdim,
                           optional<ScalarType> dtype) {
  XGRAD_CHECK(ord == "fro" || ord == "nuc", "linalg.matrix_norm: Order ", ord, " not supported");
  const Tensor a = ready(A, dtype);
  const MatrixDims d(a, dim);
  if (ord == "fro") return vector_norm(a, 2, {d.rows, d.columns}, keepdim);
  return dropped(values_in_place(a, d).sum(d.rows, true), d, keepdim);
}

Tensor linalg::norm(const Tensor& A, const optional<Scalar>& ord, OptionalIntArrayRef dim, bool keepdim,
                    optional<ScalarType> dtype) {
  if (!ord) return vector_norm(A, 2, dim, keepdim, dtype);
  check_norm_dims(A, dim);
  const DimVector whole = A.dim() == 2 ? DimVector{0, 1} : DimVector{0};
  const IntArrayRef dims = dim.value_or(whole);
  XGRAD_CHECK(dims.size() == 1 || dims.size() == 2, "linalg.norm: dim must be one or two dimensions: got ",
              dims);
  return dims.size() == 1 ? vector_norm(A, *ord, dims, keepdim, dtype)
                          : matrix_norm(A, *ord, dims, keepdim, dtype);
}

Tensor linalg::norm(const Tensor& A, std::string_view ord, OptionalIntArrayRef dim, bool keepdim,
                    optional<ScalarType> dtype) {
  check_norm_dims(A, dim);
  return matrix_norm(A, ord, dim.value_or({0, 1}), keepdim, dtype);
}

Tensor linalg::matrix_power(const Tensor& A, int64_t n) {
  XGRAD_CHECK(A.dim() >= 2 && A.size(-1) == A.size(-2),
              "linalg.matrix_power: A must be batches of square matrices: A is ", A.sizes());
  // Its gradient is 0.
  if (n == 0) return A.masked_fill(full({}, true), 0) + eye(A.size(-1), A.options());
  Tensor square = n < 0 ? inv(A) : A, result;
  for (uint64_t rest = n < 0 ? -static_cast<uint64_t>(n) : static_cast<uint64_t>(n);;) {
    if (rest & 1) result = result.defined() ? matmul(result, square) : square;
    if ((rest >>= 1) == 0) break;
    square = matmul(square, square);
  }
  return result.is_same(A) ? A.clone() : result;
}
Tensor matrix_power(const Tensor& self, int64_t n) { return linalg::matrix_power(self, n); }

Tensor linalg::multi_dot(TensorList tensors) {
  const std::size_t n = tensors.size();
  XGRAD_CHECK(n >= 2, "linalg.multi_dot: expected at least two tensors: got ", static_cast<int64_t>(n));
  std::vector<Tensor> matrices(tensors.begin(), tensors.end());
  const bool row = matrices[0].dim() == 1, column = matrices[n - 1].dim() == 1;
  if (row) matrices[0] = matrices[0].unsqueeze(0);
  if (column) matrices[n - 1] = matrices[n - 1].unsqueeze(1);
  std::vector<double> sizes;
  for (std::size_t i = 0; i < n; ++i) {
    XGRAD_CHECK(matrices[i].dim() == 2,
                "linalg.multi_dot: matrices expected, and vectors at both ends: tensor ",
                static_cast<int64_t>(i), " is ", tensors[i].sizes());
    XGRAD_CHECK(i == 0 || matrices[i - 1].size(1) == matrices[i].size(0), "linalg.multi_dot: tensors ",
                static_cast<int64_t>(i) - 1, " and ", static_cast<int64_t>(i),
                " cannot be multiplied: they are ", tensors[i - 1].sizes(), " and ", tensors[i].sizes());
    sizes.push_back(static_cast<double>(matrices[i].size(0)));
  }
  sizes.push_back(static_cast<double>(matrices[n - 1].size(1)));
  Tensor result = product_of(matrices, best_cuts(sizes), 0, n - 1);
  if (column) result = result.squeeze(1);
  return row ? result.squeeze(0) : result;
}

namespace {

Tensor powers(const Tensor& x, int64_t n) {
  DimVector sizes(x.sizes());
  sizes.push_back(n - 1);
  return cumprod(cat({ones_like(x.detach()).unsqueeze(-1), x.unsqueeze(-1).expand(sizes)}, -1), -1);
}

}  // namespace

Tensor linalg::vander(const Tensor& x, optional<int64_t> N) {
  XGRAD_CHECK(x.dim() >= 1, "linalg.vander: x must have at least one dimension: x is ", x.sizes());
  const int64_t n = N.value_or(x.size(-1));
  XGRAD_CHECK(n > 1, "linalg.vander: N must be greater than 1: got ", n);
  return powers(x, n);
}

Tensor vander(const Tensor& x, optional<int64_t> N, bool increasing) {
  XGRAD_CHECK(x.dim() == 1, "vander: x must be a vector: x is ", x.sizes());
  const int64_t n = N.value_or(x.numel());
  XGRAD_CHECK(n >= 0, "vander: N must not be negative: got ", n);
  const Tensor rows = n == 0 ? x.unsqueeze(-1).narrow(-1, 0, 0) : powers(x, n);
  return increasing ? rows : rows.flip(-1);
}

Tensor chain_matmul(TensorList matrices) {
  XGRAD_CHECK(!matrices.empty(), "chain_matmul: expected one or more matrices");
  return matrices.size() == 1 ? matrices[0] : linalg::multi_dot(matrices);
}

}  // namespace xgrad
