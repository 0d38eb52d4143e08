// Cuts a softmax into rows, or strips of columns, for the threads. The arithmetic is softmax_isa.cpp's.
#include <xgrad/core/kernels/softmax/softmax.h>

#include <algorithm>
#include <array>
#include <memory>

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/softmax/softmax_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 4096;  // elements a thread should get at least

const SoftmaxLoops& loops_of(Isa isa, ScalarType t) {
  const KernelTable& table = kernel_table(isa);
  return t == ScalarType::Double ? *table.softmax_double : *table.softmax_float;
}

// Calls rows(offset, count) for parts of the rows, or strip(offset, width) for every strip.
template <class Rows, class Strip>
void cut(int64_t outer, int64_t n, int64_t inner, const Rows& rows, const Strip& strip) {
  if (outer == 0 || n == 0 || inner == 0) return;
  if (inner == 1) {
    parallel_for(0, outer, grain_of(kGrain, n),
                 [&](int64_t begin, int64_t end) { rows(begin * n, end - begin); });
    return;
  }
  const int64_t strips = (inner + kSoftmaxStrip - 1) / kSoftmaxStrip;
  parallel_for(0, outer * strips, grain_of(kGrain, n * std::min(inner, kSoftmaxStrip)),
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin; i < end; ++i) {
                   const int64_t column = i % strips * kSoftmaxStrip;
                   strip(i / strips * n * inner + column, std::min(kSoftmaxStrip, inner - column));
                 }
               });
}

// Runs the loops of one direction over arrays of one dtype; `out` may be an input. 16-bit elements are
// computed in float: some rows, or a strip, are copied there and back.
template <std::size_t Inputs>
class Pass {
 public:
  Pass(ScalarType dtype, const std::array<const void*, Inputs>& in, void* out, int64_t outer, int64_t n,
       int64_t inner)
      : size_(static_cast<int64_t>(element_size(dtype))),
        n_(n),
        inner_(inner),
        outer_(outer),
        out_(static_cast<char*>(out)) {
    for (std::size_t k = 0; k < Inputs; ++k) in_[k] = static_cast<const char*>(in[k]);
    if (size_ > 2) return;
    widen_ = converter(ScalarType::Float, dtype);
    narrow_ = converter(dtype, ScalarType::Float);
  }

  /// rows(inputs, out, count) and strip(inputs, out, inner, width) of contiguous memory.
  template <class Rows, class Strip>
  void run(const Rows& rows, const Strip& strip) const {
    cut(
        outer_, n_, inner_,
        [&](int64_t at, int64_t count) {
          if (!widen_) return rows(inputs(at), out_ + at * size_, count);
          const int64_t batch = std::min(count, grain_of(kGrain, n_));
          const Floats floats(batch * n_);
          for (int64_t i = 0; i < count; i += batch) {
            const int64_t part = std::min(batch, count - i), from = at + i * n_;
            floats.load(*this, 0, from, part * n_);
            rows(floats.inputs(), floats.of(0), part);
            floats.store(*this, 0, from, part * n_);
          }
        },
        [&](int64_t at, int64_t width) {
          if (!widen_) return strip(inputs(at), out_ + at * size_, inner_, width);
          const Floats floats(n_ * width);
          for (int64_t r = 0; r < n_; ++r) floats.load(*this, r * width, at + r * inner_, width);
          strip(floats.inputs(), floats.of(0), width, width);
          for (int64_t r = 0; r < n_; ++r) floats.store(*this, r * width, at + r * inner_, width);
        });
  }

 private:
  using Pointers = std::array<const void*, Inputs>;

