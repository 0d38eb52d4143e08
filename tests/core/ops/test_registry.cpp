// Walks over all ops: first and second derivatives by differences, for contiguous and strided inputs; both
// readings of a derivative agree; formulas have a text; errors leave the arguments alone. The calls are in
// samples.cpp.
#include <algorithm>
#include <set>

#include "core/ops/samples.h"

#include <doctest/doctest.h>

#include <xgrad/core/stanza/registry.h>

using namespace xgrad;
using samples::BadCall;
using samples::Row;
using samples::Sample;
using samples::Tensors;

namespace {

std::vector<Row> all_rows() {
  std::vector<Row> rows = samples::elementwise_rows();
  for (Row& r : samples::kernel_rows()) rows.push_back(std::move(r));
  return rows;
}

// How rows and registrations are told apart.
using Key = std::tuple<std::string, std::string, int, bool>;
Key key(const Row& r) { return {r.op, r.node, r.inputs, r.pointwise}; }
Key key(const ops::OpInfo& o) { return {o.op, o.node, o.inputs, o.pointwise}; }

std::vector<Row> differentiable_rows() {
  std::set<Key> known;
  for (const ops::OpInfo& o : ops::registered_ops())
    if (o.differentiable) known.insert(key(o));
  std::vector<Row> rows = all_rows();
  std::erase_if(rows, [&](const Row& r) { return !known.count(key(r)); });
  return rows;
}

Tensors leaves(const Sample& s, bool strided, ScalarType dtype = kDouble) {
  Tensors result;
  for (const Tensor& t : s.inputs)
    result.push_back((strided            ? samples::strided_copy(t)
                      : dtype == kDouble ? t.clone()
                                         : t.to(dtype))
                         .requires_grad_());
  return result;
}

void visit(const intrusive_ptr<autograd::Node>& root, const std::function<void(autograd::Node&)>& f) {
  std::set<autograd::Node*> seen;
  std::vector<autograd::Node*> todo{root.get()};
  while (!todo.empty()) {
    autograd::Node* n = todo.back();
    todo.pop_back();
    if (!n || !seen.insert(n).second) continue;
    f(*n);
    for (const autograd::Edge& e : n->next_edges()) todo.push_back(e.function.get());
  }
}

Tensor some_gradient(const Tensor& out) { return samples::spread(out.sizes(), 0.5, 1.5, 3).to(out.dtype()); }

// The gradients as the kernels compute them, or (recorded) as the same formula over tensors does.
Tensors gradients(const Sample& s, const Tensors& x, bool recorded) {
  const Tensor out = s.f(x);
  return autograd::grad({out}, x, {some_gradient(out)}, std::nullopt, recorded, true);
}

void check_close(const Tensor& a, const Tensor& b, double tolerance) {
  REQUIRE_EQ(a.defined(), b.defined());
  if (!a.defined()) return;
  CHECK_EQ(a.sizes().vec(), b.sizes().vec());
  CHECK_EQ(a.dtype(), b.dtype());
  CHECK(allclose(a.detach(), b.detach(), tolerance, tolerance));
}

void check_derivatives(const Sample& s, bool strided) {
  const autograd::GradcheckFunction f = [&](const Tensors& x) { return Tensors{s.f(x)}; };
  autograd::GradcheckOptions options;
  options.eps = s.eps;
  CHECK_NOTHROW(autograd::gradcheck(f, leaves(s, strided), options));
  CHECK_NOTHROW(autograd::gradgradcheck(f, leaves(s, strided), options));
}

void check_readings(const Sample& s) {
  const Tensors x = leaves(s, false), y = leaves(s, true);
  const Tensors fused = gradients(s, x, false), recorded = gradients(s, x, true);
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (fused[i].defined()) CHECK_EQ(fused[i].sizes().vec(), x[i].sizes().vec());
    check_close(fused[i], recorded[i], 1e-12);
  }
  if (s.refuses_strided) return;
  const Tensors through_strides = gradients(s, y, false);
  for (std::size_t i = 0; i < x.size(); ++i) check_close(fused[i], through_strides[i], 1e-12);
}

void check_bad_call(const BadCall& bad) {
  std::vector<Tensor> copies;
  std::vector<int64_t> versions;
  for (const Tensor& t : bad.inputs) {
    copies.push_back(t.clone());
    versions.push_back(t._version());
  }
  std::string text;
  try {
    bad.f(bad.inputs);
  } catch (const Error& e) {
    text = e.what();
  }
  CHECK_MESSAGE(text.find(bad.text) != std::string::npos, "expected \"", bad.text, "\" in \"", text, "\"");
  for (std::size_t i = 0; i < copies.size(); ++i) {
    CHECK(equal(copies[i], bad.inputs[i]));
    CHECK_EQ(versions[i], bad.inputs[i]._version());
  }
}

}  // namespace

