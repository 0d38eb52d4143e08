// Plans a reduction: in which type, along which dimensions, in which blocks, by how many threads. The
// arithmetic is the formula's, in loops.h. How the elements of a result are grouped must never depend on the
// number of threads.
#include <xgrad/core/kernels/reduce/reduce.h>

#include <memory>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/reduce/reduce_source.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {

namespace {

/// From this many elements on one result is computed by several threads, and a thread gets this many at
/// least.
constexpr int64_t kParallel = int64_t{1} << 17, kGrain = int64_t{1} << 15;

ReduceType compute_type(const ReduceKernels& k, ScalarType in, ScalarType out, int64_t n) {
  const bool truth = k.accumulate == Accumulate::truth || k.accumulate == Accumulate::count;
  const ScalarType computed = dtype_info(k.accumulate == Accumulate::input ? in : out).accumulate;
  // Positions are numbers of the computation's type, and float holds no more of them.
  if (k.indexed && computed == ScalarType::Float && n > int64_t{1} << 24) return kReduceDouble;
  const ReduceType own = reduce_type(in);
  if ((truth || computed == dtype_info(in).accumulate) && k.loops[own].rows) return own;
  return truth ? kReduceTruth : reduce_type(computed);
}

ScalarType state_dtype(const ReduceKernels& k, ReduceType type) {
  const ScalarType read = kReduceDtypes[type];
  return k.accumulate == Accumulate::count || k.indexed || is_floating_type(read)
             ? dtype_info(read).accumulate
             : read;
}

/// What `columns` reads: int64 where it picks integers.
ScalarType strip_dtype(const ReduceKernels& k, ReduceType type) {
  const bool is_position = k.indexed && !is_floating_type(kReduceDtypes[type]);
  return is_position ? ScalarType::Long : kReduceDtypes[type];
}

/// The state of one result, of any type.
struct State {
  AnyElement part[kReduceParts];
  static constexpr int64_t pitch = sizeof(AnyElement);
};

class Reduction {
 public:
  Reduction(const ReduceKernels& kernels, const ReduceLoops& loops, const void* formula, ReduceType type,
            const ArrayView* results, const ArrayView& in, const bool* reduced)
      : kernels_(kernels),
        loops_(loops),
        formula_(formula),
        type_(type),
        source_(in, kReduceDtypes[type]),
        strip_source_(in, strip_dtype(kernels, type)),
        state_bytes_(static_cast<int64_t>(element_size(state_dtype(kernels, type)))),
        pitch_(kReduceBlock / kernels.parts / 64 * 64),
        block_(kReduceBlock / source_.to_bytes) {
    const ScalarType state = state_dtype(kernels, type);
    for (int k = 0; k < kernels.results; ++k)
      out_[k] = {static_cast<char*>(results[k].data), static_cast<int64_t>(element_size(results[k].dtype)),
                 converter(results[k].dtype, state)};
    in_place_ = kernels.parts == 1 && kernels.results == 1 && results[0].dtype == state;
    for (int64_t d = 0; d < in.ndim; ++d) {
      if (reduced[d])
        inside_.add(in.sizes[d], {in.strides[d]});
      else
        kept_.add(in.sizes[d], {in.strides[d], results[0].strides[d]});
    }
    if (kernels.indexed) {  // positions count in the order of the dimensions
      inside_.merge();
      inside_.add_one_if_empty();
    } else {
      inside_.arrange();
    }
    kept_.arrange();
    n_ = inside_.numel();
  }

  void run() {
    const int64_t last = kept_.ndim - 1;
    const int64_t kept_stride = kept_.inner_stride(), inside_stride = inside_.inner_stride();
    if (kept_.sizes[last] > 1 && kept_.rank(kept_stride) < inside_.rank(inside_stride))
      is_narrow() ? narrow() : strips();
    else if (is_row() && n_ < kParallel)
      rows();
    else
      results();
  }

 private:
  static int64_t grain(int64_t work) { return grain_of(kGrain, work); }

