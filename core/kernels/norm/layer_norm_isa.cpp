// The loops of layer_norm, compiled once per instruction set. A row is read again and again while it is in
// the cache. No threads, no inline function of others.
#include <xgrad/core/kernels/norm/layer_norm_table.h>

#include <xgrad/core/kernels/simd/row.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

template <class T>
T root(T x) {
  T lane[Vec<T>::size];
  sqrt(Vec<T>(x)).store(lane);
  return lane[0];
}

template <class T>
XGRAD_SIMD_INLINE Vec<T> or_one(const T* p, int64_t i, int count) {
  return p ? Row<T>::load(p + i, count) : Vec<T>(T(1));
}

template <class T>
void forward(const LayerNorm& a, int64_t count, int64_t n) {
  using V = Vec<T>;
  const Row<T> row(n);
  const T* x = static_cast<const T*>(a.x);
  const T *weight = static_cast<const T*>(a.weight), *bias = static_cast<const T*>(a.bias);
  T* y = static_cast<T*>(a.y);
  for (int64_t r = 0; r < count; ++r, x += n, y += n) {
    T mean(0);
    if (a.centred) {
      mean = row.sum(nullptr, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
        return Row<T>::load(x + i, part);
      }) / static_cast<T>(n);
      static_cast<T*>(a.mean)[r] = mean;
    }
    const T variance = row.sum(nullptr, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      prefetch(x + n + i);
      const V d = Row<T>::load(x + i, part) - V(mean);
      return d * d;
    }) / static_cast<T>(n);
    const T rstd = T(1) / root(variance + static_cast<T>(a.eps));
    static_cast<T*>(a.rstd)[r] = rstd;
    row.map(y, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      const V normal = (Row<T>::load(x + i, part) - V(mean)) * V(rstd) * or_one(weight, i, part);
      return bias ? normal + Row<T>::load(bias + i, part) : normal;
    });
  }
}

template <class T>
void backward(const LayerNormBackward& a, int64_t count, int64_t n) {
  using V = Vec<T>;
  const Row<T> row(n);
  const T *g = static_cast<const T*>(a.g), *x = static_cast<const T*>(a.x);
  const T* weight = static_cast<const T*>(a.weight);
  T *dx = static_cast<T*>(a.dx), *dweight = static_cast<T*>(a.dweight), *dbias = static_cast<T*>(a.dbias);
  for (int64_t r = 0; r < count; ++r, g += n, x += n) {
    const V mean(a.centred ? static_cast<const T*>(a.mean)[r] : T(0)), rstd(static_cast<const T*>(a.rstd)[r]);
    const auto normal = [&](int64_t i, int part)
                            XGRAD_SIMD_LAMBDA { return (Row<T>::load(x + i, part) - mean) * rstd; };
    const auto weighted = [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return Row<T>::load(g + i, part) * or_one(weight, i, part);
    };
    T sum[2] = {};  // of the weighted gradient, by itself and times the normal
    if (dx)
      row.sums(sum, [&](int64_t i, int part, V(&t)[2]) XGRAD_SIMD_LAMBDA {
        prefetch(x + n + i);
        t[0] = weighted(i, part);
        t[1] = t[0] * normal(i, part);
      });
    const V mean_g(a.centred ? sum[0] / static_cast<T>(n) : T(0)), mean_gx(sum[1] / static_cast<T>(n));
    row.each([&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      prefetch(g + n + i);
      const V slope = Row<T>::load(g + i, part), unit = normal(i, part);
      if (dx) Row<T>::store(rstd * (weighted(i, part) - mean_g - unit * mean_gx), dx + i, part);
      if (dweight) Row<T>::store(Row<T>::load(dweight + i, part) + slope * unit, dweight + i, part);
      if (dbias) Row<T>::store(Row<T>::load(dbias + i, part) + slope, dbias + i, part);
    });
    if (dx) dx += n;
  }
}

template <class T>
void add(void* acc, const void* other, int64_t n) {
  T* to = static_cast<T*>(acc);
  const T* from = static_cast<const T*>(other);
  Row<T>(n).map(to, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
    return Row<T>::load(to + i, part) + Row<T>::load(from + i, part);
  });
}

}  // namespace

extern const LayerNormLoops layer_norm_float = {&forward<float>, &backward<float>, &add<float>};
extern const LayerNormLoops layer_norm_double = {&forward<double>, &backward<double>, &add<double>};

}  // namespace xgrad::kernels::XGRAD_ISA
