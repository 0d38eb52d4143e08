// The loops of softmax, compiled once per instruction set: along contiguous rows, and down the columns of a
// matrix. No threads, no inline function of others.
#include <xgrad/core/kernels/softmax/softmax_table.h>

#include <xgrad/core/kernels/simd/row.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

template <bool Log, class T>
void rows(const void* in, void* out, int64_t count, int64_t n) {
  using V = Vec<T>;
  const Row<T> row(n);
  const T* x = static_cast<const T*>(in);
  T* y = static_cast<T*>(out);
  // Short rows, which stay in the cache, take their logarithms or reciprocals together.
  const int64_t most = n <= kSoftmaxTogether ? V::size : 1;
  for (int64_t some; count > 0; count -= some, x += some * n, y += some * n) {
    some = count < most ? count : most;
    T top[V::size], total[V::size];
    V(T(1)).store(total);
    for (int64_t r = 0; r < some; ++r) {
      const T* from = x + r * n;
      T* to = y + r * n;
      top[r] = row.max(from);
      const V largest(top[r]);
      total[r] = row.sum(Log ? nullptr : to, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
        prefetch(from + n + i);
        prefetch(to + n + i);
        return exp_of_negative(Row<T>::load(from + i, part) - largest);
      });
    }
    const V sums = most == 1 ? V(total[0]) : V::load(total);
    (Log ? log(sums) : T(1) / sums).store(total);
    for (int64_t r = 0; r < some; ++r) {
      const T* from = x + r * n;
      T* to = y + r * n;
      const V largest(top[r]), last(total[r]);
      row.map(to, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
        if constexpr (Log)
          return (Row<T>::load(from + i, part) - largest) - last;
        else
          return Row<T>::load(to + i, part) * last;
      });
    }
  }
}

template <bool Log, class T>
void rows_backward(const void* grad, const void* result, void* out, int64_t count, int64_t n) {
  using V = Vec<T>;
  const Row<T> row(n);
  const T* g = static_cast<const T*>(grad);
  const T* y = static_cast<const T*>(result);
  T* dx = static_cast<T*>(out);
  for (int64_t r = 0; r < count; ++r, g += n, y += n, dx += n) {
    const V total(row.sum(nullptr, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      const V gi = Row<T>::load(g + i, part);
      if constexpr (Log)
        return gi;
      else
        return gi * Row<T>::load(y + i, part);
    }));
    row.map(dx, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      const V gi = Row<T>::load(g + i, part), yi = Row<T>::load(y + i, part);
      if constexpr (Log)
        return gi - exp(yi) * total;
      else
        return yi * (gi - total);
    });
  }
}

// ---- strips of columns
// ---------------------------------------------------------------------------------------------------

// A value for each column of a strip; what stands beyond its width means nothing.
template <class T>
struct Columns {
  alignas(64) T value[kSoftmaxStrip];

  XGRAD_SIMD_INLINE void set(T v) {
    for (int64_t j = 0; j < kSoftmaxStrip; ++j) value[j] = v;
  }
  XGRAD_SIMD_INLINE Vec<T> at(int64_t j) const { return Vec<T>::load(value + j); }
  XGRAD_SIMD_INLINE void put(int64_t j, Vec<T> v) { v.store(value + j); }
};

// f(j, count) for the registers of one row of a strip; count is 0 for a whole one.
template <class T, class F>
XGRAD_SIMD_INLINE void across(int64_t width, const F& f) {
  int64_t j = 0;
  for (; j + Vec<T>::size <= width; j += Vec<T>::size) f(j, 0);
  if (j < width) f(j, static_cast<int>(width - j));
}

