// Changes in place, of tensors, of views and of their bases: gradients as recorded from PyTorch
// (data/make_inplace.py), and what is refused.
#include <fstream>
#include <functional>
#include <map>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <xgrad/xgrad.h>

using namespace xgrad;
using nlohmann::json;

namespace {

// A program makes a tensor of x [3, 4] and w [4]; recorded are its elements and the gradients of x and w for
// weights 1, 2, 3, ...
using Program = std::function<Tensor(const Tensor& x, const Tensor& w)>;

std::map<std::string, Program> programs() {
  std::map<std::string, Program> all;
  all["mul_ of a tensor"] = [](const Tensor& x, const Tensor& w) { return (x * 2).mul_(w); };
  all["add_ of a tensor, scaled"] = [](const Tensor& x, const Tensor& w) { return (x * 2).add_(w, 3); };
  all["pow_"] = [](const Tensor& x, const Tensor& w) { return (x * w).pow_(3); };
  all["sigmoid_"] = [](const Tensor& x, const Tensor& w) { return (x * w).sigmoid_(); };
  all["div_ by what it came from"] = [](const Tensor& x, const Tensor& w) { return (x * w).div_(x + 5); };
  all["copy_"] = [](const Tensor& x, const Tensor& w) { return (x * 2).copy_(w * 3) * x; };
  all["fill_"] = [](const Tensor& x, const Tensor& w) { return (x * w).fill_(2) * x; };
  all["zero_ of a row"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * w;
    y[1].zero_();
    return y * y;
  };
  all["mul_ of a row"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    y[1].mul_(w);
    return y * x;
  };
  all["rows in turn"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    y[0].mul_(w);
    y[2].add_(y[0]);
    y[0].pow_(2);
    return y * x;
  };
  all["copy_ into a slice of columns"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    y.slice(1, 1, 4, 2).copy_(w.slice(0, 0, 2));
    return y * x;
  };
  all["the transpose"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    y.t().mul_(w.unsqueeze(1));
    return y * x;
  };
  all["the diagonal"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    y.diagonal().mul_(w.slice(0, 0, 3));
    return y * y;
  };
  all["a view of a view of a view"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    y.t().slice(0, 1, 3)[1].mul_(3);
    y.view({2, 6}).t().slice(0, 2, 6).mul_(w.unsqueeze(1));
    return y * x;
  };
  all["a view that was made before"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    const Tensor row = y[1], column = y.select(1, 2);
    y.mul_(w);
    return row.unsqueeze(0) * column.unsqueeze(1);
  };
  all["two views of one place"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x * 2;
    const Tensor row = y[1], column = y.select(1, 2);
    row.mul_(w);
    column.mul_(5);
    return y + row * w;
  };
  all["a constant that gets a history"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = ones({3, 4}, kDouble);
    const Tensor row = y[1];
    row.mul_(w);
    y.add_(x);
    return y * row;
  };
  all["a constant filled row by row"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = zeros({3, 4}, kDouble);
    for (int64_t i = 0; i < 3; ++i) y[i].copy_(x[i] * w);
    return y;
  };
  all["a base that is not row-major"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x.t() * 2;  // [4, 3], laid out as its transpose
    y[1].mul_(w.slice(0, 0, 3));
    y.select(1, 2).mul_(w);
    return (y * x.t()).t();
  };
  all["a base that is not row-major, flattened by its transpose"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x.t() * 2;
    y.t().reshape(-1).slice(0, 2, 6).mul_(w);
    return (y * x.t()).t();
  };
  all["the diagonal of a base that is not row-major"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x.t() * 2;
    y.diagonal(-1).mul_(w.slice(0, 1, 4));
    return (y * x.t()).t();
  };
  all["squeezed and unsqueezed"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = (x * w).unsqueeze(0).clone();
    y.squeeze(0)[2].exp_();
    return y[0] * x;
  };
  all["under no_grad"] = [](const Tensor& x, const Tensor& w) {
    const Tensor y = x + w;
    {
      NoGradGuard no_grad;
      y.mul_(3);
    }
    return y + x;
  };
  all["masked_fill_ and index_put_"] = [](const Tensor& x, const Tensor& w) {
    Tensor y = x * w;
    y.masked_fill_(x > 0.55, 3);
    y.index_put_({arange(2, kLong)}, w * 2);
    return y * x;
  };
  return all;
}

Tensor input(IntArrayRef sizes, double start, double step) {
  const int64_t n = numel_of(sizes);
  Tensor t = zeros({n}, kDouble);
  for (int64_t i = 0; i < n; ++i) t.data_ptr<double>()[i] = start + step * static_cast<double>(i);
  return t.reshape(sizes).clone().requires_grad_();
}

void check(const Tensor& got, const json& want) {
  const Tensor flat = got.detach().contiguous();
  REQUIRE_EQ(flat.numel(), static_cast<int64_t>(want.size()));
  for (std::size_t i = 0; i < want.size(); ++i)
    CHECK_EQ(flat.data_ptr<double>()[i], doctest::Approx(want[i].get<double>()).epsilon(1e-12));
}

template <class F>
void check_refused(F&& f, const std::string& part) {
  std::string text = "no error";
  try {
    f();
  } catch (const Error& e) {
    text = e.what();
  }
  CHECK_MESSAGE(text.find(part) != std::string::npos, "expected \"", part, "\" in \"", text, "\"");
}

}  // namespace

