// Layers for sequences against values recorded from PyTorch 2.15, which has the same initial values for the
// same seed.
#include <doctest/doctest.h>

#include "values.h"

using namespace xgrad;
namespace rnn = xgrad::nn::utils::rnn;

namespace {

// Made in the order in which the recording drew their values.
struct Recurrent {
  Recurrent() {
    manual_seed(0);
    lstm = nn::LSTM(nn::LSTMOptions(3, 4).num_layers(2).proj_size(2).bidirectional(true));
    gru = nn::GRU(nn::GRUOptions(3, 4).num_layers(2).batch_first(true).bidirectional(true));
    bag = nn::EmbeddingBag(nn::EmbeddingBagOptions(5, 2).mode(kMax).padding_idx(1));
  }
  nn::LSTM lstm = nullptr;
  nn::GRU gru = nullptr;
  nn::EmbeddingBag bag = nullptr;
  Tensor x = arange(24, TensorOptions(kFloat)).reshape({4, 2, 3}).sin();
};

Tensor queries() { return arange(24, TensorOptions(kFloat)).reshape({3, 2, 4}).cos(); }

Tensor sum01(const Tensor& t) { return t.sum({0, 1}); }

std::vector<std::string> state_names(const nn::Module& module) { return module.state_dict().keys(); }

}  // namespace

TEST_CASE("an LSTM of two layers, both directions and a projection follows Python's") {
  Recurrent r;
  const auto [y, state] = r.lstm(r.x);
  const auto& [h, c] = state;
  CHECK(is_close(sum01(y), {1.5187469, 0.4674951, 0.2404536, 0.5141455}, 1e-5));
  CHECK(is_close(h.sum({1, 2}), {-0.1473429, -0.0135641, 0.5672156, 0.238104}, 1e-5));
  CHECK(is_close(c.sum({1, 2}), {-1.8842047, -0.4127118, -0.0095837, -1.1078372}, 1e-5));
}

TEST_CASE("an input without a batch gives results without one") {
  Recurrent r;
  const auto [y, h] = r.gru(r.x[0]);
  CHECK(y.sizes().vec() == std::vector<int64_t>{2, 8});
  CHECK(h.sizes().vec() == std::vector<int64_t>{4, 4});
  CHECK(is_close(y.sum(0),
                 {-0.1206399, 0.0636907, -0.6744674, 0.4788907, -0.0606199, 0.2782934, -0.079895, -0.1081436},
                 1e-5));
}

TEST_CASE("packed sequences go through a network at their own lengths") {
  Recurrent r;
  const rnn::PackedSequence p =
      rnn::pack_padded_sequence(r.x, tensor({2, 4}, TensorOptions(kLong)), false, false);
  CHECK(equal(p.batch_sizes(), tensor({2, 2, 1, 1}, TensorOptions(kLong))));
  CHECK(equal(p.sorted_indices(), tensor({1, 0}, TensorOptions(kLong))));
  CHECK(is_close(p.data().narrow(0, 0, 2), {0.14112, -0.7568025, -0.9589243, 0.0, 0.841471, 0.9092974}));
  const auto [packed, state] = r.lstm->forward_with_packed_input(p);
  const auto [y, lengths] = rnn::pad_packed_sequence(packed, false, -1, 5);
  CHECK(equal(lengths, tensor({2, 4}, TensorOptions(kLong))));
  CHECK(is_close(y.select(1, 0).sum(1), {0.2548877, 0.2857739, -4.0, -4.0, -4.0}, 1e-5));
  CHECK(is_close(std::get<0>(state).sum({1, 2}), {-0.136247, -0.029301, 0.5229827, 0.2085975}, 1e-5));
  CHECK(is_close(std::get<1>(state).sum({1, 2}), {-1.9515202, -0.1234339, -0.0507177, -1.0228093}, 1e-5));
}

TEST_CASE("packed sequences take another dtype, and stay the same sequences") {
  const rnn::PackedSequence p = rnn::pack_sequence({ones({1, 2}), full({3, 2}, 2.0)}, false),
                            q = p.to(kDouble);
  CHECK(equal(q.data(), p.data().to(kDouble)));
  CHECK(p.data().dtype() == xgrad::kFloat);
  CHECK(equal(q.batch_sizes(), p.batch_sizes()));
  CHECK(equal(q.unsorted_indices(), p.unsorted_indices()));
  CHECK(equal(p.to(xgrad::kCPU).cpu().data(), p.data()));
  CHECK(!p.is_cuda());
}

