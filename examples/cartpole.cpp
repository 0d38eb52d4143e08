// A pole that stands on a cart is kept upright by pushing the cart: a policy learns it from the length of its
// episodes alone (REINFORCE).
#include <array>
#include <cmath>
#include <iostream>

#include "common/arguments.h"
#include "common/library.h"
#include "common/terminal.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

/// The cart-pole of Barto, Sutton and Anderson (1983), in steps of a fiftieth of a second.
class CartPole {
 public:
  CartPole() {
    const auto start = xgrad::rand({4}) * 0.1 - 0.05;
    for (int64_t i = 0; i < 4; ++i) state_[static_cast<size_t>(i)] = start[i].item<double>();
  }

  Tensor state() const {
    return xgrad::tensor({static_cast<float>(state_[0]), static_cast<float>(state_[1]),
                          static_cast<float>(state_[2]), static_cast<float>(state_[3])});
  }

  /// Pushes to the right or to the left; false when the pole has fallen or the cart left the track.
  bool step(bool right) {
    constexpr double gravity = 9.8, cart = 1.0, pole = 0.1, half = 0.5, force = 10.0, dt = 0.02;
    auto& [x, v, angle, turn] = state_;
    const double sine = std::sin(angle), cosine = std::cos(angle);
    const double push = ((right ? force : -force) + pole * half * turn * turn * sine) / (cart + pole);
    const double turning =
        (gravity * sine - cosine * push) / (half * (4.0 / 3.0 - pole * cosine * cosine / (cart + pole)));
    const double pushed = push - pole * half * turning * cosine / (cart + pole);
    x += dt * v;
    v += dt * pushed;
    angle += dt * turn;
    turn += dt * turning;
    return std::abs(x) < 2.4 && std::abs(angle) < 12 * 3.14159265358979 / 180;
  }

 private:
  std::array<double, 4> state_{};
};

/// What a policy did in one episode: the logarithms of the probabilities of its actions, and what followed
/// each.
struct Episode {
  std::vector<Tensor> log_odds;
  std::vector<float> returns;
};

Episode play(nn::Sequential& policy, size_t longest) {
  CartPole world;
  Episode episode;
  for (bool stands = true; stands && episode.log_odds.size() < longest;) {
    const auto odds = xgrad::log_softmax(policy->forward(world.state()), 0);
    const auto action = xgrad::multinomial(odds.detach().exp(), 1).item<int64_t>();
    episode.log_odds.push_back(odds[action]);
    stands = world.step(action == 1);
  }
  // An action is worth the steps that follow it, those far away less.
  episode.returns.resize(episode.log_odds.size());
  double follows = 0;
  for (size_t t = episode.returns.size(); t-- > 0;)
    episode.returns[t] = static_cast<float>(follows = 1 + 0.99 * follows);
  return episode;
}

void train(const Arguments& args) {
  xgrad::manual_seed(static_cast<uint64_t>(args.whole("seed")));
  nn::Sequential policy(nn::Linear(4, 64), nn::Tanh(), nn::Linear(64, 2));
  xgrad::optim::Adam adam(policy->parameters(), xgrad::optim::AdamOptions(args.real("lr")));
  const int64_t updates = args.whole("updates"), episodes = args.whole("episodes"), longest = 500;
  std::vector<double> lengths;

  Progress progress(updates, "update", args.whole("trace"));
  for (int64_t update = 1; update <= updates; ++update) {
    std::vector<Tensor> log_odds;
    std::vector<float> returns;
    for (int64_t k = 0; k < episodes; ++k) {
      const Episode episode = play(policy, static_cast<size_t>(longest));
      log_odds.insert(log_odds.end(), episode.log_odds.begin(), episode.log_odds.end());
      returns.insert(returns.end(), episode.returns.begin(), episode.returns.end());
    }
    auto worth = xgrad::tensor(returns);
    worth = (worth - worth.mean()) / worth.std();
    adam.zero_grad();
    const auto loss = -(xgrad::stack(log_odds) * worth).mean();
    loss.backward();
    adam.step();
    lengths.push_back(static_cast<double>(log_odds.size()) / static_cast<double>(episodes));
    progress.show(update, loss.item<double>());
  }
  std::cout << "\nsteps until the pole fell (at most " << longest << ")\n"
            << curve(lengths, 60, 8, "updates");
  std::cout << "last update: " << fixed(lengths.back(), 1) << " steps\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("cartpole", "a policy learns to balance a pole",
                   {{"updates", "80", "of the policy"},
                    {"episodes", "10", "between two updates"},
                    {"lr", "0.01", "learning rate"}})
      .run(argc, argv, train);
}
