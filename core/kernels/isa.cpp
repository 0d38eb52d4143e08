// Finds out what the CPU can do. No kernel code: this file is compiled for the baseline. XGRAD_HAVE_AVX2 and
// XGRAD_HAVE_AVX512 say which copies of the kernels were built.
#include <xgrad/core/kernels/isa.h>

#include <cstdlib>
#include <cstring>

namespace xgrad::kernels {

namespace {

Isa widest() noexcept {
#if defined(XGRAD_HAVE_AVX2)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::base;
#if defined(XGRAD_HAVE_AVX512)
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl"))
    return Isa::avx512;
#endif
  return Isa::avx2;
#else
  return Isa::base;
#endif
}

Isa choose() noexcept {
  const Isa most = widest();
  const char* wish = std::getenv("XGRAD_ISA");
  if (wish == nullptr) return most;
  if (std::strcmp(wish, "base") == 0) return Isa::base;
  if (std::strcmp(wish, "avx2") == 0 && most >= Isa::avx2) return Isa::avx2;
  return most;
}

}  // namespace

Isa isa() noexcept {
  static const Isa chosen = choose();
  return chosen;
}

}  // namespace xgrad::kernels
