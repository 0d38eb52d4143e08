// A user's first program: a perceptron learns the logical OR. Fails when it does not.
#include <cstdio>

#include <xgrad/xgrad.h>

struct Perceptron : xgrad::nn::Module {
  Perceptron() : linear(register_module("linear", xgrad::nn::Linear(2, 1))) {}
  xgrad::Tensor forward(const xgrad::Tensor& x) { return xgrad::sigmoid(linear->forward(x)); }

  xgrad::nn::Linear linear;
};

int main() {
  xgrad::manual_seed(0);
  const auto x = xgrad::tensor({{0., 0.}, {0., 1.}, {1., 0.}, {1., 1.}});
  const auto target = xgrad::tensor({{0.}, {1.}, {1.}, {1.}});

  Perceptron net;
  xgrad::optim::SGD sgd(net.parameters(), xgrad::optim::SGDOptions(1.0));
  double first = 0.;
  double last = 0.;
  for (int epoch = 0; epoch < 500; ++epoch) {
    sgd.zero_grad();
    auto loss = (net.forward(x) - target).pow(2).mean();
    loss.backward();
    sgd.step();
    last = loss.item<double>();
    if (epoch == 0) first = last;
  }

  bool refused = false;
  try {
    net.forward(xgrad::tensor({1., 2., 3.}));
  } catch (const xgrad::Error&) {
    refused = true;
  }

  std::printf("loss %.4f -> %.4f, wrong shape %s\n", first, last, refused ? "refused" : "accepted");
  return last < 0.02 && last < first && refused ? 0 : 1;
}
