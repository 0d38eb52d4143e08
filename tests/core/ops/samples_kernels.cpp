// Samples of the ops that are not elementwise: views, copies, reductions, products, indexing, joins, losses.
#include "core/ops/samples.h"

namespace samples {

using namespace xgrad;

namespace {

using Call = std::function<Tensor(const Tensors&)>;

Row row(const char* op, const char* node, int inputs, std::vector<Sample> samples, Call bad = {},
        Tensors bad_inputs = {}, std::string text = {}) {
  return {
      op, node, inputs, false, std::move(samples), {std::move(bad), std::move(bad_inputs), std::move(text)}};
}

// The same call for several shapes.
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

void add_views(std::vector<Row>& rows) {
  const Tensors vector{spread({3}, 0, 1)};
  rows.push_back(row(
      "view", "ViewBackward", 1,
      each({{2, 3}, {6}, {0, 6}},
           [](const Tensors& x) {
             return x[0].view({x[0].size(0) == 0 ? 0 : 3, -1 + 3 * (x[0].numel() == 0)});
           }),
      [](const Tensors& x) {
        return x[0].view({2, 2});
      },
      vector, "view: shape [2, 2] is invalid for input of size 3"));
  for (Sample& s : rows.back().samples) s.refuses_strided = true;
  rows.back().samples.push_back({"reshape", {spread({2, 3}, 0, 1)}, [](const Tensors& x) {
                                   return x[0].reshape({3, 2}).flatten();
                                 }});
  rows.push_back(row(
      "transpose", "TransposeBackward0", 1,
      each({{2, 3}, {2, 3, 2}}, [](const Tensors& x) { return x[0].transpose(0, -1); }),
      [](const Tensors& x) { return x[0].transpose(0, 2); }, vector, "transpose: "));
  rows.push_back(row(
      "t", "TBackward", 1, each({{2, 3}, {0, 2}}, [](const Tensors& x) { return x[0].t(); }),
      [](const Tensors& x) { return x[0].t(); }, {spread({2, 1, 2}, 0, 1)},
      "t: expects a tensor with <= 2 dimensions"));
  rows.push_back(row(
      "permute", "PermuteBackward", 1,
      each({{2, 3, 4}, {1, 0, 2}},
           [](const Tensors& x) {
             return x[0].permute({2, 0, 1});
           }),
      [](const Tensors& x) {
        return x[0].permute({0, 0});
      },
      {spread({2, 3}, 0, 1)}, "permute: repeated dim 0"));
  const Call select = [](const Tensors& x) { return x[0].select(-1, 1); };
  const Call slice = [](const Tensors& x) { return x[0].slice(0, 1, 4, 2); };
  const Call diagonal = [](const Tensors& x) { return x[0].diagonal(1); };
  const auto select_samples = each({{3}, {2, 3}, {2, 0, 2}}, select),
             slice_samples = each({{5}, {4, 2}, {0, 3}}, slice);
  const auto diagonal_samples = each({{3, 3}, {2, 4}, {3, 2, 2}}, diagonal);
  rows.push_back(row(
      "select", "SelectBackward0", 1, select_samples, [](const Tensors& x) { return x[0].select(0, 3); },
      vector, "select: index 3 is out of bounds"));
  rows.push_back(row("select", "PutBackBackward", 1, select_samples));
  rows.push_back(row(
      "slice", "SliceBackward0", 1, slice_samples, [](const Tensors& x) { return x[0].slice(0, 0, 2, 0); },
      vector, "slice: step must be positive"));
  rows.push_back(row("slice", "PutBackBackward", 1, slice_samples));
  rows.push_back(row(
      "diagonal", "DiagonalBackward0", 1, diagonal_samples,
      [](const Tensors& x) { return x[0].diagonal(0, 0, 0); }, {spread({2, 2}, 0, 1)},
      "diagonal: dimensions cannot be identical"));
  rows.push_back(row("diagonal", "PutBackBackward", 1, diagonal_samples));
  rows.push_back(row(
      "expand", "ExpandBackward", 1,
      each({{3, 1}, {1, 1}, {}, {1}},
           [](const Tensors& x) {
             return x[0].expand({2, 3, 4});
           }),
      [](const Tensors& x) {
        return x[0].expand({2, 4});
      },
      vector, "expand: The expanded size of the tensor (4)"));
  rows.push_back(row(
      "squeeze", "SqueezeBackward0", 1,
      each({{1, 3}, {1, 2, 1}, {}}, [](const Tensors& x) { return x[0].squeeze(); }),
      [](const Tensors& x) { return x[0].squeeze(2); }, vector, "squeeze: "));
  rows.push_back(row(
      "unsqueeze", "UnsqueezeBackward0", 1,
      each({{}, {3}, {2, 3}}, [](const Tensors& x) { return x[0].unsqueeze(-1); }),
      [](const Tensors& x) { return x[0].unsqueeze(3); }, vector, "unsqueeze: "));
  // The strides are fixed, so other layouts of the input mean another function.
  std::vector<Sample> strided{{"apart",
                               {spread({6}, 0, 1)},
                               [](const Tensors& x) {
                                 return x[0].as_strided({2, 2}, {3, 1}, 1);
                               },
                               true},
                              {"overlapping",
                               {spread({6}, 0, 1)},
                               [](const Tensors& x) {
                                 return x[0].as_strided({3, 3}, {1, 1}, 0);
                               },
                               true}};
  rows.push_back(row(
      "as_strided", "AsStridedBackward", 1, strided,
      [](const Tensors& x) { return x[0].as_strided({4}, {1}, 0); }, vector, "as_strided: sizes [4]"));
  rows.push_back(row("as_strided", "AsStridedGradientBackward", 1, strided));
}

void add_copies(std::vector<Row>& rows) {
  const std::vector<std::vector<int64_t>> shapes{{}, {3}, {2, 3}, {0}};
  rows.push_back(row(
      "clone", "CloneBackward", 1, each(shapes, [](const Tensors& x) { return x[0].clone(); }),
      [](const Tensors&) { return Tensor().clone(); }, {}, "undefined"));
  // All values and differences are exact in float32.
  rows.push_back(row(
      "to", "ToCopyBackward", 1,
      {{"and back",
        {full({3}, 0.5, kDouble)},
        [](const Tensors& x) { return x[0].to(kFloat).to(kDouble); },
        false,
        1.0 / 1024}},
      [](const Tensors&) { return Tensor().to(kFloat); }, {}, "undefined"));
  rows.push_back(row(
      "copy", "CopyBackwards", 2,
      {{"equal shapes",
        {spread({2, 3}, 0, 1), spread({2, 3}, 2, 3)},
        [](const Tensors& x) { return (x[0] * 2).copy_(x[1]) * x[0]; }},
       {"broadcast",
        {spread({2, 3}, 0, 1), spread({3}, 2, 3)},
        [](const Tensors& x) { return (x[0] * 2).copy_(x[1]) * x[0]; }}},
      [](const Tensors& x) { return x[0].copy_(x[1]); }, {spread({2, 3}, 0, 1), spread({2}, 0, 1)},
      "copy_: source of shape [2] does not broadcast"));
  rows.push_back(row(
      "fill", "FillBackward0", 1, each(shapes, [](const Tensors& x) { return fill(x[0], 3.5) * x[0]; }),
      [](const Tensors& x) { return x[0].fill_(x[0]); }, {spread({2}, 0, 1)},
      "fill_: value must have no dimensions"));
  const auto drawn = [&](const char* op, const char* node, const std::function<void(const Tensor&)>& draw,
                         Call bad = {}, std::string text = {}) {
    rows.push_back(row(op, node, 1,
                       {{"drawn over",
                         {spread({4}, 0, 1)},
                         [draw](const Tensors& x) {
                           manual_seed(7);
                           const Tensor y = x[0] * 2;
                           draw(y);
                           return y * x[0];
                         }}},
                       std::move(bad), {spread({2}, 0, 1)}, std::move(text)));
  };
  drawn(
      "uniform", "UniformBackward", [](const Tensor& t) { t.uniform_(); },
      [](const Tensors& x) { return x[0].uniform_(2, 1); }, "uniform");
  drawn(
      "normal", "NormalBackward0", [](const Tensor& t) { t.normal_(); },
      [](const Tensors& x) { return x[0].normal_(0, -1); }, "normal");
  drawn(
      "exponential", "ExponentialBackward", [](const Tensor& t) { t.exponential_(); },
      [](const Tensors& x) { return x[0].exponential_(-1); }, "exponential");
  drawn(
      "random", "RandomBackward0", [](const Tensor& t) { t.random_(10); },
      [](const Tensors& x) { return x[0].random_(3, 3); }, "random");
  drawn(
      "bernoulli", "BernoulliBackward0", [](const Tensor& t) { t.bernoulli_(0.5); },
      [](const Tensors& x) { return x[0].bernoulli_(1.5); }, "bernoulli");
  rows.back().samples.push_back({"of probabilities", {spread({4}, 0.2, 0.8)}, [](const Tensors& x) {
                                   manual_seed(7);
                                   return bernoulli(x[0]) * x[0];
                                 }});
}

void add_reductions(std::vector<Row>& rows) {
  const std::vector<std::vector<int64_t>> shapes{{}, {4}, {2, 3}, {2, 0}};
  const std::vector<std::vector<int64_t>> filled{{}, {4}, {2, 3}};
  const auto both = [](const std::vector<std::vector<int64_t>>& all, const Call& whole, const Call& along) {
    std::vector<Sample> samples = each(all, whole);
    for (Sample& s : each({{3}, {2, 3}, {2, 3, 2}}, along)) samples.push_back(s);
    return samples;
  };
  const Tensors matrix{spread({2, 3}, 0, 1)}, none{zeros({2, 0}, kDouble)};
  rows.push_back(row(
      "sum", "SumBackward0", 1,
      both(
          shapes, [](const Tensors& x) { return x[0].sum(); },
          [](const Tensors& x) { return x[0].sum({-1}, true); }),
      [](const Tensors& x) {
        return x[0].sum({0, 0});
      },
      matrix, "sum: dim 0 appears multiple times"));
  rows.push_back(row(
      "mean", "MeanBackward0", 1,
      both(
          filled, [](const Tensors& x) { return x[0].mean(); },
          [](const Tensors& x) { return x[0].mean({0}); }),
      [](const Tensors&) { return ones({2}, kLong).mean(); }, {}, "mean: could not infer output dtype"));
  rows.push_back(row(
      "prod", "ProdBackward0", 1,
      both(
          shapes, [](const Tensors& x) { return x[0].prod(); },
          [](const Tensors& x) { return x[0].prod(-1); }),
      [](const Tensors& x) { return x[0].prod(2); }, matrix, "prod: "));
  rows.back().samples.push_back(
      {"one zero", {tensor({2.0, 0.0, -3.0}, kDouble)}, [](const Tensors& x) { return x[0].prod(); }});
  rows.back().samples.push_back({"two zeros", {tensor({0.0, 0.0, -3.0}, kDouble)}, [](const Tensors& x) {
                                   return x[0].prod(0, true);
                                 }});
  rows.push_back(row(
      "max", "MaxBackward1", 1,
      both(
          filled, [](const Tensors& x) { return x[0].max(); },
          [](const Tensors& x) { return x[0].amax({0}, true); }),
      [](const Tensors& x) { return x[0].max(); }, none, "max: expected reduction dim"));
  rows.push_back(row(
      "min", "MinBackward1", 1,
      both(
          filled, [](const Tensors& x) { return x[0].min(); },
          [](const Tensors& x) { return x[0].amin({-1}); }),
      [](const Tensors& x) { return x[0].min(); }, none, "min: expected reduction dim"));
  rows.push_back(row(
      "max", "MaxBackward0", 1,
      each({{}, {3}, {2, 3}, {2, 3, 2}}, [](const Tensors& x) { return std::get<0>(x[0].max(-1)); }),
      [](const Tensors& x) { return std::get<0>(x[0].max(1)); }, none,
      "max: expected reduction dim 1 to have non-zero size"));
  rows.push_back(row(
      "min", "MinBackward0", 1,
      each({{}, {3}, {2, 3}, {2, 3, 2}}, [](const Tensors& x) { return std::get<0>(x[0].min(0, true)); }),
      [](const Tensors& x) { return std::get<0>(x[0].min(2)); }, none, "min: "));
  rows.push_back(row(
      "softmax", "SoftmaxBackward", 1,
      each({{3}, {2, 3}, {2, 3, 2}, {}, {0, 3}},
           [](const Tensors& x) { return x[0].softmax(x[0].dim() > 1 ? 1 : 0); }),
      [](const Tensors& x) { return x[0].softmax(2); }, matrix, "softmax: "));
  rows.push_back(row(
      "log_softmax", "LogSoftmaxBackward", 1,
      each({{3}, {2, 3}, {2, 3, 2}, {}, {0, 3}},
           [](const Tensors& x) { return x[0].log_softmax(x[0].dim() > 1 ? 1 : 0); }),
      [](const Tensors& x) { return x[0].log_softmax(2); }, matrix, "log_softmax: "));
}

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
      "mm: inner sizes differ: self is [2, 3], other is [4, 3] (3 vs 4); did you mean other.t()?"));
  rows.push_back(row(
      "bmm", "BmmBackward0", 2,
      {{"batches", two({2, 3, 2}, {2, 2, 4}), mul}, {"broadcast batches", two({2, 1, 2, 3}, {2, 3, 2}), mul}},
      [](const Tensors& x) { return bmm(x[0], x[1]); }, two({2, 3, 2}, {3, 2, 2}), "bmm: "));
  const Call scaled = [](const Tensors& x) { return addmm(x[0], x[1], x[2], 0.5, -2); };
  const auto three = [&](IntArrayRef a) {
    return Tensors{spread(a, -2, 2, 2), spread({2, 3}, -2, 2), spread({3, 4}, -2, 2, 1)};
  };
  rows.push_back(row("addmm", "AddmmBackward", 3,
                     {{"equal shapes", three({2, 4}), scaled},
                      {"broadcast", three({4}), scaled},
                      {"linear",
                       {spread({2, 3}, -2, 2), spread({4, 3}, -2, 2, 1), spread({4}, -2, 2, 2)},
                       [](const Tensors& x) { return linear(x[0], x[1], x[2]); }}},
                     scaled, three({3}), "addmm: "));
}

