// Samples of the ops that lay elements out anew: views, copies, fills, joins.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

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
        1.0 / 1024,
        true}},
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
                         },
                         false,
                         1e-6,
                         true}},
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
      "cauchy", "CauchyBackward", [](const Tensor& t) { t.cauchy_(); },
      [](const Tensors& x) { return x[0].cauchy_(0, 0); }, "cauchy_: expects sigma > 0.0");
  drawn(
      "log_normal", "LogNormalBackward", [](const Tensor& t) { t.log_normal_(); },
      [](const Tensors& x) { return x[0].log_normal_(0, 0); }, "log_normal_: expects std > 0.0");
  drawn(
      "geometric", "GeometricBackward", [](const Tensor& t) { t.geometric_(0.3); },
      [](const Tensors& x) { return x[0].geometric_(1); }, "geometric_: expects p to be in (0, 1)");
  const auto sampled = [&](const char* op, const char* node, int inputs, const Call& f, std::string text) {
    const Tensors means{spread({4}, 2, 30)};
    rows.push_back(row(op, node, inputs,
                       {{"drawn", means,
                         [f](const Tensors& x) {
                           manual_seed(7);
                           return f(x) * x[0];
                         },
                         false, 1e-6, true}},
                       f, {spread({2}, -2, -1).to(kLong)}, std::move(text)));
  };
  sampled(
      "poisson", "PoissonBackward", 1, [](const Tensors& x) { return poisson(x[0]); },
      "poisson: needs a floating-point tensor");
  sampled(
      "binomial", "BinomialBackward", 2, [](const Tensors& x) { return binomial(x[0], x[0].detach() / 80); },
      "binomial: needs floating-point tensors of one dtype");
  drawn(
      "random", "RandomBackward0", [](const Tensor& t) { t.random_(10); },
      [](const Tensors& x) { return x[0].random_(3, 3); }, "random");
  drawn(
      "bernoulli", "BernoulliBackward0", [](const Tensor& t) { t.bernoulli_(0.5); },
      [](const Tensors& x) { return x[0].bernoulli_(1.5); }, "bernoulli");
  rows.back().samples.push_back({"of probabilities",
                                 {spread({4}, 0.2, 0.8)},
                                 [](const Tensors& x) {
                                   manual_seed(7);
                                   return bernoulli(x[0]) * x[0];
                                 },
                                 false,
                                 1e-6,
                                 true});
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

void add_triangles(std::vector<Row>& rows) {
  const Tensors vector{spread({3}, -2, 2)}, matrix{spread({2, 3}, -2, 2)};
  rows.push_back(row(
      "tril", "TrilBackward", 1,
      each({{3, 3}, {2, 4}, {2, 3, 2}}, [](const Tensors& x) { return x[0].tril(-1); }),
      [](const Tensors& x) { return x[0].tril(); }, vector, "tril: needs a matrix"));
  rows.push_back(row(
      "triu", "TriuBackward", 1,
      {{"in place", matrix, [](const Tensors& x) { return (x[0] * 2).triu_(1) * x[0]; }},
       {"a batch", {spread({2, 3, 2}, -2, 2)}, [](const Tensors& x) { return x[0].triu(); }}},
      [](const Tensors& x) { return x[0].triu(); }, vector, "triu: needs a matrix"));
  rows.push_back(row(
      "diag_embed", "DiagEmbedBackward", 1,
      each({{3}, {2, 3}, {0}}, [](const Tensors& x) { return x[0].diag_embed(-1, 0, -1); }),
      [](const Tensors& x) { return x[0].diag_embed(0, 1, 1); }, vector,
      "diag_embed: dimensions cannot be identical"));
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
    const Call first = [apart](const Tensors& x) { return apart(x[0]).at(0) * 3; };
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

}  // namespace samples
