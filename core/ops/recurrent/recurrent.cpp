// Recurrent networks over tensors: checks, layers on top of each other, directions. What a layer computes is
// in layer.h, its cells in cells.h.
#include <xgrad/core/ops/recurrent/recurrent.h>

#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/ops/recurrent/layer.h>

namespace xgrad {

using recurrent::Gru;
using recurrent::Lstm;
using recurrent::Rnn;

namespace {

ScalarType computed_in(ScalarType t) { return t == kHalf || t == kBFloat16 ? kFloat : t; }

struct Weights {
  Tensor w_ih, w_hh, b_ih, b_hh, w_hr;
};

// w_ih is [gates hidden, in], w_hh [gates hidden, state], the biases [gates hidden], w_hr [state, hidden].
void check_weights(const char* op, const Weights& w, int64_t gates, int64_t in, int64_t hidden,
                   int64_t state) {
  XGRAD_CHECK(w.w_ih.dim() == 2 && w.w_hh.dim() == 2, op, ": w_ih and w_hh must be matrices: w_ih is ",
              w.w_ih.sizes(), ", w_hh is ", w.w_hh.sizes());
  XGRAD_CHECK(w.w_ih.size(1) == in, op, ": input has inconsistent input_size: the input has ", in,
              " features, w_ih is ", w.w_ih.sizes(), " (", in, " vs ", w.w_ih.size(1), ")");
  XGRAD_CHECK(w.w_ih.size(0) == gates * hidden && w.w_hh.size(0) == gates * hidden, op,
              ": w_ih and w_hh must have ", gates, " rows for each of ", hidden, " hidden units: w_ih is ",
              w.w_ih.sizes(), ", w_hh is ", w.w_hh.sizes());
  XGRAD_CHECK(w.w_hh.size(1) == state, op, ": hx has inconsistent hidden_size: hx has ", state,
              " features, w_hh is ", w.w_hh.sizes(), " (", state, " vs ", w.w_hh.size(1), ")");
  for (const Tensor& b : {w.b_ih, w.b_hh})
    XGRAD_CHECK(!b.defined() || (b.dim() == 1 && b.size(0) == gates * hidden), op, ": biases must hold ",
                gates * hidden, " numbers: got ", b.sizes());
  XGRAD_CHECK(!w.w_hr.defined() || (w.w_hr.dim() == 2 && w.w_hr.size(0) == state && w.w_hr.size(1) == hidden),
              op, ": w_hr must be [", state, ", ", hidden, "]: got ", w.w_hr.sizes());
}

// One layer in one direction over rows of inputs: all outputs, the last h and c.
template <class Cell>
std::tuple<Tensor, Tensor, Tensor> run_layer(const char* op, const Tensor& rows, const DimVector& batch_sizes,
                                             bool reverse, const Tensor& h, const Tensor& c,
                                             const Weights& w) {
  check_weights(op, w, Cell::gates, rows.size(1), (Cell::has_c ? c : h).size(1), h.size(1));
  const bool joined = !Cell::separate && w.b_ih.defined() && w.b_hh.defined();
  const Tensor bias = joined ? w.b_ih + w.b_hh : w.b_ih.defined() || Cell::separate ? w.b_ih : w.b_hh;
  const auto [y, h_n, c_n, memory] =
      differentiable(recurrent::Layer<Cell>{{}, batch_sizes, reverse}, linear(rows, w.w_ih, bias), h, c,
                     w.w_hh, Cell::separate ? w.b_hh : Tensor(), w.w_hr);
  return {y, h_n, c_n};
}

struct Network {
  bool has_biases;
  int64_t num_layers;
  double dropout;
  bool train, bidirectional;
};

// A weight or bias, if there is one, in what is computed in.
Tensor weight_for(const char* op, const Tensor& w, ScalarType dtype) {
  if (!w.defined()) return w;
  XGRAD_CHECK_AS(TypeError, w.dtype() == dtype, op, ": weights must have input's dtype: input is ", dtype,
                 ", a weight is ", w.dtype());
  return w.to(computed_in(dtype));
}

// Sequences in the order of `data`: see lstm.
template <class Cell>
std::tuple<Tensor, Tensor, Tensor> run(const Tensor& data, const DimVector& batch_sizes, const Tensor& h,
                                       const Tensor& c, TensorList params, const Network& net) {
  const char* op = Cell::name.op;
  const ScalarType dtype = data.dtype(), compute = computed_in(dtype);
  XGRAD_CHECK_AS(TypeError, data.is_floating_point(), op, ": input must be floating-point: it is ", dtype,
                 "; convert it with to(kFloat)");
  XGRAD_CHECK_AS(TypeError, h.dtype() == dtype && (!Cell::has_c || c.dtype() == dtype), op,
                 ": hx must have input's dtype: input is ", dtype, ", hx is ", h.dtype());
  const bool projects = Cell::has_c && h.size(2) != c.size(2);
  const std::size_t per = (net.has_biases ? 4 : 2) + (projects ? 1 : 0),
                    directions = net.bidirectional ? 2 : 1;
  XGRAD_CHECK(params.size() == per * directions * static_cast<std::size_t>(net.num_layers), op,
              ": params must hold ", static_cast<int64_t>(per), " tensors for each of ", net.num_layers,
              " layers and ", static_cast<int64_t>(directions), " directions: got ",
              static_cast<int64_t>(params.size()));
  const auto weight = [&](std::size_t i) { return weight_for(op, params[i], dtype); };
  const std::vector<Tensor> hs = unbind(h.to(compute)),
                            cs = Cell::has_c ? unbind(c.to(compute)) : std::vector<Tensor>(hs.size());
  Tensor rows = data.to(compute);
  std::vector<Tensor> h_n, c_n;
  for (std::size_t i = 0; i < directions * static_cast<std::size_t>(net.num_layers);) {
    std::vector<Tensor> outputs;
    for (std::size_t direction = 0; direction < directions; ++direction, ++i) {
      const std::size_t at = i * per;
      Weights w{weight(at), weight(at + 1), {}, {}, projects ? weight(at + per - 1) : Tensor()};
      if (net.has_biases) w.b_ih = weight(at + 2), w.b_hh = weight(at + 3);
      auto [y, last_h, last_c] = run_layer<Cell>(op, rows, batch_sizes, direction == 1, hs[i], cs[i], w);
      outputs.push_back(y);
      h_n.push_back(last_h);
      c_n.push_back(last_c);
    }
    rows = directions == 2 ? cat(outputs, 1) : outputs[0];
    const bool last = i == directions * static_cast<std::size_t>(net.num_layers);
    if (!last && net.dropout != 0) rows = dropout(rows, net.dropout, net.train);
  }
  return {rows.to(dtype), stack(h_n).to(dtype), Cell::has_c ? stack(c_n).to(dtype) : Tensor()};
}

void check_states(const char* op, TensorList states, const Network& net, int64_t batch) {
  const int64_t count = net.num_layers * (net.bidirectional ? 2 : 1);
  XGRAD_CHECK_AS(ValueError, net.num_layers > 0, op, ": num_layers must be positive: got ", net.num_layers);
  for (const Tensor& s : states)
    XGRAD_CHECK(s.dim() == 3 && s.size(0) == count && s.size(1) == batch && s.size(2) > 0, op,
                ": a state must be [layers * directions, N, hidden] with ", count, " and N = ", batch,
                ": it is ", s.sizes());
}

template <class Cell>
std::tuple<Tensor, Tensor, Tensor> run_batch(const Tensor& input, TensorList hx, TensorList params,
                                             const Network& net, bool batch_first) {
  const char* op = Cell::name.op;
  XGRAD_CHECK(input.dim() == 3, op, ": input must be ", batch_first ? "[N, T, in]" : "[T, N, in]",
              ": input is ", input.sizes());
  const Tensor x = batch_first ? input.transpose(0, 1) : input;
  const int64_t steps = x.size(0), batch = x.size(1);
  XGRAD_CHECK(steps > 0, op, ": expected a sequence of at least one step: input is ", input.sizes());
  check_states(op, hx, net, batch);
  const DimVector batch_sizes(static_cast<std::size_t>(steps), batch);
  const auto [rows, h, c] = run<Cell>(x.reshape({steps * batch, x.size(2)}), batch_sizes, hx[0],
                                      Cell::has_c ? hx[1] : Tensor(), params, net);
  const Tensor out = rows.view({steps, batch, rows.size(1)});
  return {batch_first ? out.transpose(0, 1) : out, h, c};
}

template <class Cell>
std::tuple<Tensor, Tensor, Tensor> run_packed(const Tensor& data, const Tensor& batch_sizes, TensorList hx,
                                              TensorList params, const Network& net) {
  const char* op = Cell::name.op;
  XGRAD_CHECK(data.dim() == 2, op, ": packed data must be [rows, in]: data is ", data.sizes());
  XGRAD_CHECK(batch_sizes.dim() == 1 && batch_sizes.dtype() == kLong && batch_sizes.numel() > 0, op,
              ": batch_sizes must be a vector of int64: it is ", batch_sizes.dtype(), " ",
              batch_sizes.sizes());
  const Tensor sizes = batch_sizes.contiguous();
  const int64_t* n = sizes.data_ptr<int64_t>();
  const DimVector steps(IntArrayRef(n, static_cast<std::size_t>(sizes.numel())));
  int64_t rows = 0;
  for (std::size_t t = 0; t < steps.size(); ++t) {
    XGRAD_CHECK_AS(ValueError, steps[t] > 0 && steps[t] <= steps[t == 0 ? 0 : t - 1], op,
                   ": batch_sizes must be positive and not increase: ", steps[t], " at step ",
                   static_cast<int64_t>(t));
    XGRAD_CHECK(!__builtin_add_overflow(rows, steps[t], &rows), op, ": batch_sizes are too large");
  }
  XGRAD_CHECK(rows == data.size(0), op, ": batch_sizes must add up to the rows of data: they give ", rows,
              ", data is ", data.sizes());
  check_states(op, hx, net, steps[0]);
  return run<Cell>(data, steps, hx[0], Cell::has_c ? hx[1] : Tensor(), params, net);
}

// One step of a cell, for [N, in] or [in].
template <class Cell>
std::tuple<Tensor, Tensor> run_cell(const char* op, const Tensor& input, const Tensor& h, const Tensor& c,
                                    const Weights& w) {
  XGRAD_CHECK(input.dim() == 1 || input.dim() == 2, op, ": input must be [N, in] or [in]: input is ",
              input.sizes());
  const bool batched = input.dim() == 2;
  for (const Tensor& s : {h, Cell::has_c ? c : h})
    XGRAD_CHECK(s.dim() == input.dim() && (!batched || s.size(0) == input.size(0)) && s.sizes().back() > 0,
                op, ": a state must be ", batched ? "[N, hidden]" : "[hidden]", ": input is ", input.sizes(),
                ", a state is ", s.sizes());
  XGRAD_CHECK_AS(
      TypeError,
      input.is_floating_point() && h.dtype() == input.dtype() && (!Cell::has_c || c.dtype() == input.dtype()),
      op, ": input and state must be of one floating-point dtype: input is ", input.dtype(),
      ", the state is ", Cell::has_c ? c.dtype() : h.dtype());
  const ScalarType dtype = input.dtype(), compute = computed_in(dtype);
  const auto as_rows = [&](const Tensor& t) {
    return !t.defined() ? t : batched ? t.to(compute) : t.to(compute).unsqueeze(0);
  };
  const auto weight = [&](const Tensor& t) { return weight_for(op, t, dtype); };
  const Tensor x = as_rows(input);
  auto [y, h_n, c_n] = run_layer<Cell>(op, x, DimVector{x.size(0)}, false, as_rows(h), as_rows(c),
                                       {weight(w.w_ih), weight(w.w_hh), weight(w.b_ih), weight(w.b_hh), {}});
  const auto back = [&](const Tensor& t) { return (batched ? t : t.squeeze(0)).to(dtype); };
  return {back(y), Cell::has_c ? back(c_n) : Tensor()};
}

std::tuple<Tensor, Tensor> first_two(const std::tuple<Tensor, Tensor, Tensor>& t) {
  return {std::get<0>(t), std::get<1>(t)};
}

void check_pair(const char* op, TensorList hx) {
  XGRAD_CHECK(hx.size() == 2, op, ": hx must hold h and c: got ", static_cast<int64_t>(hx.size()),
              " tensors");
}

}  // namespace

std::tuple<Tensor, Tensor> lstm_cell(const Tensor& input, TensorList hx, const Tensor& w_ih,
                                     const Tensor& w_hh, const Tensor& b_ih, const Tensor& b_hh) {
  check_pair("lstm_cell", hx);
  return run_cell<Lstm>("lstm_cell", input, hx[0], hx[1], {w_ih, w_hh, b_ih, b_hh, {}});
}

std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& input, TensorList hx, TensorList params,
                                        bool has_biases, int64_t num_layers, double dropout, bool train,
                                        bool bidirectional, bool batch_first) {
  check_pair("lstm", hx);
  return run_batch<Lstm>(input, hx, params, {has_biases, num_layers, dropout, train, bidirectional},
                         batch_first);
}
std::tuple<Tensor, Tensor, Tensor> lstm(const Tensor& data, const Tensor& batch_sizes, TensorList hx,
                                        TensorList params, bool has_biases, int64_t num_layers,
                                        double dropout, bool train, bool bidirectional) {
  check_pair("lstm", hx);
  return run_packed<Lstm>(data, batch_sizes, hx, params,
                          {has_biases, num_layers, dropout, train, bidirectional});
}

