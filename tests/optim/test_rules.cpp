// The rules of all optimizers beside SGD and Adam: trajectories recorded from PyTorch 2.15, and resuming.
#include <doctest/doctest.h>

#include <functional>
#include <memory>

#include "../nn/values.h"

namespace optim = xgrad::optim;
using xgrad::Tensor;

namespace {

struct MadeOptimizer {
  std::string text;
  std::function<std::unique_ptr<optim::Optimizer>(std::vector<Tensor>)> make;
  std::vector<double> recorded;  // ten steps from {1, -2, 3} in float64, PyTorch 2.15
};

template <class Optimizer, class Options>
MadeOptimizer made(const char* name, const Options& options, std::vector<double> recorded) {
  return {std::string(name) + "(" + xgrad::fields_repr(options, Options()) + ")",
          [options](std::vector<Tensor> params) -> std::unique_ptr<optim::Optimizer> {
            return std::make_unique<Optimizer>(std::move(params), options);
          },
          std::move(recorded)};
}

std::vector<MadeOptimizer> vector_optimizers() {
  return {
      made<optim::Adagrad>("Adagrad", optim::AdagradOptions(.5),
                           {0.003105603447777549, -0.2924740006188314, 0.9922243399152885}),
      made<optim::Adagrad>(
          "Adagrad",
          optim::AdagradOptions(.5).lr_decay(.1).weight_decay(.1).initial_accumulator_value(.2).eps(1e-3),
          {0.023601074253614567, -0.5174409961225895, 1.3531963692934492}),
      made<optim::Adagrad>("Adagrad", optim::AdagradOptions(.5).maximize(true),
                           {4.144363992715931, -4.935461034832141, 5.827659911937709}),
      made<optim::Adadelta>("Adadelta", optim::AdadeltaOptions(),
                            {0.9665970554136089, -1.966422790420673, 2.9663647553181387}),
      made<optim::Adadelta>("Adadelta",
                            optim::AdadeltaOptions(.5).rho(.8).eps(1e-3).weight_decay(.1).maximize(true),
                            {1.4500232650224558, -2.428140998987407, 3.420230116329733}),
      made<optim::Adamax>("Adamax", optim::AdamaxOptions(.3),
                          {-0.31622124786737554, 0.018273304419182193, 0.6863766338229332}),
      made<optim::Adamax>("Adamax",
                          optim::AdamaxOptions(.3).betas({.5, .8}).eps(1e-3).weight_decay(.1).maximize(true),
                          {3.745861881634644, -4.8210752512883985, 5.859902579674093}),
      made<optim::NAdam>("NAdam", optim::NAdamOptions(.3),
                         {-0.085858065512089, -0.2170377915923022, 0.9700920613649506}),
      made<optim::NAdam>(
          "NAdam", optim::NAdamOptions(.3).betas({.5, .8}).eps(1e-3).weight_decay(.1).momentum_decay(.1),
          {-0.00039470384533510177, -0.06553967424318506, 0.6066127142717208}),
      made<optim::NAdam>("NAdam",
                         optim::NAdamOptions(.3).weight_decay(.1).decoupled_weight_decay(true).maximize(true),
                         {3.265952516455218, -3.8267837557931266, 4.4743020783440075}),
      made<optim::RAdam>("RAdam", optim::RAdamOptions(.3),
                         {-0.42574617130620435, 0.15042997415386938, 1.0482001222596533}),
      made<optim::RAdam>("RAdam", optim::RAdamOptions(.3).betas({.5, .8}).eps(1e-3).weight_decay(.1),
                         {0.025270570670969033, 0.042712336451078615, 0.3421615163310177}),
      made<optim::RAdam>("RAdam",
                         optim::RAdamOptions(.3).weight_decay(.1).decoupled_weight_decay(true).maximize(true),
                         {5.113905418996023, -4.761182405269465, 4.340941718792579}),
      made<optim::RMSprop>("RMSprop", optim::RMSpropOptions(.1),
                           {-4.152503438071592e-23, -0.005264079719802977, 0.14650172119109556}),
      made<optim::RMSprop>("RMSprop",
                           optim::RMSpropOptions(.1).alpha(.8).eps(1e-3).weight_decay(.1).maximize(true),
                           {2.500984636944308, -3.4368706981075747, 4.408034839083713}),
      made<optim::RMSprop>("RMSprop", optim::RMSpropOptions(.1).momentum(.5),
                           {0.02013942221605832, -0.03319936360160692, 0.03226805517586242}),
      made<optim::RMSprop>("RMSprop", optim::RMSpropOptions(.1).centered(true).alpha(.3),
                           {0.009329739680765895, 0.0001539364833103197, 0.04257170863583429}),
      made<optim::RMSprop>("RMSprop", optim::RMSpropOptions(.1).centered(true).momentum(.5),
                           {0.020319157958826408, -0.03198152084919117, 0.03584720218011565}),
      made<optim::Rprop>("Rprop", optim::RpropOptions(.5),
                         {0.06800000000000002, 0.30383999999999994, 0.10863999999999996}),
      made<optim::Rprop>("Rprop", optim::RpropOptions(.5).etas({.3, 1.5}).step_sizes({.2, 2}),
                         {0.0124999999999999, 0.03125000000000011, -0.024687500000000084}),
      made<optim::Rprop>("Rprop", optim::RpropOptions(.1).maximize(true),
                         {3.5958682112, -4.5958682112, 5.5958682112}),
      made<optim::ASGD>("ASGD", optim::ASGDOptions(.1),
                        {0.10736982033894943, -0.6973055498313765, 1.796053660057932}),
      made<optim::ASGD>("ASGD",
                        optim::ASGDOptions(.1).lambd(.1).alpha(.5).t0(2).weight_decay(.1).maximize(true),
                        {5.064660114067073, -4.249583377074397, 4.0065806810610765}),
      made<optim::Adafactor>("Adafactor", optim::AdafactorOptions(.1),
                             {0.05626928417424652, -0.717851221002309, 1.621606174977352}),
      made<optim::Adafactor>(
          "Adafactor",
          optim::AdafactorOptions(.1).beta2_decay(-.5).eps({1e-3, .1}).d(1.5).weight_decay(.1).maximize(true),
          {4.574558234488272, -5.334625979275722, 6.157313075237561})};
}

Tensor vector(xgrad::ScalarType dtype = xgrad::kFloat64) {
  return xgrad::tensor({1., -2., 3.}, xgrad::dtype(dtype).requires_grad(true));
}
Tensor matrix() {
  return xgrad::tensor({{1., -2., 3.}, {.5, 4., -1.}}, xgrad::dtype(xgrad::kFloat64).requires_grad(true));
}

// Steps down (or up) a bowl that is steeper in the first direction.
void descend(optim::Optimizer& optimizer, const Tensor& p, int steps = 10) {
  const Tensor weight = xgrad::tensor({1., .5, .25}, p.dtype());
  for (int i = 0; i < steps; ++i) {
    optimizer.zero_grad();
    (p.pow(2) * weight).sum().backward();
    optimizer.step();
  }
}

template <class Options>
bool refused(const char* text, const Options& options) {
  const Tensor p = vector();
  return message_of([&] { options.check(); }).find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("the trajectories of all optimizers are PyTorch's") {
  for (const MadeOptimizer& o : vector_optimizers()) {
    CAPTURE(o.text);
    const Tensor p = vector();
    descend(*o.make({p}), p);
    CHECK(is_close(p, o.recorded, 1e-11));
    const Tensor single = vector(xgrad::kFloat32);
    descend(*o.make({single}), single);
    CHECK(is_close(single, o.recorded, 2e-5));
  }
}

TEST_CASE("Adafactor keeps of a matrix the means of its rows and columns") {
  const Tensor p = matrix();
  optim::Adafactor adafactor({p}, optim::AdafactorOptions(.1));
  descend(adafactor, p);
  CHECK(is_close(p,
                 {0.0003391900406737212, -0.8899916121009481, 0.7873639613542482, 0.008711096904294372,
                  2.399693905123918, -0.43703906606933296},
                 1e-11));
  const auto& state =
      static_cast<optim::AdafactorParamState&>(*adafactor.state().at(p.unsafeGetTensorImpl()));
  CHECK(state.row_var().sizes() == xgrad::IntArrayRef({2, 1}));
  CHECK(state.col_var().sizes() == xgrad::IntArrayRef({1, 3}));
  CHECK_FALSE(state.variance().defined());
  const Tensor q = matrix();
  optim::Adafactor other(
      {q},
      optim::AdafactorOptions(.1).beta2_decay(-.5).eps({1e-3, .1}).d(1.5).weight_decay(.1).maximize(true));
  descend(other, q);
  CHECK(is_close(q,
                 {5.816402319907872, -4.096934133758648, 7.576588830083311, 2.8784464461143395,
                  8.40987293803014, -2.5876523010017882},
                 1e-11));
}

// In bfloat16 PyTorch's products round in another order.
TEST_CASE("Muon's trajectories are PyTorch's, within bfloat16") {
  const std::vector<std::pair<optim::MuonOptions, std::vector<double>>> recorded = {
      {optim::MuonOptions(.1),
       {0.1390742644471126, -1.6086112086350781, 2.184309692854043, 0.01937970344827444, 2.9599043154459106,
        -1.0093924980099442}},
      {optim::MuonOptions(.1).weight_decay(.5).momentum(.5).nesterov(false).adjust_lr_fn("match_rms_adamw"),
       {0.3688923484109332, -1.1399230737167365, 1.6518417616961245, 0.16877269487654017, 2.207990493940648,
        -0.6257281280545299}},
      {optim::MuonOptions(.1).ns_coefficients({2, -1.5, .5}).ns_steps(3).adjust_lr_fn("spectral_unclamped"),
       {0.31108737233926026, -1.5268885878815148, 2.2906135595349277, 0.12473157087257317, 2.908391016970217,
        -0.916487907669736}}};
  for (const auto& [options, result] : recorded) {
    const Tensor p = matrix();
    optim::Muon muon({p}, options);
    descend(muon, p);
    CHECK(is_close(p, result, 0.02));
  }
}

TEST_CASE("Muon refuses what is no matrix") {
  const std::string text = message_of([] { optim::Muon({vector()}); });
  CHECK(text.find("Muon: only supports 2D parameters: got one of shape [3]") != std::string::npos);
  CHECK(refused("is not supported; it may be", optim::MuonOptions().adjust_lr_fn("other")));
  CHECK(refused("ns_steps is 100", optim::MuonOptions().ns_steps(100)));
}

TEST_CASE("every optimizer that takes over a state goes on bit for bit") {
  std::vector<MadeOptimizer> all = vector_optimizers();
  all.push_back(made<optim::Muon>("Muon", optim::MuonOptions(.1), {}));
  all.push_back(made<optim::Adafactor>("Adafactor", optim::AdafactorOptions(.1), {}));
  for (const MadeOptimizer& o : all) {
    CAPTURE(o.text);
    const bool flat = !o.recorded.empty();
    const Tensor p = flat ? vector() : matrix(), q = flat ? vector() : matrix();
    const auto one = o.make({p}), two = o.make({q});
    descend(*one, p, 7);
    two->load_state_dict(one->state_dict());
    q.set_data(p.detach().clone());
    descend(*one, p, 3);
    descend(*two, q, 3);
    CHECK(xgrad::equal(p, q));
  }
}

TEST_CASE("a parameter that cannot be stepped leaves the numbers of other states as they were") {
  const Tensor good = vector(), bad = vector();
  optim::NAdam nadam({good, bad}, optim::NAdamOptions(.1));
  descend(nadam, good, 2);
  const auto& state = static_cast<optim::NAdamParamState&>(*nadam.state().at(good.unsafeGetTensorImpl()));
  const double product = state.mu_product();
  bad.mutable_grad() = xgrad::ones({2}, xgrad::kFloat64);
  CHECK_THROWS_AS(nadam.step(), xgrad::ValueError);
  CHECK(state.mu_product() == product);
  CHECK(state.step() == 2);
}

TEST_CASE("options that make no sense are refused by their optimizer") {
  CHECK(refused("Adagrad: Invalid lr_decay value: -1.0", optim::AdagradOptions().lr_decay(-1)));
  CHECK(refused("Adadelta: Invalid rho value: 2.0", optim::AdadeltaOptions().rho(2)));
  CHECK(refused("Adamax: Invalid beta parameter at index 1: 1.0", optim::AdamaxOptions().betas({.5, 1})));
  CHECK(refused("NAdam: Invalid momentum_decay value: -1.0", optim::NAdamOptions().momentum_decay(-1)));
  CHECK(refused("RAdam: Invalid epsilon value: -1.0", optim::RAdamOptions().eps(-1)));
  CHECK(refused("RMSprop: Invalid alpha value: -1.0", optim::RMSpropOptions().alpha(-1)));
  CHECK(refused("Rprop: Invalid eta values: 2.0, 1.2", optim::RpropOptions().etas({2, 1.2})));
  CHECK(refused("ASGD: Invalid lambd value: -1.0", optim::ASGDOptions().lambd(-1)));
  CHECK(
      refused("Adafactor: Clipping threshold d should be >= 1 but is: 0.5", optim::AdafactorOptions().d(.5)));
  CHECK(refused("LBFGS: only 'strong_wolfe' is supported", optim::LBFGSOptions().line_search_fn("armijo")));
}
