// The executor: cuts the loop over arrays into blocks that fit into the first cache, and feeds row kernels
// with them. What no kernel can read or write where it is (strided, of another dtype, in short rows) passes
// through a small buffer, so that kernels know one layout and one dtype.
#include <xgrad/core/kernels/elementwise/executor.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/stream.h>
#include <xgrad/core/kernels/copy/transpose.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {

namespace {

constexpr int64_t kGrain = kElementwiseGrain;
constexpr int64_t kShortRow = 64;        // shorter rows are gathered, and computed several at a time
constexpr int64_t kFewRows = 16;         // fewer short rows are not worth a buffer
constexpr int64_t kBlockBytes = 4096;    // of a block in a buffer: those of an op stay in the first cache
constexpr int64_t kPlaneBytes = 8192;    // the same where an input is turned: more rows use more of its lines
constexpr int64_t kPlaneColumns = 64;    // of such a block
constexpr int64_t kAllBuffers = 65536;   // bytes of all buffers of a thread together
constexpr int64_t kSmallBuffers = 4096;  // the same where that is enough, so that a small call touches less
constexpr int64_t kStreamedAtOnce = 128;  // elements; a multiple of a line for every dtype

// How a kernel gets to see an array.
enum class Access {
  direct,    // where it is
  repeated,  // in a buffer that is the same for every block
  as_run,    // converted into a buffer, all rows of a block at once
  by_row,    // gathered into a buffer, or for the result scattered from one, row by row
  by_plane,  // turned into a buffer: in memory it lies along the last dimension but one
};

// One array of the call.
struct Array {
  char* data;
  int64_t element;    // bytes
  int64_t width;      // bytes of an element in a buffer
  ConvertFn convert;  // between its dtype and its slot's
  bool converts;      // these differ
  ScalarType slot;
  Access access;
  bool same_in_every_row;
  int64_t buffer;  // its place among the buffers
};

struct Plan {
  RowFn row;
  const void* formula;
  int count, end;  // arrays[0 .. count) are the inputs, arrays[count .. end) the results
  Array arrays[kMaxSlots];
  LoopDims<kMaxSlots> dims;
  // A block is rows x cols elements; it does not reach over the end of a span of rows.
  int64_t rows, cols, span;
  int64_t buffers;  // bytes of all
  bool flat;        // the rows of a block are one run to the kernel
  bool planes;      // inputs are turned
  bool stream;      // the results go past the cache

