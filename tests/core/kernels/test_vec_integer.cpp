// Integer and bool lanes of the SIMD layer, and what a plain number beside a register becomes.
#include <doctest/doctest.h>

#include <xgrad/core/kernels/simd/vec.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <type_traits>

using namespace xgrad::kernels;

TEST_CASE("constants of any type take the type of the register") {
  using F = base::Vec<float>;
  static_assert(std::is_same_v<decltype(1 - F(2)), F>);
  static_assert(std::is_same_v<decltype(F(2) * 0.5), F>);
  static_assert(std::is_same_v<decltype(maximum(F(2), 0)), F>);
  static_assert(std::is_same_v<decltype(where(F(2) > 0.0, 1, F(3))), F>);
  static_assert(std::is_same_v<decltype(pow(F(2), 2.0)), F>);
  float out[64] = {};
  (1 - F(2) * 0.5).store(out);
  CHECK(out[0] == 0.f);
}

template <class T, class V = base::Vec<T>>
void check_integer_basics() {
  CHECK(V(T(7)).v == T(7));
  CHECK((V(T(7)) / V(T(0))).v == T(0));
  CHECK(fmod(V(T(7)), V(T(0))).v == T(0));
  CHECK(remainder(V(T(7)), V(T(0))).v == T(0));
  CHECK(floor_div(V(T(7)), V(T(0))).v == T(0));
  CHECK(pow(V(T(3)), V(T(4))).v == T(81));
  CHECK(pow(V(T(0)), V(T(0))).v == T(1));
  CHECK(where(V(T(2)) > 1, V(T(5)), 6).v == T(5));
  const T highest = std::numeric_limits<T>::max(), lowest = std::numeric_limits<T>::min();
  CHECK((V(highest) + 1).v == lowest);
  CHECK((V(lowest) - 1).v == highest);
  if constexpr (std::is_signed_v<T>) {
    CHECK((-V(lowest)).v == lowest);
    CHECK((V(lowest) / V(T(-1))).v == lowest);
    CHECK(fmod(V(lowest), V(T(-1))).v == 0);
    for (int a : {-7, 7})
      for (int b : {-3, 3}) {
        CHECK(floor_div(V(a), V(b)).v == static_cast<T>(std::floor(a / static_cast<double>(b))));
        CHECK(remainder(V(a), V(b)).v == static_cast<T>(a - b * std::floor(a / static_cast<double>(b))));
        CHECK(fmod(V(a), V(b)).v == a % b);
        CHECK((V(a) / V(b)).v == a / b);
      }
    CHECK(pow(V(1), V(-3)).v == 1);
    CHECK(pow(V(-1), V(-3)).v == -1);
    CHECK(pow(V(-1), V(-2)).v == 1);
    CHECK(pow(V(2), V(-1)).v == 0);
    CHECK(pow(V(0), V(-1)).v == 0);
    CHECK(sign(V(-5)).v == -1);
    CHECK(abs(V(-5)).v == 5);
  }
}

TEST_CASE("quotients of 64 bits are exact on both sides of what a double holds") {
  using V = base::Vec<std::int64_t>;
  const std::int64_t wide = std::int64_t{1} << 52;
  for (const std::int64_t base : {std::int64_t{0}, wide / 2, wide, 2 * wide, 7 * wide, INT64_MAX - 8})
    for (const std::int64_t size :
         {std::int64_t{1}, std::int64_t{3}, std::int64_t{7}, wide / 3, wide - 1, wide, 5 * wide})
      for (int step = -8; step <= 8; ++step)
        for (const std::int64_t sign : {1, -1}) {
          const std::int64_t a = sign * (base + step), b = size + (step & 1);
          for (const std::int64_t d : {b, -b}) {
            const std::int64_t below = a % d != 0 && (a % d < 0) != (d < 0) ? 1 : 0;
            REQUIRE((V(a) / V(d)).v == a / d);
            REQUIRE(fmod(V(a), V(d)).v == a % d);
            REQUIRE(floor_div(V(a), V(d)).v == a / d - below);
            REQUIRE(remainder(V(a), V(d)).v == a % d + below * d);
          }
        }
}

TEST_CASE("integers wrap around, divide downwards and never trap") {
  check_integer_basics<std::int8_t>();
  check_integer_basics<std::int16_t>();
  check_integer_basics<std::int32_t>();
  check_integer_basics<std::int64_t>();
  check_integer_basics<std::uint8_t>();
  using U = base::Vec<std::uint8_t>;
  CHECK(pow(U(200), U(3)).v == 0);
  CHECK(neg(U(5)).v == 251);
}

TEST_CASE("bool adds as or and multiplies as and") {
  using B = base::Vec<bool>;
  for (bool a : {false, true})
    for (bool b : {false, true}) {
      CHECK((B(a) + B(b)).v == (a || b));
      CHECK((B(a) * B(b)).v == (a && b));
      CHECK(maximum(B(a), B(b)).v == (a || b));
      CHECK((B(a) < B(b)).m == (a < b));
    }
}
