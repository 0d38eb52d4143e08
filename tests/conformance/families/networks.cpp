// Rows: ops made for networks, normalisation and recurrent cells.
#include "../registry.h"

namespace conformance {

namespace {

// The calls of one kind of network that has no cell state: of a cell and of layers.
template <class Cell, class Layers>
void recurrent(Table& t, const std::string& name, Cell cell, Layers layers) {
  t.row(name + "_cell", [=](const Args& a) {
    return cell(a.tensor("input"), a.tensor("hx"), a.tensor("w_ih"), a.tensor("w_hh"),
                a.tensor_or_undefined("b_ih"), a.tensor_or_undefined("b_hh"));
  });
  t.row(name, [=](const Args& a) -> Results {
    return layers(a.tensor("input"), a.tensor("hx"), a.tensors("params"), a.flag("has_biases"),
                  a.integer("num_layers"), a.real("dropout"), a.flag("train"), a.flag("bidirectional"),
                  a.flag("batch_first"));
  });
}

}  // namespace

void register_networks(Registry& registry) {
  Table& t = registry.ops;
  t.row("native_layer_norm", [](const Args& a) -> Results {
    return lib::native_layer_norm(a.tensor("input"), a.integers("normalized_shape"),
                                  a.tensor_or_undefined("weight"), a.tensor_or_undefined("bias"),
                                  a.real("eps"));
  });
  t.row("nn.functional.layer_norm", [](const Args& a) {
    return lib::layer_norm(a.tensor("input"), a.integers("normalized_shape"), a.tensor_or_undefined("weight"),
                           a.tensor_or_undefined("bias"), a.real("eps", 1e-5));
  });
  t.row("lstm_cell", [](const Args& a) -> Results {
    return lib::lstm_cell(a.tensor("input"), a.tensors("hx"), a.tensor("w_ih"), a.tensor("w_hh"),
                          a.tensor_or_undefined("b_ih"), a.tensor_or_undefined("b_hh"));
  });
  t.row("lstm", [](const Args& a) -> Results {
    return lib::lstm(a.tensor("input"), a.tensors("hx"), a.tensors("params"), a.flag("has_biases"),
                     a.integer("num_layers"), a.real("dropout"), a.flag("train"), a.flag("bidirectional"),
                     a.flag("batch_first"));
  });
#define RECURRENT(name)                                                        \
  recurrent(                                                                   \
      t, #name, [](const auto&... each) { return lib::name##_cell(each...); }, \
      [](const auto&... each) { return lib::name(each...); })
  RECURRENT(gru);
  RECURRENT(rnn_tanh);
  RECURRENT(rnn_relu);
#undef RECURRENT
  t.row("nn.functional._scaled_dot_product_attention", [](const Args& a) -> Results {
    return lib::_scaled_dot_product_attention(a.tensor("query"), a.tensor("key"), a.tensor("value"),
                                              a.optional_tensor("attn_mask"), a.real("dropout_p", 0),
                                              a.flag("need_attn_weights"), a.flag("is_causal"));
  });
}

}  // namespace conformance
