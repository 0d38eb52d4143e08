// Copy and fill: which dimension to walk innermost, tiles where both arrays cannot be walked in memory order,
// threads. The conversion of a run of elements is convert.cpp's.
#include <xgrad/core/kernels/copy/copy.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <type_traits>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/copy/stream.h>
#include <xgrad/core/kernels/copy/transpose.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 32768;                  // elements a thread should get at least
constexpr int64_t kFew = 32;                       // elements of a row that is short
constexpr int64_t kCacheBytes = int64_t{4} << 20;  // a larger result will not stay in a core's cache
constexpr int64_t kNearBytes = int64_t{1} << 19;   // nor this close to it

char* advance(void* p, int64_t bytes) { return static_cast<char*>(p) + bytes; }
const char* advance(const void* p, int64_t bytes) { return static_cast<const char*>(p) + bytes; }

int64_t bytes_of(ScalarType t) { return static_cast<int64_t>(element_size(t)); }

class Copy {
 public:
  Copy(const ArrayView& dst, const ArrayView& src)
      : dst_(dst.data),
        src_(src.data),
        dst_bytes_(bytes_of(dst.dtype)),
        src_bytes_(bytes_of(src.dtype)),
        dst_type_(dst.dtype),
        same_type_(dst.dtype == src.dtype),
        run_(converter(dst.dtype, src.dtype)) {
    for (int64_t d = 0; d < dst.ndim; ++d) dims_.add(dst.sizes[d], {dst.strides[d], src.strides[d]});
    dims_.arrange();
    const int64_t row = dims_.sizes[dims_.ndim - 1] * dst_bytes_;
    stream_ = dims_.numel() * dst_bytes_ >= kStreamBytes && dims_.inner_stride() == 1 && row >= 8 * kLine;
  }

  void operator()() {
    if (dims_.ndim == 1)
      line();
    else if (const int64_t d = source_dim(); d >= 0)
      planes(d);
    else if (same_type_ && dims_.sizes[dims_.ndim - 1] <= kFew && !stream_)
      short_rows();
    else
      lines();
  }