TEST_CASE("values and gradients after changes in place are as recorded from PyTorch") {
  std::ifstream file(XGRAD_TESTS_DIR "/core/autograd/data/inplace.json");
  REQUIRE(file);
  const json recorded = json::parse(file);
  const auto all = programs();
  CHECK_EQ(recorded.size(), all.size());
  for (const auto& entry : all) {
    const std::string& name = entry.first;
    const Program& program = entry.second;
    INFO(name);
    REQUIRE(recorded.contains(name));
    for (bool recording : {false, true}) {
      const Tensor x = input({3, 4}, -0.7, 0.15), w = input({4}, 0.4, 0.3);
      const Tensor out = program(x, w);
      check(out, recorded[name]["value"]);
      const Tensor weights = arange(1, out.numel() + 1, kDouble).reshape(out.sizes());
      const auto g = autograd::grad({out}, {x, w}, {weights}, nullopt, recording, true);
      check(g[0].defined() ? g[0] : zeros_like(x), recorded[name]["x"]);
      check(g[1].defined() ? g[1] : zeros_like(w), recorded[name]["w"]);
    }
  }
}

TEST_CASE("second derivatives pass through changes in place") {
  for (const auto& entry : programs()) {
    if (entry.first == "under no_grad") continue;  // its gradient is meant to differ from the differences
    INFO(entry.first);
    const Program f = entry.second;
    const autograd::GradcheckFunction call = [f](const autograd::variable_list& in) {
      return autograd::variable_list{f(in[0], in[1])};
    };
    const autograd::variable_list inputs{input({3, 4}, -0.7, 0.15), input({4}, 0.4, 0.3)};
    CHECK_NOTHROW(autograd::gradcheck(call, inputs));
    CHECK_NOTHROW(autograd::gradgradcheck(call, inputs));
  }
}

TEST_CASE("a leaf that requires grad, and a view of one, are refused and keep their values") {
  const Tensor x = input({3, 4}, 0, 1), before = x.detach().clone();
  check_refused([&] { x.mul_(2); },
                "mul_: a leaf Variable that requires grad is being used in an in-place operation");
  check_refused([&] { x.zero_(); }, "a leaf Variable that requires grad");
  check_refused([&] { x[0].add_(1); }, "add_: a view of a leaf Variable that requires grad");
  check_refused([&] { x.t().slice(0, 1, 2).copy_(before.t().slice(0, 0, 1)); }, "a view of a leaf Variable");
  CHECK(equal(x.detach(), before));
  CHECK_EQ(x._version(), 0);
  NoGradGuard no_grad;
  x.mul_(2);
  x[0].zero_();
  CHECK(x.requires_grad());
  CHECK(x.is_leaf());
  CHECK(equal(x.detach()[1], before[1] * 2));
}

TEST_CASE("an expanded tensor is refused") {
  const Tensor x = ones({1, 4}, kDouble).expand({3, 4});
  check_refused([&] { x.add_(1); }, "several elements of self share one place in memory");
  check_refused([&] { x.zero_(); }, "clone() it first");
}

TEST_CASE("an argument that shares some elements with what is overwritten is refused") {
  const Tensor x = arange(9, kDouble).reshape({3, 3}), before = x.clone(), v = arange(6, kDouble);
  check_refused([&] { x.add_(x.t()); }, "add_: self and an argument share some elements");
  check_refused([&] { v.slice(0, 1).mul_(v.slice(0, 0, 5)); }, "clone() the argument first");
  CHECK(equal(x, before));
  CHECK_EQ(x._version(), 0);
  x.add_(x.t().clone());
  CHECK(equal(x, before + before.t()));
  x.add_(x);
  x.view({9}).mul_(x.view({9}));
  x[0].add_(x[1]);
  x.select(1, 0).add_(x.select(1, 1));
}

