// The random streams: against PyTorch's recorded ones, the standard library's mt19937, and what they promise.
// XGRAD_CONFORMANCE_DATA is the folder with random/random.jsonl.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <numeric>
#include <random>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <xgrad/core/kernels/random/random.h>

using namespace xgrad;
using namespace xgrad::kernels;
using nlohmann::json;

namespace {

/// The values of a call, in the widest type of their kind.
struct Values {
  std::vector<double> reals;
  std::vector<std::int64_t> integers;
};

template <class T>
Values to_values(const T* p, std::int64_t n) {
  Values v;
  if constexpr (std::is_integral_v<T>)
    v.integers.assign(p, p + n);
  else
    v.reals.assign(p, p + n);
  return v;
}

std::int64_t count_of(const json& size) {
  std::int64_t n = 1;
  for (const json& s : size) n *= s.get<std::int64_t>();
  return n;
}

/// Runs f<T>(pointer, n) over new memory of a dtype's element type T.
template <class F>
Values filled(const std::string& dtype, std::int64_t n, const F& f) {
  const auto run = [&]<class T>(T) {
    const auto memory = std::make_unique<T[]>(static_cast<std::size_t>(n) + 1);
    f(memory.get(), n);
    return to_values(memory.get(), n);
  };
  if (dtype == "float32") return run(float{});
  if (dtype == "float64") return run(double{});
  if (dtype == "int64") return run(std::int64_t{});
  if (dtype == "int32") return run(std::int32_t{});
  if (dtype == "uint8") return run(std::uint8_t{});
  FAIL("no such dtype in the test: ", dtype);
  return {};
}

/// As `filled`, for fills that only floating types have.
template <class F>
Values filled_real(const std::string& dtype, std::int64_t n, const F& f) {
  return filled(dtype, n, [&]<class T>(T* p, std::int64_t count) {
    if constexpr (std::is_floating_point_v<T>) f(p, count);
  });
}

template <class T>
std::vector<T> tensor_data(const json& tensor) {
  std::vector<T> data;
  for (const json& v : tensor["data"]) data.push_back(static_cast<T>(v.get<double>()));
  return data;
}

Values draw_uniform(Mt19937Stream& s, const json& a, double from, double to) {
  return filled_real(a["dtype"], count_of(a["size"]), [&](auto* p, auto n) { uniform(s, p, n, from, to); });
}

Values draw_normal(Mt19937Stream& s, const json& a, double mean, double std) {
  return filled_real(a["dtype"], count_of(a["size"]), [&](auto* p, auto n) { normal(s, p, n, mean, std); });
}

Values draw_integers(Mt19937Stream& s, const json& a, std::int64_t from, std::int64_t to) {
  return filled(a.value("dtype", "int64"), count_of(a["size"]), [&]<class T>(T* p, std::int64_t n) {
    std::int64_t low = from, high = to;
    if constexpr (std::is_floating_point_v<T>)
      low = representable_from<T>(from), high = representable_to<T>(to);
    random_from_to(s, p, n, low, static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low));
  });
}

Values draw_normal_of_tensors(Mt19937Stream& s, const json& a) {
  if (!a["mean"].is_object()) return draw_normal(s, a, a["mean"], a["std"]);
  const auto mean = tensor_data<float>(a["mean"]), std = tensor_data<float>(a["std"]);
  std::vector<float> out(mean.size());
  normal(s, out.data(), static_cast<std::int64_t>(out.size()), 0, 1);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = out[i] * std[i] + mean[i];
  return to_values(out.data(), static_cast<std::int64_t>(out.size()));
}

Values draw_bernoulli(Mt19937Stream& s, const json& a) {
  const std::string dtype = a["input"]["dtype"];
  return filled_real(dtype, count_of(a["input"]["shape"]), [&]<class T>(T* p, std::int64_t n) {
    const auto probabilities = tensor_data<T>(a["input"]);
    REQUIRE(are_probabilities(probabilities.data(), n));
    bernoulli(s, p, probabilities.data(), n);
  });
}

Values draw_multinomial(Mt19937Stream& s, const json& a) {
  const json& shape = a["input"]["shape"];
  const std::int64_t categories = shape.back(), rows = count_of(shape) / categories,
                     samples = a["num_samples"];
  std::vector<std::int64_t> out(static_cast<std::size_t>(rows * samples));
  const auto draw = [&]<class T>(T) {
    const auto weights = tensor_data<T>(a["input"]);
    REQUIRE(invalid_weights(weights.data(), rows, categories) == nullptr);
    multinomial(s, out.data(), weights.data(), rows, categories, samples, a["replacement"]);
  };
  if (a["input"]["dtype"] == "float64")
    draw(double{});
  else
    draw(float{});
  return to_values(out.data(), rows * samples);
}

