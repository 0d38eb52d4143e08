// Means, variances, norms and their like on every instruction set, against their formulas in long double.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <xgrad/core/kernels/reduce/reduce.h>
#include <xgrad/core/ops/reduce/formulas.h>

#include "reduced.h"

using namespace xgrad;
using namespace xgrad::kernels;
using namespace xgrad::kernels::testing;

namespace {

// A statistic and what it is of the elements of one result.
struct Statistic {
  std::string name;
  std::function<void(Isa, int64_t, const ArrayView&, const ArrayView&, const bool*)> reduce;
  std::function<long double(const std::vector<long double>&)> exact;
  ScalarType result = ScalarType::Undefined;  // that of the input
};

template <class F>
Statistic statistic(const char* name, F f, std::function<long double(const std::vector<long double>&)> exact,
                    ScalarType result = ScalarType::Undefined) {
  return {name,
          [f](Isa isa, int64_t n, const ArrayView& out, const ArrayView& in, const bool* reduced) mutable {
            f.count = n;
            reduce(f, &out, in, reduced, isa);
          },
          std::move(exact), result};
}

template <class F>
long double sum_of(const std::vector<long double>& x, const F& f) {
  long double sum = 0;
  for (long double v : x) sum += f(v);
  return sum;
}

std::vector<Statistic> statistics() {
  const auto variance = [](const std::vector<long double>& x) {
    const auto n = static_cast<long double>(x.size());
    const long double mean = sum_of(x, [](long double v) { return v; }) / n;
    return sum_of(x, [=](long double v) { return (v - mean) * (v - mean); }) / (n - 0.5L);
  };
  std::vector<Statistic> list = {
      statistic("mean", Mean{},
                [](const auto& x) {
                  return sum_of(x, [](long double v) { return v; }) / static_cast<long double>(x.size());
                }),
      statistic("nansum", NanSum{}, [](const auto& x) { return sum_of(x, [](long double v) { return v; }); }),
      statistic(
          "count_nonzero", CountNonzero{},
          [](const auto& x) { return sum_of(x, [](long double v) { return v != 0 ? 1 : 0; }); }, kLong),
      statistic("var", Var{{}, 0.5}, variance),
      statistic("std", Std{{{}, 0.5}}, [=](const auto& x) { return std::sqrt(variance(x)); }),
      statistic("logsumexp", LogSumExp{},
                [](const auto& x) { return std::log(sum_of(x, [](long double v) { return std::exp(v); })); }),
      statistic("norm 2", Norm2{{{}, 2}},
                [](const auto& x) { return std::sqrt(sum_of(x, [](long double v) { return v * v; })); }),
      statistic("norm 0", Norm0{{{}, 0}},
                [](const auto& x) { return sum_of(x, [](long double v) { return v != 0 ? 1 : 0; }); }),
      statistic("norm inf", Norm{{}, HUGE_VAL},
                [](const auto& x) {
                  long double most = 0;
                  for (long double v : x) most = std::max(most, std::abs(v));
                  return most;
                }),
      statistic("norm -inf", Norm{{}, -HUGE_VAL}, [](const auto& x) {
        long double least = HUGE_VALL;
        for (long double v : x) least = std::min(least, std::abs(v));
        return least;
      })};
  for (double p : {1., 3., 0.5})
    list.push_back(statistic("norm p", Norm{{}, p}, [p](const auto& x) {
      return std::pow(
          sum_of(x, [p](long double v) { return std::pow(std::abs(v), static_cast<long double>(p)); }),
          1 / static_cast<long double>(p));
    }));
  return list;
}

// Every statistic of the array on every instruction set; the exact ones are computed once.
void check_statistics(StridedArray& in, const Flags& reduced) {
  const auto sizes = kept_sizes(in.sizes, reduced);
  std::vector<std::vector<long double>> elements(
      static_cast<std::size_t>(StridedArray(kBool, sizes).numel()));
  for (int64_t i = 0; i < in.numel(); ++i)
    elements[static_cast<std::size_t>(result_of(i, in.sizes, reduced))].push_back(in.get(i));
  for (const Statistic& s : statistics()) {
    if (in.numel() == 1 && s.name == "var") continue;
    StridedArray out(s.result == ScalarType::Undefined ? in.dtype : s.result, sizes, ArrayLayout::sliced);
    const double unit = out.dtype == kHalf       ? 1e-3
                        : out.dtype == kBFloat16 ? 8e-3
                        : out.dtype == kFloat    ? 4e-6
                                                 : 1e-14;
    std::vector<double> exact;
    for (const auto& x : elements) exact.push_back(static_cast<double>(s.exact(x)));
    for (Isa isa : usable_isas()) {
      s.reduce(isa, in.numel() / out.numel(), out.view(), in.view(), reduced.data());
      int64_t wrong = 0;
      for (int64_t i = 0; i < out.numel(); ++i) {
        const double e = exact[static_cast<std::size_t>(i)];
        if (out.dtype == kHalf && e > 65504) continue;  // too large for its results
        wrong += !(std::abs(out.get(i) - e) <= unit * std::max(1., std::abs(e)));
      }
      CHECK_MESSAGE(wrong == 0, s.name, ", ", std::string(dtype_name(in.dtype)), ", isa ",
                    static_cast<int>(isa), ", ", in.sizes.size(), " dimensions, first ",
                    in.sizes.empty() ? 0 : in.sizes[0]);
    }
  }
}

}  // namespace

