// Blocks that one thread takes and another gives back: none is lost when threads end. The program asks for
// the caching allocator before anything is allocated, since under sanitizers it is off.
#include <cstdlib>
#include <cstring>
#include <set>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include <xgrad/core/memory/allocator.h>

using namespace xgrad;

namespace {

[[maybe_unused]] const int caching_allocator = setenv("XGRAD_ALLOCATOR", "caching", 1);

using Blocks = std::vector<void*>;

// Written, so that a sanitizer sees who had a block before.
Blocks take(std::size_t count, std::size_t bytes) {
  Blocks blocks(count);
  for (void*& b : blocks) std::memset(b = memory::allocate(bytes), 1, bytes);
  return blocks;
}
void give_back(const Blocks& blocks, std::size_t bytes) {
  for (void* b : blocks) memory::deallocate(b, bytes);
}
void give_back_elsewhere(const Blocks& blocks, std::size_t bytes) {
  std::thread([&] { give_back(blocks, bytes); }).join();
}

std::size_t seen_before(const Blocks& blocks, const std::set<void*>& known) {
  std::size_t n = 0;
  for (void* b : blocks) n += known.count(b);
  return n;
}

}  // namespace

TEST_CASE("what a thread only freed is in the shared cache when it has ended") {
  memory::empty_cache();
  for (const std::size_t count : {1, 7, 8, 9, 31, 33, 100})
    for (const std::size_t bytes : {2048, 40960, 262144}) {
      const Blocks blocks = take(count, bytes);
      give_back_elsewhere(blocks, bytes);
      CHECK_EQ(memory::stats().bytes_cached, static_cast<int64_t>(count * bytes));
      memory::empty_cache();
    }
}

TEST_CASE("small blocks that another thread freed are used again") {
  constexpr std::size_t count = 2000, bytes = 96;
  const Blocks first = take(count, bytes);
  const std::set<void*> known(first.begin(), first.end());
  give_back_elsewhere(first, bytes);
  Blocks again = first;
  for (int round = 0; round < 20; ++round) {
    again = take(count, bytes);
    // Before it asks the shared cache, a thread uses up the memory that it has not yet cut into blocks.
    CHECK(seen_before(again, known) >= count - 32);
    give_back_elsewhere(again, bytes);
  }
}

TEST_CASE("producers and short consumers share a bounded amount of memory") {
  memory::empty_cache();
  constexpr std::size_t threads = 4, count = 50, bytes = 4096;
  std::set<void*> known;
  for (int round = 0; round < 100; ++round) {
    std::vector<Blocks> made(threads);
    std::vector<std::thread> producers, consumers;
    for (Blocks& m : made) producers.emplace_back([&m] { m = take(count, bytes); });
    for (std::thread& t : producers) t.join();
    for (const Blocks& m : made) {
      known.insert(m.begin(), m.end());
      consumers.emplace_back([&m] { give_back(m, bytes); });
    }
    for (std::thread& t : consumers) t.join();
  }
  // Who finds the shared cache empty for a moment asks the system, so there may be a few batches more.
  CHECK(known.size() <= 2 * threads * count);
  CHECK_EQ(memory::stats().bytes_cached, static_cast<int64_t>(known.size() * bytes));
}

TEST_CASE("a block freed by a destructor at the end of a thread is not lost") {
  struct Holder {
    void* block = nullptr;
    ~Holder() { memory::deallocate(block, 8192); }
  };
  memory::empty_cache();
  std::thread([] {
    static thread_local Holder early;
    early.block = nullptr;  // known before the thread has a cache, and so destroyed after it
    early.block = memory::allocate(8192);
  }).join();
  CHECK_EQ(memory::stats().bytes_cached, 8192);
  std::thread([block = memory::allocate(8192)] {
    static thread_local Holder late;
    late.block = block;  // the first that the allocator hears of this thread is in a destructor
  }).join();
  CHECK_EQ(memory::stats().bytes_cached, 8192);
  memory::empty_cache();
}
