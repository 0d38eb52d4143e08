// What an optimizer keeps: made when the step is sure, saved and restored.
#include <doctest/doctest.h>

#include <cmath>

#include "../nn/values.h"

namespace optim = xgrad::optim;
using xgrad::IValue;
using xgrad::Tensor;

namespace {

Tensor parameter(double value = 1, xgrad::IntArrayRef sizes = {2}) {
  return xgrad::full(sizes, value, xgrad::dtype(xgrad::kFloat32).requires_grad(true));
}

void give_gradients(const std::vector<Tensor>& parameters) {
  for (const Tensor& p : parameters) p.mutable_grad() = xgrad::ones_like(p.detach());
}

optim::SGDOptions with_momentum() { return optim::SGDOptions(.1).momentum(.9); }

const Tensor& momentum_of(optim::Optimizer& optimizer, const Tensor& p) {
  return static_cast<optim::SGDParamState&>(*optimizer.state().at(p.unsafeGetTensorImpl())).momentum_buffer();
}

// An optimizer with one parameter that can be stepped and one that cannot; the second comes last.
void check_refused(const char* text, const Tensor& bad) {
  const Tensor good = parameter();
  optim::SGD sgd({good, bad}, with_momentum());
  good.mutable_grad() = xgrad::ones({2});
  CHECK(message_of([&] { sgd.step(); }).find(text) != std::string::npos);
  CHECK(is_close(good, {1, 1}));
  CHECK(sgd.state().empty());
  bad.mutable_grad().reset();
  sgd.step();
  CHECK(is_close(good, {.9, .9}));
  CHECK(is_close(momentum_of(sgd, good), {1, 1}));
}

}  // namespace

TEST_CASE("a step that is refused changes no parameter and makes no state") {
  const Tensor larger = parameter();
  larger.mutable_grad() = xgrad::ones({3});
  check_refused(
      "a gradient does not fit its parameter: the parameter is [2] of dtype float32, the gradient [3]",
      larger);
  const Tensor other = parameter();
  other.mutable_grad() = xgrad::ones({2}, xgrad::kFloat64);
  check_refused("a gradient does not fit", other);
  const Tensor integers = xgrad::ones({2}, xgrad::kInt64);
  integers.mutable_grad() = xgrad::ones({2}, xgrad::kInt64);
  check_refused("a parameter must have a floating-point dtype", integers);
  const Tensor expanded = xgrad::ones({1}).expand({2});
  expanded.mutable_grad() = xgrad::ones({2});
  check_refused("several elements of self share one place", expanded);
  const Tensor turned = xgrad::arange(4.).view({2, 2});
  turned.mutable_grad() = turned.t();
  check_refused("share some elements", turned);
}

TEST_CASE("a parameter made in inference mode is refused before another is stepped") {
  const xgrad::InferenceMode mode;
  const Tensor inference = xgrad::ones({2});
  inference.mutable_grad() = xgrad::ones({2});
  const xgrad::InferenceMode off(false);
  check_refused("inference tensor", inference);
}

TEST_CASE("the state of a parameter that became larger is refused, and nothing is written") {
  for (const int64_t size : {1, 3, 100000}) {
    const Tensor first = parameter(), p = parameter();
    optim::SGD sgd({first, p}, with_momentum());
    give_gradients({first, p});
    sgd.step();
    p.set_data(xgrad::ones({size}));
    give_gradients({p});
    CHECK(message_of([&] { sgd.step(); }).find("the state of a parameter belongs to another shape") !=
          std::string::npos);
    CHECK(is_close(first, {.9, .9}));
    sgd.state().erase(p.unsafeGetTensorImpl());
    sgd.step();
    CHECK(p[0].item<float>() == doctest::Approx(.9));
  }
}

TEST_CASE("the state of a converted parameter is converted with it") {
  const Tensor p = parameter();
  optim::SGD sgd({p}, with_momentum());
  give_gradients({p});
  sgd.step();
  p.set_data(p.detach().to(xgrad::kFloat64));
  give_gradients({p});
  sgd.step();
  CHECK(momentum_of(sgd, p).dtype() == xgrad::kFloat64);
  CHECK(is_close(momentum_of(sgd, p), {1.9, 1.9}));
}

