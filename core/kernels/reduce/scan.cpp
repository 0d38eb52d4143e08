// Cuts a scan into lines, or strips of lines that are walked together, for the threads. The arithmetic is
// the formula's, in scan_loops.h.
#include <xgrad/core/kernels/reduce/scan.h>

#include <algorithm>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/kernels/reduce/reduce_source.h>
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
  /// The loops are of elements of type `element`.
  Scan(const ScanKernels& kernels, const ScanLoops& loops, ScalarType element, const void* formula,
       const ArrayView* results, const ArrayView* in, int64_t dim, bool reversed)
      : kernels_(kernels), loops_(loops), formula_(formula), length_(in[0].sizes[dim]) {
    const ScalarType computed = is_floating_type(element) ? ScalarType::Double : ScalarType::Long;
    for (int k = 0; k < arrays(); ++k) {
      const ArrayView& a = is_input(k) ? in[k] : results[k - kernels.inputs];
      Array& array = arrays_[k];
      array.bytes = static_cast<int64_t>(element_size(a.dtype));
      const ScalarType read = k > kernels.inputs && !is_input(k) ? ScalarType::Long : element;
      const auto between = [&](ScalarType t) {
        return is_input(k) ? converter(t, a.dtype) : converter(a.dtype, t);
      };
      array.convert = between(computed);
      array.convert_line = between(read);
      array.direct = a.dtype == read && a.strides[dim] == 1 && !reversed;
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
    direct_ = std::all_of(arrays_, arrays_ + arrays(), [](const Array& a) { return a.direct; });
  }

  void run() const {
    const int64_t last = lines_.ndim - 1, side = lines_.sizes[last];
    const auto size = [](int64_t stride) { return stride < 0 ? -stride : stride; };
    const bool abreast =
        side >= 4 && (kernels_.compact || size(lines_.inner_stride()) < size(arrays_[0].along));
    const int64_t width = abreast ? std::min(side, kWidth) : 1, per_row = (side + width - 1) / width;
    const int64_t grain = grain_of(kGrain, length_ * width);
    parallel_for(0, lines_.numel(last) * per_row, grain, [&](int64_t begin, int64_t end) {
      Odometer<kArrays> at(lines_, last, begin / per_row);
      for (int64_t i = begin; i < end; ++i) {
        const int64_t first = i % per_row * width;
        if (abreast) {
          strip(at, first, std::min(width, side - first));
        } else {
          const int64_t rest = std::min(end - i, side - first);
          const int64_t count = direct_ ? rest : rest >= kLines ? kLines : 1;
          direct_ ? lines_in_place(at, first, count) : lines(at, first, count);
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
    ConvertFn convert, convert_line;
    bool direct;  // whether lines are read or written where they are
  };

  bool is_input(int k) const { return k < kernels_.inputs; }
  int arrays() const { return kernels_.inputs + kernels_.results; }
  char* place(int k, const Odometer<kArrays>& at, int64_t line, int64_t element) const {
    const Array& a = arrays_[k];
    return a.data + (at.offset(k) + line * lines_.inner_stride(k) + element * a.along) * a.bytes;
  }

  struct Buffers {
    alignas(64) char in[2 * kPitch], results[kReduceResults * kPitch];
    char* at(int k, int inputs) { return k < inputs ? in + k * kPitch : results + (k - inputs) * kPitch; }
  };

  // Lines that are read and written where they are.
  void lines_in_place(const Odometer<kArrays>& at, int64_t first, int64_t count) const {
    ScanLine l{};
    int64_t steps[kArrays] = {};
    for (int k = 0; k < arrays(); ++k) {
      const int result = k - kernels_.inputs;
      steps[is_input(k) ? k : 2 + result] = lines_.inner_stride(k) * arrays_[k].bytes;
      char* const data = place(k, at, first, 0);
      if (is_input(k))
        l.in[k] = data;
      else
        l.results[result] = data;
    }
    loops_.lines(formula_, l, steps, count, length_);
  }

  // One line, or four, of which some are converted on the way.
  void lines(const Odometer<kArrays>& at, int64_t first, int64_t count) const {
    Buffers b[kLines];
    ScanLine l[kLines];
    for (int64_t i = 0; i < length_; i += kWidth) {
      const int64_t n = std::min(kWidth, length_ - i);
      const auto each = [&](const auto& f) {
        for (int64_t c = 0; c < count; ++c)
          for (int k = 0; k < arrays(); ++k)
            f(arrays_[k], k, place(k, at, first + c, i), b[c].at(k, kernels_.inputs), l[c]);
      };
      each([&](const Array& a, int k, char* memory, char* buffer, ScanLine& line) {
        char* const data = a.direct ? memory : buffer;
        if (is_input(k))
          line.in[k] = data;
        else
          line.results[k - kernels_.inputs] = data;
        if (is_input(k) && !a.direct) a.convert_line(buffer, 1, memory, a.along, n);
      });
      (count == 1 ? loops_.part : loops_.four_parts)(formula_, l, n, i);
      each([&](const Array& a, int k, char* memory, char* buffer, ScanLine&) {
        if (!is_input(k) && !a.direct) a.convert_line(memory, a.along, buffer, 1, n);
      });
    }
  }

  // Lines that lie side by side: one element of each at a time.
  void strip(const Odometer<kArrays>& at, int64_t first, int64_t width) const {
    Buffers b;
    alignas(64) char states[kReduceParts * kPitch];
    loops_.clear(formula_, states, kPitch, width);
    for (int64_t i = 0; i < length_; ++i) {
      for (int k = 0; k < kernels_.inputs; ++k)
        arrays_[k].convert(b.at(k, kernels_.inputs), 1, place(k, at, first, i), lines_.inner_stride(k),
                           width);
      loops_.step(formula_, b.results, b.in, states, kPitch, width, i);
      for (int k = kernels_.inputs; k < arrays(); ++k)
        arrays_[k].convert(place(k, at, first, i), lines_.inner_stride(k), b.at(k, kernels_.inputs), 1,
                           width);
    }
  }

  const ScanKernels& kernels_;
  const ScanLoops& loops_;
  const void* formula_;
  int64_t length_;
  Array arrays_[kArrays];
  bool direct_;  // all of them
  LoopDims<kArrays> lines_;
};

}  // namespace

void scan(const ScanKernels& kernels, const void* formula, const ArrayView* results, const ArrayView* in,
          int64_t dim, bool reversed) {
  for (int64_t d = 0; d < in[0].ndim; ++d)
    if (in[0].sizes[d] == 0) return;
  const ScalarType result = compute_type(results[0].dtype),
                   element = kernels.loops[reduce_type(result)].lines ? result : ScalarType::Long;
  // Lines of the result that lie across those of the input: they change places first, which copies do by
  // tiles.
  if (kernels.inputs == 1 && !kernels.compact && !reversed && results[0].strides[dim] == 1 &&
      in[0].strides[dim] != 1) {
    copy(results[0], in[0]);
    in = results;
  }
  Scan(kernels, kernels.loops[reduce_type(element)], element, formula, results, in, dim, reversed).run();
}

}  // namespace xgrad::kernels
