// Ops that write into a tensor that is there, and the rules that PyTorch 2.15 has for it.
#include <functional>
#include <utility>
#include <vector>

#include <doctest/doctest.h>

#include "messages.h"

#include <xgrad/core/memory/allocator.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

// Warnings in its scope are counted instead of shown.
struct Quiet {
  int heard = 0;
  WarningHandler before = set_warning_handler([this](const std::string&) { ++heard; });
  ~Quiet() { set_warning_handler(before); }
};

}  // namespace

TEST_CASE("the result is written into the memory that is there, whatever its layout") {
  const Tensor a = arange(6, kFloat).reshape({2, 3});
  for (const Tensor& memory : {empty({2, 3}), empty({3, 2}).t(), empty({2, 6}).slice(1, 0, 6, 2)}) {
    Tensor out = memory;
    const auto version = out._version();
    CHECK(add_out(out, a, a, 2).is_same(out));
    CHECK(memory.equal(a + a * 2));
    CHECK_EQ(memory.strides().vec(), out.strides().vec());
    CHECK_GT(out._version(), version);
  }
}

TEST_CASE("a formula, cat and stack write into out at once, and take no other memory") {
  const Tensor a = arange(100000, kFloat), b = a + 1, wanted = a * b;
  Tensor out = empty({100000}), strided = empty({100000, 2}).select(1, 0);
  for (Tensor* to : {&out, &strided}) {
    memory::empty_cache();
    mul_out(*to, a, b);
    CHECK_EQ(memory::stats().bytes_cached, 0);  // where a large result would have been put back
    CHECK(to->equal(wanted));
    to->zero_();
    const auto version = to->_version();
    const Tensor halves[] = {a.slice(0, 0, 50000), b.slice(0, 50000)};
    memory::empty_cache();
    cat_out(*to, {halves[0], halves[1]});
    CHECK_EQ(memory::stats().bytes_cached, 0);
    CHECK(to->equal(cat({halves[0], halves[1]})));
    CHECK_GT(to->_version(), version);
  }
  Tensor rows = empty({2, 100000}), columns = empty({2, 100000}).t();
  memory::empty_cache();
  stack_out(rows, {a, b});
  CHECK(stack_out(columns, {a, b}, 1).equal(rows.t()));
  CHECK_EQ(memory::stats().bytes_cached, 0);
  CHECK(rows.equal(stack({a, b})));
}

TEST_CASE("where out shares memory with an argument, or is of another dtype, the result is the same") {
  const Tensor a = arange(6, kFloat), wanted = (a + a * 2).clone();
  Tensor same = a.clone();
  CHECK(add_out(same, same, same, 2).equal(wanted));
  Tensor doubles = empty({6}, kDouble);
  CHECK(add_out(doubles, a, a, 2).equal(wanted.to(kDouble)));
  // Two handles to one memory, of which the library knows nothing.
  std::vector<float> numbers{0, 1, 2, 3, 4, 5, 6};
  Tensor first = from_blob(numbers.data(), {6}), again = from_blob(numbers.data(), {6});
  CHECK(add_out(again, first, first, 2).equal(wanted));
  // Of several steps the first does not spoil what the next ones read.
  Tensor x = linspace(1.5, 4, 6), logarithms = mvlgamma(x, 2);
  CHECK(mvlgamma_out(x, x, 2).equal(logarithms));
  CHECK_THROWS_AS(add_out(same, a, empty({5})), Error);
  CHECK_THROWS_AS(where_out(same, a, a, a), TypeError);
  CHECK(same.equal(wanted));
  Tensor integers = arange(6);
  CHECK_THROWS_AS(exp_out(integers, a), TypeError);
  CHECK(integers.equal(arange(6)));
}

