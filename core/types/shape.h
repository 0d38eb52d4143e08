// Sizes and strides: a short list of integers kept inline up to six dimensions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <new>

#include <xgrad/core/types/array_ref.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

/// A list of integers without an allocation up to six of them.
class DimVector {
 public:
  static constexpr std::size_t kInline = 6;

  DimVector() = default;
  explicit DimVector(std::size_t n, int64_t value = 0) {
    if (n > capacity()) grow(n);
    size_ = static_cast<uint32_t>(n);
    fill_few(value, n, data());
  }
  DimVector(IntArrayRef list) { assign(list); }
  DimVector(std::initializer_list<int64_t> list) { assign(IntArrayRef(list.begin(), list.size())); }
  DimVector(const DimVector& o) { assign(o); }
  DimVector(DimVector&& o) noexcept { steal(o); }
  ~DimVector() { delete[] heap_; }
  DimVector& operator=(const DimVector& o) {
    if (this != &o) assign(o);
    return *this;
  }
  DimVector& operator=(DimVector&& o) noexcept {
    if (this != &o) {
      delete[] heap_;
      steal(o);
    }
    return *this;
  }
  DimVector& operator=(IntArrayRef list) {
    assign(list);
    return *this;
  }

  std::size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  int64_t* data() { return heap_ ? heap_ : inline_; }
  const int64_t* data() const { return heap_ ? heap_ : inline_; }
  int64_t* begin() { return data(); }
  int64_t* end() { return data() + size_; }
  const int64_t* begin() const { return data(); }
  const int64_t* end() const { return data() + size_; }
  int64_t& operator[](std::size_t i) { return data()[i]; }
  int64_t operator[](std::size_t i) const { return data()[i]; }
  int64_t& back() { return data()[size_ - 1]; }
  int64_t back() const { return data()[size_ - 1]; }
  operator IntArrayRef() const { return {data(), size_}; }

  void resize(std::size_t n) {
    if (n > capacity()) grow(n);
    if (n > size_) fill_few(0, n - size_, data() + size_);
    size_ = static_cast<uint32_t>(n);
  }
  void push_back(int64_t v) {
    if (size_ == capacity()) grow(2 * std::size_t{size_});
    data()[size_++] = v;
  }
  void pop_back() { --size_; }
  void clear() { size_ = 0; }
  void insert(std::size_t at, int64_t v) {
    push_back(v);
    std::rotate(begin() + at, end() - 1, end());
  }
  void erase(std::size_t at) {
    std::copy(begin() + at + 1, end(), begin() + at);
    --size_;
  }

  /// For the usual one to four numbers a call of memmove costs more than the copy, and a compiler makes one
  /// of a plain loop.
  static void copy_few(const int64_t* from, std::size_t n, int64_t* to) {
    if (n > 0) to[0] = from[0];
    if (n > 1) to[1] = from[1];
    if (n > 2) to[2] = from[2];
    if (n > 3) to[3] = from[3];
    if (n > 4) std::copy(from + 4, from + n, to + 4);
  }

  friend bool operator==(const DimVector& a, const DimVector& b) { return IntArrayRef(a) == IntArrayRef(b); }
  friend bool operator!=(const DimVector& a, const DimVector& b) { return !(a == b); }

 private:
  static void fill_few(int64_t value, std::size_t n, int64_t* to) {
    if (n > 0) to[0] = value;
    if (n > 1) to[1] = value;
    if (n > 2) to[2] = value;
    if (n > 3) to[3] = value;
    if (n > 4) std::fill(to + 4, to + n, value);
  }
  std::size_t capacity() const { return heap_ ? heap_capacity_ : kInline; }
  void grow(std::size_t n) {
    auto* fresh = n <= UINT32_MAX ? new (std::nothrow) int64_t[n] : nullptr;
    XGRAD_CHECK(fresh, "shape: there is no memory left for a list of ", n, " numbers");
    std::copy(begin(), end(), fresh);
    delete[] heap_;
    heap_ = fresh;
    heap_capacity_ = static_cast<uint32_t>(n);
  }
  void assign(IntArrayRef list) {
    if (list.size() > capacity()) grow(list.size());
    copy_few(list.data(), list.size(), data());
    size_ = static_cast<uint32_t>(list.size());
  }
  void steal(DimVector& o) {
    heap_ = o.heap_;
    heap_capacity_ = o.heap_capacity_;
    size_ = o.size_;
    if (!heap_) copy_few(o.inline_, size_, inline_);
    o.heap_ = nullptr;
    o.size_ = 0;
  }

  int64_t* heap_ = nullptr;
  uint32_t size_ = 0, heap_capacity_ = 0;
  int64_t inline_[kInline];
};

inline void append(std::string& s, const DimVector& list) { append(s, IntArrayRef(list)); }

/// A tensor has fewer elements in memory than this, so that their bytes can be counted.
inline constexpr int64_t kMaxElements = int64_t{1} << 59;

/// Product of the sizes; 1 for no dimension. It does not overflow for the sizes of a tensor, or some of them.
inline int64_t numel_of(IntArrayRef sizes) {
  int64_t n = 1;
  for (int64_t s : sizes) n *= s;
  return n;
}

/// n * stride, or the largest number: a stride of an empty tensor, or of a size of 1, may lead anywhere.
inline int64_t times_stride(int64_t n, int64_t stride) {
  int64_t product;
  return __builtin_mul_overflow(n, stride, &product) ? INT64_MAX : product;
}

/// Row-major strides in elements.
inline DimVector contiguous_strides(IntArrayRef sizes) {
  DimVector strides(sizes.size());
  int64_t step = 1;
  for (std::size_t i = sizes.size(); i-- > 0;) {
    strides[i] = step;
    // Sizes that are refused later may overflow here.
    step = times_stride(std::max<int64_t>(sizes[i], 1), step);
  }
  return strides;
}

/// The stride with which a dimension is read as one of size `to`: 0 where it is broadcast.
constexpr int64_t broadcast_stride(int64_t size, int64_t stride, int64_t to) {
  return size == 1 && to != 1 ? 0 : stride;
}
/// The strides with which an array is read as one of sizes `to`.
inline DimVector broadcast_strides(IntArrayRef sizes, IntArrayRef strides, IntArrayRef to) {
  DimVector result(to.size());
  const std::size_t added = to.size() - sizes.size();
  for (std::size_t d = 0; d < sizes.size(); ++d)
    result[added + d] = broadcast_stride(sizes[d], strides[d], to[added + d]);
  return result;
}

/// Wraps a negative dimension; `op` is named in the IndexError. A tensor without dimensions counts as having
/// one.
XGRAD_API int64_t wrap_dim(const char* op, int64_t dim, int64_t ndim);
/// The shape both broadcast to: sizes are compared from the right, a 1 stretches. `op` is named in the Error.
XGRAD_API DimVector broadcast_sizes(const char* op, IntArrayRef a, IntArrayRef b);
/// numel_of for what is to become a tensor: negative sizes and too many elements are Errors.
XGRAD_API int64_t checked_numel(const char* op, IntArrayRef sizes);
/// Throws the Error of a tensor with too many elements.
[[noreturn]] XGRAD_API void fail_size(const char* op, IntArrayRef sizes);

}  // namespace xgrad
