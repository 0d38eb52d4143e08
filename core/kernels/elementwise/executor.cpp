// The executor: cuts the loop over arrays into blocks that fit into the first cache, and feeds row kernels
// with them. What no kernel can read or write where it is (strided, of another dtype, in short rows) passes
// through a small buffer, so that kernels know one layout and one dtype.
#include <xgrad/core/kernels/elementwise/executor.h>

#include <algorithm>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/stream.h>
#include <xgrad/core/kernels/copy/transpose.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/shape.h>

namespace xgrad::kernels {

namespace {

constexpr int64_t kGrain = 16384;      // elements below which a second thread costs more than it gains
constexpr int64_t kShortRow = 64;      // shorter rows are gathered, and computed several at a time
constexpr int64_t kBlockBytes = 4096;  // of a block in a buffer: those of an op stay in the first cache
constexpr int64_t kPlaneBytes = 8192;  // the same where an input is turned: more rows use more of its lines
constexpr int64_t kPlaneColumns = 64;  // of such a block
constexpr int64_t kStreamedAtOnce = 128;  // elements; a multiple of a line for every dtype

// How a kernel gets to see an array.
enum class Access {
  direct,    // where it is
  repeated,  // in a buffer that is the same for every block
  by_row,    // gathered into a buffer, or for the result scattered from one, row by row
  by_plane,  // turned into a buffer: in memory it lies along the last dimension but one
};

// One array of the call, the result included (it comes last).
struct Array {
  char* data;
  ScalarType dtype;
  int64_t element;  // bytes
  DimVector strides;
  ConvertFn convert;  // between its dtype and the kernels'
  Access access;

  int64_t inner_stride() const { return strides.back(); }
  int64_t outer_stride() const { return strides[strides.size() - 2]; }
  bool same_in_every_row() const {
    return std::all_of(strides.begin(), strides.end() - 1, [](int64_t s) { return s == 0; });
  }
};

struct Plan {
  RowFn row;
  const void* formula;
  ScalarType compute;
  int64_t element;  // bytes, of what is in the buffers
  int count;        // of inputs; arrays[count] is the result
  Array arrays[kMaxOperands + 1];
  DimVector sizes;
  // A block is rows x cols elements; it does not reach over the end of a span of rows.
  int64_t rows, cols, span;
  bool flat;    // the rows of a block are one run to the kernel
  bool stream;  // the result goes past the cache

  const Array& out() const { return arrays[count]; }
  int64_t inner() const { return sizes.back(); }
  int64_t blocks_per_row() const { return (inner() + cols - 1) / cols; }
  int64_t blocks_per_span() const { return (span + rows - 1) / rows; }
};

// Sorts dimensions so that the result is walked in memory order, and merges those that all arrays step
// through evenly.
void collapse(Plan& p, int64_t ndim, const int64_t* sizes) {
  DimVector order;
  for (int64_t d = 0; d < ndim; ++d)
    if (sizes[d] != 1) order.push_back(d);
  const DimVector& result = p.out().strides;
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return result[static_cast<std::size_t>(a)] > result[static_cast<std::size_t>(b)];
  });
  DimVector merged_sizes, merged[kMaxOperands + 1];
  for (int64_t d : order) {
    const int64_t size = sizes[d];
    bool merges = !merged_sizes.empty();
    for (int i = 0; i <= p.count && merges; ++i)
      merges = merged[i].back() == p.arrays[i].strides[static_cast<std::size_t>(d)] * size;
    if (merges) {
      merged_sizes.back() *= size;
      for (int i = 0; i <= p.count; ++i) merged[i].back() = p.arrays[i].strides[static_cast<std::size_t>(d)];
    } else {
      merged_sizes.push_back(size);
      for (int i = 0; i <= p.count; ++i)
        merged[i].push_back(p.arrays[i].strides[static_cast<std::size_t>(d)]);
    }
  }
  if (merged_sizes.empty()) {
    merged_sizes.push_back(1);
    for (int i = 0; i <= p.count; ++i) merged[i].push_back(1);
  }
  p.sizes = merged_sizes;
  for (int i = 0; i <= p.count; ++i) p.arrays[i].strides = merged[i];
}

