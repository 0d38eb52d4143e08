// Cuts bags and sampled images into pieces for the threads, and turns images into rows: the pixels of up to
// 16 channels side by side, so that what a point reads is few registers. The loops are those of
// sample_isa.cpp.
#include <xgrad/core/kernels/sample/sample.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <type_traits>
#include <utility>

#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/sample/sample_table.h>
#include <xgrad/core/kernels/scratch.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 16384;  // elements a thread should get at least

template <class T>
const SampleLoops<T>& loops() {
  if constexpr (std::is_same_v<T, float>)
    return *kernel_table().sample_float;
  else
    return *kernel_table().sample_double;
}

// kSampled pixels of the planes of up to 16 channels, of which rows are made and the reverse: lines of the
// planes themselves may be a power of two apart, and push each other out of the cache.
template <class T>
struct Piece {
  alignas(64) T planes[16 * kSampled] = {};

  void load(const T* from, int64_t apart, int64_t channels, int64_t n) {
    for (int64_t c = 0; c < channels; ++c)
      std::memcpy(planes + c * kSampled, from + c * apart, static_cast<std::size_t>(n) * sizeof(T));
  }
  void store(T* to, int64_t apart, int64_t channels, int64_t n) const {
    for (int64_t c = 0; c < channels; ++c)
      std::memcpy(to + c * apart, planes + c * kSampled, static_cast<std::size_t>(n) * sizeof(T));
  }
  void to_rows(T* rows) const { turn(rows, kSampledWidth, planes, kSampled, kSampledWidth, kSampled); }
  void from_rows(const T* rows) { turn(planes, kSampled, rows, kSampledWidth, kSampled, kSampledWidth); }
};

// f(first pixel, how many) for pieces of n.
template <class F>
void for_pieces(int64_t n, const F& f) {
  for (int64_t p = 0; p < n; p += kSampled) f(p, std::min<int64_t>(kSampled, n - p));
}

// Some channels of one image as rows.
template <class T>
class Rows {
 public:
  Rows(const Sampling& s, T* image, int64_t channels)
      : image_(image),
        pixels_(s.pixels()),
        channels_(channels),
        rows_(kSampledWidth * (pixels_ + kSampled)) {}
  T* get() const { return rows_.get(); }

  void read() {
    Piece<T> piece;
    for_pieces(pixels_, [&](int64_t p, int64_t n) {
      piece.load(image_ + p, pixels_, channels_, n);
      piece.to_rows(get() + p * kSampledWidth);
    });
    std::fill_n(get() + pixels_ * kSampledWidth, kSampledWidth, T(0));
  }
  void clear() { std::fill_n(get(), kSampledWidth * pixels_, T(0)); }
  void write() const {
    Piece<T> piece;
    for_pieces(pixels_, [&](int64_t p, int64_t n) {
      piece.from_rows(get() + p * kSampledWidth);
      piece.store(image_ + p, pixels_, channels_, n);
    });
  }

 private:
  T* image_;
  int64_t pixels_, channels_;
  Scratch<T> rows_;
};

// Whether it takes longer to turn the image into rows than to gather from its planes.
bool by_planes(const Sampling& s, int64_t channels) {
  return channels <= 8 || s.mode == 1 || s.points * 16 < s.pixels();
}

int64_t pieces(int64_t n, int64_t of) { return (n + of - 1) / of; }

// f(first channel of all images, number of channels, image) for `together` blocks of channels in a row.
template <class F>
void for_blocks(const Sampling& s, bool together, const F& f) {
  const int64_t size = kSampledWidth, blocks = pieces(s.channels, size), each = together ? blocks : 1;
  parallel_for(0, s.images * blocks / each, grain_of(kGrain, s.points * size * each),
               [&](int64_t begin, int64_t end) {
                 for (int64_t i = begin * each; i < end * each; ++i) {
                   const int64_t image = i / blocks, first = i % blocks * size;
                   f(image * s.channels + first, std::min(size, s.channels - first), image);
                 }
               });
}

}  // namespace