TEST_CASE("momentum that is turned on later starts with the direction itself") {
  const Tensor p = parameter();
  optim::SGD sgd({p}, optim::SGDOptions(.1));
  give_gradients({p});
  sgd.step();
  CHECK(sgd.state().empty());
  static_cast<optim::SGDOptions&>(sgd.param_groups()[0].options()).momentum(.9).dampening(.5);
  sgd.step();
  CHECK(is_close(momentum_of(sgd, p), {1, 1}));
  sgd.step();
  CHECK(is_close(momentum_of(sgd, p), {1.4, 1.4}));
}

TEST_CASE("a state dict has Python's entries") {
  const Tensor a = parameter(), b = parameter(), c = parameter();
  optim::Adam adam({optim::OptimizerParamGroup({a, b}),
                    optim::OptimizerParamGroup({c}, std::make_unique<optim::AdamOptions>(.5))},
                   optim::AdamOptions(.1));
  give_gradients({a, c});
  adam.step();
  const optim::OptimizerStateDict saved = adam.state_dict();
  CHECK(saved.param_groups[0].params == std::vector<int64_t>{0, 1});
  CHECK(saved.param_groups[1].params == std::vector<int64_t>{2});
  CHECK(saved.param_groups[1].options["lr"].toDouble() == .5);
  CHECK(saved.param_groups[0].options["betas"].toDoubleVector() == std::vector<double>{.9, .999});
  CHECK(saved.state.size() == 2);
  CHECK(saved.state.at(2).keys() == std::vector<std::string>{"step", "exp_avg", "exp_avg_sq"});
  CHECK(saved.state.at(0)["step"].toInt() == 1);
}

TEST_CASE("an optimizer that takes over a state goes on as the other, and shares nothing with it") {
  const Tensor p = parameter(1), q = parameter(1);
  optim::Adam one({p}, optim::AdamOptions(.1).amsgrad(true).weight_decay(.1));
  optim::Adam two({q}, optim::AdamOptions(.7));
  give_gradients({p, q});
  one.step();
  two.load_state_dict(one.state_dict());
  q.set_data(p.detach().clone());
  for (int i = 0; i < 3; ++i) {
    one.step();
    two.step();
    CHECK(xgrad::equal(p, q));
  }
  two.step();
  CHECK_FALSE(xgrad::equal(p, q));
}

// As torch.save writes it: the step a tensor, and options that only Python has.
TEST_CASE("a state dict of Python can be taken over") {
  const Tensor p = parameter(1);
  optim::AdamW adam({p}, optim::AdamWOptions());
  optim::OptimizerStateDict saved;
  saved.state[7] = {{"step", xgrad::tensor(3.)},
                    {"exp_avg", xgrad::full({2}, .25, xgrad::kFloat64)},
                    {"exp_avg_sq", xgrad::full({2}, .5, xgrad::kFloat64)}};
  saved.param_groups.push_back({{{"lr", 1}, {"betas", IValue::List{.5, .75}}, {"foreach", IValue()}}, {7}});
  adam.load_state_dict(saved);
  const auto& state = static_cast<optim::AdamWParamState&>(*adam.state().at(p.unsafeGetTensorImpl()));
  CHECK(state.step() == 3);
  CHECK(state.exp_avg().dtype() == xgrad::kFloat32);
  CHECK(static_cast<optim::AdamWOptions&>(adam.param_groups()[0].options()) ==
        optim::AdamWOptions(1).betas({.5, .75}));
}

