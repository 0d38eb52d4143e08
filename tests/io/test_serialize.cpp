// save, load and archives: modules, optimizers and tensors, and files that do not fit.
#include <doctest/doctest.h>

#include <sstream>

#include <xgrad/xgrad.h>

#include "io/temporary.h"
#include "messages.h"

using namespace xgrad;
using serialize::InputArchive;
using serialize::OutputArchive;

namespace {

struct NetImpl : nn::Module {
  NetImpl(int64_t hidden = 4)
      : fc1(register_module("fc1", nn::Linear(3, hidden))),
        norm(register_module("norm", nn::BatchNorm1d(hidden))),
        fc2(register_module("fc2", nn::Linear(hidden, 1))) {
    gain = register_parameter("gain", rand({1}));
    register_buffer("scratch", rand({2}), false);
  }
  Tensor forward(const Tensor& x) { return fc2(norm(relu(fc1(x)))) * gain; }
  nn::Linear fc1;
  nn::BatchNorm1d norm;
  nn::Linear fc2;
  Tensor gain;
};
XGRAD_MODULE(Net);

struct Plain : nn::Module {
  Plain() { register_module("fc", fc); }
  nn::LinearImpl fc{2, 2};
};

// Keeps a number beside its parameters.
struct Counted : nn::Module {
  Counted() : weight(register_parameter("weight", zeros({1}))) {}
  void save(OutputArchive& archive) const override {
    Module::save(archive);
    archive.write("count", IValue(count));
    archive.write("mean", mean);
  }
  void load(InputArchive& archive) override {
    Module::load(archive);
    IValue value;
    archive.read("count", value);
    count = static_cast<int>(value.toInt());
    archive.read("mean", mean);
  }
  Tensor weight, mean = zeros({1});
  int count = 0;
};

bool same_state(const nn::Module& a, const nn::Module& b) {
  const auto x = a.state_dict(), y = b.state_dict();
  bool same = x.keys() == y.keys();
  for (const auto& item : x) same = same && item->equal(y[item.key()]);
  return same;
}

void train(Net& net, optim::Optimizer& optimizer, int steps) {
  const Tensor x = arange(12).to(kFloat).view({4, 3});
  for (int i = 0; i < steps; ++i)
    optimizer.step([&] {
      optimizer.zero_grad();
      Tensor loss = (net(x) - 1).square().mean();
      loss.backward();
      return loss;
    });
}

}  // namespace

TEST_CASE("a module goes through a file, a stream, memory and functions") {
  const TemporaryFolder folder;
  Net from, to;
  save(from, folder / "net.pt");
  load(to, folder / "net.pt");
  CHECK(same_state(*from, *to));

  Net by_stream, by_memory, by_function;
  std::stringstream stream;
  save(from, stream);
  load(by_stream, stream);
  CHECK(same_state(*from, *by_stream));

  std::vector<char> bytes;
  save(from, bytes);
  load(by_memory, bytes.data(), bytes.size());
  CHECK(same_state(*from, *by_memory));

  std::string text;
  save(from, [&](const void* data, std::size_t size) {
    text.append(static_cast<const char*>(data), size);
    return size;
  });
  load(
      by_function,
      [&](std::uint64_t at, void* buffer, std::size_t size) {
        return text.copy(static_cast<char*>(buffer), size, at);
      },
      [&] { return text.size(); }, kCPU);
  CHECK(same_state(*from, *by_function));
}

TEST_CASE("holders, pointers, modules as values and containers are saved") {
  const TemporaryFolder folder;
  auto pointer = std::make_shared<NetImpl>(), loaded = std::make_shared<NetImpl>();
  save(pointer, folder / "a.pt");
  load(*loaded, folder / "a.pt", kCPU);
  CHECK(same_state(*pointer, *loaded));
  std::shared_ptr<nn::Module> base = std::make_shared<NetImpl>();
  load(base, folder / "a.pt");
  CHECK(same_state(*pointer, *base));

  Plain plain, other;
  save(plain, folder / "b.pt");
  load(other, folder / "b.pt");
  CHECK(same_state(plain, other));

  nn::Sequential layers(nn::Linear(2, 3), nn::ReLU(), nn::Linear(3, 1)),
      more(nn::Linear(2, 3), nn::ReLU(), nn::Linear(3, 1));
  save(layers, folder / "c.pt");
  load(more, folder / "c.pt");
  CHECK(same_state(*layers, *more));
}

TEST_CASE("a saved module is a dict with Python's names") {
  std::vector<char> bytes;
  Net net;
  save(net, bytes);
  std::string names;
  for (const auto& item : pickle_load(bytes).toGenericDict()) names += item.key().toStringRef() + " ";
  CHECK(names ==
        "gain fc1.weight fc1.bias norm.weight norm.bias norm.running_mean norm.running_var "
        "norm.num_batches_tracked fc2.weight fc2.bias ");
}