  bool is_input(int i) const { return i < count; }
  int64_t inner() const { return dims.inner_size(); }
  int64_t outer() const { return dims.numel(dims.ndim - 1); }
  int64_t inner_stride(int i) const { return dims.inner_stride(i); }
  int64_t outer_stride(int i) const { return dims.strides[i][dims.ndim - 2]; }
  int64_t blocks_per_row() const { return (inner() + cols - 1) / cols; }
  int64_t blocks_per_span() const { return (span + rows - 1) / rows; }
  // Whether a kernel finds the elements of a row where they are.
  bool row_is_readable(int i) const {
    const int64_t step = inner_stride(i);
    return !arrays[i].converts && (step == 1 || (step == 0 && is_input(i)));
  }
};

void take_arrays(Plan& p, const Operand* arrays) {
  for (int i = 0; i < p.end; ++i) {
    const Operand& from = arrays[i];
    Array& a = p.arrays[i];
    a.data = static_cast<char*>(from.data);
    a.slot = from.slot;
    a.element = static_cast<int64_t>(element_size(from.dtype));
    a.width = static_cast<int64_t>(element_size(from.slot));
    a.convert = p.is_input(i) ? converter(from.slot, from.dtype) : converter(from.dtype, from.slot);
    a.converts = from.dtype != from.slot;
  }
}

// The dimensions, sorted so that the first result is walked in memory order.
void take_dims(Plan& p, const Operand* arrays) {
  const Operand& result = arrays[p.count];
  p.dims.arrays = p.end;
  for (int64_t d = 0; d < result.ndim; ++d) {
    int64_t steps[kMaxSlots];
    for (int i = 0; i < p.end; ++i) {
      const int64_t own = d - (result.ndim - arrays[i].ndim);
      steps[i] =
          own < 0 ? 0 : broadcast_stride(arrays[i].sizes[own], arrays[i].strides[own], result.sizes[d]);
    }
    p.dims.add(result.sizes[d], steps);
  }
  p.dims.arrange(p.count);
  for (int i = 0; i < p.end; ++i) {
    bool same = true;
    for (int64_t d = 0; d + 1 < p.dims.ndim; ++d) same = same && p.dims.strides[i][d] == 0;
    p.arrays[i].same_in_every_row = same;
  }
}

// Looks for an input that lies in memory along another dimension than the result, and makes that one the last
// but one: planes of the two are what is turned. Says whether there is one.
bool arrange_planes(Plan& p) {
  const int64_t inner = p.dims.ndim - 1;
  for (int i = 0; i < p.count; ++i) {
    const int64_t* strides = p.dims.strides[i];
    int64_t best = inner;
    for (int64_t d = 0; d < inner; ++d)
      if (strides[d] > 0 && strides[d] < strides[best] && p.dims.sizes[d] >= 4) best = d;
    if (best == inner) continue;
    p.dims.move(best, inner - 1);
    return true;
  }
  return false;
}

bool is_contiguous(const Plan& p, int i) {
  int64_t step = 1;
  for (int64_t d = p.dims.ndim; d-- > 0; step *= p.dims.sizes[d])
    if (p.dims.strides[i][d] != step) return false;
  return true;
}

Access access_to(const Plan& p, int i) {
  const Array& a = p.arrays[i];
  const int64_t step = p.inner_stride(i);
  const bool whole = p.flat && is_contiguous(p, i);
  if (p.flat ? whole && !a.converts : p.row_is_readable(i)) return Access::direct;
  if (p.is_input(i) && (p.flat || step == 0) && a.same_in_every_row) return Access::repeated;
  if (whole) return Access::as_run;
  if (p.is_input(i) && p.planes && p.outer_stride(i) > 0 && p.outer_stride(i) < step) return Access::by_plane;
  return Access::by_row;
}

// Short rows are computed together, unless that means to gather what could be read where it is.
bool is_flat(const Plan& p) {
  if (p.dims.ndim == 1 || p.inner() >= kShortRow) return false;
  bool readable = true;
  for (int i = 0; i < p.end; ++i) {
    if (!p.row_is_readable(i))
      readable = false;
    else if (!is_contiguous(p, i) && !(p.is_input(i) && p.arrays[i].same_in_every_row))
      return false;
  }
  return !readable || p.outer() > kFewRows;
}

// What is changed in place has come into the cache already.
bool may_stream(const Plan& p, const Array& result, int64_t n) {
  if (n * result.element < kStreamBytes || result.access != Access::direct) return false;
  for (int i = 0; i < p.count; ++i)
    if (p.arrays[i].data == result.data) return false;
  return true;
}

// Whether an array passes through a buffer.
bool is_buffered(const Plan& p, int i) {
  return p.arrays[i].access != Access::direct || (p.stream && !p.is_input(i));
}

// Decides how every array is accessed.
void choose_access(Plan& p, int64_t n) {
  p.flat = is_flat(p);
  p.planes = !p.flat && p.dims.ndim > 1 && arrange_planes(p);
  for (int i = 0; i < p.end; ++i) p.arrays[i].access = access_to(p, i);
  p.stream = true;
  for (int i = p.count; i < p.end; ++i) p.stream = p.stream && may_stream(p, p.arrays[i], n);
}

// The size of blocks, and where the buffers are.
void choose_blocks(Plan& p, int64_t n) {
  int64_t bytes = 0, width = 1;  // of an element in all buffers, and in the widest
  for (int i = 0; i < p.end; ++i) {
    if (!is_buffered(p, i)) continue;
    bytes += p.arrays[i].width;
    width = std::max(width, p.arrays[i].width);
  }
  p.buffers = 0;
  p.span = p.planes ? p.dims.sizes[p.dims.ndim - 2] : p.outer();
  p.cols = p.inner();
  p.rows = p.span;
  if (bytes == 0 && n <= kGrain) return;
  const int64_t most = (p.planes ? kPlaneBytes : kBlockBytes) / width;
  const int64_t elements = bytes == 0 ? kGrain : std::min(most, kAllBuffers / bytes / kLine * kLine);
  if (!p.flat) p.cols = std::min(p.cols, p.planes ? kPlaneColumns : elements);
  p.rows = std::min(p.span, elements / p.cols);
  for (int i = 0; i < p.end; ++i) {
    Array& a = p.arrays[i];
    if (!is_buffered(p, i)) continue;
    const int64_t rows = p.flat || a.access == Access::by_plane ? p.rows : 1;
    a.buffer = p.buffers;
    p.buffers += (rows * p.cols * a.width + kLine - 1) / kLine * kLine;
  }
}

// What one thread computes with.
class Worker {
 public:
  Worker(const Plan& p, char* buffers) : p_(p), buffers_(buffers) {
    for (int i = 0; i < p.count; ++i) {
      step_[i] = p.inner_stride(i) != 0 || (p.flat && !p.arrays[i].same_in_every_row);
      if (p.arrays[i].access == Access::repeated) repeat(i);
    }
  }

