// Histograms between edges, in one or more dimensions: a place among the edges of each, and a count of
// places.
#include <cmath>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/order/histogram.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

using Range = optional<ArrayRef<double>>;

// Points [count, dimensions], and the weight of each, if any.
struct Points {
  const char* op;
  Tensor coordinates, weight;

  Points(const char* name, const Tensor& self, IntArrayRef sizes, int64_t dims, const optional<Tensor>& w)
      : op(name) {
    XGRAD_CHECK_AS(TypeError, self.is_floating_point(), op, ": self must be floating: got ", self.dtype());
    coordinates = self.detach().reshape({numel_of(sizes), dims});
    if (!w || !w->defined()) return;
    // Points without coordinates may be laid out otherwise than their weights.
    XGRAD_CHECK(w->sizes() == sizes || (dims == 1 && w->numel() == numel_of(sizes)), op,
                ": weight must have a number for each point: weight is ", w->sizes(), ", the points are ",
                sizes);
    XGRAD_CHECK_AS(TypeError, w->dtype() == self.dtype(), op, ": weight must have self's dtype ",
                   self.dtype(), ": got ", w->dtype());
    weight = w->detach().reshape(-1);
  }

  int64_t dims() const { return coordinates.size(1); }

  // Edges of `bins` equal bins along dimension d.
  Tensor edges(int64_t d, int64_t bins, const Range& range) const {
    XGRAD_CHECK(bins > 0, op, ": bins must be positive: got ", bins);
    double low = 0, high = 1;
    if (range) {
      low = (*range)[static_cast<std::size_t>(2 * d)];
      high = (*range)[static_cast<std::size_t>(2 * d + 1)];
    } else if (coordinates.numel() > 0) {
      const auto [least, most] = aminmax(coordinates.select(1, d));
      low = least.item<double>();
      high = most.item<double>();
    }
    XGRAD_CHECK(std::isfinite(low) && std::isfinite(high), op, ": the range must be finite: from ", low,
                " to ", high);
    XGRAD_CHECK(low <= high, op, ": the range must not descend: from ", low, " to ", high);
    if (low == high) low -= 0.5, high += 0.5;
    return linspace(low, high, bins + 1, coordinates.dtype());
  }

  Tensor count(const std::vector<Tensor>& edges, bool density) const {
    DimVector sizes;
    Tensor place, inside;
    for (int64_t d = 0; d < dims(); ++d) {
      const Tensor& e = edges[static_cast<std::size_t>(d)];
      XGRAD_CHECK(e.dim() == 1 && e.numel() > 1, op, ": edges must be a vector of two or more: got ",
                  e.sizes());
      XGRAD_CHECK_AS(TypeError, e.dtype() == coordinates.dtype(), op, ": edges must have self's dtype ",
                     coordinates.dtype(), ": got ", e.dtype());
      const int64_t bins = e.numel() - 1;
      const Tensor x = coordinates.select(1, d).contiguous();
      const Tensor bin = clamp_max(searchsorted(e, x, false, true) - 1, bins - 1);
      // Edges that do not ascend are searched all the same, as PyTorch does.
      const Tensor within = logical_and(ge(x, e[0]), le(x, e[bins]));
      inside = d == 0 ? within : logical_and(inside, within);
      place = d == 0 ? bin : place * bins + bin;
      sizes.push_back(bins);
    }
    optional<Tensor> w;
    if (weight.defined()) w = weight.masked_select(inside);
    const int64_t all = checked_numel(op, sizes);
    if (all == 0) return zeros(sizes, coordinates.options());
    const Tensor result = bincount(place.masked_select(inside), w, all).to(coordinates.dtype()).view(sizes);
    return density ? per_width(result / sum(result), edges) : result;
  }

 private:
  // Divided by the volume of each bin.
  Tensor per_width(Tensor result, const std::vector<Tensor>& edges) const {
    for (int64_t d = 0; d < dims(); ++d) {
      const Tensor& e = edges[static_cast<std::size_t>(d)];
      DimVector along(static_cast<std::size_t>(dims()), 1);
      along[static_cast<std::size_t>(d)] = e.numel() - 1;
      result = result / (e.slice(0, 1) - e.slice(0, 0, -1)).view(along);
    }
    return result;
  }
};

Points points_of(const Tensor& self, std::size_t dims, const optional<Tensor>& weight) {
  XGRAD_CHECK(self.dim() >= 2, "histogramdd: needs two dimensions or more: self is ", self.sizes());
  const std::size_t last = self.sizes().size() - 1;
  XGRAD_CHECK(static_cast<int64_t>(dims) == self.sizes()[last],
              "histogramdd: needs bins for each coordinate: self is ", self.sizes(), ", bins for ",
              static_cast<int64_t>(dims));
  return {"histogramdd", self, self.sizes().slice(0, last), self.sizes()[last], weight};
}

void check_range(const char* op, const Range& range, int64_t dims) {
  XGRAD_CHECK(!range || static_cast<int64_t>(range->size()) == 2 * dims, op, ": range needs ", 2 * dims,
              " numbers: got ", static_cast<int64_t>(range ? range->size() : 0));
}

}  // namespace

std::tuple<Tensor, Tensor> histogram(const Tensor& self, const Tensor& bins, const optional<Tensor>& weight,
                                     bool density) {
  const NoGradGuard no_grad;
  return {Points("histogram", self, self.sizes(), 1, weight).count({bins}, density), bins};
}
std::tuple<Tensor, Tensor> histogram(const Tensor& self, int64_t bins, Range range,
                                     const optional<Tensor>& weight, bool density) {
  const NoGradGuard no_grad;
  check_range("histogram", range, 1);
  const Points points("histogram", self, self.sizes(), 1, weight);
  const Tensor edges = points.edges(0, bins, range);
  return {points.count({edges}, density), edges};
}

std::tuple<Tensor, std::vector<Tensor>> histogramdd(const Tensor& self, TensorList bins, Range,
                                                    const optional<Tensor>& weight, bool density) {
  const NoGradGuard no_grad;
  return {points_of(self, bins.size(), weight).count(bins.vec(), density), bins.vec()};
}
std::tuple<Tensor, std::vector<Tensor>> histogramdd(const Tensor& self, IntArrayRef bins, Range range,
                                                    const optional<Tensor>& weight, bool density) {
  const NoGradGuard no_grad;
  const Points points = points_of(self, bins.size(), weight);
  check_range("histogramdd", range, points.dims());
  std::vector<Tensor> edges;
  for (int64_t d = 0; d < points.dims(); ++d)
    edges.push_back(points.edges(d, bins[static_cast<std::size_t>(d)], range));
  return {points.count(edges, density), edges};
}

}  // namespace xgrad
