// Brackets, gather and scatter, masks, joining: against recorded values, and against arrays written by hand.
#include <doctest/doctest.h>

#include <functional>

#include "core/ops/samples.h"
#include "messages.h"
#include "recorded.h"

using namespace xgrad;
using namespace xgrad::indexing;
using recorded::check_same;
using recorded::counted;
using recorded::json;
using recorded::sizes_of;
using samples::strided_copy;

namespace {

template <class T>
void collect(const json& nested, std::vector<int64_t>& sizes, std::vector<T>& values, std::size_t depth = 0) {
  if (!nested.is_array()) return values.push_back(nested.get<T>());
  if (depth == sizes.size()) sizes.push_back(static_cast<int64_t>(nested.size()));
  for (const json& item : nested) collect(item, sizes, values, depth + 1);
}

Tensor index_tensor(const json& nested, bool is_mask) {
  std::vector<int64_t> sizes, values;
  if (is_mask) {
    std::vector<bool> flags;
    collect(nested, sizes, flags);
    values.assign(flags.begin(), flags.end());
  } else {
    collect(nested, sizes, values);
  }
  return (values.empty() ? zeros({0}) : tensor(values)).reshape(sizes).to(is_mask ? kBool : kLong);
}

TensorIndex bracket(const json& item) {
  if (item.is_null()) return None;
  if (item.is_string()) return "...";
  if (item.is_boolean()) return item.get<bool>();
  if (item.is_number()) return item.get<int64_t>();
  if (item.contains("long")) return index_tensor(item["long"], false);
  if (item.contains("bool")) return index_tensor(item["bool"], true);
  const auto bound = [&](std::size_t i) {
    return item["slice"][i].is_null() ? optional<int64_t>() : item["slice"][i].get<int64_t>();
  };
  return Slice(bound(0), bound(1), bound(2));
}

std::vector<TensorIndex> brackets(const json& list) {
  std::vector<TensorIndex> result;
  for (const json& item : list) result.push_back(bracket(item));
  return result;
}

Tensor weights(const Tensor& t) { return counted(t.sizes().vec(), 1); }

// The largest difference between the gradient of sum(weights * f(x)) and finite differences.
double gradient_error(const Tensor& at, const std::function<Tensor(const Tensor&)>& f) {
  const Tensor x = at.clone().requires_grad_();
  const Tensor y = f(x);
  y.backward(weights(y));
  double worst = 0;
  const Tensor flat = at.clone().reshape(-1);
  for (int64_t i = 0; i < flat.numel(); ++i) {
    const auto moved = [&](double by) {
      Tensor copy = flat.clone();
      copy.data_ptr<double>()[i] += by;
      const Tensor out = f(copy.reshape(at.sizes()));
      return (out * weights(out)).sum().item<double>();
    };
    const double slope = (moved(1e-3) - moved(-1e-3)) / 2e-3;
    worst = std::max(worst, std::abs(slope - x.grad().reshape(-1)[i].item<double>()));
  }
  return worst;
}

}  // namespace

TEST_CASE("brackets read and write what PyTorch's do, and so do their gradients") {
  int number = 0;
  for (const json& line : recorded::lines_of("indexing.jsonl")) {
    for (const bool strided : {false, true}) {
      CAPTURE(number);
      CAPTURE(strided);
      const std::vector<TensorIndex> index = brackets(line["index"]);
      const Tensor start = counted(sizes_of(line["shape"]), 0);
      const Tensor x = (strided ? strided_copy(start) : start).requires_grad_();
      Tensor y;
      if (!line.contains("values")) {
        y = x.index(index);
      } else {
        const Tensor v = counted(sizes_of(line["values"]), 100).requires_grad_();
        y = x * 1.0;
        y.index_put_(index, v, line["accumulate"].get<bool>());
        y.sum().backward({}, true);
        x.mutable_grad().reset();
        v.mutable_grad().reset();
        y.backward(weights(y));
        check_same(v.grad(), line["value_grad"]);
        check_same(x.index_put(index, v, line["accumulate"].get<bool>()), line["out"]);
      }
      if (!x.grad().defined()) y.backward(weights(y));
      check_same(y, line["out"]);
      check_same(x.grad(), line["self_grad"]);
    }
    ++number;
  }
  CHECK_EQ(number, 47);
}

