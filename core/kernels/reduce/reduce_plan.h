// What the two reduction drivers share: which type a reduction is computed in, which dimensions it walks, and
// how the elements that belong to one result are read as a sequence of contiguous blocks. Not for the
// kernels' users.
#pragma once

#include <algorithm>
#include <cstdint>

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/isa.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/reduce/reduce_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {

const ReduceTable& reduce_table_of(Isa isa);

/// The type that holds every element of dtype t without loss.
constexpr ReduceType reduce_type(ScalarType t) {
  switch (t) {
    case ScalarType::Double:
      return kReduceDouble;
    case ScalarType::Float:
    case ScalarType::Half:
    case ScalarType::BFloat16:
      return kReduceFloat;
    default:
      return kReduceInteger;
  }
}
constexpr ScalarType reduce_dtype(ReduceType t) {
  switch (t) {
    case kReduceFloat:
      return ScalarType::Float;
    case kReduceDouble:
      return ScalarType::Double;
    case kReduceTruth:
      return ScalarType::Bool;
    default:
      return ScalarType::Long;
  }
}

/// From this many elements on one result is computed by several threads, and a thread gets this many at
/// least.
inline constexpr int64_t kReduceParallel = int64_t{1} << 17, kReduceGrain = int64_t{1} << 15;

inline constexpr int64_t kReduceChunks = 256;
/// What the chunks of one result over n elements come to, in `values`: part(start, length) of each, in
/// parallel. Returns how many there are. A power of two of blocks is a chunk, and so a complete branch of the
/// tree.
template <class Value, class Part>
int64_t reduce_chunks(int64_t n, Value (&values)[kReduceChunks], const Part& part) {
  int64_t chunk = kReduceParallel / 2;
  while (chunk * kReduceChunks < n) chunk *= 2;
  const int64_t count = (n + chunk - 1) / chunk;
  parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) values[i] = part(i * chunk, std::min(chunk, n - i * chunk));
  });
  return count;
}

/// How elements come from memory into the type of the computation.
struct ReduceSource {
  const char* data;
  int64_t bytes;     // of an element in memory
  int64_t to_bytes;  // of one in the computation
  ConvertFn load;
  bool direct;  // the same type: nothing to convert

  ReduceSource(const ArrayView& in, ReduceType type)
      : data(static_cast<const char*>(in.data)),
        bytes(static_cast<int64_t>(element_size(in.dtype))),
        to_bytes(static_cast<int64_t>(element_size(reduce_dtype(type)))),
        load(converter(reduce_dtype(type), in.dtype)),
        direct(in.dtype == reduce_dtype(type)) {}

  int64_t block() const { return kReduceBlock / to_bytes; }
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

  /// The next n elements (at most a block) next to each other: in place where they are, otherwise in
  /// `buffer`.
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
