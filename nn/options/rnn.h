// Options of recurrent networks.
#pragma once

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/enum.h>

namespace xgrad::nn {

using RNNNonlinearity = OneOf<enumtype::kTanh, enumtype::kReLU>;

struct RNNOptions {
  RNNOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(int64_t, input_size);
  XGRAD_ARG(int64_t, hidden_size);
  XGRAD_ARG(int64_t, num_layers) = 1;
  XGRAD_ARG(RNNNonlinearity, nonlinearity) = kTanh;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
  XGRAD_FIELDS(input_size_, hidden_size_, num_layers_, nonlinearity_, bias_, batch_first_, dropout_,
               bidirectional_);
};

struct LSTMOptions {
  LSTMOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(int64_t, input_size);
  XGRAD_ARG(int64_t, hidden_size);
  XGRAD_ARG(int64_t, proj_size) = 0;
  XGRAD_ARG(int64_t, num_layers) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
  XGRAD_FIELDS(input_size_, hidden_size_, proj_size_, num_layers_, bias_, batch_first_, dropout_,
               bidirectional_);
};

struct GRUOptions {
  GRUOptions(int64_t input_size, int64_t hidden_size) : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(int64_t, input_size);
  XGRAD_ARG(int64_t, hidden_size);
  XGRAD_ARG(int64_t, num_layers) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bidirectional) = false;
  XGRAD_FIELDS(input_size_, hidden_size_, num_layers_, bias_, batch_first_, dropout_, bidirectional_);
};

struct RNNCellOptions {
  RNNCellOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(int64_t, input_size);
  XGRAD_ARG(int64_t, hidden_size);
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(RNNNonlinearity, nonlinearity) = kTanh;
  XGRAD_FIELDS(input_size_, hidden_size_, bias_, nonlinearity_);
};

struct LSTMCellOptions {
  LSTMCellOptions(int64_t input_size, int64_t hidden_size)
      : input_size_(input_size), hidden_size_(hidden_size) {}
  XGRAD_ARG(int64_t, input_size);
  XGRAD_ARG(int64_t, hidden_size);
  XGRAD_ARG(bool, bias) = true;
  XGRAD_FIELDS(input_size_, hidden_size_, bias_);
};
using GRUCellOptions = LSTMCellOptions;

}  // namespace xgrad::nn
