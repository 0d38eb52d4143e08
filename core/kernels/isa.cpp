// Finds out what the CPU can do, and hands out the kernels for it. No kernel code: this file is compiled for
// the baseline. XGRAD_HAVE_AVX2 and XGRAD_HAVE_AVX512 say which copies of the kernels were built.
#include <xgrad/core/kernels/kernel_table.h>

#include <atomic>
#include <cstdlib>
#include <cstring>

#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/warning.h>

#if defined(XGRAD_HAVE_AVX2)
#include <cpuid.h>
#endif

namespace xgrad::kernels {

namespace base {
const KernelTable& kernel_table();
}
namespace avx2 {
const KernelTable& kernel_table();
}
namespace avx512 {
const KernelTable& kernel_table();
}

namespace {

#if defined(XGRAD_HAVE_AVX2)
// Conversions of 16-bit numbers, which not every compiler has a name for.
bool has_f16c() noexcept {
  unsigned a = 0, b = 0, c = 0, d = 0;
  return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_F16C) != 0;
}
#endif

Isa widest() noexcept {
#if defined(XGRAD_HAVE_AVX2)
  __builtin_cpu_init();
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !has_f16c()) return Isa::base;
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

// Apart, so that the question costs no more than a load from the second time on.
[[gnu::noinline, gnu::cold]] Isa choose() {
  const Isa most = widest();
  const char* wish = std::getenv("XGRAD_ISA");
  if (wish == nullptr || *wish == '\0') return most;
  for (Isa each : {Isa::base, Isa::avx2, Isa::avx512})
    if (std::strcmp(wish, kNames[static_cast<int>(each)]) == 0 && each <= most) return each;
  XGRAD_WARN_ONCE("XGRAD_ISA: this CPU and this build have base to ", kNames[static_cast<int>(most)],
                  ": got \"", wish, "\", which is ignored");
  return most;
}

}  // namespace

Isa isa() {
  static constinit std::atomic<int> chosen{-1};
  int value = chosen.load(std::memory_order_relaxed);
  if (value < 0) chosen.store(value = static_cast<int>(choose()), std::memory_order_relaxed);
  return static_cast<Isa>(value);
}

const KernelTable& kernel_table(Isa isa) {
  switch (isa) {
#if defined(XGRAD_HAVE_AVX512)
    case Isa::avx512:
      return avx512::kernel_table();
#endif
#if defined(XGRAD_HAVE_AVX2)
    case Isa::avx2:
      return avx2::kernel_table();
#endif
    default:
      return base::kernel_table();
  }
}

const KernelTable& kernel_table() {
  static constinit std::atomic<const KernelTable*> chosen{nullptr};
  const KernelTable* table = chosen.load(std::memory_order_acquire);
  if (__builtin_expect(table != nullptr, 1)) return *table;
  const Isa best = isa();
  const NoFork whole;  // a table is a local static, and those of `base` are asked for later
  kernel_table(Isa::base);
  table = &kernel_table(best);
  chosen.store(table, std::memory_order_release);
  return *table;
}

RowFn find_row(const RowFn* KernelTable::*list, int place, int reading, ScalarType compute) {
  const int type = row_type(compute);
  if (type < 0) return nullptr;
  const int at = place + reading * kRowTypes + type;
  const RowFn row = (kernel_table().*list)[at];
  return row ? row : (kernel_table(Isa::base).*list)[at];
}

}  // namespace xgrad::kernels
