// Finds out what the CPU can do. No kernel code: this file is compiled for the baseline. XGRAD_HAVE_AVX2 and
// XGRAD_HAVE_AVX512 say which copies of the kernels were built.
#include <xgrad/core/kernels/isa.h>

#include <cstdlib>
#include <cstring>

#include <xgrad/core/types/warning.h>

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

constexpr const char* kNames[] = {"base", "avx2", "avx512"};

Isa choose() {
  const Isa most = widest();
  const char* wish = std::getenv("XGRAD_ISA");
  if (wish == nullptr || *wish == '\0') return most;
  for (Isa each : {Isa::base, Isa::avx2, Isa::avx512})
    if (std::strcmp(wish, kNames[static_cast<int>(each)]) == 0 && each <= most) return each;
  XGRAD_WARN("XGRAD_ISA: this CPU and this build have base to ", kNames[static_cast<int>(most)], ": got \"",
             wish, "\", which is ignored");
  return most;
}

}  // namespace

Isa isa() {
  static const Isa chosen = choose();
  return chosen;
}

}  // namespace xgrad::kernels
