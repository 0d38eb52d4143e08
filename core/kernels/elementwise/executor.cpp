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

// One array of the call.
struct Array {
  char* data;
  ScalarType dtype, slot;
  int64_t element;  // bytes
  int64_t width;    // bytes of an element in a buffer
  DimVector strides;
  ConvertFn convert;  // between its dtype and its slot's
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
  int64_t width;   // bytes of the largest element in a buffer
  int count, end;  // arrays[0 .. count) are the inputs, arrays[count .. end) the results
  Array arrays[kMaxSlots];
  DimVector sizes;
  // A block is rows x cols elements; it does not reach over the end of a span of rows.
  int64_t rows, cols, span;
  bool flat;    // the rows of a block are one run to the kernel
  bool stream;  // the results go past the cache

  int64_t inner() const { return sizes.back(); }
  int64_t blocks_per_row() const { return (inner() + cols - 1) / cols; }
  int64_t blocks_per_span() const { return (span + rows - 1) / rows; }
};

// Sorts dimensions so that the first result is walked in memory order, and merges those that all arrays step
// through evenly.
void collapse(Plan& p, int64_t ndim, const int64_t* sizes) {
  DimVector order;
  for (int64_t d = 0; d < ndim; ++d)
    if (sizes[d] != 1) order.push_back(d);
  const DimVector& result = p.arrays[p.count].strides;
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return result[static_cast<std::size_t>(a)] > result[static_cast<std::size_t>(b)];
  });
  DimVector merged_sizes, merged[kMaxSlots];
  for (int64_t d : order) {
    const int64_t size = sizes[d];
    bool merges = !merged_sizes.empty();
    for (int i = 0; i < p.end && merges; ++i)
      merges = merged[i].back() == p.arrays[i].strides[static_cast<std::size_t>(d)] * size;
    if (merges) {
      merged_sizes.back() *= size;
      for (int i = 0; i < p.end; ++i) merged[i].back() = p.arrays[i].strides[static_cast<std::size_t>(d)];
    } else {
      merged_sizes.push_back(size);
      for (int i = 0; i < p.end; ++i) merged[i].push_back(p.arrays[i].strides[static_cast<std::size_t>(d)]);
    }
  }
  if (merged_sizes.empty()) {
    merged_sizes.push_back(1);
    for (int i = 0; i < p.end; ++i) merged[i].push_back(1);
  }
  p.sizes = merged_sizes;
  for (int i = 0; i < p.end; ++i) p.arrays[i].strides = merged[i];
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
    for (int k = 0; k < p.end; ++k) make_last_but_one(p.arrays[k].strides);
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
  if (readable && a.dtype == a.slot) return Access::direct;
  if (input && (p.flat || step == 0) && a.same_in_every_row()) return Access::repeated;
  if (input && planes && a.outer_stride() > 0 && a.outer_stride() < step) return Access::by_plane;
  return Access::by_row;
}

// What is changed in place has come into the cache already.
bool may_stream(const Plan& p, const Array& result, int64_t n) {
  if (n * result.element < kStreamBytes || result.access != Access::direct) return false;
  for (int i = 0; i < p.count; ++i)
    if (p.arrays[i].data == result.data) return false;
  return true;
}

// Decides how every array is accessed, and the size of blocks.
void choose_blocks(Plan& p, int64_t n) {
  const int64_t all_rows = n / p.inner();
  p.flat = all_rows > 1 && p.inner() < kShortRow;
  const bool planes = !p.flat && all_rows > 1 && arrange_planes(p);
  bool all_direct = true;
  for (int i = 0; i < p.end; ++i) {
    p.arrays[i].access = access_to(p, i, planes);
    all_direct = all_direct && p.arrays[i].access == Access::direct;
  }
  p.stream = true;
  for (int i = p.count; i < p.end; ++i) p.stream = p.stream && may_stream(p, p.arrays[i], n);
  const int64_t elements = all_direct && !p.stream ? kGrain : (planes ? kPlaneBytes : kBlockBytes) / p.width;
  p.span = planes ? p.sizes[p.sizes.size() - 2] : all_rows;
  p.cols = p.flat ? p.inner() : std::min(p.inner(), planes ? kPlaneColumns : elements);
  p.rows = std::min(p.span, elements / p.cols);
}

// Walks over rows, and knows where the row is in every array.
class Rows {
 public:
  Rows(const Plan& p, int64_t row, int64_t column) : p_(p), index_(p.sizes.size()) {
    for (int i = 0; i < p.end; ++i) {
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
    for (int i = 0; i < p_.end; ++i) at_[i] += steps * p_.arrays[i].strides[d] * p_.arrays[i].element;
  }

  const Plan& p_;
  DimVector index_;
  char* at_[kMaxSlots];
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
    for (int i = p_.count; i < p_.end; ++i)
      if (p_.arrays[i].access == Access::by_row) scatter_rows(i, first, rows, cols);
  }

 private:
  char* buffer(int i, int64_t row) { return buffers_[i] + row * p_.cols * p_.arrays[i].width; }

