// Reductions on every instruction set of this machine, against sums in long double and plain searches.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>

#include <xgrad/core/kernels/reduce/reduce.h>
#include <xgrad/core/ops/reduce/formulas.h>
#include <xgrad/core/types/num_threads.h>

#include "reduced.h"

using namespace xgrad;
using namespace xgrad::kernels;
using namespace xgrad::kernels::testing;

namespace {

enum class ReduceOp { sum, prod, max, min, any, all };
constexpr ReduceOp all_ops[] = {ReduceOp::sum, ReduceOp::prod, ReduceOp::max,
                                ReduceOp::min, ReduceOp::any,  ReduceOp::all};

void reduce_on(Isa isa, ReduceOp op, const ArrayView& out, const ArrayView& in, const bool* reduced) {
  switch (op) {
    case ReduceOp::sum:
      return reduce(Sum{}, &out, in, reduced, isa);
    case ReduceOp::prod:
      return reduce(Prod{}, &out, in, reduced, isa);
    case ReduceOp::max:
      return reduce(Max{}, &out, in, reduced, isa);
    case ReduceOp::min:
      return reduce(Min{}, &out, in, reduced, isa);
    case ReduceOp::any:
      return reduce(Any{}, &out, in, reduced, isa);
    default:
      return reduce(All{}, &out, in, reduced, isa);
  }
}
long double combine(ReduceOp op, long double a, long double b) {
  switch (op) {
    case ReduceOp::sum:
      return a + b;
    case ReduceOp::prod:
      return a * b;
    case ReduceOp::max:
      return std::max(a, b);
    case ReduceOp::min:
      return std::min(a, b);
    case ReduceOp::any:
      return a != 0 || b != 0;
    default:
      return a != 0 && b != 0;
  }
}
long double start_of(ReduceOp op) {
  constexpr long double inf = std::numeric_limits<long double>::infinity();
  if (op == ReduceOp::max || op == ReduceOp::min) return op == ReduceOp::max ? -inf : inf;
  return op == ReduceOp::prod || op == ReduceOp::all ? 1 : 0;
}

ScalarType result_dtype(ReduceOp op, ScalarType t) {
  if (op == ReduceOp::any || op == ReduceOp::all) return kBool;
  if (op == ReduceOp::max || op == ReduceOp::min || is_floating_type(t)) return t;
  return kLong;
}

void check_reduce(Isa isa, ReduceOp op, StridedArray& in, const Flags& reduced,
                  ArrayLayout out_layout = ArrayLayout::contiguous) {
  StridedArray out(result_dtype(op, in.dtype), kept_sizes(in.sizes, reduced), out_layout);
  std::vector<long double> exact(static_cast<std::size_t>(out.numel()), start_of(op));
  for (int64_t i = 0; i < in.numel(); ++i) {
    long double& e = exact[static_cast<std::size_t>(result_of(i, in.sizes, reduced))];
    e = combine(op, e, in.get(i));
  }
  reduce_on(isa, op, out.view(), in.view(), reduced.data());
  const double unit = out.dtype == kHalf       ? 1e-3
                      : out.dtype == kBFloat16 ? 8e-3
                      : out.dtype == kFloat    ? 1e-6
                                               : 1e-14;
  int64_t wrong = 0;
  for (int64_t i = 0; i < out.numel(); ++i) {
    const double e = static_cast<double>(exact[static_cast<std::size_t>(i)]);
    wrong += !(std::abs(out.get(i) - e) <= unit * std::abs(e));
  }
  CHECK_MESSAGE(wrong == 0, "op ", static_cast<int>(op), ", ", dtype_name(in.dtype), ", isa ",
                static_cast<int>(isa), ", ", in.sizes.size(), " dimensions, first ",
                in.sizes.empty() ? 0 : in.sizes[0]);
}

bool has_result(ReduceOp op, const StridedArray& in, const Flags& reduced) {
  return in.numel() > 0 || (op != ReduceOp::max && op != ReduceOp::min) ||
         StridedArray(kBool, kept_sizes(in.sizes, reduced)).numel() == 0;
}

// Ones and a few twos, so that products stay exact; zeros where there is something to find.
int small_value(ReduceOp op, int64_t i) {
  if (op == ReduceOp::prod) return i % 97 == 5 ? 2 : 1;
  if (op == ReduceOp::any) return i % 50 == 49;
  if (op == ReduceOp::all) return i % 50 != 49;
  return 1 + scrambled(i, 60);
}

std::vector<float> sum_bits(Isa isa, StridedArray& in, const Flags& reduced) {
  StridedArray out(kFloat, kept_sizes(in.sizes, reduced));
  reduce_on(isa, ReduceOp::sum, out.view(), in.view(), reduced.data());
  const auto* p = static_cast<const float*>(out.view().data);
  return std::vector<float>(p, p + out.numel());
}

bool same_bits(const std::vector<float>& a, const std::vector<float>& b) {
  return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

float noise(int64_t i) { return static_cast<float>(scrambled(i, 1000003)) * 1e-4f - 30.f; }

void check_index(Isa isa, bool largest, StridedArray& in, const Flags& reduced) {
  const std::vector<int64_t> sizes = kept_sizes(in.sizes, reduced);
  StridedArray values(in.dtype, sizes, ArrayLayout::transposed),
      indices(kLong, sizes, ArrayLayout::transposed), alone(kLong, sizes, ArrayLayout::sliced);
  std::vector<int64_t> count(static_cast<std::size_t>(values.numel())), at(count);
  std::vector<double> best(count.size());
  for (int64_t i = 0; i < in.numel(); ++i) {
    const auto r = static_cast<std::size_t>(result_of(i, in.sizes, reduced));
    const double x = in.get(i);
    const bool beats = largest ? x > best[r] : x < best[r];
    if (count[r] == 0 || beats || (std::isnan(x) && !std::isnan(best[r]))) {
      best[r] = x;
      at[r] = count[r];
    }
    ++count[r];
  }
  const ArrayView both[] = {values.view(), indices.view()}, position = alone.view();
  if (largest) {
    reduce(MaxAt{}, both, in.view(), reduced.data(), isa);
    reduce(ArgMax{}, &position, in.view(), reduced.data(), isa);
  } else {
    reduce(MinAt{}, both, in.view(), reduced.data(), isa);
    reduce(ArgMin{}, &position, in.view(), reduced.data(), isa);
  }
  int64_t wrong = 0;
  for (int64_t i = 0; i < values.numel(); ++i) {
    const auto r = static_cast<std::size_t>(i);
    const bool same = values.get(i) == best[r] || (std::isnan(values.get(i)) && std::isnan(best[r]));
    wrong +=
        !same || indices.get(i) != static_cast<double>(at[r]) || alone.get(i) != static_cast<double>(at[r]);
  }
  CHECK_MESSAGE(wrong == 0, "largest ", largest, ", ", dtype_name(in.dtype), ", isa ", static_cast<int>(isa),
                ", first ", in.sizes.empty() ? 0 : in.sizes[0]);
}

}  // namespace

TEST_CASE("every operation on every dtype, layout and choice of dimensions") {
  const std::vector<std::vector<int64_t>> shapes = {{},        {1},    {7},        {0},
                                                    {3, 0, 2}, {4, 5}, {9, 1, 17}, {3, 4, 5, 2}};
  for (Isa isa : usable_isas())
    for (ReduceOp op : all_ops)
      for (ScalarType dtype : all_dtypes)
        for (const auto& sizes : shapes)
          for (ArrayLayout layout : all_layouts)
            for (unsigned mask = 0; mask < 1u << sizes.size(); ++mask) {
              StridedArray in(dtype, sizes, layout);
              in.fill_with([&](int64_t i) { return small_value(op, i) % 3; });
              if (has_result(op, in, flags_of(mask)))
                check_reduce(isa, op, in, flags_of(mask), ArrayLayout::sliced);
            }
}

TEST_CASE("rows and columns of every length around the widths of the loops") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kFloat, kDouble, kLong, kInt, kByte, kBool})
      for (int64_t n : {1,  2,  3,  4,   5,   8,   9,   15,  16,  17,   31,   33,
                        63, 64, 65, 127, 128, 129, 130, 511, 513, 1024, 1025, 5000})
        for (ReduceOp op : all_ops) {
          if ((op == ReduceOp::any || op == ReduceOp::all) != (dtype == kBool)) continue;
          StridedArray rows(dtype, {3, n}), columns(dtype, {n, 3}), wide(dtype, {3, n}), tall(dtype, {n, 70});
          for (StridedArray* a : {&rows, &columns, &wide, &tall})
            a->fill_with([&](int64_t i) { return small_value(op, i); });
          check_reduce(isa, op, rows, flags_of(2));
          check_reduce(isa, op, columns, flags_of(1));
          check_reduce(isa, op, wide, flags_of(1));
          if (n < 600) check_reduce(isa, op, tall, flags_of(1));
        }
}

