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

namespace functional {

/// What is there always, as in LibTorch's constructor, comes first. `static_k` and `static_v`, [N *
/// num_heads, S, head size], take the place of the projected key and value.
struct MultiheadAttentionForwardFuncOptions {
  MultiheadAttentionForwardFuncOptions(int64_t embed_dim_to_check, int64_t num_heads, Tensor in_proj_weight,
                                       Tensor in_proj_bias, Tensor bias_k, Tensor bias_v, bool add_zero_attn,
                                       double dropout_p, Tensor out_proj_weight, Tensor out_proj_bias)
      : embed_dim_to_check_(embed_dim_to_check),
        num_heads_(num_heads),
        in_proj_weight_(std::move(in_proj_weight)),
        in_proj_bias_(std::move(in_proj_bias)),
        bias_k_(std::move(bias_k)),
        bias_v_(std::move(bias_v)),
        add_zero_attn_(add_zero_attn),
        dropout_p_(dropout_p),
        out_proj_weight_(std::move(out_proj_weight)),
        out_proj_bias_(std::move(out_proj_bias)) {}
  XGRAD_ARG(int64_t, embed_dim_to_check);
  XGRAD_ARG(int64_t, num_heads);
  XGRAD_ARG(Tensor, in_proj_weight);
  XGRAD_ARG(Tensor, in_proj_bias);
  XGRAD_ARG(Tensor, bias_k);
  XGRAD_ARG(Tensor, bias_v);
  XGRAD_ARG(bool, add_zero_attn);
  XGRAD_ARG(double, dropout_p);
  XGRAD_ARG(Tensor, out_proj_weight);
  XGRAD_ARG(Tensor, out_proj_bias);
  XGRAD_ARG(bool, training) = true;
  XGRAD_ARG(Tensor, key_padding_mask) = {};
  XGRAD_ARG(bool, need_weights) = true;
  XGRAD_ARG(Tensor, attn_mask) = {};
  XGRAD_ARG(bool, use_separate_proj_weight) = false;
  XGRAD_ARG(Tensor, q_proj_weight) = {};
  XGRAD_ARG(Tensor, k_proj_weight) = {};
  XGRAD_ARG(Tensor, v_proj_weight) = {};
  XGRAD_ARG(Tensor, static_k) = {};
  XGRAD_ARG(Tensor, static_v) = {};
  XGRAD_ARG(bool, average_attn_weights) = true;
  XGRAD_FIELDS(embed_dim_to_check_, num_heads_, in_proj_weight_, in_proj_bias_, bias_k_, bias_v_,
               add_zero_attn_, dropout_p_, out_proj_weight_, out_proj_bias_, training_, key_padding_mask_,
               need_weights_, attn_mask_, use_separate_proj_weight_, q_proj_weight_, k_proj_weight_,
               v_proj_weight_, static_k_, static_v_, average_attn_weights_);
};

}  // namespace functional

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
