// Distances: a kernel of their own, or a product of matrices.
#include <xgrad/core/ops/product/distance.h>

#include <cmath>

#include <xgrad/core/kernels/distance/distance.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

namespace {

// Elements of a row from which on a product of matrices is faster than differences.
constexpr int64_t kLongRow = 32;

// Where two points meet, every derivative is 0.
struct Distances : Kernel<2> {
  static constexpr OpName name{"cdist", "CdistBackward"};
  double p;
  bool by_product = false;  // |a|^2 - 2 a b + |b|^2, one product of matrices, under a root; p is 2

  Tensor forward(const Tensor& a, const Tensor& b) const {
    if (by_product) {
      const auto squares = [](const Tensor& t) { return sum(t * t, -1, true); };
      const Tensor left = cat({a * -2, squares(a), ones_like(squares(a))}, -1),
                   right = cat({b, ones_like(squares(b)), squares(b)}, -1);
      return matmul(left, right.transpose(-2, -1)).clamp_min(0).sqrt_();
    }
    DimVector sizes(a.sizes());
    sizes[sizes.size() - 1] = b.size(-2);
    Tensor out = new_tensor(a.dtype(), sizes);
    const Tensor x = a.contiguous(), y = columns_of(b);
    kernels::distances(a.dtype(), rows(x, y), false, out.data_ptr());
    return out;
  }
  static Tensor columns_of(const Tensor& b) { return b.transpose(-2, -1).contiguous(); }
  kernels::Distances rows(const Tensor& a, const Tensor& columns) const {
    return {a.data_ptr(),
            columns.data_ptr(),
            numel_of(a.sizes().slice(0, a.sizes().size() - 2)),
            a.size(-2),
            columns.size(-1),
            a.size(-1),
            p};
  }

  Tensor gradient(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& d) const {
    if (by_product) {
      const Tensor r = g / d.masked_fill(d == 0, INFINITY);
      return a * sum(r, -1, true) - matmul(r, b);
    }
    if (ops::derivative_is_expression()) return expression(g, a, b, d);
    Tensor da = new_tensor(a.dtype(), a.sizes());
    const Tensor x = a.contiguous(), y = columns_of(b), gradients = g.contiguous(), lengths = d.contiguous();
    kernels::distances_backward(a.dtype(), rows(x, y), false, gradients.data_ptr(), lengths.data_ptr(),
                                da.data_ptr());
    return da;
  }
  Tensor expression(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& d) const {
    const auto columns = [](const Tensor& t) { return t.transpose(-2, -1); };
    const Tensor difference = columns(a).unsqueeze(-1) - columns(b).unsqueeze(-2), length = d.unsqueeze(-3);
    return columns(sum(slope(difference, length) * g.unsqueeze(-3), -1));
  }
  // The derivative of a length by a difference.
  Tensor slope(const Tensor& difference, const Tensor& length) const {
    if (p == 0) return zeros_like(difference);
    if (p == 1) return sign(difference);
    if (p == INFINITY) return sign(difference) * (abs(difference) == length);
    const Tensor divisor = length.masked_fill(length == 0, 1);
    if (p == 2) return difference / divisor;
    return sign(difference) * pow(abs(difference).masked_fill(difference == 0, 1) / divisor, p - 1);
  }

  Tensor backward_0(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& d) const {
    return gradient(g, a, b, d);
  }
  using saved_0 = Saved<In<0>, In<1>, Out>;
  Tensor backward_1(const Tensor& g, const Tensor& a, const Tensor& b, const Tensor& d) const {
    return gradient(g.transpose(-2, -1), b, a, d.transpose(-2, -1));
  }
  using saved_1 = Saved<In<0>, In<1>, Out>;
};

struct PairDistances : Kernel<1> {
  static constexpr OpName name{"pdist", "PdistBackward"};
  double p;

