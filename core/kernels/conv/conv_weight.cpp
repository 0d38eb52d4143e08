// The gradients of weights: products over the pixels of all images, whose columns are gathered with the
// channels innermost. Parts of the batch are summed apart, and do not depend on threads.
#include <xgrad/core/kernels/conv/conv_layout.h>
#include <xgrad/core/kernels/gemm/gemm.h>

namespace xgrad::kernels {
namespace {

using namespace convolution;

constexpr int64_t kMaxParts = 8;            // of a batch, each with weights of its own
constexpr int64_t kPartElements = 1 << 20;  // of all these weights

template <class T>
void depthwise_weight(const ConvShape& s, const T* x, const T* y, T* w) {
  const Layout in(s, 1);
  const std::vector<int64_t> offsets = tap_offsets(s, in);
  const int64_t pixels = s.out_pixels();
  parallel_for(0, s.groups, grain_of(s.batch * pixels * s.taps()), [&](int64_t begin, int64_t end) {
    const Scratch<T> window(in.size());
    for (int64_t channel = begin; channel < end; ++channel) {
      T* const sums = w + channel * s.taps();
      std::fill(sums, sums + s.taps(), T(0));
      for (int64_t n = 0; n < s.batch; ++n) {
        const int64_t u = n * s.groups + channel;
        loops<T>().pad(in.window, x + u * s.in_pixels(), window.get());
        for (int64_t q = 0; q < pixels; q += s.out[2])
          loops<T>().depthwise_weight(window.get() + in.pixel_offset(s, q), offsets.data(), sums, s.taps(),
                                      y + u * pixels + q, s.out[2]);
      }
    }
  });
}

// The runs of the columns [first, first + n) of a gradient of weights, whose order is [taps][channels].
int64_t weight_runs(const ConvShape& s, const Layout& in, int64_t first, int64_t n, ConvRun* runs) {
  // Neighbouring taps of a row lie side by side.
  const int64_t length = s.in_channels * (s.dilation[2] == 1 ? s.kernel[2] : 1);
  int64_t count = 0;
  for (int64_t column = 0; column < n;) {
    const int64_t at = first + column, within = at % length, tap = (at - within) / s.in_channels;
    const int64_t row = tap / s.kernel[2];
    const int64_t take = std::min(length - within, n - column);
    runs[count++] = {column, in.tap_offset(row / s.kernel[1], row % s.kernel[1], tap % s.kernel[2]) + within,
                     take};
    column += take;
  }
  return count;
}

// What a part of the batch adds to rows [first, first + rows) of a group's gradient, as
// [rows][taps][channels]. `last`: x and y have their channels last.
template <class T>
struct WeightPart {
  const ConvShape& s;
  const Layout& in;
  const std::vector<int64_t>& offsets;  // of the pixels
  bool last;
  const T *x, *y;

  void run(int64_t group, int64_t image, int64_t end, int64_t first, int64_t rows, T* sums) const {
    const int64_t pixels = s.out_pixels(), most = piece(pixels, kDepth), columns = tiles<T>().tile_cols;
    const int64_t width = s.in_channels * s.taps();
    const Scratch<T> window(in.size() + 4), sliver((most + 1) * columns), panel(rows * most + kPackOverrun);
    ConvRun runs[kMaxRuns];
    if (image >= end) std::fill(sums, sums + rows * width, T(0));
    T beta(0);
    for (; image < end; ++image) {
      const int64_t i = image * s.groups + group;
      const T* from = x + i * s.in_channels * s.in_pixels();
      if (!last || !in.whole) {
        loops<T>().pad_channels_last(in.window, from, last, window.get());
        from = window.get();
      }
      for (int64_t q = 0; q < pixels; q += most) {
        const int64_t k = std::min(most, pixels - q);
        if (last)
          tiles<T>().pack_panel(y + (i * pixels + q) * s.out_channels + first, 1, s.out_channels, rows, k,
                                panel.get());
        else
          tiles<T>().pack_panel(y + (i * s.out_channels + first) * pixels + q, pixels, 1, rows, k,
                                panel.get());
        for (int64_t column = 0; column < width; column += columns) {
          const int64_t n = std::min(columns, width - column);
          const int64_t count = weight_runs(s, in, column, n, runs);
          multiply_runs<T>(panel.get(), from, offsets.data() + q, runs, count, sliver.get(), rows, n, k, beta,
                           sums + column, width);
        }
        beta = T(1);
      }
    }
  }
};

// w[o, c, t] = the sum of parts[o, t, c].
template <class T>
void add_parts(const T* sums, int64_t parts, int64_t rows, int64_t taps, int64_t channels, T* w) {
  const int64_t size = rows * taps * channels;
  for (int64_t o = 0; o < rows; ++o)
    for (int64_t c = 0; c < channels; ++c)
      for (int64_t t = 0; t < taps; ++t) {
        const T* at = sums + (o * taps + t) * channels + c;
        T sum = *at;
        for (int64_t part = 1; part < parts; ++part) sum += at[part * size];
        *w++ = sum;
      }
}

template <class T>
void weight_tiles(const ConvShape& s, bool last, const T* x, const T* y, T* w) {
  const Layout in(s, s.in_channels, true);
  std::vector<int64_t> offsets;
  for (int64_t q = 0; q < s.out_pixels(); ++q) offsets.push_back(in.pixel_offset(s, q));
  const int64_t rows = s.out_channels, width = s.in_channels * s.taps(), size = rows * width;
  const int64_t parts = std::clamp<int64_t>(kPartElements / std::max<int64_t>(1, s.groups * size), 1,
                                            std::clamp<int64_t>(s.batch, 1, kMaxParts));
  const int64_t splits = splits_for(s.groups * parts, pieces(rows, tiles<T>().tile_rows));
  const int64_t height = pieces(rows, splits);
  const Scratch<T> sums(s.groups * parts * size);
  const WeightPart<T> part{s, in, offsets, last, x, y};
  const int64_t work = size * s.out_pixels() * pieces(s.batch, parts) / splits;
  parallel_for(0, s.groups * parts * splits, grain_of(work), [&](int64_t begin, int64_t end) {
    for (int64_t u = begin; u < end; ++u) {
      const int64_t which = u / splits, p = which % parts, first = u % splits * height;
      if (first >= rows) continue;
      part.run(which / parts, s.batch * p / parts, s.batch * (p + 1) / parts, first,
               std::min(height, rows - first), sums.get() + which * size + first * width);
    }
  });
  for (int64_t g = 0; g < s.groups; ++g)
    add_parts(sums.get() + g * parts * size, parts, rows, s.taps(), s.in_channels, w + g * size);
}

}  // namespace

template <class T>
void conv_weight(const ConvShape& shape, bool channels_last, const T* x, const T* y, T* w) {
  if (is_plain<T>(shape)) return plain_conv_weight(shape, x, y, w);
  const ConvShape s = flattened(shape);
  if (channels_last && is_pointwise(s))
    return gemm<T>(true, false, s.out_channels, s.in_channels, s.batch * s.out_pixels(), T(1), y,
                   s.out_channels, x, s.in_channels, T(0), w, s.in_channels);
  return is_depthwise(s) ? depthwise_weight(s, x, y, w) : weight_tiles(s, channels_last, x, y, w);
}

template void conv_weight<float>(const ConvShape&, bool, const float*, const float*, float*);
template void conv_weight<double>(const ConvShape&, bool, const double*, const double*, double*);

}  // namespace xgrad::kernels
