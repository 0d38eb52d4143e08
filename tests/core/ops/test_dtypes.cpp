// What ops make of each dtype, and which they refuse, against what PyTorch did (data/make_dtypes.py); and
// numbers that a detour through another dtype would spoil.
#include <map>

#include "core/ops/recorded.h"
#include "messages.h"

using namespace xgrad;
using recorded::json;

namespace {

const std::map<std::string, ScalarType> kDtypes = {
    {"bool", kBool},  {"uint8", kByte},   {"int8", kChar},         {"int16", kShort},   {"int32", kInt},
    {"int64", kLong}, {"float16", kHalf}, {"bfloat16", kBFloat16}, {"float32", kFloat}, {"float64", kDouble}};

Tensor values(const json& dtype, std::vector<double> numbers) {
  const ScalarType t = kDtypes.at(dtype);
  if (t == kBool)
    for (double& n : numbers) n = n > 1;
  return tensor(numbers, kDouble).to(t);
}

Scalar number(const json& n) {
  if (n.is_boolean()) return n.get<bool>();
  if (n.is_number_integer()) return n.get<int64_t>();
  return n.get<double>();
}

using Unary = std::function<Tensor(Tensor)>;
using Binary = std::function<Tensor(Tensor, Tensor)>;
using WithNumber = std::function<Tensor(Tensor, Scalar)>;
using Test = std::function<bool(Tensor, Tensor)>;

struct Call {
  Unary unary;
  Binary binary;
  WithNumber with_number;
  Test test;
};

std::map<std::string, Call> calls() {
  std::map<std::string, Call> all;
#define UNARY(op)                                  \
  all[#op].unary = [](Tensor x) { return op(x); }; \
  all[#op "_"].unary = [](Tensor x) { return x.op##_(); };
  // clang-format off
  UNARY(abs) UNARY(neg) UNARY(sign) UNARY(reciprocal) UNARY(sqrt) UNARY(rsqrt) UNARY(square) UNARY(exp)
  UNARY(expm1) UNARY(log) UNARY(log1p) UNARY(sin) UNARY(cos) UNARY(tan) UNARY(asin) UNARY(acos) UNARY(atan)
  UNARY(sinh) UNARY(cosh) UNARY(tanh) UNARY(floor) UNARY(ceil) UNARY(round) UNARY(trunc) UNARY(sigmoid)
  UNARY(relu)
  // clang-format on
#undef UNARY
                  all["isnan"]
                      .unary = [](Tensor x) { return isnan(x); };
  all["logical_not"].unary = [](Tensor x) { return logical_not(x); };
  all["round_decimals"].unary = [](Tensor x) { return round(x, 1); };
#define BINARY(name, call)                                                  \
  all[name].binary = [](const Tensor& a, const Tensor& b) { return call; }; \
  all[name].with_number = [](const Tensor& a, const Scalar& b) { return call; };
  BINARY("add", add(a, b))
  BINARY("sub", sub(a, b))
  BINARY("rsub", rsub(a, b))
  BINARY("mul", mul(a, b))
  BINARY("div", div(a, b))
  BINARY("floor_divide", floor_divide(a, b))
  BINARY("pow", pow(a, b))
  BINARY("eq", eq(a, b))
  BINARY("ne", ne(a, b))
  BINARY("lt", lt(a, b))
  BINARY("le", le(a, b))
  BINARY("gt", gt(a, b))
  BINARY("ge", ge(a, b))
  BINARY("add_", a.add_(b))
  BINARY("sub_", a.sub_(b))
  BINARY("mul_", a.mul_(b))
  BINARY("div_", a.div_(b))
  BINARY("pow_", a.pow_(b))
  BINARY("div_trunc", div(a, b, "trunc"))
  BINARY("div_floor", div(a, b, "floor"))
  BINARY("rpow", pow(b, a))
  BINARY("rdiv", b / a)
  BINARY("clamp_min", clamp_min(a, b))
  BINARY("clamp_max", clamp_max(a, b))
  BINARY("add_alpha_True", add(a, b, true))
  BINARY("add_alpha_2", add(a, b, 2))
  BINARY("add_alpha_2.5", add(a, b, 2.5))
  BINARY("sub_alpha_True", sub(a, b, true))
  BINARY("sub_alpha_2", sub(a, b, 2))
  BINARY("sub_alpha_2.5", sub(a, b, 2.5))
#undef BINARY
#define BINARY(op) all[#op].binary = [](const Tensor& a, const Tensor& b) { return op(a, b); };
  // clang-format off
  BINARY(maximum) BINARY(minimum) BINARY(logical_and) BINARY(logical_or) BINARY(logical_xor)
  // clang-format on
#undef BINARY
      all["equal"]
          .test = [](const Tensor& a, const Tensor& b) { return equal(a, b); };
  all["allclose"].test = [](const Tensor& a, const Tensor& b) { return allclose(a, b, 0.0, 1.0); };
  return all;
}

// [dtype, values...] as the data have it, true, false, or null where the call throws.
json outcome(const Call& call, const json& arguments) {
  try {
    const Tensor x = values(arguments[0], {1, 2});
    if (call.test) return call.test(x, values(arguments[1], {2, 3}));
    const Tensor out = call.unary                 ? call.unary(x)
                       : arguments[1].is_string() ? call.binary(x, values(arguments[1], {2, 3}))
                                                  : call.with_number(x, number(arguments[1]));
    json result{dtype_name(out.dtype())};
    for (double v : recorded::values_of(out)) result.push_back(v);
    return result;
  } catch (const Error&) {
    return nullptr;
  }
}

bool agree(const json& got, const json& want) {
  if (!got.is_array() || !want.is_array()) return got == want;
  if (got.size() != want.size() || got[0] != want[0]) return false;
  const std::string dtype = want[0];
  const double tolerance = dtype == "float64"   ? 1e-14
                           : dtype == "float32" ? 1e-6
                           : dtype == "float16" ? 1e-3
                                                : 1e-2;
  for (std::size_t i = 1; i < want.size(); ++i) {
    const double a = got[i], b = std::stod(want[i].get<std::string>());
    if (std::isnan(a) != std::isnan(b) || std::abs(a - b) > tolerance * std::abs(b)) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("every pair of dtypes gives the dtype and values that PyTorch gives, or is refused as there") {
  const auto all = calls();
  for (const json& line : recorded::lines_of("dtypes.jsonl")) {
    const Call& call = all.at(line["op"]);
    for (const json& c : line["cases"]) {
      const json got = outcome(call, c[0]);
      CHECK_MESSAGE(agree(got, c[1]), line["op"].dump(), c[0].dump(), " is ", got.dump(), ", recorded ",
                    c[1].dump());
    }
  }
}

TEST_CASE("an overload for temporaries refuses what the op refuses") {
  const Tensor mask = tensor({true, false});
  for (const std::string& text : {message_of<TypeError>([&] {
                                    tensor({true, false}) - tensor({true, true});
                                  }),
                                  message_of<TypeError>([&] {
                                    mask - tensor({true, true});
                                  }),
                                  message_of<TypeError>([&] {
                                    tensor({true, true}) - mask;
                                  }),
                                  message_of<TypeError>([&] {
                                    ones({2}) - tensor({true, true});
                                  })})
    CHECK(contains(text, "sub: not defined for bool"));
  CHECK((tensor({true, false}) + tensor({true, true})).equal(tensor({true, true})));
}

TEST_CASE("alpha is exact for 64-bit integers, and refused where the dtype cannot hold it") {
  const int64_t large = (int64_t{1} << 62) + 1;
  const Tensor zero = tensor({0}), one = tensor({1});
  CHECK_EQ(zero.add(one, large).item<int64_t>(), large);
  CHECK_EQ(zero.sub(one, large).item<int64_t>(), -large);
  CHECK_EQ(add(zero, 1, large).item<int64_t>(), large);
  CHECK_EQ(rsub(one, 0, large).item<int64_t>(), -large);
  CHECK_EQ(tensor({7}).add_(one, large).item<int64_t>(), large + 7);
  CHECK_EQ(tensor({5}, kByte).sub(tensor({1}, kByte), 2).item<int64_t>(), 3);
}

TEST_CASE("int32 indices choose what int64 indices choose") {
  const Tensor x = arange(6, kDouble).reshape({2, 3}).requires_grad_();
  const Tensor i = tensor({{1, 0}, {0, 2}}), narrow = i.to(kInt), rows = tensor({1, 0, 1}), r = rows.to(kInt);
  CHECK(x.index({r}).equal(x.index({rows})));
  CHECK(x.index({r, tensor({0, 1, 2})}).equal(x.index({rows, tensor({0, 1, 2})})));
  CHECK(x.detach().clone().index_put_({r}, 5).equal(x.detach().clone().index_put_({rows}, 5)));
  CHECK(gather(x, 1, narrow).equal(gather(x, 1, i)));
  CHECK(scatter(x, 1, narrow, 7).equal(scatter(x, 1, i, 7)));
  CHECK(scatter(x, 1, narrow, x * 2).equal(scatter(x, 1, i, x * 2)));
  CHECK(scatter_add(x, 1, narrow, x).equal(scatter_add(x, 1, i, x)));
  const auto gradient = [&](const Tensor& index) {
    return autograd::grad({(gather(x, 1, index) * tensor({{1., 2.}, {3., 4.}})).sum()}, {x})[0];
  };
  CHECK(gradient(narrow).equal(gradient(i)));
  CHECK_THROWS_AS(take(x, narrow), TypeError);
  CHECK_THROWS_AS(gather(x, 1, tensor({{3}}, kInt)), IndexError);
}

TEST_CASE("tensors of integers and masks are close or not as their values are") {
  CHECK(allclose(tensor({true, false}), tensor({true, false})));
  CHECK_FALSE(allclose(tensor({true, false}), tensor({true, true})));
  CHECK(allclose(tensor({2}, kByte), tensor({1}, kByte), 0, 1));
  CHECK(allclose(tensor({1}, kByte), tensor({2}, kByte), 0, 1));
  CHECK_FALSE(allclose(tensor({1}, kByte), tensor({2}, kByte)));
  const double inf = std::numeric_limits<double>::infinity();
  CHECK_FALSE(allclose(tensor({inf}), tensor({1.}), 1e-5, inf));
  CHECK(allclose(tensor({inf}), tensor({inf})));
  CHECK_THROWS_AS(allclose(tensor({1.}), tensor({1.}), -1), ValueError);
  CHECK_FALSE(equal(tensor({1, 2}), tensor({1., 2.5})));
  CHECK(equal(tensor({1, 2}), tensor({1., 2.})));
}

TEST_CASE("bounds that no integer of the dtype reaches bound nothing, and others are refused") {
  const Tensor u = tensor({44, 1}, kByte), i = tensor({44, -1}, kChar);
  const auto whole = [](int64_t n) { return optional<Scalar>(n); };
  CHECK(clamp(u, whole(-1), whole(3)).equal(tensor({3, 1}, kByte)));
  CHECK(clamp(u, whole(-300), whole(300)).equal(u));
  CHECK(clamp_min(u, -1).equal(u));
  CHECK(clamp_max(u, 300).equal(u));
  CHECK(clamp(i, whole(-200), whole(3)).equal(tensor({3, -1}, kChar)));
  CHECK(u.clone().clamp_(whole(-1), whole(3)).equal(tensor({3, 1}, kByte)));
  CHECK(clamp(u, whole(-1), optional<Scalar>(2.5)).equal(tensor({2.5, 1.})));
  CHECK(contains(message_of([&] { clamp_min(u, 300); }),
                 "clamp_min: min value 300 is outside the representable range"));
  CHECK(contains(message_of([&] { clamp(u, nullopt, whole(-1)); }), "clamp: max value -1"));
  CHECK_THROWS_AS(i.clamp_(whole(200)), Error);
}
