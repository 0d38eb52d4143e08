// Special functions far out, against values of 40 digits, and the operators of integers.
#include <doctest/doctest.h>

#include <cfloat>
#include <cmath>
#include <limits>
#include <vector>

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

Tensor at(double x) { return scalar_tensor(x, kDouble); }
void check_near(const Tensor& y, double expected) {
  CHECK(std::abs(y.item<double>() - expected) <= 1e-9 * std::abs(expected));
}

}  // namespace

TEST_CASE("Bessel and Airy functions are exact near, between and far out") {
  check_near(special::i0e(at(800)), 0.014106945005869184);
  check_near(special::i1(at(-3)), -3.9533702174026094);
  check_near(special::modified_bessel_k0(at(100)), 4.656628229175902e-45);
  check_near(special::modified_bessel_k1(at(1e-3)), 999.99623815608557);
  check_near(special::scaled_modified_bessel_k0(at(800)), 0.044304427486646012);
  check_near(special::airy_ai(at(-8)), -0.052705050356386203);
  check_near(special::airy_ai(at(1)), 0.13529241631288142);
  check_near(special::airy_ai(at(10)), 1.1047532552898686e-10);
}

TEST_CASE("Bessel functions of floats, which are computed otherwise, are those of doubles") {
  struct Case {
    Tensor (*function)(const Tensor&);
    double places, parity;  // 0 where there is nothing below 0
  };
  const Case cases[] = {{special::bessel_j0, 0.51, 1},
                        {special::bessel_j1, 0.51, -1},
                        {special::bessel_y0, 0.51, 0},
                        {special::bessel_y1, 0.51, 0},
                        {special::i0, 4, 1},
                        {special::i1, 4, -1},
                        {special::i0e, 4, 1},
                        {special::i1e, 4, -1},
                        {special::modified_bessel_k0, 8, 0},
                        {special::modified_bessel_k1, 6, 0}};
  const Tensor x = cat({linspace(1e-3, 12, 6007), linspace(12, 80, 2003), tensor({1e-30f, 2e6f, 1e30f})});
  for (const Case& c : cases) {
    const Tensor y = c.function(x).to(kDouble), expected = c.function(x.to(kDouble)),
                 inside = expected.abs() < 3e38;
    const Tensor allowed = expected.abs() * (c.places * 0x1p-23) + 1e-37;
    CHECK((((y - expected).abs() <= allowed) | !inside).all().item<bool>());
    if (c.parity != 0)
      CHECK(c.function(-x).equal(c.function(x) * c.parity));
    else
      CHECK(isnan(c.function(-x)).all().item<bool>());
  }
  CHECK(special::bessel_y0(zeros({5})).equal(full({5}, -INFINITY)));
  CHECK(special::bessel_y1(zeros({5})).equal(full({5}, -INFINITY)));
  CHECK(special::bessel_j0(zeros({5})).equal(ones({5})));
}

TEST_CASE("gelu of floats keeps its digits where the normal distribution has few") {
  const Tensor x = linspace(-13, 13, 2601).set_requires_grad(true);
  const Tensor y = gelu(x);
  y.sum().backward();
  for (int64_t i = 0; i < x.numel(); ++i) {
    const double v = x[i].item<double>(), cdf = 0.5 * std::erfc(-v * std::sqrt(0.5));
    const double slope = cdf + v * std::exp(-0.5 * v * v) * 0.3989422804014327;
    CAPTURE(v);
    CHECK(std::abs(y[i].item<double>() - v * cdf) <= (v > -5 ? 8e-5 : 1) * std::abs(v * cdf));
    CHECK(std::abs(y[i].item<double>() - v * cdf) <= 3e-7 * std::max(cdf, 0.1) * std::max(std::abs(v), 0.1));
    CHECK(std::abs(x.grad()[i].item<double>() - slope) <= 2e-7);
  }
  const Tensor ends = gelu(tensor({-100.F, 100.F, INFINITY, NAN}));
  CHECK(ends.slice(0, 0, 3).equal(tensor({0.F, 100.F, INFINITY})));
  CHECK(std::isnan(ends[3].item<float>()));
  // However far away, the slope of doubles is that of 0 and of x.
  const Tensor far = tensor({-1.7e308, -1e200, -40., 40., 1e200, 1.7e308}, kDouble).set_requires_grad(true);
  gelu(far).sum().backward();
  CHECK(allclose(far.grad(), tensor({0., 0., 0., 1., 1., 1.}, kDouble), 0, 1e-300));
}

