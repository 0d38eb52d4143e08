// The 16-bit floating types, which are only stored: products and losses compute wider and round once, as
// PyTorch's do (data/make_half.py).
#include <functional>
#include <map>

#include "core/kernels/threads.h"
#include "core/ops/recorded.h"

using namespace xgrad;
using recorded::json;

namespace {

using Op = std::function<Tensor(const Tensor& x, const Tensor& y, const Tensor& v)>;

Op gradient_of(Op f) {
  return [f](const Tensor& x, const Tensor& y, const Tensor& v) {
    const Tensor leaf = x.clone().requires_grad_();
    f(leaf, y, v).sum().backward();
    return leaf.grad();
  };
}

Tensor target() { return tensor({1, 3, 0}); }
Tensor nll(const Tensor& x, const Tensor& v, int64_t reduction) {
  return nll_loss(x, target(), v.abs(), reduction);
}

const std::map<std::string, Op> kCases = {
    {"mm", [](auto& x, auto& y, auto&) { return x.mm(y); }},
    {"mv", [](auto& x, auto&, auto& v) { return x.mv(v); }},
    {"dot", [](auto&, auto&, auto& v) { return v.dot(v); }},
    {"bmm", [](auto& x, auto& y, auto&) { return x.unsqueeze(0).bmm(y.unsqueeze(0)); }},
    {"addmm", [](auto& x, auto& y, auto& v) { return addmm(v, x, y, 0.3, 0.7); }},
    {"linear", [](auto& x, auto& y, auto& v) { return linear(x, y, v); }},
    {"mm gradient", gradient_of([](auto& x, auto& y, auto&) { return x.mm(y); })},
    {"linear gradient", gradient_of([](auto& x, auto& y, auto& v) { return linear(x, y, v); })},
    {"nll_loss", [](auto& x, auto&, auto&) { return nll_loss(x, target()); }},
    {"nll_loss weight", [](auto& x, auto&, auto& v) { return nll(x, v, Reduction::Mean); }},
    {"nll_loss none", [](auto& x, auto&, auto& v) { return nll(x, v, Reduction::None); }},
    {"nll_loss gradient", gradient_of([](auto& x, auto&, auto& v) { return nll(x, v, Reduction::Mean); })},
    {"cross_entropy", [](auto& x, auto&, auto&) { return cross_entropy_loss(x, target()); }},
    {"cross_entropy gradient",
     gradient_of([](auto& x, auto&, auto&) { return cross_entropy_loss(x, target()); })},
    {"softmax", [](auto& x, auto&, auto&) { return x.softmax(1); }},
    {"mse_loss", [](auto& x, auto& y, auto&) { return mse_loss(x, y.slice(0, 0, 3)); }},
    {"smooth_l1_loss", [](auto& x, auto& y, auto&) { return smooth_l1_loss(x, y.slice(0, 0, 3)); }}};

// Multiples of 1/8 below 2 in magnitude: sums of products of thousands are exact in float.
Tensor eighths(IntArrayRef sizes, int64_t step) {
  const Tensor count = arange(numel_of(sizes)) * step;
  return (count - count.div(31, "floor") * 31 - 15).to(kDouble).div(8).reshape(sizes);
}

}  // namespace

TEST_CASE("products and losses of 16-bit operands are the recorded ones") {
  const Tensor x = tensor({{0.1, -0.7, 1.3, 2.1}, {0.33, 5.0, -3.1, 0.9}, {-1.7, 0.02, 0.6, -0.45}});
  const Tensor y = tensor(
      {{1.1, 0.3, -0.9, 0.7}, {0.25, 0.6, 1.9, -0.15}, {-0.35, 2.2, 0.8, 0.4}, {0.05, -1.4, 0.95, 1.2}});
  const Tensor v = tensor({0.9, -0.21, 0.37, 1.6});
  for (const json& line : recorded::lines_of("half.jsonl")) {
    const std::string name = line["case"], type = line["dtype"];
    const ScalarType dtype = type == "float16" ? kHalf : kBFloat16;
    const Tensor got = kCases.at(name)(x.to(dtype), y.to(dtype), v.to(dtype));
    const std::vector<double> values = recorded::values_of(got);
    CHECK_EQ(dtype_name(got.dtype()), line["result"][0]);
    REQUIRE_EQ(values.size() + 1, line["result"].size());
    // PyTorch rounds the sums of nll_loss before it divides them.
    const double two_places = dtype == kHalf ? 0x1p-9 : 0x1p-6;
    for (std::size_t i = 0; i < values.size(); ++i) {
      const double want = line["result"][i + 1];
      CHECK_MESSAGE(std::abs(values[i] - want) <= std::abs(want) * two_places, name, ", ", type, ", element ",
                    i, ": ", values[i], " vs ", want);
    }
  }
}

