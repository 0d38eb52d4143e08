// Tensors over the memory of xtensor's containers and views: where the elements lie, who keeps them, and what
// is copied instead.
#include <xgrad/xtensor.h>  // first: it must compile alone

#include <doctest/doctest.h>

#include "messages.h"
#include "xtensor/headers.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

using Sizes = std::vector<int64_t>;

xt::xarray<float> counted() { return {{1, 2, 3}, {4, 5, 6}}; }

}  // namespace

TEST_CASE("a tensor shares the memory of an xarray, both ways") {
  xt::xarray<float> a = counted();
  const Tensor t = from_xtensor(a);
  CHECK_EQ(t.data_ptr<float>(), a.data());
  CHECK_EQ(t.sizes().vec(), Sizes{2, 3});
  CHECK_EQ(t.strides().vec(), Sizes{3, 1});
  a(1, 2) = 60;
  CHECK_EQ(t[1][2].item<float>(), 60);
  t.mul_(2);
  CHECK_EQ(a(0, 1), 4);
  CHECK_EQ(a(1, 2), 120);
}

TEST_CASE("an op on a temporary over a container leaves the container as it is") {
  xt::xarray<float> a = counted();
  const Tensor more = from_xtensor(a) + ones({2, 3});
  CHECK_EQ(a, counted());
  CHECK_NE(more.data_ptr<float>(), a.data());
}

TEST_CASE("a tensor shares the memory of an xtensor of fixed rank and of one of fixed shape") {
  xt::xtensor<double, 2> a = {{1, 2}, {3, 4}};
  xt::xtensor_fixed<double, xt::xshape<2, 2>> b = {{1, 2}, {3, 4}};
  CHECK_EQ(from_xtensor(a).data_ptr<double>(), a.data());
  CHECK_EQ(from_xtensor(b).data_ptr<double>(), b.data());
  CHECK(from_xtensor(a).equal(from_xtensor(b)));
}

TEST_CASE("column-major and dynamic layouts are shared in their own strides") {
  xt::xarray<int, xt::layout_type::column_major> columns = {{1, 2, 3}, {4, 5, 6}};
  xt::xarray<int, xt::layout_type::dynamic> any(std::vector<std::size_t>{2, 3},
                                                xt::layout_type::column_major);
  any = columns;
  const Tensor t = from_xtensor(columns), u = from_xtensor(any);
  CHECK_EQ(t.data_ptr<int>(), columns.data());
  CHECK_EQ(u.data_ptr<int>(), any.data());
  CHECK_EQ(t.strides().vec(), Sizes{1, 2});
  CHECK(t.equal(tensor({{1, 2, 3}, {4, 5, 6}}, kInt)));
  CHECK(u.equal(t));
}

TEST_CASE("views by ranges share the memory of their container") {
  xt::xarray<float> a = counted();
  auto columns = xt::view(a, xt::all(), xt::range(0, 3, 2));
  const Tensor t = from_xtensor(columns), row = from_xtensor(xt::view(a, 1, xt::range(1, 3)));
  CHECK_EQ(t.data_ptr<float>(), a.data());
  CHECK_EQ(t.strides().vec(), Sizes{3, 2});
  CHECK_EQ(row.data_ptr<float>(), a.data() + 4);
  t.zero_();
  CHECK_EQ(a, (xt::xarray<float>{{0, 2, 0}, {0, 5, 0}}));
  a(1, 2) = 7;
  CHECK(row.equal(tensor({5.f, 7.f}, kFloat)));
}

TEST_CASE("strided and transposed views share the memory of their container") {
  xt::xarray<float> a = counted();
  const Tensor strided = from_xtensor(xt::strided_view(a, {xt::all(), xt::range(1, 3)})),
               transposed = from_xtensor(xt::transpose(a));
  CHECK_EQ(strided.data_ptr<float>(), a.data() + 1);
  CHECK(strided.equal(tensor({{2.f, 3.f}, {5.f, 6.f}}, kFloat)));
  CHECK_EQ(transposed.data_ptr<float>(), a.data());
  CHECK_EQ(transposed.strides().vec(), Sizes{1, 3});
}

TEST_CASE("a tensor takes over a container that is moved, and frees it") {
  xt::xarray<float> a = counted();
  const float* const memory = a.data();
  Tensor t = from_xtensor(std::move(a));
  CHECK_EQ(t.data_ptr<float>(), memory);
  const Tensor row = t[1];
  t.reset();
  CHECK(row.equal(tensor({4.f, 5.f, 6.f}, kFloat)));
}

TEST_CASE("a view that owns its container is taken over with it") {
  const Tensor t = from_xtensor(xt::view(counted(), 1, xt::all()));
  CHECK(t.equal(tensor({4.f, 5.f, 6.f}, kFloat)));
}

