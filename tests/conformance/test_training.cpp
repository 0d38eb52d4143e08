// The recorded training runs and schedules as tests.
#include <doctest/doctest.h>

#include <iostream>

#include "report.h"

using namespace conformance;

TEST_CASE("training runs follow the recorded trajectories") {
  const Report report = run_trajectories();
  std::cout << report.with_skipped() << std::endl;
  CHECK_MESSAGE(report.ok(), report.to_string());
}

TEST_CASE("schedulers give the recorded learning rates") {
  const Report report = run_schedules();
  std::cout << report.with_skipped() << std::endl;
  CHECK_MESSAGE(report.ok(), report.to_string());
}