TEST_CASE("an index behind a mask of two dimensions counts the dimensions of the mask") {
  const Tensor x = counted({2, 2, 2}, 0), mask = tensor({{true, false}, {true, true}});
  CHECK_EQ(recorded::values_of(x.index({mask, 1})), std::vector<double>{1, 5, 7});
}

TEST_CASE("integers, slices, None and Ellipsis give views") {
  const Tensor x = zeros({3, 4});
  x.index({1, Slice(None, None, 2)}).fill_(1);
  x.index({"...", None, 3}).fill_(2);
  x.index({tensor(0)}).index({Slice(1, 3)}).fill_(3);
  CHECK(x.equal(tensor({{0., 3., 3., 2.}, {1., 0., 1., 2.}, {0., 0., 0., 2.}})));
  const Tensor all = x.index({});
  CHECK(all.is_view());
  CHECK_FALSE(all.is_same(x));
  CHECK_EQ(all.data_ptr(), x.data_ptr());
  CHECK(zeros({}).index({"..."}).sizes() == IntArrayRef());
}

TEST_CASE("a tensor in brackets makes a copy") {
  const Tensor x = zeros({3, 2});
  x[tensor({0, 2})].fill_(1);
  CHECK(x.equal(zeros({3, 2})));
  CHECK_FALSE(x[tensor({0})].is_view());
  CHECK(x[tensor(2)].is_view());
}

TEST_CASE("a number is written in self's dtype") {
  Tensor x = zeros({2, 3}, kInt);
  x.index_put_({tensor({0, 1}), tensor({2, 0})}, 2.9);
  x.index_put_({0, 0}, 7.9);
  CHECK(x.equal(tensor({{7, 0, 2}, {2, 0, 0}}, kInt)));
}

TEST_CASE("values may share memory with what they are written to") {
  Tensor x = arange(5);
  x.index_put_({tensor({1, 2, 3, 4})}, x.index({Slice(0, 4)}));
  CHECK(x.equal(tensor({0, 0, 1, 2, 3})));
  Tensor y = arange(3);
  y.index_put_({y}, y[2]);
  CHECK(y.equal(tensor({2, 2, 2})));
  Tensor z = arange(4);
  z.scatter_add_(0, tensor({1, 1, 1, 1}), z);
  CHECK(z.equal(tensor({0, 7, 2, 3})));
}

TEST_CASE("bad indices are refused by name and nothing is written") {
  Tensor x = counted({3, 4}, 0);
  const Tensor before = x.clone(), bad = tensor({0, 3}), one = ones({}, kDouble);
  CHECK(contains(message_of<IndexError>([&] { x.index({bad}); }),
                 "index 3 is out of bounds for dimension 0 with size 3"));
  CHECK(contains(message_of<IndexError>([&] {
                   x.index({Slice(), tensor({-5})});
                 }),
                 "index -5 is out of bounds for dimension 1"));
  CHECK(contains(message_of<IndexError>([&] { x.index({-4}); }),
                 "index -4 is out of bounds for dimension 0 with size 3"));
  CHECK(contains(message_of<IndexError>([&] {
                   x.index({0, 0, 0});
                 }),
                 "too many indices for tensor of dimension 2"));
  CHECK(contains(message_of<IndexError>([&] { x.index({"...", 0, Ellipsis}); }), "only one Ellipsis"));
  CHECK(contains(message_of<IndexError>([&] { x.index({tensor({0, 1}), tensor({0, 1, 2})}); }), "[2], [3]"));
  CHECK(contains(message_of<IndexError>([&] {
                   x.index({tensor({true, false})});
                 }),
                 "the shape of the mask [2]"));
  CHECK(contains(message_of<IndexError>([&] {
                   x.index({tensor({1., 0.})});
                 }),
                 "must be int64, int32, uint8 or bool: got float32"));
  CHECK(contains(message_of<ValueError>([&] { x.index({"..", 0}); }), "\"..\""));
  CHECK(contains(message_of<ValueError>([&] { x.index({Slice(None, None, 0)}); }), "step cannot be zero"));
  CHECK(contains(message_of<ValueError>([&] { x.index({Slice(None, None, -1)}); }), "flip"));
  CHECK_THROWS_AS(x.index({Tensor()}), Error);
  CHECK_THROWS_AS(x.index_put_({bad}, one), IndexError);
  CHECK(contains(message_of([&] {
                   x.index_put_({tensor({0})}, ones({2, 4}, kDouble));
                 }),
                 "[2, 4] cannot be broadcast to the indexed shape [1, 4]"));
  CHECK(contains(message_of([&] { x.index_put_({tensor({0})}, ones({4})); }),
                 "self's dtype float64: got float32"));
  CHECK_THROWS_AS(x.scatter_(0, tensor({{0, 3}}), 1), IndexError);
  CHECK_THROWS_AS(x.scatter_add_(0, tensor({{0, -1}}), ones({1, 2}, kDouble)), IndexError);
  CHECK(x.equal(before));
  CHECK_EQ(x._version(), 0);
}

