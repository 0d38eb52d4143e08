// Doctest's program, or, with `--data FOLDER...`, the run of other people's data.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <iostream>
#include <string>
#include <vector>

#include "report.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  if (!arguments.empty() && arguments[0] == "--data") {
    if (arguments.size() > 1) return conformance::run_folders({arguments.begin() + 1, arguments.end()});
    std::cerr << "usage: test_conformance --data FOLDER..." << std::endl;
    return 2;
  }
  return doctest::Context(argc, argv).run();
}