// Looks for an input that lies in memory along another dimension than the result, and makes that one the last
// but one: planes of the two are what is turned. Says whether there is one.
bool arrange_planes(Plan& p) {
  const std::size_t inner = p.sizes.size() - 1;
  for (int i = 0; i < p.count; ++i) {
    const DimVector& strides = p.arrays[i].strides;
    std::size_t best = inner;
    for (std::size_t d = 0; d < inner; ++d)
      if (strides[d] > 0 && strides[d] < strides[best] && p.sizes[d] >= 4) best = d;
    if (best == inner) continue;
    const auto make_last_but_one = [&](DimVector& v) {
      std::rotate(v.begin() + best, v.begin() + best + 1, v.begin() + inner);
    };
    make_last_but_one(p.sizes);
    for (int k = 0; k <= p.count; ++k) make_last_but_one(p.arrays[k].strides);
    return true;
  }
  return false;
}

bool is_contiguous(const Array& a, const DimVector& sizes) {
  int64_t step = 1;
  for (std::size_t d = sizes.size(); d-- > 0; step *= sizes[d])
    if (a.strides[d] != step) return false;
  return true;
}

Access access_to(const Plan& p, int i, bool planes) {
  const Array& a = p.arrays[i];
  const int64_t step = a.inner_stride();
  const bool input = i < p.count;
  const bool readable = p.flat ? is_contiguous(a, p.sizes) : step == 1 || (input && step == 0);
  if (readable && a.dtype == p.compute) return Access::direct;
  if (input && (p.flat || step == 0) && a.same_in_every_row()) return Access::repeated;
  if (input && planes && a.outer_stride() > 0 && a.outer_stride() < step) return Access::by_plane;
  return Access::by_row;
}

// Decides how every array is accessed, and the size of blocks.
void choose_blocks(Plan& p, int64_t n) {
  const int64_t all_rows = n / p.inner();
  p.flat = all_rows > 1 && p.inner() < kShortRow;
  const bool planes = !p.flat && all_rows > 1 && arrange_planes(p);
  p.stream = n * p.out().element >= kStreamBytes;
  bool all_direct = true;
  for (int i = 0; i <= p.count; ++i) {
    Array& a = p.arrays[i];
    a.access = access_to(p, i, planes);
    all_direct = all_direct && a.access == Access::direct;
    // What is changed in place has come into the cache already.
    if (i < p.count && a.data == p.out().data) p.stream = false;
  }
  p.stream = p.stream && p.out().access == Access::direct;
  const int64_t elements =
      all_direct && !p.stream ? kGrain : (planes ? kPlaneBytes : kBlockBytes) / p.element;
  p.span = planes ? p.sizes[p.sizes.size() - 2] : all_rows;
  p.cols = p.flat ? p.inner() : std::min(p.inner(), planes ? kPlaneColumns : elements);
  p.rows = std::min(p.span, elements / p.cols);
}

// Walks over rows, and knows where the row is in every array.
class Rows {
 public:
  Rows(const Plan& p, int64_t row, int64_t column) : p_(p), index_(p.sizes.size()) {
    for (int i = 0; i <= p.count; ++i) {
      const Array& a = p.arrays[i];
      at_[i] = a.data + column * a.inner_stride() * a.element;
    }
    for (std::size_t d = p.sizes.size() - 1; d-- > 0 && row > 0; row /= p.sizes[d]) {
      index_[d] = row % p.sizes[d];
      move(d, index_[d]);
    }
  }
  char* at(int i) const { return at_[i]; }
  void next() {
    for (std::size_t d = p_.sizes.size() - 1; d-- > 0;) {
      if (++index_[d] < p_.sizes[d]) return move(d, 1);
      move(d, 1 - index_[d]);
      index_[d] = 0;
    }
  }