TEST_CASE("a 16-bit product of several blocks is the exact one, rounded, however its operands lie") {
  const Tensor a = eighths({130, 515}, 7), b = eighths({515, 514}, 11), bias = eighths({514}, 3);
  for (ScalarType dtype : {kHalf, kBFloat16}) {
    const Tensor x = a.to(dtype), y = b.to(dtype);
    const Tensor expected = a.mm(b).to(dtype);
    for (int threads : {1, 3}) {
      const Threads limit(threads);
      CHECK(equal(x.mm(y), expected));
      CHECK(equal(a.t().contiguous().to(dtype).t().mm(y), expected));
      CHECK(equal(x.mm(b.t().contiguous().to(dtype).t()), expected));
      CHECK(equal(addmm(bias.to(dtype), x, y, 0.5, 2), (a.mm(b) * 2 + bias * 0.5).to(dtype)));
      CHECK(equal(x.mv(y.select(1, 3)), a.mv(b.select(1, 3)).to(dtype)));
    }
  }
}

namespace {
// The same memory as another dtype; t must live.
Tensor read_as(ScalarType dtype, const Tensor& t) { return from_blob(t.data_ptr(), t.sizes(), dtype); }
}  // namespace

TEST_CASE("arithmetic on 16-bit numbers is that of floats, rounded, for every number and layout") {
  const std::function<Tensor(const Tensor&, const Tensor&)> functions[] = {
      [](auto& x, auto& y) { return x + y; }, [](auto& x, auto& y) { return x - y; },
      [](auto& x, auto& y) { return x * y; }, [](auto& x, auto& y) { return x / y; },
      [](auto& x, auto&) { return sqrt(x); }};
  const Tensor bits = arange(-32768, 32768, kShort), others = (arange(65536) * 40503 + 12345).to(kShort);
  for (ScalarType dtype : {kHalf, kBFloat16}) {
    const Tensor x = read_as(dtype, bits), y = read_as(dtype, others);
    const auto compare = [&](const Tensor& a, const Tensor& b) {
      for (const auto& f : functions) {
        const Tensor expected = f(a.to(kFloat), b.to(kFloat)).to(dtype);
        CHECK(allclose(f(a, b), expected, 0, 0, true));
        CHECK(allclose(f(a.clone(), b.clone()), expected, 0, 0, true));
      }
    };
    compare(x, y);
    for (int64_t n = 1; n < 40; ++n) compare(x.narrow(0, 15000, n), y.narrow(0, 3, n));
    compare(x.view({256, 256}).t(), y.view({256, 256}));
    compare(x.view({256, 256}), y.narrow(0, 7, 256));
    compare(x.slice(0, 0, 65536, 3), y[5]);
    Tensor changed = x.clone();
    changed *= y;
    CHECK(allclose(changed, x * y, 0, 0, true));
  }
}

TEST_CASE("the next 16-bit number is one step away in its bits") {
  for (const auto& [dtype, infinity] : {std::pair(kHalf, 0x7c00), std::pair(kBFloat16, 0x7f80)}) {
    const Tensor bits = arange(1, infinity + 1, kShort), x = read_as(dtype, bits), zero = zeros({}, dtype);
    const Tensor up = nextafter(x.narrow(0, 0, infinity - 1), full({}, HUGE_VAL, dtype)),
                 down = nextafter(x, zero);
    CHECK(read_as(kShort, up).equal(bits.narrow(0, 1, infinity - 1)));
    CHECK(read_as(kShort, down).equal(bits - 1));
    CHECK(nextafter(-x, zero).equal(-down));
  }
}
