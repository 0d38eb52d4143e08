// Counting and wording of the outcomes.
#include "report.h"

#include <algorithm>
#include <cstdlib>
#include <map>

#include "adapter.h"

namespace conformance {

namespace {

bool is_excused(std::string_view id) {
  return std::any_of(excuses().begin(), excuses().end(),
                     [&](const Excuse& each) { return id.substr(0, each.id.size()) == each.id; });
}

}  // namespace

void Report::add(const std::string& id, const std::string& reason) {
  ++run;
  if (reason.empty()) {
    ++passed;
  } else if (is_excused(id)) {
    ++excused;
  } else {
    failures.push_back(id + ": " + reason);
  }
}

std::string Report::to_string() const {
  std::string text = name + ": " + std::to_string(run) + " run, " + std::to_string(passed) + " passed, " +
                     std::to_string(failures.size()) + " failed";
  if (excused > 0) text += ", " + std::to_string(excused) + " excused";
  if (!skipped.empty()) text += ", " + std::to_string(skipped.size()) + " skipped";
  return text + failures_to_string();
}

std::string Report::failures_to_string() const {
  static const bool verbose = std::getenv("XGRAD_CONFORMANCE_VERBOSE") != nullptr;
  const size_t shown = verbose ? failures.size() : 3;
  std::string text;
  for (size_t i = 0; i < failures.size() && i < shown; ++i) text += "\n  " + failures[i];
  if (failures.size() > shown) text += "\n  ... (XGRAD_CONFORMANCE_VERBOSE=1 shows all)";
  return text;
}

std::string Report::with_skipped() const {
  std::map<std::string, int> times;
  for (const std::string& each : skipped) ++times[each.substr(each.find(": ") + 2)];
  std::string text = to_string();
  for (const auto& [reason, number] : times) text += "\n  skipped " + std::to_string(number) + ": " + reason;
  return text;
}

}  // namespace conformance
