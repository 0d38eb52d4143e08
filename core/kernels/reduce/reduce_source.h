// How the elements that belong to one result come from memory: converted to the type of the computation, as
// a sequence of contiguous blocks. Not for the kernels' users.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/reduce/reduce_table.h>

namespace xgrad::kernels {

/// The dtypes that the loops read, in the order of ReduceType.
inline constexpr ScalarType kReduceDtypes[kReduceTypes] = {
    ScalarType::Float, ScalarType::Double, ScalarType::Long, ScalarType::Int,  ScalarType::Short,
    ScalarType::Char,  ScalarType::Byte,   ScalarType::Bool, ScalarType::Half, ScalarType::BFloat16};
constexpr ReduceType reduce_type(ScalarType t) {
  int type = 0;
  while (kReduceDtypes[type] != t) ++type;
  return static_cast<ReduceType>(type);
}

/// How elements come from memory into the type of the computation.
struct ReduceSource {
  const char* data;
  int64_t bytes;     // of an element in memory
  int64_t to_bytes;  // of one that the loops read
  ConvertFn load;
  bool direct;  // the same type: nothing to convert

  ReduceSource(const ArrayView& in, ScalarType computed)
      : data(static_cast<const char*>(in.data)),
        bytes(static_cast<int64_t>(element_size(in.dtype))),
        to_bytes(static_cast<int64_t>(element_size(computed))),
        load(converter(computed, in.dtype)),
        direct(in.dtype == computed) {}

  const char* at(int64_t offset) const { return data + offset * bytes; }
};

/// The elements of one result in the order of the reduced dimensions, from element `start` on.
class ReduceReader {
 public:
  ReduceReader(const ReduceSource& source, const LoopDims<1>& dims, int64_t offset, int64_t start)
      : source_(source),
        size_(dims.sizes[dims.ndim - 1]),
        stride_(dims.inner_stride()),
        offset_(offset),
        outer_(dims, dims.ndim - 1, start / size_),
        at_(start % size_) {}

  /// The next n elements (at most what `buffer` holds) next to each other: in place where they are, otherwise
  /// in `buffer`.
  const void* next(int64_t n, char* buffer) {
    if (source_.direct && stride_ == 1 && n <= size_ - at_) return take(n);
    for (int64_t got = 0; got < n;) {
      const int64_t part = std::min(n - got, size_ - at_);
      source_.load(buffer + got * source_.to_bytes, 1, take(part), stride_, part);
      got += part;
    }
    return buffer;
  }

 private:
  const char* take(int64_t n) {
    const char* p = source_.at(offset_ + outer_.offset() + at_ * stride_);
    at_ += n;
    if (at_ == size_) {
      at_ = 0;
      outer_.next();
    }
    return p;
  }

  const ReduceSource& source_;
  int64_t size_, stride_, offset_;
  Odometer<1> outer_;
  int64_t at_;
};

}  // namespace xgrad::kernels
