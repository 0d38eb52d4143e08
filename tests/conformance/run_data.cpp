// Runs data that somebody else recorded: every line of every file below some folders, whatever is in them.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>

#include "adapter.h"
#include "lines.h"

namespace conformance {

namespace {

namespace fs = std::filesystem;

// All .jsonl files below the folder (or the one file that it is), in the order of their names.
std::vector<std::string> files_below(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  if (fs::is_regular_file(folder, error)) return {folder};
  for (fs::recursive_directory_iterator each(folder, error), end; !error && each != end;
       each.increment(error))
    if (each->path().extension() == ".jsonl" && each->is_regular_file(error))
      files.push_back(each->path().string());
  std::sort(files.begin(), files.end());
  return files;
}

// Reports by name; an op without a row has a report in which nothing passes.
class Reports {
 public:
  void run(const Value& line, const std::string& place) {
    const Value* op = line.find("op");
    if (op != nullptr && op->is(Value::Kind::text)) {
      Report& report = named(op->text);
      if (const Row* row = registry().ops.find(op->text))
        run_line(report, op_lines(op->text, *row), line, place);
      else
        report.skipped.push_back(place);
    } else if (const LineKind* kind = kind_of(line)) {
      run_line(named(kind->name), *kind, line, place);
    } else {
      named("(lines of no known kind)")
          .add(place,
               line.is(Value::Kind::none) ? "no JSON" : "neither an op nor anything else that is recorded");
    }
  }

  // Gives whether all passed.
  bool write() const {
    int passed = 0, failed = 0, excused = 0;
    for (const auto& [name, report] : reports_) {
      const auto skipped = static_cast<int>(report.skipped.size());
      std::cout << name << ' ' << report.passed << '/' << report.run + skipped;
      if (report.excused > 0) std::cout << " (" << report.excused << " excused)";
      if (skipped > 0) std::cout << (report.run == 0 ? " (not known)" : " (some not known)");
      std::cout << std::endl;
      if (!report.ok()) std::cerr << name << ':' << report.failures_to_string() << std::endl;
      passed += report.passed;
      failed += static_cast<int>(report.failures.size()) + skipped;
      excused += report.excused;
    }
    std::cout << passed << " passed, " << failed << " failed";
    if (excused > 0) std::cout << ", " << excused << " excused";
    std::cout << std::endl;
    return failed == 0;
  }

 private:
  static const LineKind* kind_of(const Value& line) {
    if (line.find("calls") != nullptr) return &random_lines();
    if (line.find("layers") != nullptr) return &trajectory_lines();
    if (line.find("scheduler") != nullptr) return &schedule_lines();
    return line.find("text") != nullptr && prints_as_python ? &print_lines() : nullptr;
  }

  Report& named(const std::string& name) {
    Report& report = reports_[name];
    report.name = name;
    return report;
  }

  std::map<std::string, Report> reports_;
};

}  // namespace

int run_folders(const std::vector<std::string>& folders) {
  Reports reports;
  for (const std::string& folder : folders) {
    const std::vector<std::string> files = files_below(folder);
    if (files.empty()) {
      std::cerr << "no .jsonl file in " << folder << std::endl;
      return 2;
    }
    for (const std::string& file : files)
      for_each_line(file, [&](const Value& line, const std::string& place) { reports.run(line, place); });
  }
  return reports.write() ? 0 : 1;
}

}  // namespace conformance
