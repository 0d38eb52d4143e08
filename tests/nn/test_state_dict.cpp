// state_dict and load_state_dict: names, order, errors that write nothing.
#include <doctest/doctest.h>

#include "values.h"

namespace nn = xgrad::nn;
using xgrad::Tensor;
using Names = std::vector<std::string>;

namespace {

struct Net : nn::Module {
  Net() : fc(register_module("fc", nn::Linear(2, 1))) {
    gain = register_parameter("gain", xgrad::ones({1}));
    mean = register_buffer("mean", xgrad::zeros({2}));
  }
  nn::Linear fc;
  Tensor gain, mean;
};

}  // namespace

TEST_CASE("a state has parameters, then buffers, module by module, and shares their memory") {
  Net net;
  auto state = net.state_dict();
  CHECK(state.keys() == Names{"gain", "mean", "fc.weight", "fc.bias"});
  CHECK_FALSE(state["gain"].requires_grad());
  state["gain"].fill_(5);
  CHECK(net.gain.item<float>() == 5);
}

TEST_CASE("a state goes from one module into another") {
  Net from, to;
  const auto keys = to.load_state_dict(from.state_dict());
  CHECK(keys.missing_keys.empty());
  CHECK(xgrad::equal(to.fc->weight, from.fc->weight));
  CHECK(to.fc->weight.requires_grad());
  CHECK_FALSE(to.fc->weight.is_same(from.fc->weight));
}

TEST_CASE("one error lists all that does not fit, and nothing is written") {
  Net net;
  const Tensor before = net.fc->weight.detach().clone();
  xgrad::OrderedDict<std::string, Tensor> state;
  state.insert("fc.weight", xgrad::zeros({1, 2}));
  state.insert("fc.bias", xgrad::zeros({3}));
  state.insert("other", xgrad::zeros({1}));
  CHECK(message_of([&] { net.load_state_dict(state); }) ==
        "load_state_dict: the state does not fit Net:\n"
        "  missing keys: \"gain\", \"mean\"\n"
        "  unexpected keys: \"other\"\n"
        "  wrong shape of \"fc.bias\": it is [3], the module has [1]");
  CHECK(xgrad::equal(net.fc->weight, before));
}

TEST_CASE("without strict other names are reported, but wrong shapes still refused") {
  Net net;
  xgrad::OrderedDict<std::string, Tensor> state;
  state.insert("fc.weight", xgrad::full({1, 2}, 3.));
  state.insert("other", xgrad::zeros({1}));
  const auto keys = net.load_state_dict(state, false);
  CHECK(keys.missing_keys == Names{"gain", "mean", "fc.bias"});
  CHECK(keys.unexpected_keys == Names{"other"});
  CHECK(is_close(net.fc->weight, {3, 3}));
  state.insert("gain", xgrad::zeros({2}));
  CHECK_THROWS_AS(net.load_state_dict(state, false), xgrad::Error);
}

TEST_CASE("values of another dtype are converted") {
  Net net;
  auto state = net.state_dict();
  state["gain"] = xgrad::full({1}, 2.5, xgrad::kFloat64);
  net.load_state_dict(state);
  CHECK(net.gain.dtype() == xgrad::kFloat32);
  CHECK(net.gain.item<float>() == 2.5f);
}

TEST_CASE("a shared parameter stands in the state under both names") {
  Net net;
  net.register_module("same", net.fc);
  CHECK(net.state_dict().keys() == Names{"gain", "mean", "fc.weight", "fc.bias", "same.weight", "same.bias"});
}

// The names are what PyTorch 2.15 gives for the same registrations.
TEST_CASE("one tensor under two names stands in the state under both, and once among the parameters") {
  nn::Module net;
  const Tensor a = net.register_parameter("a", xgrad::ones({2}));
  net.register_parameter("b", a);
  const Tensor m = net.register_buffer("m", xgrad::zeros({2}));
  net.register_buffer("n", m);
  CHECK(net.state_dict().keys() == Names{"a", "b", "m", "n"});
  CHECK(net.named_parameters().keys() == Names{"a"});
  CHECK(net.named_parameters(true, false).keys() == Names{"a", "b"});
  CHECK(net.named_buffers().keys() == Names{"m"});
  CHECK(net.named_buffers(true, false).keys() == Names{"m", "n"});
  auto state = net.state_dict();
  state["b"] = xgrad::full({2}, 4.);
  net.load_state_dict(state);
  CHECK(is_close(a, {4, 4}));
  state.erase("b");
  CHECK(message_of([&] { net.load_state_dict(state); }).find("missing keys: \"b\"") != std::string::npos);
}

