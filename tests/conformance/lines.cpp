// Runs the lines of a file, and words what they throw.
#include "lines.h"

#include <exception>

namespace conformance {

namespace {

std::string outcome(const Value& line, const LineFunction& run) {
  try {
    return run(line);
  } catch (const Misuse& misuse) {
    return "the runner or a row is wrong: " + misuse.text;
  } catch (const std::exception& error) {
    return std::string("threw: ") + error.what();
  }
}

}  // namespace

Report run_lines(const std::string& name, const std::string& file, const LineFunction& run,
                 const LineFunction& missing) {
  Report report;
  report.name = name;
  for (const Value& line : read_json_lines(XGRAD_CONFORMANCE_DATA "/" + file)) {
    const std::string& id = line.at("id").text;
    const std::string reason = missing ? missing(line) : "";
    if (reason.empty())
      report.add(id, outcome(line, run));
    else
      report.skipped.push_back(id + ": " + reason);
  }
  return report;
}

}  // namespace conformance
