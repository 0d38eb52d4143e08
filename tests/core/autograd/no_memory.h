// Programs for which memory runs out, in a test program with an allocator of its own.
#pragma once

#include <new>

#include <doctest/doctest.h>

#include <xgrad/core/types/error.h>

/// In this thread, how many allocations succeed before one fails; none does below 0.
extern thread_local constinit long allocations_left;
/// What this thread has taken by `new` and not given back.
extern thread_local constinit long blocks_of_new;

/// Runs `program` with one allocation more each time, until it ends; `check` looks at what a failure left.
template <class Make, class Program, class Check>
int run_short_of_memory(const Make& make, const Program& program, const Check& check) {
  for (int n = 0;; ++n) {
    auto world = make();
    bool failed = false;
    allocations_left = n;
    try {
      program(world);
    } catch (const xgrad::Error&) {
      failed = true;
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    allocations_left = -1;
    if (!failed) return n;
    INFO("allocation ", n);
    check(world);
  }
}
