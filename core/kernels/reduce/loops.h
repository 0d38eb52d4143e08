// The inner loops of reductions: formulas read over SIMD registers. Included by the file of the formulas in
// its kernel builds only, once per instruction set. For floating types a row of memory is 64 bytes on every
// machine, eight rows are combined as a tree, eight such groups make a block, and blocks are combined
// pairwise: the order of the additions is fixed, so sums have the same bits everywhere. No layout, no
// threads, no inline function of others.
#pragma once

#include <type_traits>
#include <utility>

#include <xgrad/core/kernels/is_half.h>
#include <xgrad/core/kernels/reduce/integers.h>
#include <xgrad/core/kernels/reduce/reduce_table.h>
#include <xgrad/core/kernels/reduce/state.h>

namespace xgrad::kernels::XGRAD_ISA {

/// The loops of formula F over elements of type T, accumulated in A.
template <class F, class T, class A = T>
class ReduceLoop {
  // Integers that are converted are left to the compiler, one by one.
  using V = std::conditional_t<kFloating<A> || !std::is_same_v<T, A>, Vec<A>, Integers<A>>;
  using S = ReduceState<F, V>;
  static constexpr int kParts = state_parts<S, V>;
  // One value of a state. An aggregate is folded and joined in whole registers, of which lane 0 counts.
  using One = std::conditional_t<kParts == 1 && kFloating<A>, Single<A>, Vec<A>>;
  using OneState = ReduceState<F, One>;

  static constexpr int64_t kLanes = 64 / static_cast<int64_t>(sizeof(A));
  static constexpr int64_t kBlock = kReduceBlock / static_cast<int64_t>(kFloating<A> ? sizeof(A) : sizeof(T));
  static constexpr int64_t kRegisters = kLanes / V::size;

 public:
  // `row` of the values, for `pick`.
  template <class, class, class>
  friend class ReduceLoop;

  XGRAD_SIMD_FLATTEN XGRAD_SIMD_NOINLINE static void rows(const void* formula, void* states, int64_t pitch,
                                                          const void* in, int64_t stride, int64_t count,
                                                          int64_t n, int64_t at) {
    const F& f = *static_cast<const F*>(formula);
    const T* p = static_cast<const T*>(in);
    for (int64_t i = 0; i < count; ++i) store_first(row(f, p + i * stride, n, at), place(states, i), pitch);
  }

  XGRAD_SIMD_FLATTEN static void columns(const void* formula, void* states, int64_t pitch,
                                         const void* const* in, int64_t count, int64_t width, int64_t at) {
    const F& f = *static_cast<const F*>(formula);
    int64_t j = 0;
    if (count == kReduceGroup) {
      A* __restrict to = static_cast<A*>(states);
      const T* p[kReduceGroup];
      for (int64_t k = 0; k < kReduceGroup; ++k) p[k] = static_cast<const T*>(in[k]);
      for (; j + V::size <= width; j += V::size) {
        const auto x = [&](int64_t k) XGRAD_SIMD_LAMBDA { return load(p[k] + j); };
        store_state<V>(joined(f, load_state<S, V>(to + j, pitch), group(f, x, kReduceGroup, at)), to + j,
                       pitch);
      }
    }
    if (j < width) some_columns(f, states, pitch, in, count, j, width, at);
  }

  XGRAD_SIMD_FLATTEN static void merge(const void* formula, void* states, const void* later, int64_t pitch,
                                       int64_t width) {
    const F& f = *static_cast<const F*>(formula);
    A* __restrict to = static_cast<A*>(states);
    const A* __restrict p = static_cast<const A*>(later);
    int64_t j = 0;
    for (; j + V::size <= width; j += V::size)
      store_state<V>(joined(f, load_state<S, V>(to + j, pitch), load_state<S, V>(p + j, pitch)), to + j,
                     pitch);
    if (j < width) {
      const int rest = static_cast<int>(width - j);
      store_state<V>(joined(f, load_state<S, V>(to + j, pitch, rest), load_state<S, V>(p + j, pitch, rest)),
                     to + j, pitch, rest);
    }
  }

  static void clear(const void* formula, void* states, int64_t pitch, int64_t width) {
    const F& f = *static_cast<const F*>(formula);
    for (int64_t j = 0; j < width; ++j) store_first(nothing<OneState, One>(f), place(states, j), pitch);
  }

