// Operands of 16-bit types meet in the common dtype, as PyTorch's do (data/make_common_dtype.py): a number is
// rounded to it before it is compared or added, but is exact where it is a factor.
#include <functional>
#include <map>

#include "core/ops/recorded.h"

using namespace xgrad;
using recorded::json;

namespace {

constexpr double kThird = 1.0 / 3;

using Op = std::function<Tensor(const Tensor&)>;

Op gradient_of(Op f) {
  return [f](const Tensor& x) {
    const Tensor leaf = x.clone().requires_grad_();
    f(leaf).sum().backward();
    return leaf.grad();
  };
}

const std::map<std::string, Op> kCases = {
    {"eq number", [](const Tensor& x) { return x == 0.1; }},
    {"eq tensor", [](const Tensor& x) { return x == tensor(0.1, kFloat); }},
    {"eq integers",
     [](const Tensor& x) {
       return x == tensor({0, 0, 2, 2049, 100});
     }},
    {"lt number", [](const Tensor& x) { return x < 0.1; }},
    {"add number", [](const Tensor& x) { return x + kThird; }},
    {"add integers",
     [](const Tensor& x) {
       return x + tensor({0, 0, 2, 2049, 100});
     }},
    {"add_ number", [](const Tensor& x) { return x.clone().add_(kThird); }},
    {"sub tensor", [](const Tensor& x) { return x - tensor(kThird, kDouble); }},
    {"mul number", [](const Tensor& x) { return x * 0.1; }},
    {"mul tensor", [](const Tensor& x) { return x * tensor(0.1, kFloat); }},
    {"mul_ number", [](const Tensor& x) { return x.clone().mul_(0.1); }},
    {"mul integers",
     [](const Tensor& x) {
       return x * tensor({1, 1, 1, 17, 3});
     }},
    {"div number", [](const Tensor& x) { return x / 0.3; }},
    {"pow number", [](const Tensor& x) { return x.pow(kThird); }},
    {"where number", [](const Tensor& x) { return where(x > 1, x, 0.1); }},
    {"clamp numbers", [](const Tensor& x) { return x.clamp(0.3, 1.7); }},
    {"mul gradient", gradient_of([](const Tensor& x) { return x * 0.1; })},
    {"div gradient", gradient_of([](const Tensor& x) { return x / 0.3; })},
    {"clamp gradient", gradient_of([](const Tensor& x) { return x.clamp(0.3, 1.7); })}};

}  // namespace

TEST_CASE("16-bit operands meet in the common dtype") {
  for (const json& line : recorded::lines_of("common_dtype.jsonl")) {
    const std::string name = line["case"], dtype = line["dtype"];
    const Tensor x = tensor({0.1, 0.3, 1.7, 2048., 100.}).to(dtype == "float16" ? kHalf : kBFloat16);
    const Tensor got = kCases.at(name)(x);
    json values{dtype_name(got.dtype())};
    for (double v : recorded::values_of(got)) values.push_back(v);
    CHECK_MESSAGE(values == line["result"], name, ", ", dtype, " is ", values.dump(), ", recorded ",
                  line["result"].dump());
  }
}
