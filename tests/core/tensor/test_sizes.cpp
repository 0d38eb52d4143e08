// Sizes whose product is no number, and strides and steps that lead nowhere.
#include <doctest/doctest.h>

#include <functional>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

constexpr int64_t power(int exponent) { return int64_t{1} << exponent; }

}  // namespace

TEST_CASE("sizes whose product overflows are refused before memory is asked for") {
  const Tensor one = zeros({1, 1}), line = zeros({1}).expand({power(62)}),
               nothing = zeros({power(31), 0, power(31)});
  const std::vector<std::function<void()>> calls = {
      [] {
        zeros({power(31), 0}).mm(zeros({0, power(31)}));
      },
      [] {
        zeros({power(30), power(20), 0}).bmm(zeros({power(30), 0, power(20)}));
      },
      [&] {
        one.expand({274177, 1}) + one.expand({1, 67280421310721});
      },
      [] { linspace(0, 1, power(61)); },
      [] { arange(0, power(60)); },
      [] { randperm(power(61)); },
      [] { eye(power(32)); },
      [&] {
        cat({line, line});
      },
      [&] {
        cat({line, line, line, line});
      },
      [&] {
        stack({line, line, line, line});
      },
      [] {
        zeros({0, 274177, 67280421310721});
      },
      [] {
        zeros({power(40), 0, power(40)});
      },
      [] {
        zeros({0}).view({0, power(40), power(40)});
      },
      [&] { nothing.sum(1); },
      [&] { nothing.mean(1); },
      [&] {
        one.expand({power(32), power(32)});
      },
      [&] {
        one.expand({power(31), power(31)}).clone();
      },
      [&] {
        one.expand({power(31), power(31)}).contiguous();
      },
      [] { zeros({2}).repeat({power(62)}); },
      [] {
        zeros({0, 3}).tile({power(62), power(62)});
      },
      [&] { line.gather(0, zeros({1}, kLong).expand({power(62)})); },
      [&] { line.index({zeros({1}, kLong).expand({power(62)})}); },
      [] {
        zeros({0}).as_strided({0, power(40), power(40)}, {1, 1, 1});
      },
      [] { multinomial(ones({3}), power(61), true); }};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CAPTURE(i);
    CHECK(contains(message_of(calls[i]), "too many elements"));
  }
  CHECK_EQ(line.numel(), power(62));
  CHECK_EQ(nothing.transpose(0, 1).numel(), 0);
  CHECK_EQ(one.expand({power(31), power(31)}).numel(), power(62));
}

TEST_CASE("a list that no memory holds is refused as every error is") {
  CHECK_THROWS_AS(zeros({0}).chunk(power(60)), Error);
  CHECK_THROWS_AS(zeros({1}).expand({power(40)}).unbind(), Error);
}

TEST_CASE("more than 64 dimensions are refused, and a tensor of 64 stays whole") {
  const Tensor t = zeros(std::vector<int64_t>(64, 1));
  CHECK(contains(message_of([&] { t.unsqueeze(0); }), "at most 64 dimensions"));
  CHECK(contains(message_of([&] { zeros(std::vector<int64_t>(65, 1)); }), "at most 64 dimensions"));
  CHECK_THROWS_AS(Tensor(t).unsqueeze_(0), Error);
  CHECK_EQ(t.dim(), 64);
}

TEST_CASE("a step beyond everything takes the first element") {
  const int64_t most = std::numeric_limits<int64_t>::max();
  const Tensor x = arange(15).reshape({5, 3});
  for (const int64_t step : {int64_t{5}, power(62), most}) {
    const Tensor first = x.slice(0, 0, 5, step);
    CHECK(first.equal(x.narrow(0, 0, 1)));
    CHECK(first.stride(0) > 0);
    CHECK(first.slice(0, 0, 1, step).unsqueeze(0).unsqueeze(2).equal(first.unsqueeze(0).unsqueeze(2)));
    CHECK(x.slice(0, 1, 1, step).numel() == 0);
    CHECK(x.index({indexing::Slice(2, indexing::None, step)}).equal(x.narrow(0, 2, 1)));
  }
  const Tensor y = arange(4, kDouble).requires_grad_();
  y.slice(0, 0, 4, most).sum().backward();
  CHECK(y.grad().equal(tensor({1., 0., 0., 0.}, kDouble)));
}

TEST_CASE("offsets and shifts beyond everything are what is left of them") {
  const int64_t least = std::numeric_limits<int64_t>::min();
  const Tensor x = arange(6).reshape({2, 3});
  CHECK_EQ(x.diagonal(least).numel(), 0);
  CHECK_EQ(x.diagonal(std::numeric_limits<int64_t>::max()).numel(), 0);
  CHECK(arange(5).roll(least).equal(arange(5).roll(least % 5)));
  const Tensor empty = zeros({0}).as_strided({0, 5}, {1, power(62)});
  CHECK_EQ(empty.select(1, 4).numel(), 0);
  CHECK_EQ(empty.unsqueeze(1).numel(), 0);
  CHECK_EQ(empty.diagonal().numel(), 0);
}

TEST_CASE("memory that from_blob refuses stays its owner's") {
  float data[4] = {1, 2, 3, 4};
  int deleted = 0;
  const auto deleter = [&](void*) { ++deleted; };
  CHECK_THROWS_AS(from_blob(data, {-1}, deleter), Error);
  CHECK_THROWS_AS(from_blob(nullptr, {3}, deleter), Error);
  CHECK_THROWS_AS(from_blob(data, {2}, {1, 1}, deleter), Error);
  CHECK_THROWS_AS(from_blob(data, {2}, {-1}, deleter), Error);
  CHECK_THROWS_AS(from_blob(data, {power(40), power(40)}, deleter), Error);
  CHECK_THROWS_AS(from_blob(data, {3}, {power(62)}, deleter), Error);
  CHECK_THROWS_AS(from_blob(data, std::vector<int64_t>(65, 1), deleter), Error);
  CHECK_THROWS_AS(from_blob(data, {4}, deleter, TensorOptions(kInt).requires_grad(true)), TypeError);
  CHECK_EQ(deleted, 0);
  CHECK(from_blob(nullptr, {0}).numel() == 0);
  CHECK(from_blob(data, {4}, deleter).sum().item<float>() == 10);
  CHECK_EQ(deleted, 1);
}

TEST_CASE("a list of sizes is read by index, which is checked, and from its end") {
  const Tensor t = zeros({2, 3});
  CHECK(t.sizes().at(1) == 3);
  CHECK(std::vector<int64_t>(t.sizes().rbegin(), t.sizes().rend()) == std::vector<int64_t>{3, 2});
  CHECK(message_of([&] { t.sizes().at(2); }) == "ArrayRef: no value at 2: there are 2");
  CHECK_THROWS_AS(t.sizes().at(2), IndexError);
}
