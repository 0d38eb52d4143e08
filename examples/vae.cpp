// A variational autoencoder: handwritten digits squeezed into a few numbers, and made anew from others.
#include <iostream>

#include "common/arguments.h"
#include "common/digits.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

struct Autoencoder : nn::Module {
  Autoencoder(int64_t pixels, int64_t code)
      : encoder(register_module("encoder", nn::Sequential(nn::Linear(pixels, 128), nn::ReLU()))),
        mean(register_module("mean", nn::Linear(128, code))),
        log_variance(register_module("log_variance", nn::Linear(128, code))),
        decoder(register_module(
            "decoder", nn::Sequential(nn::Linear(code, 128), nn::ReLU(), nn::Linear(128, pixels)))) {}

  /// The loss: what is lost of the pictures, and how far the codes are from noise.
  Tensor loss(const Tensor& x) {
    const auto features = encoder->forward(x);
    const auto mu = mean(features), log_var = log_variance(features);
    const auto code = mu + (0.5 * log_var).exp() * xgrad::randn_like(mu);
    const auto lost = xgrad::binary_cross_entropy_with_logits(decoder->forward(code), x) * x.size(1);
    const auto divergence = -0.5 * (1 + log_var - mu.pow(2) - log_var.exp()).sum(1).mean();
    return lost + divergence;
  }

  nn::Sequential encoder;
  nn::Linear mean, log_variance;
  nn::Sequential decoder;
};

void train(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const Digits digits = load_digits(args.text("data"));
  const auto x = digits.images.flatten(1);
  const int64_t code = args.whole("code"), batch = args.whole("batch"), epochs = args.whole("epochs");
  Autoencoder model(x.size(1), code);
  xgrad::optim::Adam adam(model.parameters(), xgrad::optim::AdamOptions(args.real("lr")));

  Progress progress(epochs, "epoch", args.whole("trace"));
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    const auto order = xgrad::randperm(x.size(0));
    double sum = 0;
    for (const auto& rows : order.split(batch)) {
      adam.zero_grad();
      const auto loss = model.loss(x.index_select(0, rows));
      loss.backward();
      adam.step();
      sum += loss.item<double>() * static_cast<double>(rows.size(0));
    }
    progress.show(epoch, sum / static_cast<double>(x.size(0)));
  }
  std::cout << "\nloss\n" << curve(progress.losses(), 60, 6);

  const xgrad::NoGradGuard no_grad;
  const auto again =
      xgrad::sigmoid(model.decoder->forward(model.mean(model.encoder->forward(x.narrow(0, 0, 5)))));
  std::cout << "\nfive digits, and what their codes of " << code << " numbers say of them\n"
            << picture_row(digits.images.narrow(0, 0, 5)) << "\n"
            << picture_row(again.view({5, 8, 8})) << "\nfive that nobody wrote\n"
            << picture_row(xgrad::sigmoid(model.decoder->forward(xgrad::randn({5, code}))).view({5, 8, 8}));
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("vae", "a variational autoencoder of handwritten digits",
                   {{"epochs", "30", "times through the digits"},
                    {"batch", "64", "digits per step"},
                    {"code", "8", "numbers of a code"},
                    {"lr", "0.002", "learning rate"},
                    {"data", EXAMPLES_DATA "/digits.csv", "64 pixels and the digit in a row", true}})
      .run(argc, argv, train);
}
