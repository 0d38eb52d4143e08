// Recurrent networks as modules: weights, states, printing.
#include <xgrad/nn/layers/rnn.h>

#include <cmath>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/recurrent/recurrent.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

using utils::rnn::PackedSequence;

namespace {

template <class Options>
constexpr int64_t gates_of() {
  if (std::is_same_v<Options, LSTMOptions>) return 4;
  return std::is_same_v<Options, GRUOptions> ? 3 : 1;
}
template <class Options>
int64_t projection_of([[maybe_unused]] const Options& options) {
  if constexpr (std::is_same_v<Options, LSTMOptions>) return options.proj_size();
  return 0;
}

void draw(const std::vector<Tensor>& weights, int64_t hidden) {
  const double bound = hidden > 0 ? 1 / std::sqrt(static_cast<double>(hidden)) : 0;
  for (const Tensor& w : weights)
    if (w.defined()) init::uniform_(w, -bound, bound);
}

Tensor permuted(const Tensor& state, const Tensor& order) {
  return order.defined() && state.defined() ? state.index_select(1, order) : state;
}

}  // namespace

template <class Derived, class Options>
void RNNImplBase<Derived, Options>::reset() {
  const int64_t in = options.input_size(), hidden = options.hidden_size(), proj = projection_of(options);
  XGRAD_CHECK_AS(ValueError, in >= 0 && hidden > 0 && options.num_layers() > 0, this->name(),
                 ": hidden_size and num_layers must be positive: input_size is ", in, ", hidden_size is ",
                 hidden, ", num_layers is ", options.num_layers());
  XGRAD_CHECK_AS(ValueError, options.dropout() >= 0 && options.dropout() <= 1, this->name(),
                 ": dropout must be between 0 and 1: got ", options.dropout());
  XGRAD_CHECK_AS(ValueError, proj >= 0 && proj < hidden, this->name(),
                 ": proj_size must be between 0 and hidden_size: proj_size is ", proj, ", hidden_size is ",
                 hidden);
  const int64_t rows = gates_of<Options>() * hidden, state = state_size();
  weights_.clear();
  for (int64_t layer = 0; layer < options.num_layers(); ++layer)
    for (int64_t direction = 0; direction < directions(); ++direction) {
      const std::string suffix = concat("_l", layer, direction == 1 ? "_reverse" : "");
      const auto add = [&](const char* name, IntArrayRef sizes) {
        weights_.push_back(this->register_parameter(name + suffix, empty(sizes)));
      };
      add("weight_ih", {rows, layer == 0 ? in : state * directions()});
      add("weight_hh", {rows, state});
      if (options.bias()) add("bias_ih", {rows}), add("bias_hh", {rows});
      if (proj > 0) add("weight_hr", {proj, hidden});
    }
  reset_parameters();
}

template <class Derived, class Options>
void RNNImplBase<Derived, Options>::reset_parameters() {
  draw(weights_, options.hidden_size());
}

template <class Derived, class Options>
int64_t RNNImplBase<Derived, Options>::state_size() const {
  const int64_t proj = projection_of(options);
  return proj > 0 ? proj : options.hidden_size();
}

template <class Derived, class Options>
std::string RNNImplBase<Derived, Options>::extra_repr() const {
  Options untold(options.input_size(), options.hidden_size());
  if constexpr (std::is_same_v<Options, RNNOptions>) untold.nonlinearity(options.nonlinearity());
  const std::string rest = fields_repr(options, untold);
  return concat(options.input_size(), ", ", options.hidden_size(), rest.empty() ? "" : ", ", rest);
}

template <class Derived, class Options>
Tensor RNNImplBase<Derived, Options>::batched(const Tensor& input) const {
  XGRAD_CHECK_AS(ValueError, input.dim() == 2 || input.dim() == 3, this->name(),
                 ": expected 2 or 3 dimensions: input is ", input.sizes());
  XGRAD_CHECK_AS(ValueError, input.size(-1) == options.input_size(), this->name(),
                 ": the last size of input must be input_size: input is ", input.sizes(), ", input_size is ",
                 options.input_size(), " (", input.size(-1), " vs ", options.input_size(), ")");
  return input.dim() == 3 ? input : input.unsqueeze(options.batch_first() ? 0 : 1);
}

template <class Derived, class Options>
Tensor RNNImplBase<Derived, Options>::state(const Tensor& given, bool is_batched, int64_t batch, int64_t size,
                                            const Tensor& like) const {
  const DimVector wanted{options.num_layers() * directions(), batch, size};
  if (!given.defined()) return zeros(wanted, TensorOptions(like.dtype()));
  Tensor whole = is_batched || given.dim() != 2 ? given : given.unsqueeze(1);
  XGRAD_CHECK_AS(ValueError, given.dim() == (is_batched ? 3 : 2) && whole.sizes() == IntArrayRef(wanted),
                 this->name(), ": a state must be ", wanted, is_batched ? "" : " without its batch",
                 ": it is ", given.sizes());
  return whole;
}

