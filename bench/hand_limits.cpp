// What the machine can do at most, measured in the same run as all else: multiply-adds in registers, and
// memory read and written in order. `compare` holds rows against them. No tensor library in here.
#include <cstdlib>
#include <string>

#include "hand.h"

namespace bench {

namespace {

constexpr std::int64_t chains = 12;  // two units of four cycles each, and some to spare
constexpr std::int64_t times = 1'000'000;

template <class Vector>
[[gnu::always_inline]] inline float multiply_adds() {
  volatile float hidden = 0.999F;  // or the compiler computes the chains beforehand
  const Vector factor = Vector{} + hidden, term = Vector{} + 1e-3F;
  Vector sums[chains], total{};
  for (Vector& sum : sums) sum = factor;
  for (std::int64_t i = 0; i < times; ++i)
    for (Vector& sum : sums) sum = sum * factor + term;
  for (const Vector& sum : sums) total += sum;
  return total[0];
}

template <int Bytes>
struct Of {
  using Vector [[gnu::vector_size(Bytes)]] = float;
};

void add_multiply_adds(float (*run)(), std::int64_t width) {
  workload("multiply-adds in registers").flops(static_cast<double>(2 * chains * width * times)).each([run] {
    return [run, result = 0.F]() mutable {
      result = run();
      return Span{&result, 1};
    };
  });
}

#if defined(__x86_64__)
[[gnu::target("avx2,fma")]] float with_avx2() { return multiply_adds<Of<32>::Vector>(); }
[[gnu::target("avx512f")]] float with_avx512() { return multiply_adds<Of<64>::Vector>(); }

void add_multiply_adds() {
  const char* held = std::getenv("XGRAD_ISA");  // as the libraries are
  const bool wide = __builtin_cpu_supports("avx512f") && !(held && std::string(held) == "avx2");
  if (wide)
    add_multiply_adds(with_avx512, 16);
  else if (__builtin_cpu_supports("avx2"))
    add_multiply_adds(with_avx2, 8);
}
#else
void add_multiply_adds() {
  add_multiply_adds([] { return multiply_adds<Of<16>::Vector>(); }, 4);
}
#endif

}  // namespace

void add_hand_limit_workloads() {
  add_multiply_adds();
  constexpr std::int64_t many = 10'000'000;
  // What is written is read before, so that no line is fetched that is not counted.
  workload("memory, read and written in order").bytes(3 * 4. * many).each([] {
    return [a = aligned_values(many, 1), b = aligned_values(many, 2, 1e-6F)]() mutable {
      for (std::int64_t i = 0; i < many; i += width) (load(&a[i]) + load(&b[i])).store_unaligned(&a[i]);
      return Span{a.data(), many};
    };
  });
}

}  // namespace bench