template <class T>
void sum_bags(const Bags& b, const T* x, const T* weight, T* y) {
  if (b.width == 0 || b.sums == 0) return;                               // of as many tables as there may be
  const int64_t work = std::max<int64_t>(1, b.begin[b.sums] * b.width);  // of a table
  if (b.width == 1 && b.tables >= 4) {
    // Sixteen tables of single values are one table of rows.
    const int64_t blocks = pieces(b.tables, 16), grain = grain_of(kGrain, 16 * work);
    parallel_for(0, blocks, grain, [&](int64_t begin, int64_t end) {
      const Scratch<T> rows(16 * (b.rows + kSampled)), sums(16 * (b.sums + kSampled));
      Piece<T> piece;
      for (int64_t i = begin * 16; i < std::min(end * 16, b.tables); i += 16) {
        const int64_t together = std::min<int64_t>(16, b.tables - i);
        for_pieces(b.rows, [&](int64_t p, int64_t n) {
          piece.load(x + i * b.rows + p, b.rows, together, n);
          piece.to_rows(rows.get() + p * 16);
        });
        loops<T>().bags({1, b.rows, b.sums, 16, b.begin, b.place}, rows.get(), weight, sums.get());
        for_pieces(b.sums, [&](int64_t p, int64_t n) {
          piece.from_rows(sums.get() + p * 16);
          piece.store(y + i * b.sums + p, b.sums, together, n);
        });
      }
    });
    return;
  }
  const int64_t grain = std::max<int64_t>(1, kGrain * b.sums / work);
  parallel_for(0, b.tables * b.sums, grain, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end;) {
      const int64_t table = i / b.sums, first = i % b.sums, n = std::min(end - i, b.sums - first);
      loops<T>().bags({1, b.rows, n, b.width, b.begin + first, b.place}, x + table * b.rows * b.width, weight,
                      y + i * b.width);
      i += n;
    }
  });
}

// Rows of two to four bytes.
static void sum_pixels(const Bags& b, const uint8_t* x, const int16_t* weight, int precision, uint8_t* y) {
  const int64_t in = b.rows * b.width, out = b.sums * b.width;
  PixelBags bags{b.sums, b.width, 1, nullptr, nullptr};
  for (int64_t i = 0; i < b.sums; ++i)
    bags.pairs = std::max(bags.pairs, pieces(b.begin[i + 1] - b.begin[i], 2));
  const Scratch<int32_t> from(b.sums + 3), weights((b.sums + 3) * bags.pairs);
  std::fill_n(from.get(), b.sums + 3, 0);
  std::fill_n(weights.get(), (b.sums + 3) * bags.pairs, 0);
  for (int64_t i = 0; i < b.sums; ++i) {
    from.get()[i] = static_cast<int32_t>(b.place[b.begin[i]] * b.width);
    std::memcpy(weights.get() + i * bags.pairs, weight + b.begin[i],
                static_cast<std::size_t>(b.begin[i + 1] - b.begin[i]) * sizeof(int16_t));
  }
  bags.from = from.get();
  bags.weight = weights.get();
  const int64_t more = 2 * b.width * bags.pairs + 8;  // bytes that may be read after the last row
  parallel_for(0, b.tables, grain_of(kGrain, out), [&](int64_t begin, int64_t end) {
    const Scratch<uint8_t> room(in + more);
    for (int64_t i = begin; i < end; ++i) {
      const uint8_t* table = x + i * in;
      if ((b.tables - i - 1) * in < more) {
        std::fill_n(std::copy_n(table, in, room.get()), more, uint8_t(0));
        table = room.get();
      }
      loops<float>().pixel_bags(bags, table, precision, y + i * out);
    }
  });
}

void sum_byte_bags(const Bags& b, const uint8_t* x, const int16_t* weight, int precision, uint8_t* y) {
  const int64_t in = b.rows * b.width, out = b.sums * b.width;  // bytes of a table
  if (loops<float>().pixel_bags && b.width >= 2 && b.width <= 4 && in <= INT32_MAX)
    return sum_pixels(b, x, weight, precision, y);
  // Many tables of narrow rows are one of rows that are as many times as wide.
  const int64_t together = b.width < 64 ? 64 : 1;
  parallel_for(0, pieces(b.tables, together), grain_of(kGrain, out * together),
               [&](int64_t begin, int64_t end) {
                 const Scratch<uint8_t> rows(together > 1 ? in * together : 0),
                     sums(together > 1 ? out * together : 0);
                 for (int64_t i = begin * together; i < std::min(end * together, b.tables); i += together) {
                   const int64_t n = std::min(together, b.tables - i);
                   if (std::min({n, in, out}) < 4) {  // what `turn` takes
                     for (int64_t k = i; k < i + n; ++k)
                       loops<float>().byte_bags(b, x + k * in, weight, precision, y + k * out);
                     continue;
                   }
                   turn(rows.get(), n, x + i * in, in, n, in);
                   const Bags wide{1, b.rows, b.sums, b.width * n, b.begin, b.place};
                   loops<float>().byte_bags(wide, rows.get(), weight, precision, sums.get());
                   turn(y + i * out, out, sums.get(), n, out, n);
                 }
               });
}

