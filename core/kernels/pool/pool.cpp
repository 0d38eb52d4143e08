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

// Calls f(i, element of the image) for what was found at the places of an image.
template <class F>
void for_places(int64_t image, int64_t width, int64_t pixels, const int64_t* places, const F& f) {
  const int64_t first = image * pixels * width, last = first + pixels * width;
  if (width == 1) {
    for (int64_t i = first; i < last; ++i) f(i, places[i]);
    return;
  }
  for (int64_t i = first; i < last; i += width)
    for (int64_t c = 0; c < width; ++c) f(i + c, places[i + c] * width + c);
}

}  // namespace

template <class T>
void max_pool(const PoolShape& s, const T* x, T* y, int64_t* places) {
  const int64_t in = s.in_pixels() * s.width, out = s.out_pixels() * s.width;
  const auto& max = places ? loops<T>().max : loops<T>().max_alone;
  for_images(s.images, in,
             [&](int64_t i) { max(s, x + i * in, y + i * out, places ? places + i * out : nullptr); });
}

template <class T>
void average_pool(const PoolShape& s, const T* x, T* y) {
  const int64_t in = s.in_pixels() * s.width, out = s.out_pixels() * s.width;
  for_images(s.images, in, [&](int64_t i) { loops<T>().average(s, x + i * in, y + i * out, nullptr); });
}

template <class T>
void spread_windows(const PoolShape& s, const T* y, T* x) {
  const int64_t in = s.in_pixels() * s.width, out = s.out_pixels() * s.width;
  for_images(s.images, in, [&](int64_t i) { loops<T>().spread(s, y + i * out, x + i * in); });
}

template <class T>
void take_pixels(int64_t images, int64_t width, int64_t in_pixels, int64_t out_pixels, const T* x,
                 const int64_t* places, T* y) {
  for_images(images, out_pixels * width, [&](int64_t image) {
    const T* const from = x + image * in_pixels * width;
    for_places(image, width, out_pixels, places, [&](int64_t i, int64_t at) { y[i] = from[at]; });
  });
}

template <class T>
void put_pixels(int64_t images, int64_t width, int64_t in_pixels, int64_t out_pixels, const T* y,
                const int64_t* places, bool replace, T* x) {
  for_images(images, in_pixels * width, [&](int64_t image) {
    T* const to = x + image * in_pixels * width;
    std::fill(to, to + in_pixels * width, T(0));
    if (replace)
      for_places(image, width, out_pixels, places, [&](int64_t i, int64_t at) { to[at] = y[i]; });
    else
      for_places(image, width, out_pixels, places, [&](int64_t i, int64_t at) { to[at] += y[i]; });
  });
}

#define XGRAD_POOLING(T)                                                                          \
  template void max_pool<T>(const PoolShape&, const T*, T*, int64_t*);                            \
  template void take_pixels<T>(int64_t, int64_t, int64_t, int64_t, const T*, const int64_t*, T*); \
  template void put_pixels<T>(int64_t, int64_t, int64_t, int64_t, const T*, const int64_t*, bool, T*);
XGRAD_POOLING(float)
XGRAD_POOLING(double)
XGRAD_POOLING(int64_t)
#define XGRAD_AVERAGES(T)                                        \
  template void average_pool<T>(const PoolShape&, const T*, T*); \
  template void spread_windows<T>(const PoolShape&, const T*, T*);
XGRAD_AVERAGES(float)
XGRAD_AVERAGES(double)

}  // namespace xgrad::kernels