TEST_CASE("padding and packing undo each other") {
  const std::vector<Tensor> sequences{ones({2, 3}), full({4, 3}, 2.0), full({1, 3}, 3.0)};
  const auto [padded, lengths] = rnn::pad_packed_sequence(rnn::pack_sequence(sequences, false), true);
  CHECK(equal(padded, rnn::pad_sequence(sequences, true)));
  CHECK(equal(lengths, tensor({2, 4, 1}, TensorOptions(kLong))));
  const Tensor left = rnn::pad_sequence(sequences, true, -1, "left");
  CHECK(equal(left.slice(1, 2)[0], sequences[0]));
  CHECK(equal(left.slice(1, 0, 2)[0], full({2, 3}, -1.0)));
  CHECK(equal(left.slice(1, 3)[2], sequences[2]));
  CHECK(message_of([&] { rnn::pad_sequence(sequences, true, 0, "top"); }) ==
        "pad_sequence: padding_side must be \"left\" or \"right\": got \"top\"");
  CHECK(
      message_of([&] { rnn::pack_sequence(sequences); }) ==
      "pack_padded_sequence: lengths must be sorted, the longest first: 4 after 2; or pass enforce_sorted = "
      "false");
}

TEST_CASE("a bag of no embedding but padding is 0") {
  Recurrent r;
  const Tensor out =
      r.bag(tensor({1, 0, 3, 4}, TensorOptions(kLong)), tensor({0, 1, 3}, TensorOptions(kLong)));
  CHECK(is_close(out, {0.0, 0.0, 0.3877307, 1.0815003, -1.0795155, -0.2497393}));
}

TEST_CASE("a bag is the sum or the mean of its rows, row by row, for any number of threads") {
  namespace F = nn::functional;
  const int before = get_num_threads();
  manual_seed(8);
  for (const int64_t width : {1, 19, 64, 203}) {
    const Tensor table = randn({50, width}, kDouble).requires_grad_(), indices = randint(0, 50, {400}, kLong),
                 starts = tensor({0, 0, 7, 150, 399}, kLong), each = rand({400}, kDouble).requires_grad_();
    for (const bool weighted : {false, true}) {
      std::vector<Tensor> rows;
      for (int64_t bag = 0; bag < 5; ++bag) {
        const int64_t begin = starts[bag].item<int64_t>(),
                      end = bag < 4 ? starts[bag + 1].item<int64_t>() : 400;
        Tensor sum = zeros({width}, kDouble);
        for (int64_t i = begin; i < end; ++i)
          sum = sum + table[indices[i].item<int64_t>()] * (weighted ? each[i] : ones({}, kDouble));
        rows.push_back(weighted || begin == end ? sum : sum / (end - begin));
      }
      const Tensor expected = stack(rows), g = randn_like(expected.detach());
      const std::vector<Tensor> inputs{table, each};
      const auto wanted = autograd::grad({expected}, inputs, {g}, {}, false, true);
      Tensor last;
      for (const int threads : {1, 2}) {
        set_num_threads(threads);
        auto options = F::EmbeddingBagFuncOptions().offsets(starts);
        if (weighted) options.mode(kSum).per_sample_weights(each);
        const Tensor y = F::embedding_bag(indices, table, options);
        CHECK(allclose(y, expected));
        const auto got = autograd::grad({y}, inputs, {g}, {}, false, true);
        CHECK(allclose(got[0], wanted[0]));
        CHECK(got[1].defined() == weighted);
        if (weighted) CHECK(allclose(got[1], wanted[1]));
        CHECK((!last.defined() || equal(last, got[0])));
        last = got[0];
      }
      set_num_threads(before);
    }
  }
}

TEST_CASE("embeddings that are given do not learn unless they are thawed") {
  const Tensor table = arange(6, TensorOptions(kFloat)).reshape({3, 2});
  nn::Embedding frozen = nn::Embedding::from_pretrained(table);
  CHECK(is_close(frozen(tensor({2, 0}, TensorOptions(kLong))), {4, 5, 0, 1}));
  CHECK_FALSE(frozen->weight.requires_grad());
  CHECK(nn::Embedding::from_pretrained(table, nn::EmbeddingFromPretrainedOptions().freeze(false))
            ->weight.requires_grad());
  CHECK_FALSE(table.requires_grad());
}