 private:
  void line() {
    const int64_t n = dims_.sizes[0], to = dims_.strides[0][0], from = dims_.strides[1][0];
    if (n <= kGrain) return run_(dst_, to, src_, from, n);
    parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
      run(advance(dst_, begin * to * dst_bytes_), to, advance(src_, begin * from * src_bytes_), from,
          end - begin);
      if (stream_) stream_fence();
    });
  }

  void lines() {
    const int64_t inner = dims_.ndim - 1, n = dims_.sizes[inner];
    const int64_t to = dims_.strides[0][inner], from = dims_.strides[1][inner];
    over_outer(inner, n, [&](char* dst, const char* src) { run(dst, to, src, from, n); });
  }

  // Rows of a few elements, where a call for each would cost more than the row.
  void short_rows() {
    const int64_t inner = dims_.ndim - 1, outer = dims_.ndim - 2, n = dims_.sizes[inner];
    const int64_t *const to = dims_.strides[0], *const from = dims_.strides[1];
    dispatch_word(dst_type_, [&]<class T>() {
      const auto write = [&](T* d, const T* s, int64_t count, auto times) {
        if (to[inner] == 1 && from[inner] == 1) {
          for (int64_t i = 0; i < count; ++i, d += to[outer], s += from[outer]) copy_few(d, s, times);
          return;
        }
        for (int64_t i = 0; i < count; ++i, d += to[outer], s += from[outer])
          for (int64_t k = 0; k < times; ++k) d[k * to[inner]] = s[k * from[inner]];
      };
      const auto rows = [&](char* dst, const char* src, int64_t count) {
        T* d = reinterpret_cast<T*>(dst);
        const T* s = reinterpret_cast<const T*>(src);
        if (n == 2) return write(d, s, count, std::integral_constant<int64_t, 2>{});
        if (n == 3) return write(d, s, count, std::integral_constant<int64_t, 3>{});
        if (n == 4) return write(d, s, count, std::integral_constant<int64_t, 4>{});
        write(d, s, count, n);
      };
      constexpr int64_t strip = 1024;
      const int64_t size = dims_.sizes[outer], strips = (size + strip - 1) / strip;
      parallel_for(0, dims_.numel(outer) * strips, grain_of(kGrain, n * std::min(size, strip)),
                   [&](int64_t begin, int64_t end) {
                     for (int64_t i = begin; i < end; ++i) {
                       const Odometer<2> at(dims_, outer, i / strips);
                       const int64_t first = i % strips * strip;
                       rows(advance(dst_, (at.offset(0) + first * to[outer]) * dst_bytes_),
                            advance(src_, (at.offset(1) + first * from[outer]) * src_bytes_),
                            std::min(strip, size - first));
                     }
                   });
    });
  }

  // A large result goes past the cache, through a small buffer where it is not a plain copy.
  void run(char* dst, int64_t to, const char* src, int64_t from, int64_t n) const {
    if (!stream_) return run_(dst, to, src, from, n);
    if (same_type_ && from == 1) return stream_copy(dst, src, n * dst_bytes_);
    alignas(64) char block[4096];
    const int64_t at_once = static_cast<int64_t>(sizeof(block)) / dst_bytes_, step = from * src_bytes_;
    for (int64_t i = 0; i < n; i += at_once) {
      const int64_t m = std::min(at_once, n - i);
      if (step > 0)
        for (int64_t b = 0; b < m * step; b += std::max(kLine, step))
          prefetch_line(src + (i + at_once) * step + b);
      run_(block, 1, src + i * step, from, m);
      stream_copy(dst + i * dst_bytes_, block, m * dst_bytes_);
    }
  }

  // The dimension that src prefers to be walked along, if it is not the innermost one of dst.
  int64_t source_dim() const {
    const int64_t inner = dims_.ndim - 1;
    int64_t best = inner;
    for (int64_t d = inner; d-- > 0;)
      if (dims_.rank(dims_.strides[1][d]) < dims_.rank(dims_.strides[1][best]) && dims_.sizes[d] >= 4)
        best = d;
    const bool pays = best != inner && dims_.sizes[inner] >= 4 && dims_.strides[1][inner] != 0;
    return pays ? best : -1;
  }

  void planes(int64_t across) {
    const int64_t inner = dims_.ndim - 1, outer = dims_.ndim - 2;
    dims_.move(across, outer);
    Plane whole{dims_.sizes[inner],
                dims_.sizes[outer],
                dims_.strides[0][inner],
                dims_.strides[0][outer],
                dims_.strides[1][inner],
                dims_.strides[1][outer],
                src_bytes_,
                run_,
                dims_.numel() * dst_bytes_ >= kNearBytes,
                dims_.numel() * dst_bytes_ >= kCacheBytes};
    if (same_type_ && whole.src_across == 1) whole.load = nullptr;
    const TransposeFn transpose_plane = transposer(dst_type_);
    if (dims_.numel(outer) > 1) {
      over_outer(outer, whole.along * whole.across,
                 [&](char* dst, const char* src) { transpose_plane(dst, src, whole); });
      return;
    }
    constexpr int64_t strip = 64;
    parallel_for(0, (whole.across + strip - 1) / strip, grain_of(kGrain, strip * whole.along),
                 [&](int64_t begin, int64_t end) {
                   Plane part = whole;
                   part.across = std::min(end * strip, whole.across) - begin * strip;
                   transpose_plane(advance(dst_, begin * strip * whole.dst_across * dst_bytes_),
                                   advance(src_, begin * strip * whole.src_across * src_bytes_), part);
                 });
  }

  // Calls f(dst, src) for every position of the first `outer` dimensions; `work` is the number of elements of
  // a call.
  template <class F>
  void over_outer(int64_t outer, int64_t work, const F& f) {
    parallel_for(0, dims_.numel(outer), grain_of(kGrain, work), [&](int64_t begin, int64_t end) {
      Odometer<2> at(dims_, outer, begin);
      for (int64_t i = begin; i < end; ++i, at.next())
        f(advance(dst_, at.offset(0) * dst_bytes_), advance(src_, at.offset(1) * src_bytes_));
      if (stream_) stream_fence();
    });
  }

  LoopDims<2> dims_;
  void* dst_;
  const void* src_;
  int64_t dst_bytes_, src_bytes_;
  ScalarType dst_type_;
  bool same_type_;
  bool stream_;
  ConvertFn run_;
};

