// Cuts distances into rows for the threads. The arithmetic is distance_isa.cpp's.
#include <xgrad/core/kernels/distance/distance.h>

#include <algorithm>

#include <xgrad/core/kernels/distance/distance_table.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/scratch.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 16384;  // differences a thread should get at least

template <class T>
const DistanceLoops& loops_of() {
  const KernelTable& table = kernel_table();
  if constexpr (sizeof(T) == 8)
    return *table.distance_double;
  else
    return *table.distance_float;
}

// f(row of a, columns of its b, number of the row) for every row of every batch.
template <class T, class F>
void for_each_row(const Distances& rows, const F& f) {
  const int64_t n = rows.n, r = rows.r, m = rows.m;
  const T *const a = static_cast<const T*>(rows.a), *const columns = static_cast<const T*>(rows.columns);
  const int64_t grain = grain_of(kGrain, r * m);
  parallel_for(0, rows.batch * n, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) f(a + i * m, columns + i / n * m * r, i);
  });
}

// Where pair (i, j), i < j, of n rows stands.
int64_t place_of_pair(int64_t i, int64_t j, int64_t n) { return i * (2 * n - i - 1) / 2 + j - i - 1; }

template <class T>
void forward(const Distances& rows, bool pairs, T* out) {
  const int64_t n = rows.n, r = rows.r;
  for_each_row<T>(rows, [&](const T* a, const T* columns, int64_t i) {
    T* to = out + (pairs ? place_of_pair(i, 0, n) : i * r);
    loops_of<T>().forward(a, columns, to, pairs ? i + 1 : 0, r, rows.m, rows.p);
  });
}

template <class T>
void backward(const Distances& rows, bool pairs, const T* g, const T* d, T* da) {
  const int64_t n = rows.n, r = rows.r, m = rows.m;
  for_each_row<T>(rows, [&](const T* a, const T* columns, int64_t i) {
    const Scratch<T> room(3 * r);
    const T *gradients = g + i * r, *lengths = d + i * r;
    if (pairs) {
      T *const own_g = room.get() + r, *const own_d = own_g + r;
      for (int64_t j = 0; j < r; ++j) {
        const int64_t at = place_of_pair(std::min(i, j), std::max(i, j), n);
        own_g[j] = j == i ? T(0) : g[at];
        own_d[j] = j == i ? T(0) : d[at];
      }
      gradients = own_g;
      lengths = own_d;
    }
    loops_of<T>().backward(a, columns, gradients, lengths, room.get(), da + i * m, r, m, rows.p);
  });
}

}  // namespace

void distances(ScalarType dtype, const Distances& rows, bool pairs, void* out) {
  dispatch<TypeList<float, double>>("cdist", dtype,
                                    [&]<class T>() { forward(rows, pairs, static_cast<T*>(out)); });
}

void distances_backward(ScalarType dtype, const Distances& rows, bool pairs, const void* g, const void* d,
                        void* da) {
  dispatch<TypeList<float, double>>("cdist", dtype, [&]<class T>() {
    backward(rows, pairs, static_cast<const T*>(g), static_cast<const T*>(d), static_cast<T*>(da));
  });
}

}  // namespace xgrad::kernels
