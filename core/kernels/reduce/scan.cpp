// Cuts a scan into lines, or strips of lines that are walked together, for the threads. The arithmetic is
// the formula's, in scan_loops.h.
#include <xgrad/core/kernels/reduce/scan.h>

#include <algorithm>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/reduce/reduce_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 8192;  // elements a thread should get at least
constexpr int64_t kWidth = 256;   // elements of a line, or lines of a strip, at a time
constexpr int64_t kPitch = kWidth * static_cast<int64_t>(sizeof(double));
constexpr int kArrays = 4;     // two inputs, two results
constexpr int64_t kLines = 4;  // lines that are walked together

class Scan {
 public:
  Scan(const ScanKernels& kernels, const ScanLoops& loops, ScalarType computed, const void* formula,
       const ArrayView* results, const ArrayView* in, int64_t dim, bool reversed)
      : kernels_(kernels), loops_(loops), formula_(formula), length_(in[0].sizes[dim]) {
    for (int k = 0; k < arrays(); ++k) {
      const ArrayView& a = is_input(k) ? in[k] : results[k - kernels.inputs];
      Array& array = arrays_[k];
      array.bytes = static_cast<int64_t>(element_size(a.dtype));
      array.convert = is_input(k) ? converter(computed, a.dtype) : converter(a.dtype, computed);
      array.along = reversed ? -a.strides[dim] : a.strides[dim];
      array.data = static_cast<char*>(a.data);
      if (reversed) array.data += (length_ - 1) * a.strides[dim] * array.bytes;
    }
    for (int64_t d = 0; d < in[0].ndim; ++d) {
      if (d == dim) continue;
      int64_t steps[kArrays] = {};
      for (int k = 0; k < arrays(); ++k)
        steps[k] = (is_input(k) ? in[k] : results[k - kernels.inputs]).strides[d];
      lines_.add(in[0].sizes[d], steps);
    }
    lines_.arrange();
  }

  void run() const {
    const int64_t last = lines_.ndim - 1, side = lines_.sizes[last];
    const auto size = [](int64_t stride) { return stride < 0 ? -stride : stride; };
    const bool abreast = side >= 4 && size(lines_.inner_stride()) < size(arrays_[0].along);
    const int64_t width = abreast ? std::min(side, kWidth) : 1, per_row = (side + width - 1) / width;
    const int64_t grain = std::max<int64_t>(1, kGrain / (length_ * width));
    parallel_for(0, lines_.numel(last) * per_row, grain, [&](int64_t begin, int64_t end) {
      Odometer<kArrays> at(lines_, last, begin / per_row);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = i % per_row * width;
        if (abreast) {
          strip(at, first, std::min(width, side - first));
        } else {
          const int64_t count = std::min(end - i, side - first) >= kLines ? kLines : 1;
          lines(at, first, count);
          i += count - 1;
        }
        if ((i + 1) % per_row == 0) at.next();
      }
    });
  }

 private:
  struct Array {
    char* data;
    int64_t bytes, along;
    ConvertFn convert;
  };

  bool is_input(int k) const { return k < kernels_.inputs; }
  int arrays() const { return kernels_.inputs + kernels_.results; }
  char* place(int k, const Odometer<kArrays>& at, int64_t line, int64_t element) const {
    const Array& a = arrays_[k];
    return a.data + (at.offset(k) + line * lines_.inner_stride(k) + element * a.along) * a.bytes;
  }

  struct Buffers {
    alignas(64) char in[2 * kPitch], results[kReduceResults * kPitch], states[kReduceParts * kPitch];
  };

  void load(Buffers& b, const Odometer<kArrays>& at, int64_t line, int64_t element, bool across,
            int64_t n) const {
    for (int k = 0; k < kernels_.inputs; ++k)
      arrays_[k].convert(b.in + k * kPitch, 1, place(k, at, line, element), step(k, across), n);
  }
  void store(Buffers& b, const Odometer<kArrays>& at, int64_t line, int64_t element, bool across,
             int64_t n) const {
    for (int k = kernels_.inputs; k < arrays(); ++k)
      arrays_[k].convert(place(k, at, line, element), step(k, across),
                         b.results + (k - kernels_.inputs) * kPitch, 1, n);
  }
  int64_t step(int k, bool across) const { return across ? lines_.inner_stride(k) : arrays_[k].along; }

  // One line, or several of which each computes while the others wait for their element before.
  void lines(const Odometer<kArrays>& at, int64_t first, int64_t count) const {
    Buffers b[kLines];
    for (int64_t l = 0; l < count; ++l) loops_.clear(formula_, b[l].states, kPitch, 1);
    const auto loop = count == 1 ? loops_.line : loops_.four_lines;
    for (int64_t i = 0; i < length_; i += kWidth) {
      const int64_t n = std::min(kWidth, length_ - i);
      for (int64_t l = 0; l < count; ++l) load(b[l], at, first + l, i, false, n);
      loop(formula_, b[0].results, b[0].in, b[0].states, kPitch, sizeof(Buffers), n, i);
      for (int64_t l = 0; l < count; ++l) store(b[l], at, first + l, i, false, n);
    }
  }

  // Lines that lie side by side: one element of each at a time.
  void strip(const Odometer<kArrays>& at, int64_t first, int64_t width) const {
    Buffers b;
    loops_.clear(formula_, b.states, kPitch, width);
    for (int64_t i = 0; i < length_; ++i) {
      load(b, at, first, i, true, width);
      loops_.step(formula_, b.results, b.in, b.states, kPitch, width, i);
      store(b, at, first, i, true, width);
    }
  }

  const ScanKernels& kernels_;
  const ScanLoops& loops_;
  const void* formula_;
  int64_t length_;
  Array arrays_[kArrays];
  LoopDims<kArrays> lines_;
};

}  // namespace

void scan(const ScanKernels& kernels, const void* formula, const ArrayView* results, const ArrayView* in,
          int64_t dim, bool reversed) {
  for (int64_t d = 0; d < in[0].ndim; ++d)
    if (in[0].sizes[d] == 0) return;
  const bool floating = is_floating_type(results[0].dtype);
  Scan(kernels, floating ? kernels.floating : kernels.integer,
       floating ? ScalarType::Double : ScalarType::Long, formula, results, in, dim, reversed)
      .run();
}

}  // namespace xgrad::kernels
