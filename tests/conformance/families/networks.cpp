// Rows: ops made for networks, normalisation and recurrent cells.
#include "../registry.h"

namespace conformance {

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
}

}  // namespace conformance
