// Ranges, and numbers that a dtype can or cannot hold, against what PyTorch made of them
// (data/make_numbers.py).
#include <fstream>
#include <functional>
#include <map>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;
using nlohmann::json;

namespace {

const std::map<std::string, ScalarType> kDtypes = {
    {"bool", kBool},  {"uint8", kByte},   {"int8", kChar},     {"int16", kShort},   {"int32", kInt},
    {"int64", kLong}, {"float16", kHalf}, {"float32", kFloat}, {"float64", kDouble}};

Scalar number(const json& n) {
  return n.is_string() ? Scalar(std::stod(n.get<std::string>())) : Scalar(n.get<int64_t>());
}

using Fill = std::function<Tensor(const Scalar&, ScalarType)>;

std::map<std::string, Fill> fills() {
  const Tensor mask = ones({1}, kBool);
  std::map<std::string, Fill> all;
  all["full"] = [](const Scalar& v, ScalarType t) { return full({1}, v, t); };
  all["full_like"] = [](const Scalar& v, ScalarType t) { return full_like(zeros({1}, t), v); };
  all["scalar_tensor"] = [](const Scalar& v, ScalarType t) { return scalar_tensor(v, t); };
  all["tensor"] = [](const Scalar& v, ScalarType t) {
    return v.isFloatingPoint() ? tensor({v.toDouble()}, t) : tensor(std::vector<int64_t>{v.toLong()}, t);
  };
  all["fill_"] = [](const Scalar& v, ScalarType t) { return zeros({1}, t).fill_(v); };
  all["masked_fill"] = [mask](const Scalar& v, ScalarType t) { return zeros({1}, t).masked_fill(mask, v); };
  all["masked_fill_"] = [mask](const Scalar& v, ScalarType t) { return zeros({1}, t).masked_fill_(mask, v); };
  all["masked_fill_tensor"] = [mask](const Scalar& v, ScalarType t) {
    return zeros({1}, t).masked_fill(mask, scalar_tensor(v, v.type()));
  };
  all["set"] = [](const Scalar& v, ScalarType t) {
    const Tensor x = zeros({1}, t);
    x[0] = v;
    return x;
  };
  all["add"] = [](const Scalar& v, ScalarType t) { return ones({1}, t) + v; };
  all["add_alpha"] = [](const Scalar& v, ScalarType t) { return zeros({1}, t).add(ones({1}, t), v); };
  all["pow"] = [](const Scalar& v, ScalarType t) { return pow(ones({1}, t), v); };
  all["to"] = [](const Scalar& v, ScalarType t) { return scalar_tensor(v, v.type()).to(t); };
  all["addmm"] = [](const Scalar& v, ScalarType t) {
    return addmm(ones({1, 1}, t), ones({1, 1}, t), ones({1, 1}, t), 1, v);
  };
  return all;
}

Tensor made(const std::string& op, const json& numbers, ScalarType t) {
  static const auto all = fills();
  if (op == "arange") return arange(number(numbers[0]), number(numbers[1]), number(numbers[2]), t);
  if (op == "linspace")
    return linspace(number(numbers[0]), number(numbers[1]), number(numbers[2]).toLong(), t);
  return all.at(op)(number(numbers[0]), t);
}

// Within rounding of the largest value.
bool agree(const Tensor& got, const json& want) {
  if (got.numel() != static_cast<int64_t>(want.size())) return false;
  const double unit = got.dtype() == kHalf ? 1e-3 : got.dtype() == kFloat ? 1e-6 : 1e-15;
  double largest = 0;
  for (const json& w : want)
    if (w.is_string() && std::isfinite(number(w).toDouble()))
      largest = std::max(largest, std::abs(number(w).toDouble()));
  const Tensor flat = got.reshape(-1);
  for (int64_t i = 0; i < flat.numel(); ++i) {
    const Scalar a = flat[i].item();
    const json& w = want[static_cast<std::size_t>(i)];
    const Scalar b = w.is_boolean() ? Scalar(w.get<bool>()) : number(w);
    const double x = a.toDouble(), y = b.toDouble();
    const bool same = a.equal(b) || (std::isnan(x) && std::isnan(y)) || std::abs(x - y) <= unit * largest;
    if (a.type() != b.type() || !same) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("ranges and numbers in every dtype are PyTorch's, or refused as there") {
  std::ifstream file(XGRAD_TESTS_DIR "/core/tensor/data/numbers.jsonl");
  REQUIRE(file);
  for (std::string text; std::getline(file, text);) {
    const json line = json::parse(text);
    const std::string op = line["op"];
    for (const json& c : line["cases"]) {
      INFO(op, " ", line["dtype"].dump(), " ", c[0].dump(), ", recorded ", c[1].dump());
      try {
        const Tensor got = made(op, c[0], kDtypes.at(line["dtype"]));
        CHECK_FALSE(c[1].is_null());
        if (!c[1].is_null()) CHECK_MESSAGE(agree(got, c[1]), "is ", got);
      } catch (const Error&) {
        CHECK(c[1].is_null());
      }
    }
  }
}

TEST_CASE("evenly spaced numbers have PyTorch's bits") {
  const auto bits = [](double start, double end, ScalarType t, const std::vector<double>& recorded) {
    const Tensor got = linspace(start, end, static_cast<int64_t>(recorded.size()), t).to(kDouble);
    CHECK_MESSAGE(got.equal(tensor(recorded, kDouble)), t, ": ", got);
  };
  bits(3.0100409984588623, 4.0100409984588623, kFloat, {0x1.814906p+1, 0x1.c14908p+1, 0x1.00a484p+2});
  bits(-4.7, 3.3, kFloat,
       {-0x1.2cccccp+2, -0x1.c75074p+1, -0x1.35074ep+1, -0x1.457c52p+0, -0x1.07509p-3, 0x1.03a838p+0,
        0x1.141d4p+1, 0x1.a66666p+1});
  bits(-1.1, 2.7, kDouble,
       {-0x1.199999999999ap+0, -0x1.ddddddddddddep-2, 0x1.5555555555558p-3, 0x1.9999999999999p-1,
        0x1.6eeeeeeeeeeefp+0, 0x1.0888888888889p+1, 0x1.599999999999ap+1});
  bits(-1.1, 2.7, kHalf,
       {-0x1.198p+0, -0x1.ddcp-2, 0x1.554p-3, 0x1.998p-1, 0x1.6ecp+0, 0x1.088p+1, 0x1.598p+1});
  bits(0.3, 17.9, kBFloat16, {0x1.34p-2, 0x1.e8p+1, 0x1.d6p+2, 0x1.5cp+3, 0x1.ccp+3, 0x1.1ep+4});
}

TEST_CASE("a number that a type cannot hold is not made one") {
  const auto text = [](auto&& call) { return message_of(call); };
  CHECK(contains(text([] { return Scalar(1e10).to<int>(); }),
                 "value cannot be converted to type int without overflow"));
  CHECK(contains(text([] { return tensor(300).item<int8_t>(); }), "type int8_t without overflow: got 300"));
  CHECK(contains(text([] { return tensor(300).item<uint8_t>(); }), "type uint8_t without overflow"));
  CHECK(contains(text([] { return tensor(-129).item<int8_t>(); }), "got -129"));
  CHECK(contains(text([] { return tensor(1e300, kDouble).item<float>(); }), "type float without overflow"));
  CHECK(contains(text([] { return Scalar(std::nan("")).toLong(); }), "type int64_t without overflow"));
  CHECK(contains(text([] { return Scalar(70000).to<Half>(); }), "type Half without overflow"));
  CHECK_EQ(tensor(-1).item<uint8_t>(), 255);
  CHECK_EQ(Scalar(-3.9).toInt(), -3);
  CHECK_EQ(Scalar(127.9).to<int8_t>(), 127);
  CHECK(std::isinf(Scalar(std::numeric_limits<double>::infinity()).toFloat()));
  CHECK(Scalar(std::nan("")).toBool());
  CHECK(contains(text([] { tensor({1, 300}, kByte); }), "tensor: value cannot be converted to type uint8"));
  CHECK(contains(text([] { tensor(std::vector<double>{0.5, -1.5}, kByte); }), "got -1.5"));
  CHECK(std::isinf(tensor({1e39}).item<float>()));
}

TEST_CASE("a refused number leaves the tensor as it was") {
  const Tensor x = tensor({1, 2, 3}, kByte), before = x.clone(), mask = tensor({true, false, true});
  CHECK(contains(message_of([&] { x.fill_(300); }), "fill_: value cannot be converted to type uint8"));
  CHECK(contains(message_of([&] { x.masked_fill_(mask, 1e10); }), "masked_fill: value"));
  CHECK(contains(message_of([&] { x.index_put_({tensor({0, 1})}, std::nan("")); }), "index_put: value"));
  CHECK(contains(message_of([&] { x.scatter_(0, tensor({1}), 256); }), "scatter: value"));
  CHECK(contains(message_of([&] { x[1] = 256; }), "fill_: value"));
  CHECK(contains(message_of([&] { where(mask, x, 300); }), "where: value"));
  CHECK(x.equal(before));
  CHECK_EQ(x._version(), 0);
}

TEST_CASE("a range of 64-bit integers is exact from one end of them to the other") {
  const int64_t low = std::numeric_limits<int64_t>::min(), high = std::numeric_limits<int64_t>::max();
  const int64_t quarter = int64_t{1} << 62;
  CHECK(arange(low, high, quarter).equal(tensor({low, -quarter, int64_t{0}, quarter})));
  CHECK(arange(high, low, -quarter).equal(tensor({high, high - quarter, int64_t{-1}, -quarter - 1})));
  CHECK(linspace(quarter + 1, quarter + 9, 5, kLong).equal(arange(quarter + 1, quarter + 10, 2)));
  CHECK(linspace(low, high, 2, kLong).equal(tensor({low, high})));
  CHECK_THROWS_AS(arange(low, high), Error);
  CHECK(arange(100000).sum().item<int64_t>() == int64_t{100000} * 99999 / 2);  // in several threads
  CHECK(pow(tensor({-1}), (int64_t{1} << 53) + 1).item<int64_t>() == -1);
}

TEST_CASE("to takes a dtype, a device, options or another tensor") {
  const Tensor x = ones({4, 3}).t();
  const Device cpu("cpu");
  for (const Tensor& same : {x.to(kCPU), x.to(cpu), x.to("cpu"), x.to(kStrided), x.to(TensorOptions()),
                             x.to(kFloat), x.to(kCPU, kFloat), x.to(ones({1})), x.to(ones({1}).options()),
                             x.to(kFloat, false, false, MemoryFormat::Contiguous)})
    CHECK(same.is_same(x));
  for (const Tensor& wide : {x.to(kDouble), x.to(kCPU, kDouble), x.to(cpu, kDouble),
                             x.to(dtype(kDouble).device(kCPU)), x.to(zeros({1}, kDouble))}) {
    CHECK_EQ(wide.dtype(), kDouble);
    CHECK_EQ(wide.strides().vec(), x.strides().vec());
  }
  for (const Tensor& copy : {x.to(kCPU, false, true), x.to(kFloat, false, true), x.to(x, false, true)}) {
    CHECK_FALSE(copy.is_same(x));
    CHECK_EQ(copy.strides().vec(), x.strides().vec());
  }
  CHECK(x.to(kDouble, false, false, MemoryFormat::Contiguous).is_contiguous());
  CHECK(x.to(TensorOptions(kDouble).memory_format(MemoryFormat::Contiguous)).is_contiguous());
  CHECK_THROWS_AS(x.to(kCUDA), Error);
  CHECK(contains(message_of<Error>([&] { x.pin_memory(); }), "pin_memory: there is no device"));
  CHECK_THROWS_AS(x.to("nowhere"), Error);
}

TEST_CASE("a tensor of no dtype is not made") {
  const Tensor x = ones({2});
  const auto none = ScalarType::Undefined;
  float data[2] = {1, 2};
  const std::vector<std::function<void()>> calls = {[&] { x.to(none); },
                                                    [&] { x.to(Tensor()); },
                                                    [&] { zeros({2}, none); },
                                                    [&] { empty({0}, none); },
                                                    [&] { x.sum(none); },
                                                    [&] { full_like(x, 1, none); },
                                                    [&] { from_blob(data, {2}, none); },
                                                    [&] { rand({2}, none); },
                                                    [&] {
                                                      tensor({1, 2}, none);
                                                    },
                                                    [&] { arange(3, none); },
                                                    [&] { linspace(0, 1, 3, none); }};
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CAPTURE(i);
    CHECK(contains(message_of(calls[i]), "undefined"));
  }
}
