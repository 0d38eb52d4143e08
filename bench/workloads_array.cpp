// Work on millions of numbers: pointwise passes, broadcasting, reductions, copies, products of matrices, and
// order. Compiled against xgrad and against LibTorch; only what both offer under the same names may appear.
#include "library.h"

#include <limits>

namespace bench {

namespace {

constexpr std::int64_t many = 10000000;
constexpr double many_bytes = 4.0 * many;
constexpr std::int64_t side = 4096;
constexpr double square_bytes = 4.0 * side * side;

void add_pointwise() {
  workload("sigmoid of 10 M").bytes(2 * many_bytes).goal(4).hand(1.1).each([] {
    const lib::Tensor x = filled({many}, 1, 4.F);
    return [x] { return lib::sigmoid(x); };
  });
  workload("exp of 10 M").bytes(2 * many_bytes).goal(4).hand(1.1).each([] {
    const lib::Tensor x = filled({many}, 1, 4.F);
    return [x] { return lib::exp(x); };
  });
  workload("tanh of 10 M").bytes(2 * many_bytes).goal(4).each([] {
    const lib::Tensor x = filled({many}, 1, 4.F);
    return [x] { return lib::tanh(x); };
  });
  workload("a + b of 10 M").bytes(3 * many_bytes).goal(4).each([] {
    const lib::Tensor a = filled({many}, 1), b = filled({many}, 2);
    return [a, b] { return a + b; };
  });
  workload("a.mul(b).add(c) of 10 M").bytes(4 * many_bytes).goal(4).hand(1.1).each([] {
    const lib::Tensor a = filled({many}, 1), b = filled({many}, 2), c = filled({many}, 3);
    return [a, b, c] { return a.mul(b).add(c); };
  });
  workload("a * b + c of 10 M").bytes(4 * many_bytes).goal(4).hand(1.1).each([] {
    const lib::Tensor a = filled({many}, 1), b = filled({many}, 2), c = filled({many}, 3);
    return [a, b, c] { return a * b + c; };
  });
  workload("a.add_(b) of 10 M, in place").bytes(3 * many_bytes).goal(1).each([] {
    lib::Tensor a = filled({many}, 1);
    const lib::Tensor b = filled({many}, 2, 1e-6F);
    return [a, b]() mutable { return a.add_(b); };
  });
}

void add_broadcasting() {
  workload("matrix + row, 4096 x 4096").bytes(2 * square_bytes).goal(6).each([] {
    const lib::Tensor a = filled({side, side}, 1), row = filled({side}, 2);
    return [a, row] { return a + row; };
  });
  workload("matrix + column, 4096 x 4096").bytes(2 * square_bytes).goal(4).each([] {
    const lib::Tensor a = filled({side, side}, 1), column = filled({side, 1}, 2);
    return [a, column] { return a + column; };
  });
  workload("a[:, ::2] + b[:, ::2], 4096 x 4096").bytes(1.5 * square_bytes).goal(4).each([] {
    const lib::Tensor a = filled({side, side}, 1).slice(1, 0, side, 2);
    const lib::Tensor b = filled({side, side}, 2).slice(1, 0, side, 2);
    return [a, b] { return a + b; };
  });
  workload("a + b.t(), 4096 x 4096").bytes(3 * square_bytes).goal(4).each([] {
    const lib::Tensor a = filled({side, side}, 1), b = filled({side, side}, 2).t();
    return [a, b] { return a + b; };
  });
}

void add_reductions() {
  workload("sum of all, 4096 x 4096").bytes(square_bytes).goal(1).each([] {
    const lib::Tensor a = filled({side, side}, 1);
    return [a] { return a.sum(); };
  });
  workload("sum over dim 0, 4096 x 4096").bytes(square_bytes).goal(2).each([] {
    const lib::Tensor a = filled({side, side}, 1);
    return [a] { return a.sum(0); };
  });
  workload("sum over dim 1, 4096 x 4096").bytes(square_bytes).goal(1).each([] {
    const lib::Tensor a = filled({side, side}, 1);
    return [a] { return a.sum(1); };
  });
  workload("softmax over dim 1, 4096 x 4096").bytes(2 * square_bytes).goal(3.5).each([] {
    const lib::Tensor a = filled({side, side}, 1, 4.F);
    return [a] { return lib::softmax(a, 1); };
  });
  workload("softmax of 1024 x 1024 scores under a causal mask").bytes(2 * 4 * 1024 * 1024).goal(3.5).each([] {
    const lib::Tensor mask = lib::full({1024, 1024}, -std::numeric_limits<float>::infinity()).triu(1);
    const lib::Tensor scores = filled({1024, 1024}, 1) + mask;
    return [scores] { return lib::softmax(scores, 1); };
  });
  workload("t().contiguous(), 4096 x 4096").bytes(2 * square_bytes).goal(2.5).each([] {
    const lib::Tensor a = filled({side, side}, 1);
    return [a] { return a.t().contiguous(); };
  });
}

void add_products() {
  for (const std::int64_t n : {64, 256, 1024, 2048}) {
    const double cube = static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n);
    workload("matmul " + std::to_string(n)).flops(2 * cube).goal(1).each([n] {
      const lib::Tensor a = filled({n, n}, 1), b = filled({n, n}, 2);
      return [a, b] { return lib::matmul(a, b); };
    });
  }
  workload("bmm of 512 pairs of 16 x 16").flops(512.0 * 2 * 16 * 16 * 16).goal(6).each([] {
    const lib::Tensor a = filled({512, 16, 16}, 1), b = filled({512, 16, 16}, 2);
    return [a, b] { return lib::bmm(a, b); };
  });
}

void add_orders() {
  workload("sort of 1 M").bytes(0.4 * many_bytes).goal(1).each([] {
    const lib::Tensor x = filled({many / 10}, 1);
    return [x] { return std::get<0>(x.sort()); };
  });
  workload("the 10 largest of 1 M").bytes(0.1 * many_bytes).goal(1).each([] {
    const lib::Tensor x = filled({many / 10}, 1);
    return [x] { return std::get<0>(x.topk(10)); };
  });
  workload("medians of 1000 x 1000").bytes(0.1 * many_bytes).goal(1).each([] {
    const lib::Tensor x = filled({1000, 1000}, 1);
    return [x] { return std::get<0>(x.median(1)); };
  });
  workload("unique of 1 M").bytes(0.2 * many_bytes).goal(1).each([] {
    const lib::Tensor x = filled({many / 10}, 1);
    return [x] { return std::get<0>(lib::_unique2(x)); };
  });
  workload("index_add of 100000 rows of 64").bytes(3 * 0.64 * many_bytes).goal(1).each([] {
    const lib::Tensor x = filled({10000, 64}, 1), rows = filled({100000, 64}, 2),
                      index = (filled({100000}, 3) * 5000 + 5000).to(lib::kLong);
    return [x, rows, index] { return x.index_add(0, index, rows); };
  });
}

void add_scans() {
  for (const std::int64_t dim : {0, 1}) {
    const std::string over = " over dim " + std::to_string(dim) + ", 1000 x 1000";
    workload("cumsum" + over).bytes(0.2 * many_bytes).goal(1).each([dim] {
      const lib::Tensor x = filled({1000, 1000}, 1);
      return [x, dim] { return x.cumsum(dim); };
    });
    workload("cummax" + over).bytes(0.2 * many_bytes).goal(1).each([dim] {
      const lib::Tensor x = filled({1000, 1000}, 1);
      return [x, dim] { return std::get<0>(x.cummax(dim)); };
    });
  }
  workload("histogram of 1 M in 100 bins").bytes(0.1 * many_bytes).goal(1).each([] {
    const lib::Tensor x = filled({many / 10}, 1);
    return [x] { return std::get<0>(lib::histogram(x, 100)); };
  });
}

void add_special() {
  using Function = lib::Tensor (*)(const lib::Tensor&);
  const std::pair<const char*, Function> functions[] = {
      {"erfc", [](const lib::Tensor& x) { return lib::erfc(x); }},
      {"erfinv", [](const lib::Tensor& x) { return lib::erfinv(x); }},
      {"lgamma", [](const lib::Tensor& x) { return lib::lgamma(x); }},
      {"digamma", [](const lib::Tensor& x) { return lib::digamma(x); }},
      {"i0", [](const lib::Tensor& x) { return lib::i0(x); }}};
  for (const auto& [name, function] : functions)
    workload(std::string(name) + " of 1 M").bytes(0.2 * many_bytes).goal(1).each([function = function] {
      const lib::Tensor x = filled({many / 10}, 1).abs() * 0.9;
      return [x, function] { return function(x); };
    });
  workload("logical_and of 1 M").goal(1).each([] {
    const lib::Tensor a = filled({many / 10}, 1) > 0, b = filled({many / 10}, 2) > 0;
    return [a, b] { return lib::logical_and(a, b); };
  });
  workload("mul of 1 M in float16").bytes(0.15 * many_bytes).goal(1).each([] {
    const lib::Tensor a = filled({many / 10}, 1).to(lib::kHalf);
    return [a] { return a * a; };
  });
  workload("flip of 1000 x 1000 bytes").goal(1).each([] {
    const lib::Tensor a = (filled({1000, 1000}, 1) * 100).to(lib::kChar);
    return [a] { return a.flip(1); };
  });
}

void add_lookups() {
  workload("gather of 1000 x 1000").bytes(0.4 * many_bytes).goal(1).each([] {
    const lib::Tensor x = filled({1000, 1000}, 1),
                      index = (filled({1000, 1000}, 3) * 500 + 500).to(lib::kLong);
    return [x, index] { return x.gather(1, index); };
  });
  workload("embedding backward, 100000 rows of 64").bytes(2 * 0.64 * many_bytes).goal(1).each([] {
    lib::Tensor table = filled({10000, 64}, 1).requires_grad_();
    const lib::Tensor index = (filled({100000}, 3) * 5000 + 5000).to(lib::kLong), g = filled({100000, 64}, 2);
    return [table, index, g] {
      table.mutable_grad() = lib::Tensor();
      lib::embedding(table, index).backward(g);
      return table.grad();
    };
  });
  workload("nll_loss of 20000 x 100").goal(1).each([] {
    const lib::Tensor x = filled({20000, 100}, 1), target = (filled({20000}, 3) * 50 + 50).to(lib::kLong);
    return [x, target] { return lib::nll_loss(x, target); };
  });
}

void add_distances() {
  for (const double p : {1.0, 2.0})
    workload("cdist of 300 and 300 points, p = " + std::to_string(static_cast<int>(p))).goal(1).each([p] {
      const lib::Tensor a = filled({300, 32}, 1), b = filled({300, 32}, 2);
      return [a, b, p] { return lib::cdist(a, b, p); };
    });
  workload("pdist of 300 points").goal(1).each([] {
    const lib::Tensor a = filled({300, 32}, 1);
    return [a] { return lib::pdist(a); };
  });
  workload("det of 1000 matrices 3 x 3").goal(1).each([] {
    const lib::Tensor a = filled({1000, 3, 3}, 1);
    return [a] { return lib::det(a); };
  });
  workload("cholesky of 1000 matrices 10 x 10").goal(1).each([] {
    const lib::Tensor a = filled({1000, 10, 10}, 1),
                      positive = lib::matmul(a, a.transpose(1, 2)) + lib::eye(10);
    return [positive] { return lib::cholesky(positive); };
  });
}

}  // namespace

void add_array_workloads() {
  add_pointwise();
  add_broadcasting();
  add_reductions();
  add_products();
  add_orders();
  add_scans();
  add_special();
  add_lookups();
  add_distances();
}

}  // namespace bench