struct Fans {
  double in, out;
};

Fans fans_of(const json& size) {
  double field = 1;
  for (std::size_t d = 2; d < size.size(); ++d) field *= size[d].get<double>();
  return {size[1].get<double>() * field, size[0].get<double>() * field};
}

double kaiming_std(const json& a) {
  const Fans fans = fans_of(a["size"]);
  const double slope = a.value("a", 0.0);
  const double gain =
      a.value("nonlinearity", "leaky_relu") == "relu" ? std::sqrt(2) : std::sqrt(2 / (1 + slope * slope));
  return gain / std::sqrt(a.value("mode", "fan_in") == "fan_in" ? fans.in : fans.out);
}

double xavier_std(const json& a) {
  const Fans fans = fans_of(a["size"]);
  return a.value("gain", 1.0) * std::sqrt(2 / (fans.in + fans.out));
}

/// The inverse of erf by Newton's method.
double inverse_erf(double y) {
  double x = 0;
  for (int i = 0; i < 60; ++i) x -= (std::erf(x) - y) / (2 / std::sqrt(std::acos(-1.0)) * std::exp(-x * x));
  return x;
}

Values draw_truncated_normal(Mt19937Stream& s, const json& a) {
  const double mean = a.value("mean", 0.0), std = a.value("std", 1.0), low = a.value("a", -2.0),
               high = a.value("b", 2.0);
  const auto cdf = [&](double x) { return (1 + std::erf((x - mean) / std / std::sqrt(2))) / 2; };
  Values v = draw_uniform(s, a, 2 * cdf(low) - 1, 2 * cdf(high) - 1);
  for (double& x : v.reals) x = std::clamp(inverse_erf(x) * std * std::sqrt(2) + mean, low, high);
  return v;
}

using Draw = std::function<Values(Mt19937Stream&, const json&)>;

const std::map<std::string, Draw>& draws() {
  static const std::map<std::string, Draw> all{
      {"rand", [](auto& s, auto& a) { return draw_uniform(s, a, 0, 1); }},
      {"randn", [](auto& s, auto& a) { return draw_normal(s, a, 0, 1); }},
      {"randint", [](auto& s, auto& a) { return draw_integers(s, a, a["low"], a["high"]); }},
      {"random_", [](auto& s, auto& a) { return draw_integers(s, a, a["from"], a["to"]); }},
      {"randperm",
       [](auto& s, auto& a) { return filled("int64", a["n"], [&](auto* p, auto n) { randperm(s, p, n); }); }},
      {"uniform_", [](auto& s, auto& a) { return draw_uniform(s, a, a["from"], a["to"]); }},
      {"normal_", [](auto& s, auto& a) { return draw_normal(s, a, a["mean"], a["std"]); }},
      {"normal", draw_normal_of_tensors},
      {"bernoulli", draw_bernoulli},
      {"bernoulli_",
       [](auto& s, auto& a) {
         return filled(a["dtype"], count_of(a["size"]), [&](auto* p, auto n) { bernoulli(s, p, n, a["p"]); });
       }},
      {"exponential_",
       [](auto& s, auto& a) {
         return filled_real(a["dtype"], count_of(a["size"]),
                            [&](auto* p, auto n) { exponential(s, p, n, a["lambd"]); });
       }},
      {"multinomial", draw_multinomial},
      {"init.uniform_",
       [](auto& s, auto& a) { return draw_uniform(s, a, a.value("a", 0.0), a.value("b", 1.0)); }},
      {"init.normal_",
       [](auto& s, auto& a) { return draw_normal(s, a, a.value("mean", 0.0), a.value("std", 1.0)); }},
      {"init.kaiming_uniform_",
       [](auto& s, auto& a) {
         const double bound = std::sqrt(3.0) * kaiming_std(a);
         return draw_uniform(s, a, -bound, bound);
       }},
      {"init.kaiming_normal_", [](auto& s, auto& a) { return draw_normal(s, a, 0, kaiming_std(a)); }},
      {"init.xavier_uniform_",
       [](auto& s, auto& a) {
         const double bound = std::sqrt(3.0) * xavier_std(a);
         return draw_uniform(s, a, -bound, bound);
       }},
      {"init.xavier_normal_", [](auto& s, auto& a) { return draw_normal(s, a, 0, xavier_std(a)); }},
      {"init.trunc_normal_", draw_truncated_normal},
  };
  return all;
}

