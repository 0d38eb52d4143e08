// Two networks against each other: one makes points of the plane from noise, the other tells them from points
// on a ring of eight clusters.
#include <array>
#include <cmath>
#include <iostream>

#include "common/arguments.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

constexpr double pi = 3.14159265358979323846;

Tensor real_points(int64_t count) {
  const auto angle = xgrad::randint(8, {count}).to(xgrad::kFloat) * (pi / 4);
  return xgrad::stack({angle.cos(), angle.sin()}, 1) + 0.05 * xgrad::randn({count, 2});
}

nn::Sequential network(int64_t inputs, int64_t width, int64_t outputs) {
  return nn::Sequential(nn::Linear(inputs, width), nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)),
                        nn::Linear(width, width), nn::LeakyReLU(nn::LeakyReLUOptions().negative_slope(0.2)),
                        nn::Linear(width, outputs));
}

void draw(const Tensor& points) {
  std::vector<std::array<double, 2>> dots;
  for (int64_t i = 0; i < points.size(0); ++i)
    dots.push_back({points[i][0].item<double>(), points[i][1].item<double>()});
  std::cout << scatter(dots, 1.5, 40, 18);
}

void train(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const int64_t batch = args.whole("batch"), noise = 8;
  auto generator = network(noise, 64, 2), critic = network(2, 64, 1);
  const auto options = xgrad::optim::AdamOptions(args.real("lr")).betas(std::make_tuple(0.5, 0.999));
  xgrad::optim::Adam of_generator(generator->parameters(), options), of_critic(critic->parameters(), options);
  const auto real = xgrad::ones({batch, 1}), made = xgrad::zeros({batch, 1});

  Progress progress(args.whole("steps"), "step", args.whole("trace"));
  for (int64_t step = 1; step <= args.whole("steps"); ++step) {
    of_critic.zero_grad();
    const auto points = generator->forward(xgrad::randn({batch, noise}));
    const auto loss = xgrad::binary_cross_entropy_with_logits(critic->forward(real_points(batch)), real) +
                      xgrad::binary_cross_entropy_with_logits(critic->forward(points.detach()), made);
    loss.backward();
    of_critic.step();

    of_generator.zero_grad();
    xgrad::binary_cross_entropy_with_logits(critic->forward(points), real).backward();
    of_generator.step();
    progress.show(step, loss.item<double>());
  }

  const xgrad::NoGradGuard no_grad;
  const auto points = generator->forward(xgrad::randn({500, noise}));
  std::cout << "\nreal\n";
  draw(real_points(500));
  std::cout << "made\n";
  draw(points);
  const auto angle = xgrad::atan2(points.select(1, 1), points.select(1, 0));
  const auto nearest = (angle / (pi / 4)).round();
  const auto dx = points.select(1, 0) - (nearest * (pi / 4)).cos(),
             dy = points.select(1, 1) - (nearest * (pi / 4)).sin();
  const auto close = (dx * dx + dy * dy).sqrt() < 0.25;
  std::cout << "within 0.25 of a cluster: " << close.sum().item<int64_t>() << " of 500\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("gan", "a generator learns eight clusters on a ring from a critic",
                   {{"steps", "5000", "of both networks"},
                    {"batch", "256", "points per step"},
                    {"lr", "0.002", "learning rate"}})
      .run(argc, argv, train);
}