 private:
  template <class Any>
  static XGRAD_SIMD_INLINE Any joined(const F& f, const Any& a, const Any& b) {
    if constexpr (F::compact)
      return joined_by_call(f, a, b);
    else
      return f.combine(a, b);
  }
  template <class Any>
  XGRAD_SIMD_FLATTEN XGRAD_SIMD_NOINLINE static Any joined_by_call(const F& f, const Any& a, const Any& b) {
    return f.combine(a, b);
  }
  static XGRAD_SIMD_INLINE S mapped(const F& f, V x, V at = 0) {
    if constexpr (F::compact && maps_elements<F, V>)
      return mapped_by_call(f, x, at);
    else
      return mapped_state(f, x, at);
  }
  XGRAD_SIMD_FLATTEN XGRAD_SIMD_NOINLINE static S mapped_by_call(const F& f, V x, V at) {
    return mapped_state(f, x, at);
  }

  static XGRAD_SIMD_INLINE A* place(void* states, int64_t i) { return static_cast<A*>(states) + i; }

  static XGRAD_SIMD_INLINE V load(const T* p) {
    if constexpr (std::is_same_v<T, A>) return V::load(p);
#if defined(XGRAD_SIMD_HALF)
    else if constexpr (is_half<T>)
      return V(raw::load_16_bits<std::is_same_v<T, Half>>(reinterpret_cast<const uint16_t*>(p)));
#endif
    else
      return V(*p);
  }
  static XGRAD_SIMD_INLINE V load(const T* p, int n) {
    if constexpr (std::is_same_v<T, A>) {
      return V::load_partial(p, n);
    } else if constexpr (is_half<T>) {
      uint16_t lanes[V::size] = {};
      memcpy(lanes, p, static_cast<std::size_t>(n) * sizeof(T));
      return load(reinterpret_cast<const T*>(lanes));
    } else {
      return load(p);
    }
  }

  static XGRAD_SIMD_INLINE void store_first(const OneState& s, A* p, int64_t pitch) {
    if constexpr (kFloating<A> && kParts > 1)
      store_state<One>(s, p, pitch, 1);
    else
      store_state<One>(s, p, pitch);
  }

  template <class Any>
  static XGRAD_SIMD_INLINE Any tree(const F& f, const Any& a, const Any& b, const Any& c, const Any& d,
                                    const Any& e, const Any& g, const Any& h, const Any& i) {
    return joined(f, joined(f, joined(f, a, b), joined(f, c, d)),
                  joined(f, joined(f, e, g), joined(f, h, i)));
  }

  // The state of x(0) ... x(count - 1), of a group of rows or fewer.
  static XGRAD_SIMD_INLINE S group(const F& f, const auto& x, int64_t count, int64_t at) {
    if constexpr (requires { typename F::template Terms<V>; }) {
      using Terms = typename F::template Terms<V>;
      const V value = ReduceLoop<typename F::values, T, A>::group({}, x, count, at);
      return {value, ReduceLoop<Terms, T, A>::group({{}, value}, x, count, at)};
    } else {
      const auto v = [&](int64_t k) XGRAD_SIMD_LAMBDA {
        return k < count ? mapped(f, x(k), V(at + k)) : nothing<S, V>(f);
      };
      return tree(f, v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(7));
    }
  }

  // Columns begin ... end, of fewer rows than a group or not filling a register.
  XGRAD_SIMD_FLATTEN XGRAD_SIMD_NOINLINE static void some_columns(const F& f, void* states, int64_t pitch,
                                                                  const void* const* in, int64_t count,
                                                                  int64_t begin, int64_t end, int64_t at) {
    for (int64_t j = begin; j < end; j += V::size) {
      const int part = end - j < V::size ? static_cast<int>(end - j) : V::size;
      const auto x = [&](int64_t k) XGRAD_SIMD_LAMBDA {
        const T* p = static_cast<const T*>(in[k]) + j;
        return part < V::size ? load(p, part) : load(p);
      };
      S sum;
      if constexpr (!kFloating<A>) {
        sum = nothing<S, V>(f);
        for (int64_t k = 0; k < count; ++k) sum = joined(f, sum, mapped(f, x(k), V(at + k)));
      } else {
        sum = group(f, x, count, at);
      }
      A* to = static_cast<A*>(states) + j;
      if (part < V::size)
        store_state<V>(joined(f, load_state<S, V>(to, pitch, part), sum), to, pitch, part);
      else
        store_state<V>(joined(f, load_state<S, V>(to, pitch), sum), to, pitch);
    }
  }

  // ---- one row
  // ----------------------------------------------------------------------------------------------

