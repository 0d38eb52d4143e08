// The executor: cuts the loop over arrays into blocks that fit into the first cache, and feeds row kernels
// with them. What no kernel can read or write where it is (strided, of another dtype, in short rows) passes
// through a small buffer, so that kernels know one layout and one dtype.
#include <xgrad/core/kernels/elementwise/executor.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/kernels/copy/stream.h>
#include <xgrad/core/kernels/copy/transpose.h>
#include <xgrad/core/kernels/elementwise/plan.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {

namespace {

constexpr int64_t kStreamedAtOnce = 128;  // elements; a multiple of a line for every dtype

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
    Rows(const Plan& p, int64_t row, int64_t column) : Rows(p, p.dims.ndim - 1, row, column) {}
    // Of the first `outer` dimensions, the others at their beginning.
    Rows(const Plan& p, int64_t outer, int64_t row, int64_t column) : Odometer(p.dims, outer, row), p_(p) {
      for (int i = 0; i < p.end; ++i)
        start_[i] = p.arrays[i].data + column * p.inner_stride(i) * p.arrays[i].element;
    }
    char* at(int i) const { return start_[i] + offset(i) * p_.arrays[i].element; }

   private:
    const Plan& p_;
    char* start_[kMaxSlots];
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
    if (p_.buffers == 0) return direct_rows(row, column, rows, cols);
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

  // Rows that the kernel reads and writes where they are; along the last dimension but one they are one step
  // apart.
  void direct_rows(int64_t row, int64_t column, int64_t rows, int64_t cols) {
    const int64_t last = p_.dims.ndim - 2, run = last < 0 ? 1 : p_.dims.sizes[last];
    Rows outer(p_, std::max<int64_t>(last, 0), row / run, column);
    int64_t step[kMaxSlots];
    void* at[kMaxSlots];
    for (int i = 0; i < p_.end; ++i) step[i] = last < 0 ? 0 : p_.dims.strides[i][last] * p_.arrays[i].element;
    for (int64_t first = row % run; rows > 0; first = 0, outer.next()) {
      const int64_t n = std::min(rows, run - first);
      for (int i = 0; i < p_.end; ++i) at[i] = outer.at(i) + first * step[i];
      for (int64_t r = 0; r < n; ++r) {
        p_.row(p_.formula, at + p_.count, at, step_, cols);
        for (int i = 0; i < p_.end; ++i) at[i] = static_cast<char*>(at[i]) + step[i];
      }
      rows -= n;
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
    if (!p_.by_row) return;
    Rows at(p_, row, 0);
    for (int64_t r = 0; r < rows; ++r, at.next())
      for (int i = begin; i < end; ++i)
        if (is(i, Access::by_row)) f(i, at.at(i), buffer(i, r));
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
                      .far = false,
                      .stream = false};
    transposer(a.slot)(buffer(i), from, plane);
  }

  // One call of the kernel, for row r of a block.
  void compute(const Rows& at, int64_t r, int64_t n) {
    const auto place = [&](int i) {
      return p_.arrays[i].buffered ? buffer(i, is(i, Access::by_plane) ? r : 0) : at.at(i);
    };
    const void* in[kMaxInputs];
    void* out[kMaxResults];
    for (int i = 0; i < p_.count; ++i) in[i] = place(i);
    for (int i = p_.count; i < p_.end; ++i) out[i - p_.count] = place(i);
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
  const Plan p(row, formula, inputs, results, arrays);
  const int64_t n = p.dims.numel();
  if (n <= kElementwiseGrain && p.buffers <= kSmallBuffers && p.rows == p.span && p.cols == p.inner())
    return run_blocks<kSmallBuffers>(p, 0, n / p.cols / p.span);
  const int64_t blocks = n / p.inner() / p.span * p.blocks_per_span() * p.blocks_per_row();
  parallel_for(
      0, blocks, std::max<int64_t>(1, kElementwiseGrain / (p.rows * p.cols)),
      [&](int64_t begin, int64_t end) { run_blocks<kAllBuffers + kMaxSlots * kLine>(p, begin, end); });
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
