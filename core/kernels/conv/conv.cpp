// Convolutions as products of packed tiles: what a tile reads of the image is gathered just before, so that
// no matrix of columns is ever built. The arithmetic is that of gemm_isa.cpp and conv_isa.cpp; here it is cut
// into images, pieces of depth and slivers of columns. An element's bits depend on none of the cuts that
// threads see.
#include <xgrad/core/kernels/conv/conv_layout.h>

namespace xgrad::kernels {
namespace {

using namespace convolution;

constexpr int64_t kRowsOfChunk = 1024;  // of a product whose columns are spread

// The weights as tiles read them: for each group, piece after piece of depth, rows by depth.
template <class T>
void pack_weights(const T* w, int64_t groups, int64_t rows, int64_t row, int64_t depth, int64_t column,
                  int64_t most, T* packed) {
  for (int64_t g = 0; g < groups; ++g, w += rows * depth)
    for (int64_t p = 0; p < depth; p += most) {
      const int64_t k = std::min(most, depth - p);
      tiles<T>().pack_panel(w + p * column, row, column, rows, k, packed);
      packed += rows * k;
    }
}

template <class T>
void depthwise(const ConvShape& s, const T* x, const T* w, const T* bias, T* y) {
  const Layout in(s, 1);
  const std::vector<int64_t> offsets = tap_offsets(s, in);
  const int64_t pixels = s.out_pixels();
  parallel_for(0, s.batch * s.groups, grain_of(pixels * s.taps()), [&](int64_t begin, int64_t end) {
    const Scratch<T> window(in.whole ? 0 : in.size());
    for (int64_t u = begin; u < end; ++u) {
      const int64_t channel = u % s.groups;
      const T* image = x + u * s.in_pixels();
      if (!in.whole) loops<T>().pad(in.window, image, window.get());
      for (int64_t q = 0; q < pixels; q += s.out[2])
        loops<T>().depthwise((in.whole ? image : window.get()) + in.pixel_offset(s, q), offsets.data(),
                             w + channel * s.taps(), s.taps(), bias ? bias[channel] : T(0),
                             y + u * pixels + q, s.out[2]);
    }
  });
}

template <class T>
void fill_rows(T* to, int64_t rows, int64_t apart, int64_t n, const T* values) {
  for (int64_t r = 0; r < rows; ++r, to += apart) std::fill(to, to + n, values ? values[r] : T(0));
}

template <class T>
void conv_tiles(const ConvShape& s, const T* x, const T* w, const T* bias, T* y) {
  const Layout in(s, s.in_channels);
  const std::vector<int64_t> offsets = tap_offsets(s, in);
  const int64_t depth = s.in_channels * s.taps(), rows = s.out_channels, pixels = s.out_pixels();
  const int64_t most = piece(depth, kDepth), columns = tiles<T>().tile_cols;
  const Scratch<T> weights(s.groups * rows * depth + kPackOverrun);
  pack_weights(w, s.groups, rows, depth, depth, 1, most, weights.get());
  const int64_t images = s.batch * s.groups, splits = splits_for(images, pieces(pixels, columns));
  const int64_t range = pieces(pieces(pixels, columns), splits) * columns;  // pixels of a unit
  parallel_for(
      0, images * splits, grain_of(rows * depth * std::min(range, pixels)), [&](int64_t begin, int64_t end) {
        const Scratch<T> window(in.whole ? 0 : in.size()), sliver((most + 1) * columns);
        ConvRun runs[kMaxRuns];
        for (int64_t u = begin; u < end; ++u) {
          const int64_t i = u / splits, first = u % splits * range, last = std::min(first + range, pixels);
          if (first >= last) continue;
          const T* image = x + i * s.in_channels * s.in_pixels();
          if (!in.whole) loops<T>().pad(in.window, image, window.get());
          if (!in.whole) image = window.get();
          const T* panel = weights.get() + i % s.groups * rows * depth;
          T* const out = y + i * rows * pixels;
          if (bias || depth == 0)
            fill_rows(out + first, rows, pixels, last - first, bias ? bias + i % s.groups * rows : nullptr);
          for (int64_t p = 0; p < depth; p += most) {
            const int64_t k = std::min(most, depth - p);
            for (int64_t q = first; q < last; q += columns) {
              const int64_t n = std::min(columns, last - q);
              const int64_t count = pixel_runs(s, in, q, n, runs);
              multiply_runs(panel, image, offsets.data() + p, runs, count, sliver.get(), rows, n, k,
                            T(bias || p > 0), out + q, pixels);
            }
            panel += rows * k;
          }
        }
      });
}

// w with the channels of both sides exchanged and the taps in the other order: a transposed convolution
// without strides is a convolution with these.
template <class T>
void flip(const ConvShape& s, const T* w, T* flipped) {
  const int64_t taps = s.taps();
  for (int64_t g = 0; g < s.groups; ++g)
    for (int64_t c = 0; c < s.in_channels; ++c)
      for (int64_t o = 0; o < s.out_channels; ++o) {
        const T* from = w + ((g * s.out_channels + o) * s.in_channels + c) * taps;
        std::reverse_copy(from, from + taps, flipped);
        flipped += taps;
      }
}

template <class T>
void depthwise_spread(const ConvShape& s, const T* y, const T* w, T* x) {
  const Layout in(s, 1);
  const std::vector<int64_t> offsets = tap_offsets(s, in);
  const int64_t pixels = s.out_pixels();
  parallel_for(0, s.batch * s.groups, grain_of(pixels * s.taps()), [&](int64_t begin, int64_t end) {
    const Scratch<T> window(in.size());
    for (int64_t u = begin; u < end; ++u) {
      std::fill(window.get(), window.get() + in.size(), T(0));
      for (int64_t q = 0; q < pixels; q += s.out[2])
        loops<T>().depthwise_spread(window.get() + in.pixel_offset(s, q), offsets.data(),
                                    w + u % s.groups * s.taps(), s.taps(), y + u * pixels + q, s.out[2]);
      loops<T>().unpad(in.window, window.get(), x + u * s.in_pixels());
    }
  });
}

// x += what the product of the turned weights and y spreads, a chunk of x's channels at a time.
template <class T>
void spread(const ConvShape& s, const T* y, const T* w, T* x) {
  const int64_t taps = s.taps(), depth = s.out_channels, pixels = s.out_pixels();
  const int64_t most = piece(depth, kDepth), columns = tiles<T>().tile_cols;
  const int64_t chunk = piece(s.in_channels, std::max<int64_t>(1, kRowsOfChunk / taps));
  const int64_t chunks = pieces(s.in_channels, chunk);
  const Layout in(s, chunk);
  const std::vector<int64_t> offsets = tap_offsets(s, in);
  std::vector<int64_t> channels;
  for (int64_t o = 0; o < depth; ++o) channels.push_back(o * pixels);
  const Scratch<T> weights(s.groups * s.in_channels * taps * depth + kPackOverrun);
  T* packed = weights.get();
  for (int64_t g = 0; g < s.groups; ++g)
    for (int64_t c = 0; c < s.in_channels; c += chunk) {
      const int64_t rows = std::min(chunk, s.in_channels - c) * taps;
      const T* from = w + (g * depth * s.in_channels + c) * taps;
      pack_weights(from, 1, rows, 1, depth, s.in_channels * taps, most, packed);
      packed += rows * depth;
    }
  parallel_for(
      0, s.batch * s.groups * chunks, grain_of(chunk * taps * depth * pixels),
      [&](int64_t begin, int64_t end) {
        const Scratch<T> window(in.size()), sliver((most + 1) * columns),
            product((chunk * taps + 1) * columns);
        ConvRun runs[kMaxRuns];
        for (int64_t u = begin; u < end; ++u) {
          const int64_t i = u / chunks, c = u % chunks * chunk, width = std::min(chunk, s.in_channels - c);
          const int64_t rows = width * taps;
          std::fill(window.get(), window.get() + in.channel * width, T(0));
          for (int64_t q = 0; q < pixels; q += columns) {
            const int64_t n = std::min(columns, pixels - q);
            const ConvRun all{0, q, n};
            const T* panel = weights.get() + (i % s.groups * s.in_channels + c) * taps * depth;
            for (int64_t p = 0; p < depth; p += most) {
              const int64_t k = std::min(most, depth - p);
              multiply_runs(panel, y + i * depth * pixels, channels.data() + p, &all, 1, sliver.get(), rows,
                            n, k, T(p > 0), product.get(), columns);
              panel += rows * k;
            }
            const int64_t count = pixel_runs(s, in, q, n, runs);
            loops<T>().scatter(window.get(), offsets.data(), rows, runs, count, product.get(), columns);
          }
          ConvWindow part = in.window;
          part.channels = width;
          loops<T>().unpad(part, window.get(), x + (i * s.in_channels + c) * s.in_pixels());
        }
      });
}

}  // namespace

template <class T>
void conv(const ConvShape& shape, const T* x, const T* w, const T* bias, T* y) {
  if (is_plain<T>(shape)) return plain_conv(shape, x, w, bias, y);
  if constexpr (std::is_floating_point_v<T>) {
    const ConvShape s = flattened(shape);
    return is_depthwise(s) ? depthwise(s, x, w, bias, y) : conv_tiles(s, x, w, bias, y);
  }
}

template <class T>
void conv_transposed(const ConvShape& shape, const T* y, const T* w, const T* bias, T* x) {
  if (is_plain<T>(shape)) return plain_conv_transposed(shape, y, w, bias, x);
  if constexpr (std::is_floating_point_v<T>) {
    const ConvShape s = flattened(shape);
    if (!s.strided()) {
      const Scratch<T> weights(s.groups * s.in_channels * s.out_channels * s.taps());
      flip(s, w, weights.get());
      return conv(flipped(s), y, weights.get(), bias, x);
    }
    const int64_t channels = s.groups * s.in_channels;
    for (int64_t n = 0; n < s.batch; ++n)
      fill_rows(x + n * channels * s.in_pixels(), channels, s.in_pixels(), s.in_pixels(), bias);
    return is_depthwise(s) ? depthwise_spread(s, y, w, x) : spread(s, y, w, x);
  }
}

#define XGRAD_CONVOLUTIONS(T)                                                \
  template void conv<T>(const ConvShape&, const T*, const T*, const T*, T*); \
  template void conv_transposed<T>(const ConvShape&, const T*, const T*, const T*, T*);
XGRAD_CONVOLUTIONS(float)
XGRAD_CONVOLUTIONS(double)
XGRAD_CONVOLUTIONS(int8_t)
XGRAD_CONVOLUTIONS(uint8_t)
XGRAD_CONVOLUTIONS(int16_t)
XGRAD_CONVOLUTIONS(int32_t)
XGRAD_CONVOLUTIONS(int64_t)

}  // namespace xgrad::kernels