  void blocks(int64_t begin, int64_t end) {
    if (begin == 0 && end == 1) return block(0, 0, p_.rows, p_.cols);  // spares a small call the divisions
    const int64_t per_row = p_.blocks_per_row(), per_span = p_.blocks_per_span();
    for (int64_t b = begin; b < end; ++b) {
      const int64_t column = b % per_row * p_.cols, row = b / per_row % per_span * p_.rows;
      block(b / per_row / per_span * p_.span + row, column, std::min(p_.rows, p_.span - row),
            std::min(p_.cols, p_.inner() - column));
    }
  }

 private:
  // Where a row of every array begins.
  class Rows : public Odometer<kMaxSlots> {
   public:
    Rows(const Plan& p, int64_t row, int64_t column)
        : Odometer(p.dims, p.dims.ndim - 1, row), p_(p), column_(column) {}
    char* at(int i) const {
      return p_.arrays[i].data + (offset(i) + column_ * p_.inner_stride(i)) * p_.arrays[i].element;
    }

   private:
    const Plan& p_;
    int64_t column_;
  };

  char* buffer(int i, int64_t row = 0) {
    return buffers_ + p_.arrays[i].buffer + row * p_.cols * p_.arrays[i].width;
  }
  bool is(int i, Access access) const { return p_.arrays[i].access == access; }

  void repeat(int i) {
    const Array& a = p_.arrays[i];
    a.convert(buffer(i), 1, a.data, p_.inner_stride(i), step_[i] ? p_.cols : 1);
    if (!step_[i] || !p_.flat) return;
    for (int64_t done = 1; done < p_.rows; done *= 2) {
      const int64_t more = std::min(done, p_.rows - done);
      std::memcpy(buffer(i, done), buffer(i), static_cast<std::size_t>(more * p_.cols * a.width));
    }
  }

  void block(int64_t row, int64_t column, int64_t rows, int64_t cols) {
    if (p_.flat) return flat_block(row, rows);
    Rows at(p_, row, column);
    if (p_.planes)
      for (int i = 0; i < p_.count; ++i)
        if (is(i, Access::by_plane)) turn_plane(i, at.at(i), rows, cols, p_.inner() - column - cols);
    for (int64_t r = 0; r < rows; ++r, at.next()) {
      for (int i = 0; i < p_.count; ++i)
        if (is(i, Access::by_row)) gather(i, at.at(i), buffer(i), step_[i] ? cols : 1);
      compute(at, r, cols);
      for (int i = p_.count; i < p_.end; ++i)
        if (is(i, Access::by_row)) scatter(i, at.at(i), buffer(i), cols);
    }
  }

  // Rows that are one run to the kernel.
  void flat_block(int64_t row, int64_t rows) {
    const int64_t n = rows * p_.cols;
    const Rows first(p_, row, 0);
    for (int i = 0; i < p_.count; ++i)
      if (is(i, Access::as_run)) gather(i, first.at(i), buffer(i), n);
    over_rows(row, rows, 0, p_.count, [&](int i, char* from, char* to) { gather(i, from, to, p_.cols); });
    compute(first, 0, n);
    for (int i = p_.count; i < p_.end; ++i)
      if (is(i, Access::as_run)) scatter(i, first.at(i), buffer(i), n);
    over_rows(row, rows, p_.count, p_.end,
              [&](int i, char* to, char* from) { scatter(i, to, from, p_.cols); });
  }

  // Calls f(i, place, buffer) for the rows of those of the arrays that go row by row.
  template <class F>
  void over_rows(int64_t row, int64_t rows, int begin, int end, const F& f) {
    const auto goes_by_row = [](const Array& a) { return a.access == Access::by_row; };
    if (std::none_of(p_.arrays + begin, p_.arrays + end, goes_by_row)) return;
    Rows at(p_, row, 0);
    for (int64_t r = 0; r < rows; ++r, at.next())
      for (int i = begin; i < end; ++i)
        if (goes_by_row(p_.arrays[i])) f(i, at.at(i), buffer(i, r));
  }

  void gather(int i, const char* from, char* to, int64_t n) {
    p_.arrays[i].convert(to, 1, from, p_.inner_stride(i), n);
  }
  void scatter(int i, char* to, const char* from, int64_t n) {
    p_.arrays[i].convert(to, p_.inner_stride(i), from, 1, n);
  }

