// The table of conversions: one loop per pair of dtypes that differ in more than their name. No layout beyond
// a stride, no threads: copy.cpp and the executors cut arrays into runs.
#include <xgrad/core/kernels/copy/convert.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <type_traits>

#include <xgrad/core/kernels/copy/convert_element.h>
#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {
namespace {

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
    else if constexpr (constexpr int place = wide_conversion<D, S>; place >= 0)
      kernel_table().conversions[place](dst, src, n);
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