TEST_CASE("places that follow each other are read and added to as runs") {
  for (const ScalarType dtype : {kFloat, kDouble, kHalf, kByte})
    for (const int64_t inner : {1, 3}) {
      const Tensor x = arange(5 * 90 * inner).remainder(251).reshape({5, 90, inner}).to(dtype);
      const Tensor index = cat({arange(80), tensor({7}), arange(70, 90), tensor({7, 8, 9, 0})});
      const Tensor y = x.index_select(1, index);
      CHECK(y.equal(cat(
          {x.narrow(1, 0, 80), x.narrow(1, 7, 1), x.narrow(1, 70, 20), x.narrow(1, 7, 3), x.narrow(1, 0, 1)},
          1)));
      Tensor sums = zeros_like(x), expected = zeros_like(x);
      sums.index_add_(1, index, y);
      for (int64_t i = 0; i < index.numel(); ++i)
        expected.select(1, index[i].item<int64_t>()).add_(y.select(1, i));
      CHECK(sums.equal(expected));
    }
}

TEST_CASE("gather, scatter, index_select and take refuse what does not fit") {
  const Tensor x = counted({3, 4}, 0);
  CHECK(contains(message_of<IndexError>([&] { gather(x, 1, tensor({{4}})); }),
                 "index 4 is out of bounds for dimension 1 with size 4"));
  CHECK(contains(message_of<IndexError>([&] { gather(x, 1, tensor({{-1}})); }), "index -1"));
  CHECK(contains(message_of<TypeError>([&] { gather(x, 1, tensor({{1}}, kShort)); }),
                 "index must be int64 or int32: got int16"));
  CHECK(contains(message_of([&] { gather(x, 0, tensor({1})); }), "index is [1], self is [3, 4]"));
  CHECK(contains(message_of([&] { gather(x, 1, zeros({4, 1}, kLong)); }), "dim 0: 4 vs 3"));
  CHECK(contains(message_of([&] {
                   scatter(x, 1, zeros({2, 2}, kLong), ones({1, 2}, kDouble));
                 }),
                 "larger than src"));
  CHECK(contains(message_of<ValueError>([&] { scatter(x, 1, tensor({{0}}), x, "max"); }), "\"max\""));
  CHECK(
      contains(message_of<IndexError>([&] { index_select(x, 0, tensor({{0}})); }), "index must be a vector"));
  CHECK(contains(message_of<IndexError>([&] { index_select(x, 0, tensor({-1})); }),
                 "index -1 is out of bounds for dimension 0"));
  CHECK(contains(message_of<IndexError>([&] { take(x, tensor({12})); }),
                 "index 12 is out of bounds for a tensor of 12 elements"));
  CHECK(take(x, tensor({{-1, 0}})).equal(tensor({{11., 0.}}, kDouble)));
  CHECK(contains(message_of([&] { masked_fill(x, ones({4}, kBool), ones({1})); }), "without dimensions"));
  CHECK(contains(message_of<TypeError>([&] { masked_select(x, x); }), "mask must be bool: got float64"));
}

