// What the machine can do at most, measured in the same run as all else: multiply-adds in registers, and
// memory and caches read and written in order. `compare` holds rows against them. No tensor library in here.
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
  // Two arrays are read and a third is written, by stores that fetch the line first and by those that do not.
  for (const std::int64_t size : {80'000, 640'000, 2'500'000, 10'000'000})
    for (const bool past : {false, true})
      workload("memory, " + std::to_string(12 * size / 1000) + " KB" + (past ? ", past the caches" : ""))
          .bytes(3 * 4. * static_cast<double>(size))
          .each([size, past] {
            return
                [a = aligned_values(size, 1), b = aligned_values(size, 2), c = Floats(size), past]() mutable {
                  for (std::size_t i = 0; i < c.size(); i += width) {
                    const Batch sum = load(&a[i]) + load(&b[i]);
                    past ? stream(&c[i], sum) : sum.store_aligned(&c[i]);
                  }
                  return Span{c.data(), static_cast<std::int64_t>(c.size())};
                };
          });
}

}  // namespace bench
