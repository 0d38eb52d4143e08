// Programs drawn at random, of views, changes in place and ordinary ops on the same memory: gradients,
// tangents and second derivatives against differences.
#include "core/autograd/checks.h"

#include <cmath>
#include <random>

using namespace xgrad;
using autograd::variable_list;

namespace {

struct Step {
  std::size_t op, a, b, k;
};
using Program = std::vector<Step>;

Program draw(std::mt19937& random) {
  Program program(4 + random() % 8);
  for (Step& s : program) s = {random() % 14, random(), random(), random()};
  return program;
}

// Something that may be written into, or combined with, `target`: of no more dimensions, and no other part of
// its memory.
Tensor fitting(const Tensor& target, const Tensor& source) {
  const Tensor t = source.dim() > target.dim() ? source.select(0, 1) : source;
  return t.impl().storage() == target.impl().storage() ? t * 0.7 : t;
}

Tensor run(const Program& program, const Tensor& x) {
  std::vector<Tensor> live{x * 1, x.sin(), zeros({3, 3}, kDouble)};
  for (const Step& s : program) {
    Tensor a = live[s.a % live.size()];
    const Tensor b = live[s.b % live.size()];
    const auto k = static_cast<int64_t>(s.k % 3), dim = static_cast<int64_t>(s.k % 2);
    const bool matrix = a.dim() == 2;
    switch (s.op) {
      case 0:
        live.push_back(a.sin());
        break;
      case 1:
        live.push_back(a * b + 0.1);
        break;
      case 2:
        live.push_back(matrix ? a.select(dim, k) : a.clone());
        break;
      case 3:
        live.push_back(matrix ? a.t() : a.exp() * 0.1);
        break;
      case 4:
        a.mul_(fitting(a, b));
        break;
      case 5:
        a.add_(fitting(a, b), 0.5);
        break;
      case 6:
        a.copy_(fitting(a, b));
        break;
      case 7:
        matrix ? a.slice(dim, 0, 2).mul_(1.3) : a.slice(0, 1).mul_(0.4);
        break;
      case 8:
        live.push_back(matrix ? a.unbind(dim)[static_cast<std::size_t>(k)] : a.view({3}));
        break;
      case 9:
        a.sigmoid_();
        break;
      case 10:
        live.push_back(matrix ? matmul(a, b) : a.cos());
        break;
      case 11:
        a.index_put_({k}, fitting(a.select(0, k), b).mean());
        break;
      case 12:
        live.push_back(matrix ? a.diagonal() : a.clone());
        break;
      default:
        a.select(0, k).fill_(0.3);
        break;
    }
  }
  Tensor total = zeros({}, kDouble);
  for (const Tensor& t : live) total = total + t.sin().sum();
  return total;
}

bool agree(double a, double b, double tolerance) { return std::abs(a - b) <= tolerance * (1 + std::abs(b)); }

}  // namespace

TEST_CASE("random programs of views and changes in place have the derivatives that differences show") {
  std::mt19937 random(20);
  int walked = 0, refused = 0;
  for (int i = 0; i < 600; ++i) {
    const Program program = draw(random);
    const auto f = [&](const Tensor& x) { return run(program, x); };
    const Tensor x = linspace(-0.9, 1.1, 9, kDouble).reshape({3, 3}), t = x.cos().roll(4);
    const double h = 1e-5;
    const double slope = ((f(x + h * t) - f(x - h * t)) / (2 * h)).item<double>();
    const variable_list tangents = std::get<1>(autograd::functional::jvp(
        [&](const variable_list& in) { return variable_list{f(in[0])}; }, {x}, {t}));
    CHECK_MESSAGE(agree(tangents[0].item<double>(), slope, 1e-7), "program ", i, ": forward mode ",
                  tangents[0].item<double>(), ", differences ", slope);
    const auto gradient = [&](const Tensor& at, bool create_graph) {
      const Tensor leaf = at.detach().requires_grad_();
      const Tensor g = autograd::grad({f(leaf)}, {leaf}, {}, true, create_graph)[0];
      return std::make_pair(leaf, g);
    };
    try {
      const std::pair<Tensor, Tensor> both = gradient(x, true);
      const Tensor &leaf = both.first, &g = both.second;
      ++walked;
      CHECK_MESSAGE(agree((g * t).sum().item<double>(), slope, 1e-7), "program ", i, ": backward ",
                    (g * t).sum().item<double>(), ", differences ", slope);
      if (!g.requires_grad()) continue;
      const Tensor second = autograd::grad({(g * t).sum()}, {leaf}, {}, true, false, true)[0];
      const Tensor curve = (gradient(x + h * t, false).second - gradient(x - h * t, false).second) / (2 * h);
      CHECK_MESSAGE(allclose(second, curve, 1e-5, 1e-6), "program ", i, ": second derivatives");
    } catch (const Error& e) {
      // The one rightful refusal: something that was saved has been overwritten.
      checks::check_error(e.what(), "has been modified by an inplace operation");
      ++refused;
    }
  }
  CHECK(walked > 300);
  CHECK(refused > 50);
}
