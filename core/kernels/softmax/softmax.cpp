// Cuts a softmax into rows, or strips of columns, for the threads. The arithmetic is softmax_isa.cpp's.
#include <xgrad/core/kernels/softmax/softmax.h>

#include <algorithm>

#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/softmax/softmax_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 4096;  // elements a thread should get at least

const SoftmaxLoops& loops_of(Isa isa, ScalarType t) {
  const KernelTable& table = kernel_table(isa);
  return t == ScalarType::Double ? *table.softmax_double : *table.softmax_float;
}

// Calls rows(offset, count) for parts of the rows, or strip(offset, width) for every strip.
template <class Rows, class Strip>
void cut(int64_t outer, int64_t n, int64_t inner, const Rows& rows, const Strip& strip) {
  if (outer == 0 || n == 0 || inner == 0) return;
  if (inner == 1) {
    parallel_for(0, outer, std::max<int64_t>(1, kGrain / n),
                 [&](int64_t begin, int64_t end) { rows(begin * n, end - begin); });
    return;
  }
  const int64_t strips = (inner + kSoftmaxStrip - 1) / kSoftmaxStrip;
  parallel_for(0, outer * strips, std::max<int64_t>(1, kGrain / (n * std::min(inner, kSoftmaxStrip))),
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; ++i) {
                   const int64_t column = i % strips * kSoftmaxStrip;
                   strip(i / strips * n * inner + column, std::min(kSoftmaxStrip, inner - column));
                 }
               });
}

}  // namespace

void softmax_on(Isa isa, bool log, const void* x, void* y, ScalarType dtype, int64_t outer, int64_t n,
                int64_t inner) {
  const SoftmaxLoops& loops = loops_of(isa, dtype);
  const int64_t size = static_cast<int64_t>(element_size(dtype));
  const auto* from = static_cast<const char*>(x);
  auto* to = static_cast<char*>(y);
  cut(
      outer, n, inner,
      [&](int64_t at, int64_t count) { loops.rows[log](from + at * size, to + at * size, count, n); },
      [&](int64_t at, int64_t width) {
        loops.strip[log](from + at * size, to + at * size, n, inner, width);
      });
}

void softmax_backward_on(Isa isa, bool log, const void* g, const void* y, void* dx, ScalarType dtype,
                         int64_t outer, int64_t n, int64_t inner) {
  const SoftmaxLoops& loops = loops_of(isa, dtype);
  const int64_t size = static_cast<int64_t>(element_size(dtype));
  const auto* from = static_cast<const char*>(g);
  const auto* result = static_cast<const char*>(y);
  auto* to = static_cast<char*>(dx);
  cut(
      outer, n, inner,
      [&](int64_t at, int64_t count) {
        loops.rows_backward[log](from + at * size, result + at * size, to + at * size, count, n);
      },
      [&](int64_t at, int64_t width) {
        loops.strip_backward[log](from + at * size, result + at * size, to + at * size, n, inner, width);
      });
}

void softmax(bool log, const void* x, void* y, ScalarType dtype, int64_t outer, int64_t n, int64_t inner) {
  softmax_on(isa(), log, x, y, dtype, outer, n, inner);
}

void softmax_backward(bool log, const void* g, const void* y, void* dx, ScalarType dtype, int64_t outer,
                      int64_t n, int64_t inner) {
  softmax_backward_on(isa(), log, g, y, dx, dtype, outer, n, inner);
}

}  // namespace xgrad::kernels