TEST_CASE("ops of every kind have a form with out") {
  const Tensor a = arange(6, kDouble).reshape({2, 3});
  Tensor out = empty({0}, kDouble), other = empty({0}, kLong), third = empty({0}, kDouble);
  const Quiet quiet;
  CHECK(exp_out(out, a).equal(a.exp()));
  CHECK(mul_out(out, a, 3).equal(a * 3));
  CHECK(div_out(out, a, 2, "floor").equal(floor_divide(a, 2)));
  CHECK(divide_out(out, a, a + 1).equal(a / (a + 1)));
  CHECK(clamp_out(out, a, nullopt, 2).equal(a.clamp_max(2)));
  CHECK(sum_out(out, a, {0}, true).equal(a.sum({0}, true)));
  CHECK(sum_out(out, a, 1).equal(a.sum(1)));
  CHECK(mean_out(out, a, std::vector<int64_t>{0}).equal(a.mean(0)));
  CHECK(std_out(out, a, {1}, 0).equal(a.std({1}, 0)));
  CHECK(mm_out(out, a, a.t()).equal(a.mm(a.t())));
  CHECK(cat_out(out, {a, a}, 1).equal(cat({a, a}, 1)));
  CHECK(stack_out(out, std::vector<Tensor>{a, a}).equal(stack({a, a})));
  CHECK(index_select_out(out, a, 1, tensor({2, 0})).equal(a.index_select(1, tensor({2, 0}))));
  CHECK(max_out(out, a).equal(a.max()));
  CHECK(max_out(out, a, -a).equal(maximum(a, -a)));
  CHECK(nonzero_out(other, a).equal(nonzero(a)));
  const auto [values, indices] = max_out(out, other, a, 0);
  CHECK(values.equal(std::get<0>(a.max(0))));
  CHECK(indices.equal(std::get<1>(a.max(0))));
  CHECK(std::get<1>(sort_out(out, other, a, 1, true)).equal(std::get<1>(a.sort(1, true))));
  CHECK(special::erfcx_out(out, a).equal(special::erfcx(a)));
  CHECK(special_zeta_out(out, a + 2, 1).equal(special_zeta(a + 2, 1)));
  CHECK(linalg::vector_norm_out(out, a, 1, {1}, true).equal(linalg::vector_norm(a, 1, {1}, true)));
  CHECK(linalg::matrix_norm_out(out, a, "nuc", {0, 1}).equal(linalg::matrix_norm(a, "nuc")));
  CHECK(linalg::multi_dot_out(out, {a, a.t()}).equal(a.mm(a.t())));
  CHECK(vander_out(out, a[0], 2).equal(vander(a[0], 2)));
  CHECK(std::get<1>(linalg::slogdet_out(out, third, a.mm(a.t()))).equal(std::get<1>(slogdet(a.mm(a.t())))));
  Tensor v = empty({0}, kDouble);
  svd_out(out, third, v, a);
  CHECK(allclose(out.mm(third.diag()).mm(v.t()), a, 1e-5, 1e-8));
}

TEST_CASE("a new tensor has the dtype of out") {
  Tensor out = empty({0}, kDouble);
  const Quiet quiet;
  CHECK(arange_out(out, 3).equal(arange(3, kDouble)));
  CHECK(linspace_out(out, 0, 1, 4).equal(linspace(0, 1, 4, kDouble)));
  CHECK(full_out(out, {2, 2}, 7).equal(full({2, 2}, 7, kDouble)));
  CHECK_EQ(randint_out(out, 5, {2, 3}).sizes().vec(), std::vector<int64_t>{2, 3});
  CHECK(randint_out(out, 4, 5, {2}).equal(full({2}, 4, kDouble)));
  manual_seed(1);
  const Tensor want = randn({3}, kDouble);
  manual_seed(1);
  CHECK(randn_out(out, {3}).equal(want));
}

TEST_CASE("an out of another shape is resized, with a warning unless it was empty") {
  Tensor none = empty({0}), two = zeros({2});
  Quiet quiet;
  add_out(none, ones({3}), 1);
  CHECK_EQ(quiet.heard, 0);
  add_out(two, ones({3}), 1);
  CHECK_EQ(quiet.heard, 1);
  CHECK(two.equal(full({3}, 2.0)));
}

