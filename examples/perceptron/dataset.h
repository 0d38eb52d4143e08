// From a CSV file to numbers: the rows of two classes and the columns to learn from.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "options.h"

/// Rows of numbers; the desired output of a row is 0 for the first class and 1 for the second. The names are
/// fit to be shown.
struct Dataset {
  std::vector<std::string> classes;
  std::vector<std::string> columns;
  std::vector<std::vector<double>> inputs;
  std::vector<double> desired;
};

/// Reads options.data; throws InputError naming file, line and column of what is wrong.
Dataset load_dataset(const Options& options);
