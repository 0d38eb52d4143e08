// Samples of the ops that are not elementwise: products and losses here, the others in samples_views.cpp,
// samples_indexing.cpp and samples_reduce.cpp.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

Row row(const char* op, const char* node, int inputs, std::vector<Sample> samples, Call bad,
        Tensors bad_inputs, std::string text) {
  return {
      op, node, inputs, false, std::move(samples), {std::move(bad), std::move(bad_inputs), std::move(text)}};
}

std::vector<Sample> each(std::vector<std::vector<int64_t>> shapes, const Call& f) {
  std::vector<Sample> result;
  for (const auto& s : shapes)
    result.push_back({"shape of " + std::to_string(s.size()) + " dimensions", {spread(s, -2, 2)}, f});
  return result;
}

Tensor longs(std::vector<int64_t> values, IntArrayRef sizes) {
  Tensor t = zeros({static_cast<int64_t>(values.size())}, kLong);
  std::copy(values.begin(), values.end(), t.data_ptr<int64_t>());
  return t.reshape(sizes);
}

namespace {

void add_products(std::vector<Row>& rows) {
  const auto two = [](IntArrayRef a, IntArrayRef b) {
    return Tensors{spread(a, -2, 2), spread(b, -2, 2, 1)};
  };
  const Call mul = [](const Tensors& x) { return matmul(x[0], x[1]); };
  rows.push_back(row(
      "dot", "DotBackward", 2, {{"vectors", two({4}, {4}), mul}, {"empty", two({0}, {0}), mul}},
      [](const Tensors& x) { return dot(x[0], x[1]); }, two({3}, {4}), "dot: "));
  rows.push_back(row(
      "mv", "MvBackward", 2,
      {{"matrix by vector", two({2, 3}, {3}), mul}, {"one column", two({3, 1}, {1}), mul}},
      [](const Tensors& x) { return mv(x[0], x[1]); }, two({2, 3}, {2}), "mv: "));
  rows.push_back(row(
      "mm", "MmBackward", 2,
      {{"matrices", two({2, 3}, {3, 4}), mul},
       {"no inner size", two({2, 0}, {0, 3}), mul},
       {"transposed", two({3, 2}, {4, 3}), [](const Tensors& x) { return mm(x[0].t(), x[1].t()); }}},
      [](const Tensors& x) { return mm(x[0], x[1]); }, two({2, 3}, {4, 3}),
      "mm: inner sizes differ: self is [2, 3], mat2 is [4, 3] (3 vs 4); did you mean mat2.t()?"));
  rows.push_back(row(
      "bmm", "BmmBackward0", 2,
      {{"batches", two({2, 3, 2}, {2, 2, 4}), mul}, {"broadcast batches", two({2, 1, 2, 3}, {2, 3, 2}), mul}},
      [](const Tensors& x) { return bmm(x[0], x[1]); }, two({2, 3, 2}, {3, 2, 2}), "bmm: "));
  const Call scaled = [](const Tensors& x) { return addmm(x[0], x[1], x[2], 0.5, -2); };
  const auto three = [&](IntArrayRef a) {
    return Tensors{spread(a, -2, 2, 2), spread({2, 3}, -2, 2), spread({3, 4}, -2, 2, 1)};
  };
  rows.push_back(row("addmm", "AddmmBackward", 3,
                     {{"equal shapes", three({2, 4}), scaled}, {"broadcast", three({4}), scaled}}, scaled,
                     three({3}), "addmm: "));
  const Call layer = [](const Tensors& x) { return linear(x[0], x[1], x[2]); };
  const auto inputs = [](IntArrayRef input, IntArrayRef weight) {
    return Tensors{spread(input, -2, 2), spread(weight, -2, 2, 1), spread(weight.slice(0, 1), -2, 2, 2)};
  };
  rows.push_back(row("linear", "AddmmBackward", 3,
                     {{"a batch", inputs({2, 3}, {4, 3}), layer},
                      {"more dimensions", inputs({2, 1, 2, 3}, {2, 3}), layer},
                      {"no features", inputs({2, 3, 0}, {4, 0}), layer},
                      {"transposed", inputs({3, 2}, {3, 4}),
                       [](const Tensors& x) { return linear(x[0].t(), x[1].t(), x[2].sum() * x[1][0]); }}},
                     layer, inputs({2, 4}, {4, 3}), "linear: the last size of input must be in_features: "));
}

void add_reduced_losses(std::vector<Row>& rows) {
  const auto two = [](double low, double high) {
    return Tensors{spread({2, 3}, low, high), spread({2, 3}, low, high, 1)};
  };
  const Tensors unequal{spread({2}, 0.1, 0.9), spread({3}, 0.1, 0.9)};
  using Loss = std::function<Tensor(const Tensor&, const Tensor&, int64_t)>;
  const auto loss = [&](const char* op, const char* node, const Loss& f, double low, double high) {
    rows.push_back(row(
        op, node, 2,
        {{"mean", two(low, high), [f](const Tensors& x) { return f(x[0], x[1], Reduction::Mean); }},
         {"sum", two(low, high), [f](const Tensors& x) { return f(x[0], x[1], Reduction::Sum); }}},
        [f](const Tensors& x) { return f(x[0], x[1], Reduction::Sum); }, unequal, std::string(op) + ": "));
  };
  loss(
      "mse_loss", "MseLossBackward",
      [](const Tensor& a, const Tensor& b, int64_t r) { return mse_loss(a, b, r); }, -2, 2);
  loss(
      "l1_loss", "L1LossBackward",
      [](const Tensor& a, const Tensor& b, int64_t r) { return l1_loss(a, b, r); }, -2, 2);
  loss(
      "smooth_l1_loss", "SmoothL1LossBackward",
      [](const Tensor& a, const Tensor& b, int64_t r) { return smooth_l1_loss(a, b, r, 0.8); }, -2, 2);
  loss(
      "huber_loss", "HuberLossBackward",
      [](const Tensor& a, const Tensor& b, int64_t r) { return huber_loss(a, b, r, 0.8); }, -2, 2);
  loss(
      "binary_cross_entropy", "BinaryCrossEntropyBackward",
      [](const Tensor& a, const Tensor& b, int64_t r) { return binary_cross_entropy(a, b, {}, r); }, 0.1,
      0.9);
  loss(
      "binary_cross_entropy_with_logits", "BinaryCrossEntropyWithLogitsBackward",
      [](const Tensor& a, const Tensor& b, int64_t r) {
        return binary_cross_entropy_with_logits(a, b, {}, {}, r);
      },
      0.1, 0.9);
  const Tensor classes = longs({2, 0, -100, 1}, {4}), weight = spread({3}, 0.5, 2);
  std::vector<Sample> plain, weighted;
  for (int64_t r : {Reduction::None, Reduction::Mean, Reduction::Sum}) {
    plain.push_back({"reduction " + std::to_string(r), {spread({4, 3}, -2, 2)}, [=](const Tensors& x) {
                       return nll_loss(x[0], classes, {}, r);
                     }});
    weighted.push_back({"reduction " + std::to_string(r), {spread({4, 3}, -2, 2)}, [=](const Tensors& x) {
                          return cross_entropy_loss(x[0], classes, weight.to(x[0].dtype()), r);
                        }});
  }
  const Call wrong = [classes](const Tensors& x) { return nll_loss(x[0], classes + 2); };
  plain.insert(plain.end(), weighted.begin(), weighted.end());
  rows.push_back(row("nll_loss", "NllLossBackward", 3, plain, wrong, {spread({4, 3}, -2, 2)},
                     "nll_loss: Target 4 is out of bounds"));
  rows.push_back(row("nll_loss_backward", "NllLossBackwardBackward", 3, plain));
}

// What has no derivative.
void add_histograms(std::vector<Row>& rows) {
  rows.push_back(row(
      "histc", "", 1,
      each({{7}, {2, 3}, {0}}, [](const Tensors& x) { return histc(x[0].detach(), 4, -2, 2); }),
      [](const Tensors& x) { return histc(x[0], 0); }, {spread({2}, 0, 1)}, "histc: "));
  const Tensor numbers = longs({2, 0, 5, 2}, {4}), edges = tensor({-1., 0., 0.5}, kDouble);
  rows.push_back(row(
      "bincount", "", 2,
      {{"weighted",
        {spread({4}, 0, 1)},
        [numbers](const Tensors& x) { return bincount(numbers, x[0].detach()); }},
       {"counted",
        {spread({4}, 0, 1)},
        [](const Tensors& x) { return bincount((x[0].detach() * 9).to(kLong)); }}},
      [numbers](const Tensors& x) { return bincount(numbers, x[0]); }, {spread({2}, 0, 1)}, "bincount: "));
  rows.push_back(
      row("resample_bytes", "", 1, {{"an image", {spread({1, 2, 5, 4}, 0, 255)}, [](const Tensors& x) {
                                       return upsample_bilinear2d(x[0].detach().to(kByte), {3, 6}, false);
                                     }}}));
  rows.push_back(row(
      "searchsorted", "", 2,
      each({{}, {7}, {2, 3}, {0}}, [edges](const Tensors& x) { return searchsorted(edges, x[0].detach()); }),
      [](const Tensors& x) { return searchsorted(x[0] > 0, x[0] > 0); }, {spread({2}, 0, 1)},
      "searchsorted: no order is defined for bool"));
}

}  // namespace

std::vector<Row> kernel_rows() {
  std::vector<Row> rows;
  add_views(rows);
  add_copies(rows);
  add_reductions(rows);
  add_products(rows);
  add_indexing(rows);
  add_networks(rows);
  add_convolutions(rows);
  add_pooling(rows);
  add_sequences(rows);
  add_linalg(rows);
  add_joins(rows);
  add_triangles(rows);
  add_pieces(rows);
  add_shapes(rows);
  add_orders(rows);
  add_slices(rows);
  add_reduced_losses(rows);
  add_histograms(rows);
  return rows;
}

}  // namespace samples
