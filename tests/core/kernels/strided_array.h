// Arrays of any dtype and layout for the tests of the kernels, read and written element by element.
#pragma once

#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/isa.h>
#include <xgrad/core/types/half.h>

namespace xgrad::kernels::testing {

inline const std::vector<ScalarType> all_dtypes = {kByte, kChar,  kShort,  kInt,  kLong,
                                                   kHalf, kFloat, kDouble, kBool, kBFloat16};

/// The instruction sets this process may use.
inline std::vector<Isa> usable_isas() {
  std::vector<Isa> list;
  for (int i = 0; i <= static_cast<int>(isa()); ++i) list.push_back(static_cast<Isa>(i));
  return list;
}

/// Calls f with a value of the C++ type of t.
template <class F>
auto with_type(ScalarType t, F&& f) {
  switch (t) {
    case kByte:
      return f(uint8_t{});
    case kChar:
      return f(int8_t{});
    case kShort:
      return f(int16_t{});
    case kInt:
      return f(int32_t{});
    case kLong:
      return f(int64_t{});
    case kHalf:
      return f(Half{});
    case kFloat:
      return f(float{});
    case kBool:
      return f(bool{});
    case kBFloat16:
      return f(BFloat16{});
    default:
      return f(double{});
  }
}

/// What a number becomes as an element.
template <class T>
T number(double value) {
  if constexpr (std::is_same_v<T, Half> || std::is_same_v<T, BFloat16>)
    return T(static_cast<float>(value));
  else if constexpr (std::is_same_v<T, bool>)
    return value != 0;
  else if constexpr (std::is_same_v<T, uint8_t>)
    return static_cast<T>(static_cast<int64_t>(value));
  else
    return static_cast<T>(value);
}

/// How the elements lie in memory.
enum class ArrayLayout { contiguous, transposed, sliced, padded, expanded };
inline const std::vector<ArrayLayout> all_layouts = {ArrayLayout::contiguous, ArrayLayout::transposed,
                                                     ArrayLayout::sliced, ArrayLayout::padded,
                                                     ArrayLayout::expanded};

class StridedArray {
 public:
  std::vector<int64_t> sizes, strides;
  ScalarType dtype;

  StridedArray(ScalarType t, std::vector<int64_t> shape, ArrayLayout layout = ArrayLayout::contiguous)
      : sizes(std::move(shape)), strides(sizes.size()), dtype(t) {
    const std::size_t n = sizes.size();
    int64_t step = layout == ArrayLayout::sliced ? 2 : 1;
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t d = layout == ArrayLayout::transposed ? i : n - 1 - i;
      strides[d] = layout == ArrayLayout::expanded && i + 1 == n ? 0 : step;
      step *= sizes[d] + (layout == ArrayLayout::padded ? 3 : 0);
    }
    // Exactly what is needed, so that a sanitizer sees a step too far.
    int64_t last = 0;
    for (std::size_t d = 0; d < n; ++d) last += (sizes[d] - 1) * strides[d];
    memory_.resize(numel() == 0 ? 0 : static_cast<std::size_t>(last + 1) * element_size(t));
  }

  int64_t numel() const {
    int64_t n = 1;
    for (int64_t s : sizes) n *= s;
    return n;
  }
  ArrayView view() {
    return {memory_.data(), dtype, static_cast<int64_t>(sizes.size()), sizes.data(), strides.data()};
  }
  const std::vector<unsigned char>& bytes() const { return memory_; }

  /// Element i in row-major order.
  double get(int64_t i) const {
    return with_type(dtype, [&](auto zero) {
      decltype(zero) v;
      std::memcpy(&v, memory_.data() + place(i), sizeof v);
      return static_cast<double>(v);
    });
  }
  void set(int64_t i, double value) {
    with_type(dtype, [&](auto zero) {
      const auto v = number<decltype(zero)>(value);
      std::memcpy(memory_.data() + place(i), &v, sizeof v);
    });
  }
  template <class F>
  StridedArray& fill_with(F&& f) {
    for (int64_t i = 0; i < numel(); ++i) set(i, static_cast<double>(f(i)));
    return *this;
  }

 private:
  std::size_t place(int64_t i) const {
    int64_t offset = 0;
    for (std::size_t d = sizes.size(); d-- > 0;) {
      offset += i % sizes[d] * strides[d];
      i /= sizes[d];
    }
    return static_cast<std::size_t>(offset) * element_size(dtype);
  }
  std::vector<unsigned char> memory_;
};

/// Small numbers without a pattern, the same on every run.
inline int scrambled(int64_t i, int range) {
  return static_cast<int>((static_cast<uint64_t>(i) * 2654435761u >> 7) % static_cast<uint64_t>(range));
}

}  // namespace xgrad::kernels::testing
