// The command line of an example: a few options with defaults, `--help`, and one line for what is wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

/// `--name VALUE`. The default says what the value must be: a whole number of at least 0, a number above 0
/// (when the default has a point), or, with `is_text`, anything.
struct Option {
  std::string name, value, meaning;
  bool is_text = false;
};

class Arguments {
 public:
  /// All examples that train take `--seed` and `--trace`.
  Arguments(std::string program, std::string purpose, std::vector<Option> options, bool trains = true);

  /// Reads the command line and calls `body`. Returns the exit status: 2 when the user gave something wrong.
  int run(int argc, char** argv, const std::function<void(const Arguments&)>& body);

  int64_t whole(const std::string& name) const;
  double real(const std::string& name) const;
  const std::string& text(const std::string& name) const;
  /// A text that must be given.
  const std::string& file(const std::string& name) const;

 private:
  bool parse(int argc, char** argv);
  void set(const std::string& name, const std::string& value);
  void print_help() const;

  std::string program_, purpose_;
  std::vector<Option> options_;
};
