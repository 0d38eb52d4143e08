// Samples of reductions, scans and softmax.
#include <cmath>

#include <xgrad/core/ops/reduce/scan.h>

#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

namespace {

// Variances, norms and logsumexp.
void add_spreads(std::vector<Row>& rows) {
  const std::vector<std::vector<int64_t>> shapes{{4}, {2, 3}, {2, 3, 2}};
  const Tensors matrix{spread({2, 3}, 0, 1)};
  const auto add = [&](const char* op, const char* node, std::vector<Call> calls, const Call& bad,
                       const std::string& text) {
    std::vector<Sample> samples;
    for (const Call& f : calls)
      for (const Sample& s : each(shapes, f)) samples.push_back(s);
    rows.push_back(row(op, node, 1, samples, bad, matrix, text));
  };
  add(
      "var", "VarBackward0",
      {[](const Tensors& x) { return x[0].var(); },
       [](const Tensors& x) { return x[0].var({0}, false, true); }},
      [](const Tensors& x) { return x[0].var(2); }, "var: ");
  add(
      "std", "StdBackward0",
      {[](const Tensors& x) { return x[0].std(false); },
       [](const Tensors& x) { return x[0].std({-1}, 0.5); }},
      [](const Tensors& x) { return x[0].to(kLong).std(); }, "std: only for floating-point dtypes");
  add(
      "var_mean", "VarMeanBackward0",
      {[](const Tensors& x) { return std::get<0>(var_mean(x[0])) * std::get<1>(var_mean(x[0])); },
       [](const Tensors& x) {
         const auto [var, mean] = var_mean(x[0], {0}, 0, true);
         return var * mean;
       },
       [](const Tensors& x) { return std::get<1>(var_mean(x[0], 0)); }},
      [](const Tensors& x) {
        return std::get<0>(var_mean(x[0], {0, 0}, 1));
      },
      "var_mean: ");
  add(
      "std_mean", "StdMeanBackward0",
      {[](const Tensors& x) {
         const auto [deviation, mean] = std_mean(x[0], {-1}, false);
         return deviation * mean;
       },
       [](const Tensors& x) { return std::get<0>(std_mean(x[0])); },
       [](const Tensors& x) { return std::get<1>(std_mean(x[0])); }},
      [](const Tensors& x) { return std::get<0>(std_mean(x[0], 5)); }, "std_mean: ");
  std::vector<Call> norms;
  for (double p : {0.5, 1., 1.5, 2., 3., -1., HUGE_VAL, -HUGE_VAL}) {
    norms.push_back([p](const Tensors& x) { return x[0].norm(p); });
    norms.push_back([p](const Tensors& x) { return x[0].norm(p, {0}, true); });
  }
  add(
      "norm", "LinalgVectorNormBackward", norms,
      [](const Tensors& x) {
        return x[0].norm(HUGE_VAL, {1}) + zeros({2, 0}, kDouble).norm(HUGE_VAL);
      },
      "norm: the inf-norm of no element");
  add(
      "logsumexp", "LogsumexpBackward",
      {[](const Tensors& x) { return x[0].logsumexp({0}); },
       [](const Tensors& x) { return x[0].logsumexp({}, true); }},
      [](const Tensors& x) { return x[0].logsumexp({2}); }, "logsumexp: ");
}

void add_scans(std::vector<Row>& rows) {
  const Tensors matrix{spread({2, 3}, 0, 1)};
  const Tensor zeros_inside = tensor({2.0, 0.0, -3.0, 0.0, 1.5, 0.5}, kDouble).reshape({2, 3});
  using Scan = std::function<Tensor(const Tensor&, int64_t)>;
  const auto add = [&](const char* op, const char* node, const Scan& f) {
    std::vector<Sample> samples =
        each({{}, {1}, {4}, {2, 3}, {3, 2, 5}, {2, 0}}, [f](const Tensors& x) { return f(x[0], -1); });
    for (const Sample& s : each({{2, 3}, {3, 2, 5}}, [f](const Tensors& x) { return f(x[0], 0); }))
      samples.push_back(s);
    rows.push_back(row(
        op, node, 1, samples, [f](const Tensors& x) { return f(x[0], 2); }, matrix, std::string(op) + ": "));
  };
  add("cumsum", "CumsumBackward", [](const Tensor& x, int64_t dim) { return x.cumsum(dim); });
  add("cumprod", "CumprodBackward", [](const Tensor& x, int64_t dim) { return x.cumprod(dim); });
  for (int64_t dim : {0, 1})
    rows.back().samples.push_back(
        {"with zeros", {zeros_inside}, [dim](const Tensors& x) { return x[0].cumprod(dim); }});
  add("logcumsumexp", "LogcumsumexpBackward",
      [](const Tensor& x, int64_t dim) { return x.logcumsumexp(dim); });
  add("cummax", "CummaxBackward", [](const Tensor& x, int64_t dim) { return std::get<0>(x.cummax(dim)); });
  add("cummin", "CumminBackward", [](const Tensor& x, int64_t dim) { return std::get<0>(x.cummin(dim)); });
  const Tensors two{spread({3, 4}, -2, 2), spread({3, 4}, -2, 2, 1)};
  rows.push_back(row(
      "linear_recurrence", "LinearRecurrenceBackward", 2,
      {{"forwards", two, [](const Tensors& x) { return ops::linear_recurrence(x[0], x[1], {1}); }},
       {"backwards", two,
        [](const Tensors& x) {
          return ops::linear_recurrence(x[0], x[1], {0, true});
        }}},
      [](const Tensors& x) { return ops::linear_recurrence(x[0], x[0].t(), {0}); }, two,
      "linear_recurrence: shapes or dtypes differ"));
}

// What has no derivative.
void add_counts(std::vector<Row>& rows) {
  const std::vector<std::vector<int64_t>> shapes{{}, {4}, {2, 3}, {2, 3, 2}};
  const auto add = [&](const char* op, const std::function<Tensor(const Tensor&)>& whole,
                       const std::function<Tensor(const Tensor&)>& along) {
    std::vector<Sample> samples;
    for (const auto& f : {whole, along})
      for (const Sample& s : each(shapes, [f](const Tensors& x) { return f(x[0].detach()); }))
        samples.push_back(s);
    rows.push_back(row(
        op, "", 1, samples, [along](const Tensors&) { return along(Tensor()); }, {}, "undefined"));
  };
  add(
      "argmax", [](const Tensor& x) { return argmax(x); },
      [](const Tensor& x) { return argmax(x, -1, true); });
  add(
      "argmin", [](const Tensor& x) { return argmin(x); }, [](const Tensor& x) { return argmin(x, 0); });
  add(
      "all", [](const Tensor& x) { return all(x > -1.5); }, [](const Tensor& x) { return all(x, 0); });
  add(
      "any", [](const Tensor& x) { return any(x > 1.5); },
      [](const Tensor& x) { return any(x > 1, -1, true); });
  add(
      "count_nonzero", [](const Tensor& x) { return count_nonzero(x.round()); },
      [](const Tensor& x) { return count_nonzero(x.round(), 0); });
}

}  // namespace

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
  rows.back().samples.push_back(
      {"zeros in rows",
       {tensor({2.0, 0.0, -3.0, 4.0, 0.5, 0.0, 0.0, 1.0}, kDouble).reshape({2, 2, 2})},
       [](const Tensors& x) { return x[0].prod(1); }});
  rows.push_back(row(
      "max", "MaxBackward1", 1, each(filled, [](const Tensors& x) { return x[0].max(); }),
      [](const Tensors& x) { return x[0].max(); }, none, "max: expected reduction dim"));
  rows.push_back(row(
      "min", "MinBackward1", 1, each(filled, [](const Tensors& x) { return x[0].min(); }),
      [](const Tensors& x) { return x[0].min(); }, none, "min: expected reduction dim"));
  rows.push_back(row(
      "amax", "AmaxBackward", 1,
      both(
          filled, [](const Tensors& x) { return x[0].amax(); },
          [](const Tensors& x) { return x[0].amax({0}, true); }),
      [](const Tensors& x) { return x[0].amax({1}); }, none, "amax: expected reduction dim 1"));
  rows.push_back(row(
      "amin", "AminBackward", 1,
      both(
          filled, [](const Tensors& x) { return x[0].amin(); },
          [](const Tensors& x) { return x[0].amin({-1}); }),
      [](const Tensors& x) {
        return x[0].amin({0, 0});
      },
      matrix, "amin: dim 0 appears multiple times"));
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
      "aminmax", "AminmaxBackward", 1,
      both(
          filled,
          [](const Tensors& x) { return std::get<0>(x[0].aminmax()) - 2 * std::get<1>(x[0].aminmax()); },
          [](const Tensors& x) {
            const auto [low, high] = x[0].aminmax(0, true);
            return low * high;
          }),
      [](const Tensors& x) { return std::get<0>(x[0].aminmax(1)); }, none,
      "aminmax: expected reduction dim 1"));
  rows.push_back(row(
      "nansum", "NansumBackward", 1,
      both(
          shapes, [](const Tensors& x) { return x[0].nansum(); },
          [](const Tensors& x) { return x[0].nansum(-1, true); }),
      [](const Tensors& x) { return x[0].nansum(2); }, matrix, "nansum: "));
  add_spreads(rows);
  add_scans(rows);
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
  add_counts(rows);
}

}  // namespace samples
