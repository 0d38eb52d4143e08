// Triangles and diagonals. What is a view of a diagonal stands in views.cpp.
#include <xgrad/core/ops/shape/triangle.h>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/rare/triangle.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

using kernels::Triangle;

namespace {

template <Triangle which>
struct KeepTriangle : Kernel<1> {
  static constexpr OpName name =
      which == Triangle::lower ? OpName{"tril", "TrilBackward"} : OpName{"triu", "TriuBackward"};
  static constexpr bool linear = true;
  int64_t diagonal;
  Tensor forward(const Tensor& x) const {
    Tensor out = new_result(x.dtype(), x.sizes());
    if (!out.is_same(x)) kernels::copy(array_view(out), array_view(x));
    kernels::keep_triangle(array_view(out), diagonal, which);
    return out;
  }
  Tensor backward(const Tensor& g) const { return differentiable(*this, g); }
  using saved = Saved<>;
};

template <Triangle which>
Tensor triangle(const Tensor& self, int64_t diagonal) {
  using Op = KeepTriangle<which>;
  XGRAD_CHECK(self.dim() >= 2, Op::name.op, ": needs a matrix or a batch of matrices: self is ",
              self.sizes());
  return differentiable(Op{{}, diagonal}, self);
}

struct DiagEmbed : Kernel<1> {
  static constexpr OpName name{"diag_embed", "DiagEmbedBackward"};
  static constexpr bool linear = true;
  int64_t offset, dim1, dim2;
  DimVector sizes;
  Tensor forward(const Tensor& x) const {
    Tensor whole = zeros(sizes, x.options());
    whole.diagonal(offset, dim1, dim2).copy_(x);
    return whole;
  }
  Tensor backward(const Tensor& g) const { return g.diagonal(offset, dim1, dim2); }
  using saved = Saved<>;
};

Tensor indices(const char* op, int64_t row, int64_t col, int64_t offset, Triangle which,
               const TensorOptions& options) {
  XGRAD_CHECK(row >= 0 && col >= 0, op, ": sizes must not be negative: row is ", row, ", col is ", col);
  XGRAD_CHECK_AS(TypeError, options.dtype() == kLong || options.dtype() == kInt, op,
                 ": dtype must be int64 or int32: got ", options.dtype());
  checked_numel(op, {2, row, col});
  const int64_t n = kernels::triangle_size(row, col, offset, which);
  const Tensor pairs = new_tensor(kLong, {2, n});
  kernels::triangle_indices(array_view(pairs), row, col, offset, which);
  return with_grad(pairs.to(options.dtype()), options);
}

}  // namespace

Tensor tril(const Tensor& self, int64_t diagonal) { return triangle<Triangle::lower>(self, diagonal); }
Tensor triu(const Tensor& self, int64_t diagonal) { return triangle<Triangle::upper>(self, diagonal); }

Tensor tril_indices(int64_t row, int64_t col, int64_t offset, const TensorOptions& options) {
  return indices("tril_indices", row, col, offset, Triangle::lower, options);
}
Tensor triu_indices(int64_t row, int64_t col, int64_t offset, const TensorOptions& options) {
  return indices("triu_indices", row, col, offset, Triangle::upper, options);
}

Tensor diag_embed(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t a = wrap_dim("diag_embed", dim1, self.dim() + 1),
                b = wrap_dim("diag_embed", dim2, self.dim() + 1);
  XGRAD_CHECK(a != b, "diag_embed: dimensions cannot be identical: ", dim1, ", ", dim2);
  XGRAD_CHECK_AS(IndexError, self.dim() > 0,
                 "diag_embed: a tensor without dimensions has no last one; use diag");
  DimVector sizes(self.sizes());
  const int64_t length = sizes.back();
  XGRAD_CHECK(offset >= length - INT64_MAX && offset <= INT64_MAX - length,
              "diag_embed: offset is too large: ", offset);
  sizes.pop_back();
  for (const int64_t d : {std::min(a, b), std::max(a, b)})
    sizes.insert(static_cast<std::size_t>(d), length + (offset < 0 ? -offset : offset));
  return differentiable(DiagEmbed{{}, offset, a, b, std::move(sizes)}, self);
}

Tensor diag(const Tensor& self, int64_t diagonal) {
  XGRAD_CHECK(self.dim() == 1 || self.dim() == 2, "diag: needs a vector or a matrix: self is ", self.sizes());
  return self.dim() == 1 ? diag_embed(self, diagonal) : self.diagonal(diagonal).clone();
}

Tensor diagflat(const Tensor& self, int64_t offset) { return diag_embed(self.reshape(-1), offset); }

Tensor trace(const Tensor& self) {
  XGRAD_CHECK(self.dim() == 2, "trace: needs a matrix: self is ", self.sizes());
  XGRAD_CHECK_AS(TypeError, self.dtype() != kBool, "trace: self must not be bool; convert it with to(kLong)");
  return self.diagonal().sum();
}

Tensor& Tensor::fill_diagonal_(const Scalar& value, bool wrap) const {
  XGRAD_CHECK(dim() >= 2, "fill_diagonal_: needs a matrix, or more dimensions: self is ", sizes());
  if (dim() == 2) {
    const int64_t rows = size(0), square = size(1);
    for (int64_t row = 0; row < rows && (row == 0 || wrap); row += square + 1)
      slice(0, row, std::min(row + square, rows)).diagonal().fill_(value);
    return const_cast<Tensor&>(*this);
  }
  int64_t step = 0;
  for (int64_t d = 0; d < dim(); ++d) {
    XGRAD_CHECK(size(d) == size(0), "fill_diagonal_: all sizes must be equal: self is ", sizes());
    step += stride(d);
  }
  as_strided({size(0)}, {step}).fill_(value);
  return const_cast<Tensor&>(*this);
}

}  // namespace xgrad
