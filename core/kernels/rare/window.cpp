// Window functions: an expression of xtensor each.
#include <xgrad/core/kernels/rare/window.h>

#include <algorithm>
#include <cmath>

#include <xgrad/core/kernels/rare/special.h>
#include <xgrad/core/kernels/xt.h>

namespace xgrad::kernels {

void cosine_window(const ArrayView& out, double period, double a, double b, double c) {
  auto window = as_xt<double, 1>(out);
  xt::noalias(window) =
      xt::arange(static_cast<double>(window.size())) * (2 * xt::numeric_constants<double>::PI / period);
  xt::noalias(window) = a - b * xt::cos(window) + c * xt::cos(2 * window);
}

void triangular_window(const ArrayView& out, double period) {
  auto window = as_xt<double, 1>(out);
  xt::noalias(window) = 1 - xt::abs(xt::arange(static_cast<double>(window.size())) * (2 / period) - 1);
}

void kaiser_window(const ArrayView& out, double period, double beta) {
  auto window = as_xt<double, 1>(out);
  xt::noalias(window) = xt::arange(static_cast<double>(window.size())) * (2 / period) - 1;
  // Rounding may leave a little less than 0 under the root.
  for (double& w : window) w = special::i0(beta * std::sqrt(std::max(1 - w * w, 0.0))) / special::i0(beta);
}

}  // namespace xgrad::kernels
