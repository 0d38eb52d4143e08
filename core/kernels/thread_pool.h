// The library's one thread pool. Kernels cut their work into blocks that do not depend on the number of
// threads, so that results do not either; the pool only decides who computes which. No other threads in the
// library.
#pragma once

#include <algorithm>
#include <cstdint>
#include <memory>
#include <type_traits>

#include <xgrad/core/types/num_threads.h>

namespace xgrad::kernels {

/// Whether the caller is a part of a parallel region; further regions then run serially.
bool in_parallel_region() noexcept;

namespace detail {
using RangeFunction = void (*)(void* context, int64_t begin, int64_t end);
void parallel_for(int64_t begin, int64_t end, int64_t grain, RangeFunction function, void* context);
}  // namespace detail

/// The grain for parts of `work` elements each, of which a thread should get `enough` at least.
inline int64_t grain_of(int64_t enough, int64_t work) {
  return std::max<int64_t>(1, enough / std::max<int64_t>(1, work));
}

/// Calls f(b, e) for ranges that together are [begin, end), from several threads when the range is longer
/// than `grain` and no other region is under way. All parts run to their end; then one of their exceptions,
/// if any, is rethrown.
template <class F>
void parallel_for(int64_t begin, int64_t end, int64_t grain, F&& f) {
  if (begin >= end) return;
  if (end - begin <= grain) {
    f(begin, end);
    return;
  }
  using Function = std::remove_reference_t<F>;
  const auto call = [](void* context, int64_t b, int64_t e) { (*static_cast<Function*>(context))(b, e); };
  detail::parallel_for(begin, end, grain, call,
                       const_cast<void*>(static_cast<const void*>(std::addressof(f))));
}

}  // namespace xgrad::kernels