TEST_CASE("error and gamma functions keep their digits in the tails") {
  check_near(erfinv(at(1 - 1e-10)), 4.5728249585449249);
  check_near(special::ndtri(at(1e-300)), -37.047096299361199);
  // On both sides of where the polynomial of the middle ends.
  const double x[] = {0.3, 0.9965, 0.9967},
               y[] = {0.272462714726754345, 2.06477156071260228, 2.0777034861650991};
  for (int i = 0; i < 3; ++i) CHECK(std::abs(erfinv(at(x[i])).item<double>() - y[i]) <= 0x1p-50 * y[i]);
  // Of a distance of y the slope at y is left in x.
  const Tensor places = linspace(-0.9999, 0.9999, 2000, kDouble), quantiles = erfinv(places);
  for (int64_t i = 0; i < places.numel(); ++i) {
    const long double p = places[i].item<double>(), q = quantiles[i].item<double>();
    CHECK(std::abs(std::erf(q) - p) <= 0x1p-50L * std::abs(q) * 1.1283792L * std::exp(-q * q));
  }
  const Tensor rounded = places.to(kFloat), exact = erfinv(rounded.to(kDouble));
  CHECK(((erfinv(rounded) - exact).abs() <= 0x1p-22 * exact.abs()).all().item<bool>());
  check_near(special::ndtri(at(0.002)), -2.87816173909548344);
  check_near(special::log_ndtr(at(-30)), -454.3212439563432);
  check_near(special::log_ndtr(at(-45)), -1017.2260942419524);
  check_near(special::log_ndtr(at(-1.5)), -2.7059444008238898);
  check_near(special::log_ndtr(at(0.5)), -0.36894641528865639);
  check_near(special::erfcx(at(26)), 0.021683584850562907);
  check_near(special::zeta(at(3), at(-20.25)), -62.011392762371921);
  check_near(polygamma(2, at(-0.25)), 122.69736678366236);
  check_near(igamma(at(100), at(90)), 0.15822098918643017);
}

TEST_CASE("polynomials of low degree are what they are written out") {
  for (const auto dtype : {kDouble, kFloat}) {
    const Tensor x = linspace(-1, 1, 40, kDouble).to(dtype), v = x.to(kDouble), t = 2 * v - 1;
    const auto check = [&](const Tensor& y, const Tensor& expected) {
      CHECK(allclose(y.to(kDouble), expected, 1e-6, dtype == kDouble ? 1e-14 : 1e-6));
    };
    check(special::chebyshev_polynomial_t(x, 3), 4 * v * v * v - 3 * v);
    check(special::chebyshev_polynomial_u(x, 2), 4 * v * v - 1);
    check(special::chebyshev_polynomial_v(x, 2), 4 * v * v - 2 * v - 1);
    check(special::chebyshev_polynomial_w(x, 2), 4 * v * v + 2 * v - 1);
    check(special::shifted_chebyshev_polynomial_t(x, 3), 4 * t * t * t - 3 * t);
    check(special::hermite_polynomial_h(x, 3), 8 * v * v * v - 12 * v);
    check(special::hermite_polynomial_he(x, 3), v * v * v - 3 * v);
    check(special::laguerre_polynomial_l(x, 2), v * v / 2 - 2 * v + 1);
    check(special::legendre_polynomial_p(x, 3), (5 * v * v * v - 3 * v) / 2);
    // Degrees that differ from lane to lane.
    const Tensor n = arange(40, kDouble).remainder(3).to(dtype);
    check(special::hermite_polynomial_he(x, n), where(n == 0, ones_like(v), where(n == 1, v, v * v - 1)));
  }
}