void check_equal(const json& call, const Values& got) {
  const json& out = call["out"];
  const bool single = out["dtype"] == "float32", blocks = single && out["data"].size() >= 16;
  const bool exact = call["fn"] == "rand" || (call["fn"] == "randn" && blocks);  // no libm in these
  const double rtol = exact ? 0 : single ? 1e-5 : 1e-12, atol = exact ? 0 : single ? 1e-6 : 1e-14;
  REQUIRE_EQ(got.reals.size() + got.integers.size(), out["data"].size());
  for (std::size_t i = 0; i < got.integers.size(); ++i)
    CHECK_EQ(got.integers[i], out["data"][i].get<std::int64_t>());
  for (std::size_t i = 0; i < got.reals.size(); ++i) {
    const double recorded = out["data"][i],
                 expected = single ? static_cast<double>(static_cast<float>(recorded)) : recorded;
    CHECK_LE(std::abs(got.reals[i] - expected), atol + rtol * std::abs(expected));
  }
}

std::uint64_t fingerprint(const Mt19937Stream& stream) {  // FNV-1a of the saved state
  std::vector<std::uint8_t> bytes(Mt19937Stream::kStateBytes);
  stream.save(bytes.data());
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const std::uint8_t b : bytes) hash = (hash ^ b) * 0x100000001b3u;
  return hash;
}

}  // namespace

TEST_CASE("the streams are PyTorch's") {
  std::ifstream file(XGRAD_CONFORMANCE_DATA "/random/random.jsonl");
  REQUIRE(file);
  int streams = 0;
  for (std::string text; std::getline(file, text);) {
    const json line = json::parse(text);
    const json& calls = line["calls"];
    if (!std::all_of(calls.begin(), calls.end(), [](const json& c) { return draws().count(c["fn"]) > 0; }))
      continue;
    CAPTURE(line["id"].get<std::string>());
    Mt19937Stream stream(line["seed"].get<std::uint64_t>());
    for (const json& call : calls) {
      CAPTURE(call["fn"].get<std::string>());
      check_equal(call, draws().at(call["fn"])(stream, call["args"]));
    }
    ++streams;
  }
  CHECK_GE(streams, 60);
}

TEST_CASE("the words are those of std::mt19937") {
  for (const std::uint32_t seed : {0u, 1u, 5489u, 0xffffffffu}) {
    std::mt19937 reference(seed);
    Mt19937Stream stream(seed);
    bool same = true;
    for (int i = 0; i < 5000; ++i) same = same && stream.random() == reference();
    CHECK(same);
  }
}

TEST_CASE("only the lower half of a seed matters, but all of it is remembered") {
  Mt19937Stream narrow(7), wide((std::uint64_t{1} << 40) + 7);
  CHECK_EQ(narrow.random64(), wide.random64());
  CHECK_EQ(wide.seed(), (std::uint64_t{1} << 40) + 7);
}

TEST_CASE("a saved state has the bytes of torch.get_rng_state") {
  Mt19937Stream stream((std::uint64_t{1} << 40) + 5);
  CHECK_EQ(fingerprint(stream), 0x77f5fb622c961adbu);
  float first;
  normal(stream, &first, 1, 0, 1);  // leaves a spare normal number
  CHECK_EQ(fingerprint(stream), 0x26c884daeeb3d6f0u);
  CHECK_EQ(stream.normal(), doctest::Approx(-0.6038215878840039));
  for (int i = 0; i < 620; ++i) stream.random();  // the last word before a refill
  CHECK_EQ(fingerprint(stream), 0x5fa0cef296a5a40eu);
}

TEST_CASE("a stream goes on from its saved state") {
  for (const int drawn : {0, 1, 623, 624, 625, 2000}) {
    Mt19937Stream stream(3), other(99);
    for (int i = 0; i < drawn; ++i) stream.random();
    if (drawn % 2 == 1) stream.normal();
    std::vector<std::uint8_t> bytes(Mt19937Stream::kStateBytes);
    stream.save(bytes.data());
    REQUIRE(other.load(bytes.data()));
    CHECK_EQ(other.normal(), stream.normal());
    CHECK_EQ(other.random64(), stream.random64());
    CHECK_EQ(other.seed(), 3);
  }
}

