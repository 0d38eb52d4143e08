// A differential equation solved by a network: u'' = -pi^2 sin(pi x) with u(0) = u(1) = 0, whose solution is
// sin(pi x). The loss holds second derivatives, and its gradient goes through them.
#include <iostream>

#include "common/arguments.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

constexpr double pi = 3.14159265358979323846;

Tensor derivative(const Tensor& y, const Tensor& x) {
  return xgrad::autograd::grad({y.sum()}, {x}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
}

void train(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const int64_t width = args.whole("width");
  nn::Sequential net(nn::Linear(1, width), nn::Tanh(), nn::Linear(width, width), nn::Tanh(),
                     nn::Linear(width, 1));
  xgrad::optim::Adam adam(net->parameters(), xgrad::optim::AdamOptions(args.real("lr")));
  const auto ends = xgrad::tensor({{0.0}, {1.0}});
  const auto x = xgrad::linspace(0, 1, 64).view({-1, 1}).requires_grad_();
  const auto force = -pi * pi * xgrad::sin(pi * x.detach());

  Progress progress(args.whole("steps"), "step", args.whole("trace"));
  for (int64_t step = 1; step <= args.whole("steps"); ++step) {
    adam.zero_grad();
    const auto u = net->forward(x);
    const auto curvature = derivative(derivative(u, x), x);
    const auto loss = (curvature - force).pow(2).mean() + 100 * net->forward(ends).pow(2).mean();
    loss.backward();
    adam.step();
    progress.show(step, loss.item<double>());
  }

  const xgrad::NoGradGuard no_grad;
  const auto points = xgrad::linspace(0, 1, 121).view({-1, 1});
  const auto u = net->forward(points);
  std::vector<double> values;
  for (int64_t i = 0; i < points.size(0); ++i) values.push_back(std::max(0.0, u[i].item<double>()));
  std::cout << "\nu(x) for x from 0 to 1\n" << curve(values, 60, 8, "points");
  std::cout << "largest error: " << fixed((u - xgrad::sin(pi * points)).abs().max().item<double>(), 4)
            << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("pinn", "a network solves u'' = -pi^2 sin(pi x)",
                   {{"steps", "1500", "of Adam"},
                    {"width", "32", "neurons of a layer"},
                    {"lr", "0.005", "learning rate"}})
      .run(argc, argv, train);
}
