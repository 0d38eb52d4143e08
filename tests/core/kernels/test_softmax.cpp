// Softmax on every instruction set of this machine, against the formula in long double.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include <xgrad/core/kernels/softmax/softmax.h>
#include <xgrad/core/types/num_threads.h>

#include "strided_array.h"

using namespace xgrad;
using namespace xgrad::kernels;
using namespace xgrad::kernels::testing;

namespace {

struct Shape {
  int64_t outer, n, inner;
  std::vector<int64_t> sizes() const { return {outer, n, inner}; }
  // Calls f with the places of the n elements of every softmax.
  template <class F>
  void each(F&& f) const {
    std::vector<int64_t> at(static_cast<std::size_t>(n));
    for (int64_t o = 0; o < outer; ++o)
      for (int64_t i = 0; i < inner; ++i) {
        for (int64_t k = 0; k < n; ++k) at[static_cast<std::size_t>(k)] = (o * n + k) * inner + i;
        f(at);
      }
  }
};

std::vector<Shape> shapes() {
  std::vector<Shape> list = {{0, 3, 1}, {3, 0, 1},   {3, 4, 0},   {1, 1, 1},
                             {5, 1, 3}, {2, 70, 65}, {3, 5, 200}, {1, 300, 2}};
  for (int64_t n : {2, 3, 7, 8, 9, 15, 16, 17, 31, 33, 100, 1024, 1500, 5000}) {
    list.push_back({3, n, 1});
    if (n < 33) list.push_back({300 + n, n, 1});  // the shortest as columns
    if (n < 200) list.push_back({2, n, n});
  }
  return list;
}

double forward_error(bool log, const Shape& shape, const StridedArray& x, const StridedArray& y) {
  double worst = 0;
  shape.each([&](const std::vector<int64_t>& at) {
    long double top = -HUGE_VALL, sum = 0;
    for (int64_t i : at) top = std::max<long double>(top, x.get(i));
    for (int64_t i : at) sum += std::exp(x.get(i) - top);
    for (int64_t i : at) {
      const long double shifted = x.get(i) - top, e = log ? shifted - std::log(sum) : std::exp(shifted) / sum;
      worst = std::max(worst,
                       static_cast<double>(std::abs(y.get(i) - e) / (log ? std::max(1.L, std::abs(e)) : e)));
    }
  });
  return worst;
}

double backward_error(bool log, const Shape& shape, const StridedArray& g, const StridedArray& y,
                      const StridedArray& dx) {
  double worst = 0;
  shape.each([&](const std::vector<int64_t>& at) {
    long double sum = 0, size = 0;
    for (int64_t i : at)
      sum += log ? static_cast<long double>(g.get(i)) : static_cast<long double>(g.get(i)) * y.get(i);
    for (int64_t i : at) size += std::abs(g.get(i)) * (log ? 1 : y.get(i));
    for (int64_t i : at) {
      const long double yi = y.get(i), gi = g.get(i);
      const long double e = log ? gi - std::exp(yi) * sum : yi * (gi - sum);
      const long double scale = log ? std::abs(gi) + std::exp(yi) * size : yi * (std::abs(gi) + size);
      worst = std::max(worst, static_cast<double>(std::abs(dx.get(i) - e) / scale));
    }
  });
  return worst;
}

double value(int64_t i) { return scrambled(i, 4001) * 0.004 - 8; }

}  // namespace

TEST_CASE("softmax and its logarithm follow the formula in every shape") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kFloat, kDouble})
      for (const Shape& shape : shapes())
        for (bool log : {false, true}) {
          StridedArray x(dtype, shape.sizes()), y(dtype, shape.sizes());
          x.fill_with(value);
          softmax_on(isa, log, x.view().data, y.view().data, dtype, shape.outer, shape.n, shape.inner);
          const double error = forward_error(log, shape, x, y);
          CHECK_MESSAGE(error < (dtype == kFloat ? 1e-6 : 2e-15), "isa ", static_cast<int>(isa), ", log ",
                        log, ", ", shape.outer, " x ", shape.n, " x ", shape.inner, ": ", error);
          softmax_on(isa, log, x.view().data, x.view().data, dtype, shape.outer, shape.n, shape.inner);
          CHECK(x.bytes() == y.bytes());
        }
}