  bool is_row() const {
    return inside_.ndim == 1 && source_.direct && (inside_.inner_stride() == 1 || n_ == 1);
  }

  /// Finishes `count` states, which are overwritten, and writes the results.
  void put(int64_t offset, int64_t stride, void* states, int64_t pitch, int64_t count) const {
    if (loops_.finish) loops_.finish(formula_, states, states, pitch, count);
    for (int k = 0; k < kernels_.results; ++k) {
      const Result& r = out_[k];
      r.store(r.data + offset * r.bytes, stride, static_cast<char*>(states) + k * pitch, 1, count);
    }
  }

  // ---- the elements of a result lie next to each other
  // ----------------------------------------------------------------------------------------------

  void rows() const {
    const int64_t last = kept_.ndim - 1, count = kept_.sizes[last];
    if (kept_.numel() * n_ < kParallel || last > 0) {
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
    if (is_short()) return short_rows(from, to, count);
    if (in_place_ && (out_step == 1 || count == 1)) {
      char* out = out_[0].data + to * out_[0].bytes;
      loops_.rows(formula_, out, 0, source_.at(from), step, count, n_, 0);
      if (loops_.finish) loops_.finish(formula_, out, out, 0, count);
      return;
    }
    constexpr int64_t batch = 64, pitch = batch * State::pitch;
    char states[kReduceParts * pitch];
    for (int64_t i = 0; i < count; i += batch) {
      const int64_t part = std::min(batch, count - i);
      loops_.rows(formula_, states, pitch, source_.at(from + i * step), step, part, n_, 0);
      put(to + i * out_step, out_step, states, pitch, part);
    }
  }

  static constexpr int64_t kShort = 64;

  // Rows so short that turning them into columns is less than what their ends cost, which is more where a
  // state has parts or a rest of a register is converted.
  bool is_short() const {
    const int64_t bytes = source_.to_bytes;
    return n_ > 4 &&
           n_ <= (bytes == 8                          ? 8
                  : bytes == 4 && kernels_.parts == 1 ? 40
                                                      : kShort) &&
           strip_source_.direct && is_floating_type(kReduceDtypes[type_]);
  }
  void short_rows(int64_t from, int64_t to, int64_t count) const {
    constexpr int64_t batch = 64;
    alignas(64) char columns[kShort * batch * 8], states[kReduceBlock];
    const int64_t step = kept_.inner_stride(0), out_step = kept_.inner_stride(1);
    for (int64_t i = 0; i < count; i += batch) {
      const int64_t part = std::min(batch, count - i);
      dispatch_word(kReduceDtypes[type_], [&]<class Word>() {
        Word* const turned = reinterpret_cast<Word*>(columns);
        const Word* const row = reinterpret_cast<const Word*>(source_.at(from + i * step));
        if (part >= 4) return turn(turned, batch, row, step, part, n_);
        for (int64_t k = 0; k < n_; ++k)
          for (int64_t r = 0; r < part; ++r) turned[k * batch + r] = row[r * step + k];
      });
      loops_.clear(formula_, states, pitch_, part);
      for (int64_t k = 0; k < n_; k += kReduceGroup) {
        const int64_t group = std::min(kReduceGroup, n_ - k);
        const void* at[kReduceGroup];
        for (int64_t g = 0; g < group; ++g) at[g] = columns + (k + g) * batch * source_.to_bytes;
        loops_.columns(formula_, states, pitch_, at, group, part, k);
      }
      put(to + i * out_step, out_step, states, pitch_, part);
    }
  }

  // ---- one result after the other, its elements anywhere
  // ----------------------------------------------------------------------------------------------

  void results() const {
    if (n_ < kParallel) {
      parallel_for(0, kept_.numel(), grain(n_), [&](int64_t begin, int64_t end) {
        Odometer<2> at(kept_, kept_.ndim, begin);
        for (int64_t i = begin; i < end; ++i, at.next()) {
          State state = part(at.offset(0), 0, n_);
          put(at.offset(1), 1, &state, State::pitch, 1);
        }
      });
      return;
    }
    Odometer<2> at(kept_, kept_.ndim);
    for (int64_t i = kept_.numel(); i-- > 0; at.next()) {
      State state = chunks(at.offset(0));
      put(at.offset(1), 1, &state, State::pitch, 1);
    }
  }

  /// One result by several threads. A power of two of blocks is a chunk, and so a complete branch of the
  /// tree.
  State chunks(int64_t offset) const {
    constexpr int64_t most = 256;
    State states[most];
    int64_t chunk = kParallel / 2;
    while (chunk * most < n_) chunk *= 2;
    const int64_t count = (n_ + chunk - 1) / chunk;
    parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        states[i] = part(offset, i * chunk, std::min(chunk, n_ - i * chunk));
    });
    Counter all(*this);
    for (int64_t i = 0; i < count; ++i) all.add(states[i]);
    return all.result();
  }

