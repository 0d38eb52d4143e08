// The command line of the perceptron, as a struct with its defaults.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

/// What the user may choose. Empty names stand for a choice made by looking at the file (see usage()).
struct Options {
  std::string data = EXAMPLES_DATA "/iris.csv";
  std::string target;
  std::vector<std::string> classes;
  std::vector<std::string> columns;
  int64_t epochs = 100;
  int64_t batch = 10;
  int64_t seed = 0;
  double lr = 0.1;
  double test_fraction = 0.2;
  bool help = false;
};

/// Reads the arguments ("--lr 0.1" or "--lr=0.1"); throws InputError naming the option that is wrong.
Options parse_options(int argc, char** argv);

/// The text of --help.
std::string usage();