namespace {

// What RNN and GRU do alike, `op` being their ATen function.
template <class Op>
std::tuple<Tensor, Tensor> run(const Tensor& x, bool is_batched, bool batch_first, const Tensor& h,
                               const Op& op) {
  auto [y, h_n] = op(x, h);
  if (is_batched) return {y, h_n};
  return {y.squeeze(batch_first ? 0 : 1), h_n.squeeze(1)};
}
template <class Op>
std::tuple<PackedSequence, Tensor> run_packed(const PackedSequence& packed, const Tensor& h, const Op& op) {
  auto [y, h_n] = op(packed.data(), packed.batch_sizes(), permuted(h, packed.sorted_indices()));
  return {PackedSequence(y, packed.batch_sizes(), packed.sorted_indices(), packed.unsorted_indices()),
          permuted(h_n, packed.unsorted_indices())};
}

int64_t batch_of(const PackedSequence& packed) {
  return packed.batch_sizes().numel() > 0 ? packed.batch_sizes()[0].item<int64_t>() : 0;
}

// The ATen function of a module, with its options.
template <class Options>
auto op_of(const Options& o, const std::vector<Tensor>& weights, bool training) {
  return [&o, &weights, training](const Tensor& input, const auto&... more) {
    const auto call = [&](const auto& function) {
      if constexpr (sizeof...(more) == 1)
        return function(input, more..., weights, o.bias(), o.num_layers(), o.dropout(), training,
                        o.bidirectional(), o.batch_first());
      else
        return function(input, more..., weights, o.bias(), o.num_layers(), o.dropout(), training,
                        o.bidirectional());
    };
    if constexpr (std::is_same_v<Options, GRUOptions>)
      return call([](const auto&... a) { return gru(a...); });
    else
      return o.nonlinearity().is(kTanh) ? call([](const auto&... a) { return rnn_tanh(a...); })
                                        : call([](const auto&... a) { return rnn_relu(a...); });
  };
}

}  // namespace

#define XGRAD_FORWARD(Name)                                                                         \
  std::tuple<Tensor, Tensor> Name::forward(const Tensor& input, Tensor hx) {                        \
    const Tensor x = batched(input);                                                                \
    const bool is_batched = input.dim() == 3;                                                       \
    const Tensor h =                                                                                \
        state(hx, is_batched, x.size(options.batch_first() ? 0 : 1), options.hidden_size(), input); \
    return run(x, is_batched, options.batch_first(), h, op_of(options, weights_, is_training()));   \
  }                                                                                                 \
  std::tuple<PackedSequence, Tensor> Name::forward_with_packed_input(const PackedSequence& packed,  \
                                                                     Tensor hx) {                   \
    batched(packed.data());                                                                         \
    const Tensor h = state(hx, true, batch_of(packed), options.hidden_size(), packed.data());       \
    return run_packed(packed, h, op_of(options, weights_, is_training()));                          \
  }
XGRAD_FORWARD(RNNImpl)
XGRAD_FORWARD(GRUImpl)
#undef XGRAD_FORWARD

std::tuple<Tensor, LSTMImpl::States> LSTMImpl::forward(const Tensor& input, optional<States> hx_opt) {
  const Tensor x = batched(input);
  const bool is_batched = input.dim() == 3;
  const int64_t batch_dim = options.batch_first() ? 0 : 1, batch = x.size(batch_dim);
  const auto [h0, c0] = hx_opt.value_or(States());
  const Tensor h = state(h0, is_batched, batch, state_size(), input),
               c = state(c0, is_batched, batch, options.hidden_size(), input);
  auto [y, h_n, c_n] = lstm(x, {h, c}, weights_, options.bias(), options.num_layers(), options.dropout(),
                            is_training(), options.bidirectional(), options.batch_first());
  if (is_batched) return {y, States(h_n, c_n)};
  return {y.squeeze(batch_dim), States(h_n.squeeze(1), c_n.squeeze(1))};
}

std::tuple<PackedSequence, LSTMImpl::States> LSTMImpl::forward_with_packed_input(const PackedSequence& packed,
                                                                                 optional<States> hx_opt) {
  batched(packed.data());
  const Tensor &sorted = packed.sorted_indices(), &unsorted = packed.unsorted_indices();
  const int64_t batch = batch_of(packed);
  const auto [h0, c0] = hx_opt.value_or(States());
  const Tensor h = permuted(state(h0, true, batch, state_size(), packed.data()), sorted),
               c = permuted(state(c0, true, batch, options.hidden_size(), packed.data()), sorted);
  auto [y, h_n, c_n] = lstm(packed.data(), packed.batch_sizes(), {h, c}, weights_, options.bias(),
                            options.num_layers(), options.dropout(), is_training(), options.bidirectional());
  return {PackedSequence(y, packed.batch_sizes(), sorted, unsorted),
          States(permuted(h_n, unsorted), permuted(c_n, unsorted))};
}

