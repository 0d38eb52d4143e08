// The inner loops of reductions, compiled once per instruction set. For floating types a row of memory is 64
// bytes on every machine, eight rows are combined as a tree, eight such groups make a block, and blocks are
// combined pairwise: the order of the additions is fixed, so sums have the same bits everywhere. No layout,
// no threads, no inline function of others.
#include <xgrad/core/kernels/reduce/reduce_table.h>

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

template <class T>
constexpr bool kFloating = static_cast<T>(0.5) != T(0);

// ---- operations, over numbers and over Vec
// --------------------------------------------------------------------------

template <class T>
XGRAD_SIMD_INLINE T larger(T a, T b) {
  return a > b || a != a ? a : b;
}
template <class T>
XGRAD_SIMD_INLINE T smaller(T a, T b) {
  return a < b || a != a ? a : b;
}
template <class T>
XGRAD_SIMD_INLINE Vec<T> larger(Vec<T> a, Vec<T> b) {
  return maximum(a, b);
}
template <class T>
XGRAD_SIMD_INLINE Vec<T> smaller(Vec<T> a, Vec<T> b) {
  return minimum(a, b);
}

struct Unmapped {
  template <class V>
  static XGRAD_SIMD_INLINE V map(V x) {
    return x;
  }
};
struct Sum : Unmapped {
  template <class T>
  static constexpr T identity() {
    return T(0);
  }
  template <class V>
  static XGRAD_SIMD_INLINE V combine(V a, V b) {
    return a + b;
  }
};
struct SumOfSquares : Sum {
  template <class V>
  static XGRAD_SIMD_INLINE V map(V x) {
    return x * x;
  }
};
struct Prod : Unmapped {
  template <class T>
  static constexpr T identity() {
    return T(1);
  }
  template <class V>
  static XGRAD_SIMD_INLINE V combine(V a, V b) {
    return a * b;
  }
};
struct Max : Unmapped {
  template <class T>
  static constexpr T identity() {
    if constexpr (kFloating<T>)
      return T(-HUGE_VAL);
    else
      return T(INT64_MIN);
  }
  template <class V>
  static XGRAD_SIMD_INLINE V combine(V a, V b) {
    return larger(a, b);
  }
};
struct Min : Unmapped {
  template <class T>
  static constexpr T identity() {
    if constexpr (kFloating<T>)
      return T(HUGE_VAL);
    else
      return T(INT64_MAX);
  }
  template <class V>
  static XGRAD_SIMD_INLINE V combine(V a, V b) {
    return smaller(a, b);
  }
};
struct Any : Unmapped {
  template <class T>
  static constexpr T identity() {
    return T(0);
  }
  template <class T>
  static XGRAD_SIMD_INLINE T combine(T a, T b) {
    return static_cast<T>(a | b);
  }
};
struct All : Unmapped {
  template <class T>
  static constexpr T identity() {
    return T(1);
  }
  template <class T>
  static XGRAD_SIMD_INLINE T combine(T a, T b) {
    return static_cast<T>(a & b);
  }
};

// ---- one row of floating numbers
// ------------------------------------------------------------------------------------

template <class T>
constexpr int64_t kLanes = 64 / static_cast<int64_t>(sizeof(T));
template <class T>
constexpr int64_t kBlock = kReduceBlock / static_cast<int64_t>(sizeof(T));
template <class T>
constexpr int64_t kRegisters = kLanes<T> / Vec<T>::size;

constexpr bool kOnesAndZeros[32] = {true, true, true, true, true, true, true, true,
                                    true, true, true, true, true, true, true, true};

template <class Op, class V>
XGRAD_SIMD_INLINE V tree(V a, V b, V c, V d, V e, V f, V g, V h) {
  return Op::combine(Op::combine(Op::combine(a, b), Op::combine(c, d)),
                     Op::combine(Op::combine(e, f), Op::combine(g, h)));
}

// The first n elements at p in a register filled up with the identity; n may be negative or larger than a
// register.
template <class Op, class T>
XGRAD_SIMD_INLINE Vec<T> load_up_to(const T* p, int64_t n) {
  using V = Vec<T>;
  if (n >= V::size) return Op::map(V::load(p));
  const V nothing(Op::template identity<T>());
  if (n <= 0) return nothing;
  return where(Mask<T>::load(kOnesAndZeros + 16 - n), Op::map(V::load_partial(p, static_cast<int>(n))),
               nothing);
}

// Lane i + lane i + half, again and again.
template <class Op, class T>
XGRAD_SIMD_INLINE T fold(const Vec<T>* acc) {
  T lane[kLanes<T>];
  for (int64_t r = 0; r < kRegisters<T>; ++r) acc[r].store(lane + r * Vec<T>::size);
  for (int64_t half = kLanes<T> / 2; half > 0; half /= 2)
    for (int64_t i = 0; i < half; ++i) lane[i] = Op::combine(lane[i], lane[i + half]);
  return lane[0];
}

