// Values and gradients at kinks, ties, infinities, NaN and huge numbers, against what PyTorch computed there
// (data/make_kinks.py).
#include <cmath>
#include <map>

#include "core/ops/recorded.h"

using namespace xgrad;
using recorded::json;
using Tensors = std::vector<Tensor>;

namespace {

double number(const json& text) { return std::stod(text.get<std::string>()); }

using Call = std::function<Tensor(const Tensors&, const std::vector<double>&)>;

std::map<std::string, Call> calls() {
  std::map<std::string, Call> all;
#define UNARY(name) all[#name] = [](const Tensors& x, const std::vector<double>&) { return name(x[0]); };
  UNARY(abs)
  // clang-format off
  UNARY(neg) UNARY(sign) UNARY(reciprocal) UNARY(sqrt) UNARY(rsqrt) UNARY(exp) UNARY(expm1) UNARY(log)
  UNARY(log1p) UNARY(sin) UNARY(cos) UNARY(tan) UNARY(asin) UNARY(acos) UNARY(atan) UNARY(sinh)
  UNARY(cosh) UNARY(tanh) UNARY(floor) UNARY(ceil) UNARY(round) UNARY(trunc) UNARY(sigmoid) UNARY(relu)
  UNARY(max) UNARY(min) UNARY(amax) UNARY(amin) UNARY(prod) UNARY(sum) UNARY(mean)
  // clang-format on
#undef UNARY
#define BINARY(name, call) \
  all[#name] = [](const Tensors& x, const std::vector<double>&) { return call(x[0], x[1]); };
                  BINARY(maximum, maximum) BINARY(minimum, minimum) BINARY(div, div) BINARY(mul, mul)
                      BINARY(pow_tensor, pow)
#undef BINARY
#define LOSS(name) \
  all[#name] = [](const Tensors& x, const std::vector<double>&) { return name(x[0], x[1], Reduction::None); };
                          LOSS(mse_loss) LOSS(l1_loss) LOSS(smooth_l1_loss)
#undef LOSS
                              all["binary_cross_entropy"] = [](const Tensors& x, const auto&) {
                                return binary_cross_entropy(x[0], x[1], {}, Reduction::None);
                              };
  all["binary_cross_entropy_with_logits"] = [](const Tensors& x, const auto&) {
    return binary_cross_entropy_with_logits(x[0], x[1], {}, {}, Reduction::None);
  };
  all["pow"] = [](const Tensors& x, const auto& a) { return pow(x[0], a[0]); };
  all["pow_base"] = [](const Tensors& x, const auto& a) { return pow(a[0], x[0]); };
  all["clamp"] = [](const Tensors& x, const auto& a) {
    return clamp(x[0], optional<Scalar>(a[0]), optional<Scalar>(a[1]));
  };
  all["clamp_tensors"] = [](const Tensors& x, const auto&) {
    return clamp(x[0], optional<Tensor>(x[1]), optional<Tensor>(x[2]));
  };
  all["clamp_min_tensor"] = [](const Tensors& x, const auto&) { return clamp_min(x[0], x[1]); };
  all["clamp_max_tensor"] = [](const Tensors& x, const auto&) { return clamp_max(x[0], x[1]); };
  all["clamp_min"] = [](const Tensors& x, const auto& a) { return clamp_min(x[0], a[0]); };
  all["clamp_max"] = [](const Tensors& x, const auto& a) { return clamp_max(x[0], a[0]); };
  all["max_dim"] = [](const Tensors& x, const auto&) { return std::get<0>(max(x[0], 0)); };
  all["min_dim"] = [](const Tensors& x, const auto&) { return std::get<0>(min(x[0], 0)); };
  all["softmax"] = [](const Tensors& x, const auto&) { return softmax(x[0], 0); };
  all["log_softmax"] = [](const Tensors& x, const auto&) { return log_softmax(x[0], 0); };
  return all;
}

bool same(double got, double want, double tolerance) {
  if (std::isnan(want) || std::isnan(got)) return std::isnan(want) == std::isnan(got);
  if (std::isinf(want) || std::isinf(got)) return got == want;
  return std::abs(got - want) <= tolerance * std::max(std::abs(want), 1e-30);
}

void check_same(const std::string& what, const Tensor& got, const json& want, const json& inputs,
                double tolerance) {
  const std::vector<double> values = recorded::values_of(got);
  REQUIRE_EQ(values.size(), want.size());
  for (std::size_t i = 0; i < values.size(); ++i)
    CHECK_MESSAGE(same(values[i], number(want[i]), tolerance), what, " ", i, " is ", values[i], ", recorded ",
                  want[i].dump(), " of inputs ", inputs.dump());
}

}  // namespace

TEST_CASE("kinks and extremes are as recorded from PyTorch, as kernels and over tensors") {
  const auto all = calls();
  for (const json& line : recorded::lines_of("kinks.jsonl")) {
    const std::string op = line["op"];
    INFO(op, " ", line["dtype"].dump(), " ", line["arguments"].dump());
    const bool wide = line["dtype"] == "float64";
    const ScalarType dtype = wide ? kDouble : kFloat;
    Tensors x;
    for (const json& list : line["inputs"]) {
      std::vector<double> values;
      for (const json& v : list) values.push_back(number(v));
      x.push_back(tensor(values, kDouble).to(dtype).requires_grad_());
    }
    const auto arguments = line["arguments"].get<std::vector<double>>();
    // PyTorch's bound of binary_cross_entropy is a float32 constant.
    const double tolerance = !wide ? 2e-6 : op == "binary_cross_entropy" ? 1e-8 : 1e-13;
    for (bool recorded : {false, true}) {
      const Tensor out = all.at(op)(x, arguments);
      check_same("value", out, line["value"], line["inputs"], tolerance);
      const Tensor weights = arange(1, out.numel() + 1, dtype).reshape(out.sizes());
      const Tensors gradients = autograd::grad({out}, x, {weights}, std::nullopt, recorded);
      for (std::size_t i = 0; i < x.size(); ++i)
        check_same(recorded ? "gradient over tensors" : "gradient", gradients[i], line["gradients"][i],
                   line["inputs"], tolerance);
    }
  }
}

TEST_CASE("second derivatives are finite where an exponential is not") {
  using F = Tensor (*)(const Tensor&);
  const F functions[] = {
      [](const Tensor& x) { return softplus(x, 100); },
      [](const Tensor& x) { return silu(x); },
      [](const Tensor& x) { return log_sigmoid(x); },
      [](const Tensor& x) { return mish(x); },
      [](const Tensor& x) { return logaddexp(x, zeros_like(x)); },
      [](const Tensor& x) { return elu(x); },
      [](const Tensor& x) { return binary_cross_entropy_with_logits(x, full_like(x, 0.3)); },
      [](const Tensor& x) {
        return binary_cross_entropy_with_logits(x, full_like(x, 0.3), {}, full_like(x, 2.0));
      }};
  for (const F f : functions)
    for (const double at : {-300.0, -100.0, 100.0, 300.0}) {
      const Tensor x = tensor({at}, dtype(kFloat).requires_grad(true));
      const Tensor slope = autograd::grad({f(x).sum()}, {x}, {}, true, /*create_graph=*/true)[0];
      CHECK(std::fabs(autograd::grad({slope}, {x})[0].item<double>()) < 1e-37);
    }
}
