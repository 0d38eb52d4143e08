// What the convolutions share: where a window of an image has its elements, and how work is cut. Included by
// conv.cpp and conv_weight.cpp alone.
#pragma once

#include <algorithm>
#include <type_traits>
#include <vector>

#include <xgrad/core/kernels/conv/conv.h>
#include <xgrad/core/kernels/conv/conv_plain.h>
#include <xgrad/core/kernels/conv/conv_table.h>
#include <xgrad/core/kernels/gemm/gemm_tiles.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/scratch.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels::convolution {

inline constexpr int64_t kDepth = 256;      // of a product, so that a sliver stays in the first-level cache
inline constexpr int64_t kGrain = 1 << 19;  // multiplications that a thread should get at least
inline constexpr int64_t kMaxRuns = 64;     // of a sliver: it has no more columns

template <class T>
const ConvLoops<T>& loops() {
  if constexpr (sizeof(T) == 4)
    return *kernel_table().conv_float;
  else
    return *kernel_table().conv_double;
}

inline int64_t pieces(int64_t n, int64_t most) { return (n + most - 1) / most; }
// The length of nearly equal pieces of at most `most`.
inline int64_t piece(int64_t n, int64_t most) { return n <= most ? n : pieces(n, pieces(n, most)); }

inline int64_t grain_of(int64_t multiplications) { return kernels::grain_of(kGrain, multiplications); }
// Into how many parts each of `units` is cut so that every thread gets one.
inline int64_t splits_for(int64_t units, int64_t most) {
  return std::clamp<int64_t>(pieces(get_num_threads(), std::max<int64_t>(1, units)), 1,
                             std::max<int64_t>(1, most));
}

// A kernel of one point that skips nothing sees no rows.
inline bool is_pointwise(const ConvShape& s) {
  bool plain = s.taps() == 1 && !s.strided();
  for (int d = 0; d < 3; ++d) plain = plain && s.padding[d] == 0 && s.in[d] == s.out[d];
  return plain;
}
inline ConvShape flattened(const ConvShape& s) {
  if (!is_pointwise(s)) return s;
  ConvShape flat;
  flat.batch = s.batch;
  flat.groups = s.groups;
  flat.in_channels = s.in_channels;
  flat.out_channels = s.out_channels;
  flat.in[2] = flat.out[2] = s.in_pixels();
  return flat;
}

// Where taps and pixels find their elements in the window of an image.
struct Layout {
  ConvWindow window;
  int64_t tap[3], step[3], columns;  // elements between taps (but for the phases of x) and between pixels
  int64_t channel, phases;           // elements of a channel, unless the channels are innermost
  bool whole;                        // the window is the image

  explicit Layout(const ConvShape& s, int64_t channels, bool channels_last = false) {
    window.channels = channels;
    whole = true;
    for (int d = 0; d < 3; ++d) {
      window.in[d] = s.in[d];
      window.size[d] = (s.out[d] - 1) * s.stride[d] + s.dilation[d] * (s.kernel[d] - 1) + 1;
      window.padding[d] = s.padding[d];
      whole = whole && s.padding[d] == 0 && window.size[d] <= s.in[d] &&
              (channels_last || d == 0 || s.stride[d] == 1);
    }
    if (whole) std::copy(s.in, s.in + 3, window.size);
    window.phases = phases = channels_last ? 1 : s.stride[2];
    window.pitch = pieces(window.size[2], phases);
    const int64_t inner = channels_last ? channels : 1, row = phases * window.pitch * inner;
    const int64_t places[3] = {row * window.size[1], row, inner};
    for (int d = 0; d < 3; ++d) {
      tap[d] = s.dilation[d] * places[d];
      step[d] = s.stride[d] * places[d];
    }
    if (!channels_last) {
      tap[2] = s.dilation[2];
      step[2] = 1;
    }
    channel = row * window.size[1] * window.size[0];
    columns = s.out[2];
  }
  int64_t size() const { return channel * window.channels; }

