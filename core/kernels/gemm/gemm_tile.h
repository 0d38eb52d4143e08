// The micro-kernel: an R x (V vectors) tile of C kept in registers while k runs over a column of A and a row
// of B. Every element of C is one chain of fused multiply-adds in the order of k whatever the tile, so the
// bits of a result do not depend on where a matrix was cut. Included only by gemm_isa.cpp.
#pragma once

#include <xgrad/core/kernels/gemm/gemm_simd.h>

namespace xgrad::kernels::XGRAD_ISA::product {

// Accumulators fill the register file and leave room for V vectors of B and one broadcast of A.
#if defined(XGRAD_SIMD_AVX512) || defined(__aarch64__)
inline constexpr int tile_rows = 14;
inline constexpr int flat_tile_rows = 6;
#else
inline constexpr int tile_rows = 6;
inline constexpr int flat_tile_rows = 2;
#endif
inline constexpr int tile_vectors = 2;
inline constexpr int flat_tile_vectors = 4;  // of tiles with few rows, so that enough chains run side by side

template <class T>
struct Tile {
  int64_t k;
  const T* a;
  int64_t a_stride;  // between rows of A when its k is contiguous, between its columns otherwise
  const T* b;
  int64_t b_stride;
  T* c;
  int64_t ldc;
  const T* d;
  int64_t ldd;
  T alpha, beta;
  int last;  // columns in the last vector, 1 .. width
  // B that is needed soon, two vectors for every step of k, or null; after `next_run` steps on by
  // `next_jump`.
  const T* next;
  int64_t next_stride, next_run, next_jump;
  bool prefetch_c;
  // Where B is not there yet: row p of B is the vectors at from[v] + offsets[p], and is written to `b`.
  const int64_t* offsets = nullptr;
  const T* from[tile_vectors];
  // Where the k of A is contiguous: so many runs of k elements, each `jump` behind the end of the one before.
  int64_t runs = 1, jump = 0;
};

// C = alpha acc + beta D, for one tile.
template <class T, int R, int V, bool Accumulate>
XGRAD_SIMD_INLINE void write_tile(Batch<T> (&acc)[R][V], const Tile<T>& t) {
  constexpr int w = width<T>;
  const Batch<T> alpha(t.alpha), beta(t.beta);
  const int rest = t.last;
  T* c = t.c;
  [[maybe_unused]] const T* d = t.d;
  const auto write_row = [&](Batch<T>(&row)[V], bool whole) XGRAD_LAMBDA_INLINE {
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) {
      Batch<T> y = alpha * row[v];
      if (v < V - 1 || whole) {
        if constexpr (Accumulate) y = raw::fma<T>(beta, load(d + v * w), y);
        store(c + v * w, y);
      } else {
        if constexpr (Accumulate) y = raw::fma<T>(beta, raw::load_first<T>(d + v * w, rest), y);
        raw::store_first<T>(y, c + v * w, rest);
      }
    }
    c += t.ldc;
    if constexpr (Accumulate) d += t.ldd;
  };
  if (!has_free_masks && rest == w) {
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) write_row(acc[r], true);
  } else {
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) write_row(acc[r], false);
  }
}

// How the rows of A lie, and whether B is gathered on the way.
enum class Reads { columns, rows, columns_and_gathers };

