// Tables of vectors as modules: initial values, printing.
#include <xgrad/nn/layers/embedding.h>

#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/nn/functional/embedding.h>
#include <xgrad/nn/init.h>

namespace xgrad::nn {

namespace {

// Checks the options of a table, brings padding_idx into range, and gives its weight.
template <class Options>
Tensor table(const char* layer, Options& options) {
  const int64_t n = options.num_embeddings(), dim = options.embedding_dim();
  XGRAD_CHECK_AS(ValueError, n >= 0 && dim >= 0, layer, ": sizes must not be negative: num_embeddings is ", n,
                 ", embedding_dim is ", dim);
  if (auto& padding = options.padding_idx()) {
    XGRAD_CHECK_AS(ValueError, *padding >= -n && *padding < n, layer,
                   ": padding_idx must be within num_embeddings: padding_idx is ", *padding,
                   ", num_embeddings is ", n);
    if (*padding < 0) *padding += n;
  }
  const Tensor& given = options._weight();
  if (!given.defined()) return empty({n, dim});
  XGRAD_CHECK_AS(ValueError, given.dim() == 2 && given.size(0) == n && given.size(1) == dim, layer,
                 ": _weight must be [num_embeddings, embedding_dim]: it is ", given.sizes(),
                 ", the options say [", n, ", ", dim, "]");
  return given.detach();
}

void draw(const Tensor& weight, optional<int64_t> padding_idx) {
  init::normal_(weight);
  const NoGradGuard no_grad;
  if (padding_idx) weight[*padding_idx].fill_(0);
}

template <class Options>
std::string repr(const Options& options, bool padding_last) {
  std::string text = concat(options.num_embeddings(), ", ", options.embedding_dim());
  const auto add = [&](const char* name, const auto& value, bool told) {
    if (told) text += concat(", ", name, "=", IValue(value));
  };
  add("padding_idx", options.padding_idx(), !padding_last && options.padding_idx());
  add("max_norm", options.max_norm(), options.max_norm().has_value());
  add("norm_type", options.norm_type(), options.norm_type() != 2);
  add("scale_grad_by_freq", options.scale_grad_by_freq(), options.scale_grad_by_freq());
  if constexpr (std::is_same_v<Options, EmbeddingBagOptions>)
    add("mode", options.mode(), true);
  else
    add("sparse", options.sparse(), options.sparse());
  add("padding_idx", options.padding_idx(), padding_last && options.padding_idx());
  return text;
}

// A module over the given vectors, with the options that both kinds share.
template <class Layer, class Options, class From>
Layer pretrained(const char* name, const Tensor& embeddings, const From& from,
                 Options (*more)(Options, const From&)) {
  XGRAD_CHECK_AS(ValueError, embeddings.dim() == 2, name,
                 ": from_pretrained needs a matrix [num_embeddings, embedding_dim]: got ",
                 embeddings.sizes());
  Options options(embeddings.size(0), embeddings.size(1));
  options._weight(embeddings)
      .padding_idx(from.padding_idx())
      .max_norm(from.max_norm())
      .norm_type(from.norm_type())
      .scale_grad_by_freq(from.scale_grad_by_freq())
      .sparse(from.sparse());
  Layer layer(more(options, from));
  layer->weight.set_requires_grad(!from.freeze());
  return layer;
}

}  // namespace

EmbeddingImpl::EmbeddingImpl(const EmbeddingOptions& options_) : options(options_) { EmbeddingImpl::reset(); }
void EmbeddingImpl::reset() {
  weight = register_parameter("weight", table("Embedding", options));
  if (!options._weight().defined()) reset_parameters();
}
void EmbeddingImpl::reset_parameters() { draw(weight, options.padding_idx()); }
Tensor EmbeddingImpl::forward(const Tensor& input) {
  return functional::embedding(input, weight,
                               functional::EmbeddingFuncOptions()
                                   .padding_idx(options.padding_idx())
                                   .max_norm(options.max_norm())
                                   .norm_type(options.norm_type())
                                   .scale_grad_by_freq(options.scale_grad_by_freq())
                                   .sparse(options.sparse()));
}
std::string EmbeddingImpl::extra_repr() const { return repr(options, false); }

EmbeddingBagImpl::EmbeddingBagImpl(const EmbeddingBagOptions& options_) : options(options_) {
  EmbeddingBagImpl::reset();
}
void EmbeddingBagImpl::reset() {
  weight = register_parameter("weight", table("EmbeddingBag", options));
  if (!options._weight().defined()) reset_parameters();
}
void EmbeddingBagImpl::reset_parameters() { draw(weight, options.padding_idx()); }
Tensor EmbeddingBagImpl::forward(const Tensor& input, const Tensor& offsets,
                                 const Tensor& per_sample_weights) {
  return functional::embedding_bag(input, weight,
                                   functional::EmbeddingBagFuncOptions()
                                       .offsets(offsets)
                                       .max_norm(options.max_norm())
                                       .norm_type(options.norm_type())
                                       .scale_grad_by_freq(options.scale_grad_by_freq())
                                       .mode(options.mode())
                                       .sparse(options.sparse())
                                       .per_sample_weights(per_sample_weights)
                                       .include_last_offset(options.include_last_offset())
                                       .padding_idx(options.padding_idx()));
}
std::string EmbeddingBagImpl::extra_repr() const { return repr(options, true); }

Embedding Embedding::from_pretrained(const Tensor& embeddings,
                                     const EmbeddingFromPretrainedOptions& options) {
  return pretrained<Embedding, EmbeddingOptions>(
      "Embedding", embeddings, options,
      +[](EmbeddingOptions o, const EmbeddingFromPretrainedOptions&) { return o; });
}
EmbeddingBag EmbeddingBag::from_pretrained(const Tensor& embeddings,
                                           const EmbeddingBagFromPretrainedOptions& options) {
  return pretrained<EmbeddingBag, EmbeddingBagOptions>(
      "EmbeddingBag", embeddings, options,
      +[](EmbeddingBagOptions o, const EmbeddingBagFromPretrainedOptions& from) {
        return o.mode(from.mode()).include_last_offset(from.include_last_offset());
      });
}

template class Cloneable<EmbeddingImpl>;
template class Cloneable<EmbeddingBagImpl>;

}  // namespace xgrad::nn
