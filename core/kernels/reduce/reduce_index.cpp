// Extremes with their positions. Reads memory once: a block is reduced, and searched for the position only
// when it holds something better than the blocks before it. The loops are reduce_isa.cpp's.
#include <xgrad/core/kernels/reduce/reduce.h>

#include <cstring>
#include <limits>

#include <xgrad/core/kernels/reduce/reduce_plan.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

struct Extreme {
  uint64_t value = 0;  // room for one of any type
  int64_t position = -1;
};

class IndexReduction {
 public:
  IndexReduction(const IndexLoops& loops, ReduceType type, const ArrayView* values, const ArrayView& indices,
                 const ArrayView& in, const bool* reduced)
      : loops_(loops), type_(reduce_dtype(type)), source_(in, type), values_(values), indices_(indices) {
    for (int64_t d = 0; d < in.ndim; ++d) {
      if (reduced[d])
        inside_.add(in.sizes[d], {in.strides[d]});
      else
        kept_.add(in.sizes[d],
                  {in.strides[d], values ? values->strides[d] : indices.strides[d], indices.strides[d]});
    }
    inside_.merge();  // never sorted: positions count in the order of the dimensions
    inside_.add_one_if_empty();
    kept_.arrange();
    n_ = inside_.numel();
  }

  void run() const {
    const int64_t last = kept_.ndim - 1;
    const bool columns =
        kept_.sizes[last] >= 8 && kept_.rank(kept_.inner_stride()) < kept_.rank(inside_.inner_stride());
    if (columns && n_ <= std::numeric_limits<int32_t>::max())
      strips();
    else if (source_.direct && inside_.ndim == 1 && inside_.inner_stride() == 1 && n_ <= source_.block())
      short_rows();
    else
      results();
  }

 private:
  static int64_t grain(int64_t work) { return std::max<int64_t>(1, kReduceGrain / work); }

  void put(const Odometer<3>& at, const Extreme& e) const {
    if (values_) put_values(at.offset(1), 1, &e.value, 1);
    static_cast<int64_t*>(indices_.data)[at.offset(2)] = e.position;
  }
  void put_values(int64_t offset, int64_t stride, const void* from, int64_t count) const {
    const int64_t bytes = static_cast<int64_t>(element_size(values_->dtype));
    convert(static_cast<char*>(values_->data) + offset * bytes, values_->dtype, stride, from, type_, 1,
            count);
  }

  void short_rows() const {
    const int64_t last = kept_.ndim - 1, count = kept_.sizes[last];
    parallel_for(0, kept_.numel(last), grain(count * n_), [&](int64_t begin, int64_t end) {
      Odometer<3> at(kept_, last, begin);
      for (int64_t i = begin; i < end; ++i, at.next()) short_rows(at, count);
    });
  }

  void short_rows(const Odometer<3>& at, int64_t count) const {
    constexpr int64_t batch = 64;
    alignas(64) char best[batch * sizeof(uint64_t)];
    auto* to = static_cast<int64_t*>(indices_.data) + at.offset(2);
    for (int64_t i = 0; i < count; i += batch) {
      const int64_t part = std::min(batch, count - i);
      for (int64_t k = 0; k < part; ++k) {
        const char* row = source_.at(at.offset() + (i + k) * kept_.inner_stride());
        const int64_t position = loops_.first(row, n_, nullptr);
        to[(i + k) * kept_.inner_stride(2)] = position;
        std::memcpy(best + k * source_.to_bytes, row + position * source_.to_bytes,
                    static_cast<std::size_t>(source_.to_bytes));
      }
      if (values_) put_values(at.offset(1) + i * kept_.inner_stride(1), kept_.inner_stride(1), best, part);
    }
  }

  void results() const {
    if (n_ < kReduceParallel) {
      parallel_for(0, kept_.numel(), grain(n_), [&](int64_t begin, int64_t end) {
        Odometer<3> at(kept_, kept_.ndim, begin);
        for (int64_t i = begin; i < end; ++i, at.next()) put(at, part(at.offset(), 0, n_));
      });
      return;
    }
    Odometer<3> at(kept_, kept_.ndim);
    for (int64_t i = kept_.numel(); i-- > 0; at.next()) put(at, chunks(at.offset()));
  }

