// Distances: compositions of norms and products.
#include <xgrad/core/ops/product/distance.h>

#include <cmath>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

namespace {

// Distances by |a|^2 - 2 a b + |b|^2, one product of matrices.
struct EuclideanDistances : Kernel<2> {
  static constexpr OpName name{"cdist", "CdistBackward"};
  static Tensor forward(const Tensor& a, const Tensor& b) {
    const Tensor squares = sum(a * a, -1, true) + sum(b * b, -1, true).transpose(-2, -1);
    return add(squares, matmul(a, b.transpose(-2, -1)), -2).clamp_min(0).sqrt();
  }
  // An inf in place of 0 makes every derivative 0 where two points meet.
  static Tensor ratio(const Tensor& g, const Tensor& d) { return g / d.masked_fill(d == 0, INFINITY); }
  static Tensor gradient(const Tensor& r, const Tensor& a, const Tensor& b) {
    return a * sum(r, -1, true) - matmul(r, b);
  }
  static Tensor backward_0(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& d) {
    return gradient(ratio(g, d), a, b);
  }
  using saved_0 = Saved<In<0>, In<1>, Out>;
  static Tensor backward_1(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& d) {
    return gradient(ratio(g, d).transpose(-2, -1), b, a);
  }
  using saved_1 = Saved<In<0>, In<1>, Out>;
};

void check_distances(const char* op, const Tensor& x, double p) {
  XGRAD_CHECK_AS(TypeError, x.is_floating_point(), op, ": only for floating-point dtypes: got ", x.dtype());
  XGRAD_CHECK(p >= 0, op, ": p must not be negative: got ", p);
}

// Rows as columns, whose differences lie side by side: norms of short rows would be computed one by one.
Tensor columns(const Tensor& rows) { return rows.transpose(-2, -1).contiguous(); }

// The norms along `dim`. Those of p = 1 are vectorised as a sum.
Tensor lengths(const Tensor& difference, double p, int64_t dim) {
  if (p == 1) return sum(abs(difference), dim);
  return difference.size(dim) == 0 ? sum(difference, dim) : norm(difference, p, dim);
}

}  // namespace

Tensor dist(const Tensor& self, const Tensor& other, const Scalar& p) { return norm(self - other, p); }

Tensor renorm(const Tensor& self, const Scalar& p, int64_t dim, const Scalar& maxnorm) {
  XGRAD_CHECK(self.dim() >= 2, "renorm: needs at least 2 dimensions: self is ", self.sizes());
  XGRAD_CHECK(p.toDouble() > 0, "renorm: p must be positive: got ", p.toDouble());
  XGRAD_CHECK(maxnorm.toDouble() >= 0, "renorm: maxnorm must not be negative: got ", maxnorm.toDouble());
  const int64_t kept = wrap_dim("renorm", dim, self.dim());
  DimVector others;
  for (int64_t d = 0; d < self.dim(); ++d)
    if (d != kept) others.push_back(d);
  const Tensor length = norm(self, p, others, true);
  // As PyTorch does, a little below maxnorm: a length that is nearly 0 divides nothing by 0.
  return self * where(length > maxnorm, maxnorm / (length + 1e-7), 1.);
}

Tensor cdist(const Tensor& x1, const Tensor& x2, double p, optional<int64_t> compute_mode) {
  check_distances("cdist", x1, p);
  check_distances("cdist", x2, p);
  XGRAD_CHECK(x1.dim() >= 2 && x2.dim() >= 2 && x1.size(-1) == x2.size(-1),
              "cdist: rows of equal length in two or more dimensions expected: x1 is ", x1.sizes(),
              ", x2 is ", x2.sizes());
  const int64_t mode = compute_mode.value_or(0);
  XGRAD_CHECK(mode >= 0 && mode <= 2, "cdist: compute_mode must be 0, 1 or 2: got ", mode);
  if (p != 2 || mode == 2 || (mode == 0 && x1.size(-2) <= 25 && x2.size(-2) <= 25))
    return lengths(columns(x1).unsqueeze(-1) - columns(x2).unsqueeze(-2), p, -3);
  const auto batch = [](const Tensor& t) { return t.sizes().slice(0, t.sizes().size() - 2); };
  const DimVector sizes = broadcast_sizes("cdist", batch(x1), batch(x2));
  const auto broadcast = [&](const Tensor& t) {
    DimVector all(sizes);
    all.push_back(t.size(-2));
    all.push_back(t.size(-1));
    return t.expand(all);
  };
  return differentiable(EuclideanDistances{}, broadcast(x1), broadcast(x2));
}

Tensor pdist(const Tensor& self, double p) {
  check_distances("pdist", self, p);
  XGRAD_CHECK(self.dim() == 2, "pdist: a matrix expected: self is ", self.sizes());
  const Tensor pairs = triu_indices(self.size(0), self.size(0), 1), points = columns(self);
  return lengths(points.index_select(1, pairs[0]) - points.index_select(1, pairs[1]), p, 0);
}

}  // namespace xgrad