TEST_CASE("writing in place is refused where the old values are needed or shared") {
  Tensor leaf = ones({3}).requires_grad_();
  CHECK(
      contains(message_of([&] { leaf.index_put_({tensor({0})}, 1); }), "a leaf Variable that requires grad"));
  CHECK_THROWS_AS(leaf.scatter_(0, tensor({0}), 1), Error);
  CHECK_THROWS_AS(leaf.masked_fill_(tensor({true, false, true}), 1), Error);
  Tensor expanded = zeros({1}).expand({3});
  CHECK(contains(message_of([&] { expanded.index_put_({tensor({0})}, 1); }), "clone() it first"));
  const NoGradGuard no_grad;
  leaf.index_put_({tensor({0})}, 5);
  CHECK_EQ(leaf[0].item<float>(), 5);
}

TEST_CASE("a saved tensor that brackets write to is noticed") {
  const Tensor x = ones({3}).requires_grad_();
  Tensor y = x * 2.0;
  const Tensor z = y * y;
  y.index_put_({tensor({1})}, 0);
  CHECK_THROWS_AS(z.sum().backward(), Error);
}

TEST_CASE("gradients of the chosen elements agree with finite differences") {
  const Tensor x = counted({3, 4}, 0) / 7.0, index = tensor({{0, 2, 2}, {1, 1, 0}}),
               src = counted({3, 4}, 5) / 3.0;
  const Tensor mask = tensor({{true, false, true, true}});
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return gather(t * t, 0, index); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return scatter(t * t, 1, index, src); }), 1e-5);
  CHECK_LT(gradient_error(src, [&](const Tensor& t) { return scatter_add(x, 1, index, t * t); }), 1e-5);
  CHECK_LT(gradient_error(src,
                          [&](const Tensor& t) {
                            return scatter(x, 1, tensor({{0, 1}}), t * t);
                          }),
           1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return scatter(t * t, 1, index, src, "multiply"); }),
           1e-5);
  CHECK_LT(gradient_error(x,
                          [&](const Tensor& t) {
                            return index_select(t * t, 1, tensor({3, 3, 0}, kInt));
                          }),
           1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return take(t * t, tensor({{-1, 2}})); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return masked_select(t * t, mask); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return masked_fill(t, mask, t[0][1] * 2.0); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return flip(t * t, {0, 1}); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return roll(t * t, {1, -3}, {0, 1}); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return repeat(t * t, {2, 1, 3}); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return cat({t * t, src, t.slice(0, 1)}, 0); }), 1e-5);
  CHECK_LT(gradient_error(x, [&](const Tensor& t) { return stack({t * t, src, t}, -1); }), 1e-5);
  CHECK_LT(gradient_error(x.t().detach(),
                          [&](const Tensor& t) {
                            return (t * t).index({tensor({1, 0}), tensor({2, 2})});
                          }),
           1e-5);
}

TEST_CASE("gradients of gradients pass through indexing") {
  const Tensor x = (counted({3, 2}, 1) / 4.0).requires_grad_(), index = tensor({2, 0, 2});
  const auto second = [&](const std::function<Tensor(const Tensor&)>& f) {
    const Tensor first = autograd::grad({f(x)}, {x}, {}, nullopt, true)[0];
    return autograd::grad({first.sum()}, {x})[0];
  };
  // d2/dx2 of the sum of x^3 over the chosen rows is 6 x for each time a row is chosen.
  const Tensor times = tensor({{1., 1.}, {0., 0.}, {2., 2.}}, kDouble), want = 6.0 * x.detach() * times;
  CHECK(second([&](const Tensor& t) { return t.index({index}).pow(3).sum(); }).allclose(want));
  CHECK(second([&](const Tensor& t) { return t.pow(3).index({index}).sum(); }).allclose(want));
  CHECK(second([&](const Tensor& t) { return index_select(t.pow(3), 0, index).sum(); }).allclose(want));
  CHECK(second([&](const Tensor& t) {
          return gather(t.pow(3), 0, index.unsqueeze(1).expand({3, 2})).sum();
        }).allclose(want));
  CHECK(second([&](const Tensor& t) { return cat({t[2], t[0], t[2]}, 0).pow(3).sum(); }).allclose(want));
  CHECK(second([&](const Tensor& t) {
          return zeros({3, 2}, kDouble).index_put({index}, t.pow(3).index({index}), true).sum();
        }).allclose(want));
}

