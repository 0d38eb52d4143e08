// Sequential, ModuleList, Functional, AnyModule.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;
using Names = std::vector<std::string>;

namespace {

struct Add : nn::Module {
  Tensor forward(const Tensor& a, const Tensor& b) { return a + b; }
};
struct Pairs : nn::Module {
  std::tuple<Tensor, int> forward(Tensor x) { return {x, 7}; }
};
struct Scale : nn::Module {
  Tensor forward(const Tensor& x, double factor = 2) { return x * factor; }
};
struct OfPair : nn::Module {
  Tensor forward(std::tuple<Tensor, int> p) { return std::get<0>(p) * std::get<1>(p); }
};

}  // namespace

TEST_CASE("a sequential passes its input through all modules") {
  nn::Sequential net(nn::Linear(2, 3), nn::ReLU(), nn::Linear(3, 1));
  const Tensor x = xgrad::ones({4, 2});
  const Tensor by_hand = net->at<nn::Linear>(2).forward(xgrad::relu(net->at<nn::LinearImpl>(0).forward(x)));
  CHECK(xgrad::equal(net(x), by_hand));
  CHECK(net->named_parameters().keys() == Names{"0.weight", "0.bias", "2.weight", "2.bias"});
  CHECK(net->size() == 3);
  CHECK(net->ptr(1)->name() == "ReLU");
}

TEST_CASE("modules of a sequential can have names") {
  nn::Sequential net({{"fc", nn::Linear(2, 2)}, {"act", nn::Tanh()}});
  net->push_back("out", nn::Linear(2, 1));
  net->push_back(nn::Sigmoid());
  CHECK(net->named_children().keys() == Names{"fc", "act", "out", "3"});
  CHECK(net->forward(xgrad::ones({1, 2})).numel() == 1);
}

TEST_CASE("a sequential takes modules by value and by pointer, and other signatures of forward") {
  nn::Sequential net(Add{}, std::make_shared<Scale>(), Pairs{}, OfPair{});
  CHECK(net->forward(xgrad::ones({1}), xgrad::ones({1})).item<float>() == 28);
  CHECK(std::get<1>(nn::Sequential(Pairs{})->forward<std::tuple<Tensor, int>>(xgrad::ones({1}))) == 7);
  CHECK(nn::AnyModule(Scale{}).forward(xgrad::ones({1}), 3.0).item<float>() == 3);
}

TEST_CASE("arguments that do not fit are refused by name") {
  CHECK(message_of([] { nn::Sequential(nn::ReLU())->forward(xgrad::ones({1}), xgrad::ones({1})); }) ==
        "forward: ReLU does not take (xgrad::Tensor, xgrad::Tensor)");
  CHECK(message_of([] {
          nn::Sequential(nn::GRU(2, 3), nn::Linear(3, 1))->forward(xgrad::ones({1, 2}));
        }) == "forward: Linear does not take (std::tuple<xgrad::Tensor, xgrad::Tensor>)");
  CHECK(message_of([] { nn::GRU(nn::GRUOptions(3, 4).num_layers(0)); }).find("GRU: hidden_size and") == 0);
  CHECK(message_of([] { nn::BatchNorm2d(-1); }).find("BatchNorm2d: num_features") == 0);
  CHECK(message_of([] { nn::Sequential()->forward(xgrad::ones({1})); }) ==
        "Sequential: forward needs at least one module");
  CHECK_THROWS_AS(nn::Sequential(nn::ReLU())->forward<int>(xgrad::ones({1})), xgrad::TypeError);
  CHECK_THROWS_AS(nn::Sequential(nn::ReLU())->at<nn::Linear>(0), xgrad::TypeError);
  CHECK_THROWS_AS(nn::Sequential(nn::ReLU())->ptr(1), xgrad::IndexError);
}

TEST_CASE("a clone of a sequential has its own weights") {
  nn::Sequential net({{"fc", nn::Linear(2, 2)}});
  const auto copy = std::dynamic_pointer_cast<nn::SequentialImpl>(net->clone());
  CHECK(copy->named_parameters().keys() == Names{"fc.weight", "fc.bias"});
  CHECK_FALSE(copy->parameters()[0].is_same(net->parameters()[0]));
  CHECK(xgrad::equal(copy->forward(xgrad::ones({1, 2})), net(xgrad::ones({1, 2}))));
}

TEST_CASE("a sequential of a sequential extends and nests") {
  nn::Sequential inner(nn::Linear(2, 2), nn::Tanh());
  nn::Sequential outer(inner, nn::Linear(2, 1));
  CHECK(outer->named_parameters().keys() == Names{"0.0.weight", "0.0.bias", "1.weight", "1.bias"});
  nn::Sequential flat;
  flat->extend(*inner);
  CHECK(flat->size() == 2);
  CHECK(outer(xgrad::ones({3, 2})).sizes() == xgrad::IntArrayRef({3, 1}));
}

TEST_CASE("a module list registers what it holds, also in the middle") {
  nn::ModuleList list(nn::Linear(1, 1), nn::Linear(2, 2));
  list->insert(1, nn::Sigmoid());
  CHECK(list->named_parameters().keys() == Names{"0.weight", "0.bias", "2.weight", "2.bias"});
  CHECK(list->at<nn::LinearImpl>(2).weight.size(0) == 2);
  CHECK(list[1]->name() == "Sigmoid");
  CHECK_THROWS_AS(list->ptr(3), xgrad::IndexError);
  CHECK(list->clone()->parameters().size() == 4);
}

