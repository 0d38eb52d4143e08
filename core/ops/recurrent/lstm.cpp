// The LSTM cell over tensors; its formulas are in lstm_formulas.h.
#include <xgrad/core/ops/recurrent/recurrent.h>

#include <array>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/recurrent/lstm_formulas.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tensor/array_view.h>

namespace xgrad {

namespace {

struct LstmCell : Kernel<2, 2> {
  static constexpr OpName name{"lstm_cell", "LstmCellBackward"};

  static std::tuple<Tensor, Tensor, Tensor> forward(const Tensor& gates, const Tensor& c) {
    Tensor h = new_tensor(c.dtype(), c.sizes()), next = new_tensor(c.dtype(), c.sizes()),
           activated = new_tensor(gates.dtype(), gates.sizes());
    const std::vector<Tensor> in = gates.chunk(4, -1), out = activated.chunk(4, -1);
    pointwise_into({h, next, out[0], out[1], out[2], out[3]}, LstmForward{}, in[0], in[1], in[2], in[3], c);
    return {h, next, activated};
  }

  static std::array<Tensor, 2> backward_all(const ops::WantedInputs& wanted, const Tensor& gh,
                                            const Tensor& gc, const Tensor& gates, const Tensor& c,
                                            const Tensor& next, const Tensor& activated) {
    if (ops::derivative_is_expression()) return expression(gh, gc, gates, c);
    Tensor to_gates = new_tensor(gates.dtype(), gates.sizes()), to_c = new_tensor(c.dtype(), c.sizes());
    const std::vector<Tensor> a = activated.chunk(4, -1), out = to_gates.chunk(4, -1);
    const Tensor nothing = ops::wrapped_number(0.0);
    pointwise_into({out[0], out[1], out[2], out[3], to_c}, LstmBackward{}, gh.defined() ? gh : nothing,
                   gc.defined() ? gc : nothing, a[0], a[1], a[2], a[3], c, next);
    return {wanted[0] ? to_gates : Tensor(), wanted[1] ? to_c : Tensor()};
  }
  using saved_all = Saved<In<0>, In<1>, Output<1>, Output<2>>;

  // From the arguments again, since the derivative leads through the gates too.
  static std::array<Tensor, 2> expression(const Tensor& gh, const Tensor& gc, const Tensor& gates,
                                          const Tensor& c) {
    const std::vector<Tensor> part = gates.chunk(4, -1);
    const Tensor i = sigmoid(part[0]), f = sigmoid(part[1]), g = tanh(part[2]), o = sigmoid(part[3]);
    const Tensor t = tanh(f * c + i * g);
    const Tensor zero = ops::wrapped_number(0.0), h = gh.defined() ? gh : zero;
    const Tensor d = (gc.defined() ? gc : zero) + h * o * (1 - t * t);
    return {
        cat({d * g * (i * (1 - i)), d * c * (f * (1 - f)), d * i * (1 - g * g), h * t * (o * (1 - o))}, -1),
        d * f};
  }
};

void check_lstm(const Tensor& input, TensorList hx, const Tensor& w_ih, const Tensor& w_hh) {
  XGRAD_CHECK(hx.size() == 2, "lstm_cell: hx must hold h and c: got ", static_cast<int64_t>(hx.size()),
              " tensors");
  const Tensor &h = hx[0], &c = hx[1];
  XGRAD_CHECK(input.dim() == 1 || input.dim() == 2, "lstm_cell: input must be [N, in] or [in]: input is ",
              input.sizes());
  XGRAD_CHECK(
      w_ih.dim() == 2 && w_hh.dim() == 2 && w_ih.size(0) == 4 * w_hh.size(1) && w_hh.size(0) == w_ih.size(0),
      "lstm_cell: w_ih must be [4 hidden, in] and w_hh [4 hidden, hidden]: w_ih is ", w_ih.sizes(),
      ", w_hh is ", w_hh.sizes());
  DimVector state(input.sizes());
  state.back() = w_hh.size(1);
  XGRAD_CHECK(input.sizes().back() == w_ih.size(1), "lstm_cell: input has inconsistent input_size: input is ",
              input.sizes(), ", w_ih is ", w_ih.sizes(), " (", input.sizes().back(), " vs ", w_ih.size(1),
              ")");
  XGRAD_CHECK(h.sizes() == IntArrayRef(state) && c.sizes() == IntArrayRef(state),
              "lstm_cell: h and c must be ", state, ": h is ", h.sizes(), ", c is ", c.sizes());
}

}  // namespace

std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih,
                                     const Tensor& w_hh, const Tensor& b_ih, const Tensor& b_hh) {
  check_lstm(input, hx, w_ih, w_hh);
  const Tensor gates = linear(input, w_ih, b_ih) + linear(hx[0], w_hh, b_hh);
  const auto [h, c, activated] = differentiable(LstmCell{}, gates, hx[1]);
  return {h, c};
}

}  // namespace xgrad
