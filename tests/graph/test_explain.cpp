// What explain writes of a graph, and that it leaves the graph as it is.
#include "core/autograd/checks.h"

#include <xgrad/graph/explain.h>

using namespace xgrad;
using autograd::variable_list;
using checks::check;
using checks::check_error;
using checks::error_of;
using checks::leaf;

TEST_CASE("explain shows every node with its value, its derivatives and the gradient that reaches it") {
  const graph::KeepValues keep;
  const Tensor x = leaf({3}), y = leaf({2});
  const Tensor z = (x * y + x).sum();
  CHECK_EQ(graph::explain(z),
           "SumBackward0   value 9.   gradient 1.\n"
           "    d/dself = [1.]   to AddBackward0\n"
           "AddBackward0   value [9.]   gradient [1.]\n"
           "    d/dself = 1 = [1.]   to MulBackward0\n"
           "    d/dother = 1 = [1.]   to AccumulateGrad\n"
           "MulBackward0   value [6.]   gradient [1.]\n"
           "    d/dself = other = [2.]   to AccumulateGrad\n"
           "    d/dother = self = [3.]   to AccumulateGrad\n"
           "leaf   value [3.]   gradient [3.]\n"
           "leaf   value [2.]   gradient [3.]\n");
}

TEST_CASE("explain runs no hooks, frees nothing and writes no .grad()") {
  const Tensor x = leaf({1, 2}), y = x * x;
  int calls = 0;
  x.register_hook([&](const Tensor&) { ++calls; });
  y.register_hook([&](const Tensor&) { ++calls; });
  y.retain_grad();
  const Tensor z = y.sum();
  const std::string first = graph::explain(z);
  CHECK_EQ(calls, 0);
  CHECK_FALSE(x.grad().defined());
  CHECK_FALSE(y.grad().defined());
  CHECK_EQ(graph::explain(z), first);
  z.backward();
  check(x.grad(), {2, 4});
}

TEST_CASE("explain shows a part of the graph that is computed only on the way") {
  const Tensor x = leaf({3});
  const Tensor y =
      autograd::checkpoint([](const variable_list& in) { return variable_list{in[0] * in[0]}; }, {x})[0];
  const std::string text = graph::explain(y.sum());
  check_error(text, "CheckpointBackward   gradient [1.]\n");
  check_error(text, "MulBackward0");
  check_error(text, "leaf   value [3.]   gradient [6.]\n");
}

TEST_CASE("explain refuses a tensor without a history") {
  check_error(error_of([] { graph::explain(ones({2})); }),
              "does not require grad and does not have a grad_fn");
}