  Tensor forward(const Tensor& x) const {
    const int64_t n = x.size(0);
    Tensor out = new_tensor(x.dtype(), {n * (n - 1) / 2});
    const Tensor points = x.contiguous(), columns = Distances::columns_of(x);
    kernels::distances(x.dtype(), Distances{{}, p}.rows(points, columns), true, out.data_ptr());
    return out;
  }
  Tensor backward(const Tensor& g, const Tensor& x, const Tensor& d) const {
    if (!ops::derivative_is_expression()) {
      Tensor dx = new_tensor(x.dtype(), x.sizes());
      const Tensor points = x.contiguous(), columns = Distances::columns_of(x), gradients = g.contiguous(),
                   lengths = d.contiguous();
      kernels::distances_backward(x.dtype(), Distances{{}, p}.rows(points, columns), true,
                                  gradients.data_ptr(), lengths.data_ptr(), dx.data_ptr());
      return dx;
    }
    const Tensor pairs = triu_indices(x.size(0), x.size(0), 1), place = pairs[0] * x.size(0) + pairs[1];
    const auto matrix = [&](const Tensor& t) {
      const Tensor upper =
          zeros({x.size(0) * x.size(0)}, t.options()).index_copy(0, place, t).view({x.size(0), -1});
      return upper + upper.t();
    };
    return Distances{{}, p}.expression(matrix(g), x, x, matrix(d));
  }
  using saved = Saved<In<0>, Out>;
};

void check_distances(const char* op, const Tensor& x, double p) {
  XGRAD_CHECK_AS(TypeError, x.is_floating_point(), op, ": only for floating-point dtypes: got ", x.dtype());
  XGRAD_CHECK(p >= 0, op, ": p must not be negative: got ", p);
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
  const Tensor length = norm(self, p, others, true, compute_type(self.dtype()));
  // As PyTorch does, a little below maxnorm: a length that is nearly 0 divides nothing by 0.
  return self * where(length > maxnorm, maxnorm / (length + 1e-7), 1.).to(self.dtype());
}

Tensor cdist(const Tensor& x1, const Tensor& x2, double p, optional<int64_t> compute_mode) {
  check_distances("cdist", x1, p);
  check_distances("cdist", x2, p);
  XGRAD_CHECK(x1.dim() >= 2 && x2.dim() >= 2 && x1.size(-1) == x2.size(-1),
              "cdist: rows of equal length in two or more dimensions expected: x1 is ", x1.sizes(),
              ", x2 is ", x2.sizes());
  const int64_t mode = compute_mode.value_or(0);
  XGRAD_CHECK(mode >= 0 && mode <= 2, "cdist: compute_mode must be 0, 1 or 2: got ", mode);
  const ScalarType common = promote_types(x1.dtype(), x2.dtype()), computed = compute_type(common);
  if (computed != x1.dtype() || computed != x2.dtype())
    return cdist(x1.to(computed), x2.to(computed), p, compute_mode).to(common);
  const auto batch = [](const Tensor& t) { return t.sizes().slice(0, t.sizes().size() - 2); };
  const DimVector sizes = broadcast_sizes("cdist", batch(x1), batch(x2));
  const auto broadcast = [&](const Tensor& t) {
    DimVector all(sizes);
    all.push_back(t.size(-2));
    all.push_back(t.size(-1));
    return t.expand(all);
  };
  const bool by_product =
      p == 2 &&
      (mode == 1 || (mode == 0 && x1.size(-1) > kLongRow && (x1.size(-2) > 25 || x2.size(-2) > 25)));
  return differentiable(Distances{{}, p, by_product}, broadcast(x1), broadcast(x2));
}

Tensor pdist(const Tensor& self, double p) {
  check_distances("pdist", self, p);
  XGRAD_CHECK(self.dim() == 2, "pdist: a matrix expected: self is ", self.sizes());
  const ScalarType computed = compute_type(self.dtype());
  if (computed != self.dtype()) return pdist(self.to(computed), p).to(self.dtype());
  return differentiable(PairDistances{{}, p}, self);
}

}  // namespace xgrad
