// The executor: collapses dimensions, then feeds row kernels with contiguous stretches. What is strided or of
// another dtype passes through small buffers that stay in the first cache, so that kernels know one layout
// and one dtype.
#include <xgrad/core/kernels/executor.h>

#include <algorithm>

#include <xgrad/core/kernels/convert.h>
#include <xgrad/core/kernels/parallel.h>
#include <xgrad/core/types/shape.h>

namespace xgrad::kernels {

namespace {

constexpr int64_t kGrain = 16384;  // elements below which a second thread costs more than it gains
constexpr int64_t kBlock = 256;    // elements in a buffer
constexpr int64_t kShortRow = 64;  // rows shorter than this are gathered several at a time
constexpr std::size_t kMaxElement = 8;

// One array of the call, the result included (it comes last).
struct Array {
  char* data;
  ScalarType dtype;
  int64_t element;  // bytes
  DimVector strides;
  bool single = false;

  char* at(int64_t offset) const { return data + offset * element; }
};

struct Plan {
  RowFn row;
  const void* formula;
  ScalarType compute;
  int count;  // of inputs; arrays[count] is the result
  Array arrays[kMaxOperands + 1];
  DimVector sizes;

  int64_t inner() const { return sizes.back(); }
  bool direct(int i) const {
    const Array& a = arrays[i];
    if (a.dtype != compute) return false;
    const int64_t step = a.strides.back();
    return step == 1 || (i < count && step == 0);
  }
};

// Sorts dimensions so that the result is walked in memory order, and merges those that all arrays step
// through evenly.
void collapse(Plan& p, int64_t ndim, const int64_t* sizes) {
  DimVector order;
  for (int64_t d = 0; d < ndim; ++d)
    if (sizes[d] != 1) order.push_back(d);
  const DimVector& result = p.arrays[p.count].strides;
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
    for (int i = 0; i <= p.count; ++i) merged[i].push_back(p.arrays[i].single ? 0 : 1);
  }
  p.sizes = merged_sizes;
  for (int i = 0; i <= p.count; ++i) p.arrays[i].strides = merged[i];
}

// The offsets of row number `row` in every array.
void row_offsets(const Plan& p, int64_t row, int64_t* offsets) {
  std::fill(offsets, offsets + p.count + 1, 0);
  for (std::size_t d = p.sizes.size() - 1; d-- > 0;) {
    const int64_t i = row % p.sizes[d];
    row /= p.sizes[d];
    for (int k = 0; k <= p.count; ++k) offsets[k] += i * p.arrays[k].strides[d];
  }
}

struct Buffers {
  alignas(64) char space[kMaxOperands + 1][kBlock * static_cast<int64_t>(kMaxElement)];
};

// Rows that are long enough to be worth a call each.
void run_rows(const Plan& p, int64_t begin, int64_t end) {
  Buffers buffers;
  int64_t offsets[kMaxOperands + 1];
  bool all_direct = true;
  for (int i = 0; i <= p.count; ++i) all_direct = all_direct && p.direct(i);
  const int64_t stretch = all_direct ? p.inner() : kBlock;
  for (int64_t r = begin; r < end; ++r) {
    row_offsets(p, r, offsets);
    for (int64_t start = 0; start < p.inner(); start += stretch) {
      const int64_t n = std::min(stretch, p.inner() - start);
      const void* in[kMaxOperands];
      uint8_t step[kMaxOperands];
      for (int i = 0; i < p.count; ++i) {
        const Array& a = p.arrays[i];
        const int64_t inner_stride = a.strides.back();
        const char* source = a.at(offsets[i] + start * inner_stride);
        step[i] = inner_stride != 0;
        in[i] = source;
        if (!p.direct(i)) {
          convert(buffers.space[i], p.compute, 1, source, a.dtype, inner_stride, step[i] ? n : 1);
          in[i] = buffers.space[i];
        }
      }
      const Array& out = p.arrays[p.count];
      char* target = out.at(offsets[p.count] + start * out.strides.back());
      const bool direct = p.direct(p.count);
      void* result = direct ? target : buffers.space[p.count];
      p.row(p.formula, result, in, step, n);
      if (!direct) convert(target, out.dtype, out.strides.back(), result, p.compute, 1, n);
    }
  }
}

// Short rows: as many as fill the buffers are gathered, computed at once and scattered.
void run_short_rows(const Plan& p, int64_t begin, int64_t end) {
  Buffers buffers;
  const int64_t inner = p.inner(), rows_at_once = std::max<int64_t>(1, kBlock / inner);
  const int64_t element = static_cast<int64_t>(element_size(p.compute));
  const Array& out = p.arrays[p.count];
  const void* in[kMaxOperands];
  uint8_t step[kMaxOperands];
  for (int i = 0; i < p.count; ++i) {
    in[i] = buffers.space[i];
    step[i] = !p.arrays[i].single;
    if (p.arrays[i].single)
      convert(buffers.space[i], p.compute, 1, p.arrays[i].data, p.arrays[i].dtype, 0, 1);
  }
  for (int64_t first = begin; first < end; first += rows_at_once) {
    const int64_t rows = std::min(rows_at_once, end - first);
    int64_t offsets[kMaxOperands + 1];
    char* targets[kBlock];
    for (int64_t r = 0; r < rows; ++r) {
      row_offsets(p, first + r, offsets);
      targets[r] = out.at(offsets[p.count]);
      for (int i = 0; i < p.count; ++i) {
        const Array& a = p.arrays[i];
        if (!a.single)
          convert(buffers.space[i] + r * inner * element, p.compute, 1, a.at(offsets[i]), a.dtype,
                  a.strides.back(), inner);
      }
    }
    char* result = buffers.space[p.count];
    p.row(p.formula, result, in, step, rows * inner);
    for (int64_t r = 0; r < rows; ++r)
      convert(targets[r], out.dtype, out.strides.back(), result + r * inner * element, p.compute, 1, inner);
  }
}

}  // namespace