  static XGRAD_SIMD_INLINE OneState row(const F& f, const T* p, int64_t n, [[maybe_unused]] int64_t at) {
    if constexpr (F::indexed) {
      return pick(f, p, n, at);
    } else if constexpr (kFloating<A>) {
      if constexpr (kParts == 1 && !maps_elements<F, V> && !is_half<T>)
        if (n <= 4) return few(f, p, n);
      return n <= kBlock ? block(f, p, n) : pairwise(f, p, n);
    } else {
      return integers(f, p, n);
    }
  }

  // Any order gives the same bits.
  static XGRAD_SIMD_INLINE OneState integers(const F& f, const T* p, int64_t n) {
#if defined(__GNUC__)
    if constexpr (V::size > 1)
      if (n >= V::size) return registers(f, p, n);
#endif
    OneState all = nothing<OneState, One>(f);
    for (int64_t i = 0; i < n; ++i) {
#if defined(__GNUC__)
      if (V::size > 1) asm volatile("");  // so few are not worth registers of another width
#endif
      all = joined(f, all, mapped_state(f, One(p[i])));
    }
    return all;
  }

  static XGRAD_SIMD_INLINE OneState registers(const F& f, const T* p, int64_t n) {
    constexpr int chains = 4, step = chains * V::size;
    S acc[chains];
    for (S& s : acc) s = nothing<S, V>(f);
    int64_t i = 0;
    for (; i + step <= n; i += step)
      for (int c = 0; c < chains; ++c) acc[c] = joined(f, acc[c], mapped(f, load(p + i + c * V::size)));
    for (; i + V::size <= n; i += V::size) acc[0] = joined(f, acc[0], mapped(f, load(p + i)));
    const int done = static_cast<int>(V::size + i - n);  // of the last register
    if (done < V::size)
      acc[1] =
          joined(f, acc[1], chosen<V>(V::from(done), mapped(f, load(p + n - V::size)), nothing<S, V>(f)));
    acc[0] = joined(f, joined(f, acc[0], acc[1]), joined(f, acc[2], acc[3]));
    constexpr int64_t pitch = V::size * sizeof(A);
    A lanes[kParts * V::size];
    store_state<V>(acc[0], lanes, pitch);
    const auto lane = [&](int k) XGRAD_SIMD_LAMBDA { return load_state<OneState, One>(lanes + k, pitch); };
    for (int half = V::size / 2; half > 0; half /= 2)
      for (int k = 0; k < half; ++k) store_state<One>(joined(f, lane(k), lane(k + half)), lanes + k, pitch);
    return lane(0);
  }

  static A value(const F& f, const T* p, int64_t n) {
    if constexpr (kFloating<A>) return row(f, p, n, 0).v;
    A value;
    rows(&f, &value, 0, p, 0, 1, n, 0);
    return value;
  }

  // What `block` gives for up to four elements. Combined with nothing first, as everything is: the sum of -0
  // is 0.
  static XGRAD_SIMD_INLINE OneState few(const F& f, const T* p, int64_t n) {
    const One a = joined(f, nothing<One, One>(f), One(p[0]));
    if (n == 1) return a;
    const One b(p[1]);
    if (n == 2) return joined(f, a, b);
    const One ac = joined(f, a, One(p[2]));
    return joined(f, ac, n == 3 ? b : joined(f, b, One(p[3])));
  }

  // The same tree where it may take its time, with nothing in the place of states that are not there.
  static XGRAD_SIMD_INLINE S tree(const F& f, S (&v)[kReduceGroup], int64_t count) {
    for (int64_t k = count; k < kReduceGroup; ++k) v[k] = nothing<S, V>(f);
    for (int64_t step = 1; step < kReduceGroup; step *= 2)
      for (int64_t k = 0; k < kReduceGroup; k += 2 * step) v[k] = joined(f, v[k], v[k + step]);
    return v[0];
  }

  // The first n elements at p, nothing in the other lanes; n may be 0 or less, or larger than a register.
  static XGRAD_SIMD_INLINE S up_to(const F& f, const T* p, int64_t n) {
    if (n >= V::size) return mapped(f, load(p));
    if (n <= 0) return nothing<S, V>(f);
    const int count = static_cast<int>(n);
    return first_lanes<S, V>(count, mapped(f, load(p, count)), nothing<S, V>(f));
  }

  XGRAD_SIMD_FLATTEN XGRAD_SIMD_NOINLINE static OneState block(const F& f, const T* p, int64_t n) {
    if constexpr (requires { typename F::template Terms<A>; }) {
      using Terms = typename F::template Terms<A>;
      const A value = ReduceLoop<typename F::values, T, A>::block({}, p, n).v;
      return {V(value), V(ReduceLoop<Terms, T, A>::block(Terms{{}, value}, p, n).v)};
    } else {
      return tree_of_rows(f, p, n);
    }
  }