// What `block` gives for up to four elements.
template <class Op, class T>
XGRAD_SIMD_INLINE T few(const T* p, int64_t n) {
  // Combined with the identity first, as everything is: the sum of -0 is 0.
  const T a = Op::combine(Op::template identity<T>(), Op::map(p[0]));
  if (n == 1) return a;
  const T b = Op::map(p[1]);
  if (n == 2) return Op::combine(a, b);
  const T ac = Op::combine(a, Op::map(p[2]));
  return Op::combine(ac, n == 3 ? b : Op::combine(b, Op::map(p[3])));
}

template <class Op, class T>
XGRAD_SIMD_NOINLINE T block(const T* p, int64_t n) {
  using V = Vec<T>;
  constexpr int64_t lanes = kLanes<T>, registers = kRegisters<T>, group = kReduceGroup * lanes;
  V acc[registers];
  if (n <= lanes) {
    for (int64_t r = 0; r < registers; ++r)
      acc[r] =
          Op::combine(V(Op::template identity<T>()), load_up_to<Op, T>(p + r * V::size, n - r * V::size));
    return fold<Op, T>(acc);
  }
  for (int64_t r = 0; r < registers; ++r) acc[r] = V(Op::template identity<T>());
  for (; n >= group; n -= group, p += group)
    for (int64_t r = 0; r < registers; ++r) {
      const T* q = p + r * V::size;
      acc[r] =
          Op::combine(acc[r], tree<Op>(Op::map(V::load(q)), Op::map(V::load(q + lanes)),
                                       Op::map(V::load(q + 2 * lanes)), Op::map(V::load(q + 3 * lanes)),
                                       Op::map(V::load(q + 4 * lanes)), Op::map(V::load(q + 5 * lanes)),
                                       Op::map(V::load(q + 6 * lanes)), Op::map(V::load(q + 7 * lanes))));
    }
  if (n > 0)
    for (int64_t r = 0; r < registers; ++r) {
      V v[kReduceGroup];
      for (int64_t k = 0; k < kReduceGroup; ++k) {
        const int64_t at = k * lanes + r * V::size;
        v[k] = load_up_to<Op, T>(p + at, n - at);
      }
      acc[r] = Op::combine(acc[r], tree<Op>(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]));
    }
  return fold<Op, T>(acc);
}

// Blocks combined like the digits of a binary counter: a carry joins two sums of equally many blocks.
template <class Op, class T>
XGRAD_SIMD_NOINLINE T pairwise(const T* p, int64_t n) {
  T sums[64];
  int top = 0;
  for (int64_t done = 0; n > 0; p += kBlock<T>, n -= kBlock<T>) {
    T sum = block<Op, T>(p, n < kBlock<T> ? n : kBlock<T>);
    for (int64_t carry = done++; (carry & 1) != 0; carry >>= 1) sum = Op::combine(sums[--top], sum);
    sums[top++] = sum;
  }
  T sum = sums[--top];
  while (top > 0) sum = Op::combine(sums[--top], sum);
  return sum;
}

template <class Op, class T>
XGRAD_SIMD_INLINE T reduce_row(const T* p, int64_t n) {
  if constexpr (kFloating<T>) {
    if (n <= 4) return few<Op, T>(p, n);
    return n <= kBlock<T> ? block<Op, T>(p, n) : pairwise<Op, T>(p, n);
  } else {  // any order gives the same bits
    T acc = Op::template identity<T>();
    for (int64_t i = 0; i < n; ++i) acc = Op::combine(acc, Op::map(p[i]));
    return acc;
  }
}

// ---- the loops of a table
// ----------------------------------------------------------------------------------------------

template <class Op, class T>
void rows(void* out, const void* in, int64_t stride, int64_t count, int64_t n) {
  const T* p = static_cast<const T*>(in);
  T* to = static_cast<T*>(out);
  for (int64_t i = 0; i < count; ++i) to[i] = reduce_row<Op, T>(p + i * stride, n);
}

template <class Op, class T>
void columns(void* acc, const void* const* in, int64_t width) {
  T* __restrict to = static_cast<T*>(acc);
  const T* p[kReduceGroup];
  for (int64_t k = 0; k < kReduceGroup; ++k) p[k] = static_cast<const T*>(in[k]);
  int64_t j = 0;
  if constexpr (kFloating<T>) {
    using V = Vec<T>;
    for (; j + V::size <= width; j += V::size)
      Op::combine(V::load(to + j),
                  tree<Op>(Op::map(V::load(p[0] + j)), Op::map(V::load(p[1] + j)), Op::map(V::load(p[2] + j)),
                           Op::map(V::load(p[3] + j)), Op::map(V::load(p[4] + j)), Op::map(V::load(p[5] + j)),
                           Op::map(V::load(p[6] + j)), Op::map(V::load(p[7] + j))))
          .store(to + j);
  }
  for (; j < width; ++j)
    to[j] = Op::combine(to[j],
                        tree<Op, T>(Op::map(p[0][j]), Op::map(p[1][j]), Op::map(p[2][j]), Op::map(p[3][j]),
                                    Op::map(p[4][j]), Op::map(p[5][j]), Op::map(p[6][j]), Op::map(p[7][j])));
}

