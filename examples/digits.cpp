// A convolutional network reads handwritten digits.
#include <iostream>

#include "common/arguments.h"
#include "common/digits.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

struct Net : nn::Module {
  Net()
      : features(register_module(
            "features",
            nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 16, 3).padding(1)), nn::BatchNorm2d(16),
                           nn::ReLU(), nn::MaxPool2d(2), nn::Conv2d(nn::Conv2dOptions(16, 32, 3).padding(1)),
                           nn::BatchNorm2d(32), nn::ReLU(), nn::MaxPool2d(2)))),
        dropout(register_module("dropout", nn::Dropout(0.3))),
        classes(register_module("classes", nn::Linear(32 * 2 * 2, 10))) {}
  Tensor forward(const Tensor& x) { return classes(dropout(features->forward(x).flatten(1))); }

  nn::Sequential features;
  nn::Dropout dropout;
  nn::Linear classes;
};

// Pictures [n, 1, 8, 8] and what they show.
struct Handwriting : xgrad::data::datasets::Dataset<Handwriting> {
  Handwriting(Tensor images, Tensor labels) : images_(std::move(images)), labels_(std::move(labels)) {}
  xgrad::data::Example<> get(size_t index) override {
    const auto i = static_cast<int64_t>(index);
    return {images_[i], labels_[i]};
  }
  xgrad::optional<size_t> size() const override { return static_cast<size_t>(images_.size(0)); }

 private:
  Tensor images_, labels_;
};

void run(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const Digits digits = load_digits(args.text("data"));
  const auto x = digits.images.unsqueeze(1);
  const int64_t rows = x.size(0), held_back = rows / 5, epochs = args.whole("epochs");
  const auto order = xgrad::randperm(rows);
  const auto test = order.narrow(0, 0, held_back), train = order.narrow(0, held_back, rows - held_back);

  Net net;
  xgrad::optim::AdamW adam(net.parameters(), xgrad::optim::AdamWOptions(args.real("lr")));
  auto loader = xgrad::data::make_data_loader(
      Handwriting(x.index_select(0, train), digits.labels.index_select(0, train))
          .map(xgrad::data::transforms::Stack<>()),
      static_cast<size_t>(args.whole("batch")));
  int64_t epoch = 0, step = 0;
  double sum = 0;
#ifndef EXAMPLES_WITH_LIBTORCH  // which has none of these files
  const std::string& state = args.text("state");
  xgrad::Checkpoint checkpoint(state);
  checkpoint.add("model", net).add("optimizer", adam).add("loader", *loader).add("epoch", epoch);
  checkpoint.add("generator", xgrad::default_generator()).add("sum", sum);
  if (!state.empty()) step = checkpoint.resume().value_or(0);
#endif
  Progress progress(epochs, "epoch", args.whole("trace"));
  for (; epoch < epochs; ++epoch, sum = 0) {
    net.train();
    for (auto& batch : *loader) {
      adam.zero_grad();
      const auto loss = xgrad::nn::functional::cross_entropy(net.forward(batch.data), batch.target);
      loss.backward();
      adam.step();
      sum += loss.item<double>() * static_cast<double>(batch.data.size(0));
      ++step;
#ifndef EXAMPLES_WITH_LIBTORCH
      if (!state.empty() && step % 50 == 0) checkpoint.save(step);
#endif
    }
    progress.show(epoch + 1, sum / static_cast<double>(train.size(0)));
  }
#ifndef EXAMPLES_WITH_LIBTORCH
  if (!state.empty()) {
    checkpoint.save(step);
    xgrad::save(net, state + "/digits.pt");
    xgrad::save_safetensors(net.state_dict(), state + "/digits.safetensors");
  }
#endif
  if (!progress.losses().empty()) std::cout << "\nloss\n" << curve(progress.losses(), 60, 6);

  const xgrad::NoGradGuard no_grad;
  net.eval();
  const auto labels = digits.labels.index_select(0, test);
  const auto predicted = net.forward(x.index_select(0, test)).argmax(1);
  const auto right = (predicted == labels).sum().item<int64_t>();
  std::cout << "\n" << right << " of " << held_back << " digits that it never saw are read right\n";
  const auto wrong = (predicted != labels).nonzero().flatten();
  const int64_t shown = std::min<int64_t>(5, wrong.numel());
  if (shown == 0) return;
  std::cout << "some that are not:\n"
            << picture_row(digits.images.index_select(0, test.index_select(0, wrong.narrow(0, 0, shown))));
  for (int64_t i = 0; i < shown; ++i) {
    const auto k = wrong[i].item<int64_t>();
    std::cout << pad_right(std::to_string(labels[k].item<int64_t>()) + " read as " +
                               std::to_string(predicted[k].item<int64_t>()),
                           18);
  }
  std::cout << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("digits", "a convolutional network reads handwritten digits",
                   {{"epochs", "15", "times through the digits"},
                    {"batch", "64", "digits per step"},
                    {"lr", "0.003", "learning rate"},
                    {"state", "", "a folder to go on from and to save to: checkpoints and weights", true},
                    {"data", EXAMPLES_DATA "/digits.csv", "64 pixels and the digit in a row", true}})
      .run(argc, argv, run);
}
