// The walk over a file of recorded lines, which all runners share.
#pragma once

#include <functional>
#include <string>

#include "report.h"
#include "value.h"

namespace conformance {

using LineFunction = std::function<std::string(const Value&)>;

/// Runs every line of data/<file>: `run` gives why a line failed, or an empty text. A line for which
/// `missing` gives a text is skipped for that reason.
Report run_lines(const std::string& name, const std::string& file, const LineFunction& run,
                 const LineFunction& missing = nullptr);

}  // namespace conformance