// ---- cells

template <class Derived, class Options>
void RNNCellImplBase<Derived, Options>::reset() {
  const int64_t in = options.input_size(), hidden = options.hidden_size();
  XGRAD_CHECK_AS(ValueError, in >= 0 && hidden > 0, this->name(),
                 ": hidden_size must be positive: input_size is ", in, ", hidden_size is ", hidden);
  const int64_t gates = std::is_same_v<Derived, LSTMCellImpl>  ? 4
                        : std::is_same_v<Derived, GRUCellImpl> ? 3
                                                               : 1;
  const auto numbers = [&] { return options.bias() ? empty({gates * hidden}) : Tensor(); };
  weight_ih = this->register_parameter("weight_ih", empty({gates * hidden, in}));
  weight_hh = this->register_parameter("weight_hh", empty({gates * hidden, hidden}));
  bias_ih = this->register_parameter("bias_ih", numbers());
  bias_hh = this->register_parameter("bias_hh", numbers());
  reset_parameters();
}

template <class Derived, class Options>
void RNNCellImplBase<Derived, Options>::reset_parameters() {
  draw({weight_ih, weight_hh, bias_ih, bias_hh}, options.hidden_size());
}

template <class Derived, class Options>
std::string RNNCellImplBase<Derived, Options>::extra_repr() const {
  std::string text = concat(options.input_size(), ", ", options.hidden_size());
  if (!options.bias()) text += ", bias=False";
  if constexpr (std::is_same_v<Options, RNNCellOptions>)
    if (!options.nonlinearity().is(kTanh)) text += concat(", nonlinearity=", options.nonlinearity().word());
  return text;
}

template <class Derived, class Options>
Tensor RNNCellImplBase<Derived, Options>::state(const Tensor& input, const Tensor& given) const {
  XGRAD_CHECK_AS(ValueError, input.dim() == 1 || input.dim() == 2, this->name(),
                 ": expected 1 or 2 dimensions: input is ", input.sizes());
  XGRAD_CHECK_AS(ValueError, input.size(-1) == options.input_size(), this->name(),
                 ": the last size of input must be input_size: input is ", input.sizes(), ", input_size is ",
                 options.input_size(), " (", input.size(-1), " vs ", options.input_size(), ")");
  DimVector wanted(input.sizes());
  wanted.back() = options.hidden_size();
  if (!given.defined()) return zeros(wanted, TensorOptions(input.dtype()));
  XGRAD_CHECK_AS(ValueError, given.sizes() == IntArrayRef(wanted), this->name(), ": a state must be ", wanted,
                 ": it is ", given.sizes());
  return given;
}

Tensor RNNCellImpl::forward(const Tensor& input, const Tensor& hx) {
  const Tensor h = state(input, hx);
  return (options.nonlinearity().is(kTanh) ? rnn_tanh_cell : rnn_relu_cell)(input, h, weight_ih, weight_hh,
                                                                            bias_ih, bias_hh);
}
std::tuple<Tensor, Tensor> LSTMCellImpl::forward(const Tensor& input,
                                                 optional<std::tuple<Tensor, Tensor>> hx_opt) {
  const auto [h, c] = hx_opt.value_or(std::tuple<Tensor, Tensor>());
  return lstm_cell(input, {state(input, h), state(input, c)}, weight_ih, weight_hh, bias_ih, bias_hh);
}
Tensor GRUCellImpl::forward(const Tensor& input, const Tensor& hx) {
  return gru_cell(input, state(input, hx), weight_ih, weight_hh, bias_ih, bias_hh);
}

#define XGRAD_DEFINE_RNN(Name, Base)              \
  template class Base<Name##Impl, Name##Options>; \
  XGRAD_DEFINE_LAYER(Name)
XGRAD_DEFINE_RNN(RNN, RNNImplBase);
XGRAD_DEFINE_RNN(LSTM, RNNImplBase);
XGRAD_DEFINE_RNN(GRU, RNNImplBase);
XGRAD_DEFINE_RNN(RNNCell, RNNCellImplBase);
XGRAD_DEFINE_RNN(LSTMCell, RNNCellImplBase);
XGRAD_DEFINE_RNN(GRUCell, RNNCellImplBase);
#undef XGRAD_DEFINE_RNN

}  // namespace xgrad::nn
