// Which ops the data has, which of them have a row, and the run of one of them.
#include <filesystem>
#include <set>

#include "case.h"
#include "lines.h"

namespace conformance {

namespace {

std::vector<std::string> ops_of_data(bool with_row) {
  std::set<std::string> sorted;
  for (const auto& entry :
       std::filesystem::directory_iterator(std::string(XGRAD_CONFORMANCE_DATA) + "/ops")) {
    const std::string op = entry.path().stem().string();
    if ((registry().ops.find(op) != nullptr) == with_row) sorted.insert(op);
  }
  return {sorted.begin(), sorted.end()};
}

}  // namespace

std::vector<std::string> ops_with_row() { return ops_of_data(true); }

std::vector<std::string> ops_without_row() { return ops_of_data(false); }

std::string family_of(const std::string& op) { return registry().family_of_op.at(op); }

LineKind op_lines(const std::string& op, const Row& row) {
  return {op, "ops/" + op + ".jsonl", [&row](const Value& line) { return run_case(line, row); }};
}

Report run_op(const std::string& op) { return run_lines(op_lines(op, *registry().ops.find(op))); }

}  // namespace conformance
