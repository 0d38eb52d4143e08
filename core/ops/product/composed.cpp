// Products that are compositions of those in products.cpp, and the cross product.
#include <xgrad/core/kernels/rare/cross.h>
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using ops::at;

// beta self + alpha product; a beta of 0 drops self.
Tensor combined(const char* op, const Tensor& self, const Tensor& product, const Scalar& beta,
                const Scalar& alpha) {
  XGRAD_CHECK(IntArrayRef(broadcast_sizes(op, self.sizes(), product.sizes())) == product.sizes(), op,
              ": self of shape ", self.sizes(), " does not broadcast to the product of shape ",
              product.sizes());
  // What integers are multiplied with loses its fraction.
  const auto fitting = [&](const Scalar& by) {
    return product.is_floating_point() ? by : Scalar(by.to<int64_t>());
  };
  const Scalar of_self = fitting(beta), of_product = fitting(alpha);
  if (of_self.equal(0) && !self.requires_grad()) return product * of_product;
  if (of_self.equal(0)) return add(self.masked_fill(full({}, true), 0), product, of_product);
  return add(of_self.equal(1) ? self : self * of_self, product, of_product);
}

void need_vectors(const char* op, const Tensor& a, const Tensor& b) {
  XGRAD_CHECK(a.dim() == 1 && b.dim() == 1, op, ": two vectors expected: got ", a.sizes(), " and ",
              b.sizes());
}

void same_dtype_as_product(const char* op, const Tensor& self, const Tensor& factor) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == factor.dtype(), op,
                 ": expected all arguments to have the same dtype: self is ", self.dtype(),
                 ", what is multiplied is ", factor.dtype(), "; convert one with to(...)");
}

struct Cross : Kernel<2> {
  static constexpr OpName name{"linalg.cross", "LinalgCrossBackward"};
  int64_t dim;
  Tensor forward(const Tensor& a, const Tensor& b) const {
    Tensor out = new_tensor(a.dtype(), a.sizes());
    kernels::cross(array_view(out), array_view(a), array_view(b), dim);
    return out;
  }
  Tensor backward_0(const Tensor& g, const Tensor& b) const { return linalg::cross(b, g, dim); }
  using saved_0 = Saved<In<1>>;
  Tensor backward_1(const Tensor& g, const Tensor& a) const { return linalg::cross(g, a, dim); }
  using saved_1 = Saved<In<0>>;
  Tensor tangent_0(const Tensor& t, const Tensor& b) const { return linalg::cross(t, b, dim); }
  Tensor tangent_1(const Tensor& t, const Tensor& a) const { return linalg::cross(a, t, dim); }
};

Tensor cross_along(const char* op, const Tensor& a, const Tensor& b, int64_t dim) {
  XGRAD_CHECK(a.dim() == b.dim(), op, ": inputs must have the same number of dimensions: self is ", a.sizes(),
              ", other is ", b.sizes());
  const int64_t d = wrap_dim(op, dim, a.dim());
  XGRAD_CHECK(a.size(d) == 3 && b.size(d) == 3, op, ": inputs dimension ", dim,
              " must have length 3: self is ", a.sizes(), ", other is ", b.sizes(), " (", a.size(d), " and ",
              b.size(d), ")");
  const DimVector sizes = broadcast_sizes(op, a.sizes(), b.sizes());
  const ScalarType dtype = promote_types(a.dtype(), b.dtype());
  return differentiable(Cross{{}, d}, a.to(dtype).expand(sizes), b.to(dtype).expand(sizes));
}

// The dimensions of `t` with those in `dims` last, or first, in that order.
DimVector contracted(const Tensor& t, IntArrayRef dims, bool last) {
  DimVector order(last ? IntArrayRef() : dims);
  for (int64_t d = 0; d < t.dim(); ++d)
    if (std::find(dims.begin(), dims.end(), d) == dims.end()) order.push_back(d);
  if (last)
    for (int64_t d : dims) order.push_back(d);
  return order;
}

DimVector wrapped(const Tensor& t, IntArrayRef dims) {
  DimVector result;
  for (int64_t d : dims) {
    const int64_t w = wrap_dim("tensordot", d, t.dim());
    XGRAD_CHECK(std::find(result.begin(), result.end(), w) == result.end(), "tensordot: dim ", d,
                " appears twice in ", dims);
    result.push_back(w);
  }
  return result;
}

}  // namespace

Tensor addmv(const Tensor& self, const Tensor& mat, const Tensor& vec, const Scalar& beta,
             const Scalar& alpha) {
  same_dtype_as_product("addmv", self, mat);
  return combined("addmv", self, mv(mat, vec), beta, alpha);
}

Tensor addr(const Tensor& self, const Tensor& vec1, const Tensor& vec2, const Scalar& beta,
            const Scalar& alpha) {
  need_vectors("addr", vec1, vec2);
  const ScalarType dtype = promote_types(self.dtype(), promote_types(vec1.dtype(), vec2.dtype()));
  XGRAD_CHECK(is_floating_type(dtype) || (!beta.isFloatingPoint() && !alpha.isFloatingPoint()),
              "addr: beta and alpha must be integers for tensors of integers");
  const Tensor a = self.to(dtype), column = vec1.to(dtype).unsqueeze(1), row = vec2.to(dtype);
  // One pass, where the result has the product's shape and no number is cut to an integer.
  if (is_floating_type(dtype) && a.sizes() == IntArrayRef({vec1.size(0), vec2.size(0)}) && !beta.equal(0))
    return beta.equal(1) ? addcmul(a, column, row, alpha) : (a * beta).addcmul_(column, row, alpha);
  return combined("addr", a, column * row, beta, alpha);
}

