// The loops of distances, compiled once per instruction set. Registers lie across the rows of b, so that
// short rows fill them too. No threads, no inline function of others.
#include <xgrad/core/kernels/distance/distance_table.h>

#include <xgrad/core/kernels/simd/row.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

// A norm: a sum with one difference more, two such sums as one, what the sum comes to, and its derivative by
// a difference, as a product of `scale`, which is the same for all coordinates, and `slope`.
template <class V>
struct Order0 {
  static V add(V sum, V x) { return sum + minimum(ceil(abs(x)), 1); }
  static XGRAD_SIMD_INLINE V join(V a, V b) { return a + b; }
  static V finish(V sum) { return sum; }
  static V scale(V, V) { return V(0); }
  static V slope(V, V) { return V(0); }
};
template <class V>
struct Order1 : Order0<V> {
  static XGRAD_SIMD_INLINE V add(V sum, V x) { return sum + abs(x); }
  static XGRAD_SIMD_INLINE V scale(V g, V) { return g; }
  static XGRAD_SIMD_INLINE V slope(V x, V) { return sign(x); }
};
template <class V>
struct Order2 : Order0<V> {
  static XGRAD_SIMD_INLINE V add(V sum, V x) { return fma(x, x, sum); }
  static XGRAD_SIMD_INLINE V finish(V sum) { return sqrt(sum); }
  static XGRAD_SIMD_INLINE V scale(V g, V d) { return where(d == V(0), V(0), g / d); }
  static XGRAD_SIMD_INLINE V slope(V x, V) { return x; }
};
template <class V>
struct OrderInfinity : Order1<V> {
  static XGRAD_SIMD_INLINE V add(V sum, V x) { return maximum(sum, abs(x)); }
  static XGRAD_SIMD_INLINE V join(V a, V b) { return maximum(a, b); }
  static XGRAD_SIMD_INLINE V slope(V x, V d) { return where(abs(x) == d, sign(x), V(0)); }
};
template <class V>
struct AnyOrder : Order0<V> {
  explicit AnyOrder(V order) : p(order) {}
  V p;
  V add(V sum, V x) const { return sum + pow(abs(x), p); }
  V finish(V sum) const { return pow(sum, V(1) / p); }
  V scale(V g, V d) const { return where(d == V(0), V(0), g / pow(d, p - V(1))); }
  V slope(V x, V) const { return where(x == V(0), V(0), sign(x) * pow(abs(x), p - V(1))); }
};

// `count` registers of distances from column j on; `part` elements of the last one, or all if 0.
template <class T, int count, class Norm>
XGRAD_SIMD_INLINE void block(const Norm& norm, const T* a, const T* b, T* out, int64_t r, int64_t m,
                             int part) {
  using V = Vec<T>;
  constexpr int64_t kPart = Row<T>::kPart;
  V total[count];
  for (V& t : total) t = V(T(0));
  for (int64_t k = 0; k < m;) {
    V sum[count];
    for (V& s : sum) s = V(T(0));
    for (const int64_t end = m - k < kPart ? m : k + kPart; k < end; ++k)
      for (int c = 0; c < count; ++c)
        sum[c] = norm.add(sum[c], V(a[k]) - Row<T>::load(b + k * r + c * V::size, c + 1 < count ? 0 : part));
    for (int c = 0; c < count; ++c) total[c] = norm.join(total[c], sum[c]);
  }
  for (int c = 0; c < count; ++c) {
    const V d = norm.finish(total[c]);
    c + 1 < count || part == 0 ? d.store(out + c * V::size) : d.store_partial(out + c * V::size, part);
  }
}

template <class T, class Norm>
void row_of_distances(const Norm& norm, const T* a, const T* b, T* out, int64_t first, int64_t r, int64_t m) {
  constexpr int size = Vec<T>::size;
  int64_t j = first;
  for (; j + 4 * size <= r; j += 4 * size) block<T, 4>(norm, a, b + j, out + j, r, m, 0);
  if (j == r) return;
  const int64_t rest = r - j;
  const int part = static_cast<int>(rest % size);
  const auto last = rest <= size       ? &block<T, 1, Norm>
                    : rest <= 2 * size ? &block<T, 2, Norm>
                    : rest <= 3 * size ? &block<T, 3, Norm>
                                       : &block<T, 4, Norm>;
  last(norm, a, b + j, out + j, r, m, part);
}

template <class T, class Norm>
void row_of_gradients(const Norm& norm, const T* a, const T* b, const T* g, const T* d, T* scaled, T* da,
                      int64_t r, int64_t m) {
  using V = Vec<T>;
  const Row<T> row(r);
  row.map(scaled, [&](int64_t j, int part) XGRAD_SIMD_LAMBDA {
    return norm.scale(Row<T>::load(g + j, part), Row<T>::load(d + j, part));
  });
  for (int64_t k = 0; k < m; ++k)
    da[k] = row.sum(nullptr, [&](int64_t j, int part) XGRAD_SIMD_LAMBDA {
      const V difference = V(a[k]) - Row<T>::load(b + k * r + j, part);
      return norm.slope(difference, Row<T>::load(d + j, part)) * Row<T>::load(scaled + j, part);
    });
}

// f(the norm of order p).
template <class T, class F>
void with_norm(double p, const F& f) {
  using V = Vec<T>;
  if (p == 1) return f(Order1<V>{});
  if (p == 2) return f(Order2<V>{});
  if (p == 0) return f(Order0<V>{});
  if (p == HUGE_VAL) return f(OrderInfinity<V>{});
  f(AnyOrder<V>{V(p)});
}

template <class T>
void forward(const void* a, const void* columns, void* out, int64_t first, int64_t r, int64_t m, double p) {
  with_norm<T>(p, [&](const auto& norm) {
    row_of_distances<T>(norm, static_cast<const T*>(a), static_cast<const T*>(columns), static_cast<T*>(out),
                        first, r, m);
  });
}

template <class T>
void backward(const void* a, const void* columns, const void* g, const void* d, void* scaled, void* da,
              int64_t r, int64_t m, double p) {
  with_norm<T>(p, [&](const auto& norm) {
    row_of_gradients<T>(norm, static_cast<const T*>(a), static_cast<const T*>(columns),
                        static_cast<const T*>(g), static_cast<const T*>(d), static_cast<T*>(scaled),
                        static_cast<T*>(da), r, m);
  });
}

}  // namespace

extern const DistanceLoops distance_float = {&forward<float>, &backward<float>};
extern const DistanceLoops distance_double = {&forward<double>, &backward<double>};

}  // namespace xgrad::kernels::XGRAD_ISA
