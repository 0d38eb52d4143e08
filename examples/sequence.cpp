// An LSTM goes on with a wave of which it saw the beginning.
#include <cmath>
#include <iostream>

#include "common/arguments.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

struct Net : nn::Module {
  explicit Net(int64_t width)
      : lstm(register_module("lstm", nn::LSTM(nn::LSTMOptions(1, width).batch_first(true)))),
        output(register_module("output", nn::Linear(width, 1))) {}
  Tensor forward(const Tensor& x) { return output(std::get<0>(lstm->forward(x))); }

  nn::LSTM lstm;
  nn::Linear output;
};

// Sums of two sines with random phases: [count, length, 1].
Tensor waves(int64_t count, int64_t length) {
  const auto time = xgrad::arange(length, xgrad::kFloat).view({1, -1, 1}) * 0.2;
  const auto phase = xgrad::rand({count, 1, 1}) * 6.2832;
  return 0.6 * xgrad::sin(time + phase) + 0.4 * xgrad::sin(2.3 * time + 1.7 * phase);
}

void run(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const int64_t length = 80, seen = 40;
  Net net(args.whole("width"));
  xgrad::optim::Adam adam(net.parameters(), xgrad::optim::AdamOptions(args.real("lr")));
  Progress progress(args.whole("steps"), "step", args.whole("trace"));
  for (int64_t step = 1; step <= args.whole("steps"); ++step) {
    const auto wave = waves(args.whole("batch"), length + 1);
    adam.zero_grad();
    const auto loss = xgrad::mse_loss(net.forward(wave.narrow(1, 0, length)), wave.narrow(1, 1, length));
    loss.backward();
    adam.step();
    progress.show(step, loss.item<double>());
  }

  const xgrad::NoGradGuard no_grad;
  const auto wave = waves(1, length);
  auto own = wave.narrow(1, 0, seen);
  while (own.size(1) < length) own = xgrad::cat({own, net.forward(own).narrow(1, own.size(1) - 1, 1)}, 1);
  std::vector<double> true_values, own_values;
  for (int64_t i = 0; i < length; ++i) {
    true_values.push_back(1 + wave[0][i][0].item<double>());
    own_values.push_back(1 + own[0][i][0].item<double>());
  }
  std::cout << "\na wave\n"
            << curve(true_values, 60, 6, "steps") << "\nits first half, and how the network goes on\n"
            << curve(own_values, 60, 6, "steps");
  const auto error = xgrad::mse_loss(own.narrow(1, seen, length - seen), wave.narrow(1, seen, length - seen));
  std::cout << "error of the second half: " << fixed(std::sqrt(error.item<double>()), 3) << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("sequence", "an LSTM goes on with a wave",
                   {{"steps", "300", "of Adam"},
                    {"batch", "32", "waves per step"},
                    {"width", "48", "neurons of the LSTM"},
                    {"lr", "0.01", "learning rate"}})
      .run(argc, argv, run);
}
