// Elementwise ops in ONNX.
#include <string_view>

#include <xgrad/graph/onnx_export.h>

namespace xgrad::graph {

namespace {

OnnxWriter same(const char* type) { return onnx_same(type); }

// A comparison, whose arguments are of a dtype of their own.
ScalarType common_dtype(const OnnxOp& op) {
  ScalarType dtype = ScalarType::Undefined;
  for (int i = 0; i < op.run.count; ++i)
    if (op.run.args[i].tensor)
      dtype = dtype == ScalarType::Undefined ? op.arg(i).dtype() : promote_types(dtype, op.arg(i).dtype());
  return dtype;
}
OnnxWriter comparison(const char* type, bool negated = false) {
  return [=](OnnxOp& op) {
    const ScalarType dtype = common_dtype(op);
    const std::string is = op.model.node(type, {op.in(0, dtype), op.in(1, dtype)});
    op.set(negated ? op.model.node("Not", {is}) : is);
  };
}

// a + alpha b, a - alpha b
OnnxWriter sum(const char* type) {
  return [type](OnnxOp& op) {
    std::string b = op.in(1);
    if (op.numbers.has("alpha")) b = op.model.node("Mul", {b, op.number(op.numbers.number("alpha"))});
    op.set(op.model.node(type, {op.in(0), b}));
  };
}

void elu(OnnxOp& op) {
  const double below = op.numbers.number("below"), scale = op.numbers.number("scale"),
               input_scale = op.numbers.number("input_scale");
  const std::string x = op.in(0);
  if (scale != 1 && input_scale == 1)
    op.set(op.model.node("Selu", {x}, {{"alpha", below / scale}, {"gamma", scale}}));
  else if (input_scale == 1)
    op.set(op.model.node("Elu", {x}, {{"alpha", below}}));
  else
    op.set(op.model.node("Celu", {x}, {{"alpha", 1 / input_scale}}));
}

// x, or x * beta through the softplus of ONNX.
void softplus(OnnxOp& op) {
  const std::string beta = op.number(op.numbers.number("beta"));
  op.set(op.model.node("Div", {op.model.node("Softplus", {op.model.node("Mul", {op.in(0), beta})}), beta}));
}

void clip(OnnxOp& op) { op.set(op.model.node("Clip", {op.in(0), op.in(1), op.in(2)})); }

void where(OnnxOp& op) { op.set(op.model.node("Where", {op.in(0, kBool), op.in(1), op.in(2)})); }

void div(OnnxOp& op) {
  XGRAD_CHECK(std::string_view(op.run.op.name.node) == "DivBackward0", "rounding_mode has no form in ONNX");
  op.set(op.model.node("Div", {op.in(0), op.in(1)}));
}

}  // namespace

const OnnxWriters& onnx_elementwise() {
  static const OnnxWriters all{
      {"add", sum("Add")},
      {"sub", sum("Sub")},
      {"mul", same("Mul")},
      {"div", div},
      {"pow", same("Pow")},
      {"rsub",
       [](OnnxOp& op) {
         op.set(op.model.node("Sub", {op.in(1), op.in(0)}));
       }},
      {"addcmul",
       [](OnnxOp& op) {
         XGRAD_CHECK(!op.numbers.has("value"), "value has no form here");
         op.set(op.model.node("Add", {op.in(0), op.model.node("Mul", {op.in(1), op.in(2)})}));
       }},
      {"maximum", same("Max")},
      {"minimum", same("Min")},
      {"neg", same("Neg")},
      {"abs", same("Abs")},
      {"exp", same("Exp")},
      {"log", same("Log")},
      {"sqrt", same("Sqrt")},
      {"reciprocal", same("Reciprocal")},
      {"rsqrt", [](OnnxOp& op) { op.set(op.model.node("Reciprocal", {op.model.node("Sqrt", {op.in(0)})})); }},
      {"sin", same("Sin")},
      {"cos", same("Cos")},
      {"tan", same("Tan")},
      {"asin", same("Asin")},
      {"acos", same("Acos")},
      {"atan", same("Atan")},
      {"sinh", same("Sinh")},
      {"cosh", same("Cosh")},
      {"asinh", same("Asinh")},
      {"acosh", same("Acosh")},
      {"atanh", same("Atanh")},
      {"tanh", same("Tanh")},
      {"erf", same("Erf")},
      {"floor", same("Floor")},
      {"ceil", same("Ceil")},
      {"sign", same("Sign")},
      {"sigmoid", same("Sigmoid")},
      {"relu", same("Relu")},
      {"mish", same("Mish")},
      {"hardswish", same("HardSwish")},
      {"silu",
       [](OnnxOp& op) {
         op.set(op.model.node("Mul", {op.in(0), op.model.node("Sigmoid", {op.in(0)})}));
       }},
      {"gelu",
       [](OnnxOp& op) {
         op.set(
             op.model.node("Gelu", {op.in(0)}, {{"approximate", op.numbers.has("tanh") ? "tanh" : "none"}}));
       }},
      {"hardsigmoid",
       [](OnnxOp& op) {
         op.set(op.model.node("HardSigmoid", {op.in(0)}, {{"alpha", 1.0 / 6}, {"beta", 0.5}}));
       }},
      {"log_sigmoid",
       [](OnnxOp& op) {
         op.set(op.model.node("Neg", {op.model.node("Softplus", {op.model.node("Neg", {op.in(0)})})}));
       }},
      {"leaky_relu",
       [](OnnxOp& op) {
         op.set(op.model.node("LeakyRelu", {op.in(0)}, {{"alpha", op.numbers.number("slope")}}));
       }},
      {"elu", elu},
      {"softplus", softplus},
      {"prelu", same("PRelu")},
      {"hardtanh",
       [](OnnxOp& op) {
         op.set(op.model.node(
             "Clip", {op.in(0), op.number(op.numbers.number("low")), op.number(op.numbers.number("high"))}));
       }},
      {"hardshrink",
       [](OnnxOp& op) {
         op.set(op.model.node("Shrink", {op.in(0)}, {{"lambd", op.numbers.number("lambd")}, {"bias", 0.0}}));
       }},
      {"softshrink",
       [](OnnxOp& op) {
         const double lambd = op.numbers.number("lambd");
         op.set(op.model.node("Shrink", {op.in(0)}, {{"lambd", lambd}, {"bias", lambd}}));
       }},
      {"threshold",
       [](OnnxOp& op) {
         const std::string above =
             op.model.node("Greater", {op.in(0), op.number(op.numbers.number("threshold"))});
         op.set(op.model.node("Where", {above, op.in(0), op.number(op.numbers.number("value"))}));
       }},
      {"clamp", clip},
      {"clamp_min", same("Max")},
      {"clamp_max", same("Min")},
      {"where", where},
      {"masked_fill",
       [](OnnxOp& op) {
         const std::string value = op.run.count == 3 ? op.in(2) : op.number(op.numbers.number("value"));
         op.set(op.model.node("Where", {op.in(1, kBool), value, op.in(0)}));
       }},
      {"eq", comparison("Equal")},
      {"ne", comparison("Equal", true)},
      {"lt", comparison("Less")},
      {"le", comparison("LessOrEqual")},
      {"gt", comparison("Greater")},
      {"ge", comparison("GreaterOrEqual")},
      {"logical_not", [](OnnxOp& op) { op.set(op.model.node("Not", {op.in(0, kBool)})); }},
  };
  return all;
}

}  // namespace xgrad::graph
