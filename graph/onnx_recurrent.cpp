// LSTM, GRU and RNN: a node for each layer, whose weights are PyTorch's with their gates in ONNX's order.
#include <xgrad/core/tensor/creation.h>
#include <xgrad/graph/onnx_export.h>
#include <xgrad/nn/layers/rnn.h>

namespace xgrad::graph {

namespace {

// What the three have in common.
struct Recurrent {
  const char* type;
  std::vector<int64_t> gates;  // PyTorch's, by ONNX's order
  int64_t hidden, layers;
  bool bias, batch_first, bidirectional;
  std::vector<OnnxAttribute> attributes;
};

template <class Options>
Recurrent recurrent_of(const char* type, std::vector<int64_t> gates, const Options& o) {
  return {type,     std::move(gates), o.hidden_size(),   o.num_layers(),
          o.bias(), o.batch_first(),  o.bidirectional(), {}};
}

optional<Recurrent> recurrent(const nn::Module& module) {
  if (const auto* lstm = module.as<nn::LSTM>()) {
    XGRAD_CHECK(lstm->options.proj_size() == 0, "proj_size has no form in ONNX");
    return recurrent_of("LSTM", {0, 3, 1, 2}, lstm->options);  // i f g o -> i o f g
  }
  if (const auto* gru = module.as<nn::GRU>()) {
    Recurrent r = recurrent_of("GRU", {1, 0, 2}, gru->options);  // r z n -> z r n
    r.attributes.emplace_back("linear_before_reset", 1);
    return r;
  }
  if (const auto* rnn = module.as<nn::RNN>()) {
    Recurrent r = recurrent_of("RNN", {0}, rnn->options);
    const char* const name = rnn->options.nonlinearity().is(kReLU) ? "Relu" : "Tanh";
    r.attributes.emplace_back("activations",
                              std::vector<std::string>(rnn->options.bidirectional() ? 2 : 1, name));
    return r;
  }
  return nullopt;
}

class Layers {
 public:
  Layers(const ModuleWatch::Watched& watched, OnnxValues& values)
      : r_(*recurrent(*watched.module)),
        parameters_(watched.module->named_parameters(false)),
        values_(values),
        model_(values.model) {}

  void add(const std::vector<Tensor>& inputs, const std::vector<Tensor>& outputs) {
    const bool has_batch = inputs[0].dim() == 3, has_c = outputs.size() > 2;
    const int64_t steps = inputs[0].size(has_batch && r_.batch_first ? 1 : 0),
                  batch = has_batch ? inputs[0].size(r_.batch_first ? 0 : 1) : 1,
                  directions = r_.bidirectional ? 2 : 1, layers = r_.layers;
    std::string x = values_.of(inputs[0]);
    if (!has_batch)
      x = reshaped(x, {steps, 1, inputs[0].size(-1)});
    else if (r_.batch_first)
      x = transposed(x, {1, 0, 2});
    std::vector<std::string> states[2];
    for (int64_t layer = 0; layer < layers; ++layer) {
      std::vector<std::string> in{x, weights("weight_ih", layer), weights("weight_hh", layer),
                                  r_.bias ? bias(layer) : "", ""};
      for (std::size_t s = 1; s < inputs.size(); ++s)
        in.push_back(initial(inputs[s], layer, directions, batch));
      auto attributes = r_.attributes;
      attributes.emplace_back("hidden_size", r_.hidden);
      attributes.emplace_back("direction", r_.bidirectional ? "bidirectional" : "forward");
      const auto out = model_.nodes(r_.type, in, has_c ? 3 : 2, attributes);
      // [steps, directions, batch, hidden], of which the directions lie side by side.
      x = reshaped(transposed(out[0], {0, 2, 1, 3}), {steps, batch, directions * r_.hidden});
      for (std::size_t s = 1; s < out.size(); ++s) states[s - 1].push_back(out[s]);
    }
    if (has_batch && r_.batch_first) x = transposed(x, {1, 0, 2});
    values_.set(outputs[0], has_batch ? x : reshaped(x, outputs[0].sizes()));
    for (std::size_t s = 1; s < outputs.size(); ++s) {
      const std::string all =
          layers == 1 ? states[s - 1][0] : model_.node("Concat", states[s - 1], {{"axis", 0}});
      values_.set(outputs[s], has_batch ? all : reshaped(all, outputs[s].sizes()));
    }
  }

 private:
  std::string reshaped(const std::string& value, IntArrayRef sizes) {
    return model_.node("Reshape", {value, model_.integers(sizes.vec())});
  }
  std::string transposed(const std::string& value, std::vector<int64_t> order) {
    return model_.node("Transpose", {value}, {{"perm", std::move(order)}});
  }

  // One parameter with its gates in order.
  std::string gated(const std::string& name) {
    const Tensor& parameter = parameters_[name];
    if (r_.gates.size() == 1) return values_.of(parameter);
    std::vector<int64_t> rows;
    for (const int64_t gate : r_.gates)
      for (int64_t i = 0; i < r_.hidden; ++i) rows.push_back(gate * r_.hidden + i);
    return model_.node("Gather", {values_.of(parameter), model_.integers(rows)}, {{"axis", 0}});
  }

  // Of both directions, one above the other.
  template <class F>
  std::string of_directions(F&& f) {
    std::vector<std::string> all;
    for (const char* direction : {"", "_reverse"})
      if (*direction == '\0' || r_.bidirectional)
        all.push_back(model_.node("Unsqueeze", {f(direction), model_.integers({0})}));
    return all.size() == 1 ? all[0] : model_.node("Concat", all, {{"axis", 0}});
  }
  std::string weights(const char* kind, int64_t layer) {
    return of_directions([&](const char* direction) { return gated(concat(kind, "_l", layer, direction)); });
  }
  std::string bias(int64_t layer) {
    return of_directions([&](const char* direction) {
      return model_.node(
          "Concat",
          {gated(concat("bias_ih_l", layer, direction)), gated(concat("bias_hh_l", layer, direction))},
          {{"axis", 0}});
    });
  }
  // The rows of a state that belong to a layer.
  std::string initial(const Tensor& state, int64_t layer, int64_t directions, int64_t batch) {
    std::string all = values_.of(state);
    if (state.dim() == 2) all = reshaped(all, {state.size(0), batch, state.size(1)});
    if (r_.layers == 1) return all;
    return model_.node("Slice", {all, model_.integers({layer * directions}),
                                 model_.integers({(layer + 1) * directions}), model_.integers({0})});
  }

  const Recurrent r_;
  const OrderedDict<std::string, Tensor> parameters_;
  OnnxValues& values_;
  OnnxModel& model_;
};

}  // namespace

bool is_onnx_module(const nn::Module& module) {
  return module.as<nn::LSTM>() || module.as<nn::GRU>() || module.as<nn::RNN>();
}

void add_onnx_module(const ModuleWatch::Watched& watched, OnnxValues& values,
                     const std::vector<Tensor>& inputs, const std::vector<Tensor>& outputs) {
  std::vector<Tensor> given;
  for (const Tensor& t : inputs)
    if (t.defined()) given.push_back(t);
  Layers(watched, values).add(given, outputs);
}

}  // namespace xgrad::graph
