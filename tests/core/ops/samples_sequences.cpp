// Samples of ops over sequences: recurrent networks, attention.
#include "core/ops/samples_kernels.h"

namespace samples {

using namespace xgrad;

namespace {

// input [3, 2, 3], states and weights of two hidden units in `gates` gates, and with `projected` one output.
Tensors recurrent_inputs(int64_t gates, bool has_c, bool projected = false) {
  Tensors x{spread({3, 2, 3}, -2, 2), spread({1, 2, projected ? 1 : 2}, -1, 1, 1)};
  if (has_c) x.push_back(spread({1, 2, 2}, -1, 1, 2));
  x.push_back(spread({gates * 2, 3}, -1, 1, 3));
  x.push_back(spread({gates * 2, projected ? 1 : 2}, -1, 1, 4));
  x.push_back(spread({gates * 2}, -1, 1, 5));
  x.push_back(spread({gates * 2}, -1, 1, 6));
  if (projected) x.push_back(spread({1, 2}, -1, 1, 7));
  return x;
}

Tensor summed(const Tensor& a, const Tensor& b) { return a.sum() + 2 * (b * b).sum(); }

void add_lstm(std::vector<Row>& rows) {
  const Tensors all = recurrent_inputs(4, true);
  const auto run = [](const Tensors& x, const Tensors& params) {
    return lstm(x[0], {x[1], x[2]}, params, params.size() != 2, 1, 0, false, false, false);
  };
  const auto params_of = [](const Tensors& x) { return Tensors(x.begin() + 3, x.end()); };
  const Tensors cell{all[0][0], all[1][0], all[2][0], all[3], all[4], all[5], all[6]};
  rows.push_back(row(
      "lstm", "LstmBackward", 6,
      {{"the outputs", all, [=](const Tensors& x) { return std::get<0>(run(x, params_of(x))); }},
       {"the last c", all, [=](const Tensors& x) { return std::get<2>(run(x, params_of(x))); }},
       {"all results, without biases",
        {all.begin(), all.begin() + 5},
        [=](const Tensors& x) {
          const auto [y, h, c] = run(x, params_of(x));
          return summed(y, h) + summed(c, y);
        }},
       {"a projection", recurrent_inputs(4, true, true),
        [=](const Tensors& x) {
          const auto [y, h, c] = run(x, params_of(x));
          return summed(y, h) + summed(c, y);
        }},
       {"one step of a cell", cell,
        [](const Tensors& x) {
          const auto [h, c] = lstm_cell(x[0], {x[1], x[2]}, x[3], x[4], x[5], x[6]);
          return 2 * h + c;
        }}},
      [](const Tensors& x) {
        return std::get<0>(lstm_cell(x[0], {x[1], x[2]}, x[4], x[3]));
      },
      {cell.begin(), cell.begin() + 5}, "lstm_cell: input has inconsistent input_size"));
}

template <class F>
void add_recurrent(std::vector<Row>& rows, const char* op, const char* node, int64_t gates, const F& layers) {
  const Tensors all = recurrent_inputs(gates, false);
  // The second sequence is one step shorter.
  const Tensor lengths = longs({2, 2, 1}, {3});
  const auto packed = [=](const Tensors& x) {
    return layers(x[0].reshape({6, 3}).narrow(0, 0, 5), lengths, x[1], Tensors(x.begin() + 2, x.end()),
                  false);
  };
  const auto both_ways = [=](const Tensors& x) {
    Tensors params(x.begin() + 2, x.end());
    for (std::size_t i = 0; i < 4; ++i) params.push_back(params[i] * 0.5);
    return layers(x[0].reshape({6, 3}).narrow(0, 0, 5), lengths, cat({x[1], x[1] * 2}, 0), params, true);
  };
  const auto sum_of = [](const std::tuple<Tensor, Tensor>& t) {
    return summed(std::get<0>(t), std::get<1>(t));
  };
  rows.push_back(row(
      op, node, 6,
      {{"sequences of different lengths", all, [=](const Tensors& x) { return sum_of(packed(x)); }},
       {"both directions", all, [=](const Tensors& x) { return sum_of(both_ways(x)); }}},
      [=](const Tensors& x) {
        return std::get<0>(packed({x[0], x[1].narrow(1, 0, 1), x[2], x[3], x[4], x[5]}));
      },
      all, std::string(op) + ": a state must be [layers * directions, N, hidden]"));
}

void add_attention(std::vector<Row>& rows) {
  const Tensors all{spread({2, 3, 4}, -1, 1), spread({2, 5, 4}, -1, 1, 1), spread({2, 5, 2}, -2, 2, 2)};
  rows.push_back(row(
      "scaled_dot_product_attention", "ScaledDotProductAttentionBackward", 4,
      {{"every key", all, [](const Tensors& x) { return scaled_dot_product_attention(x[0], x[1], x[2]); }},
       {"causal", all,
        [](const Tensors& x) {
          return scaled_dot_product_attention(x[0], x[1], x[2], nullopt, 0, true, 0.3);
        }},
       {"a query that sees no key", all,
        [](const Tensors& x) {
          const Tensor mask = longs({1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1}, {3, 5}).to(kBool);
          return scaled_dot_product_attention(x[0], x[1], x[2], mask);
        }},
       {"a mask that learns",
        {all[0], all[1], all[2], spread({3, 5}, -1, 1, 3)},
        [](const Tensors& x) { return scaled_dot_product_attention(x[0], x[1], x[2], x[3]); }}},
      [](const Tensors& x) { return scaled_dot_product_attention(x[0], x[1], x[2]); },
      {spread({2, 3, 4}, -1, 1), spread({2, 5, 3}, -1, 1), spread({2, 5, 2}, -1, 1)},
      "scaled_dot_product_attention: query and key must have the same last size"));
}

}  // namespace

void add_sequences(std::vector<Row>& rows) {
  add_lstm(rows);
#define RECURRENT(name, node, gates)                                                                       \
  add_recurrent(rows, #name, node, gates,                                                                  \
                [](const Tensor& x, const Tensor& lengths, const Tensor& h, const Tensors& w, bool both) { \
                  return name(x, lengths, h, w, true, 1, 0, false, both);                                  \
                })
  RECURRENT(gru, "GruBackward", 3);
  RECURRENT(rnn_tanh, "RnnTanhBackward", 1);
  RECURRENT(rnn_relu, "RnnReluBackward", 1);
#undef RECURRENT
  add_attention(rows);
}

}  // namespace samples
