// Random tensors: recorded values for fills of tensors that are not contiguous, `_like` and the forms with
// tensors; streams of the plain forms are in the conformance data. Then moments, misuse, and what happens to
// the graph.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <map>

#include "messages.h"
#include "recorded.h"

using namespace xgrad;
using recorded::json;

namespace {

constexpr optional<int64_t> kNoEnd;

Tensor turned(IntArrayRef size, ScalarType t = kFloat) { return empty(size, t).t(); }
Tensor strided(ScalarType t = kFloat) {
  return empty({4, 10}, t).index({"...", indexing::Slice(indexing::None, indexing::None, 2)});
}

using Makers = std::map<std::string, std::function<Tensor()>>;

void add_fills(Makers& m) {
  m["uniform_ transposed"] = [] { return turned({3, 4}).uniform_(-1, 2); };
  m["uniform_ strided"] = [] { return strided().uniform_(); };
  m["normal_ small"] = [] { return empty(5).normal_(1, 2); };
  m["normal_ transposed"] = [] { return turned({5, 4}).normal_(); };
  m["normal_ strided double"] = [] { return strided(kDouble).normal_(0, 3); };
  m["exponential_ transposed"] = [] { return turned({2, 3}).exponential_(2); };
  m["bernoulli_ transposed"] = [] { return turned({4, 5}).bernoulli_(0.3); };
  m["bernoulli_ tensor"] = [] { return empty({3, 4}).bernoulli_(tensor({0.1, 0.5, 0.9, 1.0})); };
  m["bernoulli_ tensor transposed"] = [] {
    return turned({4, 3}).bernoulli_(tensor({0.1, 0.5, 0.9, 1.0}, kDouble));
  };
  m["bernoulli p"] = [] { return bernoulli(zeros({2, 8}, kLong), 0.25); };
}

void add_integers(Makers& m) {
  for (const ScalarType t : {kFloat, kDouble, kChar, kByte, kShort, kInt, kLong, kBool}) {
    m[std::string("random_ ") + dtype_name(t)] = [t] { return empty(6, t).random_(); };
    m[std::string("random_ from 0 ") + dtype_name(t)] = [t] { return empty(6, t).random_(0, kNoEnd); };
  }
  m["random_ to"] = [] { return empty(6, kInt).random_(10); };
  m["random_ from to float"] = [] { return empty(6).random_(-5, 16777300); };
  m["random_ full range"] = [] { return empty(6, kLong).random_(INT64_MIN, kNoEnd); };
  m["random_ full range double"] = [] { return empty(6, kDouble).random_(INT64_MIN, kNoEnd); };
  m["random_ wide"] = [] { return empty(6, kLong).random_(-(int64_t{1} << 40), int64_t{1} << 40); };
}

void add_new(Makers& m) {
  m["rand_like transposed"] = [] { return rand_like(turned({3, 4})); };
  m["rand_like expanded"] = [] { return rand_like(empty(4).expand({3, 4})); };
  m["randn_like transposed"] = [] { return randn_like(turned({5, 4})); };
  m["randn_like permuted"] = [] { return randn_like(empty({2, 3, 4}).permute({2, 0, 1})); };
  m["randint_like transposed"] = [] { return randint_like(turned({3, 2}), 3, 30); };
  m["normal tensor double"] = [] { return normal(arange(4.0), 0.5); };
  m["normal double tensor"] = [] { return normal(3.0, arange(1.0, 5.0)); };
  m["normal tensor tensor"] = [] { return normal(arange(3.0).reshape({3, 1}), arange(1.0, 3.0)); };
  m["multinomial"] = [] { return multinomial(tensor({{1., 0., 3., 2.}, {0., 5., 5., 0.}}), 2); };
  m["dropout transposed"] = [] { return dropout(ones({3, 4}).t(), 0.4, true); };
}

void add_distributions(Makers& m) {
  for (const ScalarType t : {kFloat, kDouble}) {
    const std::string dtype = dtype_name(t);
    m["cauchy_ " + dtype] = [t] { return empty(6, t).cauchy_(1, 2); };
    m["log_normal_ " + dtype] = [t] { return empty(6, t).log_normal_(0.5, 0.3); };
    m["geometric_ " + dtype] = [t] { return empty(6, t).geometric_(0.3); };
    m["poisson " + dtype] = [t] {
      return poisson(tensor({0., 0.5, 3., 9.9, 10., 20., 200., 11.}, t).repeat({3}));
    };
    m["binomial " + dtype] = [t] {
      return binomial(tensor({0., 10., 100., 1000., 50., 40., 12.}, t).repeat({3}),
                      tensor({0.5, 0.3, 0.5, 0.9, 0.01, 0.99, 1.5}, t).repeat({3}));
    };
  }
  m["geometric_ int64"] = [] { return empty(6, kLong).geometric_(0.1); };
  m["log_normal_ transposed"] = [] { return turned({3, 2}).log_normal_(); };
  m["binomial broadcast"] = [] { return binomial(tensor({{5.}, {60.}}), tensor({0.2, 0.7, 0.4})); };
}

}  // namespace

