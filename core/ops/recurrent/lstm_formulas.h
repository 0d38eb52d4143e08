// The LSTM cell: what follows the two matrix products is one pass forward and one pass back.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

// From the gates before their activation and c to h', c' and the activated gates.
struct LstmForward : Pointwise<5, Result::floating> {
  static constexpr OpName name{"lstm_cell", ""};
  using outputs = Slots<Same, Same, Same, Same, Same, Same>;
  static auto squashed(const auto& x) { return 1 / (1 + exp(-x)); }
  static auto forward(const auto& i, const auto& f, const auto& g, const auto& o, const auto& c) {
    const auto in = squashed(i), forget = squashed(f), cell = tanh(g), out = squashed(o);
    const auto next = forget * c + in * cell;
    return pack(out * tanh(next), next, in, forget, cell, out);
  }
};

// From the gradients of h' and c', the activated gates, c and c' to the gradients of the gates and of c.
struct LstmBackward : Pointwise<8, Result::floating> {
  static constexpr OpName name{"lstm_cell_backward", ""};
  using outputs = Slots<Same, Same, Same, Same, Same>;
  static auto forward(const auto& gh, const auto& gc, const auto& i, const auto& f, const auto& g,
                      const auto& o, const auto& c, const auto& next) {
    const auto t = tanh(next);
    const auto d = gc + gh * o * (1 - t * t);
    return pack(d * g * (i * (1 - i)), d * c * (f * (1 - f)), d * i * (1 - g * g), gh * t * (o * (1 - o)),
                d * f);
  }
};

using Recurrent = OpList<LstmForward, LstmBackward>;
XGRAD_FORMULAS(Recurrent)

}  // namespace xgrad