TEST_CASE("polynomials of high degree") {
  check_near(special::chebyshev_polynomial_t(at(0.3), 20), 0.98213013105489215);
  check_near(special::laguerre_polynomial_l(at(2.5), 12), -0.54584474517981696);
  check_near(special::legendre_polynomial_p(at(0.7), 15), 0.12320358174007634);
  check_near(special::hermite_polynomial_h(at(1.2), 10), -42007.4651418624);
  CHECK(std::isnan(special::legendre_polynomial_p(at(0.5), 1e15).item<double>()));
}

TEST_CASE("no argument makes a special function run forever") {
  const double inf = std::numeric_limits<double>::infinity();
  for (double x : {0., -0., 1e-310, 1e-100, 1e100, 1e308, inf, -1e308, -inf, std::nan("")}) {
    special::modified_bessel_k1(at(x));
    special::i1(at(x));
    special::airy_ai(at(x));
    special::ndtri(at(x));
    for (double y : {1e-310, 0.5, 1., 2.5, 1e9, 1e308, -0.5, -1e18, inf, std::nan("")}) {
      igamma(at(x), at(y));
      igammac(at(x), at(y));
      special::zeta(at(y), at(x));
      special::hermite_polynomial_he(at(x), at(y));
    }
  }
}

TEST_CASE("the operators of integers are Python's") {
  const Tensor a = tensor({12, -7, 5}, kLong), b = tensor({10, 3, -1}, kLong);
  CHECK(equal(a & b, tensor({8, 1, 5}, kLong)));
  CHECK(equal(a | b, tensor({14, -5, -1}, kLong)));
  CHECK(equal(a ^ 1, tensor({13, -8, 4}, kLong)));
  CHECK(equal(~a, tensor({-13, 6, -6}, kLong)));
  CHECK(equal(a % 5, tensor({2, 3, 0}, kLong)));
  CHECK(equal(a << 2, tensor({48, -28, 20}, kLong)));
  CHECK(equal(-17 >> tensor({2}, kLong), tensor({-5}, kLong)));
  Tensor c = a.clone();
  c &= 6;
  c <<= 1;
  CHECK(equal(c, tensor({8, 0, 8}, kLong)));
  CHECK(equal(tensor({true, false}) & tensor({true, true}), tensor({true, false})));
}

TEST_CASE("a shift beyond the width leaves nothing, or the sign") {
  const Tensor x = tensor({-9, 9}, kInt);
  CHECK(equal(x << 40, tensor({0, 0}, kInt)));
  CHECK(equal(x >> 40, tensor({-1, 0}, kInt)));
  CHECK(equal(x << -1, tensor({0, 0}, kInt)));
}

TEST_CASE("shifts, products and absolute values of integers of every width, at their extremes") {
  for (ScalarType dtype : {kByte, kChar, kShort, kInt, kLong}) {
    const int bits = 8 * static_cast<int>(element_size(dtype));
    const Tensor x = (arange(300, kLong) * 0x123456789abcd07LL).to(dtype),
                 n = (arange(300, kLong) % 67 - 1).to(dtype);
    const Tensor left = x << n, right = x >> n, by_3 = x >> 3, product = x * x.flip({0}), size = abs(x),
                 minus = -x;
    const auto cut = [&](uint64_t v) {
      return tensor({static_cast<int64_t>(v)}, kLong).to(dtype).item<int64_t>();
    };
    for (int64_t i = 0; i < 300; ++i) {
      const auto v = x[i].item<int64_t>(), by = n[i].item<int64_t>();
      const bool shifts = by >= 0 && by < bits;
      CHECK(left[i].item<int64_t>() == (shifts ? cut(static_cast<uint64_t>(v) << by) : 0));
      CHECK(right[i].item<int64_t>() == (shifts ? v >> by : v < 0 ? -1 : 0));
      CHECK(by_3[i].item<int64_t>() == v >> 3);
      CHECK(product[i].item<int64_t>() ==
            cut(static_cast<uint64_t>(v) * static_cast<uint64_t>(x[299 - i].item<int64_t>())));
      CHECK(size[i].item<int64_t>() == (v < 0 ? cut(0 - static_cast<uint64_t>(v)) : v));
      CHECK(minus[i].item<int64_t>() == cut(0 - static_cast<uint64_t>(v)));
    }
    const int64_t least = dtype == kByte ? 0 : cut(uint64_t{1} << (bits - 1));
    CHECK(abs(full({70}, least, dtype)).equal(full({70}, least, dtype)));
  }
}