void add_indexing(std::vector<Row>& rows) {
  const Tensor few = longs({2, 0, 2}, {3}), table = longs({0, 2, 1, 0}, {2, 2});
  const Tensor mask = spread({2, 3}, -1, 1) > 0;
  const Tensors matrix{spread({3, 4}, -2, 2)}, vector{spread({3}, -2, 2)},
      pair{spread({3, 4}, -2, 2), spread({2, 2}, 2, 3)};
  const auto picked = [few](const Tensors& x) { return x[0].index({few}); };
  rows.push_back(row(
      "index", "IndexBackward", 2,
      {{"rows", matrix, picked},
       {"elements", vector, picked},
       {"pairs", matrix,
        [few](const Tensors& x) {
          return x[0].index({few, few});
        }},
       {"a mask", {spread({2, 3}, 0, 1)}, [mask](const Tensors& x) { return x[0].index({mask}); }}},
      [](const Tensors& x) { return x[0].index({longs({5}, {1})}); }, vector,
      "index: index 5 is out of bounds"));
  // The gradient of an index, and index_put itself: spreading, blanking, writing and adding.
  rows.push_back(row("index_put", "IndexPutBackward", 2,
                     {{"the gradient of rows", matrix, picked},
                      {"blanked", {spread({3}, 0, 1)}, [](const Tensors& x) {
                         return x[0].index_put({longs({1, 2}, {2})}, zeros({2}, kDouble));
                       }}}));
  const Tensors rows_and_values{spread({3, 4}, -2, 2), spread({2, 4}, 2, 3)};
  rows.push_back(row(
      "index_put", "IndexPutBackward", 3,
      {{"written", rows_and_values,
        [](const Tensors& x) {
          return x[0].index_put({longs({2, 0}, {2})}, x[1]);
        }},
       {"added", rows_and_values,
        [](const Tensors& x) {
          return x[0].index_put({longs({2, 2}, {2})}, x[1], true);
        }},
       {"broadcast values",
        {spread({3, 4}, -2, 2), spread({4}, 2, 3)},
        [](const Tensors& x) {
          return x[0].index_put({longs({2, 0}, {2})}, x[1]);
        }},
       {"in place", rows_and_values,
        [](const Tensors& x) {
          return (x[0] * 2).index_put_({longs({2, 0}, {2})}, x[1]);
        }}},
      [](const Tensors& x) {
        return Tensor(x[0]).index_put_({longs({0, 9}, {2})}, x[1]);
      },
      rows_and_values, "index_put"));
  rows.push_back(row(
      "index_select", "IndexSelectBackward", 2,
      {{"rows", matrix, [few](const Tensors& x) { return x[0].index_select(0, few); }},
       {"columns", matrix, [few](const Tensors& x) { return x[0].index_select(1, few); }}},
      [](const Tensors& x) { return x[0].index_select(0, longs({3}, {1})); }, matrix,
      "index_select: index 3 is out of bounds"));
  rows.push_back(row(
      "take", "TakeBackward", 2,
      {{"flattened", matrix, [table](const Tensors& x) { return x[0].take(table * 3); }}},
      [](const Tensors& x) { return x[0].take(longs({12}, {1})); }, matrix,
      "take: index 12 is out of bounds"));
  const Call gathered = [table](const Tensors& x) { return x[0].gather(0, table); };
  rows.push_back(row(
      "gather", "GatherBackward", 2,
      {{"rows", matrix, gathered},
       {"a vector", vector, [few](const Tensors& x) { return x[0].gather(0, few); }}},
      [](const Tensors& x) {
        return x[0].gather(0, longs({0, 7}, {1, 2}));
      },
      matrix, "gather: index 7 is out of bounds"));
  rows.push_back(row("scatter_add", "ScatterAddBackward", 2, {{"the gradient of gather", matrix, gathered}}));
  rows.push_back(row(
      "scatter_add", "ScatterAddBackward", 3,
      {{"equal indices add up", pair, [table](const Tensors& x) { return x[0].scatter_add(0, table, x[1]); }},
       {"in place", pair, [table](const Tensors& x) { return (x[0] * 3).scatter_add_(1, table, x[1]); }}},
      [table](const Tensors& x) { return x[0].scatter_add_(0, table + 9, x[1]); }, pair,
      "scatter_add: index"));
  const Tensor distinct = longs({0, 2, 1, 0}, {2, 2});
  rows.push_back(row(
      "scatter", "ScatterBackward0", 3,
      {{"written", pair, [distinct](const Tensors& x) { return x[0].scatter(0, distinct, x[1]); }},
       {"in place", pair, [distinct](const Tensors& x) { return (x[0] * 3).scatter_(1, distinct, x[1]); }}},
      [table](const Tensors& x) { return x[0].scatter_(0, table + 9, x[1]); }, pair, "scatter: index"));
  rows.push_back(row("scatter", "ScatterBackward1", 2, {{"a number", matrix, [distinct](const Tensors& x) {
                                                           return x[0].scatter(1, distinct, 2.5);
                                                         }}}));
  rows.push_back(row(
      "scatter", "ScatterBackward2", 3,
      {{"multiplied", matrix,
        [distinct](const Tensors& x) {
          return scatter(x[0], 1, distinct, full({2, 2}, 3.0, kDouble), "multiply");
        }}},
      [table](const Tensors& x) { return scatter(x[0], 0, table, x[1], "divide"); }, pair,
      "scatter: reduce must be"));
  rows.push_back(row(
      "masked_fill", "MaskedFillBackward0", 2,
      {{"a number", {spread({2, 3}, -1, 1)}, [mask](const Tensors& x) { return x[0].masked_fill(mask, 4); }},
       {"self broadcast",
        {spread({3}, -1, 1)},
        [mask](const Tensors& x) { return x[0].masked_fill(mask, 4); }},
       {"in place",
        {spread({2, 3}, -1, 1)},
        [mask](const Tensors& x) { return (x[0] * 2).masked_fill_(mask, 4); }}},
      [](const Tensors& x) { return x[0].masked_fill_(x[0], 1); }, vector, "masked_fill: mask must be bool"));
  rows.push_back(row(
      "masked_fill", "MaskedFillBackward1", 3,
      {{"a tensor",
        {spread({2, 3}, -1, 1), spread({}, 2, 3)},
        [mask](const Tensors& x) { return x[0].masked_fill(mask, x[1]); }}},
      [mask](const Tensors& x) { return x[0].masked_fill(mask, x[0]); }, {spread({2, 3}, 0, 1)},
      "masked_fill: value must be a number"));
  rows.push_back(row(
      "masked_select", "MaskedSelectBackward", 2,
      {{"a mask", {spread({2, 3}, -1, 1)}, [mask](const Tensors& x) { return x[0].masked_select(mask); }},
       {"self broadcast",
        {spread({3}, -1, 1)},
        [mask](const Tensors& x) { return x[0].masked_select(mask); }}},
      [mask](const Tensors& x) { return x[0].masked_select(mask); }, {spread({4}, 0, 1)},
      "masked_select: shapes do not broadcast"));
}