TEST_CASE("results that do not fit are refused before anything is written") {
  const Tensor x = input({2, 3}, 0, 1) * 1, before = x.detach().clone(), i = arange(3, kLong);
  check_refused(
      [&] {
        x.add_(ones({2, 2, 3}, kDouble));
      },
      "add_: the result has shape [2, 2, 3] and does not fit into self of shape [2, 3]");
  check_refused([&] { x.mul_(ones({4}, kDouble)); }, "mul: shapes do not broadcast");
  check_refused([&] { i.mul_(0.5); }, "cannot be written into self of dtype int64");
  check_refused([&] { i.sqrt_(); }, "cannot be written into self of dtype int64");
  CHECK(equal(x.detach(), before));
  CHECK_EQ(x._version(), 0);
  CHECK_EQ(i._version(), 0);
}

TEST_CASE("a view made under no_grad is not to be changed with gradients on") {
  const Tensor y = input({3, 4}, 0, 1) * 2;
  Tensor view;
  {
    NoGradGuard no_grad;
    view = y[0];
    view.mul_(2);
  }
  check_refused([&] { view.mul_(2); }, "a view was created in no_grad mode");

  const Tensor constant = zeros({3, 4}, kDouble);
  {
    NoGradGuard no_grad;
    view = constant[0];
  }
  view.add_(1);
  check_refused([&] { view.mul_(y[0]); }, "a view was created in no_grad mode");
  check_refused([&] { view.copy_(y[0]); }, "self is [4], a view of [3, 4]");
  CHECK(equal(constant[0], ones({4}, kDouble)));
  CHECK_FALSE(constant.requires_grad());
}

TEST_CASE("what cannot be saved is refused before anything is written") {
  const Tensor y = input({4}, 0.5, 0.25) * 1, before = y.detach().clone();
  Tensor made_inside;
  {
    const InferenceMode guard;
    made_inside = full({4}, 3, kDouble);
  }
  check_refused([&] { y.mul_(made_inside); }, "Inference tensors cannot be saved for backward");
  CHECK(equal(y.detach(), before));
  CHECK_EQ(y._version(), 0);
  y.add_(made_inside);  // saves nothing
  CHECK(equal(y.detach(), before + 3));
}

TEST_CASE(
    "what needs the old value of a tensor that is overwritten notices, what needs the new one does not") {
  const Tensor x = input({4}, 0.5, 0.25);
  const Tensor y = x * 1;
  const Tensor e = y.exp();
  y.mul_(2);  // exp saved its result, mul_ nothing of y
  const Tensor out = (e + y).sum();
  out.backward();
  check(x.grad(),
        json::array({std::exp(0.5) + 2, std::exp(0.75) + 2, std::exp(1.0) + 2, std::exp(1.25) + 2}));
}

TEST_CASE("a tensor may be multiplied in place by itself") {
  const Tensor x = input({3}, 1, 1);
  const Tensor y = x * 2;
  y.mul_(y).sum().backward();
  check(x.grad(), json::array({8, 16, 24}));
}

TEST_CASE("an output of an op that saved it cannot be changed before backward") {
  const Tensor x = input({4}, 0.5, 0.25);
  Tensor y = x.tanh();
  y.add_(1);
  check_refused([&] { y.sum().backward(); }, "TanhBackward");
  Tensor z = x.relu();
  z.add_(0);  // the version counts, not the values
  check_refused([&] { z.sum().backward(); }, "ReluBackward");
}

TEST_CASE("the history of a base and of its views follow each other") {
  const Tensor x = input({3, 4}, 0, 1);
  const Tensor y = x * 2;
  const Tensor row = y[1];
  CHECK_EQ(row.grad_fn()->name(), "SelectBackward0");
  row.mul_(3);
  CHECK_EQ(y.grad_fn()->name(), "CopySlices");
  CHECK_EQ(row.grad_fn()->name(), "AsStridedBackward");
  const Tensor other = y[0];
  y.add_(1);
  CHECK_EQ(y.grad_fn()->name(), "AddBackward0");
  CHECK_EQ(other.grad_fn()->name(), "AsStridedBackward");
  CHECK(row._base().is_same(y));
  Tensor c = zeros({2}, kDouble);
  const Tensor part = c.slice(0, 0, 1);
  CHECK(part.is_leaf());
  c.add_(x[0].slice(0, 0, 2));
  CHECK_FALSE(part.is_leaf());
  CHECK(part.requires_grad());
}

TEST_CASE("integers that are written into get no history") {
  const Tensor x = input({3}, 1, 1), mask = tensor({true, false, true});
  Tensor i = zeros({3}, kLong), rows = zeros({2, 3}, kInt), b = zeros({3}, kBool);
  i.copy_(x);
  rows[1].copy_(x);
  b.copy_(x);
  i.masked_fill_(mask, x.sum());
  i.fill_(x[2]);
  i.index_put_({0}, 7);
  for (const Tensor& t : {i, rows, b}) {
    CHECK_FALSE(t.requires_grad());
    CHECK_FALSE(t.grad_fn());
  }
  check(rows.to(kDouble), {0, 0, 0, 1, 2, 3});
  check(i.to(kDouble), {7, 3, 3});
  CHECK_NOTHROW(rows[0].add_(1));
}

