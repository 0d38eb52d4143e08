// Cells of recurrent networks.
#pragma once

#include <tuple>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

/// One step of a long short-term memory. With the four parts i, f, g, o of
/// input w_ih^T + b_ih + h w_hh^T + b_hh the new state is c' = sigmoid(f) c + sigmoid(i) tanh(g) and
/// h' = sigmoid(o) tanh(c') (Hochreiter and Schmidhuber, 1997; Gers et al., 2000). input is [N, in] or [in],
/// `hx` holds h and c of [N, hidden] or [hidden], w_ih is [4 hidden, in], w_hh [4 hidden, hidden], the biases
/// [4 hidden]. Returns h' and c'.
XGRAD_API std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih,
                                               const Tensor& w_hh, const Tensor& b_ih = {},
                                               const Tensor& b_hh = {});

}  // namespace xgrad
