// Module: registration, walks, modes, conversion, copies, values and holders.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;
using Names = std::vector<std::string>;

namespace {

struct BlockImpl : nn::Cloneable<BlockImpl> {
  BlockImpl() { BlockImpl::reset(); }
  void reset() override {
    scale = register_parameter("scale", xgrad::ones({2}));
    count = register_buffer("count", xgrad::zeros({1}, xgrad::kInt64));
    fc = register_module("fc", nn::Linear(2, 2));
  }
  Tensor forward(const Tensor& x) { return fc(x) * scale; }

  Tensor scale, count;
  nn::Linear fc{nullptr};
};
XGRAD_MODULE(Block);

struct Outer : nn::Module {
  Outer() : first(register_module("first", Block())), second(register_module("second", Block())) {
    bias = register_parameter("bias", xgrad::zeros({2}));
  }
  Block first, second;
  Tensor bias;
};

// All by value, as a plain struct.
struct Inner : nn::Module {
  Inner() { w = register_parameter("w", xgrad::ones({3})); }
  Tensor w;
};
struct ByValue : nn::Module {
  ByValue() { register_module("inner", inner); }
  Inner inner;
};

}  // namespace

TEST_CASE("parameters come with those of the submodules, in the order of registration") {
  Outer net;
  CHECK(net.named_parameters().keys() == Names{"bias", "first.scale", "first.fc.weight", "first.fc.bias",
                                               "second.scale", "second.fc.weight", "second.fc.bias"});
  CHECK(net.named_parameters(false).keys() == Names{"bias"});
  CHECK(net.parameters().size() == 7);
  CHECK(net.parameters()[0].is_same(net.bias));
  CHECK(net.named_buffers().keys() == Names{"first.count", "second.count"});
}

TEST_CASE("a module that is shared appears once") {
  auto net = std::make_shared<Outer>();
  net->register_module("again", net->first);
  CHECK(net->parameters().size() == 7);
  CHECK(net->named_modules().keys() == Names{"", "first", "first.fc", "second", "second.fc"});
}

TEST_CASE("modules and children are found from values and from pointers") {
  Outer net;
  CHECK(net.modules().size() == 5);
  CHECK(net.modules(false).size() == 4);
  CHECK(net.modules()[0].get() == &net);
  CHECK(net.children().size() == 2);
  CHECK(net.named_children().keys() == Names{"first", "second"});
  CHECK(net.children()[0]->as<Block>() == net.first.get());
  CHECK(net.children()[0]->as<nn::Linear>() == nullptr);
  auto shared = std::make_shared<Outer>();
  CHECK(shared->modules()[0] == shared);
}

TEST_CASE("apply reaches all modules") {
  Outer net;
  int linears = 0;
  net.apply([&](nn::Module& m) { linears += m.as<nn::Linear>() != nullptr; });
  CHECK(linears == 2);
  Names names;
  net.apply([&](const std::string& name, nn::Module&) { names.push_back(name); }, "net");
  CHECK(names == Names{"net", "net.first", "net.first.fc", "net.second", "net.second.fc"});
  const nn::Module& fixed = net;
  fixed.apply([&](const std::string&, const nn::Module& m) { linears += m.as<nn::Linear>() != nullptr; });
  CHECK(linears == 4);
}

TEST_CASE("a module inside itself is refused, and the modules are as they were") {
  const auto a = std::make_shared<nn::Module>("A"), b = std::make_shared<nn::Module>("B");
  a->register_module("b", b);
  CHECK(message_of([&] { b->register_module("a", a); }) ==
        "register_module: 'a' (A) contains this module (B)");
  CHECK(message_of([&] { a->register_module("self", a); }) == "register_module: 'self' is the module itself");
  b->register_module("c", std::make_shared<nn::Module>());
  CHECK_THROWS_AS(b->replace_module("c", a), xgrad::Error);
  CHECK_THROWS_AS(a->replace_module("b", a), xgrad::Error);
  CHECK_THROWS_AS(*b = *a, xgrad::Error);
  CHECK(a->named_modules().keys() == Names{"", "b", "b.c"});
  CHECK(b->children()[0]->children().empty());
}

TEST_CASE("names that cannot be registered are refused and leave the module as it was") {
  Outer net;
  CHECK(message_of([&] { net.register_parameter("bias", xgrad::ones({1})); }) ==
        "register_parameter: Parameter 'bias' already defined");
  CHECK(message_of([&] { net.register_buffer("first", xgrad::ones({1})); }) ==
        "register_buffer: Submodule 'first' already defined");
  CHECK(message_of([&] { net.register_module("a.b", nn::ReLU()); }) ==
        "register_module: the name must not contain a dot: got 'a.b'");
  CHECK_THROWS_AS(net.register_parameter("", xgrad::ones({1})), xgrad::Error);
  CHECK_THROWS_AS(net.register_parameter("n", xgrad::ones({1}, xgrad::kInt64)), xgrad::TypeError);
  CHECK_THROWS_AS(net.unregister_module("third"), xgrad::Error);
  net.unregister_module("second");
  CHECK(net.parameters().size() == 4);
}