void execute_contiguous(RowFn row, const void* formula, ScalarType compute, int count, const void* const* in,
                        const uint8_t* step, void* out, int64_t n) {
  if (n <= kGrain) return row(formula, out, in, step, n);
  const auto element = static_cast<int64_t>(element_size(compute));
  parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
    const void* from[kMaxOperands];
    for (int i = 0; i < count; ++i)
      from[i] = static_cast<const char*>(in[i]) + (step[i] ? begin * element : 0);
    row(formula, static_cast<char*>(out) + begin * element, from, step, end - begin);
  });
}

void execute(RowFn row, const void* formula, ScalarType compute, int count, const Operand* in, void* out,
             ScalarType out_dtype, const int64_t* out_strides, int64_t ndim, const int64_t* sizes) {
  const IntArrayRef size_list(sizes, static_cast<std::size_t>(ndim));
  const int64_t n = numel_of(size_list);
  if (n == 0) return;
  Plan p{row, formula, compute, count, {}, {}};
  for (int i = 0; i < count; ++i) {
    Array& a = p.arrays[i];
    a.data = static_cast<char*>(const_cast<void*>(in[i].data));
    a.dtype = in[i].dtype;
    a.element = static_cast<int64_t>(element_size(a.dtype));
    a.single = in[i].strides == nullptr;
    a.strides =
        a.single ? DimVector(size_list.size(), 0) : DimVector(IntArrayRef(in[i].strides, size_list.size()));
  }
  p.arrays[count] = {static_cast<char*>(out), out_dtype, static_cast<int64_t>(element_size(out_dtype)),
                     DimVector(IntArrayRef(out_strides, size_list.size()))};
  collapse(p, ndim, sizes);
  const int64_t rows = n / p.inner();
  const bool short_rows = rows > 1 && p.inner() < kShortRow;
  const auto run = [&](int64_t begin, int64_t end) {
    short_rows ? run_short_rows(p, begin, end) : run_rows(p, begin, end);
  };
  parallel_for(0, rows, std::max<int64_t>(1, kGrain / p.inner()), run);
}

}  // namespace xgrad::kernels