template <class T, int R, int V, Reads reads>
void multiply_tile(const Tile<T>& t) {
  constexpr bool KContiguous = reads == Reads::rows, gathers = reads == Reads::columns_and_gathers;
  using B = Batch<T>;
  constexpr int w = width<T>;
  const int rest = t.last;
  B acc[R][V];
#pragma GCC unroll 16
  for (int r = 0; r < R; ++r)
#pragma GCC unroll 4
    for (int v = 0; v < V; ++v) acc[r][v] = B(T(0));

  // C is needed at the end and has mostly left the caches.
  if (t.prefetch_c) {
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      XGRAD_PREFETCH(t.c + r * t.ldc);
      XGRAD_PREFETCH(t.c + r * t.ldc + (V * w - 1));
    }
  }
  const T *a = t.a, *b = t.b, *next = t.next;
  const int64_t a_stride = t.a_stride, b_stride = t.b_stride;
  [[maybe_unused]] const int64_t* offsets = t.offsets;
  const auto step = [&]() XGRAD_LAMBDA_INLINE {
    B row[V];
#pragma GCC unroll 4
    for (int v = 0; v < V - 1; ++v) row[v] = load(gathers ? t.from[v] + *offsets : b + v * w);
    if constexpr (gathers) {
      row[V - 1] = load(t.from[V - 1] + *offsets++);
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) store(const_cast<T*>(b) + v * w, row[v]);
    } else if constexpr (has_free_masks) {
      row[V - 1] = raw::load_first<T>(b + (V - 1) * w, rest);
    } else {
      row[V - 1] = load(b + (V - 1) * w);
    }
    if constexpr (!KContiguous) XGRAD_PREFETCH(a + 8 * a_stride);
#pragma GCC unroll 16
    for (int r = 0; r < R; ++r) {
      const B x(KContiguous ? a[r * a_stride] : a[r]);
#pragma GCC unroll 4
      for (int v = 0; v < V; ++v) acc[r][v] = raw::fma<T>(x, row[v], acc[r][v]);
    }
    a += KContiguous ? 1 : a_stride;
    b += b_stride;
  };
  // Instructions count beside the multiply-adds: only where there is something to fetch is it asked for, and
  // in the tiles that do most of the work two steps share what a loop costs.
  int64_t left = t.k;
  if (next != nullptr) {
    const int64_t next_stride = t.next_stride, run = t.next_run, jump = t.next_jump;
    for (; left > 0; left -= run, next += jump)
      for (int64_t p = smaller(left, run); p > 0; --p) {
        XGRAD_PREFETCH_L2(next);
        XGRAD_PREFETCH_L2(next + w);
        next += next_stride;
        step();
      }
  }
  for (int64_t runs = t.runs;; left = t.k) {
    for (; V == tile_vectors && left > 1; left -= 2) {
      step();
      step();
    }
    for (; left > 0; --left) step();
    if (!KContiguous || --runs == 0) break;
    a += t.jump;
  }

  // No branch inside: GCC would thread it through all R x V updates.
  if (t.beta == T(0)) {
    write_tile<T, R, V, false>(acc, t);
  } else {
    write_tile<T, R, V, true>(acc, t);
  }
}

template <class T>
using TileKernel = void (*)(const Tile<T>&);

template <int... R>
struct RowCounts {
  template <class T, int V, Reads reads>
  static constexpr TileKernel<T> kernels[] = {multiply_tile<T, R + 1, V, reads>...};
};
#if defined(XGRAD_SIMD_AVX512) || defined(__aarch64__)
using Rows = RowCounts<0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13>;
using FlatRows = RowCounts<0, 1, 2, 3, 4, 5>;
#else
using Rows = RowCounts<0, 1, 2, 3, 4, 5>;
using FlatRows = RowCounts<0, 1>;
#endif

template <class T, Reads reads>
XGRAD_SIMD_INLINE TileKernel<T> tile_kernel(int64_t rows, int64_t vectors) {
  if (vectors == 1) return Rows::kernels<T, 1, reads>[rows - 1];
  if (vectors == 2) return Rows::kernels<T, 2, reads>[rows - 1];
  return vectors == 3 ? FlatRows::kernels<T, 3, reads>[rows - 1] : FlatRows::kernels<T, 4, reads>[rows - 1];
}
template <class T>
XGRAD_SIMD_INLINE TileKernel<T> gathering_kernel(int64_t rows) {
  return Rows::kernels<T, tile_vectors, Reads::columns_and_gathers>[rows - 1];
}

}  // namespace xgrad::kernels::XGRAD_ISA::product