TEST_CASE("every registered op has a row of samples, and every row an op") {
  std::set<Key> known, sampled;
  for (const ops::OpInfo& o : ops::registered_ops()) known.insert(key(o));
  for (const Row& r : all_rows()) {
    CHECK_FALSE(r.samples.empty());
    sampled.insert(key(r));
  }
  for (const Key& k : known)
    CHECK_MESSAGE(sampled.count(k), "no row of samples for ", std::get<0>(k), " (", std::get<1>(k), ") of ",
                  std::get<2>(k), " inputs");
  for (const Key& k : sampled)
    CHECK_MESSAGE(known.count(k), "no op for the row ", std::get<0>(k), " (", std::get<1>(k), ") of ",
                  std::get<2>(k), " inputs");
}

TEST_CASE("an op gives strided inputs what it gives contiguous ones") {
  for (const Row& row : all_rows())
    for (const Sample& s : row.samples) {
      if (s.refuses_strided) continue;
      INFO(row.op, " ", row.node, ": ", s.what);
      CHECK(allclose(s.f(leaves(s, false)).detach(), s.f(leaves(s, true)).detach(), 1e-12, 1e-12, true));
    }
}

TEST_CASE("an op has a derivative where its node has a name, and only there") {
  for (const ops::OpInfo& o : ops::registered_ops()) {
    INFO(o.op);
    CHECK(o.differentiable == (*o.node != '\0'));
  }
}

TEST_CASE("first and second derivatives agree with differences") {
  for (const Row& row : differentiable_rows())
    for (const Sample& s : row.samples) {
      INFO(row.node, ": ", s.what);
      check_derivatives(s, false);
      if (!s.refuses_strided) check_derivatives(s, true);
    }
}

TEST_CASE("a derivative is the same as a kernel, over tensors, and for strided inputs") {
  for (const Row& row : differentiable_rows())
    for (const Sample& s : row.samples) {
      INFO(row.node, ": ", s.what);
      check_readings(s);
    }
}

TEST_CASE("float32 gradients agree with float64") {
  for (const Row& row : differentiable_rows())
    for (const Sample& s : row.samples) {
      if (s.float64_only) continue;
      INFO(row.node, ": ", s.what);
      const Tensors wide = gradients(s, leaves(s, false), false),
                    narrow = gradients(s, leaves(s, false, kFloat), false);
      for (std::size_t i = 0; i < wide.size(); ++i) {
        REQUIRE_EQ(wide[i].defined(), narrow[i].defined());
        if (!wide[i].defined()) continue;
        CHECK_EQ(narrow[i].dtype(), kFloat);
        CHECK(allclose(narrow[i].to(kDouble), wide[i], 2e-4, 2e-5));
      }
    }
}

TEST_CASE("the node of an op is in its graph, and an elementwise one shows its formulas") {
  for (const Row& row : differentiable_rows()) {
    INFO(row.op, " ", row.node);
    bool found = false;
    for (const Sample& s : row.samples) {
      const Tensors x = leaves(s, false);
      const Tensor out = s.f(x);
      const auto look = [&](autograd::Node& n) {
        if (n.name() != row.node ||
            static_cast<int>(n.num_outputs()) != (row.inputs == 0 ? static_cast<int>(x.size()) : row.inputs))
          return;
        found = true;
        const std::vector<std::string> texts = n.formulas(), local = n.formulas(true);
        if (!row.pointwise) return;
        REQUIRE_EQ(texts.size(), n.num_outputs());
        for (uint32_t i = 0; i < n.num_outputs(); ++i)
          if (n.should_compute_output(i)) {
            CHECK_FALSE(texts[i].empty());
            CHECK_FALSE(local[i].empty());
          }
      };
      visit(out.grad_fn(), look);
      for (const Tensor& g : gradients(s, x, true))
        if (g.defined()) visit(g.grad_fn(), look);
      Tensors weights = leaves({s.what, {some_gradient(out)}, s.f}, false);
      for (const Tensor& g : autograd::grad({s.f(x)}, x, weights, std::nullopt, true, true))
        if (g.defined()) visit(g.grad_fn(), look);
    }
    CHECK(found);
  }
}

TEST_CASE("a bad call names its op and leaves the arguments as they were") {
  for (const Row& row : all_rows()) {
    if (!row.bad.f) continue;
    INFO(row.op, " ", row.node);
    check_bad_call(row.bad);
  }
}
