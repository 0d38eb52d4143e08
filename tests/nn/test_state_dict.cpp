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
  CHECK(message_of([&] { dict.insert("a", 1); }) == "OrderedDict: Key 'a' already defined");
  CHECK(message_of([&] { dict["z"]; }) == "OrderedDict: Key 'z' is not defined");
}
