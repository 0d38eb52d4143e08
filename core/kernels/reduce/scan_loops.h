// The inner loops of scans: formulas read over the registers of the baseline instruction set, since most of
// a scan waits for the element before. Included by the file of the formulas only.
#pragma once

#include <xgrad/core/kernels/reduce/scan.h>
#include <xgrad/core/kernels/reduce/state.h>

namespace xgrad::kernels::XGRAD_ISA {

template <class F, class T>
class ScanLoop {
  template <class V>
  using State = ReduceState<F, V>;
  // One value; of an aggregate, lane 0 of whole registers.
  using One = std::conditional_t<state_parts<State<Vec<T>>, Vec<T>> == 1 && kFloating<T>, Single<T>, Vec<T>>;

 public:
  template <int... l>
  static void lines(const void* formula, void* results, const void* in, void* state, int64_t pitch,
                    int64_t apart, int64_t n, int64_t at) {
    const F& f = *static_cast<const F*>(formula);
    State<One> s[] = {
        load_state<State<One>, One>(part_at(static_cast<const T*>(state), l, apart), pitch, 1)...};
    const T* const from[] = {part_at(static_cast<const T*>(in), l, apart)...};
    T* const to[] = {part_at(static_cast<T*>(results), l, apart)...};
    for (int64_t i = 0; i < n; ++i) (next(f, s[l], from[l] + i, to[l] + i, pitch, at + i), ...);
    (store_state<One>(s[l], part_at(static_cast<T*>(state), l, apart), pitch, 1), ...);
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
      store_state<One>(nothing<State<One>, One>(f), static_cast<T*>(states) + j, pitch, 1);
  }

 private:
  static XGRAD_SIMD_INLINE void next(const F& f, State<One>& s, const T* from, T* to, int64_t pitch,
                                     int64_t at) {
    s = f.combine(s, element(f, from, pitch, at));
    put(finished<One>(f, s), to, pitch);
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
  static XGRAD_SIMD_INLINE auto element(const F& f, const T* p, int64_t pitch, int64_t at) {
    return mapped<One>(f, {One(*p), One(F::inputs == 1 ? T(0) : *part_at(p, 1, pitch))}, at);
  }
  template <class V>
  static XGRAD_SIMD_INLINE auto elements(const F& f, const T* p, int64_t pitch, int64_t at, int part) {
    const V first = loaded<V, V>(p, pitch, part);
    return mapped<V>(f, {first, F::inputs == 1 ? first : loaded<V, V>(part_at(p, 1, pitch), pitch, part)},
                     at);
  }
  template <class R>
  static XGRAD_SIMD_INLINE void put(const R& result, T* to, int64_t pitch) {
    for_each_part<R, One>([&](auto i) XGRAD_SIMD_LAMBDA {
      T lanes[One::size];
      part<i, One>(result).store(lanes);
      *part_at(to, i, pitch) = lanes[0];
    });
  }
  template <class V>
  static XGRAD_SIMD_INLINE auto finished(const F& f, const State<V>& s) {
    if constexpr (requires { f.finish(s); })
      return f.finish(s);
    else
      return s;
  }
};

template <class F, class T>
constexpr ScanLoops scan_loops() {
  using L = ScanLoop<F, T>;
  return {&L::template lines<0>, &L::template lines<0, 1, 2, 3>, &L::step, &L::clear};
}

template <class F>
constexpr ScanKernels scan_kernels() {
  ScanKernels k{scan_loops<F, double>(), {}, F::inputs, F::results};
  if constexpr (F::accumulate != Accumulate::floating) k.integer = scan_loops<F, int64_t>();
  return k;
}

}  // namespace xgrad::kernels::XGRAD_ISA