  static XGRAD_SIMD_INLINE OneState tree_of_rows(const F& f, const T* p, int64_t n) {
    constexpr int64_t group = kReduceGroup * kLanes;
    S acc[kRegisters];
    for (int64_t r = 0; r < kRegisters; ++r) acc[r] = nothing<S, V>(f);
    if (n <= kLanes) {
      for (int64_t r = 0; r < kRegisters; ++r)
        acc[r] = joined(f, acc[r], up_to(f, p + r * V::size, n - r * V::size));
      return fold(f, acc);
    }
    for (; n >= group; n -= group, p += group)
      for (int64_t r = 0; r < kRegisters; ++r) {
        const T* q = p + r * V::size;
        const auto v = [&](int64_t k) XGRAD_SIMD_LAMBDA { return mapped(f, load(q + k * kLanes)); };
        acc[r] = joined(f, acc[r], tree(f, v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(7)));
      }
    for (int64_t r = 0; n > 0 && r < kRegisters; ++r) {
      const T* const q = p + r * V::size;
      const int64_t full = n / kLanes;
      if constexpr (F::compact) {
        S v[kReduceGroup];
        int64_t k = 0;
        for (int64_t i = r * V::size; i < n; ++k, i += kLanes) v[k] = up_to(f, p + i, n - i);
        acc[r] = joined(f, acc[r], tree(f, v, k));
      } else {
        const S last = up_to(f, q + full * kLanes, n - full * kLanes - r * V::size);
        const auto v = [&](int64_t k) XGRAD_SIMD_LAMBDA {
          return k < full ? mapped(f, load(q + k * kLanes)) : k == full ? last : nothing<S, V>(f);
        };
        acc[r] = joined(f, acc[r], tree(f, v(0), v(1), v(2), v(3), v(4), v(5), v(6), v(7)));
      }
    }
    return fold(f, acc);
  }

  // Reads memory once: a block is reduced, and searched for the position only when it holds something better
  // than the blocks before it.
  static XGRAD_SIMD_INLINE OneState pick(const F& f, const T* p, int64_t n, int64_t at) {
    const typename F::values values{};
    using Values = ReduceLoop<typename F::values, T, std::conditional_t<kFloating<A>, A, T>>;
    OneState best = nothing<OneState, One>(f);
    for (; n > 0; p += kBlock, n -= kBlock, at += kBlock) {
      const int64_t m = n < kBlock ? n : kBlock;
      const One value(Values::value(values, p, m));
      if (!any(f.better(value, best.first))) continue;
      best = f.map(value, One(at + find(value, p, m)));
    }
    return best;
  }

  // Where the first element equal to `value` stands, NaN being equal to NaN; there is one among the n.
  static XGRAD_SIMD_INLINE int64_t find(One value, const T* p, int64_t n) {
    int64_t i = 0;
    if constexpr (kFloating<A>) {
      for (;; i += V::size) {
        const V x = n - i >= V::size ? load(p + i) : load(p + i, static_cast<int>(n - i));
        const uint32_t lanes = raw::mask_bits<A>(((x == value) | isnan(x)).m);
        if (lanes != 0) return i + __builtin_ctz(lanes);
      }
    } else {
      while (p[i] != value.v) ++i;
      return i;
    }
  }

  // Lane i + lane i + half, again and again, over the lanes of all registers.
  static XGRAD_SIMD_INLINE OneState fold(const F& f, S* acc) {
    for (int64_t half = kRegisters / 2; half > 0; half /= 2)
      for (int64_t r = 0; r < half; ++r) acc[r] = joined(f, acc[r], acc[r + half]);
    fold_lanes<V::size / 2>(f, acc[0]);
    if constexpr (kParts == 1) {
      A lane[V::size];
      acc[0].store(lane);
      return One(lane[0]);
    } else {
      return acc[0];
    }
  }
  template <int half>
  static XGRAD_SIMD_INLINE void fold_lanes(const F& f, S& s) {
    if constexpr (half > 0) {
      s = joined(f, s, halves_swapped<half, V>(s));
      fold_lanes<half / 2>(f, s);
    }
  }

