// The library's pool for users' loops over tensors.
#include <xgrad/core/autograd/thread_local_state.h>

#include <algorithm>

#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

void parallel_for(int64_t begin, int64_t end, int64_t grain_size,
                  const std::function<void(int64_t, int64_t)>& f) {
  XGRAD_CHECK_AS(ValueError, grain_size >= 0, "parallel_for: grain_size must not be negative: got ",
                 grain_size);
  const ThreadLocalState modes;
  kernels::parallel_for(begin, end, std::max<int64_t>(grain_size, 1), [&](int64_t b, int64_t e) {
    const ThreadLocalStateGuard guard(modes);
    f(b, e);
  });
}

}  // namespace xgrad