TEST_CASE("statistics of every dtype, layout and choice of dimensions follow their formulas") {
  const std::vector<std::vector<int64_t>> shapes = {{},        {1},     {7},       {9, 1, 17}, {3, 4, 5, 2},
                                                    {2, 1500}, {70, 3}, {1030, 2}, {12, 300}};
  for (ScalarType dtype : {kFloat, kDouble, kHalf, kBFloat16})
    for (const auto& sizes : shapes)
      for (ArrayLayout layout : {ArrayLayout::contiguous, ArrayLayout::transposed, ArrayLayout::padded}) {
        StridedArray in(dtype, sizes, layout);
        in.fill_with([](int64_t i) { return (scrambled(i, 64) - 30) * 0.125; });
        for (unsigned mask = 0; mask < 1u << sizes.size(); ++mask) check_statistics(in, flags_of(mask));
      }
}

TEST_CASE("a variance does not lose its digits to a large mean") {
  StridedArray in(kFloat, {1 << 20}), out(kFloat, {1});
  in.fill_with([](int64_t i) { return 4096 + (i % 2) * 0.5; });
  const bool reduced[] = {true};
  const ArrayView view = out.view();
  for (Isa isa : usable_isas()) {
    Var f{{}, 0};
    f.count = in.numel();
    reduce(f, &view, in.view(), reduced, isa);
    CHECK(out.get(0) == doctest::Approx(0.0625).epsilon(1e-5));
  }
}

TEST_CASE("a mean of 16-bit elements neither overflows nor stalls") {
  for (ScalarType dtype : {kHalf, kBFloat16}) {
    StridedArray in(dtype, {100000}), out(dtype, {1});
    in.fill_with([](int64_t) { return 1; });
    const bool reduced[] = {true};
    const ArrayView view = out.view();
    Mean f;
    f.count = in.numel();
    reduce(f, &view, in.view(), reduced);
    CHECK(out.get(0) == 1);
  }
}

TEST_CASE("smallest and largest are found together") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kFloat, kDouble, kLong, kInt, kShort, kChar, kByte, kBool})
      for (int64_t n : {1, 5, 100, 3000})
        for (bool by_rows : {false, true}) {
          StridedArray in(dtype, {n, 3}, by_rows ? ArrayLayout::transposed : ArrayLayout::contiguous),
              low(dtype, {1, 3}), high(dtype, {1, 3});
          in.fill_with([](int64_t i) { return scrambled(i, 127) + 1; });
          const bool reduced[] = {true, false};
          const ArrayView both[] = {low.view(), high.view()};
          reduce(AminMax{}, both, in.view(), reduced, isa);
          for (int64_t j = 0; j < 3; ++j) {
            double least = in.get(j), most = least;
            for (int64_t i = 0; i < n; ++i) {
              least = std::min(least, in.get(3 * i + j));
              most = std::max(most, in.get(3 * i + j));
            }
            CHECK((low.get(j) == least && high.get(j) == most));
          }
        }
}
