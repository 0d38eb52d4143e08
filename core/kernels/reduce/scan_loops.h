// The inner loops of scans: formulas read over the registers of the baseline instruction set, since most of
// a scan waits for the element before. Included by the file of the formulas only.
#pragma once

#include <new>

#include <xgrad/core/kernels/reduce/scan.h>
#include <xgrad/core/kernels/reduce/state.h>

namespace xgrad::kernels::XGRAD_ISA {

// Of elements of type E, computing in T.
template <class F, class T, class E>
class ScanLoop {
  template <class V>
  using State = ReduceState<F, V>;
  // One value; where that takes functions, lane 0 of whole registers.
  using One = std::conditional_t<kFloating<T> && !F::compact && !F::indexed, Single<T>, Vec<T>>;
  // The element that a formula picks, as it is.
  struct Picked {
    E element;
    int64_t at;
  };
  using LineState = std::conditional_t<F::indexed, Picked, State<One>>;
  static_assert(sizeof(LineState) <= sizeof(ScanLine::state));
  // Where doubles have room for what floats add up to, in whatever order.
  static constexpr bool kGrouped = sizeof(E) < sizeof(T) && kFloating<T> && !F::indexed && !F::compact;
  static constexpr int64_t kShort = 16;
  struct Places {
    explicit Places(const ScanLine& l)
        : first(static_cast<const E*>(l.in[0])),
          second(static_cast<const E*>(l.in[F::inputs - 1])),
          to(static_cast<E*>(l.results[0])),
          place(static_cast<int64_t*>(l.results[F::results - 1])) {}
    const E *first, *second;
    E* to;
    int64_t* place;

    void advance(const int64_t* steps) {
      first = part_at(first, 1, steps[0]);
      second = part_at(second, 1, steps[F::inputs - 1]);
      to = part_at(to, 1, steps[2]);
      place = part_at(place, 1, steps[F::results + 1]);
    }
  };

 public:
  // Elements of lines that are walked together: each computes while the others wait for theirs before.
  template <int... l>
  static void parts(const void* formula, ScanLine* line, int64_t n, int64_t at) {
    const F& f = *static_cast<const F*>(formula);
    LineState s[] = {(at == 0 ? before(f) : *reinterpret_cast<const LineState*>(line[l].state))...};
    const Places p[] = {Places(line[l])...};
    for (int64_t i = 0; i < n; ++i) (next(f, s[l], p[l], i, at), ...);
    (new (line[l].state) LineState(s[l]), ...);
  }

  static void lines(const void* formula, const ScanLine& first, const int64_t* steps, int64_t count,
                    int64_t n) {
    const F& f = *static_cast<const F*>(formula);
    int64_t c = 0;
    for (; n > kShort && count - c >= 4; c += 4) {
      ScanLine four[] = {first.after(c, steps), first.after(c + 1, steps), first.after(c + 2, steps),
                         first.after(c + 3, steps)};
      parts<0, 1, 2, 3>(formula, four, n, 0);
    }
    Places p(first.after(c, steps));
    for (; c < count; ++c, p.advance(steps)) {  // the next short line begins before this one is done
      LineState s = before(f);
      int64_t i = 0;
      if constexpr (kGrouped)
        for (; n - i >= 4; i += 4) s = four(f, s, p, i);
      for (; i < n; ++i) next(f, s, p, i, 0);
    }
  }

  static void step(const void* formula, void* results, const void* in, void* states, int64_t pitch, int64_t n,
                   int64_t at) {
    using V = Vec<T>;
    const F& f = *static_cast<const F*>(formula);
    const T* from = static_cast<const T*>(in);
    T *to = static_cast<T*>(results), *state = static_cast<T*>(states);
    for (int64_t j = 0; j < n; j += V::size) {
      const int part = n - j < V::size ? static_cast<int>(n - j) : V::size;
      const State<V> s =
          f.combine(loaded<State<V>, V>(state + j, pitch, part), elements<V>(f, from + j, pitch, at, part));
      stored<V>(s, state + j, pitch, part);
      stored<V>(finished<V>(f, s), to + j, pitch, part);
    }
  }

  static void clear(const void* formula, void* states, int64_t pitch, int64_t n) {
    const F& f = *static_cast<const F*>(formula);
    for (int64_t j = 0; j < n; ++j)
      store_state<Vec<T>>(nothing<State<Vec<T>>, Vec<T>>(f), static_cast<T*>(states) + j, pitch, 1);
  }