template <class Op, class T>
void merge(void* acc, const void* other, int64_t width) {
  T* __restrict to = static_cast<T*>(acc);
  const T* __restrict p = static_cast<const T*>(other);
  for (int64_t j = 0; j < width; ++j) to[j] = Op::combine(to[j], p[j]);
}

template <class Op, class T>
void clear(void* acc, int64_t width) {
  T* to = static_cast<T*>(acc);
  for (int64_t j = 0; j < width; ++j) to[j] = Op::template identity<T>();
}

// ---- positions of extremes
// ---------------------------------------------------------------------------------------------

template <class Op, class T>
XGRAD_SIMD_INLINE bool is_better(T value, T best) {
  // Equal elements keep the first one, and nothing is better than NaN.
  return best == best && Op::combine(best, value) != best;
}

template <class Op, class T>
int64_t first(const void* in, int64_t n, const void* best_before) {
  const T* p = static_cast<const T*>(in);
  const T* before = static_cast<const T*>(best_before);
  int64_t at = 0;
  if (n <= 2 * kLanes<T>) {
    for (int64_t i = 1; i < n; ++i)
      if (is_better<Op>(p[i], p[at])) at = i;
    return before && !is_better<Op>(p[at], *before) ? -1 : at;
  }
  const T best = reduce_row<Op, T>(p, n);
  if (before && !is_better<Op>(best, *before)) return -1;
  if constexpr (kFloating<T>) {
    using V = Vec<T>;
    for (; at + V::size <= n; at += V::size) {
      const V x = V::load(p + at);
      if (any((x == V(best)) | isnan(x))) break;
    }
  }
  while (p[at] != best && p[at] == p[at]) ++at;
  return at;
}

template <class Op, class T>
bool better(const void* value, const void* best) {
  return is_better<Op>(*static_cast<const T*>(value), *static_cast<const T*>(best));
}

template <class Op, class T, class Position>
void index_columns(void* best, void* at, const void* row, int64_t position, int64_t width) {
  T* to = static_cast<T*>(best);
  T* at_bits = static_cast<T*>(at);
  const T* p = static_cast<const T*>(row);
  // Positions travel through registers of T as the bits they are.
  static_assert(sizeof(Position) == sizeof(T));
  const Position here = static_cast<Position>(position);
  int64_t j = 0;
  if constexpr (kFloating<T>) {
    using V = Vec<T>;
    T spread[V::size];
    for (int k = 0; k < V::size; ++k) __builtin_memcpy(spread + k, &here, sizeof here);
    const V now = V::load(spread);
    for (; j + V::size <= width; j += V::size) {
      const V b = V::load(to + j), x = V::load(p + j);
      const Mask<T> wins = (b == b) & (Op::combine(b, x) != b);
      where(wins, x, b).store(to + j);
      where(wins, now, V::load(at_bits + j)).store(at_bits + j);
    }
  }
  for (; j < width; ++j)
    if (is_better<Op>(p[j], to[j])) {
      to[j] = p[j];
      __builtin_memcpy(at_bits + j, &here, sizeof here);
    }
}

template <class Op, class T>
constexpr ReduceLoops loops() {
  return {&rows<Op, T>, &columns<Op, T>, &merge<Op, T>, &clear<Op, T>};
}
template <class Op, class T, class Position>
constexpr IndexLoops index_loops() {
  return {&first<Op, T>, &better<Op, T>, &index_columns<Op, T, Position>};
}

}  // namespace

// Unsigned sums and products wrap around like signed ones, without being undefined.
extern const ReduceTable reduce_table = {
    {{loops<Sum, float>(), loops<Sum, double>(), loops<Sum, uint64_t>(), {}},
     {loops<Prod, float>(), loops<Prod, double>(), loops<Prod, uint64_t>(), {}},
     {loops<Max, float>(), loops<Max, double>(), loops<Max, int64_t>(), {}},
     {loops<Min, float>(), loops<Min, double>(), loops<Min, int64_t>(), {}},
     {{}, {}, {}, loops<Any, uint8_t>()},
     {{}, {}, {}, loops<All, uint8_t>()},
     {loops<SumOfSquares, float>(), loops<SumOfSquares, double>(), loops<SumOfSquares, uint64_t>(), {}}},
    {index_loops<Max, float, int32_t>(),
     index_loops<Max, double, int64_t>(),
     index_loops<Max, int64_t, int64_t>(),
     {}},
    {index_loops<Min, float, int32_t>(),
     index_loops<Min, double, int64_t>(),
     index_loops<Min, int64_t, int64_t>(),
     {}}};

}  // namespace xgrad::kernels::XGRAD_ISA
