// Recurrent networks as modules. The formulas stand in core/ops/recurrent/recurrent.h.
#pragma once

#include <tuple>
#include <vector>

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/rnn.h>
#include <xgrad/nn/utils/rnn.h>

namespace xgrad::nn {

/// The weights of layers and directions: weight_ih_l0, weight_hh_l0, bias_ih_l0, bias_hh_l0, the same with
/// `_reverse`, then those of l1, ...
template <class Derived, class Options>
class XGRAD_API RNNImplBase : public Cloneable<Derived> {
 public:
  void reset() override;
  /// Fresh values, uniform within 1 / sqrt(hidden_size) of 0.
  void reset_parameters();
  /// Weights lie as they are needed already.
  void flatten_parameters() {}
  /// In the order of registration.
  const std::vector<Tensor>& all_weights() const { return weights_; }
  std::string extra_repr() const override;

  Options options;

 protected:
  explicit RNNImplBase(const Options& options_) : options(options_) { RNNImplBase::reset(); }

  int64_t directions() const { return options.bidirectional() ? 2 : 1; }
  int64_t state_size() const;
  /// [T, N, in] as it is, or with a batch of one; the batch is at 1, or at 0 with batch_first.
  Tensor batched(const Tensor& input) const;
  /// What was given, as [layers * directions, batch, size], or zeros.
  Tensor state(const Tensor& given, bool is_batched, int64_t batch, int64_t size, const Tensor& like) const;

  std::vector<Tensor> weights_;
};

/// Input [T, N, in] ([N, T, in] with batch_first, or [T, in]) and states [layers * directions, N, hidden] (or
/// without N, 0 if not given) to the outputs of the last layer, [T, N, directions * hidden], and the last
/// states. `forward_with_packed_input` takes sequences of different lengths.
class XGRAD_API RNNImpl : public RNNImplBase<RNNImpl, RNNOptions> {
 public:
  RNNImpl(int64_t input_size, int64_t hidden_size) : RNNImpl(RNNOptions(input_size, hidden_size)) {}
  explicit RNNImpl(const RNNOptions& options_) : RNNImplBase(options_) {}
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});
};

/// The same with a cell state beside h; with proj_size outputs and h have that size.
class XGRAD_API LSTMImpl : public RNNImplBase<LSTMImpl, LSTMOptions> {
 public:
  using States = std::tuple<Tensor, Tensor>;

  LSTMImpl(int64_t input_size, int64_t hidden_size) : LSTMImpl(LSTMOptions(input_size, hidden_size)) {}
  explicit LSTMImpl(const LSTMOptions& options_) : RNNImplBase(options_) {}
  std::tuple<Tensor, States> forward(const Tensor& input, optional<States> hx_opt = {});
  std::tuple<utils::rnn::PackedSequence, States> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, optional<States> hx_opt = {});
};

class XGRAD_API GRUImpl : public RNNImplBase<GRUImpl, GRUOptions> {
 public:
  GRUImpl(int64_t input_size, int64_t hidden_size) : GRUImpl(GRUOptions(input_size, hidden_size)) {}
  explicit GRUImpl(const GRUOptions& options_) : RNNImplBase(options_) {}
  std::tuple<Tensor, Tensor> forward(const Tensor& input, Tensor hx = {});
  std::tuple<utils::rnn::PackedSequence, Tensor> forward_with_packed_input(
      const utils::rnn::PackedSequence& packed_input, Tensor hx = {});
};

/// The weights of one step: weight_ih, weight_hh, bias_ih, bias_hh.
template <class Derived, class Options>
class XGRAD_API RNNCellImplBase : public Cloneable<Derived> {
 public:
  void reset() override;
  void reset_parameters();
  std::string extra_repr() const override;

  Options options;
  Tensor weight_ih, weight_hh, bias_ih, bias_hh;

 protected:
  explicit RNNCellImplBase(const Options& options_) : options(options_) { RNNCellImplBase::reset(); }
  /// What was given, or zeros beside `input`, whose shape is checked.
  Tensor state(const Tensor& input, const Tensor& given) const;
};

/// One step: input [N, in] or [in] and h to h'.
class XGRAD_API RNNCellImpl : public RNNCellImplBase<RNNCellImpl, RNNCellOptions> {
 public:
  RNNCellImpl(int64_t input_size, int64_t hidden_size)
      : RNNCellImpl(RNNCellOptions(input_size, hidden_size)) {}
  explicit RNNCellImpl(const RNNCellOptions& options_) : RNNCellImplBase(options_) {}
  Tensor forward(const Tensor& input, const Tensor& hx = {});
};

class XGRAD_API LSTMCellImpl : public RNNCellImplBase<LSTMCellImpl, LSTMCellOptions> {
 public:
  LSTMCellImpl(int64_t input_size, int64_t hidden_size)
      : LSTMCellImpl(LSTMCellOptions(input_size, hidden_size)) {}
  explicit LSTMCellImpl(const LSTMCellOptions& options_) : RNNCellImplBase(options_) {}
  std::tuple<Tensor, Tensor> forward(const Tensor& input, optional<std::tuple<Tensor, Tensor>> hx_opt = {});
};

class XGRAD_API GRUCellImpl : public RNNCellImplBase<GRUCellImpl, GRUCellOptions> {
 public:
  GRUCellImpl(int64_t input_size, int64_t hidden_size)
      : GRUCellImpl(GRUCellOptions(input_size, hidden_size)) {}
  explicit GRUCellImpl(const GRUCellOptions& options_) : RNNCellImplBase(options_) {}
  Tensor forward(const Tensor& input, const Tensor& hx = {});
};

#define XGRAD_RNN(Name, Base) \
  XGRAD_LAYER(Name);          \
  extern template class Base<Name##Impl, Name##Options>
XGRAD_RNN(RNN, RNNImplBase);
XGRAD_RNN(LSTM, RNNImplBase);
XGRAD_RNN(GRU, RNNImplBase);
XGRAD_RNN(RNNCell, RNNCellImplBase);
XGRAD_RNN(LSTMCell, RNNCellImplBase);
XGRAD_RNN(GRUCell, RNNCellImplBase);
#undef XGRAD_RNN

}  // namespace xgrad::nn
