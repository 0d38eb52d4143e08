// profile: every op and node of backward is seen once, with its module, and the program runs as without.
#include "nn/values.h"

#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <xgrad/graph.h>
#include <nlohmann/json.hpp>

using namespace xgrad;
using graph::Profile;
using graph::ProfileEvent;
using graph::ProfileRow;
using Kind = ProfileEvent::Kind;

namespace {

const ProfileRow& row(const std::vector<ProfileRow>& rows, const std::string& name) {
  for (const ProfileRow& r : rows)
    if (r.name == name) return r;
  FAIL("no such row: ", name);
  return rows.front();
}

struct NetImpl : nn::Module {
  NetImpl() {
    fc1 = register_module("fc1", nn::Linear(4, 8));
    fc2 = register_module("fc2", nn::Linear(8, 2));
  }
  Tensor forward(const Tensor& x) { return fc2(fc1(x).exp()); }
  nn::Linear fc1{nullptr}, fc2{nullptr};
};
XGRAD_MODULE(Net);

}  // namespace

TEST_CASE("an op has its calls, times and memory, forward and backward") {
  const Tensor a = ones({8, 8}, requires_grad()), b = ones({8, 8}, requires_grad());
  const Profile p = graph::profile([&] {
    for (int i = 0; i < 3; ++i) mm(a, b).exp().sum().backward();
  });
  const ProfileRow mm_row = row(p.by_op(), "mm"), exp_row = row(p.by_op(), "exp");
  CHECK_EQ(mm_row.calls, 3);
  CHECK_EQ(mm_row.backward_calls, 3);
  CHECK_EQ(mm_row.bytes, 3 * 8 * 8 * 4);
  CHECK_EQ(mm_row.backward_bytes, 3 * 2 * 8 * 8 * 4);
  CHECK_GT(mm_row.forward, 0);
  CHECK_GT(mm_row.backward, 0);
  CHECK_EQ(exp_row.calls, 3);
  double inside = 0;
  for (const ProfileRow& r : p.by_op()) inside += r.forward + r.backward;
  CHECK_LE(inside, p.seconds);
}

TEST_CASE("views and changes in place take no memory") {
  Tensor a = ones({8, 8});
  const Profile p = graph::profile([&] { a.t().add_(1); });
  CHECK_EQ(row(p.by_op(), "t").bytes, 0);
  CHECK_EQ(row(p.by_op(), "add").bytes, 0);
}

TEST_CASE("a module has the times of all below it, and nodes of backward belong to their module") {
  Net net;
  const Profile p = graph::profile(net, [&] { net(ones({3, 4})).sum().backward(); });
  CHECK_EQ(p.modules, std::vector<std::string>{"", "fc1", "fc2"});
  const auto rows = p.by_module();
  CHECK_EQ(row(rows, "Net").calls, 1);
  CHECK_EQ(row(rows, "fc1 (Linear)").calls, 1);
  CHECK_GE(row(rows, "Net").forward, row(rows, "fc1 (Linear)").forward + row(rows, "fc2 (Linear)").forward);
  CHECK_GT(row(rows, "fc2 (Linear)").backward, 0);
  for (const ProfileEvent& e : p.events) {
    if (e.name == "ExpBackward") CHECK(e.is_in_module);
    if (e.op == "sum") CHECK_FALSE(e.is_in_module);
  }
  CHECK_FALSE(net->has_hooks());
}

TEST_CASE("times of what runs inside are not counted twice") {
  const Tensor x = ones({4}, requires_grad());
  const Profile p = graph::profile([&] {
    const Tensor y = (x * x * x).sum();
    autograd::grad({y}, {x}, {}, nullopt, true)[0].sum().backward();
  });
  for (const ProfileEvent& e : p.events) {
    CHECK_GE(e.self, 0);
    CHECK_LE(e.self, e.duration);
  }
  CHECK_EQ(row(p.by_op(), "mul").calls, 2);  // those of backward are part of its nodes
}

TEST_CASE("what f throws goes on, and nobody looks on any more") {
  Net net;
  const Tensor bad = ones({3, 5});
  CHECK_THROWS_AS((void)graph::profile(net, [&] { net(bad); }), Error);
  CHECK_FALSE(net->has_hooks());
  CHECK_THROWS_AS((void)graph::profile([] { throw std::runtime_error("mine"); }), std::runtime_error);
  const Profile p = graph::profile(net, [&] {
    try {
      net(bad);
    } catch (const Error&) {
    }
    (void)net(ones({3, 4}));
  });
  CHECK_EQ(row(p.by_module(), "fc1 (Linear)").calls, 2);
  CHECK_EQ(row(p.by_op(), "exp").calls, 1);
}

TEST_CASE("profiles within each other see the same ops, and values are kept beside") {
  const Tensor x = ones({2}, requires_grad());
  Profile inner;
  Tensor y;
  const Profile outer = graph::profile([&] {
    (void)x.exp();
    inner = graph::profile([&] {
      const graph::KeepValues keep;
      y = x.sin().sum();
    });
  });
  CHECK_EQ(row(outer.by_op(), "sin").calls, 1);
  CHECK_EQ(row(outer.by_op(), "exp").calls, 1);
  CHECK_EQ(inner.by_op().size(), 2);
  CHECK(graph::trace(y)[1].value.defined());
}

TEST_CASE("the threads of a parallel_for are seen, each with its number") {
  const Tensor x = ones({64});
  std::vector<double> sums(8);
  const Profile p = graph::profile([&] {
    parallel_for(0, 8, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) sums[static_cast<std::size_t>(i)] = x.exp().sum().item<double>();
    });
  });
  CHECK_EQ(row(p.by_op(), "exp").calls, 8);
  CHECK_EQ(row(p.by_op(), "sum").calls, 8);
}

TEST_CASE("the trace is a file for Perfetto, with modules around their ops") {
  Net net;
  const Profile p = graph::profile(net, [&] { net(ones({3, 4})).sum().backward(); });
  const auto path = std::filesystem::temp_directory_path() / "xgrad_profile.json";
  p.save_trace(path.string());
  std::ifstream file(path);
  const auto json = nlohmann::json::parse(file);
  std::filesystem::remove(path);
  REQUIRE_EQ(json["traceEvents"].size(), p.events.size());
  nlohmann::json module, op;
  for (const auto& e : json["traceEvents"]) {
    CHECK_EQ(e["ph"], "X");
    if (e["cat"] == "module" && e["args"]["module"] == "fc2") module = e;
    if (e["cat"] == "op" && e["args"]["module"] == "fc2") op = e;
  }
  CHECK_LE(module["ts"].get<double>(), op["ts"].get<double>());
  CHECK_GE(module["ts"].get<double>() + module["dur"].get<double>(),
           op["ts"].get<double>() + op["dur"].get<double>());
  CHECK_THROWS_AS(p.save_trace("/nowhere/trace.json"), Error);
}

TEST_CASE("the table has a line for each op and each module, and the total") {
  Net net;
  const std::string text = printed(graph::profile(net, [&] { net(ones({3, 4})).sum().backward(); }));
  for (const char* part : {"Op ", "linear ", "exp ", "Module ", "fc1 (Linear) ", "Total: ", ", in ops: "})
    CHECK(contains(text, part));
}
