// Shares the images of a pooling among the threads. The loops are those of pool_isa.cpp.
#include <xgrad/core/kernels/pool/pool.h>

#include <algorithm>
#include <type_traits>

#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/pool/pool_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 16384;  // elements that a thread should get at least

template <class T>
const PoolLoops<T>& loops() {
  if constexpr (std::is_same_v<T, float>)
    return *kernel_table().pool_float;
  else if constexpr (std::is_same_v<T, double>)
    return *kernel_table().pool_double;
  else
    return *kernel_table().pool_long;
}

template <class F>
void for_images(int64_t images, int64_t pixels, const F& f) {
  parallel_for(0, images, grain_of(kGrain, pixels), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) f(i);
  });
}

}  // namespace

template <class T>
void max_pool(const PoolShape& s, const T* x, T* y, int64_t* places) {
  for_images(s.images, s.in_pixels(), [&](int64_t i) {
    loops<T>().max(s, x + i * s.in_pixels(), y + i * s.out_pixels(), places + i * s.out_pixels());
  });
}

template <class T>
void take_pixels(int64_t images, int64_t in_pixels, int64_t out_pixels, const T* x, const int64_t* places,
                 T* y) {
  for_images(images, out_pixels, [&](int64_t image) {
    const T* const from = x + image * in_pixels;
    for (int64_t i = image * out_pixels; i < (image + 1) * out_pixels; ++i) y[i] = from[places[i]];
  });
}

template <class T>
void put_pixels(int64_t images, int64_t in_pixels, int64_t out_pixels, const T* y, const int64_t* places,
                bool replace, T* x) {
  for_images(images, in_pixels, [&](int64_t image) {
    T* const to = x + image * in_pixels;
    std::fill(to, to + in_pixels, T(0));
    const int64_t first = image * out_pixels, last = first + out_pixels;
    if (replace) {
      for (int64_t i = first; i < last; ++i) to[places[i]] = y[i];
    } else {
      for (int64_t i = first; i < last; ++i) to[places[i]] += y[i];
    }
  });
}

#define XGRAD_POOLING(T)                                                                 \
  template void max_pool<T>(const PoolShape&, const T*, T*, int64_t*);                   \
  template void take_pixels<T>(int64_t, int64_t, int64_t, const T*, const int64_t*, T*); \
  template void put_pixels<T>(int64_t, int64_t, int64_t, const T*, const int64_t*, bool, T*);
XGRAD_POOLING(float)
XGRAD_POOLING(double)
XGRAD_POOLING(int64_t)

}  // namespace xgrad::kernels