TEST_CASE("the result is cast to out where its kind allows it") {
  Tensor wide = empty({2}, kDouble), whole = zeros({2}, kLong);
  CHECK(add_out(wide, ones({2}), 1).equal(full({2}, 2, kDouble)));
  const auto text = message_of<TypeError>([&] { add_out(whole, ones({2}), 1); });
  CHECK(contains(text, "add_out: result type float32 can't be cast to the desired output type int64"));
  CHECK(whole.equal(zeros({2}, kLong)));
  Tensor values = zeros({2}), indices = zeros({2}, kBool);
  CHECK_THROWS_AS(sort_out(values, indices, tensor({2.f, 1.f})), TypeError);
  CHECK(values.equal(zeros({2})));
}

TEST_CASE("gradients are refused where they are recorded") {
  const Tensor a = ones({2}), leaf = ones({2}).requires_grad_();
  Tensor out = zeros({2}), wanted = ones({2}).requires_grad_();
  const std::string text = "functions with out=... arguments don't support automatic differentiation";
  CHECK(contains(message_of([&] { mul_out(out, leaf, a); }), "mul_out: " + text));
  CHECK(contains(message_of([&] { cat_out(out, {a, leaf}); }), text));
  CHECK(contains(message_of([&] { mul_out(wanted, a, a); }), "requires grad"));
  CHECK(out.equal(zeros({2})));
  const NoGradGuard no_grad;
  CHECK(mul_out(out, leaf, 3).equal(full({2}, 3.0)));
}

TEST_CASE("memory that would be read after it was written is refused as in PyTorch") {
  const Tensor x = arange(6, kFloat), m = arange(4, kFloat).reshape({2, 2});
  Tensor shifted = x.slice(0, 1, 4), repeated = ones({1}).expand({3}), first = x.slice(0, 0, 3), whole = m,
         row = m.slice(0, 0, 1);
  CHECK(contains(message_of([&] { add_out(shifted, x.slice(0, 0, 3), 1); }), "some elements of the input"));
  CHECK(contains(message_of([&] { add_out(repeated, ones({3}), 1); }), "more than one element"));
  CHECK(x.equal(arange(6, kFloat)));
  CHECK(add_out(first, first, 1).equal(tensor({1.f, 2.f, 3.f})));
  CHECK(mm_out(whole, m, m).equal(tensor({{2.f, 3.f}, {6.f, 11.f}})));
  CHECK(sum_out(row, m, {0}, true).equal(tensor({{8.f, 14.f}})));
}

TEST_CASE("an out that cannot be written or grow says why, and nothing is written") {
  Tensor undefined, base = zeros({2}), view = base.slice(0, 0, 1), values = zeros({0}),
                    none = empty({0}, kLong);
  CHECK(contains(message_of([&] { add_out(undefined, ones({2}), 1); }), "out is an undefined tensor"));
  CHECK(contains(message_of([&] { add_out(view, ones({5}), 1); }),
                 "cannot grow memory that other tensors share"));
  Tensor shared = none.slice(0, 0, 0);
  CHECK_THROWS_AS(sort_out(values, shared, ones({5})), Error);
  CHECK_EQ(values.numel(), 0);
  CHECK_THROWS_AS(mm_out(base, ones({2, 3}), ones({2, 3})), Error);
  CHECK(base.equal(zeros({2})));
}

