#include <torch/torch.h>

int main() {
  auto weights = torch::ones({3}, torch::requires_grad());
  auto x = torch::tensor({1.F, 2.F, 3.F});
  torch::optim::SGD sgd({weights}, torch::optim::SGDOptions(0.1));
  for (int step = 0; step < 10; ++step) {
    sgd.zero_grad();
    auto loss = 0.5 * (torch::sigmoid(torch::matmul(x, weights)) - 0.9).pow(2);
    loss.backward();
    sgd.step();
  }
  return weights.sum().item<float>() > 0 ? 0 : 1;
}
