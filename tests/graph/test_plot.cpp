// Drawings with the characters of a terminal.
#include <doctest/doctest.h>

#include <limits>

#include <xgrad/graph/plot.h>

using namespace xgrad::graph;

TEST_CASE("a curve goes from its first value to its last, between two labels") {
  CHECK_EQ(plot({0, 1, 2, 3}, 2, 2, "epochs"),
           "  3.0000 ┤ ⡼\n"
           "  0.0000 ┤⣰⠃\n"
           "         └──\n"
           "          14 epochs\n");
  CHECK_EQ(plot({2, -2}, 2, 2).substr(0, 8), "  2.0000");
  CHECK_NE(plot({2, -2}, 2, 2).find(" -2.0000"), std::string::npos);
}

TEST_CASE("values that are no numbers leave gaps, and no value an empty frame") {
  const double nan = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();
  const std::string empty =
      "  0.0000 ┤\n"
      "  0.0000 ┤\n"
      "         └──\n"
      "          1";
  CHECK_EQ(plot({nan, inf, -inf}, 2, 2).substr(0, empty.size()), empty);
  CHECK_EQ(plot({}, 2, 2).substr(0, empty.size()), empty);
  const double largest = std::numeric_limits<double>::max();
  CHECK_EQ(plot({-largest, largest}, 2, 2).substr(0, 8), "1.8e+308");
}

TEST_CASE("points and pixels") {
  CHECK_EQ(scatter({{-1, 1}, {1, -1}, {9, 9}}, 1, 1, 1), "  ⢉\n");
  CHECK_EQ(preview({0, 0.5, 1, 2, -1, std::numeric_limits<double>::quiet_NaN()}, 3), "  ▒▒██\n██    \n");
}