TEST_CASE("a tied weight of another layer has both names") {
  nn::Module net;
  nn::Linear x(1, 1), z(1, 1);
  net.register_module("x", x);
  net.register_module("y", x);
  nn::Module tied;
  tied.register_parameter("weight", x->weight);
  net.register_module("z", tied);
  CHECK(net.state_dict().keys() == Names{"x.weight", "x.bias", "y.weight", "y.bias", "z.weight"});
  CHECK(net.named_parameters().keys() == Names{"x.weight", "x.bias"});
  CHECK(net.named_parameters(true, false).keys() == net.state_dict().keys());
  CHECK(net.named_modules().keys() == Names{"", "x", "z"});
  CHECK(net.named_modules("", true, false).keys() == Names{"", "x", "y", "z"});
}

TEST_CASE("a buffer that is not persistent is no part of the state, and converted all the same") {
  nn::Module net;
  const Tensor cache = net.register_buffer("cache", xgrad::ones({1}), false);
  CHECK(net.state_dict().is_empty());
  CHECK(net.named_buffers().keys() == Names{"cache"});
  net.to(xgrad::kFloat64);
  CHECK(cache.dtype() == xgrad::kFloat64);
  CHECK(nn::Module(net).state_dict().is_empty());
}

TEST_CASE("a state with something that cannot be written is refused before anything is written") {
  nn::Module net;
  const Tensor w = net.register_parameter("w", xgrad::ones({1}));
  net.register_buffer("expanded", xgrad::zeros({1}).expand({3}));
  {
    const xgrad::InferenceMode mode;
    net.register_buffer("inference", xgrad::zeros({1}));
  }
  xgrad::OrderedDict<std::string, Tensor> state;
  state.insert("w", xgrad::zeros({1}));
  state.insert("expanded", xgrad::ones({3}));
  state.insert("inference", xgrad::ones({1}));
  const std::string text = message_of([&] { net.load_state_dict(state); });
  CHECK(text.find("cannot write \"expanded\": copy_: several elements") != std::string::npos);
  CHECK(text.find("cannot write \"inference\": copy_: Inplace update to inference tensor") !=
        std::string::npos);
  CHECK(is_close(w, {1}));
  state.erase("expanded");
  state.erase("inference");
  net.load_state_dict(state, false);
  CHECK(is_close(w, {0}));
}

TEST_CASE("a state may lie in the memory of the module itself, under other names") {
  nn::Module net;
  const Tensor a = net.register_parameter("a", xgrad::full({2}, 1.));
  const Tensor b = net.register_parameter("b", xgrad::full({2}, 2.));
  const auto now = net.state_dict();
  net.load_state_dict({{"a", now["b"]}, {"b", now["a"]}});
  CHECK(is_close(a, {2, 2}));
  CHECK(is_close(b, {1, 1}));
}

TEST_CASE("an ordered dict keeps the order and finds by key") {
  xgrad::OrderedDict<std::string, int> dict{{"b", 1}, {"a", 2}};
  dict.insert("c", 3);
  CHECK(dict.keys() == Names{"b", "a", "c"});
  CHECK(dict.values() == std::vector<int>{1, 2, 3});
  CHECK(dict["a"] == 2);
  CHECK(*dict[std::size_t(0)] == 1);
  CHECK(dict.find("z") == nullptr);
  dict.erase("b");
  CHECK(dict["c"] == 3);
  CHECK(dict.front().key() == "a");
  CHECK_THROWS_AS((xgrad::OrderedDict<std::string, int>().front()), xgrad::IndexError);
  CHECK_THROWS_AS((xgrad::OrderedDict<std::string, int>().back()), xgrad::IndexError);
  CHECK(message_of([&] { dict.insert("a", 1); }) == "OrderedDict: Key 'a' already defined");
  CHECK(message_of([&] { dict["z"]; }) == "OrderedDict: Key 'z' is not defined");
}
