// Products, convolutions, pooling, norms, attention and reductions in ONNX.
#include <algorithm>
#include <limits>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/indexing.h>
#include <xgrad/graph/onnx_export.h>

namespace xgrad::graph {

namespace {

using Names = std::vector<std::string>;

// Weighted sums of rows: a product with the matrix of the weights.
void resample(OnnxOp& op) {
  const Tensor &rows = op.arg(1), &begin = op.arg(2), &weights = op.arg(3);
  const int64_t sums = begin.numel() - 1;
  const Tensor sum = repeat_interleave(begin.slice(0, 1) - begin.slice(0, 0, sums));
  const Tensor matrix =
      zeros({sums, op.arg(0).size(-2)}, weights.options()).index_put({sum, rows}, weights, true);
  op.set(op.model.node("MatMul", {op.model.constant(matrix), op.in(0)}));
}

OnnxWriter reduction(const char* type) {
  return [type](OnnxOp& op) {
    op.set(op.reduced(type, op.in(0), op.numbers.integers("dims"), op.numbers.integer("keepdim") != 0));
  };
}

// var, std, and with the mean as second result var_mean and std_mean.
OnnxWriter variance(bool is_std) {
  return [is_std](OnnxOp& op) {
    const auto dims = op.numbers.integers("dims");
    const bool keepdim = op.numbers.integer("keepdim") != 0;
    const std::string x = op.in(0),
                      apart = op.model.node("Sub", {x, op.reduced("ReduceMean", x, dims, true)});
    int64_t count = 1;
    for (const int64_t d : dims) count *= op.arg(0).size(d);
    const double freedom = std::max(0.0, static_cast<double>(count) - op.numbers.number("correction"));
    const std::string var =
        op.model.node("Div", {op.reduced("ReduceSumSquare", apart, dims, keepdim), op.number(freedom)});
    op.set(is_std ? op.model.node("Sqrt", {var}) : var);
    if (op.run.results > 1) op.values.set(op.run.outputs[1], op.reduced("ReduceMean", x, dims, keepdim));
  };
}

void norm(OnnxOp& op) {
  const double p = op.numbers.number("p");
  XGRAD_CHECK(p == 1 || p == 2, "the ", p, "-norm has no form here; only the 1-norm and the 2-norm have");
  reduction(p == 1 ? "ReduceL1" : "ReduceL2")(op);
}

// The value, and where it was found.
OnnxWriter extreme(const char* value, const char* place) {
  return [=](OnnxOp& op) {
    const auto dims = op.numbers.integers("dims");
    const OnnxAttribute keep("keepdims", op.numbers.integer("keepdim"));
    const std::string x = op.values.of(op.arg(0));
    op.set(op.model.node(value, {x, op.model.integers(dims)}, {keep}));
    if (op.run.results > 1)
      op.values.set(op.run.outputs[1], op.model.node(place, {x}, {{"axis", dims[0]}, keep}));
  };
}

OnnxWriter position(const char* type) {
  return [type](OnnxOp& op) {
    op.set(op.model.node(
        type, {op.values.of(op.arg(0))},
        {{"axis", op.numbers.integers("dims").at(0)}, {"keepdims", op.numbers.integer("keepdim")}}));
  };
}

OnnxWriter along_dim(const char* type) {
  return [type](OnnxOp& op) {
    op.set(op.model.node(type, {op.in(0)}, {{"axis", op.numbers.integer("dim")}}));
  };
}

void addmm(OnnxOp& op) {
  const double beta = op.numbers.number("beta");
  Names inputs{op.in(1), op.in(2)};
  if (beta != 0) inputs.push_back(op.in(0));
  op.set(op.model.node("Gemm", inputs, {{"alpha", op.numbers.number("alpha")}, {"beta", beta}}));
}

void linear(OnnxOp& op) {
  if (op.arg(0).dim() == 2)
    return op.set(op.model.node("Gemm", {op.in(0), op.in(1), op.in(2)}, {{"transB", 1}}));
  const std::string product = op.model.node("MatMul", {op.in(0), op.transposed(op.in(1), {1, 0})});
  op.set(op.model.node("Add", {product, op.in(2)}));
}

std::vector<int64_t> on_both_sides(std::vector<int64_t> pads) {
  const auto n = static_cast<std::ptrdiff_t>(pads.size());
  pads.reserve(2 * pads.size());
  pads.insert(pads.end(), pads.begin(), pads.begin() + n);
  return pads;
}

void convolution(OnnxOp& op) {
  const bool transposed = op.numbers.integer("transposed") != 0;
  const auto stride = op.numbers.integers("stride"), padding = op.numbers.integers("padding"),
             dilation = op.numbers.integers("dilation"), out = op.numbers.integers("output_size");
  std::vector<OnnxAttribute> attributes{{"group", op.numbers.integer("groups")},
                                        {"strides", stride},
                                        {"pads", on_both_sides(padding)},
                                        {"dilations", dilation}};
  if (transposed) {
    std::vector<int64_t> extra;
    for (std::size_t d = 0; d < stride.size(); ++d) {
      const int64_t in = op.arg(0).sizes()[2 + d], kernel = op.arg(1).sizes()[2 + d];
      extra.push_back(out[d] - ((in - 1) * stride[d] - 2 * padding[d] + dilation[d] * (kernel - 1) + 1));
    }
    attributes.emplace_back("output_padding", extra);
  }
  Names inputs{op.in(0), op.in(1)};
  if (op.has(2)) inputs.push_back(op.in(2));
  op.set(op.model.node(transposed ? "ConvTranspose" : "Conv", inputs, attributes));
}

// Images without a batch get one for the node.
template <class F>
void over_batch(OnnxOp& op, std::size_t dims, F&& f) {
  const std::string x = op.in(0);
  if (op.arg(0).sizes().size() > dims + 1) return op.set(f(x));
  DimVector sizes(op.arg(0).sizes());
  sizes.insert(0, 1);
  op.set(op.reshaped(f(op.reshaped(x, sizes)), op.result().sizes()));
}

// Windows of several sizes, dimension by dimension and window by window.
void adaptive_pool(OnnxOp& op, bool is_max, const std::vector<int64_t>& in, const std::vector<int64_t>& out) {
  std::string x = op.in(0);
  for (std::size_t d = 0; d < in.size(); ++d) {
    const int64_t dim = op.arg(0).dim() - static_cast<int64_t>(in.size() - d);
    Names parts;
    for (int64_t i = 0; i < out[d]; ++i) {
      const int64_t start = i * in[d] / out[d], end = ((i + 1) * in[d] + out[d] - 1) / out[d];
      parts.push_back(
          op.reduced(is_max ? "ReduceMax" : "ReduceMean", op.sliced(x, dim, start, end), {dim}, true));
    }
    x = op.model.node("Concat", parts, {{"axis", dim}});
  }
  op.set(x);
}

void pool(OnnxOp& op, bool is_max) {
  auto kernel = op.numbers.integers("kernel"), stride = op.numbers.integers("stride");
  const auto padding = op.numbers.integers("padding"), dilation = op.numbers.integers("dilation"),
             in = op.numbers.integers("in"), out = op.numbers.integers("out");
  const std::size_t dims = in.size();
  std::vector<int64_t> pads = on_both_sides(padding);
  int64_t ceil = 0;
  if (op.numbers.integer("adaptive") != 0) {
    for (std::size_t d = 0; d < dims; ++d) {
      XGRAD_CHECK(out[d] > 0, "adaptive pooling to nothing has no form in ONNX");
      if (in[d] % out[d] != 0) return adaptive_pool(op, is_max, in, out);
      kernel[d] = stride[d] = in[d] / out[d];
    }
    pads.assign(2 * dims, 0);
  } else {
    for (std::size_t d = 0; d < dims; ++d)
      if (out[d] > (in[d] + 2 * padding[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d] + 1) ceil = 1;
  }
  std::vector<OnnxAttribute> attributes{
      {"kernel_shape", kernel}, {"strides", stride}, {"pads", pads}, {"ceil_mode", ceil}};
  if (is_max)
    attributes.emplace_back("dilations",
                            op.numbers.integer("adaptive") != 0 ? std::vector<int64_t>(dims, 1) : dilation);
  else {
    XGRAD_CHECK(op.numbers.integer("divisor") == 0, "divisor_override has no form in ONNX");
    attributes.emplace_back("count_include_pad", op.numbers.integer("count_include_pad"));
  }
  over_batch(op, dims, [&](const std::string& x) {
    return op.model.node(is_max ? "MaxPool" : "AveragePool", {x}, attributes);
  });
}

void layer_norm(OnnxOp& op) {
  const int64_t dims = op.numbers.integer("dims");
  const IntArrayRef sizes = op.arg(0).sizes();
  const std::string scale =
      op.has(1) ? op.in(1)
                : op.model.constant(ones(sizes.slice(sizes.size() - static_cast<std::size_t>(dims)),
                                         op.result().options()));
  Names inputs{op.in(0), scale};
  if (op.has(2)) inputs.push_back(op.in(2));
  op.set(
      op.model.node("LayerNormalization", inputs, {{"axis", -dims}, {"epsilon", op.numbers.number("eps")}}));
}

void rms_norm(OnnxOp& op) {
  std::vector<int64_t> dims;
  for (int64_t d = op.numbers.integer("dims"); d > 0; --d) dims.push_back(op.arg(0).dim() - d);
  const std::string x = op.in(0),
                    squares = op.reduced("ReduceMean", op.model.node("Mul", {x, x}), dims, true);
  const std::string rms =
      op.model.node("Sqrt", {op.model.node("Add", {squares, op.number(op.numbers.number("eps"))})});
  const std::string y = op.model.node("Div", {x, rms});
  op.set(op.has(1) ? op.model.node("Mul", {y, op.in(1)}) : y);
}

void batch_norm(OnnxOp&) {
  fail(
      "it normalises by mean and variance of the batch, as in training, for which ONNX has no form; call "
      "eval(), or "
      "keep running statistics");
}

// In groups by instance normalisation of [batch, groups, all else]; then weight and bias of the channels.
void group_norm(OnnxOp& op) {
  const IntArrayRef sizes = op.arg(0).sizes();
  const int64_t groups = op.numbers.integer("groups");
  const TensorOptions like = op.result().options();
  std::string y =
      op.model.node("InstanceNormalization",
                    {op.reshaped(op.in(0), {sizes[0], groups, -1}), op.model.constant(ones({groups}, like)),
                     op.model.constant(zeros({groups}, like))},
                    {{"epsilon", op.numbers.number("eps")}});
  y = op.reshaped(y, sizes);
  DimVector channels(sizes.size() - 1, 1);
  channels[0] = sizes[1];
  if (op.has(1)) y = op.model.node("Mul", {y, op.reshaped(op.in(1), channels)});
  if (op.has(2)) y = op.model.node("Add", {y, op.reshaped(op.in(2), channels)});
  op.set(y);
}

void attention(OnnxOp& op) {
  const int64_t n = op.arg(1).dim();
  std::vector<int64_t> order;
  for (int64_t d = 0; d < n; ++d) order.push_back(d);
  std::swap(order[order.size() - 1], order[order.size() - 2]);
  std::string scores = op.model.node("MatMul", {op.in(0), op.transposed(op.in(1), order)});
  scores = op.model.node("Mul", {scores, op.number(op.numbers.number("scale"))});
  if (op.has(3)) scores = op.model.node("Add", {scores, op.in(3)});
  if (op.numbers.integer("causal") != 0) {
    const Tensor mask = full({op.arg(0).size(-2), op.arg(1).size(-2)},
                             -std::numeric_limits<double>::infinity(), op.result().options());
    scores = op.model.node("Add", {scores, op.model.constant(mask.triu(1))});
  }
  op.set(op.model.node("MatMul", {op.model.node("Softmax", {scores}, {{"axis", -1}}), op.in(2)}));
}

}  // namespace

const OnnxWriters& onnx_layers() {
  static const OnnxWriters all{
      {"mm", onnx_same("MatMul")},
      {"bmm", onnx_same("MatMul")},
      {"mv", onnx_same("MatMul")},
      {"dot", onnx_same("MatMul")},
      {"addmm", addmm},
      {"linear", linear},
      {"convolution", convolution},
      {"max_pool_with_indices", [](OnnxOp& op) { pool(op, true); }},
      {"avg_pool", [](OnnxOp& op) { pool(op, false); }},
      {"resample", resample},
      {"layer_norm", layer_norm},
      {"rms_norm", rms_norm},
      {"batch_norm", batch_norm},
      {"group_norm", group_norm},
      {"scaled_dot_product_attention", attention},
      {"softmax", along_dim("Softmax")},
      {"log_softmax", along_dim("LogSoftmax")},
      {"sum", reduction("ReduceSum")},
      {"mean", reduction("ReduceMean")},
      {"prod", reduction("ReduceProd")},
      {"amax", reduction("ReduceMax")},
      {"amin", reduction("ReduceMin")},
      {"logsumexp", reduction("ReduceLogSumExp")},
      {"var", variance(false)},
      {"std", variance(true)},
      {"var_mean", variance(false)},
      {"std_mean", variance(true)},
      {"norm", norm},
      {"max", extreme("ReduceMax", "ArgMax")},
      {"min", extreme("ReduceMin", "ArgMin")},
      {"argmax", position("ArgMax")},
      {"argmin", position("ArgMin")},
  };
  return all;
}

}  // namespace xgrad::graph