  void gather_rows(int i, Rows at, int64_t rows, int64_t cols) {
    const Array& a = p_.arrays[i];
    for (int64_t r = 0; r < rows; ++r, at.next())
      a.convert(buffer(i, r), 1, at.at(i), a.inner_stride(), cols);
  }

  void scatter_rows(int i, Rows at, int64_t rows, int64_t cols) {
    const Array& a = p_.arrays[i];
    for (int64_t r = 0; r < rows; ++r, at.next())
      a.convert(at.at(i), a.inner_stride(), buffer(i, r), 1, cols);
  }

  void turn_plane(int i, const Rows& first, int64_t rows, int64_t cols, int64_t to_the_right) {
    const Array& a = p_.arrays[i];
    const int64_t step = a.inner_stride() * a.element, run = rows * a.outer_stride() * a.element;
    // No processor foresees the lines of the next block: they are asked for one block ahead.
    const char* next = first.at(i) + cols * step;
    for (int64_t c = 0; c < std::min(cols, to_the_right); ++c, next += step)
      for (int64_t b = 0; b < run; b += kLine) prefetch_line(next + b);
    const bool plain = a.dtype == a.slot && a.outer_stride() == 1;
    const Plane plane{.along = cols,
                      .across = rows,
                      .dst_along = 1,
                      .dst_across = p_.cols,
                      .src_along = a.inner_stride(),
                      .src_across = a.outer_stride(),
                      .src_bytes = a.element,
                      .load = plain ? nullptr : a.convert,
                      .stream = false};
    transposer(a.slot)(buffer(i, 0), first.at(i), plane);
  }

  void compute(Rows at, int64_t calls, int64_t n) {
    const void* in[kMaxInputs];
    void* out[kMaxResults];
    for (int64_t r = 0; r < calls; ++r, at.next()) {
      for (int i = 0; i < p_.count; ++i) {
        const Access access = p_.arrays[i].access;
        in[i] = access == Access::direct ? at.at(i) : buffer(i, access == Access::repeated ? 0 : r);
      }
      for (int i = p_.count; i < p_.end; ++i) {
        const bool in_place = p_.arrays[i].access == Access::direct && !p_.stream;
        out[i - p_.count] = in_place ? at.at(i) : buffer(i, p_.stream ? 0 : r);
      }
      p_.row(p_.formula, out, in, step_, n);
      if (p_.stream) stream(at, n);
    }
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
        stream_copy(at.at(i) + done * width, buffer(i, 0) + done * width, (end - done) * width);
      }
    }
  }

  void prefetch(int i, const char* row, int64_t begin, int64_t end) {
    const Array& a = p_.arrays[i];
    const int64_t step = a.inner_stride() * a.element;
    if (step == 0 || !(a.access == Access::direct || (a.access == Access::by_row && !p_.flat))) return;
    for (int64_t b = begin * step; b < end * step; b += std::max(kLine, step)) prefetch_line(row + b);
  }

  const Plan& p_;
  uint8_t step_[kMaxInputs];
  alignas(64) char buffers_[kMaxSlots][kPlaneBytes];
};

}  // namespace

void execute(RowFn row, const void* formula, int inputs, int results, const Operand* arrays, int64_t ndim,
             const int64_t* sizes) {
  const IntArrayRef size_list(sizes, static_cast<std::size_t>(ndim));
  const int64_t n = numel_of(size_list);
  if (n == 0) return;
  Plan p;
  p.row = row;
  p.formula = formula;
  p.width = 1;
  p.count = inputs;
  p.end = inputs + results;
  for (int i = 0; i < p.end; ++i) {
    const Operand& from = arrays[i];
    Array& a = p.arrays[i];
    a.data = static_cast<char*>(from.data);
    a.dtype = from.dtype;
    a.slot = from.slot;
    a.element = static_cast<int64_t>(element_size(a.dtype));
    a.width = static_cast<int64_t>(element_size(a.slot));
    a.strides = from.strides ? DimVector(IntArrayRef(from.strides, size_list.size()))
                             : DimVector(size_list.size(), 0);
    a.convert = i < inputs ? converter(a.slot, a.dtype) : converter(a.dtype, a.slot);
    p.width = std::max(p.width, a.width);
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

void execute_contiguous(RowFn row, const void* formula, const RowSlots& slots, ScalarType compute,
                        const void* const* in, const uint8_t* step, void* const* out, int64_t n) {
  if (n <= kGrain) return row(formula, out, in, step, n);
  const int64_t one = 1;
  Operand arrays[kMaxSlots];
  for (int i = 0; i < slots.inputs + slots.results; ++i) {
    const ScalarType type = slots.type(i, compute);
    const bool input = i < slots.inputs;
    arrays[i] = {input ? const_cast<void*>(in[i]) : out[i - slots.inputs], type,
                 input && !step[i] ? nullptr : &one, type};
  }
  execute(row, formula, slots.inputs, slots.results, arrays, 1, &n);
}

}  // namespace xgrad::kernels
