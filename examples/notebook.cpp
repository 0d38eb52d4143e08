// The notebook "COMP5611M - Introduction to Autograd" by Marc de Kamps and University of Leeds (CC BY 4.0),
// cell by cell: the first lines of output are the notebook's own, then come its picture of a graph and its
// exercises. One function per section; nothing here but what a reader of the notebook would type. `[1]` and
// so on are the cells of docs/notebook.md.
#include <xgrad/graph.h>
#include <xgrad/xgrad.h>

#include <iostream>

namespace nn = xgrad::nn;
using xgrad::Tensor;

namespace {

void introduction() {
  // [1]
  auto x = xgrad::tensor({9.}, xgrad::requires_grad());
  auto f = x.pow(2);
  std::cout << f << "\n";

  // [2]
  f.backward();
  std::cout << "None\n";  // Python prints what backward returns; in C++ it returns void

  // [3]
  std::cout << x.grad() << "\n";

  // [4]
  try {
    f.backward();
  } catch (const xgrad::Error&) {
    std::cout << "This triggers a run time error.\n";
  }
}

void a_slightly_more_complex_example() {
  // [5]
  auto xn = xgrad::tensor({3.}, xgrad::requires_grad());
  auto yn = xgrad::tensor({2.}, xgrad::requires_grad());
  auto fn = xgrad::sqrt(xn.pow(2) + yn.pow(2));

  fn.backward();
  std::cout << xn.grad() << "\n" << yn.grad() << "\n";
}

void perceptron_gradient() {
  // [6]
  xgrad::set_printoptions(xgrad::PrintOptions().precision(8));

  auto w = xgrad::tensor({1., 1., 1.}, xgrad::requires_grad());
  auto x = xgrad::tensor({1., 2., 3.});
  auto o = xgrad::sigmoid(xgrad::matmul(x, w));
  o.backward();
  std::cout << w.grad() << "\n";
}

// [7]
struct Net : nn::Module {
  Net() { weights = xgrad::tensor({1., 1., 1.}, xgrad::requires_grad()); }

  Tensor forward(const Tensor& x) {
    h = xgrad::sigmoid(xgrad::matmul(x, weights));
    return h;
  }

