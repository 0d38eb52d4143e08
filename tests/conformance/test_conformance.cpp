// The recorded data as tests. Reports come from the runners; here they only become passes and failures.
// Verbose: XGRAD_CONFORMANCE_VERBOSE=1. One op alone: --test-case="ops*" --subcase=matmul.
#include <doctest/doctest.h>

#include <iostream>
#include <map>
#include <string>

#include "report.h"

using namespace conformance;

namespace {

std::map<std::string, Report>& families() {
  static std::map<std::string, Report> result;
  return result;
}

void add_to_family(const Report& report) {
  Report& family = families()[family_of(report.name)];
  family.run += report.run;
  family.passed += report.passed;
  family.excused += report.excused;
  for (const std::string& failure : report.failures) family.failures.push_back(failure);
}

}  // namespace

TEST_CASE("ops give the recorded results, gradients and errors") {
  static const std::vector<std::string> ops = ops_with_row();
  for (const std::string& op : ops) {
    SUBCASE(op.c_str()) {
      const Report report = run_op(op);
      add_to_family(report);
      CHECK_MESSAGE(report.ok(), report.to_string());
    }
  }
}

// Of tests/compare; LibTorch 1.13 does some of it otherwise.
TEST_CASE("what random calls have found stays mended" * doctest::skip(!can_run_printing())) {
  CHECK(run_folders({XGRAD_CONFORMANCE_DATA "_found"}) == 0);
}

TEST_CASE("every op that the data and the library have has a row") {
  for (const std::string& op : declared_without_row())
    FAIL_CHECK("there is data for ", op, ", which is declared, but no row in families/");
}

TEST_CASE("the families that were run") {
  Report total;
  total.name = "all families";
  for (auto& [name, family] : families()) {
    std::cout << name << ": " << family.run << " cases, " << family.passed << " passed, "
              << family.failures.size() << " failed, " << family.excused << " excused\n";
    total.run += family.run;
    total.passed += family.passed;
  }
  std::cout << total.name << ": " << total.run << " cases, " << total.passed
            << " passed; ops of the data with a row: " << ops_with_row().size()
            << ", without: " << ops_without_row().size() << std::endl;
}

TEST_CASE("random streams are the recorded ones") {
  const Report report = run_random();
  std::cout << report.with_skipped() << std::endl;
  CHECK_MESSAGE(report.ok(), report.to_string());
}

TEST_CASE("tensors print the recorded text" * doctest::skip(!can_run_printing())) {
  const Report report = run_printing();
  std::cout << report.with_skipped() << std::endl;
  CHECK_MESSAGE(report.ok(), report.to_string());
}
