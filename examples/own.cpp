// What the library does not have, made by its user: a layer with parameters of its own, and a function with a
// derivative of its own.
#include <iostream>

#include "common/arguments.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

/// Rounds to multiples of a step. Its true derivative is 0 almost everywhere, so nothing would be learned
/// through it; this one lets the gradient pass as if nothing had been rounded.
struct Round : xgrad::autograd::Function<Round> {
  static Tensor forward(xgrad::autograd::AutogradContext*, const Tensor& x, double step) {
    return (x / step).round() * step;
  }
  static xgrad::autograd::variable_list backward(xgrad::autograd::AutogradContext*,
                                                 const xgrad::autograd::variable_list& gradients) {
    return {gradients[0], Tensor()};
  }
};

/// y = sum of a_i sin(b_i x + c_i), with amplitudes that are multiples of a step.
struct WavesImpl : nn::Module {
  WavesImpl(int64_t count, double step)
      : amplitudes(register_parameter("amplitudes", xgrad::randn({count, 1}) * 0.3)),
        frequencies(register_parameter("frequencies", xgrad::randn({1, count}) * 3)),
        phases(register_parameter("phases", xgrad::zeros({count}))),
        step_(step) {}

  Tensor forward(const Tensor& x) {
    return xgrad::sin(x.matmul(frequencies) + phases).matmul(Round::apply(amplitudes, step_));
  }
  void pretty_print(std::ostream& out) const override {
    out << "Waves(count=" << phases.numel() << ", step=" << step_ << ")";
  }

  Tensor amplitudes, frequencies, phases;

 private:
  double step_;
};
#ifdef EXAMPLES_WITH_LIBTORCH
TORCH_MODULE(Waves);
#else
XGRAD_MODULE(Waves);
#endif

void train(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  Waves waves(args.whole("waves"), 0.125);
  std::cout << *waves << "\n\n";
  xgrad::optim::Adam adam(waves->parameters(), xgrad::optim::AdamOptions(args.real("lr")));
  const auto x = xgrad::linspace(-1, 1, 200).view({-1, 1});
  const auto d = xgrad::abs(x);

  Progress progress(args.whole("steps"), "step", args.whole("trace"));
  for (int64_t step = 1; step <= args.whole("steps"); ++step) {
    adam.zero_grad();
    const auto loss = xgrad::mse_loss(waves(x), d);
    loss.backward();
    adam.step();
    progress.show(step, loss.item<double>());
  }
  const xgrad::NoGradGuard no_grad;
  const auto y = waves(x);
  std::vector<double> values;
  for (int64_t i = 0; i < x.size(0); ++i) values.push_back(std::max(0.0, y[i].item<double>()));
  std::cout << "\n|x| from waves with amplitudes that are multiples of 1/8\n"
            << curve(values, 60, 8, "points");
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments(
             "own", "a layer and a derivative that the library does not have",
             {{"steps", "1000", "of Adam"}, {"waves", "12", "of the sum"}, {"lr", "0.01", "learning rate"}})
      .run(argc, argv, train);
}
