// The number of threads, for the length of a test.
#pragma once

#include <xgrad/core/types/num_threads.h>

/// Sets the number of threads, and puts it back.
struct Threads {
  explicit Threads(int n) { xgrad::set_num_threads(n); }
  ~Threads() { xgrad::set_num_threads(before); }
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  const int before = xgrad::get_num_threads();
};
