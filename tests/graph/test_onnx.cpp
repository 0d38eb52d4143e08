// Models in ONNX, by their structure, and beside what onnxruntime computed of them, which ./dev interop
// --record keeps.
#include "graph/interop/models.h"
#include "messages.h"
#include "nn/values.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <xgrad/graph/protobuf.h>

#if defined(XGRAD_HAVE_PROTOZERO)
#include <map>

#include <xgrad/io/npy.h>
#include <protozero/pbf_reader.hpp>

#include "graph/interop/digest.h"

namespace fs = std::filesystem;
using namespace xgrad;

namespace {

struct File {
  File() : path(fs::temp_directory_path() / concat("xgrad_", std::rand(), ".onnx")) {}
  ~File() { fs::remove(path); }
  std::string name() const { return path.string(); }
  fs::path path;
};

// What is in a file: types of nodes, names of initializers, inputs and results.
struct Contents {
  std::string ops, initializers, inputs, outputs;

  explicit Contents(const fs::path& path) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    protozero::pbf_reader model(bytes);
    REQUIRE(model.next(7));
    protozero::pbf_reader graph = model.get_message();
    while (graph.next()) {
      switch (graph.tag()) {
        case 1:
          add(ops, graph.get_message(), 4);
          break;
        case 5:
          add(initializers, graph.get_message(), 8);
          break;
        case 11:
          add(inputs, graph.get_message(), 1);
          break;
        case 12:
          add(outputs, graph.get_message(), 1);
          break;
        default:
          graph.skip();
      }
    }
  }

 private:
  static void add(std::string& list, protozero::pbf_reader message, unsigned field) {
    while (message.next(field)) list += (list.empty() ? "" : " ") + message.get_string();
  }
};

struct CustomImpl : nn::Module {
  CustomImpl() { inner = register_module("inner", Inner()); }
  struct InnerImpl : nn::Module {
    Tensor forward(const Tensor& x) { return x.cumsum(0); }
  };
  XGRAD_MODULE(Inner);
  Tensor forward(const Tensor& x) { return inner(x) + 1; }
  Inner inner{nullptr};
};
XGRAD_MODULE(Custom);

}  // namespace

TEST_CASE("a model has its ops in order, and its parameters by their names") {
  const File file;
  nn::Sequential net(nn::Linear(3, 4), nn::ReLU(), nn::Dropout(0.5));
  graph::to_onnx(net, randn({2, 3}), file.name());
  const Contents contents(file.path);
  CHECK_EQ(contents.ops, "Gemm Relu Identity");
  CHECK_EQ(contents.initializers, "0.weight 0.bias");
  CHECK_EQ(contents.inputs, "input");
  CHECK_EQ(contents.outputs, "output");
  CHECK(net->is_training());
  CHECK_FALSE(net->has_hooks());
}

TEST_CASE("a recurrent layer is one node, with its weights in the order of ONNX's gates") {
  const File file;
  graph::to_onnx(nn::LSTM(nn::LSTMOptions(3, 4)), randn({5, 2, 3}), file.name());
  const Contents contents(file.path);
  CHECK(contains(contents.ops, " LSTM "));
  CHECK_EQ(contents.ops.find("LSTM"), contents.ops.rfind("LSTM"));
  CHECK(contains(contents.initializers, "weight_ih_l0"));
  CHECK(contains(contents.initializers, "bias_hh_l0"));
  CHECK_EQ(contents.outputs, "output output_1 output_2");
}

TEST_CASE("a model is the one that onnxruntime ran, and gives what it gave") {
  const std::string recorded = std::string(XGRAD_TESTS_DIR) + "/graph/interop/";
  std::map<std::string, uint32_t> digests;
  std::ifstream list(recorded + "digests.txt");
  for (std::string name; list >> name;) list >> digests[name];
  const auto results = load_npz(recorded + "recorded.npz");
  for (const models::Model& model : models::all()) {
    CAPTURE(model.name);
    const File file;
    const auto values = model.write(file.name());
    CHECK_MESSAGE(models::digest(file.name()) == digests[model.name], model.name,
                  " is another model than the one recorded; run ./dev interop --record");
    for (std::size_t i = 0; i < values[1].size(); ++i) {
      const Tensor expected = results[model.name + (i == 0 ? ".output" : concat(".output_", i))];
      CHECK(allclose(values[1][i], expected, 1e-5, 1e-5));
    }
  }
}

TEST_CASE("every layer and function with a form in ONNX is written") {
  for (const models::Model& model : models::all()) {
    CAPTURE(model.name);
    const File file;
    const auto values = model.write(file.name());
    const Contents contents(file.path);
    CHECK_FALSE(contents.ops.empty());
    CHECK_EQ(values[1].empty(), contents.outputs.empty());
  }
}

TEST_CASE("what has no form in ONNX is an error that names op and module, and no file") {
  const File file;
  const std::string text = message_of([&] { graph::to_onnx(Custom(), ones({3}), file.name()); });
  CHECK_EQ(text, "to_onnx: cumsum in Inner inner: ONNX has no form for it");
  CHECK_FALSE(fs::exists(file.path));
}

TEST_CASE("a batch norm that trains is refused, with what to do") {
  const File file;
  const models::Function net([](const Tensor& x) {
    return nn::functional::batch_norm(x, {}, {}, nn::functional::BatchNormFuncOptions().training(true));
  });
  const std::string text = message_of([&] { graph::to_onnx(net, ones({2, 3}), file.name()); });
  CHECK(contains(text, "to_onnx: batch_norm in Function: it normalises by mean and variance of the batch"));
  CHECK(contains(text, "call eval()"));
  CHECK_FALSE(fs::exists(file.path));
}

TEST_CASE("a change through a view is refused where the base is read again") {
  const File file;
  const models::Function net([](const Tensor& x) {
    Tensor y = x * 2;
    y.t().add_(1);
    return y + 1;
  });
  CHECK(contains(message_of([&] {
                   graph::to_onnx(net, ones({2, 2}), file.name());
                 }),
                 "to_onnx: add in Function: a tensor was changed in place through a view of it"));
}

#endif