void add_joins(std::vector<Row>& rows) {
  const Tensors pair{spread({2, 3}, -2, 2), spread({1, 3}, 2, 3)},
      same{spread({2, 3}, -2, 2), spread({2, 3}, 2, 3)};
  rows.push_back(row(
      "cat", "CatBackward", 0,
      {{"rows", pair, [](const Tensors& x) { return cat(x); }},
       {"columns", same, [](const Tensors& x) { return cat(x, -1); }},
       {"one empty", {zeros({0}, kDouble), same[0]}, [](const Tensors& x) { return cat(x); }}},
      [](const Tensors& x) { return cat(x, 1); }, pair,
      "cat: sizes of tensors must match except in dimension 1"));
  rows.push_back(row(
      "stack", "StackBackward", 0,
      {{"in front", same, [](const Tensors& x) { return stack(x); }},
       {"behind", same, [](const Tensors& x) { return stack(x, -1); }}},
      [](const Tensors& x) { return stack(x); }, pair, "stack: expects each tensor to be equal size"));
  rows.push_back(row(
      "repeat", "RepeatBackward", 1,
      each({{}, {2}, {3, 2}, {0}},
           [](const Tensors& x) {
             return x[0].repeat({2, 1, 3});
           }),
      [](const Tensors& x) { return x[0].repeat({2}); }, pair,
      "repeat: number of repeats can not be smaller"));
  rows.push_back(row(
      "flip", "FlipBackward", 1,
      each({{3}, {2, 3}, {2, 0}}, [](const Tensors& x) { return x[0].flip({-1}); }),
      [](const Tensors& x) {
        return x[0].flip({0, 0});
      },
      pair, "flip: dim 0 appears multiple times"));
  rows.push_back(row(
      "roll", "RollBackward", 1, each({{3}, {2, 3}}, [](const Tensors& x) { return x[0].roll(1, -1); }),
      [](const Tensors& x) {
        return x[0].roll({1, 2}, {0});
      },
      pair, "roll: shifts and dimensions must align"));
}