TEST_CASE("the numbers, the shapes and the order in memory are PyTorch's") {
  Makers makers;
  add_fills(makers);
  add_integers(makers);
  add_new(makers);
  add_distributions(makers);
  std::size_t found = 0;
  for (const json& line : recorded::lines_of("random.jsonl")) {
    const auto name = line["name"].get<std::string>();
    CAPTURE(name);
    REQUIRE(makers.count(name) == 1);
    manual_seed(7);
    const Tensor t = makers[name]();
    recorded::check_same(t, line, t.is_floating_point() ? 1e-6 : 0);
    if (contains(name, "_like")) CHECK_EQ(t.strides().vec(), recorded::sizes_of(line["strides"]));
    ++found;
  }
  CHECK_EQ(found, makers.size());
}

TEST_CASE("a generator of one's own leaves the default one alone") {
  manual_seed(1);
  const Tensor want = rand({3});
  const Generator own = make_generator(5);
  manual_seed(1);
  const Tensor drawn = rand({3}, own);
  CHECK(rand({3}).equal(want));
  CHECK_FALSE(drawn.equal(want));
  CHECK(drawn.equal(rand({3}, make_generator(5))));
  CHECK(randint(10, {3}, make_generator(5)).equal(randint(0, 10, {3}, make_generator(5))));
  CHECK(randperm(6, make_generator(5)).equal(randperm(6, make_generator(5))));
}

TEST_CASE("options decide the dtype and the gradient") {
  CHECK_EQ(randint(5, {2}).dtype(), kLong);
  CHECK_EQ(randint(5, {2}, kFloat).dtype(), kFloat);
  CHECK_EQ(randperm(5).dtype(), kLong);
  CHECK_EQ(rand({2}, kDouble).dtype(), kDouble);
  CHECK_EQ(rand_like(zeros({2}, kLong), kFloat).dtype(), kFloat);
  CHECK(randn({2}, requires_grad()).requires_grad());
  CHECK(randn({2}, requires_grad()).is_leaf());
  CHECK_THROWS_AS(randint(5, {2}, requires_grad()), Error);
}

TEST_CASE("samples have the moments of their distributions") {
  manual_seed(3);
  const Tensor e = empty(100000, kDouble).exponential_(4), b = empty(100000, kDouble).bernoulli_(0.2);
  CHECK_LT(std::abs(e.mean().item<double>() - 0.25), 0.005);
  CHECK_LT(std::abs(b.mean().item<double>() - 0.2), 0.005);
  const Tensor drawn = multinomial(tensor({1., 3.}), 40000, true).to(kFloat);
  CHECK_LT(std::abs(drawn.mean().item<double>() - 0.75), 0.01);
  const Tensor kept = dropout(ones({100000}), 0.3, true);
  CHECK_LT(std::abs(kept.mean().item<double>() - 1), 0.01);
}

