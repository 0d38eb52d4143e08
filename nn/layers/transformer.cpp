// Transformers: layers put together from attention, Linear, Dropout and LayerNorm.
#include <xgrad/nn/layers/transformer.h>

#include <cmath>

#include <xgrad/core/ops/pointwise/activation.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/generator.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

namespace {

Tensor activated(const TransformerActivation& activation, const Tensor& x) {
  if (std::holds_alternative<enumtype::kReLU>(activation)) return relu(x);
  if (std::holds_alternative<enumtype::kGELU>(activation)) return gelu(x);
  const auto& function = std::get<std::function<Tensor(const Tensor&)>>(activation);
  XGRAD_CHECK_AS(ValueError, function, "Transformer: the activation is an empty function");
  return function(x);
}

template <class Options>
LayerNorm new_norm(const Options& options) {
  return LayerNorm(LayerNormOptions({options.d_model()}).eps(options.layer_norm_eps()).bias(options.bias()));
}

template <class Options>
MultiheadAttention new_attention(const Options& options) {
  return MultiheadAttention(MultiheadAttentionOptions(options.d_model(), options.nhead())
                                .dropout(options.dropout())
                                .bias(options.bias())
                                .batch_first(options.batch_first()));
}

Tensor attended(MultiheadAttention& attention, const Tensor& x, const Tensor& memory, const Tensor& mask,
                const Tensor& padding) {
  return std::get<0>(attention(x, memory, memory, padding, false, mask));
}

// x + part(x), normalised where the layer wants it.
template <class Part>
Tensor with_residual(const Tensor& x, LayerNorm& norm, bool norm_first, const Part& part) {
  return norm_first ? x + part(norm(x)) : norm(x + part(x));
}

template <class Layer>
Tensor fed_forward(Layer& layer, const Tensor& x) {
  const Tensor inner = activated(layer.options.activation(), layer.linear1(x));
  return layer.linear2(layer.dropout(inner));
}

// Copies draw no numbers, as Python's do not: what is made after them has the same values for the same seed.
template <class Layer>
ModuleList copies_of(const char* name, const ModuleHolder<Layer>& layer, int64_t count) {
  XGRAD_CHECK_AS(ValueError, count >= 0, name, ": num_layers must not be negative: got ", count);
  Generator generator = default_generator();
  const std::vector<std::uint8_t> state = generator.get_state();
  ModuleList list;
  for (int64_t i = 0; i < count; ++i) list->push_back(layer->clone());
  generator.set_state(state);
  return list;
}

}  // namespace

TransformerEncoderLayerImpl::TransformerEncoderLayerImpl(const TransformerEncoderLayerOptions& options_)
    : options(options_) {
  TransformerEncoderLayerImpl::reset();
}
void TransformerEncoderLayerImpl::reset() {
  const int64_t model = options.d_model(), inner = options.dim_feedforward();
  self_attn = register_module("self_attn", new_attention(options));
  linear1 = register_module("linear1", Linear(LinearOptions(model, inner).bias(options.bias())));
  dropout = register_module("dropout", Dropout(options.dropout()));
  linear2 = register_module("linear2", Linear(LinearOptions(inner, model).bias(options.bias())));
  norm1 = register_module("norm1", new_norm(options));
  norm2 = register_module("norm2", new_norm(options));
  dropout1 = register_module("dropout1", Dropout(options.dropout()));
  dropout2 = register_module("dropout2", Dropout(options.dropout()));
}
Tensor TransformerEncoderLayerImpl::forward(const Tensor& src, const Tensor& src_mask,
                                            const Tensor& src_key_padding_mask) {
  const bool first = options.norm_first();
  const Tensor x = with_residual(src, norm1, first, [&](const Tensor& t) {
    return dropout1(attended(self_attn, t, t, src_mask, src_key_padding_mask));
  });
  return with_residual(x, norm2, first, [&](const Tensor& t) { return dropout2(fed_forward(*this, t)); });
}

TransformerDecoderLayerImpl::TransformerDecoderLayerImpl(const TransformerDecoderLayerOptions& options_)
    : options(options_) {
  TransformerDecoderLayerImpl::reset();
}
void TransformerDecoderLayerImpl::reset() {
  const int64_t model = options.d_model(), inner = options.dim_feedforward();
  self_attn = register_module("self_attn", new_attention(options));
  multihead_attn = register_module("multihead_attn", new_attention(options));
  linear1 = register_module("linear1", Linear(LinearOptions(model, inner).bias(options.bias())));
  dropout = register_module("dropout", Dropout(options.dropout()));
  linear2 = register_module("linear2", Linear(LinearOptions(inner, model).bias(options.bias())));
  norm1 = register_module("norm1", new_norm(options));
  norm2 = register_module("norm2", new_norm(options));
  norm3 = register_module("norm3", new_norm(options));
  dropout1 = register_module("dropout1", Dropout(options.dropout()));
  dropout2 = register_module("dropout2", Dropout(options.dropout()));
  dropout3 = register_module("dropout3", Dropout(options.dropout()));
}
Tensor TransformerDecoderLayerImpl::forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask,
                                            const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                            const Tensor& memory_key_padding_mask) {
  const bool first = options.norm_first();
  Tensor x = with_residual(tgt, norm1, first, [&](const Tensor& t) {
    return dropout1(attended(self_attn, t, t, tgt_mask, tgt_key_padding_mask));
  });
  x = with_residual(x, norm2, first, [&](const Tensor& t) {
    return dropout2(attended(multihead_attn, t, memory, memory_mask, memory_key_padding_mask));
  });
  return with_residual(x, norm3, first, [&](const Tensor& t) { return dropout3(fed_forward(*this, t)); });
}

