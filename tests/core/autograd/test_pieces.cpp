// unbind, split and chunk: views that are the outputs of one node, against the same made by select and narrow
// one after the other, also where the pieces or their base are changed in place.
#include <functional>
#include <map>

#include "core/autograd/checks.h"

#include <xgrad/graph/explain.h>

using namespace xgrad;
using checks::check;
using checks::check_error;
using checks::error_of;

namespace {

using Pieces = std::vector<Tensor>;

// Ways to take a tensor [3, 4] apart by one op, and the same by one view after the other.
struct Apart {
  const char* what;
  const char* node;
  std::function<Pieces(const Tensor&)> at_once, one_by_one;
};

Pieces selects(const Tensor& t, int64_t dim) {
  Pieces pieces;
  for (int64_t i = 0; i < t.size(dim); ++i) pieces.push_back(t.select(dim, i));
  return pieces;
}
Pieces narrows(const Tensor& t, int64_t dim, const std::vector<int64_t>& lengths) {
  Pieces pieces;
  int64_t start = 0;
  for (int64_t n : lengths) {
    pieces.push_back(t.narrow(dim, start, n));
    start += n;
  }
  return pieces;
}

std::vector<Apart> ways_apart() {
  using T = const Tensor&;
  return {
      {"rows", "UnbindBackward0", [](T t) { return t.unbind(); }, [](T t) { return selects(t, 0); }},
      {"columns", "UnbindBackward0", [](T t) { return t.unbind(-1); }, [](T t) { return selects(t, 1); }},
      {"split", "SplitBackward0", [](T t) { return t.split(3, 1); },
       [](T t) {
         return narrows(t, 1, {3, 1});
       }},
      {"split by sizes", "SplitWithSizesBackward",
       [](T t) {
         return t.split({1, 0, 2});
       },
       [](T t) {
         return narrows(t, 0, {1, 0, 2});
       }},
      {"chunk", "SplitBackward0", [](T t) { return t.chunk(2, 1); },
       [](T t) {
         return narrows(t, 1, {2, 2});
       }},
  };
}

// Programs over x [3, 4] and the pieces of what they make of it.
using PieceProgram =
    std::function<Tensor(const Tensor& x, const std::function<Pieces(const Tensor&)>& apart)>;

std::map<std::string, PieceProgram> piece_programs() {
  const auto squares = [](const Pieces& pieces) {
    Tensor sum = zeros({}, kDouble);
    for (std::size_t i = 0; i < pieces.size(); ++i)
      sum = sum + (pieces[i] * pieces[i]).sum() * static_cast<double>(i + 1);
    return sum;
  };
  std::map<std::string, PieceProgram> all;
  all["nothing changed"] = [=](const Tensor& x, const auto& apart) { return squares(apart(x * x)); };
  all["only the last one used"] = [](const Tensor& x, const auto& apart) {
    return apart(x * x).back().exp();
  };
  all["one piece changed"] = [=](const Tensor& x, const auto& apart) {
    const Tensor y = x * 2;
    const Pieces p = apart(y);
    p.front().mul_(x.sum());
    return squares(p) + y * x;
  };
  all["several changed, one twice"] = [=](const Tensor& x, const auto& apart) {
    const Tensor y = x * 2;
    const Pieces p = apart(y);
    p.front().add_(x.mean());
    p.back().mul_(3);
    p.front().mul_(p.back().sum());
    return squares(p) * y;
  };
  all["the base changed"] = [=](const Tensor& x, const auto& apart) {
    const Tensor y = x * 2;
    const Pieces p = apart(y);
    y.mul_(x);
    return squares(p) + y;
  };
  all["base and piece in turn"] = [=](const Tensor& x, const auto& apart) {
    const Tensor y = x * 2;
    const Pieces p = apart(y);
    p.back().sub_(x.mean());
    y.mul_(x);
    p.front().mul_(x.sum());
    return squares(apart(y)) + squares(p) * p.back().sum();
  };
  all["a constant that gets a history"] = [=](const Tensor& x, const auto& apart) {
    const Tensor y = ones({3, 4}, kDouble);
    const Pieces p = apart(y);
    p.back().mul_(x.sum());
    y.add_(x);
    return squares(p) * y;
  };
  all["a base that is not row-major"] = [=](const Tensor& x, const auto& apart) {
    const Tensor y = x.t().clone().t() * 2;
    const Pieces p = apart(y);
    p.back().add_(x.mean());
    p.front().mul_(x.sum());
    return squares(p) + y * x;
  };
  all["pieces of a view"] = [=](const Tensor& x, const auto& apart) {
    const Tensor y = cat({x, x * 2});
    const Pieces p = apart(y.slice(0, 1, 6, 2));
    p.front().add_(x.mean());
    y.mul_(2);
    p.back().mul_(x.sum());
    return squares(p) + y.sum() * x;
  };
  return all;
}

Tensor input() { return (arange(12, kDouble) * 0.15 - 0.7).reshape({3, 4}).clone().requires_grad_(); }

}  // namespace

