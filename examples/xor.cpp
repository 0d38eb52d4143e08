// XOR, the smallest thing that no single layer learns, with two.
#include <iostream>

#include "common/arguments.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

struct Net : xgrad::nn::Module {
  explicit Net(int64_t width)
      : hidden(register_module("hidden", xgrad::nn::Linear(2, width))),
        output(register_module("output", xgrad::nn::Linear(width, 1))) {}
  xgrad::Tensor forward(const xgrad::Tensor& x) { return output(xgrad::tanh(hidden(x))); }

  xgrad::nn::Linear hidden, output;
};

void train(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const auto x = xgrad::tensor({{0.0, 0.0}, {0.0, 1.0}, {1.0, 0.0}, {1.0, 1.0}});
  const auto d = xgrad::tensor({{0.0}, {1.0}, {1.0}, {0.0}});
  Net net(args.whole("hidden"));
  xgrad::optim::Adam adam(net.parameters(), xgrad::optim::AdamOptions(args.real("lr")));

  Progress progress(args.whole("steps"), "step", args.whole("trace"));
  for (int64_t step = 1; step <= args.whole("steps"); ++step) {
    adam.zero_grad();
    const auto loss = xgrad::binary_cross_entropy_with_logits(net.forward(x), d);
    loss.backward();
    adam.step();
    progress.show(step, loss.item<double>());
  }
  std::cout << "\nloss\n" << curve(progress.losses(), 60, 6, "steps") << "\n";

  const xgrad::NoGradGuard no_grad;
  const auto o = xgrad::sigmoid(net.forward(x));
  for (int64_t i = 0; i < 4; ++i)
    std::cout << x[i][0].item<int>() << " xor " << x[i][1].item<int>() << " = "
              << fixed(o[i].item<double>(), 3) << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("xor", "two layers learn the exclusive or",
                   {{"steps", "400", "of Adam"},
                    {"hidden", "8", "neurons of the first layer"},
                    {"lr", "0.03", "learning rate"}})
      .run(argc, argv, train);
}