TEST_CASE("an expression is evaluated into a new tensor of the dtype of its elements") {
  const xt::xarray<float> a = counted();
  const xt::xtensor<double, 1> row = {1, 2, 3};
  const Tensor product = from_xtensor(a * row), mask = from_xtensor(a > 2.f),
               total = from_xtensor(xt::sum(a)), steps = from_xtensor(xt::arange<int64_t>(3)),
               whole = from_xtensor(xt::cast<int>(row));
  CHECK(product.equal(tensor({{1., 4., 9.}, {4., 10., 18.}}, kDouble)));
  CHECK(mask.equal(tensor({{false, false, true}, {true, true, true}})));
  CHECK_EQ(total.dim(), 0);
  CHECK_EQ(total.item<float>(), 21);
  CHECK(steps.equal(tensor({0, 1, 2})));
  CHECK(whole.equal(tensor({1, 2, 3}, kInt)));
}

TEST_CASE("what cannot be written through strides is copied: const containers and views by lists") {
  xt::xarray<float> a = counted();
  const xt::xarray<float>& read_only = a;
  for (const Tensor& t : {from_xtensor(read_only), from_xtensor(xt::view(read_only, xt::all(), xt::all())),
                          from_xtensor(xt::view(a, xt::all(), xt::keep(0, 1, 2))),
                          from_xtensor(xt::dynamic_view(a, {xt::all(), xt::keep(0, 1, 2)}))}) {
    t.add_(1);
    CHECK(t.equal(tensor({{2.f, 3.f, 4.f}, {5.f, 6.f, 7.f}}, kFloat)));
  }
  CHECK_EQ(a, counted());
}

TEST_CASE("dimensions of size 1 get the strides that a tensor gives them") {
  xt::xarray<float> a = xt::ones<float>({2, 1, 3, 1});
  xt::xarray<float, xt::layout_type::column_major> b = xt::ones<float>({1, 3});
  CHECK_EQ(from_xtensor(a).strides().vec(), Sizes{3, 3, 1, 1});
  CHECK(from_xtensor(a).is_contiguous());
  CHECK_EQ(from_xtensor(b).strides().vec(), Sizes{3, 1});
}

TEST_CASE("a broadcast view shares its one row") {
  xt::xarray<float> row = {1, 2, 3};
  const Tensor t = from_xtensor(
      xt::strided_view(row, xt::dynamic_shape<std::size_t>{2, 3}, xt::dynamic_shape<std::ptrdiff_t>{0, 1}));
  CHECK_EQ(t.data_ptr<float>(), row.data());
  CHECK(t.equal(tensor({{1.f, 2.f, 3.f}, {1.f, 2.f, 3.f}}, kFloat)));
}

TEST_CASE("containers without elements and without dimensions are shared too") {
  xt::xarray<float> none = xt::zeros<float>({2, 0, 3}), one(5.f);
  const Tensor empty = from_xtensor(none), scalar = from_xtensor(one);
  CHECK_EQ(empty.sizes().vec(), Sizes{2, 0, 3});
  CHECK(empty.is_contiguous());
  CHECK_EQ(scalar.dim(), 0);
  CHECK_EQ(scalar.data_ptr<float>(), one.data());
  scalar.add_(1);
  CHECK_EQ(one(), 6);
}

TEST_CASE_TEMPLATE("every dtype is shared", T, uint8_t, int8_t, int16_t, int32_t, int64_t, long long, Half,
                   float, double, bool, BFloat16) {
  xt::xtensor<T, 1> a({2}, T(1));
  const Tensor t = from_xtensor(a);
  CHECK_EQ(t.dtype(), scalar_type_of<T>);
  CHECK_EQ(t.data_ptr<T>(), a.data());
  t[1] = 0;
  CHECK_EQ(static_cast<float>(a(1)), 0);
}

TEST_CASE("negative strides are refused, and the container is left as it was") {
  xt::xarray<float> a = counted();
  auto reversed = xt::flip(a, 0);
  const std::string text = message_of<ValueError>([&] { from_xtensor(reversed); });
  CHECK_EQ(text,
           "from_xtensor: a tensor's strides are not negative: the expression is [2, 3] with strides [-3, "
           "1]; copy "
           "it first: from_xtensor(xt::xarray<T>(view))");
  CHECK_THROWS_AS(from_xtensor(std::move(reversed)), ValueError);
  CHECK(from_xtensor(xt::xarray<float>(xt::flip(a, 0))).equal(tensor({{4., 5., 6.}, {1., 2., 3.}}, kFloat)));
}

TEST_CASE("a parameter over a container is trained where it lies") {
  xt::xarray<double> weights = {0., 0.};
  const Tensor w = from_xtensor(weights).requires_grad_(), x = tensor({{1., 0.}, {0., 1.}}, kDouble);
  optim::SGD sgd({w}, optim::SGDOptions(0.5));
  (x.matmul(w) - tensor({2., 4.}, kDouble)).pow(2).sum().backward();
  sgd.step();
  CHECK_EQ(weights, (xt::xarray<double>{2., 4.}));
}
