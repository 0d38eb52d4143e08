// How new tensors lie in memory, against the strides that PyTorch gives; and what may require a
// gradient.
#include <functional>

#include <doctest/doctest.h>

#include "messages.h"

#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

using Sizes = std::vector<int64_t>;

// A view of this shape and these strides, and the strides of its copy in PyTorch.
struct View {
  const char* what;
  Sizes sizes, strides, dense;
};

const std::vector<View>& layouts() {
  static const std::vector<View> all = {
      {"transposed", {3, 2}, {1, 3}, {1, 3}},
      {"permuted", {4, 2, 3}, {1, 12, 4}, {1, 12, 4}},
      {"channels last", {2, 3, 4, 5}, {60, 1, 15, 3}, {60, 1, 15, 3}},
      {"a size of 1 inside", {2, 1, 3}, {1, 2, 2}, {1, 2, 2}},
      {"every second column", {4, 3}, {6, 2}, {3, 1}},
      {"every second row, transposed", {3, 4}, {2, 6}, {1, 3}},
      {"expanded", {3, 4}, {1, 0}, {4, 1}},
      {"expanded and permuted", {3, 2, 5}, {1, 3, 0}, {5, 15, 1}},
      {"overlapping", {2, 3}, {1, 1}, {1, 2}},
      {"overlapping three", {2, 3, 2}, {1, 1, 4}, {1, 2, 6}},
      {"one element", {2, 2}, {0, 0}, {2, 1}},
  };
  return all;
}

Tensor view_of(const View& l) { return arange(200, kFloat).as_strided(l.sizes, l.strides); }

}  // namespace

TEST_CASE("copies and tensors like another keep the order of its memory") {
  for (const View& l : layouts()) {
    CAPTURE(l.what);
    const Tensor t = view_of(l);
    for (const Tensor& like :
         {t.clone(), clone(t, MemoryFormat::Preserve), t.to(kDouble), t.to(kFloat, false, true),
          empty_like(t), zeros_like(t), ones_like(t, kLong), full_like(t, 3), rand_like(t), randn_like(t),
          randint_like(t, 5), fill(t, 1), t + 1, -t})
      CHECK_EQ(like.strides().vec(), l.dense);
    CHECK(t.clone().equal(t));
    CHECK(t.to(kDouble).to(kFloat).equal(t));
    CHECK(full_like(t, 3).eq(3).all().item<bool>());
  }
}

TEST_CASE("row-major is what one gets by asking for it") {
  for (const View& l : layouts()) {
    CAPTURE(l.what);
    const Tensor t = view_of(l);
    const auto format = MemoryFormat::Contiguous;
    for (const Tensor& plain :
         {t.contiguous(), t.clone(format), clone(t, format), empty_like(t, {}, format),
          zeros_like(t, {}, format), ones_like(t, TensorOptions().memory_format(format)),
          full_like(t, 2, {}, format), rand_like(t, {}, format), randn_like(t, {}, format),
          randint_like(t, 5, TensorOptions(), format)})
      CHECK_EQ(plain.strides().vec(), IntArrayRef(contiguous_strides(l.sizes)).vec());
    CHECK(t.contiguous().equal(t));
    CHECK_EQ(t.contiguous().data_ptr<float>()[1], t.reshape(-1)[1].item<float>());
  }
}

TEST_CASE("the first argument that knows decides in which order a result lies") {
  const Tensor row = ones({3, 4}), column = ones({4, 3}).t(), spread = ones({3, 1}).expand({3, 4}),
               gaps = ones({3, 8}).slice(1, 0, 8, 2), last = ones({2, 3, 5, 4}).permute({0, 3, 1, 2});
  const Sizes rows{4, 1}, columns{1, 3};
  const auto strides_of = [](const Tensor& t) { return t.strides().vec(); };
  CHECK_EQ(strides_of(row + column), rows);
  CHECK_EQ(strides_of(column + row), columns);
  CHECK_EQ(strides_of(column * gaps), columns);
  CHECK_EQ(strides_of(gaps * column), rows);
  CHECK_EQ(strides_of(column - ones({4})), columns);
  CHECK_EQ(strides_of(ones({4}) - column), columns);
  CHECK_EQ(strides_of(ones({3, 1}) / column), columns);
  CHECK_EQ(strides_of(ones({1, 4}) / column), columns);
  CHECK_EQ(strides_of(spread + column), columns);
  CHECK_EQ(strides_of(spread + row), rows);
  CHECK_EQ(strides_of(spread + spread), rows);
  CHECK_EQ(strides_of(ones({3, 1}) + ones({1, 4})), rows);
  CHECK_EQ(strides_of(column + tensor(1.f)), columns);
  CHECK_EQ(strides_of(column + ones({3, 4}, kDouble)), columns);
  CHECK_EQ(strides_of(row == column), rows);
  CHECK_EQ(strides_of(where(row > 0, column, column)), rows);
  CHECK_EQ(strides_of(mse_loss(column, row, Reduction::None)), columns);
  CHECK_EQ(strides_of(last + ones({4, 1, 1})), Sizes{60, 1, 20, 4});
  CHECK_EQ(strides_of(ones({4, 1, 1}) + last), Sizes{60, 1, 20, 4});
  CHECK_EQ(strides_of(ones({2, 4, 3, 5}) + last), Sizes{60, 15, 5, 1});
  CHECK_EQ(strides_of(ones({2, 1, 1}) + column), Sizes{12, 1, 3});
  CHECK_EQ(strides_of(ones({4, 0}).t() + ones({0, 4})), Sizes{4, 1});
}

