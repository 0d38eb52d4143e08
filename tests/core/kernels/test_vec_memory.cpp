// Loads, stores and masks of the SIMD layer, on every instruction set this machine has.
#include <doctest/doctest.h>

#if defined(__unix__) || defined(__APPLE__)
#include <sys/mman.h>
#include <unistd.h>
#endif

#include <cmath>
#include <cstring>
#include <random>
#include <string>
#include <vector>

#include "vec_reference.h"

using namespace xgrad::kernels;

#if defined(__unix__) || defined(__APPLE__)
template <class T>
void check_partial(const char* isa, const MemoryProbe<T>& memory) {
  const std::size_t page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  void* pages = mmap(nullptr, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(pages != MAP_FAILED);
  REQUIRE(mprotect(static_cast<char*>(pages) + page, page, PROT_NONE) == 0);
  T* end = reinterpret_cast<T*>(static_cast<char*>(pages) + page);
  CAPTURE(std::string(isa));
  for (int n = 0; n < memory.size; ++n) {
    std::vector<T> from(static_cast<std::size_t>(n)), back(static_cast<std::size_t>(n)), whole(64, T(7));
    for (int i = 0; i < n; ++i) from[static_cast<std::size_t>(i)] = end[i - n] = static_cast<T>(i + 1);
    memory.load_partial(end - n, whole.data(), n);
    for (int i = 0; i < memory.size; ++i)
      CHECK(whole[static_cast<std::size_t>(i)] == (i < n ? T(i + 1) : T(0)));
    memory.copy_partial(end - n, back.data(), n);
    CHECK(back == from);
    for (int i = 0; i < n; ++i) end[i - n] = T(0);
    memory.copy_partial(from.data(), end - n, n);
    for (int i = 0; i < n; ++i) CHECK(end[i - n] == T(i + 1));
  }
  munmap(pages, 2 * page);
}

TEST_CASE("a partial load or store touches nothing beyond its last element") {
  for (const VecProbe& probe : probes()) {
    check_partial(probe.isa, probe.memory32);
    check_partial(probe.isa, probe.memory64);
  }
}
#endif

template <class T>
void check_masks(const char* isa, const MemoryProbe<T>& memory) {
  CAPTURE(std::string(isa));
  std::mt19937 bits(3);
  const std::size_t size = static_cast<std::size_t>(memory.size);
  for (int round = 0; round < 50; ++round) {
    std::vector<T> x(size), y(size), picked(size);
    for (std::size_t i = 0; i < size; ++i) x[i] = T(bits() % 4), y[i] = bits() % 8 ? T(bits() % 4) : T(NAN);
    bool less[64], partial[64], logic[64];
    std::memset(less, 0x55, sizeof(less));
    std::memset(partial, 0, sizeof(partial));
    unsigned char after = 0;
    memory.less(x.data(), y.data(), less);
    std::memcpy(&after, less + size, 1);
    CHECK(after == 0x55);
    memory.logic(x.data(), y.data(), logic);
    memory.pick(less, x.data(), y.data(), picked.data());
    memory.less_partial(x.data(), y.data(), partial, memory.size - 1);
    for (std::size_t i = 0; i < size; ++i) {
      CHECK(less[i] == (x[i] < y[i]));
      CHECK(std::memcmp(&picked[i], less[i] ? &x[i] : &y[i], sizeof(T)) == 0);
      CHECK(partial[i] == (i + 1 < size && x[i] < y[i]));
      CHECK(logic[i] == ((!(x[i] < y[i]) && x[i] != y[i]) != (x[i] >= y[i])));
    }
  }
}

TEST_CASE("masks are stored as bools and choose lane by lane") {
  for (const VecProbe& probe : probes()) {
    check_masks(probe.isa, probe.memory32);
    check_masks(probe.isa, probe.memory64);
  }
}