TEST_CASE("what a view retains moves on with its history, as in PyTorch") {
  const Tensor by = tensor({10, 100}, kDouble);
  const auto retained = [&](bool of_base, auto&& change) {
    const Tensor x = input({3}, 1, 1), y = x * 2, v = y.slice(0, 1);
    v.retain_grad();
    change(y, v);
    ((of_base ? y.slice(0, 1) : v) * by).sum().backward();
    return std::pair(v.grad(), x.grad());
  };
  const auto scale_view = [](const Tensor&, const Tensor& v) { v.mul_(3); };
  const auto [after, x_after] = retained(false, scale_view);
  check(after, {10, 100});
  check(x_after, {0, 60, 600});
  CHECK_FALSE(retained(true, scale_view).first.defined());
  check(retained(false, [](const Tensor& y, const Tensor&) { y.mul_(3); }).first, {10, 100});
}

TEST_CASE("what shares the memory that is overwritten counts as it was before, where PyTorch refuses it") {
  using Change = std::function<void(const Tensor& y)>;
  const std::pair<bool, Change> changes[] = {
      {true,
       [](const Tensor& y) {
         y.mul_(y.view({2, 2}));
       }},
      {true, [](const Tensor& y) { y[0].mul_(y[1]); }},
      {true, [](const Tensor& y) { y.select(1, 0).mul_(y.select(1, 1)); }},
      {true, [](const Tensor& y) { y[0].mul_(y.diagonal()); }},
      {false, [](const Tensor& y) { y.mul_(y.detach()); }}};  // differences see through detach()
  for (const auto& [has_differences, change] : changes) {
    const autograd::GradcheckFunction f = [&, &each = change](const autograd::variable_list& in) {
      const Tensor y = (in[0] * 2).view({2, 2}) + 1;
      each(y);
      return autograd::variable_list{y * y};
    };
    const Tensor x = input({4}, 1, 1);
    if (has_differences) CHECK_NOTHROW(autograd::gradcheck(f, {x}));
    f({x})[0].sum().backward();
    const Tensor tangent = std::get<1>(autograd::functional::jvp(f, {x.detach()}, {ones({4}, kDouble)}))[0];
    CHECK(allclose(tangent.sum(), x.grad().sum()));
  }
}

TEST_CASE("tensors that lie over the same borrowed memory are known to") {
  double data[] = {1, 2, 3, 4};
  const Tensor a = from_blob(data, {3}, kDouble), b = from_blob(data + 1, {3}, kDouble);
  check_refused([&] { a.add_(b); }, "self and an argument share some elements");
  b.copy_(a);
  check(from_blob(data, {4}, kDouble), {1, 1, 2, 3});
  a.index_put_({indexing::Slice()}, b);
  check(from_blob(data, {4}, kDouble), {1, 2, 3, 3});
  a.scatter_(0, tensor({2, 1, 0}), b);
  check(from_blob(data, {4}, kDouble), {3, 3, 2, 3});
}

TEST_CASE("the data of a tensor has a counter of its own, which its views share") {
  const Tensor x = input({3}, 1, 1), w = input({3}, 2, 1), d = x.data(), out = (d * w).sum();
  x.data().mul_(1);
  CHECK_EQ(d._version(), 0);
  CHECK_NOTHROW(out.backward({}, true));
  d[0].mul_(5);
  CHECK_EQ(d._version(), 1);
  CHECK_EQ(x._version(), 0);
  check_refused([&] { out.backward(); }, "modified by an inplace operation");
}

TEST_CASE("set_data is a change of the tensor, and none of the one it takes the data of") {
  const Tensor x = input({3}, 1, 1), fresh = input({3}, 5, 1).detach(), w = input({3}, 1, 0);
  const Tensor out = (x * x).sum(), of_fresh = (fresh * w).sum();
  x.set_data(fresh);
  check_refused([&] { out.backward(); }, "modified by an inplace operation");
  CHECK_NOTHROW(of_fresh.backward());
  CHECK_EQ(fresh._version(), 0);
  CHECK_EQ(x.data_ptr(), fresh.data_ptr());
  for (int i = 0; i < 1000000; ++i) x.set_data(x);  // no chain of names for one memory
  (x * x).sum().backward();
  check(x.grad(), {10, 12, 14});
}

TEST_CASE("a base that moved to other data is no longer changed through its old views") {
  const Tensor x = input({3}, 1, 1), y = x * 2, v = y.slice(0, 1);
  y.set_data(input({3}, 7, 0).detach());
  v.mul_(3);
  (y + v.sum()).sum().backward();
  check(y, {7, 7, 7});
  check(x.grad(), {2, 2 + 18, 2 + 18});
}
