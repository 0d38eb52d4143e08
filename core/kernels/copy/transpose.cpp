// Transposing a plane in tiles: one line of the cache on either side. Which planes there are, and threads,
// are the matter of the callers.
#include <xgrad/core/kernels/copy/transpose.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/copy/stream.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {
namespace {

// A tile has at least a cache line on either side. It is read in runs of src into a buffer, turned there, and
// written in runs of dst, so that every line of memory is touched once; walking the arrays directly would
// lose most of its lines in between when a row is a power of two long.
template <class Word>
struct Tile {
  static constexpr int64_t side = sizeof(Word) == 1 ? 64 : sizeof(Word) == 2 ? 32 : 16;
  alignas(64) Word read[side * side];
  alignas(64) Word turned[side * side];

  void load(const char* src, const Plane& p, int64_t along, int64_t across) {
    for (int64_t i = 0; i < along; ++i) {
      const char* from = src + i * p.src_along * p.src_bytes;
      if (p.load)
        p.load(read + i * side, 1, from, p.src_across, across);
      else if (across == side)
        std::memcpy(read + i * side, from, side * sizeof(Word));
      else
        std::memcpy(read + i * side, from, static_cast<std::size_t>(across) * sizeof(Word));
    }
  }

  void store(Word* dst, const Plane& p, int64_t along, int64_t across) {
    if (p.dst_along != 1 || std::min(along, across) < 4) {
      for (int64_t j = 0; j < across; ++j)
        for (int64_t i = 0; i < along; ++i) dst[j * p.dst_across + i * p.dst_along] = read[i * side + j];
    } else if (!p.stream || along < side) {
      turn(dst, p.dst_across, read, side, along, across);
    } else {
      turn(turned, side, read, side, along, across);
      for (int64_t j = 0; j < across; ++j)
        stream_copy(dst + j * p.dst_across, turned + j * side, side * static_cast<int64_t>(sizeof(Word)));
    }
  }
};

template <class Word>
void transpose(void* dst, const void* src, const Plane& p) {
  constexpr int64_t side = Tile<Word>::side;
  // A few rows or columns: lines of memory stay near until all of each is moved.
  const int64_t few = std::min(p.along, p.across);
  if (!p.load && p.dst_along == 1 && few >= 4 && few <= (p.stream ? side : 2 * side))
    return turn(static_cast<Word*>(dst), p.dst_across, static_cast<const Word*>(src), p.src_along, p.along,
                p.across);
  Tile<Word> tile;
  const bool ahead = p.far && !p.stream && p.dst_along == 1;
  for (int64_t i = 0; i < p.along; i += side)
    for (int64_t j = 0; j < p.across; j += side) {
      const int64_t along = std::min(side, p.along - i), across = std::min(side, p.across - j);
      // The lines that the next tile is written to: no processor foresees steps of this kind. (Not in a
      // function: GCC leaves out calls of functions that only prefetch.)
      for (int64_t k = j + side; ahead && k < std::min(j + 2 * side, p.across); ++k)
        for (int64_t at = 0; at < side; at += 64 / static_cast<int64_t>(sizeof(Word)))
          __builtin_prefetch(static_cast<Word*>(dst) + i + k * p.dst_across + at, 1);
      tile.load(static_cast<const char*>(src) + (i * p.src_along + j * p.src_across) * p.src_bytes, p, along,
                across);
      tile.store(static_cast<Word*>(dst) + i * p.dst_along + j * p.dst_across, p, along, across);
    }
  if (p.stream) stream_fence();
}

}  // namespace

TransposeFn transposer(ScalarType dst) {
  return dispatch_word(dst, []<class Word>() -> TransposeFn { return &transpose<Word>; });
}

}  // namespace xgrad::kernels
