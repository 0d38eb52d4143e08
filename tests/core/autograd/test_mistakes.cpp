// Mistakes everybody makes once: what each says, and that what it says to write instead works.
// docs/mistakes.md is made of the programs in this file and of what they say here; after a change,
// XGRAD_WRITE_DOCS=1 writes it anew.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include <xgrad/core/autograd/anomaly_mode.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

void backward_twice() {
  Tensor x = tensor({1.0, 2.0}, requires_grad());
  Tensor loss = x.exp().sum();
  loss.backward();
  loss.backward();
}
void backward_twice_right() {
  Tensor x = tensor({1.0, 2.0}, requires_grad());
  Tensor loss = x.exp().sum();
  loss.backward({}, /*retain_graph=*/true);
  loss.backward();
}

void many_elements() {
  Tensor x = tensor({1.0, 2.0, 3.0}, requires_grad());
  Tensor squares = x * x;
  squares.backward();
}
void many_elements_right() {
  Tensor x = tensor({1.0, 2.0, 3.0}, requires_grad());
  Tensor squares = x * x;
  squares.sum().backward();
}

void grad_of_result() {
  Tensor x = tensor({1.0, 2.0}, requires_grad());
  Tensor hidden = x.exp();
  hidden.sum().backward();
  Tensor average = hidden.grad().abs().mean();
}
void grad_of_result_right() {
  Tensor x = tensor({1.0, 2.0}, requires_grad());
  Tensor hidden = x.exp();
  hidden.retain_grad();
  hidden.sum().backward();
  Tensor average = hidden.grad().abs().mean();
}

void leaf_in_place() {
  Tensor weight = ones({2, 3}, requires_grad());
  weight.sub_(0.1);
}
void leaf_in_place_right() {
  Tensor weight = ones({2, 3}, requires_grad());
  {
    NoGradGuard no_grad;
    weight.sub_(0.1);
  }
  Tensor shifted = weight - 0.1;  // or this, where the gradient shall pass
}

void saved_in_place() {
  Tensor x = tensor({1.0, 2.0}, requires_grad());
  Tensor y = x.exp();  // its derivative is its result
  y.add_(1);
  y.sum().backward();
}
void saved_in_place_right() {
  Tensor x = tensor({1.0, 2.0}, requires_grad());
  Tensor y = x.exp() + 1;
  y.sum().backward();
}

void no_zero_grad() {
  autograd::DetectAnomalyGuard guard;  // without it nothing is said
  Tensor weight = ones({2, 3}, requires_grad());
  optim::SGD optimizer({weight}, optim::SGDOptions(0.1));
  for (int step = 0; step < 2; ++step) {
    (weight * weight).sum().backward();
    optimizer.step();
  }
}
void no_zero_grad_right() {
  autograd::DetectAnomalyGuard guard;
  Tensor weight = ones({2, 3}, requires_grad());
  optim::SGD optimizer({weight}, optim::SGDOptions(0.1));
  for (int step = 0; step < 2; ++step) {
    optimizer.zero_grad();
    (weight * weight).sum().backward();
    optimizer.step();
  }
}

void detached_loss() {
  Tensor weight = ones({3}, requires_grad());
  Tensor loss = (weight * weight).sum().detach();
  loss.backward();
}
void detached_loss_right() {
  Tensor weight = ones({3}, requires_grad());
  Tensor loss = (weight * weight).sum();
  loss.backward();
  double shown = loss.item<double>();  // a number, where one is needed; the loss keeps its history
  CHECK(shown == 3);
}

void integers() {
  Tensor x = tensor({1, 2, 3});
  x.requires_grad_();
}
void integers_right() {
  Tensor x = tensor({1, 2, 3}).to(kFloat);
  x.requires_grad_();
}

void item_of_many() {
  Tensor losses = tensor({0.5, 0.25, 1.0});
  double loss = losses.item<double>();
  CHECK(loss > 0);
}
void item_of_many_right() {
  Tensor losses = tensor({0.5, 0.25, 1.0});
  double loss = losses.mean().item<double>();
  double first = losses[0].item<double>();
  CHECK(loss > first);
}

void loss_dtype() {
  Tensor scores = zeros({4, 3}, requires_grad());
  Tensor classes = tensor({0.0, 2.0, 1.0, 1.0});
  nn::functional::cross_entropy(scores, classes);
}
void loss_dtype_right() {
  Tensor scores = zeros({4, 3}, requires_grad());
  Tensor classes = tensor({0.0, 2.0, 1.0, 1.0});
  nn::functional::cross_entropy(scores, classes.to(kLong));
}

void loss_shape() {
  Tensor logits = zeros({4, 1}, requires_grad());
  Tensor target = ones({4});
  nn::functional::binary_cross_entropy_with_logits(logits, target);
}
void loss_shape_right() {
  Tensor logits = zeros({4, 1}, requires_grad());
  Tensor target = ones({4});
  nn::functional::binary_cross_entropy_with_logits(logits, target.view_as(logits));
}

void loss_broadcast() {
  Tensor predicted = zeros({4, 1}, requires_grad());
  Tensor target = tensor({1.0, 2.0, 3.0, 4.0});
  Tensor loss = nn::functional::mse_loss(predicted, target);
}
void loss_broadcast_right() {
  Tensor predicted = zeros({4, 1}, requires_grad());
  Tensor target = tensor({1.0, 2.0, 3.0, 4.0});
  Tensor loss = nn::functional::mse_loss(predicted, target.view_as(predicted));
}

struct Mistake {
  const char* title;
  const char* why;
  const char* name;
  void (*wrong)();
  void (*right)();
  std::vector<std::string> must_say;
};

