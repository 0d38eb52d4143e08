// A user's program over xtensor: the gradient of a function of an xarray, as an xarray.
#include <xgrad/xgrad.h>
#include <xgrad/xtensor.h>

int main() {
  xt::xarray<double> a = {1., 2., 3.};
  const xgrad::Tensor x = xgrad::from_xtensor(a).requires_grad_();
  x.pow(2).sum().backward();
  const xt::xarray<double> gradient = xgrad::as_xtensor<double>(x.grad());
  return x.data_ptr<double>() == a.data() && gradient == 2. * a ? 0 : 1;
}