  /// Elements start ... start + n of one result.
  State part(int64_t offset, int64_t start, int64_t n) const {
    State state;
    if (is_row()) {
      loops_.rows(formula_, &state, State::pitch, source_.at(offset + start), 0, 1, n, start);
      return state;
    }
    alignas(64) char buffer[kReduceBlock];
    ReduceReader reader(source_, inside_, offset, start);
    Counter all(*this);
    for (const int64_t end = start + n; start < end; start += block_) {
      const int64_t m = std::min(end - start, block_);
      loops_.rows(formula_, &state, State::pitch, reader.next(m, buffer), 0, 1, m, start);
      all.add(state);
    }
    return all.result();
  }

  // Combines states of equally many blocks first: the same tree as in the loops, whatever part of it they
  // did.
  class Counter {
   public:
    explicit Counter(const Reduction& r) : r_(r) {}
    void add(State state) {
      for (int64_t carry = done_++; (carry & 1) != 0; carry >>= 1) state = joined(stack_[--top_], state);
      stack_[top_++] = state;
    }
    State result() {
      State state = top_ > 0 ? stack_[--top_] : State{};
      while (top_ > 0) state = joined(stack_[--top_], state);
      return state;
    }

   private:
    State joined(State older, const State& newer) const {
      r_.loops_.merge(r_.formula_, &older, &newer, State::pitch, 1);
      return older;
    }
    const Reduction& r_;
    int64_t done_ = 0;
    int top_ = 0;
    State stack_[64];
  };

  // ---- whole rows of a matrix are combined, a strip of columns at a time
  // ----------------------------------------------------------------------------------------------

  /// The columns of a strip.
  int64_t strip_width() const { return pitch_ / state_bytes_; }

  // Reads the rows of one strip in order and adds them up in `acc`, which is a block wide.
  class Strip {
   public:
    Strip(const Reduction& r, const LoopDims<1>& inside, int64_t offset, int64_t start, int64_t width)
        : r_(r),
          at_(inside, inside.ndim, start),
          position_(start),
          offset_(offset),
          width_(width),
          in_place_(r.strip_source_.direct && r.kept_.inner_stride() == 1) {}

    // The tree of the loops' `pairwise`, with rows in the place of elements.
    void add_up(char* acc, int64_t n) {
      if (n <= kReduceRows) {
        r_.loops_.clear(r_.formula_, acc, r_.pitch_, width_);
        for (; n > 0; n -= kReduceGroup) add_group(acc, std::min(n, kReduceGroup));
        return;
      }
      int64_t left = kReduceRows;
      while (left * 2 < n) left *= 2;
      add_up(acc, left);
      alignas(64) char right[kReduceBlock];
      add_up(right, n - left);
      r_.loops_.merge(r_.formula_, acc, right, r_.pitch_, width_);
    }

