// A line through points and a border between classes: linear regression, whose answer is known in closed
// form, and logistic regression, on Fisher's iris measurements.
#include <iostream>

#include "common/arguments.h"
#include "common/csv.h"
#include "common/input.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

struct Iris {
  xgrad::Tensor x, species;  // four measurements of each flower; 0, 1 or 2
  std::vector<std::string> names;
};

Iris load(const std::string& path) {
  const CsvFile file = read_csv(path);
  std::vector<float> numbers;
  std::vector<int64_t> classes;
  Iris iris;
  for (const CsvRow& row : file.rows) {
    for (size_t c = 0; c + 1 < row.fields.size(); ++c) {
      double value = 0;
      if (!parse_number(row.fields[c], value))
        file.fail(row.line, c, quoted(row.fields[c]) + " is not a number");
      numbers.push_back(static_cast<float>(value));
    }
    const std::string& name = row.fields.back();
    if (iris.names.empty() || iris.names.back() != name) iris.names.push_back(name);
    classes.push_back(static_cast<int64_t>(iris.names.size()) - 1);
  }
  const auto rows = static_cast<int64_t>(file.rows.size());
  iris.x = xgrad::tensor(numbers).view({rows, -1});
  iris.species = xgrad::tensor(classes);
  return iris;
}

xgrad::Tensor standardized(const xgrad::Tensor& x) { return (x - x.mean(0)) / x.std(0); }

// The width of a petal by its length.
void fit_line(const Iris& iris, const Arguments& args) {
  const auto x = iris.x.select(1, 2), y = iris.x.select(1, 3);
  const auto z = standardized(x);
  auto slope = xgrad::zeros({}, xgrad::requires_grad()), shift = xgrad::zeros({}, xgrad::requires_grad());
  xgrad::optim::SGD sgd({slope, shift}, xgrad::optim::SGDOptions(0.1));
  Progress progress(args.whole("epochs"), "epoch", args.whole("trace"));
  for (int64_t epoch = 1; epoch <= args.whole("epochs"); ++epoch) {
    sgd.zero_grad();
    const auto loss = xgrad::mse_loss(slope * z + shift, y);
    loss.backward();
    sgd.step();
    progress.show(epoch, loss.item<double>());
  }
  const double a = slope.item<double>() / x.std().item<double>();
  const double b = shift.item<double>() - a * x.mean().item<double>();
  const auto dx = x - x.mean();
  const double best = ((dx * (y - y.mean())).sum() / (dx * dx).sum()).item<double>();
  std::cout << "petal_width = " << fixed(a, 4) << " petal_length " << (b < 0 ? "- " : "+ ")
            << fixed(std::abs(b), 4) << "   (least squares: slope " << fixed(best, 4) << ")\n\n";
}

void classify(const Iris& iris, const Arguments& args) {
  const auto x = standardized(iris.x);
  xgrad::nn::Linear model(x.size(1), static_cast<int64_t>(iris.names.size()));
  xgrad::optim::SGD sgd(model->parameters(), xgrad::optim::SGDOptions(0.5).momentum(0.9).weight_decay(1e-3));
  Progress progress(args.whole("epochs"), "epoch", args.whole("trace"));
  for (int64_t epoch = 1; epoch <= args.whole("epochs"); ++epoch) {
    sgd.zero_grad();
    const auto loss = xgrad::nn::functional::cross_entropy(model(x), iris.species);
    loss.backward();
    sgd.step();
    progress.show(epoch, loss.item<double>());
  }
  const xgrad::NoGradGuard no_grad;
  const auto predicted = model(x).argmax(1);
  for (size_t k = 0; k < iris.names.size(); ++k) {
    const auto own = iris.species == static_cast<int64_t>(k);
    const auto right = xgrad::logical_and(own, predicted == iris.species).sum().item<int64_t>();
    std::cout << pad_right(iris.names[k], 12) << right << " of " << own.sum().item<int64_t>() << " right\n";
  }
}

void run(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  const Iris iris = load(args.text("data"));
  fit_line(iris, args);
  classify(iris, args);
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("regression", "a line through measurements, and borders between species",
                   {{"epochs", "100", "of each of the two"},
                    {"data", EXAMPLES_DATA "/iris.csv", "measurements with the species last", true}})
      .run(argc, argv, run);
}