  // Blocks combined like the digits of a binary counter: a carry joins two sums of equally many blocks.
  XGRAD_SIMD_FLATTEN XGRAD_SIMD_NOINLINE static OneState pairwise(const F& f, const T* p, int64_t n) {
    OneState sums[64];
    int top = 0;
    for (int64_t done = 0; n > 0; p += kBlock, n -= kBlock) {
      OneState sum = block(f, p, n < kBlock ? n : kBlock);
      for (int64_t carry = done++; (carry & 1) != 0; carry >>= 1) sum = joined(f, sums[--top], sum);
      sums[top++] = sum;
    }
    OneState sum = sums[--top];
    while (top > 0) sum = joined(f, sums[--top], sum);
    return sum;
  }
};

/// results[j] = F::finish(states[j]).
template <class F, class A>
XGRAD_SIMD_FLATTEN void finish_states(const void* formula, void* results, const void* states, int64_t pitch,
                                      int64_t width) {
  using V = Vec<A>;
  using S = ReduceState<F, V>;
  const F& f = *static_cast<const F*>(formula);
  const A* from = static_cast<const A*>(states);
  A* to = static_cast<A*>(results);
  int64_t j = 0;
  for (; j + V::size <= width; j += V::size)
    store_state<V>(f.finish(load_state<S, V>(from + j, pitch)), to + j, pitch);
  if (j < width) {
    const int rest = static_cast<int>(width - j);
    store_state<V>(f.finish(load_state<S, V>(from + j, pitch, rest)), to + j, pitch, rest);
  }
}

template <class F, class T, class A = T>
constexpr ReduceLoops reduce_loops() {
  using L = ReduceLoop<typename detail::LoopsOf<F>::type, T, A>;
  using States = ReduceLoop<typename detail::LoopsOf<F>::type, A>;  // which do not ask where they come from
  ReduceLoops loops{&L::rows, &L::columns, &States::merge, &States::clear, nullptr};
  if constexpr (requires(const F& f, ReduceState<F, Vec<A>> s) { f.finish(s); })
    loops.finish = &finish_states<F, A>;
  return loops;
}

// Of short integers. Those of which a position is wanted are searched where they are and become int64 for
// columns.
template <class F, class T>
constexpr ReduceLoops short_loops() {
  if constexpr (F::indexed) {
    ReduceLoops loops = reduce_loops<F, int64_t>();
    loops.rows = &ReduceLoop<typename detail::LoopsOf<F>::type, T, int64_t>::rows;
    return loops;
  } else {
    return reduce_loops<F, T>();
  }
}

template <class F>
constexpr ReduceKernels reduce_kernels() {
  constexpr int parts = state_parts<ReduceState<F, Vec<double>>, Vec<double>>;
  static_assert(parts <= kReduceParts && F::results <= kReduceResults && F::results <= parts);
  ReduceKernels k{{}, F::accumulate, F::indexed, parts, F::results};
  if constexpr (F::rare && !XGRAD_ISA_IS_BASE) {
    // The table of the baseline has them.
  } else if constexpr (F::accumulate == Accumulate::truth) {
    k.loops[kReduceTruth] = k.loops[kReduceByte] = k.loops[kReduceChar] = reduce_loops<F, uint8_t>();
  } else if constexpr (F::accumulate == Accumulate::count) {
    k.loops[kReduceTruth] = reduce_loops<F, uint8_t, int64_t>();
    k.loops[kReduceInt] = reduce_loops<F, int32_t, int64_t>();
    k.loops[kReduceLong] = reduce_loops<F, int64_t>();
  } else {
    k.loops[kReduceFloat] = reduce_loops<F, float>();
    k.loops[kReduceDouble] = reduce_loops<F, double>();
#if defined(XGRAD_SIMD_HALF)
    if constexpr (!F::compact) {
      k.loops[kReduceHalf] = reduce_loops<F, Half, float>();
      k.loops[kReduceBFloat16] = reduce_loops<F, BFloat16, float>();
    }
#endif
    if constexpr (F::accumulate != Accumulate::floating) k.loops[kReduceLong] = reduce_loops<F, int64_t>();
    if constexpr (F::accumulate == Accumulate::input && !XGRAD_ISA_IS_BASE) {
      k.loops[kReduceInt] = short_loops<F, int32_t>();
      k.loops[kReduceShort] = short_loops<F, int16_t>();
      k.loops[kReduceChar] = short_loops<F, int8_t>();
      k.loops[kReduceByte] = k.loops[kReduceTruth] = short_loops<F, uint8_t>();
    }
  }
  return k;
}

/// The kernels of a list of formulas, in its order.
template <class List>
struct ReduceFamily;
template <class... F>
struct ReduceFamily<OpList<F...>> {
  static constexpr ReduceKernels kernels[] = {reduce_kernels<F>()...};
};

}  // namespace xgrad::kernels::XGRAD_ISA