TEST_CASE("an op in place gives what it gives out of place, whatever self and the arguments share") {
  const Tensor base = arange(16.0, kDouble).view({4, 4}) - 5, other = base.t().contiguous() * 0.5 + 1,
               row = arange(4.0, kDouble);
  const Tensor index = arange(16).view({4, 4}).remainder(3), batch = other.view({1, 4, 4});
  // The op of x, and of y in place.
  using Both = std::pair<Tensor, Tensor>;
  const std::vector<std::function<Both(const Tensor& x, const Tensor& y)>> calls{
      [&](auto& x, auto& y) {
        return Both{x.tril(-1), y.tril_(-1)};
      },
      [&](auto& x, auto& y) {
        return Both{x.triu(1), y.triu_(1)};
      },
      [&](auto& x, auto& y) {
        return Both{x.addr(row, row, 2, 3), y.addr_(row, row, 2, 3)};
      },
      [&](auto& x, auto& y) {
        return Both{x.addmm(other, other, 2, 3), y.addmm_(other, other, 2, 3)};
      },
      [&](auto& x, auto& y) {
        return Both{x.addmm(x, other), y.addmm_(y, other)};
      },
      [&](auto& x, auto& y) {
        return Both{x.addmm(other, x.t(), 0), y.addmm_(other, y.t(), 0)};
      },
      [&](auto& x, auto& y) {
        return Both{x.addbmm(batch, batch, 2), y.addbmm_(batch, batch, 2)};
      },
      [&](auto& x, auto& y) {
        return Both{x.unsqueeze(0).baddbmm(batch, batch, 3)[0], y.unsqueeze(0).baddbmm_(batch, batch, 3)[0]};
      },
      [&](auto& x, auto& y) {
        return Both{x.float_power(2), y.float_power_(2)};
      },
      [&](auto& x, auto& y) {
        return Both{x.cumprod(1), y.cumprod_(1)};
      },
      [&](auto& x, auto& y) {
        return Both{x.renorm(2, 0, 3), y.renorm_(2, 0, 3)};
      },
      [&](auto& x, auto& y) {
        return Both{x.scatter_reduce(1, index, other, "prod"), y.scatter_reduce_(1, index, other, "prod")};
      },
      [&](auto& x, auto& y) {
        return Both{x.scatter_reduce(0, index, x, "mean", false),
                    y.scatter_reduce_(0, index, y, "mean", false)};
      },
      [&](auto& x, auto& y) {
        return Both{x.index_reduce(0, index[0], other, "amax"), y.index_reduce_(0, index[0], other, "amax")};
      },
      [&](auto& x, auto& y) {
        return Both{x.scatter(1, index, 3, "multiply"), y.scatter_(1, index, 3, "multiply")};
      },
  };
  for (std::size_t i = 0; i < calls.size(); ++i) {
    CAPTURE(i);
    const auto [expected, result] = calls[i](base, base.clone());
    CHECK(allclose(result, expected));
    const Tensor transposed = base.t().clone(MemoryFormat::Contiguous).t();
    CHECK(allclose(calls[i](base, transposed).second, expected));
    const Tensor leaf = base.clone().requires_grad_(), again = base.clone().requires_grad_();
    const auto [recorded, in_place] = calls[i](leaf * 1, again * 1);
    recorded.sum().backward();
    in_place.sum().backward();
    CHECK(allclose(leaf.grad(), again.grad(), 1e-5, 1e-8, true));
  }
  const Tensor whole = ones({2, 2}, kInt), one = tensor({1, 2}).to(kInt), two = tensor({3, 4}).to(kInt);
  CHECK(equal(whole.clone().addr_(one, two), whole + outer(one, two)));
}

TEST_CASE("an op that fails in place, or with an out, leaves what it would write as it was") {
  const Tensor x = arange(4.0), before = x.clone(), wrong = tensor({0, 9, 1, 2}), values = ones({4});
  Tensor out = x;
  CHECK_THROWS_AS(x.scatter_(0, wrong, values, "add"), IndexError);
  CHECK_THROWS_AS(x.scatter_reduce_(0, wrong, values, "amax"), IndexError);
  CHECK_THROWS_AS(x.index_reduce_(0, wrong, values, "prod"), IndexError);
  CHECK_THROWS_AS(index_select_out(out, values, 0, wrong), IndexError);
  CHECK_THROWS_AS(gather_out(out, values, 0, wrong), IndexError);
  CHECK_THROWS_AS(x.float_power_(2), TypeError);
  Tensor matrix = zeros({4, 4});
  CHECK_THROWS_AS(addr_out(matrix, ones({3, 4}), values, values), Error);
  CHECK_THROWS_AS(take_out(out, values, wrong), IndexError);
  CHECK(equal(matrix, zeros({4, 4})));
  CHECK(equal(x, before));
}

TEST_CASE("a scatter whose index is what it writes") {
  const Tensor x = tensor({3, 2, 1, 0});
  CHECK(equal(x.clone().scatter_(0, x, x), x.scatter(0, x, x)));
  const Tensor y = x.clone(), big = full({4}, 1 << 20);
  y.scatter_(0, y, big);  // the indices of before decide
  CHECK(equal(y, big));
}
