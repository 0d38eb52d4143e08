// Costs of ops. Attention counts all pairs, masked or not, as PyTorch's FlopCounterMode does.
#include <xgrad/graph/costs.h>

#include <string_view>

#include <xgrad/core/stanza/op.h>

namespace xgrad::graph {

int64_t mult_adds(const autograd::OpRun& run) {
  const std::string_view op = run.op.name.op;
  const auto arg = [&](int i) -> const Tensor& { return *run.args[i].tensor; };
  const int64_t results = run.outputs->numel();
  if (op == "mm" || op == "bmm" || op == "mv" || op == "dot" || op == "linear" || op == "cdist")
    return results * arg(0).size(-1);
  if (op == "addmm") return results * arg(1).size(-1);
  if (op == "convolution") {
    ops::Attributes numbers;
    run.op.attributes(run.formula, numbers);
    // Each element of what is convolved (or, transposed, spread) meets its part of the weight.
    const int64_t elements = numbers.integer("transposed") != 0 ? arg(0).numel() : results;
    return arg(1).size(0) == 0 ? 0 : elements * (arg(1).numel() / arg(1).size(0));
  }
  if (op == "lstm" || op == "gru" || op == "rnn_tanh" || op == "rnn_relu") {
    const Tensor &hidden = arg(3), &projection = arg(5);  // the input's part is a product before it
    return arg(0).size(0) * (hidden.numel() + (projection.defined() ? projection.numel() : 0));
  }
  if (op == "scaled_dot_product_attention") {
    const int64_t width = arg(2).size(-1);
    return width == 0 ? 0 : results / width * arg(1).size(-2) * (arg(0).size(-1) + width);
  }
  return 0;
}

int64_t result_bytes(const autograd::OpRun& run) {
  int64_t bytes = 0;
  for (int r = 0; r < run.results; ++r) {
    const Tensor& result = run.outputs[r];
    bool is_new = result.defined() && !run.in_place;
    for (int i = 0; is_new && i < run.count; ++i) {
      const Tensor* t = run.args[i].tensor;
      is_new = !t || !t->defined() || t->impl().storage() != result.impl().storage();
    }
    if (is_new) bytes += static_cast<int64_t>(result.nbytes());
  }
  return bytes;
}

}  // namespace xgrad::graph
