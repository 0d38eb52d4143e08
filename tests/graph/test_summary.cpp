// The table of a module: its numbers against closed forms and what PyTorch's FlopCounterMode and torchinfo
// count, and that the module is left as it was.
#include "nn/values.h"

#include <xgrad/graph.h>

using namespace xgrad;
using graph::LayerSummary;
using graph::Summary;
using Shapes = std::vector<std::vector<int64_t>>;

namespace {

struct NetImpl : nn::Module {
  NetImpl() {
    features = register_module("features", nn::Sequential(nn::Conv2d(nn::Conv2dOptions(1, 8, 3).padding(1)),
                                                          nn::BatchNorm2d(8), nn::ReLU(), nn::MaxPool2d(2)));
    fc = register_module("fc", nn::Linear(8 * 4 * 4, 10));
    unused = register_module("unused", nn::Linear(2, 2));
  }
  Tensor forward(const Tensor& x) { return fc->forward(features->forward(x).flatten(1)); }
  nn::Sequential features{nullptr};
  nn::Linear fc{nullptr}, unused{nullptr};
};
XGRAD_MODULE(Net);

struct ThrowingImpl : nn::Module {
  ThrowingImpl() { inner = register_module("inner", nn::Linear(3, 4)); }
  Tensor forward(const Tensor& x) {
    train(false);
    return inner(x);
  }
  nn::Linear inner{nullptr};
};
XGRAD_MODULE(Throwing);

// Draws numbers, writes a buffer, and goes on in the mode it finds.
struct RestlessImpl : nn::Module {
  RestlessImpl() {
    count = register_buffer("count", zeros({1}));
    dropout = register_module("dropout", nn::Dropout(0.5));
  }
  Tensor forward(const Tensor& x) {
    count.add_(1);
    return dropout(x) + rand_like(x);
  }
  Tensor count;
  nn::Dropout dropout{nullptr};
};
XGRAD_MODULE(Restless);

int64_t total_mult_adds(const Summary& s) { return s.total(&LayerSummary::mult_adds); }

}  // namespace

TEST_CASE("a layer has its shapes, parameters, multiply-adds and memory") {
  nn::Linear fc(5, 3);
  const Summary s = graph::summary(fc, {4, 5});
  CHECK_EQ(s[""].type, "Linear");
  CHECK_EQ(s[""].input_shapes, Shapes{{4, 5}});
  CHECK_EQ(s[""].output_shapes, Shapes{{4, 3}});
  CHECK_EQ(s[""].parameters, 5 * 3 + 3);
  CHECK_EQ(s[""].parameter_bytes, 4 * (5 * 3 + 3));
  CHECK_EQ(s[""].mult_adds, 4 * 5 * 3);
  CHECK_EQ(s[""].activation_bytes, 4 * 4 * 3);
  CHECK_EQ(s.input_bytes, 4 * 4 * 5);
}

TEST_CASE("multiply-adds are those of PyTorch's FlopCounterMode") {
  CHECK_EQ(total_mult_adds(graph::summary(nn::Linear(16, 8), {2, 7, 16})), 2 * 7 * 16 * 8);
  CHECK_EQ(total_mult_adds(graph::summary(nn::Conv1d(4, 6, 3), {2, 4, 10})), 2 * 6 * 8 * 4 * 3);
  const nn::Conv2d grouped(nn::Conv2dOptions(4, 8, 3).stride(2).padding(1).groups(2));
  CHECK_EQ(total_mult_adds(graph::summary(grouped, {1, 4, 9, 9})), 8 * 25 * 2 * 9);
  const nn::ConvTranspose2d transposed(nn::ConvTranspose2dOptions(4, 4, 3).stride(2));
  CHECK_EQ(total_mult_adds(graph::summary(transposed, {1, 4, 5, 5})), 4 * 25 * 4 * 9);
  const nn::LSTM lstm(nn::LSTMOptions(3, 5).num_layers(2));
  CHECK_EQ(total_mult_adds(graph::summary(lstm, {7, 2, 3})), 7 * 2 * (4 * 5 * (3 + 5) + 4 * 5 * (5 + 5)));
  const nn::GRU gru(nn::GRUOptions(3, 5).bidirectional(true));
  CHECK_EQ(total_mult_adds(graph::summary(gru, {7, 2, 3})), 7 * 2 * 2 * 3 * 5 * (3 + 5));
}

TEST_CASE("attention counts its projections and both products of queries, keys and values") {
  const int64_t length = 6, batch = 2, width = 8, hidden = 16;
  const nn::TransformerEncoderLayer layer(
      nn::TransformerEncoderLayerOptions(width, 2).dim_feedforward(hidden));
  const int64_t projections = 4 * length * batch * width * width,
                products = 2 * batch * length * length * width,
                feedforward = 2 * length * batch * width * hidden;
  const Summary s = graph::summary(layer, {length, batch, width});
  CHECK_EQ(total_mult_adds(s), projections + products + feedforward);
  CHECK_EQ(s["linear1"].mult_adds, length * batch * width * hidden);
}