  Extreme chunks(int64_t offset) const {
    Extreme found[kReduceChunks];
    const int64_t count =
        reduce_chunks(n_, found, [&](int64_t start, int64_t n) { return part(offset, start, n); });
    Extreme best = found[0];
    for (int64_t i = 1; i < count; ++i)
      if (loops_.better(&found[i].value, &best.value)) best = found[i];
    return best;
  }

  Extreme part(int64_t offset, int64_t start, int64_t n) const {
    alignas(64) char buffer[kReduceBlock];
    ReduceReader reader(source_, inside_, offset, start);
    Extreme best;
    for (int64_t at = start; at < start + n; at += source_.block()) {
      const int64_t m = std::min(start + n - at, source_.block());
      const char* block = static_cast<const char*>(reader.next(m, buffer));
      const int64_t position = loops_.first(block, m, best.position < 0 ? nullptr : &best.value);
      if (position < 0) continue;
      best.position = at + position;
      std::memcpy(&best.value, block + position * source_.to_bytes,
                  static_cast<std::size_t>(source_.to_bytes));
    }
    return best;
  }

  // Whole rows of a matrix against the best ones so far, a strip of columns at a time.
  void strips() const {
    const int64_t last = kept_.ndim - 1, columns = kept_.sizes[last], most = source_.block();
    const int64_t per_row = (columns + most - 1) / most;
    parallel_for(0, kept_.numel(last) * per_row, grain(n_ * std::min(columns, most)),
                 [&](int64_t begin, int64_t end) {
                   Odometer<3> at(kept_, last, begin / per_row);
                   for (int64_t i = begin; i < end; ++i) {
                     const int64_t first = i % per_row * most;
                     strip(at, first, std::min(most, columns - first));
                     if ((i + 1) % per_row == 0) at.next();
                   }
                 });
  }

  void strip(const Odometer<3>& outer, int64_t first, int64_t width) const {
    alignas(64) char best[kReduceBlock], positions[kReduceBlock], copy[kReduceBlock];
    const int64_t step = kept_.inner_stride(), offset = outer.offset() + first * step;
    const ScalarType position_type = source_.to_bytes == 4 ? ScalarType::Int : ScalarType::Long;
    source_.load(best, 1, source_.at(offset), step, width);
    std::memset(positions, 0, static_cast<std::size_t>(width * source_.to_bytes));
    Odometer<1> rows(inside_, inside_.ndim);
    for (int64_t i = 1; i < n_; ++i) {
      rows.next();
      const void* row = source_.at(offset + rows.offset());
      if (!source_.direct || step != 1) {
        source_.load(copy, 1, row, step, width);
        row = copy;
      }
      loops_.columns(best, positions, row, i, width);
    }
    if (values_)
      put_values(outer.offset(1) + first * kept_.inner_stride(1), kept_.inner_stride(1), best, width);
    const int64_t to = outer.offset(2) + first * kept_.inner_stride(2);
    convert(static_cast<int64_t*>(indices_.data) + to, ScalarType::Long, kept_.inner_stride(2), positions,
            position_type, 1, width);
  }

  const IndexLoops& loops_;
  ScalarType type_;
  ReduceSource source_;
  const ArrayView* values_;
  const ArrayView& indices_;
  LoopDims<1> inside_;
  LoopDims<3> kept_;
  int64_t n_ = 0;
};

}  // namespace

void reduce_with_index_on(Isa isa, bool largest, const ArrayView* values, const ArrayView& indices,
                          const ArrayView& in, const bool* reduced) {
  int64_t kept = 1;
  for (int64_t d = 0; d < in.ndim; ++d) kept *= reduced[d] ? 1 : in.sizes[d];
  if (kept == 0) return;
  const ReduceType type = reduce_type(in.dtype);
  const ReduceTable& table = reduce_table_of(isa);
  const IndexLoops& loops = (largest ? table.largest : table.smallest)[type];
  IndexReduction(loops, type, values, indices, in, reduced).run();
}

void reduce_with_index(bool largest, const ArrayView* values, const ArrayView& indices, const ArrayView& in,
                       const bool* reduced) {
  reduce_with_index_on(isa(), largest, values, indices, in, reduced);
}

}  // namespace xgrad::kernels
