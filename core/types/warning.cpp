// The handler of warnings, which all threads share.
#include <xgrad/core/types/warning.h>

#include <iostream>
#include <mutex>
#include <utility>

namespace xgrad {

namespace {

struct Shared {
  std::mutex mutex;
  WarningHandler handler;
};

Shared& shared() {
  static Shared value;
  return value;
}

// Counts the handlers; 0 is left for places that nobody has heard of.
std::atomic<uint32_t> handler_number{1};

}  // namespace

WarningHandler set_warning_handler(WarningHandler handler) {
  const std::lock_guard<std::mutex> lock(shared().mutex);
  ++handler_number;
  return std::exchange(shared().handler, std::move(handler));
}

void warn(const std::string& text) {
  WarningHandler handler;
  {
    const std::lock_guard<std::mutex> lock(shared().mutex);
    handler = shared().handler;
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
