// The print options in force. Nothing here knows what a tensor looks like.
#include <xgrad/core/tensor/printing.h>

#include <algorithm>
#include <limits>

#include <xgrad/core/types/error.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad {
namespace {

struct Current {
  Mutex mutex;
  PrintOptions options = PrintOptions().profile("default");  // all set, so that restoring them restores all
};

Current& current() {
  static constinit Shared<Current> shared;
  return shared.get([] { return new Current; });
}

void check_not_negative(const char* name, std::int64_t value) {
  XGRAD_CHECK_AS(ValueError, value >= 0, "set_printoptions: ", name, " must not be negative: got ", value);
}

}  // namespace

PrintOptions& PrintOptions::precision(int digits) {
  check_not_negative("precision", digits);
  precision_ = digits;
  return *this;
}

PrintOptions& PrintOptions::threshold(std::int64_t elements) {
  threshold_ = elements;
  return *this;
}

PrintOptions& PrintOptions::edgeitems(std::int64_t items) {
  check_not_negative("edgeitems", items);
  edgeitems_ = items;
  return *this;
}

PrintOptions& PrintOptions::linewidth(std::int64_t characters) {
  linewidth_ = std::max<std::int64_t>(characters, 0);
  return *this;
}

PrintOptions& PrintOptions::sci_mode(std::optional<bool> on) {
  sci_mode_ = on;
  return *this;
}

PrintOptions& PrintOptions::profile(const std::string& name) {
  const bool brief = name == "short", full = name == "full";
  XGRAD_CHECK_AS(ValueError, brief || full || name == "default", "set_printoptions: unknown profile \"", name,
                 "\"; expected \"default\", \"short\" or \"full\"");
  return precision(brief ? 2 : 4)
      .threshold(full ? std::numeric_limits<std::int64_t>::max() : 1000)
      .edgeitems(brief ? 2 : 3)
      .linewidth(80);
}

PrintOptions PrintOptions::merged(const PrintOptions& later) const {
  PrintOptions result = *this;
  if (later.precision_) result.precision_ = later.precision_;
  if (later.threshold_) result.threshold_ = later.threshold_;
  if (later.edgeitems_) result.edgeitems_ = later.edgeitems_;
  if (later.linewidth_) result.linewidth_ = later.linewidth_;
  result.sci_mode_ = later.sci_mode_;
  return result;
}

void set_printoptions(const PrintOptions& options) {
  Current& now = current();
  const std::lock_guard lock(now.mutex);
  now.options = now.options.merged(options);
}

PrintOptions get_printoptions() {
  Current& now = current();
  const std::lock_guard lock(now.mutex);
  return now.options;
}

PrintOptionsGuard::~PrintOptionsGuard() { set_printoptions(before_); }

}  // namespace xgrad