TEST_CASE("layers are seen when they are called, or by their parameters when forward is called past hooks") {
  Net net;
  const Summary s = graph::summary(net, {2, 1, 8, 8});
  CHECK_EQ(s["features.0"].output_shapes, Shapes{{2, 8, 8, 8}});
  CHECK_EQ(s["features.0"].mult_adds, 2 * 8 * 64 * 9);
  CHECK_EQ(s["features.3"].output_shapes, Shapes{{2, 8, 4, 4}});
  CHECK_EQ(s["fc"].calls, 1);
  CHECK_EQ(s["fc"].output_shapes, Shapes{{2, 10}});
  CHECK_EQ(s["fc"].mult_adds, 2 * 128 * 10);
  CHECK_EQ(s["unused"].calls, 0);
  CHECK_EQ(s[""].output_shapes, Shapes{{2, 10}});
  CHECK_THROWS_WITH(s["fc2"], "summary: Net has no module 'fc2'");
}

TEST_CASE("the table is that of torchinfo: a tree, shapes, numbers, totals") {
  Net net;
  net->unused->weight.set_requires_grad(false);
  CHECK_EQ(printed(graph::summary(net, {2, 1, 8, 8})),
           R"(==========================================================================
Layer (type)               Output shape   Params   Mult-adds   Activations
==========================================================================
Net                        [2, 10]            --          --            --
├─ features (Sequential)   not called         --          --            --
│  ├─ 0 (Conv2d)           [2, 8, 8, 8]       80       9,216       4.10 kB
│  ├─ 1 (BatchNorm2d)      [2, 8, 8, 8]       16          --       4.29 kB
│  ├─ 2 (ReLU)             [2, 8, 8, 8]       --          --       4.10 kB
│  └─ 3 (MaxPool2d)        [2, 8, 4, 4]       --          --       3.07 kB
├─ fc (Linear)             [2, 10]         1,290       2,560          80 B
└─ unused (Linear)         not called          6          --            --
==========================================================================
Total params: 1,392
Trainable params: 1,388
Non-trainable params: 4
Total mult-adds: 11,776
--------------------------------------------------------------------------
Input size: 512 B
Activations size: 15.6 kB
Params size: 5.57 kB
Buffers size: 72 B
==========================================================================
)");
}

TEST_CASE("what layers share is counted once, and a layer that is called again has its calls") {
  struct SharedImpl : nn::Module {
    SharedImpl() {
      a = register_module("a", nn::Linear(nn::LinearOptions(3, 3).bias(false)));
      b = register_module("b", nn::Linear(nn::LinearOptions(3, 3).bias(false)));
      b->unregister_parameter("weight");
      b->weight = b->register_parameter("weight", a->weight);
    }
    Tensor forward(const Tensor& x) { return b(a(a(x))); }
    nn::Linear a{nullptr}, b{nullptr};
  } net;
  const Summary s = graph::summary(net, {1, 3});
  CHECK_EQ(s["a"].calls, 2);
  CHECK_EQ(s["a"].mult_adds, 18);
  CHECK_EQ(s.total(&LayerSummary::parameters), 9);
  CHECK_EQ(s["b"].mult_adds, 9);
}

TEST_CASE("inputs may be tensors of any kind, several shapes, or none") {
  nn::Embedding embedding(10, 4);
  CHECK_EQ(graph::summary(embedding, tensor({1, 2, 3}))[""].output_shapes, Shapes{{3, 4}});
  nn::Bilinear bilinear(2, 3, 4);
  CHECK_EQ(graph::summary(bilinear, {5, 2}, {5, 3})[""].input_shapes, Shapes{{5, 2}, {5, 3}});
  const Summary counted = graph::summary(Net());
  CHECK_EQ(counted["fc"].parameters, 1290);
  CHECK_EQ(counted["fc"].calls, 0);
  CHECK_EQ(printed(counted).find("not called"), std::string::npos);
}

TEST_CASE("the module is left as it was: modes, hooks, gradients, buffers, and the generator") {
  Restless net;
  net->dropout->eval();
  net->train(true);
  net->dropout->train(false);
  manual_seed(7);
  const auto state = default_generator().get_state();
  const Tensor count = net->count;
  (void)graph::summary(net, {2, 3});
  CHECK(net->is_training());
  CHECK_FALSE(net->dropout->is_training());
  CHECK_FALSE(net->has_hooks());
  CHECK_EQ(net->count.item<float>(), 0);
  CHECK(net->count.is_same(count));
  CHECK(default_generator().get_state() == state);
  Net with_norm;
  (void)graph::summary(with_norm, {2, 1, 8, 8});
  CHECK_EQ(with_norm->features[1]->as<nn::BatchNorm2d>()->num_batches_tracked.item<int64_t>(), 0);
  CHECK_FALSE(with_norm->fc->weight.grad().defined());
  int seen = 0;
  with_norm->register_forward_hook(
      [&](nn::Module&, const std::vector<Tensor>&, const std::vector<Tensor>&) { ++seen; });
  (void)graph::summary(with_norm, {2, 1, 8, 8});
  CHECK(with_norm->has_hooks());
  CHECK_EQ(seen, 1);
}

TEST_CASE("an error within forward names the module, and all is as it was") {
  Throwing net;
  CHECK(message_of([&] { (void)graph::summary(net, {2, 5}); }).find("summary: Linear inner failed: ") == 0);
  CHECK(net->is_training());
  CHECK(net->inner->is_training());
  CHECK_FALSE(net->inner->has_hooks());
  CHECK_EQ(graph::summary(net, {2, 3})["inner"].calls, 1);
}