TEST_CASE("gradients pass a copy in another order") {
  const Tensor x = arange(6, kDouble).reshape({2, 3}).requires_grad_();
  (x.t().clone() * arange(6, kDouble).reshape({3, 2})).sum().backward();
  CHECK(x.grad().equal(arange(6, kDouble).reshape({3, 2}).t()));
}

TEST_CASE("a constant handle is enough to write through an index") {
  const Tensor x = zeros({3});
  CHECK(x.index_put_({tensor({0})}, 2).is_same(x));
  x.index_put_({tensor({0, 1})}, ones({2}), true);
  const std::vector<indexing::TensorIndex> last{indexing::TensorIndex(2)};
  x.index_put_(last, 5);
  CHECK(x.equal(tensor({3.0, 1.0, 5.0})));
}

TEST_CASE("integers cannot require a gradient") {
  const Tensor whole = ones({2}, kLong);
  CHECK(
      contains(message_of<TypeError>([&] { whole.requires_grad_(); }),
               "requires_grad_: only Tensors of floating point dtype can require gradients: self is int64"));
  CHECK_FALSE(whole.requires_grad_(false).requires_grad());
  const TensorOptions wanted = requires_grad();
  const std::string text = "requires_grad: only Tensors of floating point dtype can require gradients: got ";
  CHECK(contains(message_of<TypeError>([&] { tensor({1, 2}, wanted); }), text + "int64"));
  CHECK(contains(message_of<TypeError>([&] { ones({2}, wanted.dtype(kBool)); }), text + "bool"));
  CHECK(contains(message_of<TypeError>([&] { zeros_like(whole, wanted); }), text + "int64"));
  CHECK(contains(message_of<TypeError>([&] { randint(5, {2}, wanted); }), text + "int64"));
  CHECK(rand_like(ones({2}), wanted).requires_grad());
}

TEST_CASE("an undefined tensor answers what LibTorch's does, and says what it is for all else") {
  const Tensor t;
  CHECK_FALSE(t.defined());
  CHECK_FALSE(t.requires_grad());
  CHECK_EQ(t.dim(), 1);
  CHECK_EQ(t.ndimension(), 1);
  CHECK_EQ(t.sizes().vec(), std::vector<int64_t>{0});
  CHECK_EQ(t.size(0), 0);
  CHECK_EQ(t.numel(), 0);
  CHECK_EQ(t.storage_offset(), 0);
  CHECK_EQ(t.dtype(), ScalarType::Undefined);
  CHECK_EQ(t.layout(), kStrided);
  CHECK(t.is_contiguous());
  for (const bool is :
       {t.is_floating_point(), t.is_complex(), t.is_cpu(), t.is_cuda(), t.is_sparse(), t.is_inference()})
    CHECK_FALSE(is);
  CHECK(t.is_same(Tensor()));
  CHECK_EQ(t.use_count(), 0);
  CHECK_EQ(t._version(), 0);
  CHECK_FALSE(t.contiguous().defined());
  CHECK_NOTHROW(t.set_requires_grad(false));
  for (const auto& query : std::vector<std::function<void()>>{[&] { t.strides(); },
                                                              [&] { t.stride(0); },
                                                              [&] { t.device(); },
                                                              [&] { t.options(); },
                                                              [&] { t.element_size(); },
                                                              [&] { t.nbytes(); },
                                                              [&] { t.is_view(); },
                                                              [&] { t._base(); },
                                                              [&] { t.is_leaf(); },
                                                              [&] { t.grad(); },
                                                              [&] { t.grad_fn(); },
                                                              [&] { t.output_nr(); },
                                                              [&] { t.retains_grad(); },
                                                              [&] { t.data_ptr(); },
                                                              [&] { t.set_requires_grad(true); },
                                                              [&] { t.requires_grad_(); },
                                                              [&] { t.requires_grad_(false); },
                                                              [&] { t.detach(); },
                                                              [&] { t.detach_(); },
                                                              [&] { t.data(); },
                                                              [&] { t.set_data(Tensor()); },
                                                              [&] { t.retain_grad(); },
                                                              [&] { t.register_hook([](const Tensor&) {}); },
                                                              [&] { t.remove_hook(0); },
                                                              [&] { t.backward(); },
                                                              [&] { t.to(kFloat); },
                                                              [&] { t.clone(); },
                                                              [&] { t.copy_(t); },
                                                              [&] { t + 1; },
                                                              [&] { t.sum(); },
                                                              [&] { t.view({0}); },
                                                              [&] { t.reshape({0}); },
                                                              [&] { t.unsqueeze(0); },
                                                              [&] { t.zero_(); },
                                                              [&] { t.add_(1); },
                                                              [&] { t.uniform_(); },
                                                              [&] {
                                                                cat({t, ones({2})});
                                                              },
                                                              [&] { stack({t}); },
                                                              [&] { t.argmax(); },
                                                              [&] { t.softmax(0); },
                                                              [&] { t.mm(t); },
                                                              [&] {
                                                                ones({2, 2}).mm(t);
                                                              },
                                                              [&] { ones({2}).copy_(t); },
                                                              [&] { ones({2}).set_data(t); },
                                                              [&] { ones({2}).index_put_({0}, t); }})
    CHECK_THROWS_WITH_AS(query(), doctest::Contains("undefined"), Error);
}