  int64_t tap_offset(int64_t z, int64_t y, int64_t x) const {
    const int64_t across = x * tap[2];
    return z * tap[0] + y * tap[1] +
           (phases == 1 ? across : across % phases * window.pitch + across / phases);
  }
  int64_t pixel_offset(const ConvShape& s, int64_t pixel) const {
    const int64_t row = pixel / s.out[2];
    return row / s.out[1] * step[0] + row % s.out[1] * step[1] + pixel % s.out[2] * step[2];
  }
};

inline std::vector<int64_t> tap_offsets(const ConvShape& s, const Layout& in) {
  std::vector<int64_t> offsets;
  for (int64_t c = 0; c < in.window.channels; ++c)
    for (int64_t z = 0; z < s.kernel[0]; ++z)
      for (int64_t y = 0; y < s.kernel[1]; ++y)
        for (int64_t x = 0; x < s.kernel[2]; ++x) offsets.push_back(c * in.channel + in.tap_offset(z, y, x));
  return offsets;
}

// The runs of n pixels in the window of an image.
inline int64_t pixel_runs(const ConvShape& s, const Layout& in, int64_t pixel, int64_t n, ConvRun* runs) {
  int64_t count = 0;
  for (int64_t column = 0; column < n;) {
    const int64_t length = std::min(s.out[2] - pixel % s.out[2], n - column);
    runs[count++] = {column, in.pixel_offset(s, pixel), length};
    column += length;
    pixel += length;
  }
  return count;
}

// C = panel * (n columns of B) + beta C, where row p of B is what the runs find at image + offsets[p]. Where
// each register of B lies in one run it is read there by the tile that comes first.
template <class T>
void multiply_runs(const T* panel, const T* image, const int64_t* offsets, const ConvRun* runs, int64_t count,
                   T* sliver, int64_t m, int64_t n, int64_t k, T beta, T* c, int64_t ldc) {
  const GemmTable<T>& t = tiles<T>();
  const T* from[kMaxRuns];
  bool registers = n == t.tile_cols && k > 0;
  for (int64_t i = 0; registers && i < count; ++i) {
    registers = runs[i].length % t.lanes == 0;
    for (int64_t at = 0; registers && at < runs[i].length; at += t.lanes)
      from[(runs[i].column + at) / t.lanes] = image + runs[i].from + at;
  }
  if (registers) return t.multiply_gathered(panel, from, offsets, sliver, m, k, beta, c, ldc);
  loops<T>().gather(image, offsets, k, runs, count, sliver, t.tile_cols);
  t.multiply_packed(panel, sliver, m, n, k, beta, c, ldc);
}

// What a transposed convolution without strides convolves, with the channels of w's sides exchanged and its
// taps in the other order.
inline ConvShape flipped(const ConvShape& s) {
  ConvShape f = s;
  std::swap(f.in_channels, f.out_channels);
  for (int d = 0; d < 3; ++d) {
    f.in[d] = s.out[d];
    f.out[d] = s.in[d];
    f.padding[d] = s.dilation[d] * (s.kernel[d] - 1) - s.padding[d];
  }
  return f;
}

inline bool is_depthwise(const ConvShape& s) {
  return s.in_channels == 1 && s.out_channels == 1 && s.taps() > 1;
}

// Padding or dilation may be so large that a window is mostly empty: no memory is spent on that.
template <class T>
bool is_plain(const ConvShape& s) {
  double window = 1;
  for (int d = 0; d < 3; ++d)
    window *= static_cast<double>((s.out[d] - 1) * s.stride[d] + s.dilation[d] * (s.kernel[d] - 1) + 1);
  return std::is_integral_v<T> || window > 4096 + 8 * static_cast<double>(s.in_pixels() + s.out_pixels());
}

}  // namespace xgrad::kernels::convolution