TEST_CASE("cat and stack promote, skip empty vectors and name what does not fit") {
  const Tensor a = ones({2, 3}), b = zeros({1, 3}, kLong);
  CHECK_EQ(cat({b, a}).dtype(), kFloat);
  CHECK_EQ(stack({tensor({1, 2}), tensor({true, false})}).dtype(), kLong);
  CHECK(cat({zeros({0}), a, zeros({0})}, 1).equal(a));
  CHECK_EQ(cat({zeros({0}), zeros({0})}).sizes(), IntArrayRef({0}));
  CHECK(cat({a.t(), a.t()}, 1).equal(ones({3, 4})));
  CHECK(contains(message_of([&] { cat({a, ones({3, 2})}, 0); }), "dim 1: 3 vs 2"));
  CHECK(contains(message_of([&] { cat({a, ones({3})}, 0); }), "[2, 3] and [3] (tensor 1)"));
  CHECK(contains(message_of([&] { cat({a, ones({})}); }), "zero-dimensional tensor (at position 1)"));
  CHECK(contains(message_of([&] { cat({}); }), "non-empty"));
  CHECK_THROWS_AS(cat({a, b}, 2), IndexError);
  CHECK_THROWS_AS(cat({a, Tensor()}), Error);
  CHECK(contains(message_of([&] { stack({a, b}); }), "[2, 3] at entry 0 and [1, 3] at entry 1"));
  CHECK_THROWS_AS(stack({a}, 3), IndexError);
}

TEST_CASE("cat puts pieces of any length beside each other, in the format that they have") {
  for (const auto format : {xgrad::MemoryFormat::Contiguous, xgrad::MemoryFormat::ChannelsLast})
    for (const int64_t dim : {0, 1, 2, 3})
      for (const int64_t length : {1, 4, 17, 70}) {
        std::vector<int64_t> sizes{2, 3, 4, 5}, other = sizes;
        sizes[static_cast<std::size_t>(dim)] = length;
        const Tensor x = xgrad::randn(sizes).contiguous(format), y = xgrad::randn(other).contiguous(format);
        const Tensor z = xgrad::cat({x, y, x}, dim);
        const int64_t n = y.size(dim);
        if (length > 1) CHECK(z.is_contiguous(format));  // one channel has no format
        CHECK(z.narrow(dim, 0, length).equal(x));
        CHECK(z.narrow(dim, length, n).equal(y));
        CHECK(z.narrow(dim, length + n, length).equal(x));
      }
}

TEST_CASE("only the tensors that ask for it get a gradient from cat") {
  const Tensor a = ones({2}).requires_grad_(), b = ones({3}), c = ones({1}, kDouble).requires_grad_();
  const Tensor joined = cat({a, b, c});
  CHECK_EQ(joined.grad_fn()->name(), "CatBackward");
  joined.backward(counted({6}, 1));
  CHECK(a.grad().equal(tensor({1., 2.})));
  CHECK_FALSE(b.grad().defined());
  CHECK(c.grad().equal(tensor({6.}, kDouble)));
  const NoGradGuard no_grad;
  CHECK_FALSE(cat({a, b}).requires_grad());
}

