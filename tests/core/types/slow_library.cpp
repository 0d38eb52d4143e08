// A library that takes its time to load.
#include <chrono>
#include <thread>

namespace {
int loaded = [] {
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  return 1;
}();
}  // namespace

extern "C" int slow_library_loaded() { return loaded; }
