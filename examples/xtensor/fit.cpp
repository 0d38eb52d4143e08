// A curve fitted to measurements, for a person with xtensor code: xtensor reads the file, the columns become
// tensors without a copy, gradients improve two parameters that stay an xt::xtensor, and xtensor writes the
// fitted curve.
//
//     xtensor [<measurements.csv> [<fit.csv>]]
#include <xgrad/xgrad.h>
#include <xgrad/xtensor.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <stdexcept>
#include <string>

#if __has_include(<xtensor/io/xcsv.hpp>)  // 0.26 and newer group their headers
#include <xtensor/generators/xbuilder.hpp>
#include <xtensor/io/xcsv.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xbuilder.hpp>
#include <xtensor/xcsv.hpp>
#include <xtensor/xview.hpp>
#endif

using xgrad::Tensor;

namespace {

/// The volume of a gas that a surface adsorbs, over tensors or over xtensor expressions: b1 (1 - exp(-b2
/// pressure)).
template <class B, class P>
auto adsorbed(const B& b1, const B& b2, const P& pressure) {
  using std::exp;  // xt::exp and xgrad::exp are found by their arguments
  return b1 * (1 - exp(-b2 * pressure));
}

xt::xarray<double> read(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error(path + ": cannot be opened");
  const int names = 1;  // lines at the top
  return xt::load_csv<double>(file, ',', names);
}

void run(const std::string& measurements, const std::string& result) {
  xt::xarray<double> data = read(measurements);
  data /= xt::xarray<double>{1000, 100};  // units in which both columns are about 1
  auto pressure = xt::view(data, xt::all(), 0);
  auto volume = xt::view(data, xt::all(), 1);
  const Tensor p = xgrad::from_xtensor(pressure), v = xgrad::from_xtensor(volume);

  xt::xtensor<double, 1> b = {2.5, 0.5};
  const Tensor parameters = xgrad::from_xtensor(b).requires_grad_();
  xgrad::optim::SGD sgd({parameters}, xgrad::optim::SGDOptions(1.).momentum(0.98).nesterov(true));
  for (int step = 0; step <= 3000; ++step) {
    sgd.zero_grad();
    const Tensor loss = (adsorbed(parameters[0], parameters[1], p) - v).pow(2).mean();
    loss.backward();
    if (step % 500 == 0)
      std::printf("step %4d  loss %.4e  b1 %.5f  b2 %.5e\n", step, loss.item<double>(), 100 * b(0),
                  b(1) / 1000);
    sgd.step();  // writes into b
  }

  const xt::xtensor<double, 1> curve = adsorbed(b(0), b(1), pressure), rest = volume - curve;
  std::printf("\nb1 = %.5f, b2 = %.5e, sum of squares %.8f\n", 100 * b(0), b(1) / 1000,
              xt::sum(xt::square(100 * rest))());
  xt::xarray<double> table = xt::empty<double>({curve.size(), std::size_t{3}});
  xt::col(table, 0) = 1000 * pressure;
  xt::col(table, 1) = 100 * volume;
  xt::col(table, 2) = 100 * curve;
  std::ofstream file(result);
  xt::dump_csv(file, table);
  if (!file.flush()) throw std::runtime_error(result + ": cannot be written");
  std::printf("%s: %zu rows of pressure, volume and fitted volume\n", result.c_str(), table.shape(0));
}

}  // namespace

int main(int argc, char** argv) {
  try {
    run(argc > 1 ? argv[1] : EXAMPLES_DATA "/misra1a.csv", argc > 2 ? argv[2] : "fit.csv");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "xtensor: %s\n", error.what());
    return 2;
  }
}