TEST_CASE("masks fill and select") {
  const Tensor x = counted({2, 3}, 0), mask = tensor({true, false, true});
  CHECK(masked_fill(x, mask, -1).equal(tensor({{-1., 1., -1.}, {-1., 4., -1.}}, kDouble)));
  CHECK(x.masked_select(mask).equal(tensor({0., 2., 3., 5.}, kDouble)));
  CHECK(masked_select(x, zeros({2, 3}, kBool)).sizes() == IntArrayRef({0}));
  const Tensor leaf = ones({2, 3}).requires_grad_(), value = tensor(2.).requires_grad_();
  const Tensor y = leaf * 1.0;
  y.masked_fill_(mask, value);
  y.sum().backward();
  CHECK(leaf.grad().equal(tensor({{0., 1., 0.}, {0., 1., 0.}})));
  CHECK_EQ(value.grad().item<float>(), 4);
  CHECK_THROWS_AS(zeros({3}).masked_fill_(ones({2, 3}, kBool), 1), Error);
  CHECK(nonzero(tensor({{0., 2.}, {NAN, -0.}})).equal(tensor({{0, 1}, {1, 0}})));
  CHECK(where(tensor({false, true, true}))[0].equal(tensor({1, 2})));
}

TEST_CASE("repeat, tile, flip and roll move whole blocks") {
  const Tensor x = tensor({{1, 2}, {3, 4}});
  CHECK(x.repeat({1, 2}).equal(tensor({{1, 2, 1, 2}, {3, 4, 3, 4}})));
  CHECK_FALSE(x.repeat({1, 1}).is_view());
  CHECK(x.t().repeat({2, 1}).equal(tensor({{1, 3}, {2, 4}, {1, 3}, {2, 4}})));
  CHECK_EQ(x.repeat({0, 1}).sizes(), IntArrayRef({0, 2}));
  CHECK(tile(x, {2}).equal(x.repeat({1, 2})));
  CHECK(flip(x.t(), {0}).equal(tensor({{2, 4}, {1, 3}})));
  CHECK(flip(x, {}).equal(x));
  CHECK(roll(x, 1).equal(tensor({{4, 1}, {2, 3}})));
  CHECK(roll(x, {1, -1}, {0, 1}).equal(tensor({{4, 3}, {2, 1}})));
  CHECK_THROWS_AS(x.repeat({2}), Error);
  CHECK_THROWS_AS(x.repeat({-1, 1}), Error);
  CHECK_THROWS_AS(flip(x, {0, -2}), Error);
  CHECK_THROWS_AS(roll(x, {1, 2}, 0), Error);
}

TEST_CASE("every dtype can be chosen, added up and multiplied") {
  for (const ScalarType t : {kByte, kChar, kShort, kInt, kLong, kHalf, kFloat, kDouble, kBFloat16}) {
    CAPTURE(dtype_name(t));
    const Tensor x = tensor({3, 1, 2}).to(t), index = tensor({2, 2, 0});
    CHECK(x[index].to(kLong).equal(tensor({2, 2, 3})));
    CHECK(x.scatter_add(0, index, x).to(kLong).equal(tensor({5, 1, 6})));
    CHECK(scatter(x, 0, index, x, "multiply").to(kLong).equal(tensor({6, 1, 6})));
    CHECK(flip(x, 0).to(kLong).equal(tensor({2, 1, 3})));
  }
  const Tensor flags = tensor({true, false, false});
  CHECK(flags.index_put({tensor({1, 0})}, tensor({true, false}), true).equal(tensor({true, true, false})));
}

TEST_CASE("nonzero_static cuts the coordinates or fills them up") {
  const Tensor x = tensor({0, 1, 2, 0}, kLong).view({2, 2});
  CHECK(nonzero_static(x, 1).equal(tensor({0, 1}, kLong).view({1, 2})));
  CHECK(x.nonzero_static(3, 7).equal(tensor({0, 1, 1, 0, 7, 7}, kLong).view({3, 2})));
  CHECK_EQ(nonzero_static(x, 0).sizes().vec(), std::vector<int64_t>{0, 2});
  CHECK_THROWS_AS(nonzero_static(x, -1), Error);
}

