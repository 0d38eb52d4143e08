// Quantiles: sorted, and read at fractional ranks. Made of other ops, gradients included.
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/order/sort.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/binary.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace {

void check(const char* op, const Tensor& self, const Tensor& q) {
  XGRAD_CHECK_AS(TypeError, self.dtype() == kFloat || self.dtype() == kDouble, op,
                 ": self must be float32 or float64: got ", self.dtype());
  XGRAD_CHECK_AS(TypeError, q.dtype() == self.dtype(), op, ": q must have self's dtype ", self.dtype(),
                 ": got ", q.dtype());
  XGRAD_CHECK(q.dim() <= 1, op, ": q must be a number or a vector: q is ", q.sizes());
  XGRAD_CHECK(self.numel() > 0, op, ": self has no element: self is ", self.sizes());
  const NoGradGuard no_grad;
  XGRAD_CHECK(all(logical_and(ge(q, 0), le(q, 1))).item<bool>(), op, ": q must be in [0, 1]: got ",
              min(q).item<double>(), " to ", max(q).item<double>());
}

// Where in each sorted row of `x` its quantiles stand. Exact products, as in PyTorch: floats would round 0.3
// of fifteen steps, which is more than 4.5, to a tie.
Tensor ranks_in(const Tensor& x, const Tensor& q, bool ignore_nan) {
  const Tensor nan = isnan(x.detach());
  if (ignore_nan) return clamp_min(q * (sum(logical_not(nan), -1, true).to(q.dtype()) - 1), 0);
  const double last = static_cast<double>(x.size(-1) - 1);
  return masked_fill(q * last, any(nan, -1, true), last);
}

// x read at its ranks.
Tensor read_at(const char* op, const Tensor& x, const Tensor& ranks, std::string_view interpolation) {
  const auto values_at = [&](const Tensor& r) { return gather(x, -1, r.detach().to(kLong)); };
  if (interpolation == "lower") return values_at(floor(ranks));
  if (interpolation == "higher") return values_at(ceil(ranks));
  if (interpolation == "nearest") return values_at(round(ranks));
  const bool middle = interpolation == "midpoint";
  XGRAD_CHECK_AS(
      ValueError, middle || interpolation == "linear", op,
      ": interpolation must be \"linear\", \"lower\", \"higher\", \"midpoint\" or \"nearest\": got \"",
      interpolation, "\"");
  const Tensor low = floor(ranks.detach()), below = values_at(low), above = values_at(ceil(ranks));
  return middle ? lerp(below, above, 0.5) : lerp(below, above, (ranks - low).to(x.dtype()));
}

Tensor quantiles(const char* op, const Tensor& self, const Tensor& q, optional<int64_t> dim, bool keepdim,
                 std::string_view interpolation, bool ignore_nan) {
  check(op, self, q);
  const int64_t d = wrap_dim(op, dim.value_or(0), self.dim());
  const Tensor rows = dim && self.dim() > 0 ? self.movedim(d, -1) : self.flatten();
  const Tensor x = std::get<0>(sort(rows, -1));
  Tensor result =
      read_at(op, x, ranks_in(x, q.reshape(-1).to(kDouble), ignore_nan), interpolation);  // [..., q]
  if (keepdim && dim && self.dim() > 0) {
    result = result.unsqueeze(d);
  } else if (keepdim) {
    DimVector ones(self.sizes().size(), 1);
    ones.push_back(q.numel());
    result = result.reshape(ones);
  }
  return q.dim() == 0 ? result.squeeze(-1) : result.movedim(-1, 0);
}

Tensor number(const Tensor& self, double q) { return full({}, q, self.options().requires_grad(false)); }

}  // namespace

Tensor quantile(const Tensor& self, const Tensor& q, optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantiles("quantile", self, q, dim, keepdim, interpolation, false);
}
Tensor quantile(const Tensor& self, double q, optional<int64_t> dim, bool keepdim,
                std::string_view interpolation) {
  return quantile(self, number(self, q), dim, keepdim, interpolation);
}
Tensor nanquantile(const Tensor& self, const Tensor& q, optional<int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return quantiles("nanquantile", self, q, dim, keepdim, interpolation, true);
}
Tensor nanquantile(const Tensor& self, double q, optional<int64_t> dim, bool keepdim,
                   std::string_view interpolation) {
  return nanquantile(self, number(self, q), dim, keepdim, interpolation);
}

}  // namespace xgrad
