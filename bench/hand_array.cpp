// Pointwise and broadcasting loops as one writes them by hand for the machine at hand: one pass of xsimd
// batches into memory that is reused. Every size here is a multiple of the batch width. No tensor library in
// here.
#include "hand.h"

namespace bench {

namespace {

constexpr std::int64_t many = 10000000;
constexpr std::int64_t side = 4096;

// out[i] = formula(in0[i], in1[i], ...) over the whole length.
template <class Formula, class... In>
void pass(std::int64_t size, float* out, Formula formula, const In*... in) {
  for (std::int64_t i = 0; i < size; i += width) formula(load(in + i)...).store_unaligned(out + i);
}

template <class Formula>
void add_unary(const char* name, Formula formula) {
  workload(name).each([formula] {
    return [formula, x = aligned_values(many, 1, 4.F), y = Floats(many)]() mutable {
      pass(many, y.data(), formula, x.data());
      return Span{y.data(), many};
    };
  });
}

void add_fused(const char* name) {
  workload(name).each([] {
    return [a = aligned_values(many, 1), b = aligned_values(many, 2), c = aligned_values(many, 3),
            y = Floats(many)]() mutable {
      pass(
          many, y.data(), [](Batch p, Batch q, Batch r) { return xsimd::fma(p, q, r); }, a.data(), b.data(),
          c.data());
      return Span{y.data(), many};
    };
  });
}

void add_pointwise() {
  add_unary("sigmoid of 10 M", [](Batch x) { return Batch(1.F) / (Batch(1.F) + xsimd::exp(-x)); });
  add_unary("exp of 10 M", [](Batch x) { return xsimd::exp(x); });
  add_unary("tanh of 10 M", [](Batch x) { return xsimd::tanh(x); });
  workload("a + b of 10 M").each([] {
    return [a = aligned_values(many, 1), b = aligned_values(many, 2), y = Floats(many)]() mutable {
      pass(
          many, y.data(), [](Batch p, Batch q) { return p + q; }, a.data(), b.data());
      return Span{y.data(), many};
    };
  });
  add_fused("a.mul(b).add(c) of 10 M");
  add_fused("a * b + c of 10 M");
  workload("a.add_(b) of 10 M, in place").each([] {
    return [a = aligned_values(many, 1), b = aligned_values(many, 2, 1e-6F)]() mutable {
      pass(
          many, a.data(), [](Batch p, Batch q) { return p + q; }, a.data(), b.data());
      return Span{a.data(), many};
    };
  });
}

// A workload over two inputs and a result of side x side.
template <class Loop>
void add_square(const char* name, std::int64_t second, Loop loop) {
  workload(name).each([second, loop] {
    return [loop, a = aligned_values(side * side, 1), b = aligned_values(second, 2),
            y = Floats(side * side)]() mutable {
      const std::int64_t size = loop(a.data(), b.data(), y.data());
      return Span{y.data(), size};
    };
  });
}

std::int64_t add_row(const float* a, const float* row, float* y) {
  for (std::int64_t i = 0; i < side; ++i)
    pass(
        side, y + i * side, [](Batch p, Batch q) { return p + q; }, a + i * side, row);
  return side * side;
}

std::int64_t add_column(const float* a, const float* column, float* y) {
  for (std::int64_t i = 0; i < side; ++i) {
    const Batch c(column[i]);
    pass(
        side, y + i * side, [c](Batch p) { return p + c; }, a + i * side);
  }
  return side * side;
}

std::int64_t add_every_second(const float* a, const float* b, float* y) {
  for (std::int64_t i = 0; i < side * side / 2; ++i) y[i] = a[2 * i] + b[2 * i];
  return side * side / 2;
}

std::int64_t add_transposed(const float* a, const float* b, float* y) {
  constexpr std::int64_t tile = 16, block = 256;
  alignas(64) float turned[tile * tile];
  for (std::int64_t i = 0; i < side; i += block)
    for (std::int64_t j = 0; j < side; j += tile)
      for (std::int64_t k = i; k < i + block; k += tile) {
        transpose_tile(b + j * side + k, side, turned, tile);
        for (std::int64_t p = 0; p < tile; ++p)
          for (std::int64_t q = 0; q < tile; q += width) {
            const std::int64_t at = (k + p) * side + j + q;
            stream(y + at, load(a + at) + load(turned + p * tile + q));
          }
      }
  return side * side;
}

}  // namespace

void add_hand_array_workloads() {
  add_pointwise();
  add_square("matrix + row, 4096 x 4096", side, add_row);
  add_square("matrix + column, 4096 x 4096", side, add_column);
  add_square("a[:, ::2] + b[:, ::2], 4096 x 4096", side * side, add_every_second);
  add_square("a + b.t(), 4096 x 4096", side * side, add_transposed);
}

void add_workloads() {
  add_hand_limit_workloads();
  add_hand_small_workloads();
  add_hand_array_workloads();
  add_hand_reduction_workloads();
  add_hand_product_workloads();
  add_hand_file_workloads();
  add_hand_optim_workloads();
}

}  // namespace bench