TEST_CASE("dropout scales the gradient as it scales the values") {
  manual_seed(0);
  const Tensor x = randn({50}, requires_grad()), y = dropout(x, 0.5, true);
  y.sum().backward();
  CHECK(y.detach().equal(x.detach() * x.grad()));
  CHECK(dropout(x, 0.5, false).is_same(x));
  CHECK(dropout(x, 0, true).is_same(x));
  CHECK(dropout(x, 1, true).detach().equal(zeros({50})));
  Tensor z = ones({100});
  dropout_(z, 0.5, true);
  CHECK_EQ(z._version(), 1);
  CHECK_THROWS_AS(dropout(x, 1.5, true), ValueError);
  CHECK_THROWS_AS(dropout(x, -0.1, false), ValueError);
}

TEST_CASE("a redrawn tensor has no gradient from its old values") {
  const Tensor x = ones({3}).requires_grad_();
  const Tensor y = x * 2.0;
  const auto version = y._version();
  y[1].uniform_();
  CHECK_GT(y._version(), version);
  y.sum().backward();
  CHECK(x.grad().equal(tensor({2., 0., 2.})));
  CHECK(contains(message_of([&] { x.normal_(); }), "a leaf Variable that requires grad"));
  const Tensor p = rand({3}, requires_grad());
  bernoulli(p).sum().backward();
  CHECK(p.grad().equal(zeros({3})));
}

TEST_CASE("arguments that make no sense are named, and nothing is drawn") {
  manual_seed(2);
  const auto state = default_generator().get_state();
  const Tensor x = zeros({4}), whole = zeros({4}, kLong);
  CHECK(contains(message_of([&] { x.uniform_(2, 1); }), "from=2.0 > to=1.0"));
  CHECK(
      contains(message_of<TypeError>([&] { whole.uniform_(); }), "uniform: not implemented for dtype int64"));
  CHECK(contains(message_of([&] { x.normal_(0, -1); }), "std >= 0"));
  CHECK(contains(message_of([&] { normal(0, tensor({1., -2., 3.})); }), "std >= 0.0: got -2"));
  CHECK(contains(message_of([&] { normal(0, tensor({1., std::nan("")})); }), "std >= 0.0: got nan"));
  CHECK(contains(message_of([&] { x.exponential_(0); }), "lambda > 0"));
  CHECK(contains(message_of([&] { x.bernoulli_(1.5); }), "[0, 1]"));
  CHECK(contains(message_of([&] { x.cauchy_(0, 0); }), "sigma > 0"));
  CHECK(contains(message_of([&] { x.log_normal_(0, -1); }), "std > 0"));
  CHECK(contains(message_of([&] { x.geometric_(1); }), "(0, 1)"));
  CHECK(contains(message_of([&] { poisson(x - 1); }), "expected rate to be non-negative"));
  CHECK_THROWS_AS(poisson(tensor({NAN})), Error);
  CHECK_THROWS_AS(poisson(whole), TypeError);
  CHECK_THROWS_AS(binomial(x, x.to(kDouble)), TypeError);
  CHECK_THROWS_AS(binomial(x, zeros({3})), Error);
  CHECK(contains(message_of([&] { x.bernoulli_(tensor({0.5, 2., 0., 1.})); }), "[0, 1]"));
  CHECK_THROWS_AS(bernoulli(tensor({0.5, NAN})), Error);
  CHECK_THROWS_AS(bernoulli(whole), TypeError);
  CHECK(contains(message_of([&] { x.random_(3, 3); }), "from=3 >= to=3"));
  CHECK(contains(message_of([&] { empty(2, kByte).random_(0, 300); }), "out of bounds for uint8: got 299"));
  CHECK_THROWS_AS(empty(2, kInt).random_(INT64_MIN, kNoEnd), Error);
  CHECK_THROWS_AS(randint(0, {2}), Error);
  CHECK_THROWS_AS(randperm(-1), Error);
  CHECK(contains(message_of([&] { randperm(300, kByte); }), "too large for result tensor type uint8"));
  CHECK_THROWS_AS(rand({-1}), Error);
  CHECK_THROWS_AS(rand({2}, kLong), TypeError);
  CHECK_THROWS_AS(zeros({1}).expand({3}).uniform_(), Error);
  CHECK_THROWS_AS(normal(0, -1, {2}), Error);
  CHECK_THROWS_AS(normal(0, tensor({1., -1.})), Error);
  CHECK_THROWS_AS(normal(x, tensor({1., -1., 1., 1.})), Error);
  CHECK_THROWS_AS(randint(5, {2}, requires_grad()), TypeError);
  CHECK_THROWS_AS(randint_like(whole, 5, requires_grad()), TypeError);
  CHECK_THROWS_AS(randperm(5, requires_grad()), TypeError);
  CHECK_THROWS_AS(rand({int64_t{1} << 61}), Error);
  CHECK(contains(message_of<TypeError>([&] { dropout(whole, 0.5, true); }), "input is int64"));
  Tensor leaf = ones({3}).requires_grad_(), repeated = ones({1}).expand({3});
  CHECK_THROWS_AS(dropout_(leaf, 0.5, true), Error);
  CHECK_THROWS_AS(dropout_(repeated, 0.5, true), Error);
  CHECK(default_generator().get_state() == state);
  CHECK(x.equal(zeros({4})));
}

