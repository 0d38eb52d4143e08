// What the command line and the data file share: how bad input is reported and how a number is read.
// Nothing about either of the two comes in here.
#pragma once

#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

/// Something the user gave is wrong: what() is one clear line, the program's exit status is 2.
struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The text fit for a terminal: control characters and what is no UTF-8 escaped, cut after `longest` bytes.
std::string printable(const std::string& text, size_t longest = 40);

/// The same in quotes.
std::string quoted(const std::string& text);

/// The items as "a, b, c", made printable; of many only the first.
std::string joined(const std::vector<std::string>& items);

/// Reads all of `text` as a finite number; false if it is anything else.
bool parse_number(const std::string& text, double& number);

/// Reads all of `text` as a whole number; false if it is anything else or does not fit.
bool parse_number(const std::string& text, int64_t& number);
