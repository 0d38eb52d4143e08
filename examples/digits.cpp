// A convolutional network reads handwritten digits.
#include <fstream>
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

// What a training goes on from.
void save_state(const Net& net, const xgrad::optim::AdamW& adam, const std::string& path) {
  xgrad::serialize::OutputArchive state, model, optimizer;
  net.save(model);
  adam.save(optimizer);
  state.write("model", model);
  state.write("optimizer", optimizer);
  state.save_to(path);
}

void load_state(Net& net, xgrad::optim::AdamW& adam, const std::string& path) {
  xgrad::serialize::InputArchive state, model, optimizer;
  state.load_from(path);
  state.read("model", model);
  state.read("optimizer", optimizer);
  net.load(model);
  adam.load(optimizer);
}

void run(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const Digits digits = load_digits(args.text("data"));
  const auto x = digits.images.unsqueeze(1);
  const int64_t rows = x.size(0), held_back = rows / 5, batch = args.whole("batch"),
                epochs = args.whole("epochs");
  const auto order = xgrad::randperm(rows);
  const auto test = order.narrow(0, 0, held_back), train = order.narrow(0, held_back, rows - held_back);

  Net net;
  xgrad::optim::AdamW adam(net.parameters(), xgrad::optim::AdamWOptions(args.real("lr")));
  const std::string state = args.text("state");
  if (!state.empty() && std::ifstream(state)) load_state(net, adam, state);
  Progress progress(epochs, "epoch", args.whole("trace"));
  for (int64_t epoch = 1; epoch <= epochs; ++epoch) {
    net.train();
    double sum = 0;
    for (const auto& part : xgrad::randperm(train.size(0)).split(batch)) {
      const auto picked = train.index_select(0, part);
      adam.zero_grad();
      const auto loss = xgrad::nn::functional::cross_entropy(net.forward(x.index_select(0, picked)),
                                                             digits.labels.index_select(0, picked));
      loss.backward();
      adam.step();
      sum += loss.item<double>() * static_cast<double>(part.size(0));
    }
    progress.show(epoch, sum / static_cast<double>(train.size(0)));
  }
  if (!state.empty()) save_state(net, adam, state);
  std::cout << "\nloss\n" << curve(progress.losses(), 60, 6);

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
                    {"state", "", "a file to go on from, if it is there, and to save to", true},
                    {"data", EXAMPLES_DATA "/digits.csv", "64 pixels and the digit in a row", true}})
      .run(argc, argv, run);
}