TEST_CASE("a reduction over nothing gives the neutral element") {
  for (ReduceOp op : {ReduceOp::sum, ReduceOp::prod, ReduceOp::any, ReduceOp::all}) {
    StridedArray in(kFloat, {3, 0}), out(result_dtype(op, kFloat), {3, 1});
    const bool reduced[] = {false, true};
    reduce_on(isa(), op, out.view(), in.view(), reduced);
    for (int64_t i = 0; i < 3; ++i)
      CHECK(out.get(i) == (op == ReduceOp::prod || op == ReduceOp::all ? 1 : 0));
  }
}

TEST_CASE("the sum of negative zeros is zero") {
  for (Isa isa : usable_isas())
    for (int64_t n : {1, 4, 10, 100, 2000}) {
      StridedArray in(kFloat, {n, 2});
      in.fill_with([](int64_t) { return -0.0; });
      for (unsigned mask : {1u, 2u, 3u})
        for (float sum : sum_bits(isa, in, flags_of(mask))) CHECK(!std::signbit(sum));
    }
}

TEST_CASE("many rows of few columns") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kFloat, kDouble, kHalf, kInt, kBool})
      for (int64_t columns : {2, 3, 16, 17})
        for (int64_t rows : {1023, 1024, 1039, 5000})
          for (ArrayLayout layout : {ArrayLayout::contiguous, ArrayLayout::sliced, ArrayLayout::padded})
            for (ReduceOp op : {ReduceOp::sum, ReduceOp::max}) {
              StridedArray in(dtype, {rows, columns}, layout);
              in.fill_with([&](int64_t i) { return scrambled(i, 4); });
              check_reduce(isa, op, in, flags_of(1), ArrayLayout::sliced);
            }
}

