// The executor against loops over single elements: every access to an operand, every shape of a block.
#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>

#include <xgrad/core/kernels/elementwise/executor.h>
#include <xgrad/core/types/num_threads.h>

#include "strided_array.h"

using namespace xgrad;
using namespace xgrad::kernels;
using namespace xgrad::kernels::testing;

namespace {

template <class T>
T formula(T a, T b) {
  return static_cast<T>(T(2) * a - b);
}

template <class T>
void row(const void*, void* const* out, const void* const* in, const uint8_t* step, int64_t n) {
  const auto* a = static_cast<const T*>(in[0]);
  const auto* b = static_cast<const T*>(in[1]);
  auto* y = static_cast<T*>(out[0]);
  for (int64_t k = 0; k < n; ++k) y[k] = formula(a[step[0] ? k : 0], b[step[1] ? k : 0]);
}

RowFn row_of(ScalarType t) { return t == kDouble ? &row<double> : t == kInt ? &row<int32_t> : &row<float>; }

void run(ScalarType compute, StridedArray& out, StridedArray& a, const std::vector<int64_t>& a_strides,
         StridedArray& b, const std::vector<int64_t>& b_strides) {
  const auto read_with = [&](StridedArray& x, const std::vector<int64_t>& strides) {
    ArrayView view = out.view();
    view.data = x.view().data;
    view.dtype = x.dtype;
    view.strides = strides.data();
    if (x.numel() == 1) view.ndim = 0;
    return Operand{view, compute};
  };
  const Operand arrays[] = {read_with(a, a_strides), read_with(b, b_strides), {out.view(), compute}};
  if (out.numel() > 0) execute(row_of(compute), nullptr, 2, 1, arrays);
}

// Small whole numbers, so that every dtype and order of operations gives the same.
StridedArray numbers(ScalarType t, const std::vector<int64_t>& sizes, ArrayLayout layout, int salt) {
  StridedArray a(t, sizes, layout);
  a.fill_with([salt](int64_t i) { return scrambled(i + salt, 50); });
  return a;
}

struct Types {
  ScalarType compute, out, a, b;
};

void check_layouts(const Types& t, const std::vector<int64_t>& sizes, ArrayLayout out_layout,
                   ArrayLayout a_layout, ArrayLayout b_layout) {
  StridedArray out(t.out, sizes, out_layout);
  StridedArray a = numbers(t.a, sizes, a_layout, 0), b = numbers(t.b, sizes, b_layout, 1000);
  run(t.compute, out, a, a.strides, b, b.strides);
  int64_t wrong = 0;
  for (int64_t i = 0; i < out.numel(); ++i) wrong += out.get(i) != formula(a.get(i), b.get(i));
  CHECK_MESSAGE(wrong == 0, dtype_name(t.out), " of ", dtype_name(t.a), " and ", dtype_name(t.b),
                ", layouts ", static_cast<int>(out_layout), " ", static_cast<int>(a_layout), " ",
                static_cast<int>(b_layout), ", ", sizes.size(), " dimensions, ", out.numel(), " elements");
}

// b has size 1 in the dimensions that are set in `repeated`.
void check_broadcast(const Types& t, const std::vector<int64_t>& sizes, unsigned repeated,
                     ArrayLayout layout) {
  std::vector<int64_t> small = sizes;
  for (std::size_t d = 0; d < sizes.size(); ++d)
    if (repeated >> d & 1) small[d] = 1;
  StridedArray out(t.out, sizes), a = numbers(t.a, sizes, layout, 0), b = numbers(t.b, small, layout, 1000);
  std::vector<int64_t> strides = b.strides;
  for (std::size_t d = 0; d < sizes.size(); ++d)
    if (repeated >> d & 1) strides[d] = 0;
  run(t.compute, out, a, a.strides, b, strides);
  int64_t wrong = 0;
  for (int64_t i = 0; i < out.numel(); ++i) {
    int64_t rest = i, at = 0, step = 1;
    for (std::size_t d = sizes.size(); d-- > 0; rest /= sizes[d], step *= small[d])
      at += rest % sizes[d] % small[d] * step;
    wrong += out.get(i) != formula(a.get(i), b.get(at));
  }
  CHECK_MESSAGE(wrong == 0, dtype_name(t.a), " and ", dtype_name(t.b), ", repeated ", repeated, ", layout ",
                static_cast<int>(layout), ", ", sizes.size(), " dimensions, ", out.numel(), " elements");
}

const std::vector<Types> kinds = {
    {kFloat, kFloat, kFloat, kFloat}, {kDouble, kDouble, kDouble, kDouble}, {kInt, kInt, kInt, kInt},
    {kFloat, kHalf, kHalf, kHalf},    {kDouble, kDouble, kFloat, kDouble},  {kFloat, kFloat, kFloat, kLong}};
const std::vector<ArrayLayout> result_layouts = {ArrayLayout::contiguous, ArrayLayout::transposed,
                                                 ArrayLayout::sliced, ArrayLayout::padded};

}  // namespace