// Each piece counts in its own way.
void add_pieces(std::vector<Row>& rows) {
  using Apart = std::function<Tensors(const Tensor&)>;
  const auto pieces = [&](const char* op, const char* node, const Apart& apart, const std::string& text) {
    const Tensors matrix{spread({5, 3}, -2, 2)}, number{spread({}, -2, 2)};
    const Call all = [apart](const Tensors& x) {
      Tensor total = zeros({}, kDouble);
      for (const Tensor& piece : apart(x[0])) total = total * 0.5 + piece.exp().sum();
      return total + x[0];
    };
    const Call first = [apart](const Tensors& x) { return apart(x[0])[0] * 3; };
    rows.push_back(row(
        op, node, 1,
        {{"all", matrix, all},
         {"one", matrix, first},
         {"a vector", {spread({5}, -1, 1)}, all},
         {"a cube", {spread({2, 5, 2}, -1, 1)}, all}},
        [apart](const Tensors& x) {
          apart(x[0]);
          return x[0];
        },
        number, text));
  };
  pieces(
      "unbind", "UnbindBackward0", [](const Tensor& x) { return x.unbind(-1); },
      "unbind: a tensor without dimensions");
  pieces(
      "split", "SplitBackward0", [](const Tensor& x) { return x.split(2, x.dim() - 2); },
      "split: a tensor without dimensions");
  pieces(
      "split_with_sizes", "SplitWithSizesBackward",
      [](const Tensor& x) {
        return x.split({1, 0, 4}, x.dim() - 2);
      },
      "split_with_sizes: a tensor without dimensions");
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
                          return cross_entropy_loss(x[0], classes, weight, r);
                        }});
  }
  const Call wrong = [classes](const Tensors& x) { return nll_loss(x[0], classes + 2); };
  rows.push_back(row("nll_loss", "NllLossBackward", 2, plain, wrong, {spread({4, 3}, -2, 2)},
                     "nll_loss: Target 4 is out of bounds"));
  rows.push_back(row("nll_loss", "NllLossBackward", 3, weighted));
  rows.push_back(row("nll_loss_backward", "NllLossBackwardBackward", 2, plain));
  rows.push_back(row("nll_loss_backward", "NllLossBackwardBackward", 3, weighted));
}

}  // namespace

std::vector<Row> kernel_rows() {
  std::vector<Row> rows;
  add_views(rows);
  add_copies(rows);
  add_reductions(rows);
  add_products(rows);
  add_indexing(rows);
  add_joins(rows);
  add_pieces(rows);
  add_reduced_losses(rows);
  return rows;
}

}  // namespace samples