int64_t numel(const ArrayView& a) {
  int64_t n = 1;
  for (int64_t d = 0; d < a.ndim; ++d) n *= a.sizes[d];
  return n;
}

// A cache line full of the value (or n times the value, if that is less): every element size divides it.
struct Pattern {
  alignas(64) unsigned char bytes[kLine];

  Pattern(ScalarType t, const Scalar& value, int64_t n) {
    const double floating = value.toDouble();
    const int64_t integer = value.cast<int64_t>();
    const void* source = value.isFloatingPoint() ? static_cast<const void*>(&floating) : &integer;
    const int64_t count = std::min(kLine / bytes_of(t), n);
    convert(bytes, t, 1, source, value.isFloatingPoint() ? ScalarType::Double : ScalarType::Long, 0, count);
  }
  void run(char* to, int64_t n_bytes) const {
    for (; n_bytes >= kLine; n_bytes -= kLine, to += kLine) std::memcpy(to, bytes, kLine);
    std::memcpy(to, bytes, static_cast<std::size_t>(n_bytes));
  }
  // For arrays that do not stay in the cache; `to` is aligned like the element.
  void run_large(char* to, int64_t n_bytes) const {
    const int64_t head = std::min<int64_t>(-reinterpret_cast<std::intptr_t>(to) & (kLine - 1), n_bytes);
    run(to, head);
    for (to += head, n_bytes -= head; n_bytes >= kLine; n_bytes -= kLine, to += kLine) stream_line(to, bytes);
    run(to, n_bytes);
    stream_fence();
  }
};

}  // namespace

void copy(const ArrayView& dst, const ArrayView& src) {
  const int64_t n = numel(dst);
  if (n == 0) return;
  if (n <= kGrain && is_contiguous(dst) && is_contiguous(src))
    return convert(dst.data, dst.dtype, 1, src.data, src.dtype, 1, n);
  Copy{dst, src}();
}

void join_rows(void* dst, const RowBytes* pieces, std::size_t count, int64_t rows) {
  int64_t bytes = 0;  // of a row of dst
  for (std::size_t k = 0; k < count; ++k) bytes += pieces[k].bytes;
  parallel_for(0, rows, std::max<int64_t>(1, 4 * kGrain / std::max<int64_t>(1, bytes)),
               [&](int64_t begin, int64_t end) {
                 char* to = advance(dst, begin * bytes);
                 for (int64_t i = begin; i < end; ++i)
                   for (std::size_t k = 0; k < count; ++k) {
                     const int64_t n = pieces[k].bytes;
                     const char* const from = advance(pieces[k].data, i * n);
                     if (n <= 256)
                       copy_few(to, from, n);
                     else
                       std::memcpy(to, from, static_cast<std::size_t>(n));
                     to += n;
                   }
               });
}

void fill(const ArrayView& dst, const Scalar& value) {
  const int64_t n = numel(dst), size = bytes_of(dst.dtype);
  if (n == 0) return;
  const Pattern pattern(dst.dtype, value, n);
  if (n <= kGrain && is_contiguous(dst)) return pattern.run(static_cast<char*>(dst.data), n * size);
  LoopDims<1> dims;
  for (int64_t d = 0; d < dst.ndim; ++d) dims.add(dst.sizes[d], {dst.strides[d]});
  dims.arrange();
  const int64_t inner = dims.ndim - 1, run = dims.sizes[inner], step = dims.strides[0][inner];
  if (inner == 0 && step == 1) {
    parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
      char* to = advance(dst.data, begin * size);
      if (n * size >= kCacheBytes)
        pattern.run_large(to, (end - begin) * size);
      else
        pattern.run(to, (end - begin) * size);
    });
    return;
  }
  const ConvertFn spread = converter(dst.dtype, dst.dtype);
  parallel_for(0, n / run, grain_of(kGrain, run), [&](int64_t begin, int64_t end) {
    Odometer<1> at(dims, inner, begin);
    for (int64_t i = begin; i < end; ++i, at.next()) {
      char* to = advance(dst.data, at.offset() * size);
      if (step == 1)
        pattern.run(to, run * size);
      else
        spread(to, step, pattern.bytes, 0, run);
    }
  });
}

}  // namespace xgrad::kernels