TEST_CASE("pieces taken at once and one by one have the same values and gradients, whatever is changed") {
  for (const Apart& way : ways_apart())
    for (const auto& entry : piece_programs()) {
      INFO(way.what, ": ", entry.first);
      std::vector<Tensor> results[2];
      for (const bool at_once : {false, true}) {
        const Tensor x = input();
        const Tensor out = entry.second(x, at_once ? way.at_once : way.one_by_one);
        const Tensor weights = arange(1, out.numel() + 1, kDouble).reshape(out.sizes()).requires_grad_();
        const Tensor plain = autograd::grad({out}, {x}, {weights}, true)[0];
        const Tensor first = autograd::grad({out}, {x}, {weights}, nullopt, true)[0];
        const auto second = autograd::grad({(first * first).sum()}, {x, weights}, {}, nullopt, false, true);
        results[at_once] = {out.detach(), plain, first.detach(), second[0], second[1]};
      }
      for (std::size_t i = 0; i < results[0].size(); ++i) {
        REQUIRE_EQ(results[0][i].defined(), results[1][i].defined());
        if (results[0][i].defined()) CHECK(allclose(results[0][i], results[1][i], 1e-12, 1e-12));
      }
      const PieceProgram f = entry.second;
      const autograd::GradcheckFunction call = [&](const autograd::variable_list& in) {
        return autograd::variable_list{f(in[0], way.at_once)};
      };
      CHECK_NOTHROW(autograd::gradcheck(call, {input()}));
      CHECK_NOTHROW(autograd::gradgradcheck(call, {input()}));
    }
}

TEST_CASE("pieces are views of one base and outputs of one node") {
  for (const Apart& way : ways_apart()) {
    INFO(way.what);
    const Tensor x = input(), y = x * 2;
    const Pieces p = way.at_once(y), q = way.one_by_one(y);
    REQUIRE_EQ(p.size(), q.size());
    for (std::size_t i = 0; i < p.size(); ++i) {
      CHECK_EQ(p[i].sizes().vec(), q[i].sizes().vec());
      CHECK_EQ(p[i].strides().vec(), q[i].strides().vec());
      CHECK_EQ(p[i].data_ptr(), q[i].data_ptr());
      CHECK(p[i]._base().is_same(y));
      CHECK_EQ(p[i].grad_fn()->name(), way.node);
      CHECK_EQ(p[i].grad_fn().get(), p[0].grad_fn().get());
      CHECK_EQ(p[i].output_nr(), static_cast<int64_t>(i));
    }
    CHECK_EQ(p[0].grad_fn()->num_inputs(), static_cast<uint32_t>(p.size()));
    p[0].mul_(2);
    for (const Tensor& piece : p) {
      CHECK_EQ(piece._version(), 1);
      CHECK_EQ(piece.grad_fn()->name(), "AsStridedBackward");
    }
    CHECK_EQ(y.grad_fn()->name(), "CopySlices");
  }
}

