// Reading of the command line: every value is checked here, so that the rest may rely on it.
#include "options.h"

#include <limits>
#include <set>

#include "common/input.h"

namespace {

[[noreturn]] void refuse(const std::string& name, const std::string& value, const std::string& rule) {
  throw InputError(name + ": " + quoted(value) + " is not " + rule);
}

int64_t whole(const std::string& name, const std::string& value, int64_t low, int64_t high) {
  int64_t number = 0;
  if (parse_number(value, number) && number >= low && number <= high) return number;
  refuse(name, value, "a whole number from " + std::to_string(low) + " to " + std::to_string(high));
}

double real(const std::string& name, const std::string& value, const std::string& rule, double low,
            double high) {
  double number = 0;
  if (parse_number(value, number) && number >= low && number < high) return number;
  refuse(name, value, rule);
}

/// Comma-separated names, all different.
std::vector<std::string> names(const std::string& name, const std::string& value) {
  std::vector<std::string> result;
  for (size_t begin = 0, end = 0; end != std::string::npos; begin = end + 1) {
    end = value.find(',', begin);
    result.push_back(value.substr(begin, end == std::string::npos ? end : end - begin));
    if (result.back().empty()) refuse(name, value, "a list of names with commas between them");
  }
  if (std::set<std::string>(result.begin(), result.end()).size() != result.size()) {
    refuse(name, value, "a list of different names");
  }
  return result;
}

void set_option(Options& options, const std::string& name, const std::string& value) {
  constexpr double smallest = std::numeric_limits<double>::min();
  constexpr int64_t many = std::numeric_limits<int32_t>::max();
  if (name == "--data") {
    options.data = value;
  } else if (name == "--target") {
    options.target = value;
  } else if (name == "--classes") {
    options.classes = names(name, value);
    if (options.classes.size() != 2) refuse(name, value, "two names with a comma between them");
  } else if (name == "--columns") {
    options.columns = names(name, value);
  } else if (name == "--epochs") {
    options.epochs = whole(name, value, 1, 1000000);
  } else if (name == "--batch") {
    options.batch = whole(name, value, 1, many);
  } else if (name == "--seed") {
    options.seed = whole(name, value, 0, many);
  } else if (name == "--lr") {
    options.lr = real(name, value, "a number above 0 and below 1000", smallest, 1000);
  } else if (name == "--test-fraction") {
    options.test_fraction = real(name, value, "a number from 0 to below 1", 0, 1);
  } else {
    throw InputError("unknown option " + quoted(name) + ", see --help");
  }
}

}  // namespace

Options parse_options(int argc, char** argv) {
  Options options;
  for (int i = 1; i < argc; ++i) {
    std::string name = argv[i];
    if (name == "--help" || name == "-h") {
      options.help = true;
      return options;
    }
    if (const size_t equals = name.find('='); equals != std::string::npos) {
      set_option(options, name.substr(0, equals), name.substr(equals + 1));
    } else if (name.compare(0, 2, "--") != 0) {
      throw InputError("unexpected argument " + quoted(name) + ", see --help");
    } else if (i + 1 == argc) {
      throw InputError(printable(name) + ": a value is missing, see --help");
    } else {
      set_option(options, name, argv[++i]);
    }
  }
  return options;
}

std::string usage() {
  return R"(perceptron: o = sigmoid(w.x + b), trained by SGD on the loss (d - o)^2 / 2

  --data FILE          CSV file whose first line names the columns   (Fisher's iris measurements)
  --target NAME        the column that holds the class               (the last column)
  --classes A,B        the two classes to tell apart                 (the first two in the file)
  --columns A,B,...    the columns to learn from                     (all but the target)
  --epochs N           times through the training rows               (100)
  --lr X               learning rate                                 (0.1)
  --batch N            rows per step                                 (10)
  --seed N             same seed, same output                        (0)
  --test-fraction X    share of the rows that is held back           (0.2)
  --help               this text

Exit status: 0, or 2 when an option or the file is wrong.
)";
}
