// A tour of the autograd engine, one function per section, for docs/autograd.md: every snippet and every
// output there is taken from here, and a test compares them. Nothing here but what a user would write.
#include <xgrad/xgrad.h>

#include <cstdint>
#include <iostream>
#include <string>
#include <thread>

using namespace xgrad;
using autograd::variable_list;
using std::cout;

namespace {

// What `f` throws, up to the advice it gives.
template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const Error& e) {
    const std::string text = e.what();
    return text.substr(0, text.find(';'));
  }
  return "no error";
}

void backward_and_grad() {
  Tensor x = tensor({1., 2.}, requires_grad());
  Tensor loss = (x * x).sum();
  loss.backward();
  cout << x.grad() << "\n";

  Tensor y = x * x;
  cout << autograd::grad({y}, {x}, {tensor({1., 10.})})[0] << "\n";

  Tensor z = tensor(0.5, requires_grad());
  Tensor derivative = z.pow(4);
  for (int order = 1; order <= 3; ++order) {
    derivative = autograd::grad({derivative}, {z}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
    cout << order << ": " << derivative.item<double>() << "\n";
  }
}

void accumulation() {
  Tensor w = tensor({3.}, requires_grad());
  for (int batch = 0; batch < 2; ++batch) (2 * w).sum().backward();
  cout << w.grad() << "\n";
  w.mutable_grad().reset();
  cout << w.grad().defined() << "\n";

  Tensor failing = w * 1;
  failing.register_hook([](Tensor) { throw Error("stop"); });
  cout << error_of([&] { (w * w + failing).sum().backward(); }) << ", " << w.grad().defined() << "\n";
}

void results_and_hooks() {
  Tensor x = tensor({1., 2.}, requires_grad());
  Tensor hidden = x.exp();
  hidden.register_hook([](Tensor g) { return g.clamp_max(2.5); });
  hidden.retain_grad();
  x.register_hook([](Tensor g) { cout << "x receives " << g << "\n"; });
  (hidden * tensor({2., 3.})).sum().backward();
  cout << hidden.grad() << "\n";

  Tensor y = x * 2;
  y.grad_fn()->add_post_hook([](const variable_list& out, const variable_list& in) {
    cout << "the node takes " << in[0] << " and returns " << out[0] << "\n";
    return out;
  });
  y.sum().backward();
}

struct Cube : autograd::Function<Cube> {
  static Tensor forward(autograd::AutogradContext* ctx, Tensor x, double scale) {
    ctx->save_for_backward({x});
    ctx->saved_data["scale"] = scale;
    return scale * x * x * x;
  }
  static variable_list backward(autograd::AutogradContext* ctx, variable_list grads) {
    Tensor x = ctx->get_saved_variables()[0];
    return {grads[0] * 3 * ctx->saved_data["scale"].toDouble() * x * x, Tensor()};
  }
};

void function_of_ones_own() {
  Tensor x = tensor({1., 2.}, kDouble).requires_grad_();
  Tensor y = Cube::apply(x, 2.0);
  y.sum().backward();
  cout << y << "\n" << x.grad() << "\n";

  auto f = [](const variable_list& in) { return variable_list{Cube::apply(in[0], 2.0)}; };
  cout << autograd::gradcheck(f, {x}) << ", " << autograd::gradgradcheck(f, {x}) << "\n";

  auto [value, tangent] = autograd::functional::jvp(f, {x.detach()}, {ones({2}, kDouble)});
  cout << tangent[0] << "\n";
}

void in_place() {
  Tensor x = tensor({1., 2., 3.}, requires_grad());
  Tensor y = x * 1;
  y[0].mul_(10);
  y.slice(0, 1, 3).copy_(x.slice(0, 0, 2).pow(2));
  y.sum().backward();
  cout << y << "\n" << x.grad() << "\n";

  Tensor e = x.exp();
  e.add_(1);
  cout << error_of([&] { e.sum().backward(); }) << "\n";
  cout << error_of([&] { x.mul_(2); }) << "\n";
}

void modes() {
  Tensor x = ones({2}, requires_grad());
  {
    NoGradGuard no_grad;
    x.sub_(0.5);
    cout << (x * 2).requires_grad() << "\n";
  }
  Tensor constant;
  {
    InferenceMode inference;
    constant = x * 2;
  }
  cout << error_of([&] { mul(x, constant); }) << "\n";
  cout << x * constant.clone() << "\n";
}

void forward_mode() {
  forward_ad::DualLevel level;
  Tensor x = forward_ad::make_dual(tensor({1., 2.}), /*tangent=*/tensor({1., 0.}));
  auto [value, derivative] = forward_ad::unpack_dual((x * x).sum());
  cout << value << ", " << derivative << "\n";
}

void derivatives_of_functions() {
  auto f = [](const Tensor& t) { return t.pow(3).sum() + t.prod(); };
  auto squares = [](const Tensor& t) { return t * t; };
  Tensor x = tensor({1., 2.}), v = tensor({1., -1.});
  cout << autograd::functional::jacobian(squares, x) << "\n";
  cout << autograd::functional::hessian(f, x) << "\n";
  auto [value, product] = autograd::functional::hvp(f, x, v);
  cout << value << ", " << product << "\n";

  Tensor w = x.clone().requires_grad_();
  forward_ad::DualLevel level;
  Tensor gradient = autograd::grad({f(forward_ad::make_dual(w, v))}, {w})[0];
  cout << forward_ad::unpack_dual(gradient).tangent << "\n";
}

void checkpoints() {
  Tensor w = tensor(3., requires_grad()), x = tensor(0.5, requires_grad());
  int runs = 0;
  auto block = [&](const variable_list& in) {
    ++runs;
    return variable_list{(w * in[0]).sin()};
  };
  Tensor y = autograd::checkpoint(block, {x})[0];
  Tensor first = autograd::grad({y}, {x}, {}, /*retain_graph=*/true, /*create_graph=*/true)[0];
  Tensor second = autograd::grad({first}, {x}, {}, /*retain_graph=*/true)[0];
  cout << y << "\n" << first << "\n" << second << "\n";
  y.backward();
  cout << w.grad() << ", " << runs << " runs\n";
}

void where_a_nan_comes_from() {
  autograd::DetectAnomalyGuard guard;
  Tensor x = tensor({0., 4.}, requires_grad());
  Tensor y = where(x > 0, x.sqrt(), zeros({2}));
  cout << error_of([&] { y.sum().backward(); }) << "\n";
}

void threads() {
  Tensor w = tensor(2., requires_grad());
  parallel_for(0, 100, /*grain_size=*/1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) (w * w * static_cast<double>(i)).backward();
  });
  cout << w.grad() << "\n";

  NoGradGuard no_grad;
  bool plain = true, with_modes = true;
  std::thread([&] { plain = (w * 1).requires_grad(); }).join();
  std::thread([&, state = ThreadLocalState()] {
    ThreadLocalStateGuard guard(state);
    with_modes = (w * 1).requires_grad();
  }).join();
  cout << plain << ", " << with_modes << "\n";
}

