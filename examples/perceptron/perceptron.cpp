// A sigmoid perceptron learns to tell two classes of a CSV file apart: model, split, training loop, report.
// Command line, file and terminal have their own files beside this one.
#include <xgrad/xgrad.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <iostream>
#include <new>

#include "common/input.h"
#include "common/terminal.h"
#include "dataset.h"
#include "options.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;

namespace {

/// o = sigmoid(x w + b): x is (rows, inputs), o is (rows).
struct Net : nn::Module {
  explicit Net(int64_t inputs) {
    weights = register_parameter("weights", 0.1 * xgrad::randn({inputs}));
    bias = register_parameter("bias", xgrad::zeros({1}));
  }

  Tensor forward(const Tensor& x) { return xgrad::sigmoid(xgrad::matmul(x, weights) + bias); }

  Tensor weights, bias;
};

/// Inputs x (rows, inputs) and desired outputs d (rows).
struct Part {
  Tensor x, d;
};

struct Split {
  Part train, test;
};

/// Shuffles the rows, holds some back, and gives every column mean 0 and deviation 1 over the training rows.
Split shuffle_and_split(const Dataset& data, double test_fraction) {
  const auto rows = static_cast<int64_t>(data.inputs.size());
  const auto held_back = std::llround(test_fraction * static_cast<double>(rows));
  if (held_back == rows) throw InputError("--test-fraction: no row is left to train on");

  const auto order = xgrad::randperm(rows);
  std::vector<double> x, d;
  for (int64_t i = 0; i < rows; ++i) {
    const auto row = static_cast<size_t>(order[i].item<int64_t>());
    x.insert(x.end(), data.inputs[row].begin(), data.inputs[row].end());
    d.push_back(data.desired[row]);
  }
  const auto inputs = static_cast<int64_t>(data.columns.size());
  const auto all_x = xgrad::from_blob(x.data(), {rows, inputs}, xgrad::kFloat64);
  const auto all_d = xgrad::from_blob(d.data(), {rows}, xgrad::kFloat64);

  const auto train_x = all_x.slice(0, held_back);
  const auto mean = train_x.mean(0);
  const auto deviation = (train_x - mean).square().mean(0).sqrt();
  const auto varies = deviation > 1e-12 * mean.abs();  // a constant column becomes 0, not rounding noise
  const auto scaled = xgrad::where(varies, (all_x - mean) / deviation, xgrad::zeros_like(all_x));

  const auto part = [&](int64_t begin, int64_t end) {
    return Part{scaled.slice(0, begin, end).to(xgrad::kFloat32),
                all_d.slice(0, begin, end).to(xgrad::kFloat32)};
  };
  return {part(held_back, rows), part(0, held_back)};
}

/// Trains in place; returns the mean loss of every epoch.
std::vector<double> train(Net& net, const Part& part, const Options& options) {
  xgrad::optim::SGD optimizer(net.parameters(), xgrad::optim::SGDOptions(options.lr));
  const int64_t rows = part.x.size(0);
  std::vector<double> losses;
  Progress progress(options.epochs);
  for (int64_t epoch = 1; epoch <= options.epochs; ++epoch) {
    double sum = 0;
    for (int64_t begin = 0; begin < rows; begin += options.batch) {
      const int64_t end = std::min(begin + options.batch, rows);
      optimizer.zero_grad();
      auto o = net.forward(part.x.slice(0, begin, end));
      auto loss = (0.5 * (part.d.slice(0, begin, end) - o).pow(2)).mean();
      loss.backward();
      optimizer.step();
      sum += loss.item<double>() * static_cast<double>(end - begin);
    }
    losses.push_back(sum / static_cast<double>(rows));
    progress.show(epoch, losses.back());
  }
  return losses;
}

void report_weights(const Net& net, const std::vector<std::string>& columns) {
  std::cout << "\nweights, for columns of mean 0 and deviation 1\n";
  const double largest = std::max(net.weights.abs().max().item<double>(), net.bias.abs().item<double>());
  size_t width = 12;
  for (const auto& name : columns) width = std::max(width, length(name));
  const auto line = [&](const std::string& name, double value) {
    std::cout << "  " << pad_right(name, width) << pad_left(fixed(value, 4), 9) << "  "
              << bar(value, largest, 40) << "\n";
  };
  int64_t index = 0;
  for (const auto& name : columns) line(name, net.weights[index++].item<double>());
  line("bias", net.bias.item<double>());
}

void report_accuracy(Net& net, const Part& part, const std::string& name,
                     const std::vector<std::string>& classes) {
  xgrad::NoGradGuard no_grad;
  const int64_t rows = part.x.size(0);
  if (rows == 0) {
    std::cout << "\n" << name << ": no rows\n";
    return;
  }
  const auto o = net.forward(part.x);
  std::array<std::array<int64_t, 2>, 2> counts{};
  for (int64_t i = 0; i < rows; ++i) {
    ++counts[part.d[i].item<float>() > 0.5f][o[i].item<float>() > 0.5f];
  }
  const int64_t right = counts[0][0] + counts[1][1];
  const double accuracy = static_cast<double>(right) / static_cast<double>(rows);
  std::cout << "\n"
            << name << ": accuracy " << fixed(accuracy, 4) << ", " << right << " of " << rows << " rows\n";
  std::cout << confusion_table(classes, counts);
}

void run(const Options& options) {
  const Dataset data = load_dataset(options);
  xgrad::manual_seed(static_cast<uint64_t>(options.seed));
  const Split split = shuffle_and_split(data, options.test_fraction);
  Net net(static_cast<int64_t>(data.columns.size()));

  std::cout << printable(std::filesystem::path(options.data).filename().string()) << ": " << data.classes[0]
            << " (0) against " << data.classes[1] << " (1), " << split.train.x.size(0) << " rows to train, "
            << split.test.x.size(0) << " to test\n\n";
  const auto losses = train(net, split.train, options);
  std::cout << "\nloss\n" << curve(losses, 60, 8);
  report_weights(net, data.columns);
  report_accuracy(net, split.train, "train", data.classes);
  report_accuracy(net, split.test, "test", data.classes);
}

int refuse(const char* why) {
  std::cout.flush();
  std::cerr << "perceptron: " << why << "\n";
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Options options = parse_options(argc, argv);
    if (options.help) {
      std::cout << usage();
    } else {
      run(options);
    }
    return std::cout.flush() ? 0 : 1;
  } catch (const InputError& error) {
    return refuse(error.what());
  } catch (const std::bad_alloc&) {
    return refuse("there is not enough memory for this file");
  } catch (const xgrad::Error& error) {  // of the library: memory for a tensor
    return refuse(error.what());
  }
}
