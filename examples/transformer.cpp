// A small transformer learns a text, character by character, and writes on.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>

#include "common/arguments.h"
#include "common/input.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

struct Net : nn::Module {
  Net(int64_t characters, int64_t context, int64_t width)
      : meaning(register_module("meaning", nn::Embedding(characters, width))),
        place(register_module("place", nn::Embedding(context, width))),
        encoder(register_module(
            "encoder",
            nn::TransformerEncoder(
                nn::TransformerEncoderLayer(
                    nn::TransformerEncoderLayerOptions(width, 4).dim_feedforward(4 * width).dropout(0.1)),
                2))),
        output(register_module("output", nn::Linear(width, characters))) {}

  /// Logits of the next character behind each of [time, batch] characters.
  Tensor forward(const Tensor& text) {
    const int64_t time = text.size(0);
    const auto x = meaning(text) + place(xgrad::arange(time)).unsqueeze(1);
    const auto future = xgrad::full({time, time}, -INFINITY).triu(1);
    return output(encoder->forward(x, future));
  }

  nn::Embedding meaning, place;
  nn::TransformerEncoder encoder;
  nn::Linear output;
};

std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw InputError(printable(path, 4096) + ": cannot open the file");
  std::string text{std::istreambuf_iterator<char>(in), {}};
  if (text.size() < 100) throw InputError(printable(path, 4096) + ": there must be 100 characters at least");
  return text;
}

void run(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const std::string text = read(args.text("data"));
  std::string known = text;
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  std::vector<int64_t> numbers;
  for (const char c : text) numbers.push_back(static_cast<int64_t>(known.find(c)));
  const auto all = xgrad::tensor(numbers);

  const int64_t context = std::min<int64_t>(args.whole("context"), all.size(0) - 2);
  Net net(static_cast<int64_t>(known.size()), context, 64);
  xgrad::optim::AdamW adam(net.parameters(), xgrad::optim::AdamWOptions(args.real("lr")));
  Progress progress(args.whole("steps"), "step", args.whole("trace"));
  const auto offsets = xgrad::arange(context + 1).unsqueeze(1);
  for (int64_t step = 1; step <= args.whole("steps"); ++step) {
    const auto starts = xgrad::randint(all.size(0) - context - 1, {args.whole("batch")}, xgrad::kLong);
    const auto pieces = all.index({starts + offsets});  // [context + 1, batch]
    adam.zero_grad();
    const auto logits = net.forward(pieces.narrow(0, 0, context));
    const auto loss =
        nn::functional::cross_entropy(logits.flatten(0, 1), pieces.narrow(0, 1, context).flatten());
    loss.backward();
    adam.step();
    progress.show(step, loss.item<double>());
  }
  std::cout << "\nloss\n" << curve(progress.losses(), 60, 6, "steps") << "\nwhat it writes:\n\n";

  const xgrad::NoGradGuard no_grad;
  net.eval();
  auto written = all.narrow(0, 0, 10);
  while (written.size(0) < 10 + args.whole("characters")) {
    const auto recent = written.narrow(0, std::max<int64_t>(0, written.size(0) - context),
                                       std::min(written.size(0), context));
    const auto odds = xgrad::softmax(net.forward(recent.unsqueeze(1))[-1][0] / 0.7, 0);
    written = xgrad::cat({written, xgrad::multinomial(odds, 1)});
  }
  for (int64_t i = 0; i < written.size(0); ++i)
    std::cout << known[static_cast<size_t>(written[i].item<int64_t>())];
  std::cout << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("transformer", "a small transformer learns a text by heart",
                   {{"steps", "400", "of AdamW"},
                    {"batch", "16", "pieces of text per step"},
                    {"context", "48", "characters it looks back"},
                    {"lr", "0.003", "learning rate"},
                    {"characters", "300", "to write"},
                    {"data", EXAMPLES_DATA "/jabberwocky.txt", "the text", true}})
      .run(argc, argv, run);
}
