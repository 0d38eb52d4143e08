// Nodes of one's own, written as LibTorch programs write them.
#include "core/autograd/checks.h"

#include <cmath>
#include <memory>

using namespace xgrad;
using namespace checks;
using autograd::Node;
using autograd::SavedVariable;
using autograd::variable_list;

namespace {

// a * exp(b), which keeps an input and its own output.
struct TimesExp : Node {
  SavedVariable a, out;
  variable_list apply(variable_list&& g) override {
    const Tensor x = a.unpack(*this), y = out.unpack(*this);
    return {should_compute_output(0) ? g[0] * (y / x) : Tensor(),
            should_compute_output(1) ? g[0] * y : Tensor()};
  }
  void release_variables() override {
    a.reset_data();
    out.reset_data();
  }
  std::string name() const override { return "TimesExp"; }
};

Tensor times_exp(const Tensor& a, const Tensor& b) {
  std::shared_ptr<TimesExp> node;
  if (autograd::compute_requires_grad(a, b)) {
    node = std::shared_ptr<TimesExp>(new TimesExp, autograd::deleteNode);
    node->set_next_edges(autograd::collect_next_edges(a, b));
    node->a = SavedVariable(a, false);
  }
  Tensor result;
  {
    const NoGradGuard no_grad;
    result = a * b.exp();
  }
  if (node) {
    autograd::set_history(result, node);
    node->out = SavedVariable(result, true);
  }
  return result;
}

}  // namespace

TEST_CASE("a node held by a shared_ptr is part of the graph, and keeps inputs and outputs") {
  const Tensor a = leaf({2, 3}), b = leaf({0, 1});
  const Tensor y = times_exp(a, b);
  CHECK_EQ(y.grad_fn()->name(), "TimesExp");
  y.sum().backward();
  check(a.grad(), {1, std::exp(1.)});
  check(b.grad(), {2, 3 * std::exp(1.)});
  check_error(error_of([&] { y.sum().backward(); }),
              "TimesExp: Trying to backward through the graph a second");
  const auto f = [](const variable_list& in) { return variable_list{times_exp(in[0], in[1])}; };
  CHECK(autograd::gradcheck(f, {a, b}));
  CHECK(autograd::gradgradcheck(f, {a, b}));
}

TEST_CASE("what a node keeps is watched, and freed with it") {
  const Tensor x = leaf({1, 2}), a = x * 2;
  const Tensor y = times_exp(a, x);
  a.add_(1);
  check_error(error_of([&] { y.sum().backward(); }),
              "TimesExp needs a tensor of shape [2] at version 0, found version 1");
  const NoGradGuard no_grad;
  CHECK_FALSE(times_exp(x, x).requires_grad());
  CHECK_FALSE(autograd::compute_requires_grad(x));
  CHECK_FALSE(SavedVariable().unpack(*y.grad_fn()).defined());
}

TEST_CASE("a node has as many edges as are added to it") {
  const Tensor x = checks::leaf({1, 2});
  variable_list many(70000, x);
  cat(many).sum().backward();
  checks::check(x.grad(), {70000, 70000});
  const auto node = autograd::make_node<autograd::Node>();
  for (int i = 0; i < 200000; ++i) node->add_next_edge(autograd::gradient_edge(x));
  CHECK_EQ(node->num_outputs(), 200000);
  const Tensor y = x * 2;
  node->add_next_edge(autograd::gradient_edge(y));
  CHECK_GT(node->sequence_nr(), y.grad_fn()->sequence_nr());
  node->set_next_edges({});
  CHECK_EQ(node->num_outputs(), 0);
}

TEST_CASE("the edges of an op can be replaced, but are as many as its inputs") {
  const Tensor x = checks::leaf({1, 2}), other = checks::leaf({0, 0}), y = x * 2;
  const auto node = y.grad_fn();
  CHECK_THROWS_AS(node->add_next_edge({}), Error);
  CHECK_THROWS_AS(node->set_next_edges({}), Error);
  autograd::edge_list edges = node->next_edges().vec();
  edges[0] = autograd::gradient_edge(other);
  node->set_next_edges(edges);
  y.sum().backward();
  checks::check(other.grad(), {2, 2});
  CHECK_FALSE(x.grad().defined());
}