TEST_CASE("a state dict that does not fit changes nothing") {
  const Tensor p = parameter(1);
  optim::Adam adam({p}, optim::AdamOptions(.1));
  give_gradients({p});
  adam.step();
  const optim::OptimizerStateDict good = adam.state_dict();
  const auto refused = [&](const auto& change) {
    optim::OptimizerStateDict bad = good;
    bad.param_groups[0].options["lr"] = 5.;
    change(bad);
    const std::string text = message_of([&] { adam.load_state_dict(bad); });
    CHECK(adam.param_groups()[0].options().get_lr() == .1);
    CHECK(static_cast<optim::AdamParamState&>(*adam.state().at(p.unsafeGetTensorImpl())).step() == 1);
    return text;
  };
  using Dict = optim::OptimizerStateDict;
  CHECK(refused([](Dict& d) { d.param_groups.clear(); }).find("different number of parameter groups") !=
        std::string::npos);
  CHECK(refused([](Dict& d) { d.param_groups[0].params.push_back(1); }).find("doesn't match the size") !=
        std::string::npos);
  CHECK(refused([](Dict& d) { d.param_groups[0].options["eps"] = -1.; }).find("Invalid epsilon") !=
        std::string::npos);
  CHECK(refused([](Dict& d) { d.param_groups[0].options["amsgrad"] = "no"; }).find("'amsgrad'") !=
        std::string::npos);
  CHECK(refused([](Dict& d) { d.state[0]["exp_avg"] = xgrad::ones({3}); }).find("exp_avg of parameter 0") !=
        std::string::npos);
  CHECK(refused([](Dict& d) { d.state[5] = d.state[0]; }).find("in no group") != std::string::npos);
}

namespace {

// An optimizer as LibTorch's users write them.
struct SignOptions : optim::OptimizerCloneableOptions<SignOptions> {
  SignOptions(double lr = .1) : lr_(lr) {}
  XGRAD_ARG(double, lr);
};
struct Sign : optim::Optimizer {
  explicit Sign(std::vector<Tensor> params, SignOptions defaults = {})
      : Optimizer(std::move(params), std::make_unique<SignOptions>(defaults)) {}
  Tensor step(LossClosure closure = nullptr) override {
    Tensor loss = run_closure(closure);
    const xgrad::NoGradGuard no_grad;
    for (auto& group : param_groups_)
      for (const Tensor& p : group.params()) p.sub_(p.grad().sign(), group.options().get_lr());
    return loss;
  }
};

}  // namespace

TEST_CASE("an optimizer of one's own needs options and a step") {
  const Tensor p = parameter();
  Sign sign({p});
  sign.step([&] {
    Tensor loss = p.pow(2).sum();
    loss.backward();
    return loss;
  });
  CHECK(is_close(p, {.9, .9}));
  CHECK_THROWS_AS(sign.state_dict(), xgrad::Error);
}

TEST_CASE("parameters have the names that they were given, in groups and in the state") {
  xgrad::OrderedDict<std::string, Tensor> named{{"weight", parameter()}, {"bias", parameter()}};
  optim::SGD sgd({named}, with_momentum());
  CHECK(sgd.param_groups()[0].param_names() == std::vector<std::string>{"weight", "bias"});
  give_gradients(named.values());
  sgd.step();
  CHECK(is_close(named["bias"], {.9, .9}));

  optim::SGD nameless(named.values(), optim::SGDOptions(.2));
  const optim::OptimizerStateDict without = nameless.state_dict();
  CHECK_FALSE(without.param_groups[0].options.contains("param_names"));
  nameless.load_state_dict(sgd.state_dict());
  CHECK(nameless.param_groups()[0].param_names() == sgd.param_groups()[0].param_names());
  sgd.load_state_dict(without);
  CHECK(sgd.param_groups()[0].param_names().size() == 2);
}

TEST_CASE("groups have names all, or none has; there are as many as parameters") {
  const Tensor first = parameter(), second = parameter();
  using Named = xgrad::OrderedDict<std::string, Tensor>;
  optim::SGD sgd({Named{{"first", first}}}, with_momentum());
  CHECK(message_of([&] { sgd.add_parameters({second}); }).find("with or without names: group 1 has none") !=
        std::string::npos);
  optim::SGD other({first}, with_momentum());
  CHECK(message_of([&] {
          other.add_param_group(Named{{"second", second}});
        }).find("group 1 has some") != std::string::npos);
  CHECK(sgd.size() + other.size() == 2);
  optim::OptimizerStateDict wrong = sgd.state_dict();
  wrong.param_groups[0].options["param_names"] = std::vector<std::string>{"a", "b"};
  CHECK(message_of([&] { sgd.load_state_dict(wrong); }) ==
        "load_state_dict: group 0 has 2 names for 1 parameters");
}