TEST_CASE("an elementwise kernel gives the same whatever the layouts and dtypes") {
  const std::vector<std::vector<int64_t>> shapes = {
      {}, {1}, {0, 3}, {5}, {1500}, {4, 7}, {300, 5}, {33, 65}, {70, 1, 130}, {5, 70, 66}, {3, 4, 5, 6}};
  for (const Types& t : kinds)
    for (const auto& sizes : shapes)
      for (ArrayLayout out : result_layouts)
        for (ArrayLayout a : {ArrayLayout::contiguous, ArrayLayout::transposed, ArrayLayout::sliced})
          for (ArrayLayout b : all_layouts) check_layouts(t, sizes, out, a, b);
}

TEST_CASE("an operand is repeated along any of its dimensions") {
  for (const Types& t : kinds)
    for (const auto& sizes :
         std::vector<std::vector<int64_t>>{{7, 3, 5}, {3, 70, 5}, {2, 9, 200}, {40, 3, 90}, {1, 1, 1}})
      for (unsigned repeated = 0; repeated < 8; ++repeated)
        for (ArrayLayout layout : {ArrayLayout::contiguous, ArrayLayout::transposed, ArrayLayout::sliced})
          check_broadcast(t, sizes, repeated, layout);
}

TEST_CASE("threads share the blocks of an elementwise loop") {
  const Types floats = kinds[0];
  for (int threads : {1, 3}) {
    set_num_threads(threads);
    check_layouts(floats, {50000}, ArrayLayout::contiguous, ArrayLayout::contiguous, ArrayLayout::sliced);
    check_layouts(floats, {300, 210}, ArrayLayout::contiguous, ArrayLayout::transposed, ArrayLayout::padded);
    check_layouts(floats, {7000, 9}, ArrayLayout::contiguous, ArrayLayout::contiguous, ArrayLayout::padded);
    check_layouts(floats, {30, 40, 70}, ArrayLayout::padded, ArrayLayout::contiguous,
                  ArrayLayout::transposed);
    check_broadcast(floats, {300, 2, 200}, 1, ArrayLayout::contiguous);
  }
  set_num_threads(1);
}

TEST_CASE("an operand may be the result itself") {
  for (ArrayLayout layout : result_layouts)
    for (const auto& sizes : std::vector<std::vector<int64_t>>{{2000}, {40, 9}, {70, 130}}) {
      StridedArray a = numbers(kFloat, sizes, layout, 0), b = numbers(kFloat, sizes, ArrayLayout::padded, 9);
      std::vector<double> expected;
      for (int64_t i = 0; i < a.numel(); ++i) expected.push_back(formula(a.get(i), b.get(i)));
      run(kFloat, a, a, a.strides, b, b.strides);
      int64_t wrong = 0;
      for (int64_t i = 0; i < a.numel(); ++i) wrong += a.get(i) != expected[static_cast<std::size_t>(i)];
      CHECK(wrong == 0);
    }
}

// Larger than what is kept in the cache, with rows that begin anywhere in a line, and a guard on either side.
TEST_CASE("a result that goes past the cache is written to its last element and no further") {
  const int64_t rows = 2101, cols = 4003, n = rows * cols, guard = 5;
  std::vector<float> a(static_cast<std::size_t>(n)), b(a), out(static_cast<std::size_t>(n + 2 * guard), -1.f);
  for (int64_t i = 0; i < n; ++i) {
    a[static_cast<std::size_t>(i)] = static_cast<float>(scrambled(i, 1000));
    b[static_cast<std::size_t>(i)] = static_cast<float>(scrambled(i + 77, 1000));
  }
  struct Case {
    const char* name;
    int64_t a_strides[2], b_strides[2], out_strides[2];
  };
  const Case cases[] = {{"contiguous", {cols, 1}, {cols, 1}, {cols, 1}},
                        {"a row", {cols, 1}, {0, 1}, {cols, 1}},
                        {"a column", {cols, 1}, {1, 0}, {cols, 1}},
                        {"transposed", {cols, 1}, {1, rows}, {cols, 1}},
                        {"result transposed", {cols, 1}, {cols, 1}, {1, rows}}};
  for (const Case& c : cases) {
    for (int threads : {1, 2}) {
      set_num_threads(threads);
      std::fill(out.begin(), out.end(), -1.f);
      const int64_t sizes[] = {rows, cols};
      const Operand arrays[] = {{{a.data(), kFloat, 2, sizes, c.a_strides}, kFloat},
                                {{b.data(), kFloat, 2, sizes, c.b_strides}, kFloat},
                                {{out.data() + guard, kFloat, 2, sizes, c.out_strides}, kFloat}};
      execute(&row<float>, nullptr, 2, 1, arrays);
      int64_t wrong = 0;
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t k = 0; k < cols; ++k) {
          const auto at = [&](const int64_t* s) { return static_cast<std::size_t>(r * s[0] + k * s[1]); };
          wrong += out[at(c.out_strides) + guard] != formula(a[at(c.a_strides)], b[at(c.b_strides)]);
        }
      for (std::size_t i = 0; i < guard; ++i) wrong += out[i] != -1.f || out[out.size() - 1 - i] != -1.f;
      CHECK_MESSAGE(wrong == 0, c.name, ", ", threads, " threads");
    }
  }
  set_num_threads(1);
}
