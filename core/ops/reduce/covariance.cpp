// Covariances and correlations: compositions.
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/types/warning.h>

namespace xgrad {

namespace {

void check_weights(const char* name, const Tensor& w, bool floating, int64_t observations) {
  XGRAD_CHECK(w.dim() <= 1 && w.numel() == observations, "cov: expected as many ", name,
              " in one dimension as there are observations (", observations, "): got ", w.sizes());
  XGRAD_CHECK_AS(TypeError, w.is_floating_point() == floating && w.dtype() != kBool, "cov: expected ", name,
                 " of ", floating ? "a floating-point" : "an integer", " dtype: got ", w.dtype());
  XGRAD_CHECK(!any(w < 0).item<bool>(), "cov: ", name, " must not be negative");
}

}  // namespace

Tensor cov(const Tensor& self, int64_t correction, const optional<Tensor>& fweights,
           const optional<Tensor>& aweights) {
  XGRAD_CHECK(self.dim() <= 2, "cov: expected input to have two or fewer dimensions: self is ", self.sizes());
  XGRAD_CHECK_AS(TypeError, self.dtype() != kBool, "cov: not for bool");
  const Tensor x = self.dim() < 2 ? self.reshape({1, self.numel()}) : self;
  const int64_t observations = x.size(1);
  Tensor w;
  if (fweights && fweights->defined()) {
    check_weights("fweights", *fweights, false, observations);
    w = *fweights;
  }
  const bool important = aweights && aweights->defined();
  if (important) {
    check_weights("aweights", *aweights, true, observations);
    w = w.defined() ? w * *aweights : *aweights;
  }
  const Tensor total = w.defined() ? w.sum() : scalar_tensor(observations);
  XGRAD_CHECK(!w.defined() || total.item<double>() != 0, "cov: the weights sum to zero");
  const auto weighted = [&](const Tensor& t) { return w.defined() ? t * w : t; };
  Tensor freedom =
      important && correction != 0 ? total - (w * *aweights).sum() / total * correction : total - correction;
  if (freedom.item<double>() <= 0) {
    XGRAD_WARN("cov: there are not more observations than degrees of freedom taken by the correction");
    freedom = zeros_like(freedom);
  }
  const Tensor centred = x - (weighted(x).sum(1) / total).unsqueeze(1);
  return (mm(centred, weighted(centred).t()) / freedom).squeeze();
}

Tensor corrcoef(const Tensor& self) {
  XGRAD_CHECK(self.dim() <= 2, "corrcoef: expected input to have two or fewer dimensions: self is ",
              self.sizes());
  const Tensor c = cov(self);
  if (c.dim() == 0) return c / c;
  const Tensor deviation = c.diagonal().sqrt();
  return clamp(c / deviation.unsqueeze(1) / deviation, -1, 1);
}

}  // namespace xgrad
