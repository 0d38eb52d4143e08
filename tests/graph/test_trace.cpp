// The graph as plain data: what is in it, in which order, and to which modules it belongs.
#include "core/autograd/checks.h"

#include <xgrad/graph/trace.h>

using namespace xgrad;
using checks::check;
using checks::leaf;
using graph::Graph;
using graph::Names;
using graph::Node;

namespace {

std::string ops_of(const Graph& graph) {
  std::string text;
  for (const Node& node : graph.nodes)
    text += (text.empty() ? "" : " ") +
            (node.kind == Node::Kind::op ? node.op : (node.kind == Node::Kind::leaf ? "<" : "(") + node.name);
  return text;
}

std::string paths_of(const Graph& graph) {
  std::string paths;
  for (const Node& node : graph.nodes)
    if (node.kind == Node::Kind::op) paths += node.op + ":" + node.module + " ";
  return paths;
}

const Node& node_of(const Graph& graph, const std::string& op) {
  for (const Node& node : graph.nodes)
    if (node.op == op) return node;
  FAIL("no such op: ", op);
  return graph.nodes[0];
}

struct BlockImpl : nn::Module {
  BlockImpl() {
    fc1 = register_module("fc1", nn::Linear(3, 4));
    fc2 = register_module("fc2", nn::Linear(nn::LinearOptions(4, 3).bias(false)));
  }
  Tensor forward(const Tensor& x) { return x + fc2(relu(fc1(x))); }
  nn::Linear fc1{nullptr}, fc2{nullptr};
};
XGRAD_MODULE(Block);

}  // namespace

TEST_CASE("nodes stand in the order of the forward pass, leaves and constants before who reads them") {
  const graph::KeepValues keep;
  const Tensor x = leaf({1, 2}), w = leaf({3, 4}), d = tensor({5., 6.});
  const Graph g = graph::trace(((x * w).exp() + d).sum(), Names{{"x", x}, {"w", w}, {"d", d}});
  CHECK_EQ(ops_of(g), "<x <w mul exp (d add sum");
  CHECK_EQ(g[2].inputs[1].node, 1);
  CHECK_EQ(g[5].inputs[1].node, 4);
  for (int i = 0; i < g.size(); ++i)
    for (const graph::Input& input : g[i].inputs) CHECK_LT(input.node, i);
}

TEST_CASE("a node knows its shape, its value, and the gradient that arrives, which is that of backward") {
  const graph::KeepValues keep;
  const Tensor x = leaf({1, 2});
  const Tensor y = x * 3, z = y.pow(2).sum();
  const Graph g = graph::trace(z);
  const Node& mul = node_of(g, "mul");
  CHECK_EQ(mul.sizes, std::vector<int64_t>{2});
  check(mul.value, {3, 6});
  check(mul.gradients[0], {6, 12});
  CHECK_EQ(mul.inputs[1].number.item<double>(), 3);
  y.retain_grad();
  z.backward();
  check(y.grad(), {6, 12});
  check(g[0].gradients[0], {18, 36});
  check(x.grad(), {18, 36});
}

TEST_CASE("an argument has its derivative as formula and as numbers") {
  const Tensor x = leaf({0.5, 2});
  const Graph g = graph::trace(x.exp().sum());
  const graph::Input& input = node_of(g, "exp").inputs[0];
  CHECK_EQ(input.formula, "grad * result");
  CHECK_EQ(input.local, "result");
  check(input.derivative, {std::exp(0.5), std::exp(2.)});
  // By differences.
  const double h = 1e-3, by_difference = (std::exp(0.5 + h) - std::exp(0.5 - h)) / (2 * h);
  CHECK_EQ(input.derivative[0].item<double>(), doctest::Approx(by_difference).epsilon(1e-4));
}