TEST_CASE("what is for integers alone refuses floats, and dividing by zero is an error") {
  CHECK_THROWS_AS(bitwise_and(ones({2}), ones({2})), TypeError);
  CHECK_THROWS_AS(gcd(ones({2}), ones({2})), TypeError);
  CHECK_THROWS_WITH(remainder(tensor({1}, kLong), 0),
                    "remainder: ZeroDivisionError: an integer is divided by zero");
  CHECK(std::isnan(fmod(at(1), 0).item<double>()));
  CHECK(zeros({0, 2}, kLong).floor_divide(zeros({2}, kLong)).sizes() ==
        IntArrayRef{0, 2});  // nothing is divided
  CHECK(zeros({0}, kLong).remainder(0).numel() == 0);
}

TEST_CASE("gcd and lcm of the extremes") {
  const int64_t least = std::numeric_limits<int64_t>::min();
  CHECK(gcd(tensor({least}, kLong), tensor({int64_t{-1}}, kLong)).item<int64_t>() == 1);
  CHECK(lcm(tensor({int64_t{-4}}, kLong), tensor({int64_t{6}}, kLong)).item<int64_t>() == 12);
  CHECK(lcm(tensor({int64_t{0}}, kLong), tensor({int64_t{6}}, kLong)).item<int64_t>() == 0);
}

TEST_CASE("square roots are rounded as by the processor's instruction, also where that is hardest") {
  // k + 1/2 is halfway between two numbers. Where k^2 + k - c, for a small c, is a multiple of 2^53 and so a
  // number itself, its root is nearest to that: k is found bit by bit.
  std::vector<double> hard;
  for (int64_t c = -200; c <= 200; c += 2)
    for (uint64_t root : {uint64_t{0}, uint64_t{1}}) {
      const auto off = [&](uint64_t k) { return k * k + k - static_cast<uint64_t>(c); };
      for (int bit = 1; bit < 53; ++bit)
        if ((off(root) >> bit & 1) != 0) root |= uint64_t{1} << bit;
      for (const uint64_t k : {root, root + (uint64_t{1} << 52)}) {
        const long double m = static_cast<long double>(k) + 0.5L;
        const double near = static_cast<double>(m * m);
        for (const double x : {std::nextafter(near, 0.), near, std::nextafter(near, HUGE_VAL)})
          hard.push_back(x);
      }
    }
  const auto n = static_cast<int64_t>(hard.size());
  for (const double scale : {1., 0x1p-200, 0x1p300}) {
    const Tensor x = tensor(hard, kDouble) * scale;
    const Tensor y = sqrt(x), z = sqrt(x.to(kFloat));
    for (int64_t i = 0; i < n; ++i) {
      const double v = x[i].item<double>();
      CHECK_EQ(y[i].item<double>(), std::sqrt(v));
      CHECK_EQ(z[i].item<float>(), std::sqrt(static_cast<float>(v)));
    }
  }
  const Tensor odd = tensor({0., -0., -1., HUGE_VAL, 5e-324, 1e-310, DBL_MAX, 4.}, kDouble);
  for (int64_t i = 0; i < odd.numel(); ++i) {
    const double got = sqrt(odd)[i].item<double>(), wanted = std::sqrt(odd[i].item<double>());
    CHECK(
        (got == wanted ? std::signbit(got) == std::signbit(wanted) : std::isnan(got) && std::isnan(wanted)));
  }
}
