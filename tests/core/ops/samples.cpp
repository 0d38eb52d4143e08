// Samples of the elementwise ops. A new op is a new line in one of the lists below.
#include "core/ops/samples_elementwise.h"

#include <cmath>

namespace samples {

using namespace xgrad;

Tensor spread(IntArrayRef sizes, double low, double high, double seed) {
  Tensor t = zeros(sizes, kDouble);
  auto* p = t.data_ptr<double>();
  for (int64_t i = 0; i < t.numel(); ++i) {
    const double x = static_cast<double>(i + 1) * 0.6180339887498949 + 0.137 + seed * 0.271;
    p[i] = low + (high - low) * (0.02 + 0.96 * (x - std::floor(x)));
  }
  return t;
}

Tensor strided_copy(const Tensor& t) {
  if (t.dim() == 0) return zeros({3}, kDouble)[1].detach().copy_(t);
  std::vector<int64_t> reversed(t.sizes().begin(), t.sizes().end()), order;
  std::reverse(reversed.begin(), reversed.end());
  reversed.back() = 2 * reversed.back() + 1;
  for (int64_t d = t.dim(); d-- > 0;) order.push_back(d);
  const Tensor wide = full(reversed, -77.0, kDouble).permute(order);
  Tensor part = wide.slice(0, 1, wide.size(0), 2).detach();
  part.copy_(t);
  return part;
}

Row unary(const char* op, const char* node, const Unary& f, std::vector<std::pair<double, double>> ranges) {
  Row row{op, node, 1, true, {}, {}};
  const auto call = [f](const Tensors& x) { return f(x[0]); };
  for (const auto& [low, high] : ranges) {
    row.samples.push_back({"scalar", {spread({}, low, high)}, call});
    row.samples.push_back({"vector", {spread({9}, low, high)}, call});
    row.samples.push_back({"matrix", {spread({2, 3}, low, high)}, call});
  }
  row.samples.push_back({"empty", {spread({2, 0}, 0, 1)}, call});
  row.bad = {
      [f](const Tensors&) { f(Tensor()); }, {}, std::string(op) + ": an argument is an undefined tensor"};
  return row;
}

Row binary(const char* op, const char* node, const Binary& f, Range a, Range b) {
  Row row{op, node, 2, true, {}, {}};
  const auto call = [f](const Tensors& x) { return f(x[0], x[1]); };
  const auto add = [&](const char* what, IntArrayRef left, IntArrayRef right) {
    row.samples.push_back({what, {spread(left, a.low, a.high), spread(right, b.low, b.high, 1)}, call});
  };
  add("equal shapes", {2, 3}, {2, 3});
  add("right side broadcast", {2, 3}, {3});
  add("both broadcast", {2, 1}, {1, 3});
  add("left without dimensions", {}, {2, 2});
  add("right without dimensions", {5}, {});
  add("both without dimensions", {}, {});
  add("empty", {0, 3}, {3});
  row.bad = {[f](const Tensors& x) { f(x[0], x[1]); },
             {spread({2, 3}, a.low, a.high), spread({4}, b.low, b.high)},
             std::string(op) + ": "};
  return row;
}

void also(std::vector<Row>& rows, const char* what, Tensors inputs, std::function<Tensor(const Tensors&)> f) {
  rows.back().samples.push_back({what, std::move(inputs), std::move(f)});
}

namespace {

#define UNARY(op, node, ...) \
  rows.push_back(unary(      \
      #op, node, [](const Tensor& x) { return op(x); }, __VA_ARGS__))

void add_functions(std::vector<Row>& rows) {
  const std::vector<std::pair<double, double>> both{{-2.2, -0.2}, {0.2, 2.2}}, positive{{0.2, 3}},
      between{{1.1, 1.9}, {-3.9, -3.1}};
  UNARY(abs, "AbsBackward", both);
  UNARY(neg, "NegBackward", both);
  rows.back().bad = {
      [](const Tensors&) { neg(ones({2}, kBool)); }, {}, "neg: not implemented for dtype bool"};
  UNARY(sign, "SignBackward", both);
  UNARY(reciprocal, "ReciprocalBackward", both);
  UNARY(sqrt, "SqrtBackward", positive);
  UNARY(rsqrt, "RsqrtBackward", positive);
  UNARY(exp, "ExpBackward", both);
  UNARY(expm1, "Expm1Backward", both);
  UNARY(log, "LogBackward", positive);
  UNARY(log1p, "Log1PBackward", {{-0.8, 2}});
  UNARY(sin, "SinBackward", both);
  UNARY(cos, "CosBackward", both);
  UNARY(tan, "TanBackward", {{-1.2, 1.2}});
  UNARY(asin, "AsinBackward", {{-0.8, 0.8}});
  UNARY(acos, "AcosBackward", {{-0.8, 0.8}});
  UNARY(atan, "AtanBackward", both);
  UNARY(sinh, "SinhBackward", both);
  UNARY(cosh, "CoshBackward", both);
  UNARY(tanh, "TanhBackward", both);
  UNARY(floor, "FloorBackward", between);
  UNARY(ceil, "CeilBackward", between);
  UNARY(round, "RoundBackward0", {{1.1, 1.4}, {-2.9, -2.6}});
  UNARY(trunc, "TruncBackward", between);
  rows.push_back(
      unary("round", "RoundBackward1", [](const Tensor& x) { return round(x, 1); }, {{1.11, 1.14}}));
  also(rows, "before the point", {spread({4}, 21, 24)}, [](const Tensors& x) { return round(x[0], -1); });
  rows.back().bad = {
      [](const Tensors&) { round(ones({2}, kLong), 1); }, {}, "round: decimals need a floating-point tensor"};
  UNARY(sigmoid, "SigmoidBackward", both);
  UNARY(relu, "ReluBackward", both);
}
#undef UNARY

void add_arithmetic(std::vector<Row>& rows) {
  const Range any{-2, 2}, positive{0.3, 2.5};
  rows.push_back(binary(
      "add", "AddBackward0", [](const Tensor& a, const Tensor& b) { return a + b; }, any, any));
  also(rows, "scaled", {spread({2, 3}, -1, 1), spread({3}, -1, 1, 2)},
       [](const Tensors& x) { return add(x[0], x[1], 2.5); });
  also(rows, "a tensor with itself", {spread({3}, -1, 1)}, [](const Tensors& x) { return x[0] + x[0]; });
  also(rows, "in place", {spread({2, 3}, -1, 1), spread({3}, -1, 1, 2)},
       [](const Tensors& x) { return (x[0] * 2).add_(x[1], 0.5); });
  rows.push_back(binary(
      "sub", "SubBackward0", [](const Tensor& a, const Tensor& b) { return a - b; }, any, any));
  also(rows, "scaled", {spread({2, 3}, -1, 1), spread({3}, -1, 1, 2)},
       [](const Tensors& x) { return sub(x[0], x[1], 3); });
  also(rows, "from a number, scaled", {spread({3}, -1, 1)},
       [](const Tensors& x) { return rsub(x[0], 2, 3); });
  rows.push_back(binary(
      "mul", "MulBackward0", [](const Tensor& a, const Tensor& b) { return a * b; }, any, any));
  also(rows, "a tensor with itself", {spread({3}, -1, 1)}, [](const Tensors& x) { return x[0] * x[0]; });
  also(rows, "by a number", {spread({3}, -1, 1)}, [](const Tensors& x) { return x[0] * -1.5; });
  also(rows, "in place", {spread({2, 3}, -1, 1), spread({3}, -1, 1, 2)},
       [](const Tensors& x) { return (x[0] + 1).mul_(x[1]); });
  rows.push_back(binary(
      "div", "DivBackward0", [](const Tensor& a, const Tensor& b) { return a / b; }, any, positive));
  also(rows, "of a number", {spread({3}, 0.5, 1)}, [](const Tensors& x) { return 2.5 / x[0]; });
  Row rounded =
      binary("div", "DivBackward1", [](const Tensor& a, const Tensor& b) { return div(a, b, "trunc"); },
             {2.1, 2.9}, {0.99, 1.01});
  rounded.samples.push_back(
      {"floor", {spread({4}, -2.9, -2.1)}, [](const Tensors& x) { return div(x[0], 1.0, "floor"); }});
  rounded.bad = {[](const Tensors& x) { div(x[0], 1, "up"); }, {ones({2}, kDouble)}, "rounding_mode"};
  rows.push_back(rounded);
  Row rsub_row{"rsub", "RsubBackward1", 2, true, {}, {}};
  for (const auto& sizes : {std::vector<int64_t>{}, {4}, {2, 3}, {0}})
    rsub_row.samples.push_back(
        {"number minus tensor", {spread(sizes, -2, 2)}, [](const Tensors& x) { return 3 - x[0]; }});
  rsub_row.bad = {[](const Tensors&) { rsub(ones({2}, kBool), 1); }, {}, "rsub: not defined for bool"};
  rows.push_back(rsub_row);
}

void add_powers(std::vector<Row>& rows) {
  Row scalar{"pow", "PowBackward0", 2, true, {}, {}};
  for (double e : {2.0, 1.0, 3.0, 0.0, 0.5, -1.0, -2.0, -0.5, 1.7, 4.0})
    scalar.samples.push_back({"exponent " + std::to_string(e),
                              {spread({2, 3}, 0.3, 2)},
                              [e](const Tensors& x) { return pow(x[0], e); }});
  for (double e : {2.0, 3.0, -1.0, 4.0})
    scalar.samples.push_back(
        {"negative base", {spread({4}, -2, -0.3)}, [e](const Tensors& x) { return pow(x[0], e); }});
  scalar.samples.push_back(
      {"in place", {spread({4}, 0.3, 2)}, [](const Tensors& x) { return (x[0] * 2).pow_(2.5); }});
  scalar.bad = {
      [](const Tensors&) { pow(ones({2}, kLong), -1); }, {}, "pow: Integers to negative integer powers"};
  rows.push_back(scalar);
  rows.push_back(binary("pow", "PowBackward1", [](const Tensor& a, const Tensor& b) { return pow(a, b); },
                        {0.3, 2}, {-2, 2}));
  Row base{"pow", "PowBackward2", 2, true, {}, {}};
  for (double b : {2.0, 0.5, 3.25})
    base.samples.push_back({"base " + std::to_string(b), {spread({2, 3}, -2, 2)}, [b](const Tensors& x) {
                              return pow(b, x[0]);
                            }});
  base.samples.push_back(
      {"without dimensions", {spread({}, -2, 2)}, [](const Tensors& x) { return pow(2.0, x[0]); }});
  rows.push_back(base);
}

void add_choices(std::vector<Row>& rows) {
  const Range low{-2, 2};
  rows.push_back(binary("maximum", "MaximumBackward",
                        [](const Tensor& a, const Tensor& b) { return maximum(a, b); }, low, {-1.9, 1.7}));
  rows.push_back(binary("minimum", "MinimumBackward",
                        [](const Tensor& a, const Tensor& b) { return minimum(a, b); }, low, {-1.9, 1.7}));
  const auto by_number = [&](const char* op, const char* node, const Unary& f) {
    Row row = unary(op, node, f, {{-2, 2}});
    row.inputs = 2;
    rows.push_back(row);
  };
  by_number("clamp_min", "ClampMinBackward0", [](const Tensor& x) { return clamp_min(x, 0.3); });
  by_number("clamp_max", "ClampMaxBackward0", [](const Tensor& x) { return clamp_max(x, 0.3); });
  rows.push_back(binary("clamp_min", "ClampMinBackward1",
                        [](const Tensor& a, const Tensor& b) { return clamp_min(a, b); }, low, {-0.5, 0.5}));
  rows.push_back(binary("clamp_max", "ClampMaxBackward1",
                        [](const Tensor& a, const Tensor& b) { return clamp_max(a, b); }, low, {-0.5, 0.5}));
  by_number("clamp", "ClampBackward1",
            [](const Tensor& x) { return clamp(x, optional<Scalar>(-0.7), optional<Scalar>(0.9)); });
  rows.back().inputs = 3;
  Row clamped{"clamp", "ClampBackward0", 3, true, {}, {}};
  const auto tensors = [](const Tensors& x) {
    return clamp(x[0], optional<Tensor>(x[1]), optional<Tensor>(x[2]));
  };
  clamped.samples = {{"within", {spread({8}, -2, 2), spread({8}, -1, -0.5), spread({}, 0.5, 1)}, tensors},
                     {"bounds in the wrong order",
                      {spread({8}, -2, 2), spread({8}, 0.5, 1), spread({8}, -1, -0.5)},
                      tensors},
                     {"empty", {spread({0}, -2, 2), spread({}, -1, 0), spread({}, 0, 1)}, tensors}};
  clamped.bad = {[](const Tensors& x) { clamp(x[0], optional<Tensor>()); },
                 {ones({2}, kDouble)},
                 "clamp: at least one of min and max"};
  rows.push_back(clamped);
  Row chosen{"where", "WhereBackward", 3, true, {}, {}};
  const Tensor mask = spread({2, 3}, -1, 1) > 0;
  chosen.samples = {
      {"equal shapes",
       {spread({2, 3}, -1, 1), spread({2, 3}, 2, 3)},
       [mask](const Tensors& x) { return where(mask, x[0], x[1]); }},
      {"broadcast",
       {spread({3}, -1, 1), spread({2, 1}, 2, 3)},
       [mask](const Tensors& x) { return where(mask, x[0], x[1]); }},
      {"a number", {spread({2, 3}, -1, 1)}, [mask](const Tensors& x) { return where(mask, 4.0, x[0]); }},
      {"without dimensions", {spread({}, -1, 1), spread({}, 2, 3)}, [mask](const Tensors& x) {
         return where(mask[0][0], x[0], x[1]);
       }}};
  chosen.bad = {[](const Tensors& x) { where(x[0], x[0], x[0]); },
                {ones({2}, kDouble)},
                "where: condition must be a bool tensor"};
  rows.push_back(chosen);
}

// What has no derivative.
void add_comparisons(std::vector<Row>& rows) {
  const Range any{-2, 2}, close{-1.9, 1.7};
#define COMPARISON(op)   \
  rows.push_back(binary( \
      #op, "", [](const Tensor& a, const Tensor& b) { return op(a, b); }, any, close))
  COMPARISON(eq);
  also(rows, "a number", {spread({7}, -2, 2)}, [](const Tensors& x) { return eq(x[0], x[0][3].item()); });
  COMPARISON(ne);
  COMPARISON(lt);
  also(rows, "a number", {spread({7}, -2, 2)}, [](const Tensors& x) { return lt(x[0], 0.5); });
  COMPARISON(le);
  COMPARISON(gt);
  COMPARISON(ge);
  COMPARISON(logical_and);
  COMPARISON(logical_or);
  COMPARISON(logical_xor);
#undef COMPARISON
  rows.push_back(unary("logical_not", "", [](const Tensor& x) { return logical_not(x); }, {{-2, 2}}));
  also(rows, "of zeros", {zeros({2, 3}, kDouble)}, [](const Tensors& x) { return logical_not(x[0]); });
  rows.push_back(unary("isnan", "", [](const Tensor& x) { return isnan(x); }, {{-2, 2}}));
  also(rows, "of NaN", {full({2, 3}, std::nan(""), kDouble)}, [](const Tensors& x) { return isnan(x[0]); });
}

void add_losses(std::vector<Row>& rows) {
  const Range any{-2, 2}, inside{0.1, 0.9};
  const auto none = Reduction::None;
  rows.push_back(binary(
      "mse_loss", "MseLossBackward", [=](const Tensor& a, const Tensor& b) { return mse_loss(a, b, none); },
      any, any));
  rows.push_back(binary(
      "l1_loss", "L1LossBackward", [=](const Tensor& a, const Tensor& b) { return l1_loss(a, b, none); }, any,
      any));
  rows.push_back(binary(
      "smooth_l1_loss", "SmoothL1LossBackward",
      [=](const Tensor& a, const Tensor& b) { return smooth_l1_loss(a, b, none, 0.7); }, any, any));
  rows.push_back(binary(
      "huber_loss", "HuberLossBackward",
      [=](const Tensor& a, const Tensor& b) { return huber_loss(a, b, none, 0.7); }, any, any));
  const auto elementwise = [&](const char* op, const char* node, const Binary& f, Range a, Range b) {
    Row row = binary(op, node, f, a, b);
    std::erase_if(row.samples, [](const Sample& s) { return s.inputs[0].sizes() != s.inputs[1].sizes(); });
    rows.push_back(row);
  };
  elementwise(
      "binary_cross_entropy", "BinaryCrossEntropyBackward",
      [=](const Tensor& a, const Tensor& b) { return binary_cross_entropy(a, b, {}, none); }, inside, inside);
  elementwise(
      "binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward",
      [=](const Tensor& a, const Tensor& b) { return binary_cross_entropy_with_logits(a, b, {}, {}, none); },
      {0.2, 2}, inside);
  also(rows, "negative", {spread({5}, -2, -0.2), spread({5}, 0.1, 0.9)}, [](const Tensors& x) {
    return binary_cross_entropy_with_logits(x[0], x[1], {}, {}, Reduction::None);
  });
  Row weighted{"binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward", 3, true, {}, {}};
  const auto f = [](const Tensors& x) {
    return binary_cross_entropy_with_logits(x[0], x[1], {}, x[2], Reduction::None);
  };
  weighted.samples = {
      {"positive", {spread({2, 3}, 0.2, 2), spread({2, 3}, 0.1, 0.9), spread({3}, 0.5, 2)}, f},
      {"negative", {spread({2, 3}, -2, -0.2), spread({2, 3}, 0.1, 0.9), spread({3}, 0.5, 2)}, f}};
  weighted.bad = {[f](const Tensors& x) { f(x); },
                  {ones({2}, kDouble), ones({3}, kDouble), ones({2}, kDouble)},
                  "binary_cross_entropy_with_logits: "};
  rows.push_back(weighted);
}

}  // namespace

std::vector<Row> elementwise_rows() {
  std::vector<Row> rows;
  add_functions(rows);
  add_arithmetic(rows);
  add_powers(rows);
  add_choices(rows);
  add_comparisons(rows);
  add_losses(rows);
  add_activations(rows);
  add_further_functions(rows);
  add_functions_of_two(rows);
  add_mixtures(rows);
  add_undifferentiable(rows);
  add_integers(rows);
  return rows;
}

}  // namespace samples
