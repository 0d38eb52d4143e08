// The table of conversions: one loop per pair of dtypes that differ in more than their name. No layout beyond
// a stride, no threads: copy.cpp and the executors cut arrays into runs.
#include <xgrad/core/kernels/copy/convert.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/is_half.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {
namespace {

template <class T>
constexpr bool kIsInteger = std::is_integral_v<T>;

// What cvttss2si and its kin do: no undefined behaviour, and the smallest value for NaN and whatever does not
// fit. Clamping before the conversion keeps the loop free of branches.
template <class I, class F>
I truncate(F value) {
  constexpr F low = sizeof(I) == 8 ? F(-9223372036854775808.0) : F(-2147483648.0);
  return static_cast<I>(value >= low && value < -low ? value : low);
}

template <class D, class S>
D cast(S value) {
  if constexpr (is_half<S> && std::is_same_v<D, bool>)
    return (value.x & 0x7fff) != 0;
  else if constexpr (is_half<S>)
    return cast<D>(static_cast<float>(value));
  else if constexpr (std::is_same_v<D, bool> && std::is_same_v<S, double>) {
    // Without the sign, as halves: of doubles that are compared the compiler makes no registers.
    const auto bits = __builtin_bit_cast(uint64_t, value);
    return ((static_cast<uint32_t>(bits >> 32) << 1) | static_cast<uint32_t>(bits)) != 0;
  } else if constexpr (std::is_same_v<D, bool>)
    return value != S(0);
  else if constexpr (kIsInteger<D> && !kIsInteger<S>) {
    // The low byte of a float beyond 32 bits is zero, as it is of the number that stands for what does not
    // fit.
    constexpr bool wide = sizeof(D) == 8 || (std::is_same_v<D, uint8_t> && sizeof(S) == 8);
    using Wide = std::conditional_t<wide, int64_t, int32_t>;
    return static_cast<D>(truncate<Wide>(value));
  } else if constexpr (std::is_same_v<D, Half> || std::is_same_v<D, BFloat16>)
    return D(static_cast<float>(value));
  else
    return static_cast<D>(value);
}

// The loop for runs of these types that is compiled for the instruction set, if there is one.
template <class D, class S>
constexpr auto wide_loop() {
  if constexpr (std::is_same_v<D, float> && std::is_same_v<S, Half>)
    return &KernelTable::half_to_float;
  else if constexpr (std::is_same_v<D, Half> && std::is_same_v<S, float>)
    return &KernelTable::float_to_half;
  else if constexpr (std::is_same_v<D, float> && std::is_same_v<S, BFloat16>)
    return &KernelTable::bfloat16_to_float;
  else if constexpr (std::is_same_v<D, BFloat16> && std::is_same_v<S, float>)
    return &KernelTable::float_to_bfloat16;
  else if constexpr (std::is_same_v<D, int64_t> && std::is_same_v<S, float>)
    return &KernelTable::float_to_long;
  else if constexpr (std::is_same_v<D, int64_t> && std::is_same_v<S, double>)
    return &KernelTable::double_to_long;
  else
    return nullptr;
}
template <class T>
using LoopElement = std::conditional_t<is_half<T>, uint16_t, T>;

template <class D, class S>
void run(void* dst, int64_t dst_stride, const void* src, int64_t src_stride, int64_t n);

// As `cast` does, a few at a time: for 16-bit floating numbers alone there are loops.
template <class D, class S>
void by_way_of_floats(D* d, const S* s, int64_t n) {
  constexpr int64_t most = 512;
  float floats[most];
  for (int64_t i = 0; i < n; i += most) {
    const int64_t part = std::min(most, n - i);
    run<float, S>(floats, 1, s + i, 1, part);
    run<D, float>(d + i, 1, floats, 1, part);
  }
}

template <class D, class S>
void run(void* dst, int64_t dst_stride, const void* src, int64_t src_stride, int64_t n) {
  auto* __restrict d = static_cast<D*>(dst);
  const auto* __restrict s = static_cast<const S*>(src);
  if (dst_stride == 1 && src_stride == 1) {
    if constexpr (std::is_same_v<D, S>)
      std::copy(s, s + n, d);  // of nothing, both may be null
    else if constexpr (constexpr auto loop = wide_loop<D, S>(); loop != nullptr)
      (kernel_table().*loop)(static_cast<LoopElement<D>*>(dst), static_cast<const LoopElement<S>*>(src), n);
    else if constexpr ((is_half<S> && !std::is_same_v<D, bool>) || is_half<D>)
      by_way_of_floats(d, s, n);
    else
      for (int64_t i = 0; i < n; ++i) d[i] = cast<D>(s[i]);
  } else if (dst_stride == 1 && src_stride == 0 && n > 0) {
    std::fill_n(d, n, cast<D>(*s));
  } else {
    if constexpr (std::is_same_v<D, S>)
      if (dst_stride == 1 && src_stride == 2) return every_second(d, s, n);
    for (int64_t i = 0; i < n; ++i) d[i * dst_stride] = cast<D>(s[i * src_stride]);
  }
}

// A copy looks at bytes only, and an integer cut to eight bits is the same signed or not.
template <class T>
using Bits = std::conditional_t<
    sizeof(T) == 1, uint8_t,
    std::conditional_t<sizeof(T) == 2, uint16_t, std::conditional_t<sizeof(T) == 4, uint32_t, uint64_t>>>;

template <class D, class S>
constexpr ConvertFn choose() {
  using Source = std::conditional_t<std::is_same_v<S, bool>, uint8_t, S>;
  if constexpr (std::is_same_v<D, S>)
    return &run<Bits<D>, Bits<D>>;
  else if constexpr (std::is_same_v<D, int8_t> && kIsInteger<S>)
    return &run<uint8_t, Source>;
  else
    return &run<D, Source>;
}

using Row = std::array<ConvertFn, kDtypeCount>;

template <class D, class... S>
constexpr Row row(TypeList<S...>) {
  return {choose<D, S>()...};
}
template <class... D>
constexpr std::array<Row, kDtypeCount> table(TypeList<D...> types) {
  return {row<D>(types)...};
}
constexpr std::array<Row, kDtypeCount> kTable = table(AnyType{});

std::size_t position(ScalarType t) { return static_cast<std::size_t>(dtype_info(t).index); }

}  // namespace

ConvertFn converter(ScalarType dst, ScalarType src) { return kTable[position(dst)][position(src)]; }

}  // namespace xgrad::kernels
