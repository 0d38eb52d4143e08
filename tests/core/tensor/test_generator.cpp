// The Generator handle: seeds, states, copies, threads.
#include <doctest/doctest.h>

#include <thread>
#include <type_traits>
#include <vector>

#include <xgrad/core/tensor/generator.h>
#include <xgrad/core/tensor/generator_impl.h>
#include <xgrad/core/types/error.h>

using namespace xgrad;

namespace {

std::uint32_t draw(const Generator& generator) { return (*detail::LockedStream(generator)).random(); }

}  // namespace

TEST_CASE("generators of one seed agree and are independent") {
  const Generator a = make_generator(4), b = make_generator(4);
  CHECK_EQ(draw(a), draw(b));
  draw(a);
  CHECK_NE(a.get_state(), b.get_state());
  CHECK_NE(a, b);
}

TEST_CASE("a copy is another handle, a clone is another generator") {
  const Generator a = make_generator(4), handle = a, clone = a.clone();
  const std::uint32_t first = draw(a);
  CHECK_EQ(draw(clone), first);
  CHECK_EQ(a, handle);
  CHECK_NE(a, clone);
  CHECK_EQ(draw(handle), draw(clone));
}

TEST_CASE("manual_seed starts the default generator again") {
  manual_seed(12);
  CHECK_EQ(default_generator().current_seed(), 12);
  const std::uint32_t first = (*detail::LockedStream()).random();
  CHECK_EQ(manual_seed(12), default_generator());
  CHECK_EQ(draw(default_generator()), first);
  CHECK_EQ(first, draw(make_generator(12)));
}

TEST_CASE("a new unforeseeable seed is returned and remembered") {
  Generator generator = make_generator(0);
  const std::uint64_t first = generator.seed();
  CHECK_EQ(generator.current_seed(), first);
  CHECK_NE(generator.seed(), first);
}

TEST_CASE("a state can be restored, anything else is refused") {
  Generator generator = make_generator(8);
  const std::vector<std::uint8_t> state = generator.get_state();
  const std::uint32_t first = draw(generator);
  generator.set_state(state);
  CHECK_THROWS_AS(generator.set_state({}), ValueError);
  CHECK_THROWS_AS(generator.set_state(std::vector<std::uint8_t>(state.size())), ValueError);
  CHECK_EQ(draw(generator), first);
}

TEST_CASE("a generator without a state says so") {
  const Generator none;
  CHECK_FALSE(none.defined());
  CHECK_THROWS_AS(none.current_seed(), Error);
  CHECK_EQ(&detail::LockedStream(none).operator*(), &default_generator().impl().stream);
}

TEST_CASE("threads that share a generator lose no number") {
  const Generator shared = make_generator(21);
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&shared] {
      for (int i = 0; i < 1000; ++i) draw(shared);
    });
  for (std::thread& thread : threads) thread.join();
  const Generator alone = make_generator(21);
  for (int i = 0; i < 4000; ++i) draw(alone);
  CHECK_EQ(draw(shared), draw(alone));
}