TEST_CASE("attention of several heads follows Python's, with masks") {
  manual_seed(1);
  nn::MultiheadAttention attention(4, 2);
  CHECK(attention->head_dim == 2);
  CHECK(attention->_qkv_same_embed_dim);
  const Tensor q = queries();
  auto [out, weights] = attention(q, q, q);
  CHECK(is_close(sum01(out), {-0.0120921, 0.1269621, -0.1170931, 0.0215635}, 1e-5));
  CHECK(is_close(weights[0].flatten().narrow(0, 0, 3), {0.3357065, 0.3738325, 0.2904609}, 1e-5));
  const Tensor padding = tensor({0, 0, 1, 0, 1, 1}, TensorOptions(kLong)).reshape({2, 3}).to(kBool);
  const Tensor later = ones({3, 3}).triu(1).to(kBool);
  std::tie(out, weights) = attention(q, q, q, padding, true, later, false);
  CHECK(is_close(sum01(out), {0.0604756, -0.4336024, 0.1925528, 0.0836666}, 1e-5));
  CHECK(is_close(weights[1][0], {1, 0, 0, 1, 0, 0, 1, 0, 0}));
  const Tensor fused = std::get<0>(attention(q, q, q, padding, false, later));
  CHECK(allclose(fused, out, 1e-5, 1e-6));
}

TEST_CASE("keys and values of other sizes, with more of them added") {
  manual_seed(2);
  nn::MultiheadAttention attention(
      nn::MultiheadAttentionOptions(4, 2).kdim(3).vdim(5).add_bias_kv(true).add_zero_attn(true).batch_first(
          true));
  const Tensor q = queries().transpose(0, 1);
  const auto [out, weights] =
      attention(q, q.narrow(2, 0, 3), arange(30, TensorOptions(kFloat)).reshape({2, 3, 5}).sin());
  CHECK(is_close(sum01(out), {0.0270453, -0.4433773, 0.0921715, 0.1692596}, 1e-5));
  CHECK(weights.sizes().vec() == std::vector<int64_t>{2, 3, 5});
  CHECK(is_close(weights[0][0], {0.2111371, 0.1588633, 0.2172048, 0.2221402, 0.1906547}, 1e-5));
  CHECK(state_names(*attention) == std::vector<std::string>{"q_proj_weight", "k_proj_weight", "v_proj_weight",
                                                            "in_proj_bias", "bias_k", "bias_v",
                                                            "out_proj.weight", "out_proj.bias"});
}

TEST_CASE("a transformer has Python's initial values and results") {
  manual_seed(3);
  nn::Transformer net(
      nn::TransformerOptions(4, 2, 2, 1).dim_feedforward(8).dropout(0).norm_first(true).activation(kGELU));
  net->eval();
  const auto parameters = net->named_parameters();
  CHECK(is_close(parameters["encoder.layers.1.linear1.weight"].flatten().narrow(0, 0, 4),
                 {-0.691569, 0.0560781, -0.5780905, -0.3190196}));
  CHECK(is_close(parameters["decoder.layers.0.multihead_attn.in_proj_weight"].flatten().narrow(0, 0, 4),
                 {0.3623381, 0.4723929, -0.2245531, 0.236743}));
  CHECK(is_close(parameters["decoder.layers.0.linear1.bias"].narrow(0, 0, 3),
                 {0.2358196, 0.0913251, -0.3680364}));
  const Tensor out = net(queries(), queries().narrow(0, 0, 2) * 0.5, Tensor(),
                         nn::TransformerImpl::generate_square_subsequent_mask(2));
  CHECK(is_close(sum01(out), {-0.4657108, 2.2530432, -5.4841514, 3.6968193}, 1e-5));
}

TEST_CASE("an embedding that refuses its indices leaves the table as it was") {
  const auto limited = nn::functional::EmbeddingFuncOptions().max_norm(1);
  const Tensor table = full({3, 2}, 5.), before = table.clone();
  CHECK_THROWS_AS(nn::functional::embedding(tensor({0, 1}, kByte), table, limited), TypeError);
  CHECK_THROWS_AS(nn::functional::embedding(tensor({0, 3}), table, limited), Error);
  CHECK_THROWS_AS(nn::functional::embedding(tensor({0, 1}), table,
                                            nn::functional::EmbeddingFuncOptions(limited).sparse(true)),
                  Error);
  CHECK(table.equal(before));
  CHECK(is_close(nn::functional::embedding(tensor({1}, kInt), table, limited), {0.70710677, 0.70710677}));
  CHECK(is_close(table, {5, 5, 0.70710677, 0.70710677, 5, 5}));
}

