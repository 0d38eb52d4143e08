// bincount, histc, searchsorted and bucketize: checks, dtypes, and a stanza without derivatives for each
// kernel.
#include <xgrad/core/ops/order/histogram.h>

#include <cmath>
#include <limits>

#include <xgrad/core/kernels/rare/histogram.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

struct Bincount : Kernel<2> {
  static constexpr OpName name{"bincount", ""};
  using optional = Inputs<1>;
  int64_t size;
  Tensor forward(const Tensor& x, const Tensor& weights) const {
    const Tensor values = x.to(kLong).contiguous();
    if (!weights.defined()) {
      Tensor out = new_tensor(kLong, {size});
      kernels::bincount(array_view(out), array_view(values));
      return out;
    }
    const ScalarType dtype = weights.dtype() == kFloat ? kFloat : kDouble;
    Tensor sums = new_tensor(dtype, {size});
    const Tensor w = weights.to(dtype).contiguous();
    kernels::bincount(array_view(sums), array_view(values), array_view(w));
    return sums;
  }
};

struct Histc : Kernel<1> {
  static constexpr OpName name{"histc", ""};
  int64_t bins;
  double low, high;
  Tensor forward(const Tensor& x) const {
    const Tensor counts = new_tensor(kLong, {bins});
    const Tensor values = (x.dtype() == kDouble ? x : x.to(kFloat)).contiguous();
    kernels::histogram(array_view(counts), array_view(values), low, high);
    return counts.to(x.dtype());
  }
};

struct SearchSorted : Kernel<2> {
  static constexpr OpName name{"searchsorted", ""};
  ScalarType dtype, result;
  bool right;
  Tensor forward(const Tensor& sorted, const Tensor& values) const {
    const Tensor in = sorted.to(dtype).contiguous(), x = values.to(dtype).contiguous();
    const Tensor out = new_tensor(kLong, values.sizes());
    kernels::search(array_view(out), array_view(in), array_view(x), right);
    return out.to(result);
  }
};

Tensor search(const char* op, const Tensor& sorted, const Tensor& values, bool out_int32, bool right) {
  const Argument args[] = {sorted, values};
  const ScalarType common = ops::common_dtype(args, 2);
  XGRAD_CHECK_AS(TypeError, common != kBool, op, ": no order is defined for bool; convert it with to(kLong)");
  XGRAD_CHECK(!out_int32 || sorted.size(-1) <= std::numeric_limits<int32_t>::max(), op,
              ": the sequence is too long for out_int32: ", sorted.sizes());
  const bool half = common == kHalf || common == kBFloat16;
  return differentiable(SearchSorted{{}, half ? kFloat : common, out_int32 ? kInt : kLong, right}, sorted,
                        values);
}

// Whether the rows of `values` have a row each in `sorted`.
bool rows_match(IntArrayRef sorted, IntArrayRef values) {
  const std::size_t n = sorted.size();
  return n == 1 || (n == values.size() && sorted.slice(0, n - 1) == values.slice(0, n - 1));
}

bool from_right(bool right, optional<std::string_view> side) {
  if (!side) return right;
  XGRAD_CHECK_AS(ValueError, *side == "left" || *side == "right",
                 "searchsorted: side must be \"left\" or \"right\": got \"", *side, "\"");
  XGRAD_CHECK_AS(ValueError, !right || *side == "right",
                 "searchsorted: side and right contradict each other: side is \"left\", right is true");
  return *side == "right";
}

}  // namespace

Tensor bincount(const Tensor& self, const optional<Tensor>& weights, int64_t minlength) {
  XGRAD_CHECK_AS(TypeError, is_integral_type(self.dtype(), false), "bincount: self must have integers: got ",
                 self.dtype());
  XGRAD_CHECK(self.dim() == 1, "bincount: self must have one dimension: self is ", self.sizes());
  XGRAD_CHECK(minlength >= 0, "bincount: minlength must not be negative: got ", minlength);
  const Tensor w = weights.value_or(Tensor());
  XGRAD_CHECK(!w.defined() || w.sizes() == self.sizes(),
              "bincount: weights and self must have one shape: weights is ", w, ", self is ", self.sizes());
  if (self.numel() == 0) return zeros({minlength}, kLong);  // whatever the weights, as in PyTorch
  const auto smallest = min(self).item<int64_t>(), largest = max(self).item<int64_t>();
  XGRAD_CHECK(smallest >= 0, "bincount: self must not be negative: its smallest element is ", smallest);
  checked_numel("bincount", {largest, int64_t{sizeof(double)}});
  return differentiable(Bincount{{}, std::max(minlength, largest + 1)}, self, w);
}

Tensor histc(const Tensor& self, int64_t bins, const Scalar& min, const Scalar& max) {
  XGRAD_CHECK_AS(TypeError, self.is_floating_point(), "histc: self must be floating: got ", self.dtype());
  XGRAD_CHECK(bins > 0, "histc: bins must be positive: got ", bins);
  double low = min.toDouble(), high = max.toDouble();
  if (low == high && self.numel() > 0) {
    const NoGradGuard no_grad;
    low = xgrad::min(self).item<double>();
    high = xgrad::max(self).item<double>();
  }
  if (low == high) low -= 1, high += 1;
  XGRAD_CHECK(std::isfinite(low) && std::isfinite(high), "histc: the range must be finite: from ", low,
              " to ", high);
  XGRAD_CHECK(low < high, "histc: max must be larger than min: min is ", low, ", max is ", high);
  return differentiable(Histc{{}, bins, low, high}, self);
}

Tensor searchsorted(const Tensor& sorted_sequence, const Tensor& self, bool out_int32, bool right,
                    optional<std::string_view> side, const optional<Tensor>& sorter) {
  const IntArrayRef sizes = sorted_sequence.sizes();
  XGRAD_CHECK(!sizes.empty(), "searchsorted: sorted_sequence needs a dimension");
  XGRAD_CHECK(rows_match(sizes, self.sizes()),
              "searchsorted: sorted_sequence must be a vector, or equal self in all dimensions but the last: "
              "sorted_sequence is ",
              sizes, ", self is ", self.sizes());
  const bool upper = from_right(right, side);
  if (!sorter || !sorter->defined()) return search("searchsorted", sorted_sequence, self, out_int32, upper);
  XGRAD_CHECK_AS(TypeError, sorter->dtype() == kLong, "searchsorted: sorter must be int64: it is ",
                 sorter->dtype());
  XGRAD_CHECK(sorter->sizes() == sizes,
              "searchsorted: sorter and sorted_sequence must have one shape: sorter is ", sorter->sizes(),
              ", sorted_sequence is ", sizes);
  const NoGradGuard no_grad;
  return search("searchsorted", gather(sorted_sequence, -1, *sorter), self, out_int32, upper);
}
Tensor searchsorted(const Tensor& sorted_sequence, const Scalar& self, bool out_int32, bool right,
                    optional<std::string_view> side, const optional<Tensor>& sorter) {
  return searchsorted(sorted_sequence, ops::wrapped_number(self), out_int32, right, side, sorter);
}

Tensor bucketize(const Tensor& self, const Tensor& boundaries, bool out_int32, bool right) {
  XGRAD_CHECK(boundaries.dim() == 1, "bucketize: boundaries must have one dimension: boundaries is ",
              boundaries.sizes());
  return search("bucketize", boundaries, self, out_int32, right);
}
Tensor bucketize(const Scalar& self, const Tensor& boundaries, bool out_int32, bool right) {
  return bucketize(ops::wrapped_number(self), boundaries, out_int32, right);
}

}  // namespace xgrad