TEST_CASE("a sum is formed in the dtype of the result") {
  StridedArray in(kFloat, {3}), wide(kDouble, {1}), whole(kLong, {1});
  in.fill_with([](int64_t i) { return i == 1 ? 16777216.75 : 1.75; });
  const bool reduced[] = {true};
  reduce_on(isa(), ReduceOp::sum, wide.view(), in.view(), reduced);
  CHECK(wide.get(0) == 16777216.0 + 3.5);
  reduce_on(isa(), ReduceOp::sum, whole.view(), in.view(), reduced);
  CHECK(whole.get(0) == 16777218);
  StridedArray halves(kHalf, {4096}), half(kHalf, {1});
  halves.fill_with([](int64_t) { return 1; });
  reduce_on(isa(), ReduceOp::sum, half.view(), halves.view(), reduced);
  CHECK(half.get(0) == 4096);
}

TEST_CASE("integer sums and products wrap around") {
  StridedArray in(kLong, {2}), out(kLong, {1});
  auto* p = static_cast<int64_t*>(in.view().data);
  p[0] = p[1] = std::numeric_limits<int64_t>::max();
  const bool reduced[] = {true};
  reduce_on(isa(), ReduceOp::sum, out.view(), in.view(), reduced);
  CHECK(out.get(0) == -2);
  reduce_on(isa(), ReduceOp::prod, out.view(), in.view(), reduced);
  CHECK(out.get(0) == 1);
  reduce_on(isa(), ReduceOp::max, out.view(), in.view(), reduced);
  CHECK(*static_cast<int64_t*>(out.view().data) == p[0]);
}

