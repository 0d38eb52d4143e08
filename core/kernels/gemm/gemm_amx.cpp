// A tile of A is 16 rows of 32 elements; one of B 16 rows that hold two neighbours along k of each of 16
// columns.
#include <xgrad/core/kernels/gemm/gemm_amx.h>

#if defined(__x86_64__) && defined(__linux__) && defined(XGRAD_HAVE_AVX512)
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>

#include <xgrad/core/kernels/copy/shuffle.h>
#include <xgrad/core/kernels/isa.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kLines = 16, kTile = kLines * kAmxDepth / 2;  // in words of two elements

bool find_amx() noexcept {
  constexpr unsigned tiles_of_bfloat16 = 1u << 22 | 1u << 24;
  constexpr long request_permission = 0x1023, tile_data = 18;  // arch_prctl(2)
  unsigned a = 0, b = 0, c = 0, d = 0;
  return isa() == Isa::avx512 && __get_cpuid_count(7, 0, &a, &b, &c, &d) != 0 &&
         (d & tiles_of_bfloat16) == tiles_of_bfloat16 &&
         syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}

struct alignas(64) TileShapes {
  uint8_t palette = 1, start_row = 0, reserved[14] = {};
  uint16_t row_bytes[16] = {64, 64, 64, 64, 64, 64, 64, 64};
  uint8_t rows[16] = {16, 16, 16, 16, 16, 16, 16, 16};
};

// Where tiles of A stand, in bytes: rows of a tile, the second 16 rows, the next along k.
struct TilesOfA {
  int64_t row, low, next;
};

// 32 x 32 elements of C.
__attribute__((target("amx-tile,amx-bf16"))) void multiply_tiles(const char* a, const TilesOfA& at,
                                                                 const uint32_t* b, int64_t k, float* c,
                                                                 int64_t ldc) {
  const int64_t row = ldc * static_cast<int64_t>(sizeof(float));
  float* const low = c + kLines * ldc;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (const uint32_t* const end = b + k * kLines; b < end; a += at.next, b += 2 * kTile) {
    _tile_loadd(4, a, at.row);
    _tile_loadd(5, a + at.low, at.row);
    _tile_loadd(6, b, 64);
    _tile_loadd(7, b + kTile, 64);
    _tile_dpbf16ps(0, 4, 6);
    _tile_dpbf16ps(1, 4, 7);
    _tile_dpbf16ps(2, 5, 6);
    _tile_dpbf16ps(3, 5, 7);
  }
  _tile_stored(0, c, row);
  _tile_stored(1, c + kLines, row);
  _tile_stored(2, low, row);
  _tile_stored(3, low + kLines, row);
}

// A row of memory into tiles: those of 32 lines stand beside each other, `depth` pairs of them one after the
// other along k.
void pack_line(uint32_t* to, const BFloat16* from, int64_t k) {
  for (; k >= kAmxDepth; k -= kAmxDepth, from += kAmxDepth, to += 2 * kTile) std::memcpy(to, from, 64);
  std::memcpy(to, from, static_cast<std::size_t>(k) * sizeof(BFloat16));
}

// Two rows of memory, of neighbours along k; the second is zero where `odd` is null.
__attribute__((target("avx512f,avx512bw"))) void pack_pair(uint32_t* to, const BFloat16* even,
                                                           const BFloat16* odd, int64_t lines,
                                                           int64_t depth) {
  const uint32_t kept = odd != nullptr ? 0xffff0000u : 0;
  if (odd == nullptr) odd = even;
  const auto pair = [&](int64_t i) { return even[i].x | (static_cast<uint32_t>(odd[i].x) << 16 & kept); };
  int64_t next = kTile;
  for (; lines >= kLines; lines -= kLines, even += kLines, odd += kLines) {
    for (int64_t i = 0; i < kLines; ++i) to[i] = pair(i);
    to += next;
    next = 2 * depth * kTile - next;
  }
  for (int64_t i = 0; i < lines; ++i) to[i] = pair(i);
}

}  // namespace

bool has_amx() noexcept {
  static constinit std::atomic<int> found{-1};
  int value = found.load(std::memory_order_relaxed);
  if (value < 0) found.store(value = find_amx(), std::memory_order_relaxed);
  return value != 0;
}

void amx_pack(uint32_t* to, bool pairs, const BFloat16* from, int64_t line_step, int64_t k_step,
              int64_t lines, int64_t k) {
  const int64_t depth = (k + kAmxDepth - 1) / kAmxDepth;
  const auto panels = (lines + kAmxRows - 1) / kAmxRows;
  for (int64_t i = 0; i < panels; ++i) {  // what no element is written to
    const int64_t full = i == panels - 1 && lines % kAmxRows != 0 ? 0 : k / kAmxDepth;
    std::memset(to + (i * depth + full) * 2 * kTile, 0,
                static_cast<std::size_t>(depth - full) * 2 * kTile * 4);
  }
  const bool paired = k_step != 1;
  if (paired) {
    for (int64_t p = 0; p < k; p += 2)
      pack_pair(to + p / kAmxDepth * 2 * kTile + p % kAmxDepth / 2 * kLines, from + p * k_step,
                p + 1 < k ? from + (p + 1) * k_step : nullptr, lines, depth);
  } else {
    for (int64_t i = 0; i < lines; ++i)
      pack_line(to + (i / kAmxRows * depth * 2 + i / kLines % 2) * kTile + i % kLines * kLines,
                from + i * line_step, k);
  }
  if (pairs == paired) return;
  for (int64_t i = 0; i < panels * depth * 2; ++i, to += kTile) {
    uint32_t tile[kTile];
    std::memcpy(tile, to, sizeof tile);
    turn(to, kLines, tile, kLines, kLines, kLines);
  }
}

__attribute__((target("amx-tile"))) void amx_multiply(const void* a, int64_t lda, const uint32_t* b,
                                                      int64_t m, int64_t n, int64_t k, float* c,
                                                      int64_t ldc) {
  static constexpr TileShapes shapes;  // of a local one the compiler sees 8 bytes used
  _tile_loadconfig(&shapes);
  const int64_t row = lda * 2;
  const TilesOfA at = lda == 0 ? TilesOfA{64, kTile * 4, kTile * 8} : TilesOfA{row, kLines * row, 64};
  const int64_t rows = lda == 0 ? kAmxRows * k * 2 : kAmxRows * row;
  const char* from = static_cast<const char*>(a);
  for (int64_t i = 0; i < m; i += kAmxRows, from += rows)
    for (int64_t j = 0; j < n; j += kAmxRows)
      multiply_tiles(from, at, b + j * k / 2, k, c + i * ldc + j, ldc);
  _tile_release();
}

}  // namespace xgrad::kernels

#else

namespace xgrad::kernels {
bool has_amx() noexcept { return false; }
void amx_pack(uint32_t*, bool, const BFloat16*, int64_t, int64_t, int64_t, int64_t) {}
void amx_multiply(const void*, int64_t, const uint32_t*, int64_t, int64_t, int64_t, float*, int64_t) {}
}  // namespace xgrad::kernels

#endif
