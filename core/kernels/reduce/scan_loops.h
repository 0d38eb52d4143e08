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

 public:
  template <int... l>
  static void lines(const void* formula, ScanLine* line, int64_t n, int64_t at) {
    const F& f = *static_cast<const F*>(formula);
    LineState s[] = {(at == 0 ? before(f) : *reinterpret_cast<const LineState*>(line[l].state))...};
    const E* const first[] = {static_cast<const E*>(line[l].in[0])...};
    const E* const second[] = {static_cast<const E*>(line[l].in[F::inputs - 1])...};
    E* const to[] = {static_cast<E*>(line[l].results[0])...};
    int64_t* const place[] = {static_cast<int64_t*>(line[l].results[1])...};
    for (int64_t i = 0; i < n; ++i)
      if constexpr (F::indexed)
        (pick(f, s[l], first[l][i], at + i, to[l] + i, place[l] + i), ...);
      else
        (next(f, s[l], first[l] + i, second[l] + i, to[l] + i), ...);
    (new (line[l].state) LineState(s[l]), ...);
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
  // A new best is rare: a branch that is foreseen costs less than waiting for the comparison before.
  static XGRAD_SIMD_INLINE void pick(const F& f, Picked& s, E x, int64_t at, E* to, int64_t* place) {
    if (__builtin_expect(f.wins(x, s.element), 0)) s = {x, at};
    *to = s.element;
    *place = s.at;
  }
  static XGRAD_SIMD_INLINE void next(const F& f, State<One>& s, const E* first, const E* second, E* to) {
    const One x(static_cast<T>(*first));
    s = f.combine(s, mapped<One>(f, {x, F::inputs == 1 ? x : One(static_cast<T>(*second))}, 0));
    T lanes[One::size];
    finished<One>(f, s).store(lanes);
    *to = static_cast<E>(lanes[0]);
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
  return {&L::template lines<0>, &L::template lines<0, 1, 2, 3>, &States::step, &States::clear};
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