TEST_CASE("the smallest and the largest integer of every type are found wherever they stand") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kLong, kInt, kShort, kChar, kByte})
      for (int64_t n : {1, 7, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 257, 300, 4097, 9000})
        for (int64_t place : {int64_t{0}, n / 2, n - 1}) {
          const double width = std::exp2(8.0 * static_cast<double>(element_size(dtype)));
          const double least = dtype == kByte ? 0 : -width / 2;
          const double most = dtype == kLong ? 0x1.fffffffffffffp62 : least + width - 1;
          StridedArray row(dtype, {n}), spread(dtype, {n}, ArrayLayout::sliced), rows(dtype, {2, n}),
              columns(dtype, {n, 70});
          for (StridedArray* a : {&row, &spread, &rows, &columns}) {
            if (a->numel() > 100000) continue;
            const int64_t width_of_one = a->numel() / n, at = a == &rows ? n + place : place * width_of_one;
            for (bool largest : {true, false}) {
              a->fill_with([&](int64_t) { return largest ? least : most; }).set(at, largest ? most : least);
              check_reduce(isa, largest ? ReduceOp::max : ReduceOp::min, *a, flags_of(a == &rows ? 2 : 1));
              check_index(isa, largest, *a, flags_of(a == &rows ? 2 : 1));
            }
          }
        }
}

TEST_CASE("any byte but 0 is true") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kByte, kChar, kShort})
      for (int64_t n : {1, 63, 64, 65, 200, 5000}) {
        StridedArray row(dtype, {n}), columns(dtype, {n, 70});
        for (StridedArray* a : {&row, &columns}) {
          check_reduce(isa, ReduceOp::any, *a, flags_of(1));
          a->set(a->numel() - 1, 64);
          check_reduce(isa, ReduceOp::any, *a, flags_of(1));
          a->fill_with([](int64_t i) { return i % 2 == 0 ? 2 : 100; });
          check_reduce(isa, ReduceOp::all, *a, flags_of(1));
          a->set(n / 2, 0);
          check_reduce(isa, ReduceOp::all, *a, flags_of(1));
        }
      }
}

TEST_CASE("max and min return NaN wherever it stands, and infinities as they are") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kFloat, kDouble, kHalf})
      for (int64_t n : {1, 3, 20, 200, 3000})
        for (int64_t place : {int64_t{0}, n / 2, n - 1})
          for (ReduceOp op : {ReduceOp::max, ReduceOp::min}) {
            StridedArray row(dtype, {n}), columns(dtype, {n, 20}), out(dtype, {1}), outs(dtype, {1, 20});
            row.fill_with([](int64_t i) { return -static_cast<double>(i % 5); }).set(place, std::nan(""));
            columns.fill_with([&](int64_t) { return op == ReduceOp::max ? -HUGE_VAL : HUGE_VAL; })
                .set(place * 20 + 3, std::nan(""));
            const bool reduced[] = {true, false};
            reduce_on(isa, op, out.view(), row.view(), reduced);
            reduce_on(isa, op, outs.view(), columns.view(), reduced);
            CHECK((std::isnan(out.get(0)) && std::isnan(outs.get(3)) && std::isinf(outs.get(4))));
          }
}

TEST_CASE("positions of extremes: every dtype, layout and choice of dimensions") {
  const std::vector<std::vector<int64_t>> shapes = {{},         {1},       {7},       {4, 5},
                                                    {9, 1, 17}, {3, 4, 5}, {40, 300}, {2, 3000}};
  for (Isa isa : usable_isas())
    for (ScalarType dtype : all_dtypes)
      for (const auto& sizes : shapes)
        for (ArrayLayout layout : all_layouts)
          for (unsigned mask = 0; mask < 1u << sizes.size(); ++mask) {
            StridedArray in(dtype, sizes, layout);
            in.fill_with([](int64_t i) { return scrambled(i, 100); });
            check_index(isa, mask % 2 == 0, in, flags_of(mask));
          }
}

TEST_CASE("more positions than float can count are found") {
  StridedArray in(kFloat, {(1 << 24) + 8}), out(kLong, {1});
  in.set((1 << 24) + 3, 1);
  const bool reduced[] = {true};
  const ArrayView view = out.view();
  reduce(ArgMax{}, &view, in.view(), reduced);
  CHECK(out.get(0) == (1 << 24) + 3);
}