TEST_CASE("weights that are no distribution are refused") {
  CHECK(contains(message_of([] { multinomial(tensor({0., 0.}), 1); }), "all weights of a row are zero"));
  CHECK(contains(message_of([] { multinomial(tensor({1., -1.}), 1); }), "negative or nan"));
  CHECK(contains(message_of([] { multinomial(tensor({1., INFINITY}), 1); }), "infinite"));
  CHECK(contains(message_of([] { multinomial(tensor({1., 1.}), 3); }), "3 samples of 2 categories"));
  CHECK_THROWS_AS(multinomial(tensor({1., 1.}), 0), Error);
  CHECK_THROWS_AS(multinomial(tensor({1, 1}), 1), TypeError);
  CHECK_THROWS_AS(multinomial(ones({1, 1, 1}), 1), Error);
}

TEST_CASE("tensors like others draw from the generator that is given") {
  const Tensor like = zeros({2, 3}, kDouble);
  const auto seeded = [] { return make_generator(7); };
  const auto draw = [&](const auto& f) {
    Generator g = seeded();
    return f(g);
  };
  CHECK(draw([&](Generator& g) { return rand_like(like, g); }).equal(draw([&](Generator& g) {
    return rand({2, 3}, g, kDouble);
  })));
  CHECK(draw([&](Generator& g) { return randn_like(like, g, kFloat); }).equal(draw([&](Generator& g) {
    return randn({2, 3}, g);
  })));
  CHECK(draw([&](Generator& g) { return randint_like(like, 9, g); }).equal(draw([&](Generator& g) {
    return randint(9, {2, 3}, g, kDouble);
  })));
  CHECK(draw([&](Generator& g) { return randint_like(like, 4, 9, g, kLong); }).equal(draw([&](Generator& g) {
    return randint(4, 9, {2, 3}, g);
  })));
  const Tensor p = tensor({0.0, 1.0, 1.0});
  CHECK(bernoulli(like, p).equal(tensor({0.0, 1.0, 1.0}, kDouble).expand({2, 3})));
  CHECK(like.bernoulli(1 - p).equal(tensor({1.0, 0.0, 0.0}, kDouble).expand({2, 3})));
  CHECK_THROWS_AS(bernoulli(like, tensor({0.5, 2.0, 0.5})), Error);
}
