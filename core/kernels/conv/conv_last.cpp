// Convolutions of images that have their channels last: pixels are the rows of the tiles, read where they lie
// in an image (with its padding, a part of it at a time), and the weights, packed once, their columns. A
// transposed one is, for each place that x may have between the strides, a convolution of y that has none.
#include <numeric>

#include <xgrad/core/kernels/conv/conv_layout.h>
#include <xgrad/core/kernels/gemm/gemm.h>

namespace xgrad::kernels {
namespace {

using namespace convolution;

constexpr int64_t kWindow = 1 << 16;  // elements of the part of an image that is padded at a time
// Of a product: a sliver leaves room in the first-level cache for some rows.
constexpr int64_t kDepthOfRows = 384;

// Where w has what a pixel is multiplied with: element (t, c) of column o of a group.
template <class T>
struct Columns {
  const T* w;
  int64_t row, column, group;  // elements between the c, the o and the groups
  std::vector<int64_t> taps;   // where each begins
};

// Elements of a pixel's depth that lie in `runs` runs of `k`, `jump` apart.
struct Piece {
  int64_t from, at, k, runs, jump;  // from the pixel, and in the depth
};

std::vector<Piece> pieces_of(const ConvShape& s, const Layout& in) {
  const bool joined = s.groups == 1 && s.dilation[2] == 1;  // neighbouring taps of a row lie side by side
  const int64_t run = s.in_channels * (joined ? s.kernel[2] : 1), most = piece(run, kDepthOfRows);
  const int64_t count = s.kernel[joined ? 1 : 2], apart = in.tap[joined ? 1 : 2];
  const int64_t together = piece(count, std::max<int64_t>(1, kDepthOfRows / run));
  std::vector<Piece> all;
  int64_t at = 0;
  for (int64_t row = 0; row < s.kernel[0] * (joined ? 1 : s.kernel[1]); ++row)
    for (int64_t i = 0; i < count; i += together)
      for (int64_t p = 0; p < run; p += most) {
        const int64_t k = std::min(most, run - p), runs = std::min(together, count - i);
        const int64_t first =
            joined ? in.tap_offset(row, i, 0) : in.tap_offset(row / s.kernel[1], row % s.kernel[1], i);
        all.push_back({first + p, at, k, runs, apart - run});
        at += k * runs;
      }
  return all;
}

// `apart`: elements of y between pixels; `image`: between images.
template <class T>
void conv_rows(const ConvShape& s, const Columns<T>& from, const T* x, const T* bias, T* y,
               const int64_t (&apart)[3], int64_t image) {
  const int64_t channels = s.groups * s.in_channels, columns = tiles<T>().tile_cols;
  const int64_t depth = static_cast<int64_t>(from.taps.size()) * s.in_channels;
  const int64_t slivers = pieces(s.out_channels, columns);
  const Scratch<T> weights(s.groups * slivers * depth * columns);
  const Layout all(s, channels, true);
  const int64_t units = s.batch * s.out[0], least = pieces(s.out[1], splits_for(units, s.out[1]));
  const int64_t height = piece(s.out[1], std::clamp<int64_t>(kWindow / all.step[1], 1, least));
  ConvShape part = s;
  part.out[0] = 1;
  part.out[1] = height;
  const Layout in = all.whole ? all : Layout(part, channels, true);
  std::vector<Piece> steps = pieces_of(s, in);
  if (depth == 0) steps = {{0, 0, 0, 1, 0}};
  T* sliver = weights.get();
  for (int64_t g = 0; g < s.groups; ++g)
    for (const Piece& p : steps)
      for (int64_t j = 0; j < s.out_channels; j += columns)
        for (int64_t at = p.at, k; at < p.at + p.k * p.runs; at += k, sliver += k * columns) {
          const int64_t tap = at / s.in_channels, c = at % s.in_channels;
          k = std::min(s.in_channels - c, p.at + p.k * p.runs - at);
          tiles<T>().pack_sliver(from.w + g * from.group + j * from.column +
                                     from.taps[static_cast<std::size_t>(tap)] + c * from.row,
                                 from.row, from.column, k, std::min(columns, s.out_channels - j), sliver);
        }
  const int64_t blocks = pieces(s.out[1], height), work = height * s.out[2] * depth * s.out_channels;
  parallel_for(0, units * blocks, grain_of(work * s.groups), [&](int64_t begin, int64_t end) {
    const Scratch<T> window(all.whole ? 0 : in.size());
    for (int64_t u = begin; u < end; ++u) {
      const int64_t n = u / blocks / s.out[0], z = u / blocks % s.out[0], first = u % blocks * height;
      const int64_t rows = std::min(height, s.out[1] - first);
      const T* pixels = x + n * s.in_pixels() * channels;
      if (all.whole) {
        pixels += z * in.step[0] + first * in.step[1];
      } else if (depth > 0) {
        ConvWindow w = in.window;
        w.padding[0] -= z * s.stride[0];
        w.padding[1] -= first * s.stride[1];
        loops<T>().pad_channels_last(w, pixels, true, window.get());
        pixels = window.get();
      }
      T* const to = y + n * image + z * apart[0] + first * apart[1];
      const T* b = weights.get();
      for (int64_t g = 0; g < s.groups; ++g)
        for (const Piece& p : steps)
          for (int64_t j = 0; j < s.out_channels; j += columns, b += p.k * p.runs * columns) {
            const int64_t at = g * s.out_channels + j;
            GemmCall<T> call{s.out[2],
                             std::min(columns, s.out_channels - j),
                             p.k,
                             T(1),
                             pixels + p.from + g * s.in_channels,
                             in.step[2],
                             1,
                             b,
                             columns,
                             1,
                             T(1),
                             to + at,
                             apart[2],
                             to + at,
                             apart[2]};
            if (p.at == 0) {
              call.beta = T(bias != nullptr);
              call.d = bias ? bias + at : call.c;
              call.ldd = bias ? 0 : apart[2];
            }
            for (int64_t r = 0; r < rows; ++r) {
              tiles<T>().multiply_rows(call, p.runs, p.jump, r == 0 ? b + p.k * p.runs * columns : nullptr);
              call.a += in.step[1];
              call.c += apart[1];
              if (!bias || p.at > 0) call.d += apart[1];
            }
          }
    }
  });
}

// The taps of dimension d that reach place r between the strides, the last one first: the first that is
// visited, and how many lie between those.
struct Reach {
  int64_t tap = 0, step = 1, count = 0;
  Reach(const ConvShape& s, int d, int64_t r, ConvShape& to)
      : step(s.stride[d] / std::gcd(s.stride[d], s.dilation[d])) {
    while (tap < s.kernel[d] && (r + s.padding[d] - tap * s.dilation[d]) % s.stride[d] != 0) ++tap;
    to.out[d] = pieces(s.in[d] - r, s.stride[d]);
    to.in[d] = s.out[d];
    to.stride[d] = to.dilation[d] = to.kernel[d] = 1;
    to.padding[d] = 0;
    if (tap >= s.kernel[d]) return;
    count = to.kernel[d] = (s.kernel[d] - 1 - tap) / step + 1;
    tap += (count - 1) * step;
    to.dilation[d] = s.dilation[d] * step / s.stride[d];
    to.padding[d] = (tap * s.dilation[d] - r - s.padding[d]) / s.stride[d];
  }
  int64_t at(int64_t i) const { return tap - i * step; }
};

template <class T>
void spread_rows(const ConvShape& s, const T* y, const T* w, const T* bias, T* x) {
  const int64_t channels = s.in_channels, taps = s.taps(), pixel = s.groups * channels;
  const int64_t places[3] = {s.in[1] * s.in[2] * pixel, s.in[2] * pixel, pixel};
  const int64_t apart[3] = {places[0] * s.stride[0], places[1] * s.stride[1], places[2] * s.stride[2]};
  Columns<T> from{w, taps * channels, 1, s.out_channels * taps * channels, {}};
  ConvShape part = flipped(s);
  for (int64_t z = 0; z < std::min(s.stride[0], s.in[0]); ++z)
    for (int64_t r = 0; r < std::min(s.stride[1], s.in[1]); ++r)
      for (int64_t q = 0; q < std::min(s.stride[2], s.in[2]); ++q) {
        const Reach along[3] = {{s, 0, z, part}, {s, 1, r, part}, {s, 2, q, part}};
        from.taps.clear();
        for (int64_t i = 0; i < along[0].count; ++i)
          for (int64_t j = 0; j < along[1].count; ++j)
            for (int64_t k = 0; k < along[2].count; ++k)
              from.taps.push_back(
                  ((along[0].at(i) * s.kernel[1] + along[1].at(j)) * s.kernel[2] + along[2].at(k)) *
                  channels);
        conv_rows(part, from, y, bias, x + z * places[0] + r * places[1] + q * places[2], apart,
                  s.in_pixels() * pixel);
      }
}

// The pixels of x that a pixel of y reads, and the taps by which it does, in units of the channels.
std::size_t taps_of(const ConvShape& s, const int64_t (&pixel)[3], int64_t* offsets, int64_t* places) {
  std::size_t count = 0;
  const auto along = [&](int d, const auto& f) {
    int64_t at = pixel[d] * s.stride[d] - s.padding[d];
    for (int64_t t = 0; t < s.kernel[d]; ++t, at += s.dilation[d])
      if (at >= 0 && at < s.in[d]) f(at, t);
  };
  along(0, [&](int64_t z, int64_t tz) {
    along(1, [&](int64_t y, int64_t ty) {
      along(2, [&](int64_t x, int64_t tx) {
        offsets[count] = ((z * s.in[1] + y) * s.in[2] + x) * s.groups;
        places[count++] = ((tz * s.kernel[1] + ty) * s.kernel[2] + tx) * s.groups;
      });
    });
  });
  return count;
}

template <class T>
void depthwise_rows(const ConvShape& shape, bool transposed, const T* x, const T* w, const T* bias, T* y) {
  const ConvShape s = transposed ? flipped(shape) : shape;
  const int64_t channels = s.groups, taps = s.taps();
  const Scratch<T> weights(taps * channels);
  for (int64_t t = 0; t < taps; ++t)
    for (int64_t c = 0; c < channels; ++c)
      weights.get()[t * channels + c] = w[c * taps + (transposed ? taps - 1 - t : t)];
  // Pixels of a row that read all taps, and that many at a time; those at its ends read what there is.
  const int64_t step = s.stride[2], reach = s.dilation[2] * (s.kernel[2] - 1);
  const int64_t whole = std::max<int64_t>(0, pieces(s.padding[2], step));
  const int64_t room = s.in[2] + s.padding[2] - reach - 1, end = room < 0 ? 0 : room / step + 1;
  parallel_for(0, s.batch * s.out[0] * s.out[1], grain_of(s.out[2] * taps * channels),
               [&](int64_t begin, int64_t last) {
                 std::vector<int64_t> offsets(static_cast<std::size_t>(taps)), places(offsets.size());
                 for (int64_t row = begin; row < last; ++row) {
                   const T* const image = x + row / (s.out[0] * s.out[1]) * s.in_pixels() * channels;
                   for (int64_t q = 0, n; q < s.out[2]; q += n) {
                     n = q >= whole && q < end ? std::min(end, s.out[2]) - q : 1;
                     const int64_t pixel[3] = {row / s.out[1] % s.out[0], row % s.out[1], q};
                     const std::size_t count = taps_of(s, pixel, offsets.data(), places.data());
                     loops<T>().depthwise_last(image, offsets.data(), step * channels, weights.get(),
                                               places.data(), static_cast<int64_t>(count), bias, channels,
                                               y + (row * s.out[2] + q) * channels, n);
                   }
                 }
               });
}

bool is_depthwise_rows(const ConvShape& s) {
  return s.in_channels == 1 && s.out_channels == 1 && s.groups > 1;
}

}  // namespace

bool takes_channels_last(const ConvShape& s, bool transposed) {
  if (is_depthwise_rows(s)) return !(transposed && s.strided());
  const int64_t least = std::min(s.in_channels, s.out_channels);
  const int64_t places = transposed ? s.stride[0] * s.stride[1] * s.stride[2] : 1;
  return least > 0 && (s.groups == 1 || least >= 8) && (transposed ? s.in_channels : s.out_channels) >= 8 &&
         places <= 64 && !is_plain<float>(s);
}

template <class T>
void conv_channels_last(const ConvShape& s, bool transposed, const T* x, const T* w, const T* bias, T* y) {
  if (is_depthwise_rows(s)) return depthwise_rows(s, transposed, x, w, bias, y);
  const int64_t in = s.in_channels, out = s.out_channels, taps = s.taps();
  if (is_pointwise(s)) {
    const int64_t k = transposed ? out : in, n = transposed ? in : out;
    for (int64_t g = 0; g < s.groups; ++g)
      gemm<T>(false, !transposed, s.batch * s.in_pixels(), n, k, T(1), x + g * k, s.groups * k,
              w + g * in * out, in, T(bias != nullptr), bias ? bias + g * n : nullptr, 0, y + g * n,
              s.groups * n);
    return;
  }
  if (transposed) return spread_rows(s, x, w, bias, y);
  Columns<T> from{w, 1, taps * in, out * taps * in, {}};
  for (int64_t t = 0; t < taps; ++t) from.taps.push_back(t * in);
  const int64_t pixel = s.groups * out, row = s.out[2] * pixel;
  conv_rows(s, from, x, bias, y, {s.out[1] * row, row, pixel}, s.out_pixels() * pixel);
}
template void conv_channels_last(const ConvShape&, bool, const float*, const float*, const float*, float*);
template void conv_channels_last(const ConvShape&, bool, const double*, const double*, const double*,
                                 double*);

}  // namespace xgrad::kernels