TEST_CASE("bytes that are no state change nothing") {
  Mt19937Stream stream(3), same(3);
  std::vector<std::uint8_t> bytes(Mt19937Stream::kStateBytes, 0);
  CHECK_FALSE(stream.load(bytes.data()));
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{255});
  CHECK_FALSE(stream.load(bytes.data()));
  CHECK_EQ(stream.random(), same.random());
}

TEST_CASE("integers rounded to a short floating type stay below the bound") {
  CHECK_EQ(representable_to<Half>(65504), 65472);
  CHECK_EQ(representable_from<float>((1 << 24) + 1), (1 << 24) + 1);
  CHECK_EQ(representable_to<double>(1000), 1000);
  CHECK_EQ(representable_from<BFloat16>(-3), -3);
  Mt19937Stream stream(3);
  std::array<Half, 4> out;
  random_from_to(stream, out.data(), 4, 0, 65472);
  CHECK_EQ(std::vector<float>(out.begin(), out.end()), std::vector<float>{24688, 36448, 35456, 46464});
  random_default(stream, out.data(), 4);
  CHECK_EQ(std::vector<float>(out.begin(), out.end()), std::vector<float>{1483, 600, 600, 1424});
  std::array<float, 3> single;
  random_default(stream, single.data(), 3);
  CHECK_EQ(std::vector<float>(single.begin(), single.end()), std::vector<float>{9972505, 14895652, 7566821});
}

TEST_CASE("a target that is not contiguous takes normal numbers one by one") {
  Mt19937Stream stream(3);
  std::array<float, 20> out;
  normal_serial(stream, out.data(), 20, 0, 1);
  CHECK_EQ(out[18], doctest::Approx(0.49518901109695435));
  CHECK_EQ(out[19], doctest::Approx(-0.16431698203086853));
  float next;
  uniform(stream, &next, 1, 0, 1);
  CHECK_EQ(next, 0.5824220776557922f);
}

TEST_CASE("a permutation holds every number once, in PyTorch's order") {
  Mt19937Stream stream(3);
  std::vector<std::int64_t> p(100000);
  randperm(stream, p.data(), 100000);
  CHECK_EQ(p[0], 58986);
  CHECK_EQ(p[1], 64086);
  CHECK_EQ(p[99999], 92099);
  std::sort(p.begin(), p.end());
  std::vector<std::int64_t> all(p.size());
  std::iota(all.begin(), all.end(), 0);
  CHECK_EQ(p, all);
}

TEST_CASE("many normal numbers have the moments asked for") {
  const auto check = []<class T>(T) {
    Mt19937Stream stream(11);
    std::vector<T> x(100003);
    normal(stream, x.data(), static_cast<std::int64_t>(x.size()), 3, 2);
    double sum = 0, squares = 0;
    for (const double v : x) sum += v, squares += v * v;
    const double n = static_cast<double>(x.size()), mean = sum / n;
    CHECK_EQ(mean, doctest::Approx(3).epsilon(0.01));
    CHECK_EQ(std::sqrt(squares / n - mean * mean), doctest::Approx(2).epsilon(0.01));
  };
  check(float{});
  check(double{});
}

TEST_CASE("samples without replacement are different and never weightless") {
  Mt19937Stream stream(5);
  const std::array<double, 5> weights{0, 1, 0, 5, 2};
  for (int trial = 0; trial < 100; ++trial) {
    std::array<std::int64_t, 3> out;
    multinomial(stream, out.data(), weights.data(), 1, 5, 3, false);
    std::sort(out.begin(), out.end());
    CHECK_EQ(out, std::array<std::int64_t, 3>{1, 3, 4});
  }
}

TEST_CASE("weights and probabilities are checked") {
  const float nan = std::numeric_limits<float>::quiet_NaN(), inf = std::numeric_limits<float>::infinity();
  const auto problem = [](std::vector<float> w) {
    const char* text = invalid_weights(w.data(), 2, static_cast<std::int64_t>(w.size()) / 2);
    return std::string(text ? text : "");
  };
  CHECK_EQ(problem({0, 1, 2, 0}), "");
  CHECK_EQ(problem({0, 1, -2, 0}), "a weight is negative or nan");
  CHECK_EQ(problem({0, 1, nan, 0}), "a weight is negative or nan");
  CHECK_EQ(problem({0, inf, 1, 0}), "a weight is infinite");
  CHECK_EQ(problem({0, 1, 0, 0}), "all weights of a row are zero");
  CHECK(are_probabilities(std::array<double, 3>{0, 0.5, 1}.data(), 3));
  for (const double bad : {-0.1, 1.5, std::nan("")}) CHECK_FALSE(are_probabilities(&bad, 1));
}
