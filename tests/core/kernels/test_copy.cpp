// Conversion, copy and fill against plain loops over single elements.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <vector>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/types/num_threads.h>

#include "strided_array.h"

using namespace xgrad;
using namespace xgrad::kernels;
using namespace xgrad::kernels::testing;

namespace {

int64_t to_long(double value, ScalarType through) {
  int64_t result = 0;
  unsigned char middle[8];
  convert(middle, through, 1, &value, kDouble, 1, 1);
  convert(&result, kLong, 1, middle, through, 1, 1);
  return result;
}

// What an element of dtype `from` with this value becomes in dtype `to`; for values that both can hold or
// round.
double expected(double value, ScalarType to) {
  return with_type(to, [&](auto zero) { return static_cast<double>(number<decltype(zero)>(value)); });
}

void check_copy(ScalarType to, ScalarType from, const std::vector<int64_t>& sizes, ArrayLayout dst_layout,
                ArrayLayout src_layout) {
  StridedArray dst(to, sizes, dst_layout), src(from, sizes, src_layout);
  src.fill_with([](int64_t i) { return scrambled(i, 120); });
  copy(dst.view(), src.view());
  int64_t wrong = 0;
  for (int64_t i = 0; i < dst.numel(); ++i) wrong += dst.get(i) != expected(src.get(i), to);
  CHECK_MESSAGE(wrong == 0, dtype_name(to), " from ", dtype_name(from), ", layouts ",
                static_cast<int>(dst_layout), " ", static_cast<int>(src_layout), ", ", sizes.size(),
                " dimensions");
}

// Runs of numbers of every magnitude, of which some stretches are small, in every instruction set.
template <class D, class S>
void check_runs() {
  std::vector<S> from(1000);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const auto bits = (i + 1) * 0x9e3779b97f4a7c15u;
    const int most = i / 100 % 2 == 0 ? 63 : std::is_same_v<D, int32_t> ? 30 : 50;
    const auto whole =
        static_cast<int64_t>(bits) >> (64 - most + static_cast<int>(bits % static_cast<unsigned>(most)));
    from[i] = static_cast<S>(i % 7 == 0 ? 0 : std::is_same_v<D, int32_t> ? whole % (1 << 30) : whole);
    if (std::is_floating_point_v<S> && i % 2 == 0) from[i] *= S(-0.375);
  }
  for (Isa set : {Isa::base, isa()}) {
    D to[1000];
    kernel_table(set).conversions[wide_conversion<D, S>](to, from.data(), 1000);
    int64_t wrong = 0;
    for (std::size_t i = 0; i < from.size(); ++i) wrong += to[i] != static_cast<D>(from[i]);
    CHECK_MESSAGE(wrong == 0, dtype_name(scalar_type_of<D>), " from ", dtype_name(scalar_type_of<S>));
  }
}

}  // namespace

TEST_CASE("long runs convert as single numbers do, in every instruction set") {
  check_runs<float, double>();
  check_runs<float, int64_t>();
  check_runs<double, int64_t>();
  check_runs<int32_t, float>();
  check_runs<int32_t, double>();
  check_runs<bool, float>();
  check_runs<bool, double>();
  check_runs<bool, int32_t>();
  check_runs<bool, int64_t>();
}

TEST_CASE("every dtype converts into every other with every stride") {
  for (ScalarType to : all_dtypes)
    for (ScalarType from : all_dtypes)
      for (int64_t to_step : {1, 3})
        for (int64_t from_step : {0, 1, 2}) {
          const int64_t n = 37;
          StridedArray src(from, {n * 2}), dst(to, {n * 3});
          src.fill_with([](int64_t i) { return i % 3 == 0 ? 0 : scrambled(i, 100) + 0.25; });
          convert(dst.view().data, to, to_step, src.view().data, from, from_step, n);
          int64_t wrong = 0;
          for (int64_t i = 0; i < n; ++i)
            wrong += dst.get(i * to_step) != expected(src.get(i * from_step), to);
          CHECK_MESSAGE(wrong == 0, dtype_name(to), " from ", dtype_name(from));
        }
}

