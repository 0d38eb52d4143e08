// The walk over files of recorded lines, which all runners share.
#pragma once

#include <functional>
#include <string>

#include "registry.h"
#include "report.h"
#include "value.h"

namespace conformance {

/// What runs a line and gives why it failed, or an empty text.
using LineFunction = std::function<std::string(const Value&)>;

/// The lines of one kind: what their report is called, where they stand below a folder of data, what runs
/// one, and, unless it is empty, what gives the reason for which a line is skipped.
struct LineKind {
  std::string name;
  std::string file;
  LineFunction run;
  LineFunction missing = nullptr;
};

LineKind op_lines(const std::string& op, const Row& row);
const LineKind& random_lines();
const LineKind& print_lines();
const LineKind& trajectory_lines();
const LineKind& schedule_lines();

/// Calls `visit` with each line of a JSON Lines file, and with its place in the file. One that cannot be read
/// comes as a value of no kind, its place followed by the reason.
void for_each_line(const std::string& path,
                   const std::function<void(const Value& line, const std::string& place)>& visit);

/// Adds the outcome of a line to the report. `place` stands for an id that is not there.
void run_line(Report& report, const LineKind& kind, const Value& line, const std::string& place);

/// Runs every line of the kind in tests/conformance/data.
Report run_lines(const LineKind& kind);

}  // namespace conformance