TEST_CASE("a state_dict that Python saved is loaded, on its own and inside of a dict") {
  nn::Sequential net(nn::Linear(3, 4), nn::BatchNorm1d(4), nn::Linear(4, 1)),
      inside(nn::Linear(3, 4), nn::BatchNorm1d(4), nn::Linear(4, 1));
  load(net, recorded("net.pt"));
  CHECK(net->named_buffers()["1.num_batches_tracked"].item<int64_t>() == 2);

  InputArchive archive, model, optimizer;
  archive.load_from(recorded("training.pt"));
  CHECK(archive.keys() == std::vector<std::string>{"epoch", "model", "optimizer"});
  IValue epoch;
  archive.read("epoch", epoch);
  CHECK(epoch.toInt() == 3);
  archive.read("model", model);
  model >> *inside;
  CHECK(same_state(*net, *inside));
  CHECK(model.keys() == std::vector<std::string>{"0", "1", "2"});

  optim::Adam adam(inside->parameters());
  archive.read("optimizer", optimizer);
  adam.load(optimizer);
  CHECK(adam.param_groups()[0].options().get_lr() == 0.01);
  CHECK(adam.state().size() == 6);
  CHECK(optim::Adam(net->parameters()).state().empty());
}

TEST_CASE("a module and an optimizer that LibTorch saved are loaded") {
  // By tests/io/interop/libtorch.cpp.
  struct Wide : nn::Module {
    nn::Linear fc1 = register_module("fc1", nn::Linear(3, 4));
    nn::BatchNorm1d norm = register_module("norm", nn::BatchNorm1d(4));
    nn::Sequential layers = register_module("layers", nn::Sequential(nn::Linear(4, 2), nn::ReLU()));
    Tensor gain = register_parameter("gain", zeros({2}));
  } net;
  load(net, recorded("libtorch_net.pt"));
  Tensor output;
  load(output, recorded("libtorch_output.pt"));
  net.eval();
  const Tensor x = arange(12).to(kFloat).view({4, 3});
  CHECK((net.layers->forward(net.norm(net.fc1(x))) * net.gain).allclose(output));
  optim::Adam adam(net.parameters());
  load(adam, recorded("libtorch_adam.pt"));
  CHECK(adam.param_groups()[0].options().get_lr() == 0.01);
  CHECK(adam.state_dict().state.at(0).find("step")->toInt() == 3);
}

TEST_CASE("a module that is not fitted by a file is as before, and the error says why") {
  const TemporaryFolder folder;
  Net wide(7), net;
  save(wide, folder / "wide.pt");
  const auto before = pickle_save(net->state_dict());
  const std::string error = message_of([&] { load(net, folder / "wide.pt"); });
  CHECK(contains(error, "load: the archive does not fit Net:"));
  CHECK(contains(error, "wrong shape of \"fc1.weight\": it is [7, 3], the module has [4, 3]"));
  CHECK(contains(error, "wrong shape of \"fc2.weight\""));

  Plain plain;
  const std::string names = message_of([&] { load(plain, folder / "wide.pt"); });
  CHECK(contains(names, "missing keys: \"fc.weight\", \"fc.bias\""));
  CHECK(contains(names, "unexpected keys: \"gain\", \"fc1.weight\""));
  CHECK(pickle_save(net->state_dict()) == before);
}

TEST_CASE("a class that saves more than its tensors overrides save and load") {
  std::vector<char> bytes;
  auto from = std::make_shared<Counted>(), to = std::make_shared<Counted>();
  from->weight.set_data(ones({1}));
  from->mean = full({3}, 5.0);
  from->count = 7;
  save(from, bytes);
  load(to, bytes.data(), bytes.size());
  CHECK(to->count == 7);
  CHECK(to->mean.equal(from->mean));
  CHECK(to->weight.item<float>() == 1);

  nn::Sequential outer(from), other(to);
  from->count = 9;
  save(outer, bytes);
  load(other, bytes.data(), bytes.size());
  CHECK(to->count == 9);
}

