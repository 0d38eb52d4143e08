// The plan of a call.
#include <xgrad/core/kernels/elementwise/plan.h>

#include <algorithm>

#include <xgrad/core/kernels/copy/stream.h>

namespace xgrad::kernels {

namespace {

constexpr int64_t kShortRow = 64;      // shorter rows are gathered, and computed several at a time
constexpr int64_t kFewRows = 16;       // fewer short rows are not worth a buffer
constexpr int64_t kBlockBytes = 4096;  // of a block in a buffer: those of an op stay in the first cache
constexpr int64_t kPlaneBytes = 8192;  // the same where an input is turned: more rows use more of its lines
constexpr int64_t kPlaneColumns = 64;  // of such a block

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

// Decides how every array is accessed.
void choose_access(Plan& p, int64_t n) {
  p.flat = is_flat(p);
  p.planes = !p.flat && p.dims.ndim > 1 && arrange_planes(p);
  for (int i = 0; i < p.end; ++i) p.arrays[i].access = access_to(p, i);
  p.stream = true;
  for (int i = p.count; i < p.end; ++i) p.stream = p.stream && may_stream(p, p.arrays[i], n);
  p.by_row = false;
  for (int i = 0; i < p.end; ++i) {
    Array& a = p.arrays[i];
    a.buffered = a.access != Access::direct || (p.stream && !p.is_input(i));
    p.by_row = p.by_row || a.access == Access::by_row;
  }
}

// The size of blocks, and where the buffers are.
void choose_blocks(Plan& p, int64_t n) {
  int64_t bytes = 0, width = 1;  // of an element in all buffers, and in the widest
  for (int i = 0; i < p.end; ++i) {
    if (!p.arrays[i].buffered) continue;
    bytes += p.arrays[i].width;
    width = std::max(width, p.arrays[i].width);
  }
  p.buffers = 0;
  p.span = p.planes ? p.dims.sizes[p.dims.ndim - 2] : p.outer();
  p.cols = p.inner();
  p.rows = p.span;
  if (bytes == 0 && n <= kElementwiseGrain) return;
  const int64_t most = (p.planes ? kPlaneBytes : kBlockBytes) / width;
  const int64_t elements =
      bytes == 0 ? kElementwiseGrain : std::min(most, kAllBuffers / bytes / kLine * kLine);
  if (!p.flat) p.cols = std::min(p.cols, p.planes ? kPlaneColumns : elements);
  p.rows = std::min(p.span, elements / p.cols);
  for (int i = 0; i < p.end; ++i) {
    Array& a = p.arrays[i];
    if (!a.buffered) continue;
    const int64_t rows = p.flat || a.access == Access::by_plane ? p.rows : 1;
    a.buffer = p.buffers;
    p.buffers += (rows * p.cols * a.width + kLine - 1) / kLine * kLine;
  }
}

}  // namespace

Plan::Plan(RowFn kernel, const void* formula_of_kernel, int inputs, int results, const Operand* operands)
    : row(kernel), formula(formula_of_kernel), count(inputs), end(inputs + results) {
  take_arrays(*this, operands);
  take_dims(*this, operands);
  const int64_t n = dims.numel();
  choose_access(*this, n);
  choose_blocks(*this, n);
}

}  // namespace xgrad::kernels