TEST_CASE("floating values out of range become what PyTorch makes of them on x86") {
  const double inf = std::numeric_limits<double>::infinity(), nan = std::nan("");
  const std::vector<double> values = {3e9, -3e9, 4294967297.0, 1e20, nan, inf, 70000.0, -1.5, 300.7};
  const int64_t low = std::numeric_limits<int64_t>::min(), low32 = std::numeric_limits<int32_t>::min();
  const std::vector<std::pair<ScalarType, std::vector<int64_t>>> recorded = {
      {kByte, {0, 0, 1, 0, 0, 0, 112, 255, 44}},
      {kChar, {0, 0, 0, 0, 0, 0, 112, -1, 44}},
      {kShort, {0, 0, 0, 0, 0, 0, 4464, -1, 300}},
      {kInt, {low32, low32, low32, low32, low32, low32, 70000, -1, 300}},
      {kLong, {3000000000, -3000000000, 4294967297, low, low, low, 70000, -1, 300}}};
  for (const auto& [dtype, results] : recorded)
    for (std::size_t i = 0; i < values.size(); ++i) CHECK(to_long(values[i], dtype) == results[i]);
}

TEST_CASE("NaN and small fractions are true, both zeros are false") {
  const float values[] = {0.f, -0.f, std::nanf(""), 1e-40f, -2.f};
  bool result[5];
  convert(result, kBool, 1, values, kFloat, 1, 5);
  CHECK((!result[0] && !result[1] && result[2] && result[3] && result[4]));
}

TEST_CASE("integers wrap around when they are cut") {
  const int64_t values[] = {300, -1, 40000, (int64_t{1} << 40) + 5};
  int8_t narrow[4];
  int16_t wider[4];
  convert(narrow, kChar, 1, values, kLong, 1, 4);
  convert(wider, kShort, 1, values, kLong, 1, 4);
  CHECK((narrow[0] == 44 && narrow[1] == -1 && narrow[2] == 64 && narrow[3] == 5));
  CHECK((wider[0] == 300 && wider[1] == -1 && wider[2] == -25536 && wider[3] == 5));
}

TEST_CASE("a copy gives the same elements whatever the layouts") {
  const std::vector<std::vector<int64_t>> shapes = {
      {}, {1}, {5}, {0}, {3, 0, 2}, {4, 7}, {33, 65}, {70, 1, 130}, {3, 4, 5, 6}, {2, 1, 3, 1, 2, 2, 2}};
  for (const auto& sizes : shapes)
    for (ArrayLayout dst :
         {ArrayLayout::contiguous, ArrayLayout::transposed, ArrayLayout::sliced, ArrayLayout::padded})
      for (ArrayLayout src : all_layouts) {
        check_copy(kFloat, kFloat, sizes, dst, src);
        check_copy(kDouble, kInt, sizes, dst, src);
        check_copy(kHalf, kLong, sizes, dst, src);
        check_copy(kBool, kBool, sizes, dst, src);
      }
}

TEST_CASE("short rows of every length") {
  for (int64_t n = 2; n <= 34; ++n)
    for (ArrayLayout dst : {ArrayLayout::contiguous, ArrayLayout::sliced, ArrayLayout::padded})
      for (ArrayLayout src : all_layouts)
        for (ScalarType dtype : {kByte, kHalf, kFloat, kDouble}) check_copy(dtype, dtype, {5, n}, dst, src);
}

TEST_CASE("transposed copies of few rows and of few columns, for words of every size") {
  for (const ScalarType dtype : {kByte, kHalf, kFloat, kDouble})
    for (const int64_t few : {4, 5, 7, 8, 9, 12, 17, 33, 63}) {
      check_copy(dtype, dtype, {few, 70}, ArrayLayout::contiguous, ArrayLayout::transposed);
      check_copy(dtype, dtype, {71, few}, ArrayLayout::contiguous, ArrayLayout::transposed);
      check_copy(dtype, dtype, {71, few}, ArrayLayout::padded, ArrayLayout::transposed);
    }
}

TEST_CASE("transposed copies of every pair of dtypes") {
  for (ScalarType to : all_dtypes)
    for (ScalarType from : all_dtypes)
      check_copy(to, from, {67, 130}, ArrayLayout::contiguous, ArrayLayout::transposed);
}

