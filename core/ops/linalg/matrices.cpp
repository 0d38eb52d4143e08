#include <xgrad/core/ops/linalg/matrices.h>

#include <xgrad/core/kernels/rare/triangle.h>
#include <xgrad/core/tensor/array_view.h>

namespace xgrad::ops {

DimVector with_sizes(IntArrayRef batch, std::initializer_list<int64_t> more) {
  DimVector sizes(batch);
  for (int64_t n : more) sizes.push_back(n);
  return sizes;
}

void check_matrices(const char* op, const Tensor& a) {
  XGRAD_CHECK(a.dim() >= 2, op, ": a matrix or a batch of matrices expected: A is ", a.sizes());
  XGRAD_CHECK_AS(TypeError, a.dtype() == kFloat || a.dtype() == kDouble, op,
                 ": only for float32 and float64: A is ", a.dtype(), "; convert it with to(...)");
}

void check_square(const char* op, const Tensor& a) {
  check_matrices(op, a);
  XGRAD_CHECK(a.size(-1) == a.size(-2), op, ": A must be batches of square matrices: A is ", a.sizes(), " (",
              a.size(-2), " by ", a.size(-1), ")");
}

void check_same_dtype(const char* op, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK_AS(TypeError, a.dtype() == b.dtype(), op, ": A and B must have the same dtype: A is ",
                 a.dtype(), ", B is ", b.dtype(), "; convert one with to(...)");
}

void fail_matrix(const char* op, const Tensor& a, const lapack::Outcome& outcome, const std::string& text) {
  fail<LinAlgError>(op, ": ", a.dim() > 2 ? concat("(Batch element ", outcome.matrix, "): ") : "", text);
}

Tensor new_columns(ScalarType dtype, IntArrayRef sizes) {
  Tensor t = new_tensor(dtype, sizes);
  DimVector strides(t.strides());
  const std::size_t rows = sizes.size() - 2, columns = rows + 1;
  strides[rows] = 1;
  strides[columns] = std::max<int64_t>(sizes[rows], 1);
  t.impl().set_geometry(t.impl().storage(), t.data_ptr(), dtype, sizes, strides);
  return t;
}

Tensor as_columns(const Tensor& a) {
  Tensor copy = new_columns(a.dtype(), a.sizes());
  copy.copy_(a);
  return copy;
}

void keep_triangle_of_columns(const Tensor& a, bool upper) {
  // What is row by row is the transpose.
  kernels::keep_triangle(array_view(a.mT()), 0, upper ? kernels::Triangle::lower : kernels::Triangle::upper);
}

bool is_vector_side(const Tensor& a, const Tensor& b) {
  return b.dim() == 1 || (a.dim() - 1 == b.dim() && b.sizes() == a.sizes().slice(0, a.sizes().size() - 1));
}

std::pair<Tensor, Tensor> broadcast_batches(const char* op, const Tensor& a, const Tensor& b) {
  const DimVector batch = broadcast_sizes(op, batch_sizes(a), batch_sizes(b));
  return {a.expand(with_sizes(batch, {a.size(-2), a.size(-1)})),
          b.expand(with_sizes(batch, {b.size(-2), b.size(-1)}))};
}

}  // namespace xgrad::ops