TEST_CASE("pieces of a leaf, and pieces made under no_grad, are refused like other views") {
  const Tensor x = input(), y = x * 2;
  for (const Apart& way : ways_apart()) {
    INFO(way.what);
    check_error(error_of([&] { way.at_once(x)[0].mul_(2); }),
                "mul_: a view of a leaf Variable that requires grad");
    Pieces p;
    {
      NoGradGuard no_grad;
      p = way.at_once(y);
      CHECK_FALSE(p[0].requires_grad());
      p[0].mul_(1);
    }
    check_error(error_of([&] { p[0].mul_(2); }), "a view was created in no_grad mode");
  }
}

TEST_CASE(
    "the node of pieces takes the gradients that arrive, by hooks, captures and second derivatives too") {
  const Tensor x = checks::leaf({1, 2, 3});
  const Pieces p = (x * 2).unbind();
  int runs = 0;
  p[0].grad_fn()->add_post_hook([&](const autograd::variable_list& out, const autograd::variable_list&) {
    ++runs;
    return out;
  });
  p[2].register_hook([](const Tensor& g) { return g * 10; });
  p[0].retain_grad();
  (p[0] * p[2]).backward({}, true);
  CHECK_EQ(runs, 1);
  check(x.grad(), {2 * 6, 0, 2 * 20});
  check(p[0].grad(), {6});
  const auto g = autograd::grad({p[0] * p[1] * p[1]}, {p[0], p[1], x}, {}, nullopt, true);
  check(g[0], {16});
  check(g[1], {16});
  check(g[2], {32, 32, 0});
  check(autograd::grad({g[2].sum()}, {x})[0], {32, 48, 0});  // of 8 b^2 + 16 a b
}

TEST_CASE("a piece of a dual tensor carries the piece of the tangent") {
  for (const Apart& way : ways_apart()) {
    INFO(way.what);
    const Tensor tangent = arange(12, kDouble).reshape({3, 4});
    const forward_ad::DualLevel level;
    const Pieces p = way.at_once(forward_ad::make_dual(input().detach(), tangent)),
                 q = way.one_by_one(tangent);
    for (std::size_t i = 0; i < p.size(); ++i) CHECK(equal(forward_ad::unpack_dual(p[i]).tangent, q[i]));
  }
}

TEST_CASE("a hundred thousand pieces cost one pass") {
  const Tensor x = ones({100000, 8}).requires_grad_();
  const Pieces p = x.unbind();
  stack(Pieces(p.begin(), p.begin() + 60000)).sum().backward();
  CHECK_EQ(x.grad().sum().item<double>(), 480000);
}

TEST_CASE("nothing, or empty pieces, of a dimension without elements") {
  const Tensor x = zeros({3, 0}).requires_grad_();
  CHECK(x.unbind(1).empty());
  CHECK(x.split_with_sizes({}, 1).empty());
  CHECK_EQ(x.split(0, 1).size(), 1);
  const Pieces p = x.chunk(3, 1);
  REQUIRE_EQ(p.size(), 3);
  CHECK_FALSE(p[0].is_same(p[1]));
  CHECK_EQ(p[2].sizes().vec(), std::vector<int64_t>{3, 0});
  p[1].sum().backward();
  CHECK_EQ(x.grad().sizes().vec(), std::vector<int64_t>{3, 0});
  const Pieces whole = arange(4).reshape({2, 2}).unbind();  // integers have no history
  CHECK_FALSE(whole[0].requires_grad());
  CHECK_EQ(whole[1][1].item<int64_t>(), 3);
}

TEST_CASE("explain shows all pieces as one value and the gradient of each") {
  const graph::KeepValues keep;
  const Pieces p = (checks::leaf({1, 2, 3}) * 2).unbind();
  const std::string text = graph::explain(p[0] * p[2]);
  check_error(text, "UnbindBackward0   value [2, 4, 6]   gradient of result 0 6   gradient of result 2 2\n");
}
