// Rows: the initial weights of the layers that sequences go through.
#include "random_modules.h"

namespace conformance {

namespace {

namespace nn = lib::nn;

nn::EmbeddingOptions embedding_options(const Args& a) {
  nn::EmbeddingOptions options(a.integer("num_embeddings"), a.integer("embedding_dim"));
  if (a.has("padding_idx")) options.padding_idx(a.integer("padding_idx"));
  return options;
}

}  // namespace

void register_random_sequences(Registry& registry) {
  Table& t = registry.random;
#define MODULE(name, make) \
  t.row("nn." #name, [](const Args& a) { return fresh_parameters(a, [&] { return make; }); })
#define INTEGER(name) a.integer(#name)
  MODULE(Embedding, nn::Embedding(embedding_options(a)));
  MODULE(LSTM, nn::LSTM(nn::LSTMOptions(INTEGER(input_size), INTEGER(hidden_size))));
  MODULE(GRU, nn::GRU(nn::GRUOptions(INTEGER(input_size), INTEGER(hidden_size))));
  MODULE(RNN, nn::RNN(nn::RNNOptions(INTEGER(input_size), INTEGER(hidden_size))));
  MODULE(Bilinear, nn::Bilinear(nn::BilinearOptions(INTEGER(in1_features), INTEGER(in2_features),
                                                    INTEGER(out_features))));
  MODULE(BatchNorm1d, nn::BatchNorm1d(nn::BatchNormOptions(INTEGER(num_features))));
#undef INTEGER
#undef MODULE
}

}  // namespace conformance
