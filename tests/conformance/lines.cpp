// Runs the lines of a file, and words what they throw.
#include "lines.h"

#include <exception>
#include <fstream>

namespace conformance {

namespace {

std::string outcome(const Value& line, const LineFunction& run) {
  try {
    return run(line);
  } catch (const Misuse& misuse) {
    return "the runner, a row or the line is wrong: " + misuse.text;
  } catch (const std::exception& error) {
    return std::string("threw: ") + error.what();
  }
}

}  // namespace

void for_each_line(const std::string& path,
                   const std::function<void(const Value& line, const std::string& place)>& visit) {
  std::ifstream file(path);
  if (!file) return visit({}, path + ": cannot be read");
  int number = 0;
  for (std::string text; std::getline(file, text);) {
    std::string place = path + ":" + std::to_string(++number);
    if (text.empty()) continue;
    Value line;
    try {
      line = parse_json_line(text);
    } catch (const Misuse& misuse) {
      place += ": " + misuse.text;
    }
    visit(line, place);
  }
}

void run_line(Report& report, const LineKind& kind, const Value& line, const std::string& place) {
  const Value* given = line.find("id");
  const std::string id = given != nullptr && given->is(Value::Kind::text) ? given->text : place;
  std::string missing;
  // What cannot even be asked whether it has rows fails when it is run.
  if (kind.missing) missing = outcome(line, kind.missing);
  if (missing.rfind("no row", 0) == 0)
    report.skipped.push_back(id + ": " + missing);
  else
    report.add(id, outcome(line, kind.run));
}

Report run_lines(const LineKind& kind) {
  Report report;
  report.name = kind.name;
  for_each_line(XGRAD_CONFORMANCE_DATA "/" + kind.file,
                [&](const Value& line, const std::string& place) { run_line(report, kind, line, place); });
  return report;
}

}  // namespace conformance