#define XGRAD_RECURRENT(name, Cell)                                                                          \
  Tensor name##_cell(const Tensor& input, const Tensor& hx, const Tensor& w_ih, const Tensor& w_hh,          \
                     const Tensor& b_ih, const Tensor& b_hh) {                                               \
    return std::get<0>(run_cell<Cell>(#name "_cell", input, hx, {}, {w_ih, w_hh, b_ih, b_hh, {}}));          \
  }                                                                                                          \
  std::tuple<Tensor, Tensor> name(const Tensor& input, const Tensor& hx, TensorList params, bool has_biases, \
                                  int64_t num_layers, double dropout, bool train, bool bidirectional,        \
                                  bool batch_first) {                                                        \
    return first_two(run_batch<Cell>(input, hx, params,                                                      \
                                     {has_biases, num_layers, dropout, train, bidirectional}, batch_first)); \
  }                                                                                                          \
  std::tuple<Tensor, Tensor> name(const Tensor& data, const Tensor& batch_sizes, const Tensor& hx,           \
                                  TensorList params, bool has_biases, int64_t num_layers, double dropout,    \
                                  bool train, bool bidirectional) {                                          \
    return first_two(run_packed<Cell>(data, batch_sizes, hx, params,                                         \
                                      {has_biases, num_layers, dropout, train, bidirectional}));             \
  }
XGRAD_RECURRENT(gru, Gru)
XGRAD_RECURRENT(rnn_tanh, Rnn<false>)
XGRAD_RECURRENT(rnn_relu, Rnn<true>)
#undef XGRAD_RECURRENT

}  // namespace xgrad
