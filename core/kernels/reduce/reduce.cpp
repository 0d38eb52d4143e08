// Plans a reduction: in which type, along which dimensions, in which blocks, by how many threads. The
// arithmetic is reduce_isa.cpp's. How the elements of a result are grouped must never depend on the number of
// threads.
#include <xgrad/core/kernels/reduce/reduce.h>

#include <memory>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/reduce/reduce_plan.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {

const ReduceTable& reduce_table_of([[maybe_unused]] Isa isa) {
#ifdef XGRAD_HAVE_AVX512
  if (isa == Isa::avx512) return avx512::reduce_table;
#endif
#ifdef XGRAD_HAVE_AVX2
  if (isa == Isa::avx2) return avx2::reduce_table;
#endif
  return base::reduce_table;
}

namespace {

ReduceType compute_type(ReduceOp op, ScalarType in, ScalarType out) {
  if (op == ReduceOp::any || op == ReduceOp::all) return kReduceTruth;
  return reduce_type(op == ReduceOp::max || op == ReduceOp::min ? in : out);
}

// Room for one result of any type.
using Value = uint64_t;

// Combines results of equally many blocks first: the same tree as in the kernels, whatever part of it they
// did.
class Counter {
 public:
  explicit Counter(const ReduceLoops& loops) : loops_(loops) {}
  void add(Value value) {
    for (int64_t carry = done_++; (carry & 1) != 0; carry >>= 1) value = joined(stack_[--top_], value);
    stack_[top_++] = value;
  }
  Value result() {
    Value value = top_ > 0 ? stack_[--top_] : 0;
    while (top_ > 0) value = joined(stack_[--top_], value);
    return value;
  }

 private:
  Value joined(Value older, Value newer) const {
    loops_.merge(&older, &newer, 1);
    return older;
  }
  const ReduceLoops& loops_;
  int64_t done_ = 0;
  int top_ = 0;
  Value stack_[64];
};

class Reduction {
 public:
  Reduction(const ReduceLoops& loops, ReduceType type, const ArrayView& out, const ArrayView& in,
            const bool* reduced)
      : loops_(loops),
        type_(reduce_dtype(type)),
        source_(in, type),
        out_(static_cast<char*>(out.data)),
        out_bytes_(static_cast<int64_t>(element_size(out.dtype))),
        out_direct_(out.dtype == type_),
        store_(converter(out.dtype, type_)) {
    for (int64_t d = 0; d < in.ndim; ++d) {
      if (reduced[d])
        inside_.add(in.sizes[d], {in.strides[d]});
      else
        kept_.add(in.sizes[d], {in.strides[d], out.strides[d]});
    }
    inside_.arrange();
    kept_.arrange();
    n_ = inside_.numel();
  }

  void run() {
    const int64_t last = kept_.ndim - 1;
    const int64_t kept_stride = kept_.strides[0][last], inside_stride = inside_.inner_stride();
    if (kept_.sizes[last] > 1 && kept_.rank(kept_stride) < inside_.rank(inside_stride))
      is_narrow() ? narrow() : strips();
    else if (inside_.ndim == 1 && source_.direct && (inside_stride == 1 || n_ == 1))
      rows();
    else
      results();
  }

 private:
  static int64_t grain(int64_t work) {
    return std::max<int64_t>(1, kReduceGrain / std::max<int64_t>(1, work));
  }

  void put(int64_t offset, int64_t stride, const void* values, int64_t count) const {
    store_(out_ + offset * out_bytes_, stride, values, 1, count);
  }

  // ---- the elements of a result lie next to each other
  // ---------------------------------------------------------------

  void rows() const {
    const int64_t last = kept_.ndim - 1, count = kept_.sizes[last];
    if (n_ >= kReduceParallel) return results();
    if (kept_.numel() * n_ < kReduceParallel || last > 0) {
      parallel_for(0, kept_.numel(last), grain(count * n_), [&](int64_t begin, int64_t end) {
        Odometer<2> at(kept_, last, begin);
        for (int64_t i = begin; i < end; ++i, at.next()) rows(at.offset(0), at.offset(1), count);
      });
      return;
    }
    parallel_for(0, count, grain(n_), [&](int64_t begin, int64_t end) {
      rows(begin * kept_.strides[0][last], begin * kept_.strides[1][last], end - begin);
    });
  }

