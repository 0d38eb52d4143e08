// One recorded case of one op: call, compare, run backward, and see that nothing else was written.
#pragma once

#include <string>

#include "registry.h"
#include "value.h"

namespace conformance {

/// Runs the case on a line of ops/*.jsonl; gives why it failed, or an empty text.
std::string run_case(const Value& line, const Row& row);

/// Why `got` are not the recorded `expected` results (a list; null: not compared), or an empty text.
std::string compare_results(const Results& got, const Value& expected, const Tolerance& tolerance);

}  // namespace conformance