// From `t` back to a leaf, by the first input of each op.
void print_history(const Tensor& t) {
  intrusive_ptr<autograd::Node> node = t.grad_fn();
  while (!node->next_edges().empty()) {
    cout << node->name();
    for (const std::string& formula : node->formulas()) cout << "  " << formula;
    cout << "\n";
    node = node->next_edge(0).function;
  }
  cout << node->name() << "\n";
}

struct SquareBackward : autograd::Node {
  Tensor x;
  std::string name() const override { return "SquareBackward"; }
  variable_list apply(variable_list&& grads) override { return {grads[0] * 2 * x}; }
};

void the_graph() {
  Tensor x = tensor({1., 2.}, requires_grad());
  print_history(x.sigmoid().log());

  auto node = autograd::make_node<SquareBackward>();
  node->x = x.detach();
  node->set_next_edges(autograd::collect_next_edges(x));
  Tensor y = node->x * node->x;
  autograd::set_history(y, node);
  y.sum().backward();
  cout << y << "\n" << x.grad() << "\n";
}

}  // namespace

int main() {
  const struct {
    const char* title;
    void (*run)();
  } sections[] = {{"backward and grad", backward_and_grad},
                  {"accumulation", accumulation},
                  {"results and hooks", results_and_hooks},
                  {"a function of one's own", function_of_ones_own},
                  {"in place", in_place},
                  {"modes", modes},
                  {"forward mode", forward_mode},
                  {"derivatives of functions", derivatives_of_functions},
                  {"checkpoints", checkpoints},
                  {"where a NaN comes from", where_a_nan_comes_from},
                  {"threads", threads},
                  {"the graph", the_graph}};
  cout << std::boolalpha;
  for (const auto& section : sections) {
    cout << "== " << section.title << "\n";
    section.run();
  }
}