   private:
    void add_group(char* acc, int64_t count) {
      const void* rows[kReduceGroup];
      for (int64_t k = 0; k < count; ++k, at_.next()) {
        rows[k] = r_.strip_source_.at(offset_ + at_.offset());
        if (in_place_) continue;
        char* row = copies_ + k * kReduceBlock;
        r_.strip_source_.load(row, 1, rows[k], r_.kept_.inner_stride(), width_);
        rows[k] = row;
      }
      r_.loops_.columns(r_.formula_, acc, r_.pitch_, rows, count, width_, position_);
      position_ += count;
    }

    const Reduction& r_;
    Odometer<1> at_;
    int64_t position_, offset_, width_;
    bool in_place_;
    alignas(64) char copies_[kReduceGroup * kReduceBlock];
  };

  void strips() const {
    const int64_t last = kept_.ndim - 1, columns = kept_.sizes[last], most = strip_width();
    const int64_t per_row = (columns + most - 1) / most, count = kept_.numel(last) * per_row;
    const bool by_rows = count < 8 && n_ * std::min(columns, most) >= kParallel;
    auto one = [&](int64_t i, const Odometer<2>& at) {
      const int64_t begin = i % per_row * most, width = std::min(most, columns - begin);
      alignas(64) char acc[kReduceBlock];
      const int64_t offset = at.offset(0) + begin * kept_.strides[0][last];
      if (by_rows)
        strip_by_rows(acc, inside_, offset, width);
      else
        Strip(*this, inside_, offset, 0, width).add_up(acc, n_);
      put(at.offset(1) + begin * kept_.strides[1][last], kept_.strides[1][last], acc, pitch_, width);
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

  /// One strip by several threads, which take runs of rows.
  void strip_by_rows(char* acc, const LoopDims<1>& inside, int64_t offset, int64_t width) const {
    constexpr int64_t most = 32;
    const int64_t n = inside.numel();
    int64_t chunk = kReduceRows;
    while (chunk * most < n || chunk * width < kParallel / 2) chunk *= 2;
    const int64_t count = (n + chunk - 1) / chunk;
    const std::unique_ptr<char[]> parts(new char[static_cast<std::size_t>(count * kReduceBlock)]);
    parallel_for(0, count, 1, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i)
        Strip(*this, inside, offset, i * chunk, width)
            .add_up(parts.get() + i * kReduceBlock, std::min(chunk, n - i * chunk));
    });
    join(parts.get(), count, width);
    std::copy_n(parts.get(), kReduceBlock, acc);
  }

  void join(char* parts, int64_t count, int64_t width) const {
    if (count == 1) return;
    int64_t left = 1;
    while (left * 2 < count) left *= 2;
    join(parts, left, width);
    join(parts + left * kReduceBlock, count - left, width);
    loops_.merge(formula_, parts, parts + left * kReduceBlock, pitch_, width);
  }

  // Few columns, and the rows next to each other: several rows are taken as one, which fills the registers.
  static constexpr int64_t kFold = 16;

  bool is_narrow() const {
    const int64_t columns = kept_.sizes[kept_.ndim - 1];
    return columns <= kFold && columns * kFold <= strip_width() && inside_.ndim == 1 &&
           n_ >= kFold * kReduceRows && inside_.inner_stride() == columns * kept_.inner_stride() &&
           !kernels_.indexed;
  }

