// The perceptron with its gradient worked out on paper, and a chain of scalar ops on the barest possible
// tape: the floor under any automatic differentiation of the same work. No tensor library in here.
#include <array>
#include <cmath>

#include "hand.h"

namespace bench {

namespace {

// d/dw of 0.5 (o - d)^2 with o = sigmoid(w.x) is (o - d) o (1 - o) x.
void add_perceptron() {
  workload("perceptron training step").each([] {
    std::array<float, 3> w = {1.F, 1.F, 1.F}, x = {1.F, 2.F, 3.F};
    return [w, x]() mutable {
      // Makes the compiler forget the weights between steps, which keeps each step whole.
      keep_pointer(w.data());
      const float o = 1.F / (1.F + std::exp(-(w[0] * x[0] + w[1] * x[1] + w[2] * x[2])));
      const float slope = (o - 0.9F) * o * (1.F - o);
      for (std::size_t i = 0; i < 3; ++i) w[i] -= 0.1F * slope * x[i];
      return Span{w.data(), 3};
    };
  });
}

enum class Op { mul, add, tanh, neg };

struct Entry {
  Op op;
  int input;
  float value, grad;
};

class Tape {
 public:
  explicit Tape(int length) { entries_.reserve(static_cast<std::size_t>(length) + 1); }

  int start(float x) {
    entries_.clear();
    entries_.push_back({Op::neg, -1, x, 0.F});
    return 0;
  }

  int record(Op op, int input, float constant = 0.F) {
    const float x = entries_[static_cast<std::size_t>(input)].value;
    const float y = op == Op::mul    ? x * constant
                    : op == Op::add  ? x + constant
                    : op == Op::tanh ? std::tanh(x)
                                     : -x;
    entries_.push_back({op, input, y, 0.F});
    return static_cast<int>(entries_.size()) - 1;
  }

  // All factors are 1 but for the constant of `mul`, which is shared by the chain.
  float backward(float factor) {
    entries_.back().grad = 1.F;
    for (std::size_t i = entries_.size() - 1; i > 0; --i) {
      const Entry& e = entries_[i];
      const float slope = e.op == Op::mul    ? factor
                          : e.op == Op::add  ? 1.F
                          : e.op == Op::tanh ? 1.F - e.value * e.value
                                             : -1.F;
      entries_[static_cast<std::size_t>(e.input)].grad += e.grad * slope;
    }
    return entries_[0].grad;
  }

 private:
  std::vector<Entry> entries_;
};

void add_chain() {
  constexpr int length = 1000;
  workload("chain of 1000 scalar ops, forward + backward, per op").per(length).each([] {
    return [tape = Tape(length), grad = 0.F]() mutable {
      int y = tape.start(0.3F);
      for (int i = 0; i < length; i += 4) {
        y = tape.record(Op::add, tape.record(Op::mul, y, 1.0F), 0.1F);
        y = tape.record(Op::neg, tape.record(Op::tanh, y));
      }
      grad += tape.backward(1.0F);
      return Span{&grad, 1};
    };
  });
}

}  // namespace

void add_hand_small_workloads() {
  add_perceptron();
  add_chain();
}

void use_threads(int) {}

}  // namespace bench