Tensor baddbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
               const Scalar& alpha) {
  same_dtype_as_product("baddbmm", self, batch1);
  return combined("baddbmm", self, bmm(batch1, batch2), beta, alpha);
}

Tensor addbmm(const Tensor& self, const Tensor& batch1, const Tensor& batch2, const Scalar& beta,
              const Scalar& alpha) {
  XGRAD_CHECK(batch1.dim() == 3 && batch2.dim() == 3 && batch1.size(0) == batch2.size(0) &&
                  batch1.size(2) == batch2.size(1),
              "addbmm: batches of matrices to be multiplied expected: batch1 is ", batch1.sizes(),
              ", batch2 is ", batch2.sizes());
  // The sum over the batch is part of one product.
  const int64_t inner = batch1.size(0) * batch1.size(2);
  return addmm(self, batch1.transpose(0, 1).reshape({batch1.size(1), inner}),
               batch2.reshape({inner, batch2.size(2)}), beta, alpha);
}

Tensor outer(const Tensor& self, const Tensor& vec2) {
  need_vectors("outer", self, vec2);
  return self.unsqueeze(1) * vec2;
}
Tensor ger(const Tensor& self, const Tensor& vec2) { return outer(self, vec2); }

Tensor inner(const Tensor& self, const Tensor& other) {
  if (self.dim() == 0 || other.dim() == 0) return self * other;
  XGRAD_CHECK(self.size(-1) == other.size(-1), "inner: the last sizes differ: self is ", self.sizes(),
              ", other is ", other.sizes(), " (", self.size(-1), " vs ", other.size(-1), ")");
  return tensordot(self, other, -1, -1);
}

Tensor vdot(const Tensor& self, const Tensor& other) { return dot(self, other); }

Tensor kron(const Tensor& self, const Tensor& other) {
  const int64_t n = std::max(self.dim(), other.dim());
  DimVector a, b, sizes;
  for (int64_t d = 0; d < n; ++d) {
    const int64_t of_self = d - n + self.dim(), of_other = d - n + other.dim();
    a.push_back(of_self < 0 ? 1 : self.sizes()[at(of_self)]);
    a.push_back(1);
    b.push_back(1);
    b.push_back(of_other < 0 ? 1 : other.sizes()[at(of_other)]);
    sizes.push_back(a[at(2 * d)] * b[at(2 * d + 1)]);
  }
  Tensor x = self.reshape(a), y = other.reshape(b);
  // Rows of few elements are slow: both are repeated to rows of all columns, unless that is most of the
  // result.
  if (numel_of(sizes) >= 4096 && y.size(-1) < 64 &&
      std::min(self.numel() / x.size(-2), other.numel() / y.size(-1)) >= 4) {
    const int64_t columns = 2 * n;
    a[at(columns - 1)] = y.size(-1);
    b[at(columns - 2)] = x.size(-2);
    x = x.expand(a).contiguous();
    y = y.expand(b).contiguous();
  }
  return (x * y).reshape(sizes);
}

Tensor cross(const Tensor& self, const Tensor& other, optional<int64_t> dim) {
  if (dim) return cross_along("cross", self, other, *dim);
  const auto three = std::find(self.sizes().begin(), self.sizes().end(), 3);
  XGRAD_CHECK(three != self.sizes().end(), "cross: no dimension of size 3: self is ", self.sizes());
  return cross_along("cross", self, other, three - self.sizes().begin());
}
Tensor linalg::cross(const Tensor& self, const Tensor& other, int64_t dim) {
  return cross_along("linalg.cross", self, other, dim);
}

Tensor tensordot(const Tensor& self, const Tensor& other, IntArrayRef dims_self, IntArrayRef dims_other) {
  XGRAD_CHECK(dims_self.size() == dims_other.size(),
              "tensordot: as many dimensions of self as of other must be given: got ", dims_self, " and ",
              dims_other);
  const DimVector of_self = wrapped(self, dims_self), of_other = wrapped(other, dims_other);
  Tensor a = self, b = other;
  int64_t inner = 1;
  for (std::size_t i = 0; i < of_self.size(); ++i) {
    const int64_t x = of_self[i], y = of_other[i];
    if (a.size(x) == 1) b = b.sum(y, true, b.dtype());
    if (b.size(y) == 1) a = a.sum(x, true, a.dtype());
    XGRAD_CHECK(a.size(x) == b.size(y), "tensordot: contracted sizes differ: self is ", self.sizes(),
                ", other is ", other.sizes(), " (dims ", x, " and ", y, ": ", a.size(x), " vs ", b.size(y),
                ")");
    inner *= a.size(x);
  }
  const Tensor x = a.permute(contracted(a, of_self, true)), y = b.permute(contracted(b, of_other, false));
  const std::size_t k = of_self.size();
  DimVector sizes(x.sizes().slice(0, x.sizes().size() - k));
  const int64_t rows = numel_of(sizes);
  const IntArrayRef rest = y.sizes().slice(k, y.sizes().size() - k);
  for (int64_t s : rest) sizes.push_back(s);
  return mm(x.reshape({rows, inner}), y.reshape({inner, numel_of(rest)})).reshape(sizes);
}

Tensor tensordot(const Tensor& self, const Tensor& other, int64_t dims) {
  XGRAD_CHECK(dims >= 0 && dims <= self.dim() && dims <= other.dim(), "tensordot: dims is ", dims,
              ": self is ", self.sizes(), ", other is ", other.sizes());
  DimVector a, b;
  for (int64_t d = 0; d < dims; ++d) {
    a.push_back(self.dim() - dims + d);
    b.push_back(d);
  }
  return tensordot(self, other, a, b);
}

}  // namespace xgrad