TEST_CASE("optimizers go on as if they had not been saved") {
  const auto check = [](auto make) {
    manual_seed(0);
    Net net, copy;
    auto optimizer = make(net), restored = make(copy);
    train(net, *optimizer, 3);
    std::vector<char> weights, state;
    save(net, weights);
    save(*optimizer, state);
    load(copy, weights.data(), weights.size());
    load(*restored, state.data(), state.size());
    train(net, *optimizer, 3);
    train(copy, *restored, 3);
    CHECK(same_state(*net, *copy));
  };
  using namespace optim;
  check([](Net& n) { return std::make_unique<SGD>(n->parameters(), SGDOptions(.1).momentum(.9)); });
  check([](Net& n) { return std::make_unique<Adam>(n->parameters(), AdamOptions(.01).amsgrad(true)); });
  check([](Net& n) { return std::make_unique<AdamW>(n->parameters(), AdamWOptions(.01)); });
  check([](Net& n) { return std::make_unique<Adagrad>(n->parameters(), AdagradOptions(.01)); });
  check([](Net& n) { return std::make_unique<Adadelta>(n->parameters()); });
  check([](Net& n) { return std::make_unique<Adamax>(n->parameters()); });
  check([](Net& n) { return std::make_unique<NAdam>(n->parameters()); });
  check([](Net& n) { return std::make_unique<RAdam>(n->parameters()); });
  check(
      [](Net& n) { return std::make_unique<RMSprop>(n->parameters(), RMSpropOptions(.01).centered(true)); });
  check([](Net& n) { return std::make_unique<Rprop>(n->parameters()); });
  check([](Net& n) { return std::make_unique<ASGD>(n->parameters()); });
  check([](Net& n) { return std::make_unique<LBFGS>(n->parameters(), LBFGSOptions(.1)); });
}

TEST_CASE("an optimizer that is not fitted by a file is as before") {
  std::vector<char> bytes;
  Net net, wide(7);
  optim::Adam optimizer(net->parameters(), optim::AdamOptions(.5)), other(wide->parameters());
  train(wide, other, 1);
  save(other, bytes);
  CHECK(contains(message_of([&] { load(optimizer, bytes.data(), bytes.size()); }), "has another shape"));
  save(ones({1}), bytes);
  CHECK(contains(message_of([&] { load(optimizer, bytes.data(), bytes.size()); }),
                 "there is no value 'state', but '0'"));
  optim::SGD other_kind(net->parameters(), optim::SGDOptions(.1).momentum(.9));
  train(net, other_kind, 1);
  save(other_kind, bytes);
  CHECK(contains(message_of([&] { load(optimizer, bytes.data(), bytes.size()); }), "'momentum_buffer'"));
  save(IValue::Dict{{"state", IValue(GenericDict())}, {"param_groups", IValue(3)}}, bytes);
  CHECK(
      contains(message_of([&] { load(optimizer, bytes.data(), bytes.size()); }), "no state of an optimizer"));
  CHECK(optimizer.param_groups()[0].options().get_lr() == .5);
}

TEST_CASE("tensors, vectors and dicts of tensors are what Python has") {
  std::vector<char> bytes;
  const Tensor t = rand({2, 3});
  save(t, bytes);
  CHECK(pickle_load(bytes).isTensor());
  Tensor loaded, handle = zeros({1}), same = handle;
  load(loaded, bytes.data(), bytes.size());
  load(handle, bytes.data(), bytes.size());
  CHECK(loaded.equal(t));
  CHECK(same.equal(t));

  save(std::vector<Tensor>{t, t.t()}, bytes);
  CHECK(pickle_load(bytes).isList());
  std::vector<Tensor> list;
  load(list, bytes.data(), bytes.size());
  CHECK(list.size() == 2);
  CHECK(list[1].equal(t.t()));

  save(OrderedDict<std::string, Tensor>{{"a", t}, {"b.c", t}}, bytes);
  OrderedDict<std::string, Tensor> dict;
  load(dict, bytes.data(), bytes.size());
  CHECK(dict.keys() == std::vector<std::string>{"a", "b.c"});
  CHECK(dict["a"].is_same(dict["b.c"]));
}

TEST_CASE("archives lie in each other, and what is not there is said") {
  OutputArchive outer, inner;
  inner.write("x", ones({2}));
  outer.write("inner", inner);
  outer("step", IValue(5));
  CHECK(contains(message_of([&] { outer.write("step", IValue(6)); }), "a value 'step' already"));
  std::stringstream stream;
  outer.save_to(stream);

  InputArchive in, part;
  in.load_from(stream);
  in.read("inner", part);
  Tensor x;
  part.read("x", x);
  CHECK(x.equal(ones({2})));
  CHECK_FALSE(in.try_read("other", x));
  CHECK_FALSE(in.try_read("step", part));
  CHECK(contains(message_of([&] { part.read("y", x); }), "there is no tensor 'inner.y'"));
}

TEST_CASE("what cannot be opened or is for another device is one error") {
  const TemporaryFolder folder;
  Net net;
  CHECK(message_of([&] { load(net, folder / "no.pt"); }) ==
        "load: " + (folder / "no.pt") + ": there is no such file");
  save(net, folder / "net.pt");
  CHECK(contains(message_of([&] { load(net, folder / "net.pt", Device(kCUDA)); }),
                 "xgrad computes on the CPU"));
  CHECK(contains(message_of([&] { save(net, [](const void*, std::size_t) { return std::size_t{0}; }); }),
                 "the function took 0 of"));
  std::ofstream closed;
  CHECK(contains(message_of([&] { save(net, closed); }), "the stream takes nothing"));
}