TEST_CASE("what an op saves is listed with its bytes, and a change in place shows") {
  const Tensor x = leaf({1, 2, 3}), y = x * 2;
  const Tensor z = (y * y.exp()).sum();
  y.detach().mul_(1);
  const Graph g = graph::trace(z, graph::TraceOptions().gradients(false));
  const Node& exp = node_of(g, "exp");
  REQUIRE_EQ(exp.saved.size(), 1);
  CHECK_EQ(exp.saved[0].name, "result");
  CHECK_EQ(exp.saved_bytes(), 3 * 8);
  const Node& mul = g[g.size() - 2];
  REQUIRE_EQ(mul.saved.size(), 2);
  CHECK_EQ(mul.saved[0].version, 0);
  CHECK_EQ(mul.saved[0].version_now, 1);
}

TEST_CASE("a graph that backward has freed is traced without gradients, but those of leaves") {
  const Tensor x = leaf({1, 2}), z = (x * x).sum();
  z.backward();
  const Graph g = graph::trace(z);
  CHECK_EQ(ops_of(g), "< mul sum");
  CHECK(node_of(g, "mul").gradients.empty());
  check(g[0].gradients[0], {2, 4});
}

TEST_CASE("ops belong to the module whose parameters they read, and those between to what holds both") {
  nn::Sequential net(Block{}, Block{});
  const Graph g = graph::trace(net->forward(ones({2, 3})).sum(), net->named_parameters());
  CHECK_EQ(paths_of(g),
           "linear:0.fc1 relu:0 t:0.fc2 mm:0.fc2 add: "
           "linear:1.fc1 relu:1 t:1.fc2 mm:1.fc2 add: sum: ");
}

TEST_CASE("a layer without parameters has its ops where the module is watched") {
  nn::Sequential net(nn::Conv2d(1, 2, 3), nn::MaxPool2d(2), nn::Sequential(nn::ReLU(), nn::Dropout(0.5)),
                     nn::Flatten(), nn::Linear(8, 1));
  const graph::KeepValues keep(net);
  const Graph g = graph::trace(net->forward(ones({1, 1, 6, 6})).sum(), net->named_parameters());
  CHECK_EQ(paths_of(g), "convolution:0 max_pool_with_indices:1 relu:2.0 mul:2.1 view:3 linear:4 sum: ");
}

TEST_CASE("a watched module has what its own forward computes, not the layer before, and no hooks later") {
  Block block;
  {
    const graph::KeepValues keep(block);
    const Tensor x = leaf({1, 2, 3}).to(kFloat).view({1, 3});
    CHECK_EQ(paths_of(graph::trace((block(x) * 2).sum(), block->named_parameters())),
             "to: view: linear:fc1 relu: t:fc2 mm:fc2 add: mul: sum: ");
  }
  CHECK_FALSE(block->has_hooks());
}

TEST_CASE("what a watched module makes for its own ops stands in it, what it is passed does not") {
  nn::Sequential net(nn::Linear(3, 4), nn::Dropout(0.5));
  const graph::KeepValues keep(net);
  const Graph g = graph::trace(net->forward(ones({2, 3})).sum(), net->named_parameters());
  std::vector<std::string> places;
  for (const Node& node : g.nodes)
    if (node.kind == Node::Kind::constant) places.push_back(node.module);
  CHECK_EQ(places, std::vector<std::string>{"", "1"});
}

TEST_CASE("a value that an op in place overwrites later is shown as it was") {
  const graph::KeepValues keep;
  const Tensor x = leaf({1, 2});
  Tensor y = x * 1;
  y.add_(5);
  const Graph g = graph::trace(y.sum());
  check(node_of(g, "mul").value, {1, 2});
  check(node_of(g, "add").value, {6, 7});
}

TEST_CASE("tracing changes nothing, and a leaf alone is a graph") {
  const Tensor x = leaf({7});
  const Graph g = graph::trace(x);
  CHECK_EQ(g.size(), 1);
  CHECK_FALSE(x.grad().defined());
}