 private:
  void move(std::size_t d, int64_t steps) {
    for (int i = 0; i <= p_.count; ++i) at_[i] += steps * p_.arrays[i].strides[d] * p_.arrays[i].element;
  }

  const Plan& p_;
  DimVector index_;
  char* at_[kMaxOperands + 1];
};

// What one thread computes with.
class Worker {
 public:
  explicit Worker(const Plan& p) : p_(p) {
    for (int i = 0; i < p.count; ++i) {
      const Array& a = p.arrays[i];
      step_[i] = a.inner_stride() != 0 || (p.flat && !a.same_in_every_row());
      if (a.access != Access::repeated) continue;
      const int64_t rows = step_[i] ? p.rows : 1, cols = step_[i] ? p.cols : 1;
      for (int64_t r = 0; r < rows; ++r) a.convert(buffer(i, r), 1, a.data, a.inner_stride(), cols);
    }
  }

  void block(int64_t number) {
    const int64_t column = number % p_.blocks_per_row() * p_.cols;
    number /= p_.blocks_per_row();
    const int64_t row = number % p_.blocks_per_span() * p_.rows;
    const int64_t rows = std::min(p_.rows, p_.span - row), cols = std::min(p_.cols, p_.inner() - column);
    const Rows first(p_, number / p_.blocks_per_span() * p_.span + row, column);
    for (int i = 0; i < p_.count; ++i) {
      if (p_.arrays[i].access == Access::by_row) gather_rows(i, first, rows, step_[i] ? cols : 1);
      if (p_.arrays[i].access == Access::by_plane)
        turn_plane(i, first, rows, cols, p_.inner() - column - cols);
    }
    compute(first, p_.flat ? 1 : rows, p_.flat ? rows * cols : cols);
    if (p_.out().access == Access::by_row) scatter_rows(first, rows, cols);
  }

 private:
  char* buffer(int i, int64_t row) { return buffers_[i] + row * p_.cols * p_.element; }

  void gather_rows(int i, Rows at, int64_t rows, int64_t cols) {
    const Array& a = p_.arrays[i];
    for (int64_t r = 0; r < rows; ++r, at.next())
      a.convert(buffer(i, r), 1, at.at(i), a.inner_stride(), cols);
  }

  void scatter_rows(Rows at, int64_t rows, int64_t cols) {
    for (int64_t r = 0; r < rows; ++r, at.next())
      p_.out().convert(at.at(p_.count), p_.out().inner_stride(), buffer(p_.count, r), 1, cols);
  }

  void turn_plane(int i, const Rows& first, int64_t rows, int64_t cols, int64_t to_the_right) {
    const Array& a = p_.arrays[i];
    const int64_t step = a.inner_stride() * a.element, run = rows * a.outer_stride() * a.element;
    // No processor foresees the lines of the next block: they are asked for one block ahead.
    const char* next = first.at(i) + cols * step;
    for (int64_t c = 0; c < std::min(cols, to_the_right); ++c, next += step)
      for (int64_t b = 0; b < run; b += kLine) prefetch_line(next + b);
    const bool plain = a.dtype == p_.compute && a.outer_stride() == 1;
    const Plane plane{.along = cols,
                      .across = rows,
                      .dst_along = 1,
                      .dst_across = p_.cols,
                      .src_along = a.inner_stride(),
                      .src_across = a.outer_stride(),
                      .src_bytes = a.element,
                      .load = plain ? nullptr : a.convert,
                      .stream = false};
    transposer(p_.compute)(buffer(i, 0), first.at(i), plane);
  }

