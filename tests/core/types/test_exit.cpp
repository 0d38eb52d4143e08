// A program that returns from main() while other threads are inside the library: it ends, in time and with
// status 0.
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <sstream>
#include <thread>

#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/xgrad.h>

using namespace xgrad;

namespace {

std::atomic<int> inside{0}, rounds{0};

void stay_in_a_region() {
  kernels::parallel_for(0, 3, 1, [](int64_t, int64_t) {
    for (++inside;;) std::this_thread::sleep_for(std::chrono::seconds(1));
  });
}

void use_what_is_shared() {
  for (;; ++rounds) {
    rand({8});
    warn("again");
    std::ostringstream() << ones({2});
  }
}

}  // namespace

int main() {
  set_num_threads(3);
  set_warning_handler([](const std::string&) {});
  std::thread(stay_in_a_region).detach();
  std::thread(use_what_is_shared).detach();
  while (inside < 3 || rounds < 10) std::this_thread::yield();
  // Before the library's own end: the threads go on in between.
  std::atexit([] { std::this_thread::sleep_for(std::chrono::milliseconds(50)); });
  return 0;
}