TEST_CASE("rows of any length are flipped, whatever their words") {
  for (const ScalarType t : {kByte, kShort, kFloat, kDouble})
    for (const int64_t n : {1, 2, 3, 5, 8, 15, 16, 17, 33, 63, 64, 65, 130}) {
      const Tensor x = arange(6 * (n + 1)).to(t).view({2, 3, n + 1}), part = x.narrow(2, 1, n);
      const Tensor backwards = arange(n - 1, -1, -1);
      CHECK(x.flip(2).equal(x.index_select(2, arange(n, -1, -1))));
      CHECK(part.flip(2).equal(part.index_select(2, backwards)));
      CHECK(part.flip({0, 2}).equal(part.index_select(2, backwards).index_select(0, tensor({1, 0}))));
    }
}

TEST_CASE("rows of any length are gathered and scattered as their elements are") {
  for (const int64_t n : {1, 3, 4, 16, 31, 1000})
    for (const bool dense : {true, false}) {
      const Tensor all = randint(0, 7, {3, 5, 2 * n});
      const Tensor index = dense ? all.narrow(2, 0, n).contiguous() : all.slice(2, 0, 2 * n, 2);
      const Tensor x = randn({3, 5, 7}, kDouble), values = randn({4, 6, n + 2}, kDouble).narrow(2, 1, n);
      const Tensor found = gather(x, 2, index);
      Tensor sums = x.clone(), last = x.clone(), filled = x.clone();
      bool same = true;
      for (int64_t i = 0; i < 3; ++i)
        for (int64_t j = 0; j < 5; ++j)
          for (int64_t k = 0; k < n; ++k) {
            const auto to = index.accessor<int64_t, 3>()[i][j][k];
            const double value = values.accessor<double, 3>()[i][j][k];
            same = same && found.accessor<double, 3>()[i][j][k] == x.accessor<double, 3>()[i][j][to];
            sums.accessor<double, 3>()[i][j][to] += value;
            last.accessor<double, 3>()[i][j][to] = value;
            filled.accessor<double, 3>()[i][j][to] = 2;
          }
      CHECK(same);
      CHECK(scatter_add(x, 2, index, values).equal(sums));
      CHECK(scatter(x, 2, index, values).equal(last));
      CHECK(scatter(x, 2, index, values[0][0].expand(index.sizes()))
                .equal(scatter(x, 2, index, values[0][0].expand(index.sizes()).contiguous())));
      CHECK(scatter(x, 2, index, 2).equal(filled));
      for (const int64_t wrong : {-1, 7}) {  // the last of all
        const Tensor bad = index.clone(), kept = x.clone();
        bad[2][4][n - 1] = wrong;
        CHECK_THROWS_AS(gather(x, 2, bad), IndexError);
        CHECK_THROWS_AS(x.scatter_(2, bad, values), IndexError);
        CHECK_THROWS_AS(x.scatter_add_(2, bad, values), IndexError);
        CHECK(x.equal(kept));
      }
    }
}

TEST_CASE("scattering by an empty index gives the source a gradient of zeros") {
  const Tensor self = ones({2, 3}, kDouble), index = empty({0, 3}, kLong);
  const Tensor src = ones({2, 3}, kDouble).requires_grad_();
  for (const Tensor& y :
       {scatter(self, 0, index, src), scatter_add(self, 0, index, src),
        scatter_reduce(self, 0, index, src, "amax"), scatter_reduce(self, 0, index, src, "prod")}) {
    CHECK(y.detach().equal(self));
    CHECK(autograd::grad({y.sum()}, {src})[0].equal(zeros({2, 3}, kDouble)));
  }
}

TEST_CASE("a number of another dtype is put where a mask chooses, and nowhere else") {
  const Tensor x = tensor({1., 2., 3.}), mask = x > 1.5;
  CHECK(x.index_put({mask}, tensor(-1)).equal(tensor({1., -1., -1.})));
  CHECK(x.clone().index_put_({mask}, tensor({-1})).equal(tensor({1., -1., -1.})));
  CHECK_THROWS_AS(x.index_put({tensor({0})}, tensor(-1)), Error);
  CHECK_THROWS_AS(x.index_put({mask}, tensor({-1, -2})), Error);
  CHECK_THROWS_AS(x.index_put({mask}, tensor(-1), true), Error);
  CHECK_THROWS_AS(x.to(kByte).index_put({mask}, tensor(300)), Error);
}