void turn_bags(const Bags& bags, int64_t* begin, int64_t* place, int64_t* order) {
  std::fill_n(begin, bags.rows + 1, 0);
  for (int64_t t = 0; t < bags.begin[bags.sums]; ++t) ++begin[bags.place[t]];
  for (int64_t i = 0, sum = 0; i <= bags.rows; ++i) sum += std::exchange(begin[i], sum);
  for (int64_t i = 0; i < bags.sums; ++i)
    for (int64_t t = bags.begin[i]; t < bags.begin[i + 1]; ++t) {
      const int64_t at = begin[bags.place[t]]++;
      place[at] = i;
      order[at] = t;
    }
  // Where each began is where the one before ends.
  std::copy_backward(begin, begin + bags.rows, begin + bags.rows + 1);
  begin[0] = 0;
}

template <class T>
void sample(const Sampling& s, const T* x, const T* grid, T* y) {
  for_blocks(s, false, [&](int64_t first, int64_t channels, int64_t image) {
    const bool planes = by_planes(s, channels);
    const T* const from = x + first * s.pixels();
    T* const to = y + first * s.points;
    std::optional<Rows<T>> rows;
    if (!planes) rows.emplace(s, const_cast<T*>(from), channels).read();
    parallel_for(0, pieces(s.points, kSampled), kGrain / (kSampled * 4), [&](int64_t begin, int64_t end) {
      const int64_t start = begin * kSampled, count = std::min(s.points, end * kSampled) - start;
      const T* const at = grid + (image * s.points + start) * s.dims;
      if (planes) return loops<T>().planes(s, channels, from, at, count, to + start);
      alignas(64) T sums[kSampled * kSampledWidth];
      Piece<T> piece;
      for_pieces(count, [&](int64_t p, int64_t n) {
        loops<T>().forward(s, rows->get(), at + p * s.dims, static_cast<int>(n), sums);
        piece.from_rows(sums);
        piece.store(to + start + p, s.points, channels, n);
      });
    });
  });
}

template <class T>
void sample_backward(const Sampling& s, const T* g, const T* x, const T* grid, T* dx, T* dgrid) {
  for_blocks(s, dgrid != nullptr, [&](int64_t first, int64_t channels, int64_t image) {
    const T *const from = x + first * s.pixels(), *const gradient = g + first * s.points;
    T* const to = dx ? dx + first * s.pixels() : nullptr;
    const int64_t start = image * s.points * s.dims;
    T* const turned = dgrid && s.mode != 1 ? dgrid + start : nullptr;  // steps have the gradient 0
    if (by_planes(s, channels))
      return loops<T>().planes_backward(s, channels, gradient, from, grid + start, s.points, to, turned);
    std::optional<Rows<T>> pixels, spread;
    if (turned) pixels.emplace(s, const_cast<T*>(from), channels).read();
    if (dx) spread.emplace(s, to, channels).clear();
    alignas(64) T gradients[kSampled * kSampledWidth];
    Piece<T> piece;
    for_pieces(s.points, [&](int64_t p, int64_t n) {
      piece.load(gradient + p, s.points, channels, n);
      piece.to_rows(gradients);
      loops<T>().backward(s, gradients, pixels ? pixels->get() : nullptr, grid + start + p * s.dims,
                          static_cast<int>(n), spread ? spread->get() : nullptr,
                          turned ? turned + p * s.dims : nullptr);
    });
    if (spread) spread->write();
  });
}

#define XGRAD_SAMPLING(T)                                           \
  template void sum_bags<T>(const Bags&, const T*, const T*, T*);   \
  template void sample<T>(const Sampling&, const T*, const T*, T*); \
  template void sample_backward<T>(const Sampling&, const T*, const T*, const T*, T*, T*);
XGRAD_SAMPLING(float)
XGRAD_SAMPLING(double)

}  // namespace xgrad::kernels