TEST_CASE("large copies with threads") {
  for (int threads : {1, 3}) {
    set_num_threads(threads);
    check_copy(kFloat, kFloat, {1100, 1000}, ArrayLayout::contiguous, ArrayLayout::transposed);
    check_copy(kFloat, kFloat, {1024, 1056}, ArrayLayout::contiguous, ArrayLayout::transposed);
    check_copy(kByte, kByte, {1024, 4352}, ArrayLayout::contiguous, ArrayLayout::transposed);
    check_copy(kFloat, kFloat, {500, 1000}, ArrayLayout::sliced, ArrayLayout::contiguous);
    check_copy(kDouble, kFloat, {200000}, ArrayLayout::contiguous, ArrayLayout::contiguous);
    check_copy(kFloat, kFloat, {40, 50, 60}, ArrayLayout::transposed, ArrayLayout::contiguous);
    check_copy(kDouble, kDouble, {2100, 2003}, ArrayLayout::padded, ArrayLayout::contiguous);
    check_copy(kDouble, kFloat, {2100, 2003}, ArrayLayout::contiguous, ArrayLayout::sliced);
  }
  set_num_threads(1);
}

TEST_CASE("fill writes every element and nothing between them") {
  const std::vector<std::vector<int64_t>> shapes = {{},         {3},         {0, 4},      {5, 7},
                                                    {3, 4, 33}, {100, 1100}, {1000, 1100}};
  for (ScalarType dtype : all_dtypes)
    for (const auto& sizes : shapes)
      for (ArrayLayout layout :
           {ArrayLayout::contiguous, ArrayLayout::transposed, ArrayLayout::sliced, ArrayLayout::padded}) {
        StridedArray dst(dtype, sizes, layout);
        if (dst.numel() > 1000000 && layout != ArrayLayout::contiguous)
          break;  // what is large is another loop
        fill(dst.view(), Scalar(7));
        int64_t wrong = 0;
        for (int64_t i = 0; i < dst.numel(); ++i) wrong += dst.get(i) != (dtype == kBool ? 1 : 7);
        CHECK(wrong == 0);
        const auto nonzero = [&](unsigned char b) { return b != 0; };
        if (dtype == kByte && dst.numel() > 0)
          CHECK(std::count_if(dst.bytes().begin(), dst.bytes().end(), nonzero) == dst.numel());
      }
}

TEST_CASE("fill takes the kind of the number into account") {
  StridedArray whole(kLong, {2}), real(kDouble, {2});
  const int64_t big = (int64_t{1} << 62) + 1;
  fill(whole.view(), Scalar(big));
  CHECK(static_cast<const int64_t*>(whole.view().data)[1] == big);
  fill(whole.view(), Scalar(-2.75));
  CHECK(whole.get(1) == -2);
  fill(real.view(), Scalar(-2.75));
  CHECK(real.get(1) == -2.75);
}

TEST_CASE_TEMPLATE(
    "runs of 16-bit numbers become floats and back as single ones do, in every instruction set", T, Half,
    BFloat16) {
  const bool half = std::is_same_v<T, Half>;
  std::vector<uint16_t> bits(65536), back(65536);
  std::vector<float> floats(65536), between(65536);
  for (std::size_t i = 0; i < 65536; ++i) bits[i] = static_cast<uint16_t>(i);
  for (Isa set : {Isa::base, isa()}) {
    const ConvertRunFn* const table = kernel_table(set).conversions;
    table[wide_conversion<float, T>](floats.data(), bits.data(), 65536);
    // Half way to the next number, a little less, and a little more.
    for (int64_t step : {0, 1, -1}) {
      int64_t wrong = 0;
      for (std::size_t i = 0; i < 65536; ++i) {
        T one;
        one.x = bits[i];
        const float expected = one;
        wrong += std::memcmp(&floats[i], &expected, sizeof expected) != 0;
        uint32_t u;
        std::memcpy(&u, &expected, sizeof u);
        u += static_cast<uint32_t>((half ? 0x1000 : 0x8000) + step);
        std::memcpy(&between[i], &u, sizeof u);
      }
      table[wide_conversion<T, float>](back.data(), between.data(), 65536);
      for (std::size_t i = 0; i < 65536; ++i) wrong += back[i] != T(between[i]).x;
      CHECK(wrong == 0);
    }
  }
}