TEST_CASE("the gradients follow the formula in every shape") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kFloat, kDouble})
      for (const Shape& shape : shapes())
        for (bool log : {false, true}) {
          StridedArray y(dtype, shape.sizes()), g(dtype, shape.sizes()), dx(dtype, shape.sizes());
          y.fill_with(value);
          g.fill_with([](int64_t i) { return value(i * 7 + 3); });
          softmax_on(isa, log, y.view().data, y.view().data, dtype, shape.outer, shape.n, shape.inner);
          softmax_backward_on(isa, log, g.view().data, y.view().data, dx.view().data, dtype, shape.outer,
                              shape.n, shape.inner);
          const double error = backward_error(log, shape, g, y, dx);
          CHECK_MESSAGE(error < (dtype == kFloat ? 2e-6 : 4e-15), "isa ", static_cast<int>(isa), ", log ",
                        log, ", ", shape.outer, " x ", shape.n, " x ", shape.inner, ": ", error);
          softmax_backward_on(isa, log, g.view().data, y.view().data, g.view().data, dtype, shape.outer,
                              shape.n, shape.inner);
          CHECK(g.bytes() == dx.bytes());
        }
}

TEST_CASE("16-bit elements are computed in float and rounded once") {
  for (ScalarType dtype : {kHalf, kBFloat16})
    for (const Shape& shape : shapes())
      for (bool log : {false, true}) {
        StridedArray x(dtype, shape.sizes()), y(dtype, shape.sizes()), wide_x(kFloat, shape.sizes()),
            wide_y(kFloat, shape.sizes()), rounded(dtype, shape.sizes());
        const auto widen = [&](StridedArray& to, const StridedArray& from) {
          to.fill_with([&](int64_t i) { return from.get(i); });
        };
        x.fill_with(value);
        widen(wide_x, x);
        const auto [outer, n, inner] = shape;
        softmax(log, x.view().data, y.view().data, dtype, outer, n, inner);
        softmax(log, wide_x.view().data, wide_y.view().data, kFloat, outer, n, inner);
        widen(rounded, wide_y);
        CHECK(y.bytes() == rounded.bytes());
        widen(wide_y, y);
        softmax_backward(log, x.view().data, y.view().data, x.view().data, dtype, outer, n, inner);
        softmax_backward(log, wide_x.view().data, wide_y.view().data, wide_x.view().data, kFloat, outer, n,
                         inner);
        widen(rounded, wide_x);
        CHECK(x.bytes() == rounded.bytes());
      }
}

TEST_CASE("large values neither overflow nor vanish") {
  for (Isa isa : usable_isas()) {
    const float x[] = {1e30f, 1e30f, -1e30f, 0.f};
    float y[4], logarithm[4];
    softmax_on(isa, false, x, y, kFloat, 1, 4, 1);
    softmax_on(isa, true, x, logarithm, kFloat, 1, 4, 1);
    CHECK((y[0] == 0.5f && y[1] == 0.5f && y[2] == 0.f && y[3] == 0.f));
    CHECK((logarithm[0] == doctest::Approx(-std::log(2.)) && logarithm[3] == -1e30f));
  }
}

TEST_CASE("infinities and NaN give what they give in PyTorch") {
  const float inf = HUGE_VALF, nan = std::nanf("");
  for (Isa isa : usable_isas())
    for (int64_t inner : {1, 3})
      for (int64_t n : {3, 40}) {
        const auto run = [&](float rest, float first, bool log) {
          std::vector<float> x(static_cast<std::size_t>(n * inner), rest), y(x.size());
          for (int64_t i = 0; i < inner; ++i) x[static_cast<std::size_t>(i)] = first;
          softmax_on(isa, log, x.data(), y.data(), kFloat, 1, n, inner);
          return std::pair(y.front(), y.back());
        };
        const auto all_low = run(-inf, -inf, false), one_low = run(0, -inf, false),
                   one_high = run(0, inf, false), one_nan = run(0, nan, false), log_low = run(0, -inf, true),
                   log_all_low = run(-inf, -inf, true);
        CHECK((std::isnan(all_low.first) && std::isnan(all_low.second)));
        CHECK((one_low.first == 0 && one_low.second == doctest::Approx(1. / static_cast<double>(n - 1))));
        CHECK((std::isnan(one_high.first) && std::isnan(one_high.second)));
        CHECK((std::isnan(one_nan.first) && std::isnan(one_nan.second)));
        CHECK((log_low.first == -inf &&
               log_low.second == doctest::Approx(-std::log(static_cast<double>(n - 1)))));
        CHECK((std::isnan(log_all_low.first) && std::isnan(log_all_low.second)));
      }
}

TEST_CASE("any number of threads gives the same bits") {
  for (const Shape& shape : {Shape{300, 100, 1}, Shape{3, 50, 300}})
    for (bool log : {false, true}) {
      StridedArray x(kFloat, shape.sizes()), one(kFloat, shape.sizes()), more(kFloat, shape.sizes());
      x.fill_with(value);
      set_num_threads(1);
      softmax(log, x.view().data, one.view().data, kFloat, shape.outer, shape.n, shape.inner);
      for (int threads : {2, 3}) {
        set_num_threads(threads);
        softmax(log, x.view().data, more.view().data, kFloat, shape.outer, shape.n, shape.inner);
        CHECK(one.bytes() == more.bytes());
      }
    }
  set_num_threads(1);
}
