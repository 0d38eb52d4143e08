// Differences and integrals: compositions of slices.
#include <xgrad/core/ops/reduce/differences.h>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/scan.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/reduced_dims.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

// All but the first, or the last, elements along a dimension.
Tensor without_first(const Tensor& t, int64_t dim) { return slice(t, dim, 1); }
Tensor without_last(const Tensor& t, int64_t dim) { return slice(t, dim, 0, -1); }

void need_dims(const char* op, const Tensor& t) {
  XGRAD_CHECK(t.dim() >= 1, op, ": expects at least one dimension: self is ", t.sizes());
}

// What three values that are `before` and `after` apart count in the derivative at the first (-1), the second
// (0) or the third (1) of them. D is double, or Tensor where the distances differ.
template <class D>
Tensor parabola(int where, const D& before, const D& after, const Tensor& a, const Tensor& b,
                const Tensor& c) {
  const D both = before + after;
  if (where < 0)
    return a * (-(before + both) / (before * both)) + b * (both / (before * after)) -
           c * (before / (after * both));
  if (where == 0)
    return a * (-after / (before * both)) + b * ((after - before) / (before * after)) +
           c * (before / (after * both));
  return a * (after / (before * both)) - b * (both / (before * after)) +
         c * ((after + both) / (after * both));
}

void check_gradient(const Tensor& self, IntArrayRef dims, int64_t edge_order) {
  XGRAD_CHECK(edge_order == 1 || edge_order == 2, "gradient: edge_order must be 1 or 2: got ", edge_order);
  const ops::ReducedDims each_once("gradient", dims, self.dim(), false);
  for (int64_t d : dims)
    XGRAD_CHECK(self.size(d) > edge_order, "gradient: each size must be at least edge_order + 1: self is ",
                self.sizes(), " (dim ", d, "), edge_order is ", edge_order);
  XGRAD_CHECK_AS(TypeError, self.dtype() != kByte, "gradient: not for uint8: differences may be negative");
}

// By points `step` apart.
Tensor derivative(const Tensor& f, double step, int64_t dim, int64_t edge_order) {
  const int64_t n = f.size(dim);
  const auto at = [&](int64_t i) { return narrow(f, dim, i < 0 ? i + n : i, 1); };
  const Tensor inside = (slice(f, dim, 2) - slice(f, dim, 0, -2)) / (2 * step);
  if (edge_order == 1) return cat({(at(1) - at(0)) / step, inside, (at(-1) - at(-2)) / step}, dim);
  return cat({parabola(-1, step, step, at(0), at(1), at(2)), inside,
              parabola(1, step, step, at(-3), at(-2), at(-1))},
             dim);
}

// By points at coordinates.
Tensor derivative(const Tensor& f, const Tensor& coordinates, int64_t dim, int64_t edge_order) {
  const int64_t n = f.size(dim);
  XGRAD_CHECK(coordinates.dim() == 1 && coordinates.size(0) == n, "gradient: expected ", n,
              " coordinates for dim ", dim, ": got ", coordinates.sizes());
  DimVector along(static_cast<std::size_t>(f.dim()), 1);
  along[static_cast<std::size_t>(dim)] = n - 1;
  const Tensor steps = (without_first(coordinates, 0) - without_last(coordinates, 0)).reshape(along);
  const auto at = [&](int64_t i) { return narrow(f, dim, i < 0 ? i + n : i, 1); };
  const auto step = [&](int64_t i) { return narrow(steps, dim, i < 0 ? i + n - 1 : i, 1); };
  const Tensor inside = parabola(0, without_last(steps, dim), without_first(steps, dim), slice(f, dim, 0, -2),
                                 slice(f, dim, 1, -1), slice(f, dim, 2));
  if (edge_order == 1) return cat({(at(1) - at(0)) / step(0), inside, (at(-1) - at(-2)) / step(-1)}, dim);
  return cat({parabola(-1, step(0), step(1), at(0), at(1), at(2)), inside,
              parabola(1, step(-2), step(-1), at(-3), at(-2), at(-1))},
             dim);
}

double spacing_of(const Scalar& s) { return s.toDouble(); }
const Tensor& spacing_of(const Tensor& t) { return t; }

template <class Spacings>
std::vector<Tensor> derivatives(const Tensor& self, const Spacings& spacing, IntArrayRef dims,
                                int64_t edge_order) {
  XGRAD_CHECK(spacing.size() == dims.size(), "gradient: a spacing for each dimension is needed: dims are ",
              dims, ", there are ", static_cast<int64_t>(spacing.size()));
  check_gradient(self, dims, edge_order);
  std::vector<Tensor> result;
  for (std::size_t i = 0; i < dims.size(); ++i)
    result.push_back(
        derivative(self, spacing_of(spacing[i]), wrap_dim("gradient", dims[i], self.dim()), edge_order));
  return result;
}

DimVector dims_or_all(const Tensor& self, optional<int64_t> dim) {
  if (dim) return DimVector{*dim};
  DimVector all;
  for (int64_t d = 0; d < self.dim(); ++d) all.push_back(d);
  return all;
}

