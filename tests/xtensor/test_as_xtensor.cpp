// xtensor views over the memory of tensors: where the elements lie, how long they live, what assignment does,
// and what is refused.
#include <xgrad/xtensor.h>  // first: it must compile alone

#include <doctest/doctest.h>

#include "messages.h"
#include "xtensor/headers.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

Tensor counted() { return tensor({{1., 2., 3.}, {4., 5., 6.}}, kFloat); }

template <class View>
const float* first_element(View& view) {
  return view.data() + view.data_offset();
}

}  // namespace

TEST_CASE("a view shares the tensor's memory, both ways") {
  const Tensor t = counted();
  auto a = as_xtensor<float>(t);
  auto b = as_xtensor<float, 2>(t);
  CHECK_EQ(first_element(a), t.data_ptr<float>());
  CHECK_EQ(first_element(b), t.data_ptr<float>());
  CHECK_EQ(a, (xt::xarray<float>{{1, 2, 3}, {4, 5, 6}}));
  a(1, 2) = 60;
  b(0, 0) = 10;
  CHECK(t.equal(tensor({{10., 2., 3.}, {4., 5., 60.}}, kFloat)));
  t.fill_(1);
  CHECK_EQ(xt::sum(b)(), 6);
}

TEST_CASE("transposed, sliced and selected tensors keep their strides") {
  const Tensor t = counted();
  const auto transposed = as_xtensor<float, 2>(t.t());
  CHECK_EQ(transposed, (xt::xarray<float>{{1, 4}, {2, 5}, {3, 6}}));
  CHECK_EQ(transposed.strides()[0], 1);
  auto odd = as_xtensor<float>(t.slice(1, 0, 3, 2));
  CHECK_EQ(first_element(odd), t.data_ptr<float>());
  CHECK_EQ(odd, (xt::xarray<float>{{1, 3}, {4, 6}}));
  auto row = as_xtensor<float, 1>(t[1]);
  CHECK_EQ(first_element(row), t.data_ptr<float>() + 3);
  CHECK_EQ(row, (xt::xarray<float>{4, 5, 6}));
}

TEST_CASE("an expanded tensor repeats its elements") {
  const auto a = as_xtensor<float>(tensor({1., 2., 3.}, kFloat).expand({2, 3}));
  CHECK_EQ(a, (xt::xarray<float>{{1, 2, 3}, {1, 2, 3}}));
}

TEST_CASE("assigning writes the elements in their places") {
  const Tensor t = counted();
  as_xtensor<float>(t.slice(1, 0, 3, 2)) = -1;
  CHECK(t.equal(tensor({{-1., 2., -1.}, {-1., 5., -1.}}, kFloat)));
  auto transposed = as_xtensor<float, 2>(t.t());
  transposed = xt::xarray<float>{{1, 4}, {2, 5}, {3, 6}};
  CHECK(t.equal(counted()));
  xt::noalias(transposed) = 2 * transposed;
  CHECK(t.equal(counted() * 2));
  transposed += xt::xarray<float>{1, 0};
  CHECK(t.equal(tensor({{3., 5., 7.}, {8., 10., 12.}}, kFloat)));
}

TEST_CASE("assigning a smaller expression broadcasts it, and a larger one is refused") {
  const Tensor t = counted();
  auto a = as_xtensor<float>(t);
  a = xt::xarray<float>{7, 8, 9};
  CHECK(t.equal(tensor({{7., 8., 9.}, {7., 8., 9.}}, kFloat)));
  CHECK_THROWS(a = xt::zeros<float>({3, 3}));
  CHECK(t.equal(tensor({{7., 8., 9.}, {7., 8., 9.}}, kFloat)));
}

