// The cells of recurrent networks: what follows the matrix products is one pass forward and one pass back.
#pragma once

#include <xgrad/core/kernels/elementwise/formula_list.h>

namespace xgrad {

// 1 / (1 + e^-x).
struct Squashed {
  static auto squashed(const auto& x) { return 1 / (1 + exp(-x)); }
};

// From the gates before their activation and c to h', c' and the activated gates.
struct LstmForward : Pointwise<5, Result::floating>, Squashed {
  static constexpr OpName name{"lstm_cell", ""};
  using outputs = Slots<Same, Same, Same, Same, Same, Same>;
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

// From the parts of input and state in the gates, and h, to h' and the activated gates.
struct GruForward : Pointwise<7, Result::floating>, Squashed {
  static constexpr OpName name{"gru_cell", ""};
  using outputs = Slots<Same, Same, Same, Same>;
  static auto forward(const auto& xr, const auto& xz, const auto& xn, const auto& hr, const auto& hz,
                      const auto& hn, const auto& h) {
    const auto r = squashed(xr + hr), z = squashed(xz + hz), n = tanh(xn + r * hn);
    return pack(n + z * (h - n), r, z, n);
  }
};

// From the gradient of h', the activated gates, the state's part in the last gate and h, to the gradients of
// the gates (the last one's as the input and as the state sees it) and of h itself.
struct GruBackward : Pointwise<6, Result::floating> {
  static constexpr OpName name{"gru_cell_backward", ""};
  using outputs = Slots<Same, Same, Same, Same, Same>;
  static auto forward(const auto& gh, const auto& r, const auto& z, const auto& n, const auto& hn,
                      const auto& h) {
    const auto dn = gh * (1 - z) * (1 - n * n);
    return pack(dn * hn * (r * (1 - r)), gh * (h - n) * (z * (1 - z)), dn, dn * r, gh * z);
  }
};

template <bool relu>
struct RnnForward : Unary<Result::floating> {
  static constexpr OpName name{relu ? "rnn_relu_cell" : "rnn_tanh_cell", ""};
  static auto forward(const auto& gate) {
    if constexpr (relu)
      return where(gate <= 0, 0, gate);  // NaN stays
    else
      return tanh(gate);
  }
};

// From the gradient of h' and h' to that of the gate.
template <bool relu>
struct RnnBackward : Binary<Result::floating> {
  static constexpr OpName name{relu ? "rnn_relu_cell_backward" : "rnn_tanh_cell_backward", ""};
  static auto forward(const auto& gh, const auto& h) {
    if constexpr (relu)
      return where(h <= 0, 0, gh);
    else
      return gh * (1 - h * h);
  }
};

using Recurrent = OpList<LstmForward, LstmBackward, GruForward, GruBackward, RnnForward<false>,
                         RnnForward<true>, RnnBackward<false>, RnnBackward<true>>;
XGRAD_FORMULAS(Recurrent)

}  // namespace xgrad
