// Recurrent networks. The 16-bit dtypes are computed in float32.
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
/// One step of a gated recurrent unit: with r = sigmoid(xr + hr), z = sigmoid(xz + hz) and n = tanh(xn + r
/// hn), where x = input w_ih^T + b_ih and h = hx w_hh^T + b_hh have three parts each, h' = (1 - z) n + z hx
/// (Cho et al., 2014). Returns h'.
XGRAD_API Tensor gru_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                          const Tensor& b_ih = {}, const Tensor& b_hh = {});
/// h' = tanh(input w_ih^T + b_ih + hx w_hh^T + b_hh), or the same with max(0, .).
XGRAD_API Tensor rnn_tanh_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                               const Tensor& b_ih = {}, const Tensor& b_hh = {});
XGRAD_API Tensor rnn_relu_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,
                               const Tensor& b_ih = {}, const Tensor& b_hh = {});

/// The cells over all steps of [T, N, in] (or [N, T, in]), `num_layers` on top of each other, with dropout
/// between them when `train`. Each layer, and each direction of one that is `bidirectional`, has in `params`
/// w_ih, w_hh and, with `has_biases`, b_ih and b_hh; of an lstm whose h is smaller than its c also w_hr,
/// which h' is multiplied with. States are [layers * directions, N, hidden]. Returns the outputs of the last
/// layer, [T, N, directions * hidden], and the last states.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params,
                                                  bool has_biases, int64_t num_layers, double dropout,
                                                  bool train, bool bidirectional, bool batch_first);
/// The same for sequences of different lengths, the longest first: `data` has the first elements of all, then
/// the second ones, ..., and `batch_sizes` (int64) how many there are of each.
XGRAD_API std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes,
                                                  TensorList hx, TensorList params, bool has_biases,
                                                  int64_t num_layers, double dropout, bool train,
                                                  bool bidirectional);

#define XGRAD_RECURRENT(name)                                                                                \
  XGRAD_API std::tuple<Tensor, Tensor> name(const Tensor& input, const Tensor& hx, TensorList params,        \
                                            bool has_biases, int64_t num_layers, double dropout, bool train, \
                                            bool bidirectional, bool batch_first);                           \
  XGRAD_API std::tuple<Tensor, Tensor> name(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx, \
                                            TensorList params, bool has_biases, int64_t num_layers,          \
                                            double dropout, bool train, bool bidirectional)
XGRAD_RECURRENT(gru);
XGRAD_RECURRENT(rnn_tanh);
XGRAD_RECURRENT(rnn_relu);
#undef XGRAD_RECURRENT

}  // namespace xgrad