TEST_CASE("a view and its copies keep the memory alive") {
  auto copy = [] {
    const auto a = as_xtensor<float>(counted());
    const XtensorView<float, 2> b = as_xtensor<float, 2>(counted());
    CHECK_EQ(a, b);
    const XarrayView<float> c = a;
    return c;
  }();
  const Tensor others = zeros({2, 3}), more = zeros({2, 3});
  CHECK_EQ(xt::xarray<float>(copy + 0), (xt::xarray<float>{{1, 2, 3}, {4, 5, 6}}));
}

TEST_CASE("a tensor over a view is over the first tensor's memory") {
  const Tensor t = counted();
  CHECK_EQ(from_xtensor(as_xtensor<float>(t.t())).data_ptr(), t.data_ptr());
  CHECK_EQ(from_xtensor(as_xtensor<float, 2>(t.t())).strides(), t.t().strides());
}

TEST_CASE("tensors without elements and without dimensions have views") {
  const Tensor none = zeros({2, 0, 3}), one = scalar_tensor(4.);
  auto empty = as_xtensor<float>(none);
  CHECK_EQ(empty.size(), 0);
  CHECK_EQ(xt::sum(as_xtensor<float, 3>(none))(), 0);
  empty = 3;
  empty = xt::zeros<float>({2, 0, 3});
  auto scalar = as_xtensor<float>(one);
  CHECK_EQ(scalar(), 4);
  scalar = xt::xarray<float>(4.f) + 1;
  CHECK_EQ(one.item<float>(), 5);
  as_xtensor<float, 0>(one)() += 1;
  CHECK_EQ(one.item<float>(), 6);
}

TEST_CASE("more dimensions than are kept inline have views") {
  const Tensor t = arange(128, kFloat).view({2, 2, 2, 2, 2, 2, 2});
  CHECK_EQ(as_xtensor<float>(t)(1, 0, 1, 0, 1, 0, 1), 85);
  CHECK_EQ(as_xtensor<float, 7>(t.permute({6, 5, 4, 3, 2, 1, 0}))(1, 1, 0, 0, 0, 0, 0), 3);
}

TEST_CASE_TEMPLATE("every dtype has views", T, uint8_t, int8_t, int16_t, int32_t, int64_t, long long, Half,
                   float, double, bool, BFloat16) {
  const Tensor t = zeros({2}, scalar_type_of<T>);
  auto a = as_xtensor<T, 1>(t);
  a(1) = T(1);
  CHECK_EQ(t[1].item<double>(), 1);
  CHECK_EQ(t[0].item<double>(), 0);
}

TEST_CASE("a view of const elements can only be read") {
  const Tensor t = counted();
  auto a = as_xtensor<const float>(t);
  static_assert(std::is_same_v<decltype(a(0, 0)), const float&>);
  CHECK_EQ(a(1, 1), 5);
  const Tensor copy = from_xtensor(a);
  CHECK(copy.equal(t));
  CHECK_NE(copy.data_ptr(), t.data_ptr());
}

TEST_CASE("a wrong element type, a wrong number of dimensions and an undefined tensor are refused") {
  CHECK_EQ(message_of<TypeError>([] { as_xtensor<double>(counted()); }),
           "as_xtensor: dtypes differ: self has float32, asked for is float64; convert it with to(...)");
  CHECK_EQ(message_of<ValueError>([] { as_xtensor<float, 3>(counted()); }),
           "as_xtensor: numbers of dimensions differ: self is [2, 3], asked for are 3 (2 vs 3); "
           "as_xtensor<T>(self) "
           "takes any number");
  CHECK_THROWS_AS(as_xtensor<float>(Tensor()), Error);
}

TEST_CASE("a tensor that requires a gradient is to be detached first") {
  const Tensor leaf = counted().requires_grad_(), result = leaf * 2;
  CHECK_EQ(message_of([&] { as_xtensor<float>(leaf); }),
           "as_xtensor: self requires grad, but writes through xtensor are not recorded: self is [2, 3]; use "
           "self.detach()");
  CHECK_THROWS_AS((as_xtensor<float, 2>(result)), Error);
  CHECK_EQ(as_xtensor<float>(result.detach())(1, 2), 12);
}