TEST_CASE("a container extended by itself holds its modules twice, and is never inside itself") {
  nn::ModuleList list(nn::Linear(1, 1), nn::Tanh());
  list->extend(*list);
  CHECK(list->size() == 4);
  CHECK(list[0] == list[2]);
  CHECK(list->parameters().size() == 2);
  nn::Sequential net(nn::Linear(1, 1));
  net->extend(*net);
  CHECK(net->size() == 2);
  CHECK_THROWS_AS(list->insert(0, list.ptr()), xgrad::Error);
  CHECK_THROWS_AS(list->push_back(list.ptr()), xgrad::Error);
  CHECK_THROWS_AS(net->push_back(net), xgrad::Error);
  CHECK(list->size() == 4);
  CHECK(list->children().size() == 4);
  CHECK(net->size() == 1 + 1);
}

TEST_CASE("a function can stand in a sequential") {
  nn::Sequential net(nn::Functional(xgrad::relu), nn::Functional([](Tensor x) { return x + 1; }),
                     nn::Functional([](const Tensor& x, double by) { return x * by; }, 0.5));
  CHECK(is_close(net(xgrad::tensor({-1., 3.})), {0.5, 2}));
}

TEST_CASE("flatten, softmax and dropout compute what their names say") {
  CHECK(nn::Flatten()(xgrad::ones({2, 3, 4})).sizes() == xgrad::IntArrayRef({2, 12}));
  CHECK(is_close(nn::Softmax(0)(xgrad::zeros({4})), {.25, .25, .25, .25}));
  nn::Dropout drop(0.5);
  const Tensor x = xgrad::ones({1000});
  const Tensor y = drop(x);
  CHECK(xgrad::where(y.eq(0), x * 2, y).eq(2).all().item<bool>());
  drop->eval();
  CHECK(drop(x).is_same(x));
  CHECK_THROWS_AS(nn::Dropout(1.5), xgrad::ValueError);
}

TEST_CASE("a ModuleDict keeps modules by name") {
  nn::ModuleDict dict(nn::ModuleDictImpl::Pairs{{"act", nn::ReLU().ptr()}, {"fc", nn::Linear(2, 3).ptr()}});
  CHECK(dict->keys() == std::vector<std::string>{"act", "fc"});
  CHECK(dict->parameters().size() == 2);
  CHECK(dict->at<nn::LinearImpl>("fc").options.out_features() == 3);
  CHECK(printed(dict) ==
        "ModuleDict(\n  (act): ReLU()\n  (fc): Linear(in_features=2, out_features=3, bias=True)\n)");
  dict->insert("fc", nn::Linear(2, 4));
  CHECK(dict->named_parameters()["fc.weight"].size(0) == 4);
  CHECK(dict->pop("act")->name() == "ReLU");
  CHECK(dict->size() == 1);
  CHECK_THROWS_AS(dict->at<nn::ReLUImpl>("fc"), xgrad::TypeError);
  CHECK_THROWS_AS(dict->pop("none"), xgrad::Error);
  const auto copy = std::dynamic_pointer_cast<nn::ModuleDictImpl>(dict->clone());
  dict->clear();
  CHECK(dict->empty());
  CHECK(copy->parameters().size() == 2);
}

TEST_CASE("a ParameterList keeps parameters by position, and its clone is independent") {
  const auto learns = xgrad::ones({2, 3}, xgrad::requires_grad()), frozen = xgrad::ones({});
  nn::ParameterList list(learns, frozen);
  CHECK(list->size() == 2);
  CHECK(list->at(0).is_same(learns));
  CHECK_FALSE(list[1].requires_grad());
  CHECK(list->state_dict().keys() == std::vector<std::string>{"0", "1"});
  CHECK(printed(list) ==
        "ParameterList(\n    (0): Parameter containing: [torch.float32 of size 2x3]\n    (1): "
        "Parameter containing: [torch.float32 of size ]\n)");
  CHECK(printed(nn::ParameterList()) == "ParameterList()");
  CHECK_THROWS_AS(list->at(2), xgrad::IndexError);
  const auto copy = std::dynamic_pointer_cast<nn::ParameterListImpl>(list->clone());
  xgrad::NoGradGuard no_grad;
  list->at(0).zero_();
  CHECK(copy->at(0).sum().item<float>() == 6);
}

TEST_CASE("a ParameterDict keeps parameters by name") {
  nn::ParameterDict dict;
  dict->insert("a", xgrad::ones({2}, xgrad::requires_grad()));
  dict->insert("b", xgrad::zeros({1}));
  CHECK(dict->keys() == std::vector<std::string>{"a", "b"});
  CHECK(dict["a"].requires_grad());
  dict->insert("a", xgrad::ones({5}));
  CHECK(dict->named_parameters()["a"].size(0) == 5);
  CHECK(dict->pop("b").size(0) == 1);
  CHECK_FALSE(dict->contains("b"));
  CHECK(dict->clone()->parameters().size() == 1);
  dict->clear();
  CHECK(dict->empty());
}