  void rows(int64_t from, int64_t to, int64_t count) const {
    const int64_t step = kept_.inner_stride(0), out_step = kept_.inner_stride(1);
    if (out_direct_ && (out_step == 1 || count == 1))
      return loops_.rows(out_ + to * out_bytes_, source_.at(from), step, count, n_);
    constexpr int64_t batch = 64;
    Value values[batch];
    for (int64_t i = 0; i < count; i += batch) {
      const int64_t part = std::min(batch, count - i);
      loops_.rows(values, source_.at(from + i * step), step, part, n_);
      put(to + i * out_step, out_step, values, part);
    }
  }

  // ---- one result after the other, its elements anywhere
  // -------------------------------------------------------------

  void results() const {
    if (n_ < kReduceParallel) {
      parallel_for(0, kept_.numel(), grain(n_), [&](int64_t begin, int64_t end) {
        Odometer<2> at(kept_, kept_.ndim, begin);
        for (int64_t i = begin; i < end; ++i, at.next()) {
          const Value value = part(at.offset(0), 0, n_);
          put(at.offset(1), 1, &value, 1);
        }
      });
      return;
    }
    Odometer<2> at(kept_, kept_.ndim);
    for (int64_t i = kept_.numel(); i-- > 0; at.next()) {
      const Value value = chunks(at.offset(0));
      put(at.offset(1), 1, &value, 1);
    }
  }

  Value chunks(int64_t offset) const {
    Value values[kReduceChunks];
    const int64_t count =
        reduce_chunks(n_, values, [&](int64_t start, int64_t n) { return part(offset, start, n); });
    Counter all(loops_);
    for (int64_t i = 0; i < count; ++i) all.add(values[i]);
    return all.result();
  }

  // Elements start ... start + n of one result.
  Value part(int64_t offset, int64_t start, int64_t n) const {
    alignas(64) char buffer[kReduceBlock];
    ReduceReader reader(source_, inside_, offset, start);
    Counter all(loops_);
    do {
      const int64_t m = std::min(n, source_.block());
      Value value = 0;
      loops_.rows(&value, reader.next(m, buffer), 0, 1, m);
      all.add(value);
      n -= m;
    } while (n > 0);
    return all.result();
  }

  // ---- whole rows of a matrix are combined, a strip of columns at a time
  // --------------------------------------------

  // Reads the rows of one strip in order and adds them up in `acc`, which is a block wide.
  class Strip {
   public:
    Strip(const Reduction& r, int64_t offset, int64_t start, int64_t width)
        : r_(r),
          at_(r.inside_, r.inside_.ndim, start),
          offset_(offset),
          width_(width),
          in_place_(r.source_.direct && r.kept_.inner_stride() == 1) {}

    // The tree of the kernels' `pairwise`, with rows in the place of elements.
    void add_up(char* acc, int64_t n) {
      if (n <= kReduceRows) {
        r_.loops_.clear(acc, width_);
        for (; n > 0; n -= kReduceGroup) add_group(acc, std::min(n, kReduceGroup));
        return;
      }
      int64_t left = kReduceRows;
      while (left * 2 < n) left *= 2;
      add_up(acc, left);
      alignas(64) char right[kReduceBlock];
      add_up(right, n - left);
      r_.loops_.merge(acc, right, width_);
    }

   private:
    void add_group(char* acc, int64_t count) {
      const void* rows[kReduceGroup];
      alignas(64) char nothing[kReduceBlock];
      for (int64_t k = 0; k < count; ++k, at_.next()) {
        rows[k] = r_.source_.at(offset_ + at_.offset());
        if (in_place_) continue;
        char* row = copies_ + k * kReduceBlock;
        r_.source_.load(row, 1, rows[k], r_.kept_.inner_stride(), width_);
        rows[k] = row;
      }
      if (count < kReduceGroup) r_.loops_.clear(nothing, width_);
      for (int64_t k = count; k < kReduceGroup; ++k) rows[k] = nothing;
      r_.loops_.columns(acc, rows, width_);
    }

    const Reduction& r_;
    Odometer<1> at_;
    int64_t offset_, width_;
    bool in_place_;
    alignas(64) char copies_[kReduceGroup * kReduceBlock];
  };

  // Few columns, and the rows next to each other: several rows are taken as one, which fills the registers.
  static constexpr int64_t kFold = 16;

  bool is_narrow() const {
    return kept_.ndim == 1 && kept_.sizes[0] <= kFold && inside_.ndim == 1 && n_ >= kFold * kReduceRows &&
           inside_.inner_stride() == kept_.sizes[0] * kept_.inner_stride();
  }

