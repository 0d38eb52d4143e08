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

// Rows that are taken side by side: no sum waits for another's, and weights and sums over rows are read once
// for all. All that is read at a place is read before anything is written there: rows of a length that is a
// power of two share the low bits of their addresses, by which the processor tells what waits for what. By
// these bits a cache of eight ways, as processors have whose registers are half a line, holds no more than
// one of them with its gradients.
template <class T>
constexpr int kTogether = Vec<T>::size * sizeof(T) == 64 ? 4 : 1;
template <class T>
constexpr int kTogetherForward = Vec<T>::size * sizeof(T) == 64 ? 2 : 1;

// How a row is summed does not depend on how many there are: threads cut them anywhere.
template <int rows, class T>
XGRAD_SIMD_INLINE void forward_of(const LayerNorm& a, const Row<T>& row, int64_t first) {
  using V = Vec<T>;
  const int64_t n = row.n;
  const T* x = static_cast<const T*>(a.x) + first * n;
  const T *weight = static_cast<const T*>(a.weight), *bias = static_cast<const T*>(a.bias);
  T* y = static_cast<T*>(a.y) + first * n;
  T sum[rows] = {};
  V mean[rows], rstd[rows];
  if (a.centred)
    row.template sums<2>(sum, [&](int64_t i, int part, V(&t)[rows]) XGRAD_SIMD_LAMBDA {
      for (int k = 0; k < rows; ++k) t[k] = Row<T>::load(x + k * n + i, part);
    });
  for (int k = 0; k < rows; ++k) {
    sum[k] /= static_cast<T>(n);
    if (a.centred) static_cast<T*>(a.mean)[first + k] = sum[k];
    mean[k] = V(sum[k]);
  }
  row.template sums<2>(sum, [&](int64_t i, int part, V(&t)[rows]) XGRAD_SIMD_LAMBDA {
    for (int k = 0; k < rows; ++k) {
      prefetch(x + (rows + k) * n + i);
      if constexpr (rows == 1) prefetch_to_write(y + i);
      const V d = Row<T>::load(x + k * n + i, part) - mean[k];
      t[k] = d * d;
    }
  });
  for (int k = 0; k < rows; ++k) {
    sum[k] = T(1) / root(sum[k] / static_cast<T>(n) + static_cast<T>(a.eps));
    static_cast<T*>(a.rstd)[first + k] = sum[k];
    rstd[k] = V(sum[k]);
  }
  row.each([&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
    const V scale = or_one(weight, i, part), shift = bias ? Row<T>::load(bias + i, part) : V(T(0));
    V result[rows];
    for (int k = 0; k < rows; ++k)
      result[k] = fma((Row<T>::load(x + k * n + i, part) - mean[k]) * rstd[k], scale, shift);
    for (int k = 0; k < rows; ++k) Row<T>::store(result[k], y + k * n + i, part);
  });
}

template <class T>
void forward(const LayerNorm& a, int64_t count, int64_t n) {
  const Row<T> row(n);
  constexpr int together = kTogetherForward<T>;
  int64_t r = 0;
  for (; r + together <= count; r += together) forward_of<together>(a, row, r);
  for (; r < count; ++r) forward_of<1>(a, row, r);
}

template <int rows, class T>
XGRAD_SIMD_INLINE void backward_of(const LayerNormBackward& a, const Row<T>& row, int64_t first) {
  using V = Vec<T>;
  const int64_t n = row.n;
  const T *g = static_cast<const T*>(a.g) + first * n, *x = static_cast<const T*>(a.x) + first * n;
  const T* weight = static_cast<const T*>(a.weight);
  T* dx = a.dx ? static_cast<T*>(a.dx) + first * n : nullptr;
  T *dweight = static_cast<T*>(a.dweight), *dbias = static_cast<T*>(a.dbias);
  V mean[rows], rstd[rows], slope[rows], shift[rows];  // dx = rstd * g * weight + slope * (x - mean) + shift
  for (int k = 0; k < rows; ++k) {
    mean[k] = V(a.centred ? static_cast<const T*>(a.mean)[first + k] : T(0));
    rstd[k] = V(static_cast<const T*>(a.rstd)[first + k]);
    slope[k] = shift[k] = V(T(0));
  }
  if (dx) {
    T sum[2 * rows];  // of the weighted gradient, by itself and times the distance from the mean
    row.template sums<rows == 1 ? 2 : 1>(sum, [&](int64_t i, int part, V(&t)[2 * rows]) XGRAD_SIMD_LAMBDA {
      const V w = or_one(weight, i, part);
      for (int k = 0; k < rows; ++k) {
        prefetch_to_write(dx + k * n + i);
        prefetch(x + (rows + k) * n + i);
        t[2 * k] = Row<T>::load(g + k * n + i, part) * w;
        t[2 * k + 1] = t[2 * k] * (Row<T>::load(x + k * n + i, part) - mean[k]);
      }
    });
    for (int k = 0; k < rows; ++k) {
      shift[k] = a.centred ? rstd[k] * V(-sum[2 * k] / static_cast<T>(n)) : V(T(0));
      slope[k] = rstd[k] * rstd[k] * rstd[k] * V(-sum[2 * k + 1] / static_cast<T>(n));
    }
  }
  row.each([&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
    const V w = or_one(weight, i, part);
    V sum = dbias ? Row<T>::load(dbias + i, part) : V(T(0));
    V weighted = dweight ? Row<T>::load(dweight + i, part) : V(T(0)), result[rows];
    for (int k = 0; k < rows; ++k) {
      prefetch(g + (rows + k) * n + i);
      const V d = Row<T>::load(x + k * n + i, part) - mean[k], dy = Row<T>::load(g + k * n + i, part);
      const V scaled = dy * rstd[k];
      result[k] = fma(scaled, w, fma(d, slope[k], shift[k]));
      weighted = fma(scaled, d, weighted);
      sum += dy;
    }
    if (dx)
      for (int k = 0; k < rows; ++k) Row<T>::store(result[k], dx + k * n + i, part);
    if (dweight) Row<T>::store(weighted, dweight + i, part);
    if (dbias) Row<T>::store(sum, dbias + i, part);
  });
}

template <class T>
void backward(const LayerNormBackward& a, int64_t count, int64_t n) {
  const Row<T> row(n);
  constexpr int together = kTogether<T>;
  int64_t r = 0;
  for (; r + together <= count; r += together) backward_of<together>(a, row, r);
  for (; r < count; ++r) backward_of<1>(a, row, r);
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
