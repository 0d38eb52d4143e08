// Prints the recorded tensors and compares the text character by character.
#include <sstream>

#include "adapter.h"
#include "elements.h"
#include "lines.h"

namespace conformance {

namespace {

PrintSettings settings_of(const Value& options) {
  PrintSettings settings;
  if (const Value* profile = options.find("profile")) settings.profile = profile->text;
  const auto integer = [&](const char* key, std::optional<int64_t>& target) {
    if (const Value* value = options.find(key)) target = value->to_integer();
  };
  integer("precision", settings.precision);
  integer("threshold", settings.threshold);
  integer("edgeitems", settings.edgeitems);
  integer("linewidth", settings.linewidth);
  if (const Value* value = options.find("sci_mode")) settings.sci_mode = value->to_bool();
  return settings;
}

std::string run_print_out(const Value& line) {
  const lib::Tensor tensor = build_tensor(line.at("args")).tensor;
  set_print_settings(settings_of(line.at("options")));
  std::ostringstream text;
  text << tensor;
  set_print_settings({});
  const std::string& expected = line.at("text").text;
  return text.str() == expected ? "" : "printed\n" + text.str() + "\n  expected\n" + expected;
}

}  // namespace

bool can_run_printing() { return prints_as_python; }

const LineKind& print_lines() {
  static const LineKind kind{"print-outs", "printing/printing.jsonl", run_print_out};
  return kind;
}

Report run_printing() { return run_lines(print_lines()); }

}  // namespace conformance
