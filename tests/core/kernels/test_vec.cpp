// The SIMD layer against libm in long double: every function, type and instruction set this machine has.
// Kernels are reached through vec_probe.h only, so this file itself runs anywhere.
#include <doctest/doctest.h>

#include <cfloat>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "vec_reference.h"

using namespace xgrad::kernels;

namespace {

struct Unary {
  const char* name;
  Long (*reference)(Long);
  double low, high;         // where accuracy is asked for
  double limit32, limit64;  // in units of the last place
};

const Unary unary_cases[] = {
    {"exp", [](Long x) { return std::exp(x); }, -760, 720, 1.2, 1.1},
    {"exp2", [](Long x) { return std::exp2(x); }, -1090, 1030, 1.3, 1.4},
    {"expm1", [](Long x) { return std::expm1(x); }, -60, 720, 1.9, 2},
    {"log", [](Long x) { return std::log(x); }, 0, DBL_MAX, 1, 1},
    {"log2", [](Long x) { return std::log2(x); }, 0, DBL_MAX, 1.9, 2.2},
    {"log10", [](Long x) { return std::log10(x); }, 0, DBL_MAX, 2, 2},
    {"log1p", [](Long x) { return std::log1p(x); }, -1, DBL_MAX, 1.5, 1.5},
    {"sin", [](Long x) { return std::sin(x); }, -1e12, 1e12, 1.7, 1.7},
    {"cos", [](Long x) { return std::cos(x); }, -1e12, 1e12, 1.7, 1.7},
    {"tan", [](Long x) { return std::tan(x); }, -1e12, 1e12, 2, 3.2},
    {"asin", [](Long x) { return std::asin(x); }, -1, 1, 2, 2.4},
    {"acos", [](Long x) { return std::acos(x); }, -1, 1, 1.3, 1.3},
    {"atan", [](Long x) { return std::atan(x); }, -DBL_MAX, DBL_MAX, 2, 2.3},
    {"sinh", [](Long x) { return std::sinh(x); }, -711, 711, 1.7, 1.8},
    {"cosh", [](Long x) { return std::cosh(x); }, -711, 711, 1.6, 1.6},
    {"tanh", [](Long x) { return std::tanh(x); }, -50, 50, 1.5, 3.2},
    {"asinh", [](Long x) { return std::asinh(x); }, -DBL_MAX, DBL_MAX, 2, 2.2},
    {"acosh", [](Long x) { return std::acosh(x); }, 1, DBL_MAX, 2.2, 2.2},
    {"atanh", [](Long x) { return std::atanh(x); }, -1, 1, 2, 2.2},
    {"erf", [](Long x) { return std::erf(x); }, -7, 7, 1.5, 1.8},
    {"erfc", [](Long x) { return std::erfc(x); }, -7, 27, 3.3, 4},
    {"lgamma", [](Long x) { return std::lgamma(x); }, 1e-300, 1e300, 1, 4},
    {"sqrt", [](Long x) { return std::sqrt(x); }, 0, DBL_MAX, 0.5, 0.5},
    {"rsqrt", [](Long x) { return 1 / std::sqrt(x); }, 0, DBL_MAX, 1.5, 1.5},
    {"abs", [](Long x) { return std::fabs(x); }, -DBL_MAX, DBL_MAX, 0, 0},
    {"neg", [](Long x) { return -x; }, -DBL_MAX, DBL_MAX, 0, 0},
    {"sign", [](Long x) { return Long(x > 0) - Long(x < 0); }, -DBL_MAX, DBL_MAX, 0, 0},
    {"floor", [](Long x) { return std::floor(x); }, -1e17, 1e17, 0, 0},
    {"ceil", [](Long x) { return std::ceil(x); }, -1e17, 1e17, 0, 0},
    {"round", [](Long x) { return std::nearbyint(x); }, -1e17, 1e17, 0, 0},
    {"trunc", [](Long x) { return std::trunc(x); }, -1e17, 1e17, 0, 0},
    {"square", [](Long x) { return x * x; }, -DBL_MAX, DBL_MAX, 0.5, 0.5},
    {"reciprocal", [](Long x) { return 1 / x; }, -DBL_MAX, DBL_MAX, 0.5, 0.5},
};

// Where long double is no wider than double the reference itself may be off by half a unit.
constexpr double reference_error = LDBL_MANT_DIG > DBL_MANT_DIG ? 0.001 : 1;

template <class T>
void check_unary(const Unary& c, const std::vector<T>& x) {
  const double limit = (sizeof(T) == 4 ? c.limit32 : c.limit64) + reference_error;
  std::vector<Long> expected;
  for (T v : x) expected.push_back(c.reference(v));
  for (const VecProbe& probe : probes()) {
    std::vector<T> got(x.size());
    unary<T>(probe, c.name)(x.data(), got.data(), x.size());
    double worst = -1;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (const double u = ulps(got[i], expected[i]); u > worst) worst = u, at = i;
    CAPTURE(std::string(probe.isa));
    CAPTURE(std::string(c.name));
    CAPTURE(sizeof(T));
    CAPTURE(x[at]);
    CAPTURE(got[at]);
    CHECK(worst <= limit);
  }
}

struct Binary {
  const char* name;
  Long (*reference)(Long, Long);
  double limit32, limit64;
};

Long python_remainder(Long x, Long y) {
  const Long r = std::fmod(x, y);
  return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

const Binary binary_cases[] = {
    {"pow", [](Long x, Long y) { return std::pow(x, y); }, 0.6, 1.2},
    {"atan2", [](Long y, Long x) { return std::atan2(y, x); }, 2.1, 2.5},
    {"hypot", [](Long x, Long y) { return std::hypot(x, y); }, 1.3, 1.3},
    {"fmod", [](Long x, Long y) { return std::fmod(x, y); }, 0, 0},
    {"remainder", python_remainder, 0.5, 0.5},
    {"maximum", [](Long x, Long y) { return x != x || y != y ? x + y
                                            : x > y          ? x
                                                             : y; }, 0, 0},
    {"minimum", [](Long x, Long y) { return x != x || y != y ? x + y
                                            : x < y          ? x
                                                             : y; }, 0, 0},
    {"copysign", [](Long x, Long y) { return std::copysign(x, y); }, 0, 0},
};

template <class T>
void check_binary(const Binary& c, const std::vector<T>& x, const std::vector<T>& y) {
  const double limit = (sizeof(T) == 4 ? c.limit32 : c.limit64) + reference_error;
  for (const VecProbe& probe : probes()) {
    std::vector<T> got(x.size());
    binary<T>(probe, c.name)(x.data(), y.data(), got.data(), x.size());
    double worst = -1;
    std::size_t at = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
      if (const double u = ulps(got[i], c.reference(x[i], y[i])); u > worst) worst = u, at = i;
    CAPTURE(std::string(probe.isa));
    CAPTURE(std::string(c.name));
    CAPTURE(sizeof(T));
    CAPTURE(x[at]);
    CAPTURE(y[at]);
    CAPTURE(got[at]);
    CHECK(worst <= limit);
  }
}

/// All pairs of special values, then pairs of samples of like and of unlike size.
template <class T>
void check_binary_everywhere(const Binary& c) {
  std::vector<T> x, y;
  for (T a : specials<T>())
    for (T b : specials<T>()) x.push_back(a), y.push_back(b);
  check_binary(c, x, y);
  x = samples<T>(-1000, 1000, 20000);
  y.assign(x.rbegin(), x.rend());
  check_binary(c, x, y);
  x = samples<T>(-DBL_MAX, DBL_MAX, 5000);
  y.assign(x.rbegin(), x.rend());
  check_binary(c, x, y);
}

}  // namespace

TEST_CASE("every elementary function stays within its units of the last place") {
  for (const Unary& c : unary_cases) {
    check_unary(c, samples<float>(c.low, c.high, 20001));
    check_unary(c, samples<double>(c.low, c.high, 20001));
  }
}

TEST_CASE("float exp, log, sin and cos are dense around the values networks use") {
  std::vector<float> x;
  for (int i = -100000; i <= 100000; ++i) x.push_back(static_cast<float>(i) * 2e-4f);
  for (const Unary& c : unary_cases)
    for (const char* name : {"exp", "log", "sin", "cos", "tanh", "erf", "sqrt"})
      if (std::strcmp(c.name, name) == 0) check_unary(c, x);
}

TEST_CASE("nan, infinities, zeros, denormal and huge arguments give what libm gives") {
  for (const Unary& c : unary_cases) {
    check_unary(c, specials<float>());
    check_unary(c, specials<double>());
  }
}

TEST_CASE("functions of two numbers follow libm over their whole tables") {
  for (const Binary& c : binary_cases) {
    check_binary_everywhere<float>(c);
    check_binary_everywhere<double>(c);
  }
}

TEST_CASE("digamma keeps its digits, also around its root") {
  const double known[][2] = {{1.4616321449683622, -9.2412655217294275168e-17},
                             {1.461632144968362, -3.0727905665462928431e-16},
                             {1.4616, -0.000031106251230341649658},
                             {1.46175356, 0.00011748342971663665228},
                             {1.462, 0.00035590320380104276334},
                             {1.0, -0.57721566490153286061},
                             {2.0, 0.42278433509846713939},
                             {0.5, -1.9635100260214234794},
                             {0.001, -1000.5755719318102797},
                             {-0.5, 0.036489973978576520559},
                             {-1.5, 0.70315664064524318723},
                             {5.5, 1.6110931485817511237},
                             {10.0, 2.2517525890667211076},
                             {9.99, 2.250700372831201122},
                             {100.0, 4.6001618527380874002},
                             {10000000000.0, 23.02585092989045684},
                             {2.25, 0.57254646662373459191},
                             {1.25, -0.22745353337626540809},
                             {1.2, -0.28903989659218835183},
                             {-0.2, 4.0349914332938612375},
                             {-10.3, 4.6624034935820870175},
                             {1e-300, -9.9999999999999997494e+299},
                             {0.0, -HUGE_VAL},
                             {-0.0, HUGE_VAL},
                             {-1.0, NAN},
                             {HUGE_VAL, HUGE_VAL},
                             {-HUGE_VAL, NAN},
                             {NAN, NAN}};
  for (const VecProbe& probe : probes())
    for (const auto& row : known) {
      const std::vector<double> same(17, row[0]);  // in whole registers, and one by itself
      std::vector<double> got(17);
      unary<double>(probe, "digamma")(same.data(), got.data(), 17);
      CAPTURE(std::string(probe.isa));
      CAPTURE(row[0]);
      CAPTURE(got[0]);
      CHECK(ulps(got[0], row[1]) <= 4);
      CHECK(ulps(got[16], row[1]) <= 4);
    }
}

TEST_CASE("floor division is exact where the quotient rounds up to a whole number") {
  const double rows[][3] = {{1, 0.1, 9},     {0.3, 0.1, 2},    {7, 2, 3},          {-7, 2, -4},
                            {7, -2, -4},     {-7, -2, 3},      {1, HUGE_VAL, 0},   {-1, HUGE_VAL, -1},
                            {-0.0, 3, -0.0}, {1, 0, HUGE_VAL}, {-1, 0, -HUGE_VAL}, {0, 0, NAN}};
  for (const VecProbe& probe : probes())
    for (const auto& row : rows) {
      double got = 0;
      binary<double>(probe, "floor_div")(&row[0], &row[1], &got, 1);
      CAPTURE(std::string(probe.isa));
      CAPTURE(row[0]);
      CAPTURE(row[1]);
      CHECK(ulps(got, row[2]) == 0);
    }
}
