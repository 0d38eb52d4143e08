#include "arguments.h"

#include <algorithm>
#include <exception>
#include <iostream>
#include <new>

#include "input.h"
#include "terminal.h"

namespace {

template <class Options>
auto& find(Options& options, const std::string& name) {
  const auto found =
      std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.name == name; });
  if (found == options.end()) throw InputError("unknown option " + quoted("--" + name) + ", see --help");
  return *found;
}

bool is_real(const Option& option) { return option.value.find('.') != std::string::npos; }

}  // namespace

Arguments::Arguments(std::string program, std::string purpose, std::vector<Option> options, bool trains)
    : program_(std::move(program)), purpose_(std::move(purpose)), options_(std::move(options)) {
  if (!trains) return;
  options_.push_back({"seed", "0", "same seed, same output"});
  options_.push_back({"trace", "0", "print the loss of each of the first so many steps"});
}

void Arguments::set(const std::string& name, const std::string& value) {
  Option& known = find(options_, name);
  if (!known.is_text && is_real(known)) {
    double number = 0;
    if (!parse_number(value, number) || number <= 0)
      throw InputError("--" + name + ": " + quoted(value) + " is not a number above 0");
    known.value = value + (value.find('.') == std::string::npos ? ".0" : "");
    return;
  }
  int64_t number = 0;
  if (!known.is_text && (!parse_number(value, number) || number < 0 || number > 1000000000))
    throw InputError("--" + name + ": " + quoted(value) + " is not a whole number from 0 to 1000000000");
  known.value = value;
}

bool Arguments::parse(int argc, char** argv) {
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (argument == "--help" || argument == "-h") return false;
    if (argument.compare(0, 2, "--") != 0)
      throw InputError("unexpected argument " + quoted(argument) + ", see --help");
    const size_t equals = argument.find('=');
    if (equals == std::string::npos && i + 1 == argc)
      throw InputError(printable(argument) + ": a value is missing, see --help");
    set(argument.substr(2, equals == std::string::npos ? equals : equals - 2),
        equals == std::string::npos ? argv[++i] : argument.substr(equals + 1));
  }
  return true;
}

void Arguments::print_help() const {
  std::cout << program_ << ": " << purpose_ << "\n\n";
  for (const Option& o : options_)
    std::cout << "  "
              << pad_right("--" + o.name +
                               (o.is_text    ? " FILE"
                                : is_real(o) ? " X"
                                             : " N"),
                           16)
              << pad_right(o.meaning, 56) << (o.is_text ? "" : "  (" + o.value + ")") << "\n";
  std::cout << "  " << pad_right("--help", 16) << "this text\n";
}

int Arguments::run(int argc, char** argv, const std::function<void(const Arguments&)>& body) {
  const auto refuse = [&](const char* why) {
    std::cout.flush();
    std::cerr << program_ << ": " << why << "\n";
    return 2;
  };
  try {
    parse(argc, argv) ? body(*this) : print_help();
    return std::cout.flush() ? 0 : 1;
  } catch (const std::bad_alloc&) {
    return refuse("there is not enough memory");
  } catch (const std::exception& error) {
    return refuse(error.what());
  }
}

int64_t Arguments::whole(const std::string& name) const { return std::stoll(find(options_, name).value); }
double Arguments::real(const std::string& name) const { return std::stod(find(options_, name).value); }
const std::string& Arguments::text(const std::string& name) const { return find(options_, name).value; }
const std::string& Arguments::file(const std::string& name) const {
  if (text(name).empty()) throw InputError("--" + name + " FILE must be given, see --help");
  return text(name);
}
