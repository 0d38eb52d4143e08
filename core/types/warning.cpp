// The handler of warnings, which all threads share.
#include <xgrad/core/types/warning.h>

#include <iostream>
#include <utility>

#include <xgrad/core/types/mutex.h>

namespace xgrad {

namespace {

struct Current {
  Mutex mutex;
  WarningHandler handler;
};

Current& current() {
  static constinit Shared<Current> shared;
  return shared.get([] { return new Current; });
}

// Counts the handlers; 0 is left for places that nobody has heard of.
std::atomic<uint32_t> handler_number{1};

}  // namespace

WarningHandler set_warning_handler(WarningHandler handler) {
  const std::lock_guard lock(current().mutex);
  ++handler_number;
  return std::exchange(current().handler, std::move(handler));
}

void warn(const std::string& text) {
  WarningHandler handler;
  {
    const std::lock_guard lock(current().mutex);
    handler = current().handler;
  }
  // Without the lock, so that a handler may warn or set another.
  if (handler)
    handler(text);
  else
    std::cerr << "Warning: " + text + "\n";
}

bool WarningPlace::is_new() {
  const uint32_t now = handler_number.load(std::memory_order_relaxed);
  if (heard_by_.load(std::memory_order_relaxed) == now) return false;
  return heard_by_.exchange(now, std::memory_order_relaxed) != now;
}

}  // namespace xgrad