namespace {

// The layers and the norm of a stack, registered with it.
template <class Stack>
void reset_stack(Stack& stack) {
  stack.layers = stack.register_module(
      "layers", copies_of(stack.name().c_str(), stack.options.layer(), stack.options.num_layers()));
  stack.norm = stack.options.norm().is_empty() ? AnyModule() : stack.options.norm().clone();
  if (!stack.norm.is_empty()) stack.register_module("norm", stack.norm.ptr());
}

}  // namespace

TransformerEncoderImpl::TransformerEncoderImpl(TransformerEncoderOptions options_)
    : options(std::move(options_)) {
  TransformerEncoderImpl::reset();
}
void TransformerEncoderImpl::reset() { reset_stack(*this); }
Tensor TransformerEncoderImpl::forward(const Tensor& src, const Tensor& src_mask,
                                       const Tensor& src_key_padding_mask) {
  Tensor x = src;
  for (const auto& layer : *layers)
    x = nn::call(*layer->as<TransformerEncoderLayer>(), x, src_mask, src_key_padding_mask);
  return norm.is_empty() ? x : norm.forward(x);
}

TransformerDecoderImpl::TransformerDecoderImpl(TransformerDecoderOptions options_)
    : options(std::move(options_)) {
  TransformerDecoderImpl::reset();
}
void TransformerDecoderImpl::reset() { reset_stack(*this); }
Tensor TransformerDecoderImpl::forward(const Tensor& tgt, const Tensor& memory, const Tensor& tgt_mask,
                                       const Tensor& memory_mask, const Tensor& tgt_key_padding_mask,
                                       const Tensor& memory_key_padding_mask) {
  Tensor x = tgt;
  for (const auto& layer : *layers)
    x = nn::call(*layer->as<TransformerDecoderLayer>(), x, memory, tgt_mask, memory_mask,
                 tgt_key_padding_mask, memory_key_padding_mask);
  return norm.is_empty() ? x : norm.forward(x);
}

TransformerImpl::TransformerImpl(TransformerOptions options_) : options(std::move(options_)) {
  TransformerImpl::reset();
}
void TransformerImpl::reset() {
  const TransformerEncoderLayerOptions layer =
      TransformerEncoderLayerOptions(options.d_model(), options.nhead())
          .dim_feedforward(options.dim_feedforward())
          .dropout(options.dropout())
          .activation(options.activation())
          .layer_norm_eps(options.layer_norm_eps())
          .batch_first(options.batch_first())
          .norm_first(options.norm_first())
          .bias(options.bias());
  encoder = options.custom_encoder().is_empty()
                ? AnyModule(TransformerEncoder(
                      TransformerEncoderOptions(TransformerEncoderLayer(layer), options.num_encoder_layers())
                          .norm(AnyModule(new_norm(options)))))
                : options.custom_encoder().clone();
  register_module("encoder", encoder.ptr());
  decoder = options.custom_decoder().is_empty()
                ? AnyModule(TransformerDecoder(
                      TransformerDecoderOptions(TransformerDecoderLayer(layer), options.num_decoder_layers())
                          .norm(AnyModule(new_norm(options)))))
                : options.custom_decoder().clone();
  register_module("decoder", decoder.ptr());
  reset_parameters();
}
void TransformerImpl::reset_parameters() {
  for (const Tensor& p : parameters())
    if (p.dim() > 1) init::xavier_uniform_(p);
}

Tensor TransformerImpl::forward(const Tensor& src, const Tensor& tgt, const Tensor& src_mask,
                                const Tensor& tgt_mask, const Tensor& memory_mask,
                                const Tensor& src_key_padding_mask, const Tensor& tgt_key_padding_mask,
                                const Tensor& memory_key_padding_mask) {
  for (const Tensor& t : {src, tgt})
    XGRAD_CHECK_AS(ValueError, (t.dim() == 2 || t.dim() == 3) && t.size(-1) == options.d_model(),
                   "Transformer: src and tgt must have 2 or 3 dimensions, the last of size d_model ",
                   options.d_model(), ": src is ", src.sizes(), ", tgt is ", tgt.sizes());
  const int64_t batch = options.batch_first() ? 0 : 1;
  XGRAD_CHECK_AS(ValueError, src.dim() == tgt.dim() && (src.dim() == 2 || src.size(batch) == tgt.size(batch)),
                 "Transformer: batch sizes of src and tgt differ: src is ", src.sizes(), ", tgt is ",
                 tgt.sizes());
  const Tensor memory = encoder.forward(src, src_mask, src_key_padding_mask);
  return decoder.forward(tgt, memory, tgt_mask, memory_mask, tgt_key_padding_mask, memory_key_padding_mask);
}

Tensor TransformerImpl::generate_square_subsequent_mask(int64_t sz) {
  return full({sz, sz}, -INFINITY).triu(1);
}

XGRAD_DEFINE_LAYER(TransformerEncoderLayer);
XGRAD_DEFINE_LAYER(TransformerDecoderLayer);
XGRAD_DEFINE_LAYER(TransformerEncoder);
XGRAD_DEFINE_LAYER(TransformerDecoder);
XGRAD_DEFINE_LAYER(Transformer);

}  // namespace xgrad::nn