TEST_CASE("numbers are real: conjugates are the tensor itself, adjoints are transposes") {
  const Tensor t = xgrad::arange(6).view({2, 3});
  CHECK(t.conj().is_same(t));
  CHECK(xgrad::resolve_conj(t).is_same(t));
  CHECK(t.adjoint().is_set_to(t.transpose(0, 1)));
  CHECK(t.mH().sizes() == xgrad::IntArrayRef({3, 2}));
  CHECK_FALSE(
      (t.is_conj() || t.is_neg() || t.is_quantized() || t.is_meta() || t.is_nested() || t.is_pinned()));
}

TEST_CASE("two tensors are set to the same memory when offset, shape and strides are alike") {
  const Tensor t = xgrad::arange(6);
  CHECK(t.slice(0, 0, 6).is_set_to(t));
  CHECK_FALSE(t.slice(0, 1, 6).is_set_to(t));
  CHECK_FALSE(t.view({2, 3}).is_set_to(t));
  CHECK_FALSE(t.clone().is_set_to(t));
  CHECK(t.clone().is_same_size(t));
  CHECK_FALSE(t.view({2, 3}).is_same_size(t));
}

TEST_CASE("set_ makes a tensor one of another's elements") {
  const Tensor source = arange(6.0).reshape({2, 3});
  Tensor x = zeros({4});
  CHECK(x.set_(source.t()).is_same(x));
  CHECK(x.equal(source.t()));
  CHECK_EQ(x.data_ptr(), source.data_ptr());
  x.fill_(1);
  CHECK(source.equal(ones({2, 3})));
  CHECK(x.set_(arange(6.0), 1, {2, 2}, {3, 1}).equal(tensor({1., 2., 4., 5.}).reshape({2, 2})));
  CHECK(x.set_(arange(6.0), 2, {4}).equal(tensor({2., 3., 4., 5.})));
  CHECK_EQ(x.set_().sizes(), IntArrayRef({0}));
  x = ones({2});
  CHECK(contains(message_of<TypeError>([&] { x.set_(zeros({2}, kDouble)); }), "set_: self is"));
  CHECK(contains(message_of([&] { x.set_(zeros({2}), 1, {2}); }), "as_strided"));
  CHECK(contains(message_of([&] { x.set_(zeros({2}).requires_grad_()); }), "set_: not for tensors"));
  CHECK(x.equal(ones({2})));
  const Tensor w = ones({2}).requires_grad_(), y = (w * x).sum();
  empty({0}).set_(x);
  y.backward();  // which another tensor of these elements does not disturb
  CHECK_THROWS_AS(x.set_(Tensor()), Error);
  CHECK_THROWS_AS(Tensor().set_(x), Error);
}

TEST_CASE("lines between numbers that tensors hold") {
  const Tensor zero = tensor(0.0), two = tensor(2);
  CHECK(linspace(zero, two, 3).equal(tensor({0., 1., 2.})));
  CHECK(linspace(zero, 2, 3, kDouble).equal(tensor({0., 1., 2.}, kDouble)));
  CHECK(linspace(0, two, 3).equal(tensor({0., 1., 2.})));
  CHECK(logspace(zero, two, 3, 2.0).equal(tensor({1., 2., 4.})));
  CHECK(logspace(0, two, 3).equal(tensor({1., 10., 100.})));
  CHECK(contains(message_of([&] { linspace(zero, ones({1}), 3); }), "linspace: start and end must be"));
}

TEST_CASE("what complex numbers need is there for real ones") {
  const Tensor x = arange(6.0).reshape({2, 3});
  CHECK(real(x).is_same(x));
  CHECK(x.isreal().equal(ones({2, 3}, kBool)));
  CHECK(x.matrix_H().equal(x.t()));
  CHECK(contains(message_of([] { ones({2}).matrix_H(); }), "matrix_H: needs a matrix"));
}