TEST_CASE("an encoder in training drops what Python drops") {
  manual_seed(4);
  nn::TransformerEncoder net(
      nn::TransformerEncoderLayer(nn::TransformerEncoderLayerOptions(4, 2).dim_feedforward(8)), 2);
  manual_seed(5);
  const Tensor padding = tensor({0, 0, 1, 0, 1, 1}, TensorOptions(kLong)).reshape({2, 3}).to(kBool);
  const Tensor out = net(queries(), Tensor(), padding);
  CHECK(is_close(out.flatten().narrow(0, 0, 8),
                 {1.6262788, 0.0108119, -0.9052373, -0.7318535, -1.0403044, 1.3932481, 0.4996591, -0.8526028},
                 1e-5));
}

TEST_CASE("layers for sequences print and name their state as in Python") {
  CHECK(printed(nn::Embedding(nn::EmbeddingOptions(10, 3).padding_idx(-1).max_norm(2).scale_grad_by_freq(
            true))) == "Embedding(10, 3, padding_idx=9, max_norm=2.0, scale_grad_by_freq=True)");
  CHECK(printed(nn::EmbeddingBag(nn::EmbeddingBagOptions(10, 3).mode(kSum).max_norm(1).padding_idx(2))) ==
        "EmbeddingBag(10, 3, max_norm=1.0, mode='sum', padding_idx=2)");
  CHECK(printed(nn::Bilinear(2, 3, 4)) ==
        "Bilinear(in1_features=2, in2_features=3, out_features=4, bias=True)");
  CHECK(printed(nn::RNN(nn::RNNOptions(3, 4).num_layers(2).nonlinearity(kReLU).bias(false))) ==
        "RNN(3, 4, num_layers=2, bias=False)");
  nn::LSTM lstm(
      nn::LSTMOptions(3, 4).num_layers(2).proj_size(2).bidirectional(true).batch_first(true).dropout(0.1));
  CHECK(printed(lstm) ==
        "LSTM(3, 4, proj_size=2, num_layers=2, batch_first=True, dropout=0.1, bidirectional=True)");
  CHECK(state_names(*lstm).size() == 20);
  CHECK(state_names(*lstm)[5] == "weight_ih_l0_reverse");
  CHECK(printed(nn::GRUCell(nn::GRUCellOptions(3, 4).bias(false))) == "GRUCell(3, 4, bias=False)");
  CHECK(printed(nn::RNNCell(nn::RNNCellOptions(3, 4).nonlinearity(kReLU))) ==
        "RNNCell(3, 4, nonlinearity=relu)");
  CHECK(printed(nn::MultiheadAttention(4, 2)) ==
        "MultiheadAttention(\n  (out_proj): NonDynamicallyQuantizableLinear(in_features=4, out_features=4, "
        "bias=True)\n)");
}

TEST_CASE("a copy of a layer for sequences is independent of it") {
  nn::GRU gru(3, 4);
  auto copy = std::dynamic_pointer_cast<nn::GRUImpl>(gru->clone());
  const Tensor x = ones({2, 1, 3});
  CHECK(equal(std::get<0>(copy->forward(x)), std::get<0>(gru(x))));
  nn::init::zeros_(copy->all_weights()[0]);
  CHECK_FALSE(equal(std::get<0>(copy->forward(x)), std::get<0>(gru(x))));
}

TEST_CASE("a wrong shape is refused by the layer for sequences") {
  CHECK(message_of([] {
          nn::LSTM(3, 4)->forward(zeros({2, 1, 5}));
        }) ==
        "LSTM: the last size of input must be input_size: input is [2, 1, 5], input_size is 3 (5 vs 3)");
  CHECK(message_of([] {
          nn::GRU(3, 4)->forward(zeros({2, 1, 3}), zeros({1, 2, 4}));
        }) == "GRU: a state must be [1, 1, 4]: it is [1, 2, 4]");
  CHECK(message_of([] { nn::MultiheadAttention(4, 3); }) ==
        "MultiheadAttention: num_heads must divide embed_dim: embed_dim is 4, num_heads is 3");
  CHECK(contains(message_of([] { nn::Embedding(3, 2)->forward(tensor({3}, TensorOptions(kLong))); }),
                 "embedding: "));
}
