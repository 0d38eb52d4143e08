// Scans of every layout, against loops over the elements in long double.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <vector>

#include <xgrad/core/ops/reduce/scan_formulas.h>

#include "strided_array.h"

using namespace xgrad;
using namespace xgrad::kernels;
using namespace xgrad::kernels::testing;

namespace {

template <class F>
void run(F f, const ArrayView* results, const ArrayView* in, int64_t dim, bool reversed) {
  scan(scan_family.kernels[Scans::index<F>()], &f, results, in, dim, reversed);
}

// Calls f with the places of the elements of every line along `dim`, in the order of the scan.
void for_each_line(const std::vector<int64_t>& sizes, int64_t dim, bool reversed,
                   const std::function<void(const std::vector<int64_t>&)>& f) {
  int64_t outer = 1, inner = 1;
  for (int64_t d = 0; d < static_cast<int64_t>(sizes.size()); ++d)
    (d < dim ? outer : inner) *= d == dim ? 1 : sizes[static_cast<std::size_t>(d)];
  const int64_t n = sizes[static_cast<std::size_t>(dim)];
  for (int64_t o = 0; o < outer; ++o)
    for (int64_t i = 0; i < inner; ++i) {
      std::vector<int64_t> places;
      for (int64_t k = 0; k < n; ++k) places.push_back((o * n + k) * inner + i);
      if (reversed) std::reverse(places.begin(), places.end());
      f(places);
    }
}

const std::vector<std::vector<int64_t>> shapes = {{1},      {7},      {300},     {4, 5}, {3, 4, 5}, {2, 700},
                                                  {600, 3}, {5, 300}, {6, 1, 9}, {0, 3}, {2, 0}};

// Calls f with every shape, layout, dimension and direction.
void for_each_scan(const std::function<void(const std::vector<int64_t>&, ArrayLayout, int64_t, bool)>& f) {
  for (const auto& sizes : shapes)
    for (ArrayLayout layout : all_layouts)
      for (int64_t dim = 0; dim < static_cast<int64_t>(sizes.size()); ++dim)
        for (bool reversed : {false, true}) f(sizes, layout, dim, reversed);
}

double unit_of(ScalarType t) {
  return t == kHalf ? 1e-3 : t == kBFloat16 ? 8e-3 : t == kFloat ? 1e-6 : 1e-12;
}

}  // namespace

TEST_CASE("running sums, products and logarithms of sums of every dtype and layout") {
  for (ScalarType dtype : all_dtypes)
    for_each_scan([&](const auto& sizes, ArrayLayout layout, int64_t dim, bool reversed) {
      const bool floating = is_floating_type(dtype);
      StridedArray in(dtype, sizes, layout);
      const ScalarType t = floating ? dtype : kLong;
      StridedArray sum(t, sizes), product(t, sizes, ArrayLayout::sliced), log_sum(t, sizes);
      in.fill_with([](int64_t i) { return i % 5 == 0 ? 2 : i % 7 == 0 && i > 20 ? 0 : 1; });
      const ArrayView view = in.view(), sums = sum.view(), products = product.view(), logs = log_sum.view();
      run(CumSum{}, &sums, &view, dim, reversed);
      run(CumProd{}, &products, &view, dim, reversed);
      if (floating) run(LogCumSumExp{}, &logs, &view, dim, reversed);
      int64_t wrong = 0;
      const auto far = [&](const StridedArray& a, int64_t i, long double exact) {
        return !(std::abs(a.get(i) - static_cast<double>(exact)) <=
                 unit_of(t) * std::max(1., std::abs(static_cast<double>(exact))));
      };
      for_each_line(sizes, dim, reversed, [&](const std::vector<int64_t>& line) {
        long double s = 0, p = 1, e = 0;
        for (int64_t i : line) {
          s += in.get(i);
          p *= in.get(i);
          e += std::exp(static_cast<long double>(in.get(i)));
          wrong += far(sum, i, s) + (p < 1e4L ? far(product, i, p) : 0) +
                   (floating ? far(log_sum, i, std::log(e)) : 0);
        }
      });
      CHECK_MESSAGE(wrong == 0, dtype_name(dtype), ", ", sizes.size(), " dimensions, first ", sizes[0]);
    });
}

TEST_CASE("running extremes keep the last of equal positions, and NaN once it came") {
  for (ScalarType dtype : {kFloat, kDouble, kHalf, kLong, kInt, kShort, kChar, kByte, kBool})
    for_each_scan([&](const auto& sizes, ArrayLayout layout, int64_t dim, bool reversed) {
      StridedArray in(dtype, sizes, layout);
      in.fill_with([](int64_t i) { return scrambled(i, 12); });
      if (is_floating_type(dtype) && in.numel() > 3) in.set(in.numel() / 2, std::nan(""));
      StridedArray values(dtype, sizes), indices(kLong, sizes);
      const ArrayView both[] = {values.view(), indices.view()}, view = in.view();
      for (bool largest : {true, false}) {
        if (largest)
          run(CumMax{}, both, &view, dim, reversed);
        else
          run(CumMin{}, both, &view, dim, reversed);
        int64_t wrong = 0;
        for_each_line(sizes, dim, reversed, [&](const std::vector<int64_t>& line) {
          double best = 0;
          int64_t at = -1, position = 0;
          for (int64_t i : line) {
            const double x = in.get(i);
            if (at < 0 || std::isnan(x) || (largest ? x >= best : x <= best)) {
              best = x;
              at = position;
            }
            const double v = values.get(i);
            wrong += !(v == best || (std::isnan(v) && std::isnan(best))) ||
                     indices.get(i) != static_cast<double>(at);
            ++position;
          }
        });
        CHECK(wrong == 0);
      }
    });
}

TEST_CASE("a linear recurrence adds what it multiplied") {
  for (ScalarType dtype : {kFloat, kDouble})
    for_each_scan([&](const auto& sizes, ArrayLayout layout, int64_t dim, bool reversed) {
      StridedArray a(dtype, sizes, layout), b(dtype, sizes), y(dtype, sizes);
      a.fill_with([](int64_t i) { return scrambled(i, 5) * 0.5 - 1; });
      b.fill_with([](int64_t i) { return scrambled(i, 9) - 4; });
      const ArrayView in[] = {a.view(), b.view()}, out = y.view();
      run(LinearRecurrence{}, &out, in, dim, reversed);
      double worst = 0;
      for_each_line(sizes, dim, reversed, [&](const std::vector<int64_t>& line) {
        long double exact = 0;
        for (int64_t i : line) {
          exact = a.get(i) * exact + b.get(i);
          worst = std::max(worst, std::abs(y.get(i) - static_cast<double>(exact)) /
                                      std::max(1., std::abs(static_cast<double>(exact))));
        }
      });
      CHECK(worst < unit_of(dtype));
    });
}

TEST_CASE("float sums do not drift along a line") {
  StridedArray in(kFloat, {1000000}), out(kFloat, {1000000});
  in.fill_with([](int64_t) { return 0.1f; });
  const ArrayView view = in.view(), sums = out.view();
  run(CumSum{}, &sums, &view, 0, false);
  CHECK(out.get(999999) == doctest::Approx(1e6 * static_cast<double>(0.1f)).epsilon(1e-7));
}
