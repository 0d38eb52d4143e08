// What the runners tell the tests: counts and reasons, in standard types only.
// Tests include this and doctest; nothing here may include the library (LibTorch and doctest share macro
// names).
#pragma once

#include <string>
#include <vector>

namespace conformance {

/// The outcome of the cases of one op, one kind of stream, one page of print-outs...
struct Report {
  std::string name;
  int run = 0;
  int passed = 0;
  int excused = 0;  // known to differ in the library under test (see adapter.h); neither passed nor failed
  std::vector<std::string> failures;  // "id: reason"
  std::vector<std::string> skipped;   // "id: what is missing"

  void add(const std::string& id, const std::string& reason);
  bool ok() const { return failures.empty(); }
  /// One line of counts, and the first failures below it.
  std::string to_string() const;
  /// The first failures (all of them, if XGRAD_CONFORMANCE_VERBOSE is set), each on a line that it begins.
  std::string failures_to_string() const;
  /// The same as to_string, and how many were skipped for which reason.
  std::string with_skipped() const;
};

/// Ops of the data that have a row, by name; and those that have none.
std::vector<std::string> ops_with_row();
std::vector<std::string> ops_without_row();
/// Those of the latter that the library has all the same: a header of its ops declares a function or method
/// of the name.
std::vector<std::string> declared_without_row();
std::string family_of(const std::string& op);
Report run_op(const std::string& op);

/// `test_conformance --data FOLDER...`: runs all lines of all .jsonl files below the folders; writes
/// `op passed/total` a line, then `N passed, N failed`, to standard output, and the failures to standard
/// error. Gives the exit code: 0 if all passed, 1 if some failed, 2 if a folder cannot be read or has no such
/// file.
int run_folders(const std::vector<std::string>& folders);

/// Skips the streams that call something without a row.
Report run_random();

bool can_run_printing();
Report run_printing();

/// Skip what needs a layer, optimizer, scheduler or clipping without a row.
Report run_trajectories();
Report run_schedules();

}  // namespace conformance