 private:
  static LineState before([[maybe_unused]] const F& f) {
    if constexpr (F::indexed)
      return {F::template worst<Vec<E>>(), 0};
    else
      return nothing<State<One>, One>(f);
  }
  static XGRAD_SIMD_INLINE void next(const F& f, LineState& s, const Places& p, int64_t i,
                                     [[maybe_unused]] int64_t at) {
    if constexpr (F::indexed) {
      // A new best is rare: a branch that is foreseen costs less than waiting for the comparison before.
      if (__builtin_expect(f.wins(p.first[i], s.element), 0)) s = {p.first[i], at + i};
      p.to[i] = s.element;
      p.place[i] = s.at;
    } else {
      s = f.combine(s, element(f, p, i));
      put(f, s, p.to + i);
    }
  }
  static XGRAD_SIMD_INLINE auto element(const F& f, const Places& p, int64_t i) {
    const One x(static_cast<T>(p.first[i]));
    return mapped<One>(f, {x, F::inputs == 1 ? x : One(static_cast<T>(p.second[i]))}, 0);
  }
  static XGRAD_SIMD_INLINE void put(const F& f, const State<One>& s, E* to) {
    T lanes[One::size];
    finished<One>(f, s).store(lanes);
    *to = static_cast<E>(lanes[0]);
  }
  // Four elements that wait for those before only once; the state after them.
  static XGRAD_SIMD_INLINE LineState four(const F& f, const LineState& s, const Places& p, int64_t i) {
    const State<One> a = element(f, p, i), ab = f.combine(a, element(f, p, i + 1)), c = element(f, p, i + 2),
                     abc = f.combine(ab, c), all = f.combine(ab, f.combine(c, element(f, p, i + 3))),
                     after = f.combine(s, all);
    put(f, f.combine(s, a), p.to + i);
    put(f, f.combine(s, ab), p.to + i + 1);
    put(f, f.combine(s, abc), p.to + i + 2);
    put(f, after, p.to + i + 3);
    return after;
  }
  template <class S, class V>
  static XGRAD_SIMD_INLINE S loaded(const T* p, int64_t pitch, int part) {
    return part < V::size ? load_state<S, V>(p, pitch, part) : load_state<S, V>(p, pitch);
  }
  template <class V, class S>
  static XGRAD_SIMD_INLINE void stored(const S& s, T* p, int64_t pitch, int part) {
    part < V::size ? store_state<V>(s, p, pitch, part) : store_state<V>(s, p, pitch);
  }
  // One input is an element at a position, several are the arguments of `map`.
  template <class V>
  static XGRAD_SIMD_INLINE auto mapped(const F& f, const Two<V>& in, int64_t at) {
    if constexpr (F::inputs == 1)
      return mapped_state(f, in.first, V(at));
    else
      return f.map(in.first, in.second);
  }
  template <class V>
  static XGRAD_SIMD_INLINE auto elements(const F& f, const T* p, int64_t pitch, int64_t at, int part) {
    const V first = loaded<V, V>(p, pitch, part);
    return mapped<V>(f, {first, F::inputs == 1 ? first : loaded<V, V>(part_at(p, 1, pitch), pitch, part)},
                     at);
  }
  template <class V>
  static XGRAD_SIMD_INLINE auto finished(const F& f, const State<V>& s) {
    if constexpr (requires { f.finish(s); })
      return f.finish(s);
    else
      return s;
  }
};

template <class F, class T, class E>
constexpr ScanLoops scan_loops() {
  using L = ScanLoop<F, T, E>;
  using States = ScanLoop<F, T, T>;  // which do not ask where they come from
  return {&L::lines, &L::template parts<0>, &L::template parts<0, 1, 2, 3>, &States::step, &States::clear};
}

template <class F>
constexpr ScanKernels scan_kernels() {
  ScanKernels k{{}, F::inputs, F::results, F::compact};
  k.loops[kReduceFloat] = scan_loops<F, double, float>();
  k.loops[kReduceDouble] = scan_loops<F, double, double>();
  if constexpr (F::accumulate != Accumulate::floating)
    k.loops[kReduceLong] = scan_loops<F, int64_t, int64_t>();
  if constexpr (F::indexed) {
    k.loops[kReduceInt] = scan_loops<F, int64_t, int32_t>();
    k.loops[kReduceShort] = scan_loops<F, int64_t, int16_t>();
    k.loops[kReduceChar] = scan_loops<F, int64_t, int8_t>();
    k.loops[kReduceByte] = k.loops[kReduceTruth] = scan_loops<F, int64_t, uint8_t>();
  }
  return k;
}

}  // namespace xgrad::kernels::XGRAD_ISA
