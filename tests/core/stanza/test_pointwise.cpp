// Formulas of several results, and slots of other dtypes than what is computed, against loops over elements.
#include <doctest/doctest.h>

#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/types/num_threads.h>
#include <xgrad/xgrad.h>

#include "core/stanza/pointwise_formulas.h"

namespace xgrad {

namespace kernels {
namespace base {
extern const RowFn* const TestFormulas_rows;
}
namespace avx2 {
extern const RowFn* const TestFormulas_rows;
}
namespace avx512 {
extern const RowFn* const TestFormulas_rows;
}
}  // namespace kernels

// The library's lists stand in its table of kernels; that of a test is chosen here.
template <class F>
requires(TestFormulas::contains<F>) struct KernelsOf<F> {
  static kernels::RowFn find(int reading, ScalarType compute) {
    const int at =
        kernels::row_place<F>(TestFormulas{}) + reading * kernels::kRowTypes + kernels::row_type(compute);
#ifdef XGRAD_HAVE_AVX512
    const kernels::RowFn* wide = kernels::isa() == kernels::Isa::avx512 ? kernels::avx512::TestFormulas_rows
                                 : kernels::isa() == kernels::Isa::avx2 ? kernels::avx2::TestFormulas_rows
                                                                        : kernels::base::TestFormulas_rows;
    if (wide[at]) return wide[at];
#endif
    return kernels::base::TestFormulas_rows[at];
  }
};

}  // namespace xgrad

using namespace xgrad;

namespace {

// Small whole numbers and halves: exact in every floating dtype.
Tensor ramp(IntArrayRef sizes, double first, ScalarType dtype = kFloat) {
  Tensor t = empty(sizes, dtype);
  for (int64_t i = 0; i < t.numel(); ++i) t.view({-1})[i].fill_(first + 0.5 * static_cast<double>(i % 37));
  return t;
}

std::vector<double> values(const Tensor& t) {
  const Tensor flat = t.to(kDouble).contiguous();
  return {flat.data_ptr<double>(), flat.data_ptr<double>() + flat.numel()};
}

void check_momentum(const Tensor& p, const Tensor& g, const Tensor& b) {
  const std::vector<double> p0 = values(p), g0 = values(g.expand_as(p)), b0 = values(b);
  const int64_t version = p._version();
  pointwise_into({p, b}, Momentum{{}, 0.5, 0.25}, p, g, b);
  const std::vector<double> p1 = values(p), b1 = values(b);
  int64_t wrong = 0;
  for (std::size_t i = 0; i < p0.size(); ++i) {
    const double next = 0.25 * b0[i] + g0[i];
    wrong += std::abs(b1[i] - next) > 0.02 || std::abs(p1[i] - (p0[i] - 0.5 * next)) > 0.02;
  }
  CHECK(wrong == 0);
  CHECK(p._version() == version + 1);
}

}  // namespace

TEST_CASE("a formula of several results writes them all in one pass, whatever the layout and dtype") {
  for (ScalarType dtype : {kFloat, kDouble, kHalf, kBFloat16, kInt})
    for (int64_t rows : {1, 3, 70}) {
      const Tensor a = ramp({rows, 33}, 1, dtype), b = ramp({33, rows}, -4, dtype).t();
      const Tensor sum = empty({rows, 33}, dtype), difference = empty({33, rows}, dtype).t();
      pointwise_into({sum, difference}, SumAndDifference{}, a, b);
      CHECK(equal(sum, a + b));
      CHECK(equal(difference, a - b));
    }
}

TEST_CASE("results may be the memory of arguments") {
  check_momentum(ramp({5}, 1), ramp({5}, 2), ramp({5}, 3));
  check_momentum(ramp({3, 7}, 1, kDouble), ramp({7}, 2, kDouble), ramp({3, 7}, 3, kDouble));
  check_momentum(ramp({9, 40}, 1).t(), ramp({40, 9}, 2), ramp({40, 9}, 3));
  check_momentum(ramp({2, 100}, 1, kHalf), ramp({2, 100}, 2, kHalf), ramp({2, 100}, 3, kHalf));
  check_momentum(ramp({2, 100}, 1, kBFloat16), ramp({2, 100}, 2, kFloat), ramp({2, 100}, 3, kFloat));
}

TEST_CASE("threads share a pass with several results") {
  for (int threads : {1, 3}) {
    set_num_threads(threads);
    const Tensor a = arange(100000, kFloat), b = ones({100000});
    const Tensor sum = empty({100000}), difference = empty({100000});
    pointwise_into({sum, difference}, SumAndDifference{}, a, b);
    CHECK(equal(sum, arange(1, 100001, kFloat)));
    CHECK(equal(difference, arange(-1, 99999, kFloat)));
  }
  set_num_threads(1);
}

TEST_CASE("a result may hold integers or truth values") {
  for (ScalarType dtype : {kFloat, kDouble, kHalf})
    for (int64_t n : {1, 3, 16, 21}) {
      const Tensor x = ramp({n}, -2.5, dtype), whole = empty({n}, kInt), rest = empty({n}, dtype),
                   negative = empty({n}, kBool);
      pointwise_into({whole, rest, negative}, WholeAndRest{}, x);
      CHECK(equal(whole, floor(x).to(kInt)));
      CHECK(equal(rest, x - floor(x)));
      CHECK(equal(negative, x < 0));
    }
}

TEST_CASE("an argument may hold integers or truth values") {
  const Tensor which = tensor({true, false, true, false, false}), a = tensor({0.5, 1.5, 2.5, 3.5, 4.5});
  const Tensor b = tensor({1, 2, 3, 4, 5});
  for (ScalarType dtype : {kFloat, kDouble, kBFloat16}) {
    const Tensor chosen = pointwise(Choice{}, which, a.to(dtype), b);
    CHECK(chosen.dtype() == dtype);
    CHECK(equal(chosen, tensor({0.5, 2., 2.5, 4., 5.}).to(dtype)));
  }
  CHECK(equal(pointwise(Choice{}, tensor({true}), a, 7), a));
  CHECK(equal(pointwise(Choice{}, which.to(kByte), a, b), tensor({0.5, 2., 2.5, 4., 5.})));
}

TEST_CASE("a pass that is refused leaves every result as it was") {
  const Tensor p = ones({3}), b = ones({3});
  CHECK_THROWS_AS(pointwise_into({p, b}, Momentum{{}, 1, 1}, p, ones({2, 3}), b), Error);
  CHECK_THROWS_AS(pointwise_into({p, b.to(kLong)}, Momentum{{}, 1, 1}, p, p, b), Error);
  const Tensor leaf = ones({3}, requires_grad(true));
  CHECK_THROWS_AS(pointwise_into({leaf, b}, Momentum{{}, 1, 1}, leaf, p, b), Error);
  CHECK(equal(p, ones({3})));
  CHECK(equal(b, ones({3})));
  CHECK(p._version() == 0);
}
