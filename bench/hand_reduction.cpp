// Reductions, softmax and a transposing copy by hand: eight accumulators, blocked columns, tiles.
// The rows of 4096 are multiples of eight batches. No tensor library in here.
#include <array>
#include <cmath>
#include <cstring>

#include "hand.h"

namespace bench {

namespace {

constexpr std::int64_t side = 4096;
constexpr std::int64_t lanes = 8;

// Folds `size` numbers with eight accumulators, so that no addition waits for the one before.
template <class Fold>
Batch fold(const float* p, std::int64_t size, Batch start, Fold f) {
  std::array<Batch, lanes> acc;
  acc.fill(start);
  for (std::int64_t i = 0; i < size; i += lanes * width)
    for (std::int64_t k = 0; k < lanes; ++k) acc[k] = f(acc[k], load(p + i + k * width));
  for (std::int64_t k = 1; k < lanes; ++k) acc[0] = f(acc[0], acc[k]);
  return acc[0];
}

float sum(const float* p, std::int64_t size) {
  return xsimd::hadd(fold(p, size, Batch(0.F), [](Batch s, Batch x) { return s + x; }));
}

float largest(const float* p, std::int64_t size) {
  const Batch all = fold(p, size, load(p), [](Batch m, Batch x) { return xsimd::max(m, x); });
  std::array<float, width> each;
  all.store_unaligned(each.data());
  return *std::max_element(each.begin(), each.end());
}

void sum_rows(const float* a, float* y) {
  for (std::int64_t i = 0; i < side; ++i) y[i] = sum(a + i * side, side);
}

// Row by row in blocks that are summed apart first: the sums stay in cache and their rounding stays small.
void sum_columns(const float* a, float* y) {
  constexpr std::int64_t block = 64;
  Floats part(side);
  std::fill(y, y + side, 0.F);
  for (std::int64_t i = 0; i < side; i += block) {
    std::fill(part.begin(), part.end(), 0.F);
    for (std::int64_t r = i; r < i + block; ++r)
      for (std::int64_t j = 0; j < side; j += width)
        (load(&part[j]) + load(a + r * side + j)).store_unaligned(&part[j]);
    for (std::int64_t j = 0; j < side; j += width) (load(y + j) + load(&part[j])).store_unaligned(y + j);
  }
}

void softmax_row(const float* x, float* y) {
  const Batch top(largest(x, side));
  Batch total(0.F), total2(0.F);
  for (std::int64_t j = 0; j < side; j += 2 * width) {
    const Batch e = xsimd::exp(load(x + j) - top), e2 = xsimd::exp(load(x + j + width) - top);
    e.store_unaligned(y + j);
    e2.store_unaligned(y + j + width);
    total += e;
    total2 += e2;
  }
  const Batch scale(1.F / xsimd::hadd(total + total2));
  for (std::int64_t j = 0; j < side; j += width) (load(y + j) * scale).store_unaligned(y + j);
}

void softmax_rows(const float* a, float* y) {
  for (std::int64_t i = 0; i < side; ++i) softmax_row(a + i * side, y + i * side);
}

// Sixteen rows are read along; each tile of them becomes sixteen whole cache lines of the result.
void transpose(const float* a, float* y) {
  constexpr std::int64_t tile = 16;
  alignas(64) float turned[tile * tile];
  for (std::int64_t i = 0; i < side; i += tile)
    for (std::int64_t j = 0; j < side; j += tile) {
      transpose_tile(a + i * side + j, side, turned, tile);
      for (std::int64_t p = 0; p < tile; ++p)
        for (std::int64_t q = 0; q < tile; q += width)
          stream(y + (j + p) * side + i + q, load(turned + p * tile + q));
    }
}

void sum_all(const float* a, float* y) {
  float total = 0;
  for (std::int64_t i = 0; i < side; ++i) total += sum(a + i * side, side);
  *y = total;
}

template <class Loop>
void add_square(const char* name, float scale, std::int64_t results, Loop loop) {
  workload(name).each([=] {
    return [=, a = aligned_values(side * side, 1, scale), y = Floats(results)]() mutable {
      loop(a.data(), y.data());
      return Span{y.data(), results};
    };
  });
}

}  // namespace

// The compiler's own vectors: xsimd has no transposition that is right for every width.
void transpose_tile(const float* a, std::int64_t a_stride, float* y, std::int64_t y_stride) {
  using Four = float __attribute__((vector_size(16)));
  for (std::int64_t i = 0; i < 16; i += 4)
    for (std::int64_t j = 0; j < 16; j += 4) {
      Four row[4];
      for (std::int64_t k = 0; k < 4; ++k) std::memcpy(&row[k], a + (i + k) * a_stride + j, sizeof(Four));
      const Four low01 = __builtin_shufflevector(row[0], row[1], 0, 4, 1, 5);
      const Four low23 = __builtin_shufflevector(row[2], row[3], 0, 4, 1, 5);
      const Four high01 = __builtin_shufflevector(row[0], row[1], 2, 6, 3, 7);
      const Four high23 = __builtin_shufflevector(row[2], row[3], 2, 6, 3, 7);
      row[0] = __builtin_shufflevector(low01, low23, 0, 1, 4, 5);
      row[1] = __builtin_shufflevector(low01, low23, 2, 3, 6, 7);
      row[2] = __builtin_shufflevector(high01, high23, 0, 1, 4, 5);
      row[3] = __builtin_shufflevector(high01, high23, 2, 3, 6, 7);
      for (std::int64_t k = 0; k < 4; ++k) std::memcpy(y + (j + k) * y_stride + i, &row[k], sizeof(Four));
    }
}

void add_hand_reduction_workloads() {
  add_square("sum of all, 4096 x 4096", 1.F, 1, sum_all);
  add_square("sum over dim 0, 4096 x 4096", 1.F, side, sum_columns);
  add_square("sum over dim 1, 4096 x 4096", 1.F, side, sum_rows);
  add_square("softmax over dim 1, 4096 x 4096", 4.F, side * side, softmax_rows);
  add_square("t().contiguous(), 4096 x 4096", 1.F, side * side, transpose);
}

}  // namespace bench