#define MISTAKE(title, name, why, ...)                     \
  {                                                        \
    title, why, #name, name, name##_right, { __VA_ARGS__ } \
  }
const std::vector<Mistake> mistakes = {
    MISTAKE("Backward twice", backward_twice,
            "Backward frees what the ops saved as it passes. The second one finds nothing left.",  //
            "ExpBackward", "a second time", "retain_graph=true"),
    MISTAKE("Backward from many elements", many_elements,
            "Backward starts from one number. With several, say how they count: sum, mean, or a gradient of "
            "their shape.",
            "[3]", "loss.sum().backward()"),
    MISTAKE("The gradient of a result", grad_of_result,
            "Only leaves, the tensors made by hand, keep their gradient. That of a result passes through; "
            "`.grad()` stays undefined, which is no error until it is used.",
            "no leaf", "retain_grad()"),
    MISTAKE("Changing a leaf in place", leaf_in_place,
            "The new value would be computed from the leaf, and so be no leaf.",  //
            "sub_", "[2, 3]", "NoGradGuard"),
    MISTAKE("Changing what backward needs", saved_in_place,
            "Some derivatives need the op's input or result. Each tensor counts its changes, and backward "
            "compares.",
            "ExpBackward", "[2]", "version 0", "version 1", "clone()"),
    MISTAKE("No zero_grad", no_zero_grad,
            "Gradients are added to what `.grad()` holds, so that several batches can be summed. That is no "
            "error, but after a step it is hardly meant: anomaly mode says so once, on stderr.",
            "[2, 3]", "zero_grad()"),
    MISTAKE("A loss without history", detached_loss,
            "Backward follows the ops that made the loss. After `detach()`, under `NoGradGuard`, or through "
            "a number taken with `item()`, there are none.",
            "element 0 of tensors does not require grad", "shape []", "detach()"),
    MISTAKE("Gradients of integers", integers, "An integer cannot change by a little.", "int64",
            "to(kFloat)"),
    MISTAKE("One number of many", item_of_many, "`item()` is for a tensor with one element.", "item", "[3]",
            "index it first"),
    MISTAKE("Classes of the wrong dtype", loss_dtype,
            "`cross_entropy` takes the numbers of the classes as integers, or probabilities in the shape of "
            "the scores.",
            "cross_entropy", "float32", "to(kLong)"),
    MISTAKE("A target of another shape", loss_shape,
            "Four rows of one column are not four numbers; the same elements in the shape of the input are "
            "meant.",
            "[4, 1]", "[4]", "view_as"),
    MISTAKE(
        "A target that is broadcast", loss_broadcast,
        "Losses that subtract take the target of one row from every row: here the mean of sixteen squares, "
        "which is least where all four predictions are 2.5. It may be meant, so it is no error; each loss "
        "says so once, on stderr or to the handler of `set_warning_handler`.",
        "mse_loss", "[4, 4]", "[4, 1]", "target is [4]", "view_as"),
};

// What a program says: the exception it ends with, or else what it writes to stderr.
std::string said_by(void (*program)()) {
  set_warning_handler({});  // what was said once is said again
  std::ostringstream warnings;
  std::streambuf* before = std::cerr.rdbuf(warnings.rdbuf());
  std::string thrown;
  try {
    program();
  } catch (const Error& e) {
    thrown = e.what();
  }
  std::cerr.rdbuf(before);
  std::string text = thrown.empty() ? warnings.str() : thrown;
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

std::string read(const std::string& path) {
  std::ifstream file(path);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// The body of a function of this file, without its indentation and without what only the test looks at.
std::string body_of(const std::string& source, const std::string& function) {
  const std::string head = "void " + function + "() {\n";
  const std::size_t begin = source.find(head) + head.size();
  std::istringstream lines(source.substr(begin, source.find("\n}\n", begin) - begin));
  std::string line, body;
  while (std::getline(lines, line))
    if (line.find("CHECK(") == std::string::npos)
      body += line.substr(std::min<std::size_t>(2, line.size())) + "\n";
  return body;
}

std::string document() {
  const std::string source = read(XGRAD_TESTS_DIR "/core/autograd/test_mistakes.cpp");
  std::string text =
      "# Classic mistakes\n\n"
      "Programs that are wrong, what xgrad says, and what to write instead. This page is written by a test "
      "that runs all of "
      "them:\n`tests/core/autograd/test_mistakes.cpp`. The code is within `using namespace xgrad`.\n";
  int number = 0;
  for (const Mistake& m : mistakes) {
    text += "\n## " + std::to_string(++number) + ". " + m.title + "\n\n```cpp\n" + body_of(source, m.name) +
            "```\n\n```text\n";
    text += said_by(m.wrong) + "\n```\n\n" + m.why + " Instead:\n\n```cpp\n";
    text += body_of(source, m.name + std::string("_right")) + "```\n";
  }
  return text;
}

}  // namespace

TEST_CASE("every classic mistake says what happened, where, and what to write instead, and that works") {
  for (const Mistake& m : mistakes) {
    CAPTURE(m.title);
    const std::string message = said_by(m.wrong);
    for (const std::string& part : m.must_say) {
      CAPTURE(message);
      CAPTURE(part);
      CHECK(message.find(part) != std::string::npos);
    }
    CHECK(said_by(m.right) == "");
  }
}

TEST_CASE("docs/mistakes.md shows what the programs say") {
  const std::string path = XGRAD_TESTS_DIR "/../docs/mistakes.md", text = document();
  if (const char* write = std::getenv("XGRAD_WRITE_DOCS"); write && std::string(write) == "1") {
    std::ofstream file(path);
    file << text;
    CHECK(file.good());
  }
  CHECK(read(path) == text);
}