TEST_CASE("train and eval reach all modules") {
  Outer net;
  CHECK(net.first->fc->is_training());
  net.eval();
  CHECK_FALSE(net.is_training());
  CHECK_FALSE(net.first->fc->is_training());
  net.train();
  CHECK(net.second->fc->is_training());
}

TEST_CASE("zero_grad drops the gradients, or fills them with zeros when asked") {
  Block net;
  net(xgrad::ones({1, 2})).sum().backward();
  const Tensor kept = net->scale.grad();
  net->zero_grad(false);
  CHECK(is_close(kept, {0, 0}));
  net->zero_grad();
  CHECK_FALSE(net->scale.grad().defined());
}

TEST_CASE("zero_grad changes no gradient when one cannot be written") {
  nn::Module net;
  const Tensor a = net.register_parameter("a", xgrad::ones({2})),
               b = net.register_parameter("b", xgrad::ones({2}));
  a.mutable_grad() = xgrad::ones({2});
  b.mutable_grad() = xgrad::ones({1}).expand({2});
  CHECK(message_of([&] { net.zero_grad(false); }).find("several elements of self share") !=
        std::string::npos);
  CHECK(is_close(a.grad(), {1, 1}));
}

TEST_CASE("requires_grad_ changes all parameters or none") {
  nn::Module net;
  const Tensor a = net.register_parameter("a", xgrad::ones({1}), false);
  net.register_parameter("n", xgrad::ones({1}, xgrad::kInt64), false);
  CHECK_THROWS_AS(net.requires_grad_(), xgrad::TypeError);
  CHECK_FALSE(a.requires_grad());
}

TEST_CASE("to converts floating tensors in place and leaves integers") {
  Block net;
  net(xgrad::ones({1, 2})).sum().backward();
  net->to(xgrad::kFloat64);
  CHECK(net->scale.dtype() == xgrad::kFloat64);
  CHECK(net->scale.grad().dtype() == xgrad::kFloat64);
  CHECK(net->fc->weight.requires_grad());
  CHECK(net->count.dtype() == xgrad::kInt64);
  CHECK(net(xgrad::ones({1, 2}, xgrad::kFloat64)).dtype() == xgrad::kFloat64);
  net->to(xgrad::kCPU);
  CHECK_THROWS_AS(net->to(xgrad::kInt64), xgrad::TypeError);
}

TEST_CASE("a clone is independent, and its members are its own parameters") {
  Block net;
  net->fc->weight.set_requires_grad(false);
  net->eval();
  const auto copy = std::dynamic_pointer_cast<BlockImpl>(net->clone());
  CHECK(xgrad::equal(copy->fc->weight, net->fc->weight));
  CHECK_FALSE(copy->fc->weight.requires_grad());
  CHECK_FALSE(copy->is_training());
  CHECK(copy->named_parameters()["fc.weight"].is_same(copy->fc->weight));
  {
    xgrad::NoGradGuard no_grad;
    copy->fc->weight.fill_(7);
  }
  CHECK_FALSE(xgrad::equal(copy->fc->weight, net->fc->weight));
  CHECK(message_of([] { Outer().clone(); }).find("derive it from Cloneable<Outer>") != std::string::npos);
}

TEST_CASE("a copied value shares parameters and submodules") {
  Outer net;
  Outer copy = net;
  CHECK(copy.bias.is_same(net.bias));
  CHECK(copy.parameters()[1].is_same(net.first->scale));
}

TEST_CASE("submodules can be members by value, and such a module refuses to be copied") {
  ByValue net;
  CHECK(net.named_parameters().keys() == Names{"inner.w"});
  CHECK(net.parameters()[0].is_same(net.inner.w));
  CHECK(net.modules()[1].get() == &net.inner);
  CHECK(message_of([&] { ByValue copy(net); }).find("has the submodule 'inner' as a member by value") !=
        std::string::npos);
  const auto shared = std::make_shared<ByValue>();
  CHECK(shared->parameters().size() == 1);
}

TEST_CASE("a plain struct without registered tensors works") {
  struct Net : nn::Module {
    Net() { weights = xgrad::tensor({1., 1., 1.}, xgrad::requires_grad()); }
    Tensor forward(const Tensor& x) {
      h = xgrad::sigmoid(xgrad::matmul(x, weights));
      return h;
    }
    Tensor weights, h;
  };
  Net net;
  net.forward(xgrad::tensor({1., 2., 3.}));
  net.h.backward();
  CHECK(is_close(net.weights.grad(), {0.00246647, 0.00493293, 0.00739940}, 1e-5));
  CHECK(net.parameters().empty());
}

TEST_CASE("holders share, can be empty, and construct in place") {
  nn::Linear a(2, 3);
  nn::Linear b = a;
  CHECK(a.ptr() == b.ptr());
  nn::Linear none = nullptr;
  CHECK(none.is_empty());
  CHECK_FALSE(none);
  CHECK(message_of([&] { none->forward(xgrad::ones({2})); }).find("it is empty") != std::string::npos);
  none = a;
  CHECK(none(xgrad::ones({1, 2})).sizes() == xgrad::IntArrayRef({1, 3}));
  CHECK(nn::Linear(nn::LinearOptions(2, 3).bias(false))->bias.defined() == false);
  CHECK((*a).weight.is_same(a->weight));
}
