// The steps of the page "Running a case" of data/README.md.
#include "case.h"

#include <algorithm>
#include <exception>

namespace conformance {

namespace {

// What the arguments are before the call.
class Snapshot {
 public:
  explicit Snapshot(const Args& args) {
    for (const Args::Place& place : args.places()) {
      tensors_.push_back(Elements::of(place.built.tensor));
      bases_.push_back(place.built.base.defined() ? Elements::of(place.built.base) : Elements());
    }
  }

  // Why an argument is not as it was (or as `after`, the recorded values of written arguments, says), or "".
  std::string changed(const Args& args, const Value* after, const Tolerance& tolerance) const {
    for (size_t i = 0; i < tensors_.size(); ++i) {
      const Args::Place& place = args.places()[i];
      const Value* written = after == nullptr ? nullptr : after->find(place.name);
      const Elements now = Elements::of(place.built.tensor);
      if (written != nullptr && written->is_tensor()) {
        const std::string reason = difference(now, Elements::of(*written), tolerance);
        if (!reason.empty()) return "argument '" + place.name + "' after the call: " + reason;
        continue;
      }
      const bool base_same = !place.built.base.defined() || Elements::of(place.built.base).same_as(bases_[i]);
      if (!now.same_as(tensors_[i]) || !base_same)
        return "argument '" + place.name + "' was changed by the call";
    }
    return "";
  }