TEST_CASE("the first of equal extremes and the first NaN are taken") {
  for (Isa isa : usable_isas())
    for (ScalarType dtype : {kFloat, kDouble, kBFloat16})
      for (int64_t n : {5, 40, 3000})
        for (bool largest : {true, false}) {
          StridedArray row(dtype, {n}), columns(dtype, {n, 20});
          for (StridedArray* a : {&row, &columns}) {
            a->fill_with([](int64_t i) { return i % 4; });
            check_index(isa, largest, *a, flags_of(1));
            a->set(a->numel() / 2, std::nan(""));
            a->set(a->numel() - 1, std::nan(""));
            check_index(isa, largest, *a, flags_of(1));
            a->fill_with([&](int64_t) { return largest ? -HUGE_VAL : HUGE_VAL; });
            check_index(isa, largest, *a, flags_of(1));
          }
        }
}

TEST_CASE("the error of a long sum stays that of a few additions") {
  const int64_t n = int64_t{1} << 22;
  StridedArray line(kFloat, {n}), tall(kFloat, {n / 16, 16});
  double exact = 0;
  for (StridedArray* a : {&line, &tall})
    a->fill_with([](int64_t i) { return 0.1f + static_cast<float>(i % 3); });
  for (int64_t i = 0; i < n; ++i) exact += line.get(i);
  for (Isa isa : usable_isas()) {
    CHECK(std::abs(sum_bits(isa, line, flags_of(1))[0] / exact - 1) < 3e-7);
    CHECK(std::abs(sum_bits(isa, tall, flags_of(3))[0] / exact - 1) < 3e-7);
    double columns = 0;
    for (float column : sum_bits(isa, tall, flags_of(1))) columns += column;
    CHECK(std::abs(columns / exact - 1) < 3e-7);
  }
}

TEST_CASE("sums have the same bits with any number of threads, on any instruction set") {
  struct Case {
    std::vector<int64_t> sizes;
    ArrayLayout layout;
    unsigned mask;
  };
  const std::vector<Case> cases = {
      {{1500000}, ArrayLayout::contiguous, 1},   {{1500001}, ArrayLayout::sliced, 1},
      {{700, 900}, ArrayLayout::contiguous, 1},  {{700, 900}, ArrayLayout::contiguous, 2},
      {{700, 900}, ArrayLayout::padded, 3},      {{700, 900}, ArrayLayout::transposed, 3},
      {{200001, 3}, ArrayLayout::contiguous, 1}, {{50000, 40}, ArrayLayout::contiguous, 1},
      {{60, 70, 80}, ArrayLayout::padded, 5},    {{60, 70, 80}, ArrayLayout::contiguous, 2}};
  for (const Case& c : cases) {
    StridedArray in(kFloat, c.sizes, c.layout);
    in.fill_with(noise);
    set_num_threads(1);
    const std::vector<float> expected = sum_bits(Isa::base, in, flags_of(c.mask));
    for (Isa isa : usable_isas())
      for (int threads : {1, 2, 3}) {
        set_num_threads(threads);
        CHECK(same_bits(sum_bits(isa, in, flags_of(c.mask)), expected));
      }
  }
  set_num_threads(1);
}

TEST_CASE("a slice sums up to the same bits as its contiguous copy") {
  for (ArrayLayout layout : {ArrayLayout::sliced, ArrayLayout::padded})
    for (unsigned mask : {1u, 2u, 3u, 5u, 7u}) {
      StridedArray plain(kFloat, {30, 41, 50}), strided(kFloat, {30, 41, 50}, layout);
      plain.fill_with(noise);
      strided.fill_with(noise);
      CHECK(same_bits(sum_bits(isa(), plain, flags_of(mask)), sum_bits(isa(), strided, flags_of(mask))));
    }
}

TEST_CASE("positions are found by several threads too") {
  StridedArray line(kFloat, {600000}), tall(kFloat, {3000, 100});
  line.fill_with([](int64_t i) { return scrambled(i, 50000); });
  tall.fill_with([](int64_t i) { return scrambled(i, 50000); });
  for (int threads : {1, 3}) {
    set_num_threads(threads);
    for (Isa isa : usable_isas()) {
      check_index(isa, true, line, flags_of(1));
      check_index(isa, false, tall, flags_of(1));
      check_index(isa, true, tall, flags_of(2));
      check_index(isa, false, tall, flags_of(3));
    }
  }
  set_num_threads(1);
}