  void compute(Rows at, int64_t calls, int64_t n) {
    const void* in[kMaxOperands];
    for (int64_t r = 0; r < calls; ++r, at.next()) {
      for (int i = 0; i < p_.count; ++i) {
        const Access access = p_.arrays[i].access;
        in[i] = access == Access::direct ? at.at(i) : buffer(i, access == Access::repeated ? 0 : r);
      }
      const bool in_place = p_.out().access == Access::direct && !p_.stream;
      char* result = in_place ? at.at(p_.count) : buffer(p_.count, p_.stream ? 0 : r);
      p_.row(p_.formula, result, in, step_, n);
      if (p_.stream) stream(at, result, n);
    }
  }

  // The result of a call goes past the cache, and meanwhile what the next call will read comes in: reading
  // and writing in turn would leave the memory idle at every change.
  void stream(const Rows& at, const char* result, int64_t n) {
    char* to = at.at(p_.count);
    const int64_t lead = reinterpret_cast<std::intptr_t>(to) / p_.element % kStreamedAtOnce;
    for (int64_t done = 0, end = kStreamedAtOnce - lead; done < n; done = end, end += kStreamedAtOnce) {
      end = std::min(end, n);
      for (int i = 0; i < p_.count; ++i) prefetch(i, at.at(i), n + done, n + end);
      stream_copy(to + done * p_.element, result + done * p_.element, (end - done) * p_.element);
    }
  }

  void prefetch(int i, const char* row, int64_t begin, int64_t end) {
    const Array& a = p_.arrays[i];
    const int64_t step = a.inner_stride() * a.element;
    if (step == 0 || !(a.access == Access::direct || (a.access == Access::by_row && !p_.flat))) return;
    for (int64_t b = begin * step; b < end * step; b += std::max(kLine, step)) prefetch_line(row + b);
  }

  const Plan& p_;
  uint8_t step_[kMaxOperands];
  alignas(64) char buffers_[kMaxOperands + 1][kPlaneBytes];
};

}  // namespace

void execute(RowFn row, const void* formula, ScalarType compute, int count, const Operand* in, void* out,
             ScalarType out_dtype, const int64_t* out_strides, int64_t ndim, const int64_t* sizes) {
  const IntArrayRef size_list(sizes, static_cast<std::size_t>(ndim));
  const int64_t n = numel_of(size_list);
  if (n == 0) return;
  Plan p;
  p.row = row;
  p.formula = formula;
  p.compute = compute;
  p.element = static_cast<int64_t>(element_size(compute));
  p.count = count;
  for (int i = 0; i <= count; ++i) {
    Array& a = p.arrays[i];
    const bool input = i < count;
    const int64_t* strides = input ? in[i].strides : out_strides;
    a.data = static_cast<char*>(input ? const_cast<void*>(in[i].data) : out);
    a.dtype = input ? in[i].dtype : out_dtype;
    a.element = static_cast<int64_t>(element_size(a.dtype));
    a.strides = strides ? DimVector(IntArrayRef(strides, size_list.size())) : DimVector(size_list.size(), 0);
    a.convert = input ? converter(compute, a.dtype) : converter(a.dtype, compute);
  }
  collapse(p, ndim, sizes);
  choose_blocks(p, n);
  const int64_t blocks = n / p.inner() / p.span * p.blocks_per_span() * p.blocks_per_row();
  parallel_for(0, blocks, std::max<int64_t>(1, kGrain / (p.rows * p.cols)), [&](int64_t begin, int64_t end) {
    Worker worker(p);
    for (int64_t b = begin; b < end; ++b) worker.block(b);
    if (p.stream) stream_fence();
  });
}

void execute_contiguous(RowFn row, const void* formula, ScalarType compute, int count, const void* const* in,
                        const uint8_t* step, void* out, int64_t n) {
  if (n <= kGrain) return row(formula, out, in, step, n);
  const int64_t one = 1;
  Operand operands[kMaxOperands];
  for (int i = 0; i < count; ++i) operands[i] = {in[i], compute, step[i] ? &one : nullptr};
  execute(row, formula, compute, count, operands, out, compute, &one, 1, &n);
}

}  // namespace xgrad::kernels
