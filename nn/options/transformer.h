// Options of attention and of transformers.
#pragma once

#include <functional>
#include <utility>
#include <variant>

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/any_module.h>
#include <xgrad/nn/enum.h>

namespace xgrad::nn {

struct MultiheadAttentionOptions {
  MultiheadAttentionOptions(int64_t embed_dim, int64_t num_heads)
      : embed_dim_(embed_dim), num_heads_(num_heads), kdim_(embed_dim), vdim_(embed_dim) {}
  XGRAD_ARG(int64_t, embed_dim);
  XGRAD_ARG(int64_t, num_heads);
  XGRAD_ARG(double, dropout) = 0;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(bool, add_bias_kv) = false;
  XGRAD_ARG(bool, add_zero_attn) = false;
  XGRAD_ARG(int64_t, kdim);
  XGRAD_ARG(int64_t, vdim);
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_FIELDS(embed_dim_, num_heads_, dropout_, bias_, add_bias_kv_, add_zero_attn_, kdim_, vdim_,
               batch_first_);
};

/// What stands between the two products of a layer: kReLU, kGELU or a function.
using TransformerActivation =
    std::variant<enumtype::kReLU, enumtype::kGELU, std::function<Tensor(const Tensor&)>>;

struct TransformerEncoderLayerOptions {
  TransformerEncoderLayerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  XGRAD_ARG(int64_t, d_model);
  XGRAD_ARG(int64_t, nhead);
  XGRAD_ARG(int64_t, dim_feedforward) = 2048;
  XGRAD_ARG(double, dropout) = 0.1;
  XGRAD_ARG(TransformerActivation, activation) = kReLU;
  XGRAD_ARG(double, layer_norm_eps) = 1e-5;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(bool, norm_first) = false;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_FIELDS(d_model_, nhead_, dim_feedforward_, dropout_, layer_norm_eps_, batch_first_, norm_first_,
               bias_);
};
using TransformerDecoderLayerOptions = TransformerEncoderLayerOptions;

/// `num_layers` copies of a layer, and a module for what comes out of the last.
template <class Layer>
struct TransformerStackOptions {
  TransformerStackOptions(Layer layer, int64_t num_layers)
      : layer_(std::move(layer)), num_layers_(num_layers) {}
  XGRAD_ARG(Layer, layer);
  XGRAD_ARG(int64_t, num_layers);
  XGRAD_ARG(AnyModule, norm);
  XGRAD_FIELDS(num_layers_);
};

/// `custom_encoder` takes (src, src_mask, src_key_padding_mask), `custom_decoder` (tgt, memory, tgt_mask,
/// memory_mask, tgt_key_padding_mask, memory_key_padding_mask).
struct TransformerOptions {
  TransformerOptions() = default;
  TransformerOptions(int64_t d_model, int64_t nhead) : d_model_(d_model), nhead_(nhead) {}
  TransformerOptions(int64_t d_model, int64_t nhead, int64_t num_encoder_layers, int64_t num_decoder_layers)
      : d_model_(d_model),
        nhead_(nhead),
        num_encoder_layers_(num_encoder_layers),
        num_decoder_layers_(num_decoder_layers) {}
  XGRAD_ARG(int64_t, d_model) = 512;
  XGRAD_ARG(int64_t, nhead) = 8;
  XGRAD_ARG(int64_t, num_encoder_layers) = 6;
  XGRAD_ARG(int64_t, num_decoder_layers) = 6;
  XGRAD_ARG(int64_t, dim_feedforward) = 2048;
  XGRAD_ARG(double, dropout) = 0.1;
  XGRAD_ARG(TransformerActivation, activation) = kReLU;
  XGRAD_ARG(AnyModule, custom_encoder);
  XGRAD_ARG(AnyModule, custom_decoder);
  XGRAD_ARG(double, layer_norm_eps) = 1e-5;
  XGRAD_ARG(bool, batch_first) = false;
  XGRAD_ARG(bool, norm_first) = false;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_FIELDS(d_model_, nhead_, num_encoder_layers_, num_decoder_layers_, dim_feedforward_, dropout_,
               layer_norm_eps_, batch_first_, norm_first_, bias_);
};

}  // namespace xgrad::nn