 private:
  std::vector<Elements> tensors_;
  std::vector<Elements> bases_;
};

// A first line of what() is enough: LibTorch appends a stack trace.
std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

// Negates row (or column) `index` of each matrix in a list of recorded elements.
void negate(Elements& matrix, size_t batch, size_t index, bool row) {
  const auto rows = static_cast<size_t>(matrix.shape[matrix.shape.size() - 2]);
  const auto columns = static_cast<size_t>(matrix.shape.back());
  for (size_t k = 0; k < (row ? columns : rows); ++k) {
    double& element =
        matrix.reals[batch * rows * columns + (row ? index * columns + k : k * columns + index)];
    element = -element;
  }
}

// QR: brings the expected Q and R and the incoming gradients to the signs that the library chose.
void match_signs(const Elements& got_r, std::vector<Elements>& expected, std::vector<Elements>& incoming) {
  if (expected.size() != 2 || got_r.shape != expected[1].shape || got_r.shape.size() < 2) return;
  const auto rows = static_cast<size_t>(got_r.shape[got_r.shape.size() - 2]);
  const auto columns = static_cast<size_t>(got_r.shape.back());
  const size_t matrix = rows * columns;
  for (size_t batch = 0; matrix > 0 && batch < got_r.reals.size() / matrix; ++batch) {
    for (size_t j = 0; j < std::min(rows, columns); ++j) {
      const size_t diagonal = batch * matrix + j * columns + j;
      if (got_r.reals[diagonal] * expected[1].reals[diagonal] >= 0) continue;
      for (auto* pair : {&expected, &incoming}) {
        if ((*pair).size() != 2) continue;
        if ((*pair)[0].size() > 0) negate((*pair)[0], batch, j, false);
        if ((*pair)[1].size() > 0) negate((*pair)[1], batch, j, true);
      }
    }
  }
}

// Sizes of one and empty tensors leave strides without a meaning.
std::string compare_strides(const lib::Tensor& got, const Value& expected) {
  const Value* recorded = expected.find("strides");
  if (recorded == nullptr || got.numel() == 0) return "";
  const std::vector<int64_t> strides = recorded->to_integers();
  for (size_t d = 0; d < strides.size(); ++d) {
    const auto dim = static_cast<int64_t>(d);
    if (got.size(dim) > 1 && got.stride(dim) != strides[d])
      return "stride of dim " + std::to_string(d) + " is " + std::to_string(got.stride(dim)) + ", expected " +
             std::to_string(strides[d]);
  }
  return "";
}

std::string compare_one(const Result& got, const Value& expected, const Tolerance& tolerance) {
  if (expected.is(Value::Kind::none)) return "";
  if (expected.is_tensor()) {
    const auto* tensor = std::get_if<lib::Tensor>(&got);
    if (tensor == nullptr) return "is no tensor";
    if (!tensor->defined()) return "is an undefined tensor";
    const std::string reason = difference(Elements::of(*tensor), Elements::of(expected), tolerance);
    return reason.empty() ? compare_strides(*tensor, expected) : reason;
  }
  const auto* plain = std::get_if<Value>(&got);
  if (plain == nullptr) return "is a tensor, expected " + expected.to_string();
  return *plain == expected ? "" : "is " + plain->to_string() + ", expected " + expected.to_string();
}

std::string compare_gradient(const lib::Tensor& leaf, const Value& expected, const Tolerance& tolerance) {
  const lib::Tensor gradient = leaf.grad();
  if (!expected.is(Value::Kind::none)) {
    if (!gradient.defined()) return "is undefined";
    return difference(Elements::of(gradient), Elements::of(expected), tolerance);
  }
  if (!gradient.defined()) return "";
  for (double element : Elements::of(gradient).reals) {
    if (element != 0) return "is not zero, expected none";
  }
  return "";
}

std::string compare_gradients(const Args& args, const Value& grads, const Tolerance& tolerance) {
  for (const Args::Place& place : args.places()) {
    if (!place.built.tensor.requires_grad()) continue;
    const Value* expected = grads.find(place.name);
    if (expected == nullptr) continue;
    if (place.item >= 0 && expected->is(Value::Kind::list)) {
      expected = &expected->items.at(static_cast<size_t>(place.item));
    }
    const std::string reason = compare_gradient(place.built.tensor, *expected, tolerance);
    if (!reason.empty()) return "gradient of '" + place.name + "' " + reason;
  }
  return "";
}

void run_backward(const Results& results, const std::vector<Elements>& incoming, const Value& grad_outputs) {
  std::vector<lib::Tensor> outputs, gradients;
  for (size_t i = 0; i < incoming.size(); ++i) {
    if (grad_outputs.items[i].is(Value::Kind::none)) continue;
    outputs.push_back(std::get<lib::Tensor>(results.at(i)));
    gradients.push_back(incoming[i].to_tensor());
  }
  lib::autograd::backward(outputs, gradients);
}

std::vector<Elements> recorded_tensors(const Value& list) {
  std::vector<Elements> result;
  for (const Value& item : list.items) result.push_back(item.is_tensor() ? Elements::of(item) : Elements());
  return result;
}

std::string run_error_case(const Value& line, const Row& row, const Args& args, const Snapshot& before) {
  bool threw = false;
  try {
    row(args);
  } catch (const std::exception&) {
    threw = true;
  }
  // Where PyTorch only lacks a kernel, a sensible result is not wrong.
  if (!threw && line.find("error_kind") == nullptr)
    return "no exception; PyTorch says: " + line.at("error").text;
  return before.changed(args, nullptr, {});
}

std::string run_result_case(const Value& line, const Row& row, const Args& args, const Snapshot& before) {
  const Tolerance tolerance = Tolerance::of(line);
  const Results results = row(args);
  const Value* grad_outputs = line.find("grad_outputs");
  std::vector<Elements> incoming;
  if (grad_outputs != nullptr) incoming = recorded_tensors(*grad_outputs);
  std::string reason;
  if (line.find("up_to_sign") != nullptr && results.size() == 2) {
    std::vector<Elements> expected = recorded_tensors(line.at("outputs"));
    match_signs(Elements::of(std::get<lib::Tensor>(results[1])), expected, incoming);
    if (expected.size() != 2) throw Misuse{"up_to_sign takes two outputs"};
    for (size_t i = 0; i < 2 && reason.empty(); ++i) {
      reason = difference(Elements::of(std::get<lib::Tensor>(results[i])), expected[i], tolerance);
    }
  } else {
    reason = compare_results(results, line.at("outputs"), tolerance);
  }
  if (!reason.empty()) return reason;
  if (grad_outputs != nullptr) {
    run_backward(results, incoming, *grad_outputs);
    reason = compare_gradients(args, line.at("grads"), tolerance);
  }
  return reason.empty() ? before.changed(args, line.find("args_after"), tolerance) : reason;
}

}  // namespace

std::string compare_results(const Results& got, const Value& expected, const Tolerance& tolerance) {
  if (got.size() != expected.items.size()) {
    return std::to_string(got.size()) + " results, expected " + std::to_string(expected.items.size());
  }
  for (size_t i = 0; i < got.size(); ++i) {
    const std::string reason = compare_one(got[i], expected.items[i], tolerance);
    if (!reason.empty()) return "result " + std::to_string(i) + " " + reason;
  }
  return "";
}

std::string run_case(const Value& line, const Row& row) {
  try {
    const Args args(line.at("args"));
    const Snapshot before(args);
    if (line.find("error") != nullptr) return run_error_case(line, row, args, before);
    return run_result_case(line, row, args, before);
  } catch (const Misuse& misuse) {
    return "the runner or the row is wrong: " + misuse.text;
  } catch (const std::exception& error) {
    return "threw: " + first_line(error);
  }
}

}  // namespace conformance
