// Generator: seeds, states and the default generator. No sampling here.
#include <xgrad/core/tensor/generator.h>

#include <random>

#include <xgrad/core/tensor/generator_impl.h>
#include <xgrad/core/types/error.h>

namespace xgrad {
namespace {

using kernels::Mt19937Stream;

std::uint64_t unforeseeable_seed() {
  std::random_device device;
  const std::uint64_t high = device();
  return high << 32 | device();
}

}  // namespace

Generator::Generator(std::uint64_t seed) : impl_(std::make_shared<detail::GeneratorImpl>(seed)) {}

detail::GeneratorImpl& Generator::impl() const {
  XGRAD_CHECK(impl_ != nullptr,
              "Generator: it has no state: it was default-constructed; use make_generator(seed)");
  return *impl_;
}

void Generator::set_current_seed(std::uint64_t seed) {
  detail::GeneratorImpl& own = impl();
  const std::lock_guard lock(own.mutex);
  own.stream.set_seed(seed);
}

std::uint64_t Generator::current_seed() const {
  detail::GeneratorImpl& own = impl();
  const std::lock_guard lock(own.mutex);
  return own.stream.seed();
}

std::uint64_t Generator::seed() {
  const std::uint64_t seed = unforeseeable_seed();
  set_current_seed(seed);
  return seed;
}

std::vector<std::uint8_t> Generator::get_state() const {
  std::vector<std::uint8_t> state(Mt19937Stream::kStateBytes);
  detail::GeneratorImpl& own = impl();
  const std::lock_guard lock(own.mutex);
  own.stream.save(state.data());
  return state;
}

void Generator::set_state(const std::vector<std::uint8_t>& state) {
  XGRAD_CHECK_AS(ValueError, state.size() == Mt19937Stream::kStateBytes,
                 "set_state: a state has another length: got ", state.size(), " bytes (", state.size(),
                 " vs ", Mt19937Stream::kStateBytes, ")");
  detail::GeneratorImpl& own = impl();
  const std::lock_guard lock(own.mutex);
  XGRAD_CHECK_AS(ValueError, own.stream.load(state.data()),
                 "set_state: these bytes are no generator's state; pass what get_state() returned");
}

Generator Generator::clone() const {
  Generator copy(0);
  copy.set_state(get_state());
  return copy;
}

const Generator& default_generator() {
  static constinit Shared<const Generator> shared;
  return shared.get([] { return new Generator(unforeseeable_seed()); });
}

Generator manual_seed(std::uint64_t seed) {
  detail::GeneratorImpl& in_use = detail::generator_in_use();
  const std::lock_guard lock(in_use.mutex);
  in_use.stream.set_seed(seed);
  return default_generator();
}

}  // namespace xgrad
