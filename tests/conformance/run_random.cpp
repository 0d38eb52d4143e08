// Replays the recorded streams of random numbers.
#include <exception>

#include "case.h"
#include "lines.h"

namespace conformance {

namespace {

// Integers, bools and `rand` must be equal; other floating results may differ in the last bits.
Tolerance tolerance_of(const std::string& function, const Value& result) {
  if (function == "rand") return {};
  return result.at("dtype").text == "float64" ? Tolerance{1e-12, 1e-14} : Tolerance{1e-5, 1e-6};
}

std::string run_call(const Value& call, const Row& row) {
  const Value& recorded = call.at("out");
  const Results results = row(Args(call.at("args")));
  if (recorded.is_tensor()) {
    Value list;
    list.kind = Value::Kind::list;
    list.items = {recorded};
    return compare_results(results, list, tolerance_of(call.at("fn").text, recorded));
  }
  return compare_results(results, recorded, tolerance_of(call.at("fn").text, recorded.items.at(0)));
}

std::string run_stream(const Value& line) {
  lib::manual_seed(static_cast<uint64_t>(line.at("seed").to_integer()));
  int number = 0;
  for (const Value& call : line.at("calls").items) {
    const std::string& function = call.at("fn").text;
    std::string reason;
    try {
      reason = run_call(call, *registry().random.find(function));
    } catch (const Misuse& misuse) {
      reason = "the runner or the row is wrong: " + misuse.text;
    } catch (const std::exception& error) {
      reason = std::string("threw: ") + error.what();
    }
    if (!reason.empty()) return "call " + std::to_string(number) + ", " + function + ": " + reason;
    ++number;
  }
  return "";
}

std::string missing_row(const Value& line) {
  for (const Value& call : line.at("calls").items) {
    const std::string& function = call.at("fn").text;
    if (registry().random.find(function) == nullptr) return "no row for " + function;
  }
  return "";
}

}  // namespace

const LineKind& random_lines() {
  static const LineKind kind{"random streams", "random/random.jsonl", run_stream, missing_row};
  return kind;
}

Report run_random() { return run_lines(random_lines()); }

}  // namespace conformance
