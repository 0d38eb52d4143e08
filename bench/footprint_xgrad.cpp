#include <xgrad/xgrad.h>

int main() {
  auto weights = xgrad::ones({3}, xgrad::requires_grad());
  auto x = xgrad::tensor({1.F, 2.F, 3.F});
  xgrad::optim::SGD sgd({weights}, xgrad::optim::SGDOptions(0.1));
  for (int step = 0; step < 10; ++step) {
    sgd.zero_grad();
    auto loss = 0.5 * (xgrad::sigmoid(xgrad::matmul(x, weights)) - 0.9).pow(2);
    loss.backward();
    sgd.step();
  }
  return weights.sum().item<float>() > 0 ? 0 : 1;
}