// The coordinates of y along `dim`: a vector is laid along it.
Tensor coordinates_of(const char* op, const Tensor& y, const Tensor& x, int64_t dim) {
  XGRAD_CHECK_AS(TypeError, y.dtype() != kBool && x.dtype() != kBool, op, ": not for bool");
  if (x.dim() != 1) return x;
  XGRAD_CHECK(x.size(0) == y.size(dim), op, ": a point is needed for each value: y is ", y.sizes(), ", x is ",
              x.sizes(), " (dim ", dim, ")");
  DimVector sizes(static_cast<std::size_t>(y.dim() - wrap_dim(op, dim, y.dim())), 1);
  sizes[0] = x.size(0);
  return x.reshape(sizes);
}

// The areas between neighbours, twice.
Tensor strips(const char* op, const Tensor& y, const Tensor& x, int64_t dim) {
  const Tensor points = coordinates_of(op, y, x, dim);
  const int64_t from_end = wrap_dim(op, dim, y.dim()) - y.dim();
  return (without_first(points, from_end) - without_last(points, from_end)) *
         (without_first(y, dim) + without_last(y, dim));
}

}  // namespace

Tensor diff(const Tensor& self, int64_t n, int64_t dim, const optional<Tensor>& prepend,
            const optional<Tensor>& append) {
  need_dims("diff", self);
  XGRAD_CHECK(n >= 0, "diff: order must not be negative: got ", n);
  if (n == 0 && !prepend && !append) return self.clone();
  const int64_t d = wrap_dim("diff", dim, self.dim());
  std::vector<Tensor> pieces;
  if (prepend && prepend->defined()) pieces.push_back(*prepend);
  pieces.push_back(self);
  if (append && append->defined()) pieces.push_back(*append);
  for (const Tensor& piece : pieces) {
    XGRAD_CHECK(piece.dim() == self.dim(),
                "diff: prepend and append must have self's number of dimensions: self is ", self.sizes(),
                ", got ", piece.sizes());
    for (int64_t i = 0; i < self.dim(); ++i)
      XGRAD_CHECK(i == d || piece.size(i) == self.size(i),
                  "diff: prepend and append must have self's sizes apart from dimension ", d, ": self is ",
                  self.sizes(), ", got ", piece.sizes());
  }
  if (n == 0) return self.clone();
  Tensor result = pieces.size() > 1 ? cat(pieces, d) : self;
  for (n = std::min(n, result.size(d)); n > 0; --n)
    result = result.dtype() == kBool ? logical_xor(without_first(result, d), without_last(result, d))
                                     : without_first(result, d) - without_last(result, d);
  return result;
}

std::vector<Tensor> gradient(const Tensor& self, const optional<Scalar>& spacing, optional<int64_t> dim,
                             int64_t edge_order) {
  return gradient(self, spacing.value_or(1), dims_or_all(self, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, const Scalar& spacing, IntArrayRef dim, int64_t edge_order) {
  return derivatives(self, std::vector<Scalar>(dim.size(), spacing), dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, IntArrayRef dim, int64_t edge_order) {
  return gradient(self, Scalar(1), dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, optional<int64_t> dim,
                             int64_t edge_order) {
  return derivatives(self, spacing, dims_or_all(self, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, ArrayRef<Scalar> spacing, IntArrayRef dim,
                             int64_t edge_order) {
  return derivatives(self, spacing, dim, edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, optional<int64_t> dim,
                             int64_t edge_order) {
  return derivatives(self, spacing, dims_or_all(self, dim), edge_order);
}
std::vector<Tensor> gradient(const Tensor& self, TensorList spacing, IntArrayRef dim, int64_t edge_order) {
  return derivatives(self, spacing, dim, edge_order);
}

Tensor trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  return sum(strips("trapezoid", y, x, dim), dim) / 2;
}
Tensor trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  XGRAD_CHECK_AS(TypeError, y.dtype() != kBool, "trapezoid: not for bool");
  if (y.size(dim) == 0) return sum(y, dim);
  return (sum(y, dim) - (select(y, dim, 0) + select(y, dim, -1)) * 0.5) * dx;
}
Tensor trapz(const Tensor& y, const Tensor& x, int64_t dim) { return trapezoid(y, x, dim); }
Tensor trapz(const Tensor& y, double dx, int64_t dim) { return trapezoid(y, dx, dim); }

Tensor cumulative_trapezoid(const Tensor& y, const Tensor& x, int64_t dim) {
  return cumsum(strips("cumulative_trapezoid", y, x, dim), dim) / 2;
}
Tensor cumulative_trapezoid(const Tensor& y, const Scalar& dx, int64_t dim) {
  XGRAD_CHECK_AS(TypeError, y.dtype() != kBool, "cumulative_trapezoid: not for bool");
  return cumsum((without_first(y, dim) + without_last(y, dim)) * (dx.toDouble() / 2), dim);
}

}  // namespace xgrad
