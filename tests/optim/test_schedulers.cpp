// Schedulers: rates recorded from PyTorch 2.15, resuming, and mistakes.
#include <doctest/doctest.h>

#include <cmath>
#include <functional>
#include <memory>

#include "../nn/values.h"

namespace optim = xgrad::optim;
using optim::LRScheduler;
using optim::Optimizer;
using xgrad::Tensor;

namespace {

// Two groups, with the rates 0.1 and 1.
template <class Optim = optim::SGD, class Options = optim::SGDOptions>
std::unique_ptr<Optimizer> two_groups() {
  std::vector<optim::OptimizerParamGroup> groups;
  for (const double lr : {.1, 1.}) {
    groups.emplace_back(std::vector<Tensor>{xgrad::zeros({1}, xgrad::requires_grad())});
    groups.back().set_options(std::make_unique<Options>(lr));
  }
  return std::make_unique<Optim>(groups, Options(.1));
}

using Make = std::function<std::shared_ptr<LRScheduler>(Optimizer&)>;
template <class Scheduler, class... A>
Make make(A... a) {
  return [=](Optimizer& o) { return std::make_shared<Scheduler>(o, a...); };
}

struct Recorded {
  const char* name;
  Make make;
  std::vector<double> rates;  // of the second group
};

optim::CyclicLROptions cyclic() {
  return optim::CyclicLROptions(.1, 1).step_size_up(2).step_size_down(3).cycle_momentum(false);
}
optim::OneCycleLROptions one_cycle() { return optim::OneCycleLROptions(2.).total_steps(9); }

std::vector<Recorded> recorded() {
  return {
      {"StepLR", make<optim::StepLR>(3, .5), {1.0, 1.0, 1.0, 0.5, 0.5, 0.5, 0.25, 0.25, 0.25}},
      {"MultiStepLR",
       make<optim::MultiStepLR>(std::vector<int64_t>{2, 5, 5}, .5),
       {1.0, 1.0, 0.5, 0.5, 0.5, 0.125, 0.125, 0.125, 0.125}},
      {"ConstantLR", make<optim::ConstantLR>(.25, 4), {0.25, 0.25, 0.25, 0.25, 1.0, 1.0, 1.0, 1.0, 1.0}},
      {"LinearLR", make<optim::LinearLR>(.25, .5, 4), {0.25, 0.3125, 0.375, 0.4375, 0.5, 0.5, 0.5, 0.5, 0.5}},
      {"ExponentialLR",
       make<optim::ExponentialLR>(.5),
       {1.0, 0.5, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625}},
      {"PolynomialLR", make<optim::PolynomialLR>(5, 2.), {1.0, 0.64, 0.36, 0.16, 0.04, 0.0, 0.0, 0.0, 0.0}},
      {"CosineAnnealingLR",
       make<optim::CosineAnnealingLR>(3, .1),
       {1.0, 0.775, 0.325, 0.1, 0.325, 0.775, 1.0, 0.775, 0.325}},
      {"CosineAnnealingWarmRestarts",
       make<optim::CosineAnnealingWarmRestarts>(2, 2, .1),
       {1.0, 0.55, 1.0, 0.868198051533946, 0.55, 0.231801948466054, 1.0, 0.965745789630079,
        0.868198051533946}},
      {"LambdaLR",
       make<optim::LambdaLR>([](int64_t t) { return 1. / double(1 + t); }),
       {1.0, 0.5, 0.333333333333333, 0.25, 0.2, 0.166666666666667, 0.142857142857143, 0.125,
        0.111111111111111}},
      {"MultiplicativeLR",
       make<optim::MultiplicativeLR>([](int64_t t) { return 1. / double(1 + t); }),
       {1.0, 0.5, 0.166666666666667, 0.041666666666667, 0.008333333333333, 0.001388888888889,
        0.000198412698413, 2.4801587302e-05, 2.755731922e-06}},
      {"CyclicLR", make<optim::CyclicLR>(cyclic()), {0.1, 0.55, 1.0, 0.7, 0.4, 0.1, 0.55, 1.0, 0.7}},
      {"CyclicLR, triangular2",
       make<optim::CyclicLR>(cyclic().mode("triangular2")),
       {0.1, 0.55, 1.0, 0.7, 0.4, 0.1, 0.325, 0.55, 0.4}},
      {"CyclicLR, exp_range",
       make<optim::CyclicLR>(cyclic().mode("exp_range").gamma(.9)),
       {0.1, 0.505, 0.829, 0.5374, 0.29683, 0.1, 0.33914845, 0.53046721, 0.358280326}},
      {"CyclicLR, a function of the cycle",
       make<optim::CyclicLR>(cyclic().scale_fn([](double x) { return 1 / x; })),
       {0.1, 0.55, 1.0, 0.7, 0.4, 0.1, 0.325, 0.55, 0.4}},
      {"CyclicLR, a function of the step",
       make<optim::CyclicLR>(
           cyclic().scale_fn([](double x) { return 1 / (1 + x); }).scale_mode("iterations")),
       {0.1, 0.325, 0.4, 0.25, 0.16, 0.1, 0.164285714285714, 0.2125, 0.166666666666667}},
      {"OneCycleLR",
       make<optim::OneCycleLR>(one_cycle()),
       {0.08, 1.3027164704692, 1.988830870901823, 1.797133318692894, 1.411289457982199, 0.92527420533395,
        0.457459906319296, 0.121785939516065, 8e-06}},
      {"OneCycleLR, three phases",
       make<optim::OneCycleLR>(
           one_cycle().three_phase(true).anneal_strategy("linear").pct_start(.4).cycle_momentum(false)),
       {0.08, 0.818461538461538, 1.556923076923077, 1.704615384615385, 0.966153846153846, 0.227692307692308,
        0.057145142857143, 0.028576571428571, 8e-06}},
      {"SWALR",
       make<optim::swa_utils::SWALR>(.2, 4),
       {1.0, 0.882842712474619, 0.6, 0.317157287525381, 0.2, 0.2, 0.2, 0.2, 0.2}},
      {"SWALR, linear",
       make<optim::swa_utils::SWALR>(.2, 4, "linear"),
       {1.0, 0.8, 0.6, 0.4, 0.2, 0.2, 0.2, 0.2, 0.2}},
      {"SWALR, at once", make<optim::swa_utils::SWALR>(.2, 0), std::vector<double>(9, .2)},
      {"SequentialLR",
       [](Optimizer& o) {
         return std::make_shared<optim::SequentialLR>(
             o,
             std::vector<std::shared_ptr<LRScheduler>>{std::make_shared<optim::ConstantLR>(o, .1, 2),
                                                       std::make_shared<optim::ExponentialLR>(o, .5),
                                                       std::make_shared<optim::StepLR>(o, 1, .1)},
             std::vector<int64_t>{3, 6});
       },
       {0.1, 0.1, 1.0, 1.0, 0.5, 0.25, 1.0, 0.1, 0.01}},
      {"SequentialLR, warm restarts",
       [](Optimizer& o) {
         return std::make_shared<optim::SequentialLR>(
             o,
             std::vector<std::shared_ptr<LRScheduler>>{
                 std::make_shared<optim::LinearLR>(o, .25, 1., 3),
                 std::make_shared<optim::CosineAnnealingWarmRestarts>(o, 2, 1)},
             std::vector<int64_t>{3});
       },
       {0.25, 0.5, 0.75, 1.0, 0.5, 1.0, 0.5, 1.0, 0.5}},
      {"ChainedScheduler",
       [](Optimizer& o) {
         return std::make_shared<optim::ChainedScheduler>(std::vector<std::shared_ptr<LRScheduler>>{
             std::make_shared<optim::ConstantLR>(o, .1, 2), std::make_shared<optim::ExponentialLR>(o, .5)});
       },
       {0.1, 0.05, 0.25, 0.125, 0.0625, 0.03125, 0.015625, 0.0078125, 0.00390625}},
  };
}

double rate(const Optimizer& o) { return o.param_groups().back().options().get_lr(); }

bool close(double a, double b) { return std::abs(a - b) <= 1e-13 + 1e-10 * std::abs(b); }

template <class F>
bool refused(const char* text, F&& f) {
  return message_of(f).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("schedulers give PyTorch's rates") {
  for (const Recorded& r : recorded()) {
    CAPTURE(r.name);
    const auto optimizer = two_groups();
    static_cast<optim::SGDOptions&>(optimizer->defaults()).momentum(.5);
    const auto scheduler = r.make(*optimizer);
    for (std::size_t t = 0; t < r.rates.size(); ++t) {
      CAPTURE(t);
      if (t > 0) scheduler->step();
      CHECK(close(rate(*optimizer), r.rates[t]));
      CHECK(scheduler->get_last_lr()[1] == rate(*optimizer));
      CHECK(scheduler->last_epoch() == static_cast<int64_t>(t));
    }
  }
}

TEST_CASE("a scheduler that takes over a state goes on as the other") {
  for (const Recorded& r : recorded()) {
    CAPTURE(r.name);
    const auto one = two_groups(), two = two_groups();
    const auto before = r.make(*one);
    for (int t = 0; t < 4; ++t) before->step();
    const auto after = r.make(*two);
    two->load_state_dict(one->state_dict());
    after->load_state_dict(before->state_dict());
    for (int t = 0; t < 4; ++t) {
      before->step();
      after->step();
      CHECK(rate(*two) == rate(*one));
    }
  }
}

TEST_CASE("the momentum, or the first of the betas, falls while the rate rises") {
  const auto sgd = two_groups();
  const auto adam = two_groups<optim::Adam, optim::AdamOptions>();
  optim::CyclicLR one(*sgd, cyclic().cycle_momentum(true)), two(*adam, cyclic().cycle_momentum(true));
  for (const double expected : {0.9, 0.85, 0.8, 0.833333333333333}) {
    CHECK(*sgd->param_groups()[1].options().get_momentum() == doctest::Approx(expected));
    CHECK(std::get<0>(static_cast<optim::AdamOptions&>(adam->param_groups()[0].options()).betas()) ==
          doctest::Approx(expected));
    one.step();
    two.step();
  }
  CHECK(refused("optimizer must support momentum or beta1", [] {
    const auto none = two_groups<optim::Adagrad, optim::AdagradOptions>();
    optim::CyclicLR(*none, cyclic().cycle_momentum(true));
  }));
}

TEST_CASE("warm restarts may go to any place between epochs") {
  const auto optimizer = two_groups();
  optim::CosineAnnealingWarmRestarts scheduler(*optimizer, 2, 2, .1);
  const std::vector<std::pair<double, double>> places = {{.5, 0.8681980515339464},
                                                         {1., 0.55},
                                                         {2.5, 0.9657457896300791},
                                                         {6.5, 0.9913533761814537},
                                                         {3., 0.8681980515339464}};
  for (const auto& [place, expected] : places) {
    scheduler.step(place);
    CHECK(close(rate(*optimizer), expected));
  }
  scheduler.step();
  CHECK(close(rate(*optimizer), 0.55));
}

TEST_CASE("a second scheduler knows the rates from before the first") {
  const auto optimizer = two_groups();
  optim::ConstantLR first(*optimizer, .5);
  optim::LambdaLR second(*optimizer, [](int64_t) { return 3; });
  CHECK(rate(*optimizer) == 3);
}

TEST_CASE("one cycle ends after its last step, and nothing is changed then") {
  const auto optimizer = two_groups();
  optim::OneCycleLR scheduler(*optimizer, optim::OneCycleLROptions(1.).total_steps(3).cycle_momentum(false));
  for (int t = 0; t < 3; ++t) scheduler.step();
  const double last = rate(*optimizer);
  CHECK(refused("OneCycleLR: Tried to step 4 times. The specified number of total steps is 3",
                [&] { scheduler.step(); }));
  CHECK(rate(*optimizer) == last);
  CHECK(scheduler.last_epoch() == 3);
}

TEST_CASE("a plateau lowers the rates under LibTorch's name too") {
  const auto optimizer = two_groups();
  using Plateau = optim::ReduceLROnPlateauScheduler;
  Plateau scheduler(*optimizer, Plateau::min, .5, 1);
  for (const double metric : {1., 2., 2., 2.}) scheduler.step(metric);
  CHECK(scheduler.get_last_lr() == std::vector<double>{.05, .5});
  Plateau resumed(*optimizer, Plateau::min, .1, 7);
  resumed.load_state_dict(scheduler.state_dict());
  resumed.step(2);
  CHECK(rate(*optimizer) == .25);
}

namespace {

// As LibTorch's users write one.
class Halving : public LRScheduler {
 public:
  explicit Halving(Optimizer& optimizer) : LRScheduler(optimizer) {}

 private:
  std::vector<double> get_lrs() override {
    std::vector<double> rates = get_current_lrs();
    for (double& r : rates) r /= step_count_ == 0 ? 1 : 2;
    return rates;
  }
};

}  // namespace

TEST_CASE("a scheduler of one's own says the rates of an epoch") {
  const auto optimizer = two_groups();
  Halving scheduler(*optimizer);
  scheduler.step();
  scheduler.step();
  CHECK(rate(*optimizer) == .5);
}

TEST_CASE("schedulers that make no sense are refused") {
  const auto o = two_groups(), other = two_groups();
  CHECK(refused("factor expected to be between 0 and 1: got 2.0", [&] { optim::ConstantLR(*o, 2); }));
  CHECK(refused("Starting multiplicative factor", [&] { optim::LinearLR(*o, 0); }));
  CHECK(refused("Expected positive integer step_size, but got 0", [&] { optim::StepLR(*o, 0); }));
  CHECK(refused("Expected positive integer T_0", [&] { optim::CosineAnnealingWarmRestarts(*o, 0); }));
  CHECK(refused("total_steps OR", [&] { optim::OneCycleLR(*o, optim::OneCycleLROptions(1.)); }));
  CHECK(refused("Factor should be < 1.0: got 1.0",
                [&] { optim::ReduceLROnPlateau(*o, optim::ReduceLROnPlateau::min, 1); }));
  CHECK(refused("Expected 2 lr_lambdas, but got 1", [&] {
    optim::LambdaLR(*o, std::vector<optim::LambdaLR::Lambda>{[](int64_t) { return 1; }});
  }));
  CHECK(refused("belong to the same optimizer",
                [&] { optim::SequentialLR(*o, {std::make_shared<optim::StepLR>(*other, 1)}, {}); }));
  CHECK(refused("got 1 schedulers and 2 milestones", [&] {
    optim::SequentialLR(*o, {std::make_shared<optim::StepLR>(*o, 1)}, {1, 2});
  }));
  CHECK(rate(*o) == 1);
}

TEST_CASE("a rate that is led to 0 may end a rounding below it, and training goes on") {
  const xgrad::Tensor w = xgrad::ones({1}, xgrad::requires_grad());
  w.mutable_grad() = xgrad::ones({1});
  optim::SGD sgd({w}, optim::SGDOptions(.1));
  optim::LinearLR to_zero(sgd, .1, 0);
  for (int epoch = 0; epoch < 8; ++epoch) {
    CHECK_NOTHROW(sgd.step());
    to_zero.step();
  }
  CHECK(std::abs(rate(sgd)) < 1e-15);
  optim::SGD other({w}, optim::SGDOptions(.1));
  CHECK_NOTHROW(other.load_state_dict(sgd.state_dict()));
}

TEST_CASE("no epochs to go leave the rates as they are, but have no closed form") {
  const xgrad::Tensor w = xgrad::ones({1}, xgrad::requires_grad());
  optim::SGD sgd({w}, optim::SGDOptions(.5));
  sgd.step();
  optim::PolynomialLR none(sgd, 0);
  none.step();
  CHECK(rate(sgd) == .5);
  for (const bool linear : {false, true}) {
    std::shared_ptr<optim::LRScheduler> late = std::make_shared<optim::PolynomialLR>(sgd, 0);
    if (linear) late = std::make_shared<optim::LinearLR>(sgd, .5, 1, 0);
    optim::SequentialLR both(sgd, {std::make_shared<optim::StepLR>(sgd, 9), late}, {1});
    CHECK(refused("Expected positive integer total_iters", [&] { both.step(); }));
  }
}

TEST_CASE("a scheduler that steps before the optimizer warns once, and not afterwards") {
  const xgrad::Tensor w = xgrad::ones({1}, xgrad::requires_grad());
  xgrad::optim::SGD sgd({w}, xgrad::optim::SGDOptions(0.1));
  std::vector<std::string> warned;
  const auto before = xgrad::set_warning_handler([&](const std::string& text) { warned.push_back(text); });
  xgrad::optim::StepLR early(sgd, 2);
  early.step();
  early.step();
  CHECK(warned.size() == 1);
  w.sum().backward();
  sgd.step();
  xgrad::optim::StepLR late(sgd, 2);
  late.step();
  xgrad::set_warning_handler(before);
  REQUIRE(warned.size() == 1);
  CHECK(warned[0].find("`lr_scheduler.step()` before `optimizer.step()`") != std::string::npos);
}