// total = sum over the rows of term(offset of the register, its column, count).
template <class T, class F>
XGRAD_SIMD_INLINE void sum_down(Columns<T>& total, int64_t n, int64_t inner, int64_t width, const F& term) {
  Columns<T> part;
  total.set(T(0));
  for (int64_t r = 0; r < n;) {
    part.set(T(0));
    for (const int64_t end = n - r < Row<T>::kPart ? n : r + Row<T>::kPart; r < end; ++r)
      across<T>(width, [&](int64_t j, int count)
                           XGRAD_SIMD_LAMBDA { part.put(j, part.at(j) + term(r * inner + j, j, count)); });
    for (int64_t j = 0; j < kSoftmaxStrip; j += Vec<T>::size) total.put(j, total.at(j) + part.at(j));
  }
}

template <class T>
XGRAD_SIMD_INLINE void store(Vec<T> v, T* p, int count) {
  if (count == 0)
    v.store(p);
  else
    v.store_partial(p, count);
}

template <bool Log, class T>
void strip(const void* in, void* out, int64_t n, int64_t inner, int64_t width) {
  using V = Vec<T>;
  const T* x = static_cast<const T*>(in);
  T* y = static_cast<T*>(out);
  Columns<T> top, total;
  top.set(static_cast<T>(-HUGE_VAL));
  for (int64_t r = 0; r < n; ++r)
    across<T>(width, [&](int64_t j, int count) XGRAD_SIMD_LAMBDA {
      top.put(j, maximum(top.at(j), Row<T>::load(x + r * inner + j, count)));
    });
  sum_down(total, n, inner, width, [&](int64_t i, int64_t j, int count) XGRAD_SIMD_LAMBDA {
    const V e = exp_of_negative(Row<T>::load(x + i, count) - top.at(j));
    if constexpr (!Log) store(e, y + i, count);
    return e;
  });
  for (int64_t j = 0; j < kSoftmaxStrip; j += V::size) {
    if constexpr (Log)
      total.put(j, log(total.at(j)));
    else
      total.put(j, V(T(1)) / total.at(j));
  }
  for (int64_t r = 0; r < n; ++r)
    across<T>(width, [&](int64_t j, int count) XGRAD_SIMD_LAMBDA {
      const int64_t i = r * inner + j;
      if constexpr (Log)
        store((Row<T>::load(x + i, count) - top.at(j)) - total.at(j), y + i, count);
      else
        store(Row<T>::load(y + i, count) * total.at(j), y + i, count);
    });
}

template <bool Log, class T>
void strip_backward(const void* grad, const void* result, void* out, int64_t n, int64_t inner,
                    int64_t width) {
  using V = Vec<T>;
  const T* g = static_cast<const T*>(grad);
  const T* y = static_cast<const T*>(result);
  T* dx = static_cast<T*>(out);
  Columns<T> total;
  sum_down(total, n, inner, width, [&](int64_t i, int64_t, int count) XGRAD_SIMD_LAMBDA {
    const V gi = Row<T>::load(g + i, count);
    if constexpr (Log)
      return gi;
    else
      return gi * Row<T>::load(y + i, count);
  });
  for (int64_t r = 0; r < n; ++r)
    across<T>(width, [&](int64_t j, int count) XGRAD_SIMD_LAMBDA {
      const int64_t i = r * inner + j;
      const V gi = Row<T>::load(g + i, count), yi = Row<T>::load(y + i, count);
      if constexpr (Log)
        store(gi - exp(yi) * total.at(j), dx + i, count);
      else
        store(yi * (gi - total.at(j)), dx + i, count);
    });
}

template <class T>
constexpr SoftmaxLoops loops() {
  return {{&rows<false, T>, &rows<true, T>},
          {&strip<false, T>, &strip<true, T>},
          {&rows_backward<false, T>, &rows_backward<true, T>},
          {&strip_backward<false, T>, &strip_backward<true, T>}};
}

}  // namespace

extern const SoftmaxLoops softmax_float = loops<float>();
extern const SoftmaxLoops softmax_double = loops<double>();

}  // namespace xgrad::kernels::XGRAD_ISA