  void narrow() const {
    const int64_t last = kept_.ndim - 1, outer = kept_.numel(last), work = n_ * kept_.sizes[last];
    const auto some = [&](int64_t begin, int64_t end) {
      Odometer<2> at(kept_, last, begin);
      for (int64_t i = begin; i < end; ++i, at.next()) narrow(at.offset(0), at.offset(1));
    };
    work >= kParallel ? some(0, outer) : parallel_for(0, outer, grain(work), some);
  }
  void narrow(int64_t from, int64_t to) const {
    const int64_t columns = kept_.sizes[kept_.ndim - 1], wide = columns * kFold, rest = n_ % kFold;
    LoopDims<1> folded = inside_;
    folded.sizes[0] = n_ / kFold;
    folded.strides[0][0] *= kFold;
    alignas(64) char sums[kReduceBlock], last[kReduceBlock];
    if (folded.sizes[0] * wide >= kParallel)
      strip_by_rows(sums, folded, from, wide);
    else
      Strip(*this, folded, from, 0, wide).add_up(sums, folded.sizes[0]);
    for (int64_t half = kFold / 2; half > 0; half /= 2)
      loops_.merge(formula_, sums, sums + half * columns * state_bytes_, pitch_, half * columns);
    if (rest > 0) {
      Strip(*this, inside_, from, n_ - rest, columns).add_up(last, rest);
      loops_.merge(formula_, sums, last, pitch_, columns);
    }
    put(to, kept_.inner_stride(1), sums, pitch_, columns);
  }

  struct Result {
    char* data;
    int64_t bytes;
    ConvertFn store;
  };

  const ReduceKernels& kernels_;
  const ReduceLoops& loops_;
  const void* formula_;
  ReduceType type_;
  ReduceSource source_, strip_source_;
  int64_t state_bytes_;
  int64_t pitch_;  // of the parts of a strip's states
  int64_t block_;  // elements
  Result out_[kReduceResults];
  bool in_place_;  // a state can be the result's memory
  LoopDims<1> inside_;
  LoopDims<2> kept_;
  int64_t n_ = 0;
};

// What no element comes to, everywhere.
void fill_with_identity(const ReduceLoops& loops, ScalarType dtype, const ReduceKernels& kernels,
                        const void* formula, const ArrayView* results) {
  State state;
  loops.clear(formula, &state, State::pitch, 1);
  if (loops.finish) loops.finish(formula, &state, &state, State::pitch, 1);
  const int64_t nowhere[kMaxLoopDims] = {};
  for (int k = 0; k < kernels.results; ++k)
    copy(results[k], {&state.part[k], dtype, results[k].ndim, results[k].sizes, nowhere});
}

// One result of few elements that lie as they are needed: nothing to plan.
void reduce_all(const ReduceLoops& loops, ScalarType dtype, const ReduceKernels& kernels, const void* formula,
                const ArrayView* results, const void* elements, int64_t n) {
  State state;
  const bool in_place = kernels.parts == 1 && results[0].dtype == dtype;
  void* to = in_place ? results[0].data : &state;
  loops.rows(formula, to, State::pitch, elements, 0, 1, n, 0);
  if (loops.finish) loops.finish(formula, to, to, State::pitch, 1);
  for (int k = 0; k < kernels.results && !in_place; ++k)
    convert(results[k].data, results[k].dtype, 1, &state.part[k], dtype, 1, 1);
}

}  // namespace

void reduce(Isa set, int index, const void* formula, const ArrayView* results, const ArrayView& in,
            const bool* reduced) {
  const ReduceKernels& kernels = kernel_table(set).reductions[index];
  int64_t n = 1, kept = 1, step = 1;
  bool dense = true;
  for (int64_t d = in.ndim; d-- > 0;) {
    const int64_t size = in.sizes[d];
    dense = dense && (size == 1 || in.strides[d] == step);
    step *= size;
    (reduced[d] ? n : kept) *= size;
  }
  if (kept == 0) return;
  const ReduceType type = compute_type(kernels, in.dtype, results[0].dtype, n);
  const ReduceLoops& own = kernels.loops[type];
  const ReduceLoops& loops = own.rows ? own : kernel_table(Isa::base).reductions[index].loops[type];
  const ScalarType computed = kReduceDtypes[type];
  if (n == 0) return fill_with_identity(loops, state_dtype(kernels, type), kernels, formula, results);
  if (dense && kept == 1 && n < kParallel && in.dtype == computed)
    return reduce_all(loops, state_dtype(kernels, type), kernels, formula, results, in.data, n);
  Reduction(kernels, loops, formula, type, results, in, reduced).run();
}

}  // namespace xgrad::kernels