  // A copy of each input; the first becomes the result.
  class Floats {
   public:
    explicit Floats(int64_t n) : n_(n), values_(new float[Inputs * static_cast<std::size_t>(n)]) {}
    float* of(std::size_t k) const { return values_.get() + static_cast<int64_t>(k) * n_; }
    Pointers inputs() const {
      Pointers p;
      for (std::size_t k = 0; k < Inputs; ++k) p[k] = of(k);
      return p;
    }
    void load(const Pass& pass, int64_t to, int64_t from, int64_t n) const {
      for (std::size_t k = 0; k < Inputs; ++k)
        pass.widen_(of(k) + to, 1, pass.in_[k] + from * pass.size_, 1, n);
    }
    void store(const Pass& pass, int64_t from, int64_t to, int64_t n) const {
      pass.narrow_(pass.out_ + to * pass.size_, 1, of(0) + from, 1, n);
    }

   private:
    int64_t n_;
    std::unique_ptr<float[]> values_;
  };

  Pointers inputs(int64_t at) const {
    Pointers p;
    for (std::size_t k = 0; k < Inputs; ++k) p[k] = in_[k] + at * size_;
    return p;
  }

  int64_t size_, n_, inner_, outer_;
  std::array<const char*, Inputs> in_;
  char* out_;
  ConvertFn widen_ = nullptr, narrow_ = nullptr;
};

// Rows so short that the work within them would outweigh the rest, some of them as columns meanwhile.
constexpr int64_t kFewColumns = 16, kManyRows = 64, kTurned = 256;
void turned_rows(void (*strip)(const void*, void*, int64_t, int64_t, int64_t), const void* in, void* out,
                 int64_t count, int64_t n, ScalarType t) {
  alignas(64) char turned[kFewColumns * kTurned * sizeof(double)];
  const auto size = static_cast<int64_t>(element_size(t));
  for (int64_t i = 0; i < count; i += kTurned) {
    const int64_t part = std::min(kTurned, count - i), at = i * n * size;
    const int64_t sizes[] = {n, part}, along[] = {1, n}, across[] = {part, 1};
    const ArrayView columns{turned, t, 2, sizes, across};
    copy(columns, {const_cast<char*>(static_cast<const char*>(in)) + at, t, 2, sizes, along});
    for (int64_t j = 0; j < part; j += kSoftmaxStrip)
      strip(turned + j * size, turned + j * size, n, part, std::min(kSoftmaxStrip, part - j));
    copy({static_cast<char*>(out) + at, t, 2, sizes, along}, columns);
  }
}

}  // namespace

void softmax_on(Isa isa, bool log, const void* x, void* y, ScalarType dtype, int64_t outer, int64_t n,
                int64_t inner) {
  const SoftmaxLoops& loops = loops_of(isa, dtype);
  Pass<1>(dtype, {x}, y, outer, n, inner)
      .run(
          [&](const auto& in, void* out, int64_t count) {
            const ScalarType t = dtype == ScalarType::Double ? dtype : ScalarType::Float;
            if (n <= kFewColumns && outer >= kManyRows)
              turned_rows(loops.strip[log], in[0], out, count, n, t);
            else
              loops.rows[log](in[0], out, count, n);
          },
          [&](const auto& in, void* out, int64_t row, int64_t width) {
            loops.strip[log](in[0], out, n, row, width);
          });
}

void softmax_backward_on(Isa isa, bool log, const void* g, const void* y, void* dx, ScalarType dtype,
                         int64_t outer, int64_t n, int64_t inner) {
  const SoftmaxLoops& loops = loops_of(isa, dtype);
  Pass<2>(dtype, {g, y}, dx, outer, n, inner)
      .run([&](const auto& in, void* out,
               int64_t count) { loops.rows_backward[log](in[0], in[1], out, count, n); },
           [&](const auto& in, void* out, int64_t row, int64_t width) {
             loops.strip_backward[log](in[0], in[1], out, n, row, width);
           });
}

void softmax(bool log, const void* x, void* y, ScalarType dtype, int64_t outer, int64_t n, int64_t inner) {
  softmax_on(isa(), log, x, y, dtype, outer, n, inner);
}

void softmax_backward(bool log, const void* g, const void* y, void* dx, ScalarType dtype, int64_t outer,
                      int64_t n, int64_t inner) {
  softmax_backward_on(isa(), log, g, y, dx, dtype, outer, n, inner);
}

}  // namespace xgrad::kernels