  void narrow() const {
    const int64_t columns = kept_.sizes[0], rest = n_ % kFold;
    alignas(64) char sums[kFold * kFold * sizeof(Value)], last[kReduceBlock];
    Reduction wide(*this);
    wide.kept_.sizes[0] = columns * kFold;
    wide.kept_.strides[1][0] = 1;
    wide.inside_.sizes[0] = wide.n_ = n_ / kFold;
    wide.inside_.strides[0][0] *= kFold;
    wide.write_to(sums);
    wide.strips();
    for (int64_t half = kFold / 2; half > 0; half /= 2)
      loops_.merge(sums, sums + half * columns * source_.to_bytes, half * columns);
    if (rest > 0) {
      Strip(*this, 0, n_ - rest, columns).add_up(last, rest);
      loops_.merge(sums, last, columns);
    }
    put(0, kept_.strides[1][0], sums, columns);
  }

  void write_to(char* values) {
    out_ = values;
    out_bytes_ = source_.to_bytes;
    store_ = converter(type_, type_);
  }

  void strips() const {
    const int64_t last = kept_.ndim - 1, columns = kept_.sizes[last], most = source_.block();
    const int64_t per_row = (columns + most - 1) / most, count = kept_.numel(last) * per_row;
    const bool by_rows = count < 8 && n_ * std::min(columns, most) >= kReduceParallel;
    auto one = [&](int64_t i, const Odometer<2>& at) {
      const int64_t begin = i % per_row * most, width = std::min(most, columns - begin);
      alignas(64) char acc[kReduceBlock];
      const int64_t offset = at.offset(0) + begin * kept_.strides[0][last];
      if (by_rows)
        strip_by_rows(acc, offset, width);
      else
        Strip(*this, offset, 0, width).add_up(acc, n_);
      put(at.offset(1) + begin * kept_.strides[1][last], kept_.strides[1][last], acc, width);
    };
    auto some = [&](int64_t begin, int64_t end) {
      Odometer<2> at(kept_, last, begin / per_row);
      for (int64_t i = begin; i < end; ++i) {
        one(i, at);
        if ((i + 1) % per_row == 0) at.next();
      }
    };
    if (by_rows)
      some(0, count);
    else
      parallel_for(0, count, grain(n_ * std::min(columns, most)), some);
  }

  void strip_by_rows(char* acc, int64_t offset, int64_t width) const {
    constexpr int64_t most = 32;
    int64_t chunk = kReduceRows;
    while (chunk * most < n_ || chunk * width < kReduceParallel / 2) chunk *= 2;
    const int64_t count = (n_ + chunk - 1) / chunk;
    const std::unique_ptr<char[]> parts(new char[static_cast<std::size_t>(count * kReduceBlock)]);
    parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        Strip(*this, offset, i * chunk, width)
            .add_up(parts.get() + i * kReduceBlock, std::min(chunk, n_ - i * chunk));
    });
    join(parts.get(), count, width);
    std::copy_n(parts.get(), width * source_.to_bytes, acc);
  }

  void join(char* parts, int64_t count, int64_t width) const {
    if (count == 1) return;
    int64_t left = 1;
    while (left * 2 < count) left *= 2;
    join(parts, left, width);
    join(parts + left * kReduceBlock, count - left, width);
    loops_.merge(parts, parts + left * kReduceBlock, width);
  }

  const ReduceLoops& loops_;
  ScalarType type_;
  ReduceSource source_;
  char* out_;
  int64_t out_bytes_;
  bool out_direct_;
  ConvertFn store_;
  LoopDims<1> inside_;
  LoopDims<2> kept_;
  int64_t n_ = 0;
};

}  // namespace

void reduce_on(Isa isa, ReduceOp op, const ArrayView& out, const ArrayView& in, const bool* reduced) {
  const ReduceType type = compute_type(op, in.dtype, out.dtype);
  const ReduceLoops& loops = reduce_table_of(isa).loops[static_cast<int>(op)][type];
  int64_t n = 1, kept = 1, step = 1;
  bool dense = true;
  for (int64_t d = in.ndim; d-- > 0;) {
    const int64_t size = in.sizes[d];
    dense = dense && (size == 1 || in.strides[d] == step);
    step *= size;
    (reduced[d] ? n : kept) *= size;
  }
  if (kept == 0) return;
  if (n == 0) return fill(out, Scalar(op == ReduceOp::prod || op == ReduceOp::all ? 1 : 0));
  const ScalarType computed = reduce_dtype(type);
  if (dense && kept == 1 && n < kReduceParallel && in.dtype == computed && out.dtype == computed)
    return loops.rows(out.data, in.data, 0, 1, n);
  Reduction(loops, type, out, in, reduced).run();
}

void reduce(ReduceOp op, const ArrayView& out, const ArrayView& in, const bool* reduced) {
  reduce_on(isa(), op, out, in, reduced);
}

}  // namespace xgrad::kernels