  Tensor weights, h;
};

/// Cells 8 to 12, the rest of the notebook, for any Net: the exercise runs them again with other sigmoids.
template <class Net>
void rest_of_the_notebook() {
  // [8]
  Net net;
  auto x = xgrad::tensor({1., 2., 3.});
  auto o = net.forward(x);
  std::cout << o << "\n";

  // [9]
  std::cout << net.weights.grad() << "\n";

  // [10]
  net.h.backward();
  std::cout << net.weights.grad() << "\n";

  // [11]
  const double d = 0.9;
  std::cout << (o - d) * o * (1 - o) * x << "\n";

  // [12]
  Net mod;
  auto pred = mod.forward(x);
  std::cout << pred << "\n";
  auto loss = 0.5 * (pred - d).pow(2);
  std::cout << loss << "\n";
  loss.backward();
  std::cout << mod.weights.grad() << "\n";
}

// Writes the picture too, where a file is named: notebook graph.html.
void computational_graph(const char* picture) {
  // [graph]
  std::cout << "\nComputational graph of cos(1/(x+y)) at (1, 2)\n\n";
  auto x = xgrad::tensor(1., xgrad::requires_grad());
  auto y = xgrad::tensor(2., xgrad::requires_grad());
  xgrad::graph::KeepValues keep;  // the values on the way, which backward does not need
  auto f = xgrad::cos(1 / (x + y));
  const xgrad::graph::Names names{{"x", x}, {"y", y}};
  std::cout << xgrad::graph::explain(f, names);
  if (picture) xgrad::graph::save_picture(picture, f, names);

  // [chain rule]
  f.backward();
  auto s = (x + y).detach();
  std::cout << "\nby hand    -sin(1/(x+y)) * -1/(x+y)^2 * 1 = " << -xgrad::sin(1 / s) * (-1 / s.pow(2)) * 1
            << "\nautograd   " << x.grad() << "\n";
}

void exercise_verify_the_gradient() {
  // [verify]
  std::cout << "\nExercise: df/dx = x / sqrt(x^2 + y^2), df/dy = y / sqrt(x^2 + y^2) at (3, 2)\n\n";
  const auto float64 = xgrad::dtype(xgrad::kFloat64);
  auto x = xgrad::tensor({3.}, float64.requires_grad(true));
  auto y = xgrad::tensor({2.}, float64.requires_grad(true));
  auto f = xgrad::sqrt(x.pow(2) + y.pow(2));
  f.backward();

  xgrad::NoGradGuard no_grad;
  std::cout << "by hand    " << x / f << " " << y / f << "\n";
  std::cout << "autograd   " << x.grad() << " " << y.grad() << "\n";
}

void exercise_the_last_digits() {
  // [digits]
  std::cout << "\nExercise: why are the last digits not those of (0.00246651, 0.00493302, 0.00739953)?\n";
  for (auto dtype : {xgrad::kFloat32, xgrad::kFloat64}) {
    auto w = xgrad::ones({3}, xgrad::dtype(dtype).requires_grad(true));
    auto x = xgrad::arange(1, 4, dtype);
    auto o = xgrad::sigmoid(xgrad::matmul(x, w));
    o.backward();
    std::cout << "\ndtype      " << xgrad::dtype_name(w.dtype()) << "\n";
    std::cout << "o          " << o.detach() << "\n";
    std::cout << "1 - o      " << 1 - o.detach() << "\n";
    std::cout << "gradient   " << w.grad() << "\n";
  }
  std::cout << "\nNo cause for concern. The tensors are float32, as dtype tells, and just below 1 such "
               "numbers are\n"
               "6e-8 apart. So 1 - o has no more than five right digits, and neither has o * (1 - o) * x.\n"
               "In float64 the digits are those of the calculation by hand.\n";
}

// [own sigmoid]
struct ComposedSigmoid {
  static Tensor apply(const Tensor& a) { return 1 / (1 + xgrad::exp(-a)); }
};

struct OwnSigmoid : xgrad::autograd::Function<OwnSigmoid> {
  static Tensor forward(xgrad::autograd::AutogradContext* ctx, const Tensor& a) {
    auto o = 1 / (1 + xgrad::exp(-a));
    ctx->save_for_backward({o});
    return o;
  }

  static xgrad::autograd::tensor_list backward(xgrad::autograd::AutogradContext* ctx,
                                               xgrad::autograd::tensor_list grads) {
    auto o = ctx->get_saved_variables()[0];
    return {grads[0] * o * (1 - o)};
  }
};

template <class Sigmoid>
struct NetWith : nn::Module {
  NetWith() { weights = xgrad::tensor({1., 1., 1.}, xgrad::requires_grad()); }

  Tensor forward(const Tensor& x) {
    h = Sigmoid::apply(xgrad::matmul(x, weights));
    return h;
  }

  Tensor weights, h;
};

void exercise_own_sigmoid() {
  // [again]
  std::cout << "\nExercise: an own sigmoid in Net, composed from tensor operations\n\n";
  rest_of_the_notebook<NetWith<ComposedSigmoid>>();
  std::cout << "\nExercise: an own sigmoid in Net, a Function with its own forward and backward\n\n";
  rest_of_the_notebook<NetWith<OwnSigmoid>>();
  std::cout << "\nThe same network, other last digits: the derivative of the composed sigmoid follows its "
               "formula,\n"
               "exp(-a) / (1 + exp(-a))^2, in which no 1 - o loses digits.\n";
}

}  // namespace

int main(int argc, char** argv) {
  introduction();
  a_slightly_more_complex_example();
  perceptron_gradient();
  rest_of_the_notebook<Net>();
  computational_graph(argc > 1 ? argv[1] : nullptr);
  exercise_verify_the_gradient();
  exercise_the_last_digits();
  exercise_own_sigmoid();
}
