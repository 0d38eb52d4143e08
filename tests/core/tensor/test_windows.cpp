// Windows against their formulas, element by element.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

constexpr double kPi = 3.14159265358979323846;

struct Window {
  const char* name;
  std::function<Tensor(int64_t, bool, TensorOptions)> make;
  std::function<double(double)> at;  // of k / period
};

const std::vector<Window>& windows() {
  static const std::vector<Window> all = {
      {"hann", [](int64_t n, bool p, TensorOptions o) { return hann_window(n, p, o); },
       [](double x) { return std::pow(std::sin(kPi * x), 2); }},
      {"hamming", [](int64_t n, bool p, TensorOptions o) { return hamming_window(n, p, o); },
       [](double x) { return 0.54 - 0.46 * std::cos(2 * kPi * x); }},
      {"hamming, own numbers",
       [](int64_t n, bool p, TensorOptions o) { return hamming_window(n, p, 0.6, 0.3, o); },
       [](double x) { return 0.6 - 0.3 * std::cos(2 * kPi * x); }},
      {"blackman", [](int64_t n, bool p, TensorOptions o) { return blackman_window(n, p, o); },
       [](double x) { return 0.42 - 0.5 * std::cos(2 * kPi * x) + 0.08 * std::cos(4 * kPi * x); }},
      {"bartlett", [](int64_t n, bool p, TensorOptions o) { return bartlett_window(n, p, o); },
       [](double x) { return x < 0.5 ? 2 * x : 2 - 2 * x; }},
  };
  return all;
}

}  // namespace

TEST_CASE("a window has the values of its formula, symmetric or periodic") {
  for (const Window& w : windows())
    for (const int64_t n : {2, 3, 8, 101})
      for (const bool periodic : {true, false}) {
        CAPTURE(w.name);
        CAPTURE(n);
        const Tensor t = w.make(n, periodic, kDouble);
        for (int64_t k = 0; k < n; ++k)
          CHECK(t[k].item<double>() ==
                doctest::Approx(w.at(static_cast<double>(k) / static_cast<double>(n - !periodic)))
                    .epsilon(1e-12));
      }
}

TEST_CASE("a window of one element is 1, and of none is empty") {
  for (const Window& w : windows()) {
    CHECK_EQ(w.make(1, false, kFloat).item<float>(), 1);
    CHECK_EQ(w.make(0, true, kFloat).numel(), 0);
  }
}

TEST_CASE("windows are of the default dtype, periodic, and rounded once") {
  CHECK_EQ(hann_window(5).dtype(), kFloat);
  CHECK(hann_window(5).equal(hann_window(5, true, kDouble).to(kFloat)));
  CHECK(hamming_window(5).equal(hamming_window(5, true, 0.54, 0.46, kDouble).to(kFloat)));
  CHECK(blackman_window(5, kHalf).equal(blackman_window(5, kDouble).to(kHalf)));
  CHECK(bartlett_window(5, requires_grad()).requires_grad());
}

TEST_CASE("a negative length and an integer dtype are refused") {
  CHECK_EQ(message_of([] { hann_window(-1); }), "hann_window: window_length must not be negative: got -1");
  CHECK_EQ(message_of<TypeError>([] { bartlett_window(3, kLong); }),
           "bartlett_window: dtype must be floating: got int64");
}