  void turn_plane(int i, const char* from, int64_t rows, int64_t cols, int64_t to_the_right) {
    const Array& a = p_.arrays[i];
    const int64_t along = p_.inner_stride(i), across = p_.outer_stride(i);
    const int64_t step = along * a.element, run = rows * across * a.element;
    // No processor foresees the lines of the next block: they are asked for one block ahead.
    const char* next = from + cols * step;
    for (int64_t c = 0; c < std::min(cols, to_the_right); ++c, next += step)
      for (int64_t b = 0; b < run; b += kLine) prefetch_line(next + b);
    const Plane plane{.along = cols,
                      .across = rows,
                      .dst_along = 1,
                      .dst_across = p_.cols,
                      .src_along = along,
                      .src_across = across,
                      .src_bytes = a.element,
                      .load = !a.converts && across == 1 ? nullptr : a.convert,
                      .stream = false};
    transposer(a.slot)(buffer(i), from, plane);
  }

  // One call of the kernel, for row r of a block.
  void compute(const Rows& at, int64_t r, int64_t n) {
    const void* in[kMaxInputs];
    void* out[kMaxResults];
    for (int i = 0; i < p_.count; ++i)
      in[i] = is(i, Access::direct) ? at.at(i) : buffer(i, is(i, Access::by_plane) ? r : 0);
    for (int i = p_.count; i < p_.end; ++i) out[i - p_.count] = is_buffered(p_, i) ? buffer(i) : at.at(i);
    p_.row(p_.formula, out, in, step_, n);
    if (p_.stream) stream(at, n);
  }

  // The results of a call go past the cache, and meanwhile what the next call will read comes in: reading
  // and writing in turn would leave the memory idle at every change.
  void stream(const Rows& at, int64_t n) {
    const int64_t lead =
        reinterpret_cast<std::intptr_t>(at.at(p_.count)) / p_.arrays[p_.count].width % kStreamedAtOnce;
    for (int64_t done = 0, end = kStreamedAtOnce - lead; done < n; done = end, end += kStreamedAtOnce) {
      end = std::min(end, n);
      for (int i = 0; i < p_.count; ++i) prefetch(i, at.at(i), n + done, n + end);
      for (int i = p_.count; i < p_.end; ++i) {
        const int64_t width = p_.arrays[i].width;
        stream_copy(at.at(i) + done * width, buffer(i) + done * width, (end - done) * width);
      }
    }
  }

  void prefetch(int i, const char* row, int64_t begin, int64_t end) {
    const int64_t step = p_.inner_stride(i) * p_.arrays[i].element;
    if (step == 0 || !(is(i, Access::direct) || (is(i, Access::by_row) && !p_.flat))) return;
    for (int64_t b = begin * step; b < end * step; b += std::max(kLine, step)) prefetch_line(row + b);
  }

  const Plan& p_;
  char* buffers_;
  uint8_t step_[kMaxInputs];
};

template <int64_t bytes>
[[gnu::noinline]] void run_blocks(const Plan& p, int64_t begin, int64_t end) {
  alignas(kLine) char buffers[bytes];
  Worker(p, buffers).blocks(begin, end);
  if (p.stream) stream_fence();
}

}  // namespace

void execute(RowFn row, const void* formula, int inputs, int results, const Operand* arrays) {
  Plan p;
  p.row = row;
  p.formula = formula;
  p.count = inputs;
  p.end = inputs + results;
  take_arrays(p, arrays);
  take_dims(p, arrays);
  const int64_t n = p.dims.numel();
  choose_access(p, n);
  choose_blocks(p, n);
  if (n <= kGrain && p.buffers <= kSmallBuffers && p.rows == p.span && p.cols == p.inner())
    return run_blocks<kSmallBuffers>(p, 0, n / p.cols / p.span);
  const int64_t blocks = n / p.inner() / p.span * p.blocks_per_span() * p.blocks_per_row();
  parallel_for(0, blocks, std::max<int64_t>(1, kGrain / (p.rows * p.cols)), [&](int64_t begin, int64_t end) {
    run_blocks<kAllBuffers + kMaxSlots * kLine>(p, begin, end);
  });
}

void execute_blocks(RowFn row, const void* formula, const RowSlots& slots, ScalarType compute,
                    const void* const* in, const uint8_t* step, void* const* out, int64_t n) {
  const int64_t one = 1;
  Operand arrays[kMaxSlots];
  for (int i = 0; i < slots.inputs + slots.results; ++i) {
    const ScalarType type = slots.type(i, compute);
    const bool input = i < slots.inputs;
    void* data = input ? const_cast<void*>(in[i]) : out[i - slots.inputs];
    arrays[i] = {{data, type, input && !step[i] ? 0 : 1, &n, &one}, type};
  }
  execute(row, formula, slots.inputs, slots.results, arrays);
}

}  // namespace xgrad::kernels
