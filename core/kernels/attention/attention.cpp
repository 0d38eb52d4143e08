// Walks over the tiles of scores: their products are gemm's, the rest is attention_isa.cpp's. The order of
// tiles is that of "FlashAttention" (Dao et al., 2022).
#include <xgrad/core/kernels/attention/attention.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include <xgrad/core/kernels/attention/attention_table.h>
#include <xgrad/core/kernels/gemm/gemm.h>
#include <xgrad/core/kernels/kernel_table.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kQueries = 64, kKeys = 256;  // of a tile of scores: it and its keys stay in the cache

template <class T>
const AttentionLoops& loops_of() {
  const KernelTable& table = kernel_table();
  return sizeof(T) == sizeof(double) ? *table.attention_double : *table.attention_float;
}

template <class T>
T* rows_of(const HeadMatrices& m, int64_t head, int64_t row) {
  return static_cast<T*>(m.data) + m.offset[head] + row * m.row_stride;
}

// Keys that a query before `end` sees.
int64_t seen(const Attention& a, int64_t end) { return a.causal ? std::min(a.keys, end) : a.keys; }

template <class T>
ScoreTile tile_of(const Attention& a, T* scores, int64_t head, int64_t query, int64_t rows, int64_t key,
                  int64_t n) {
  const T* mask = a.mask.data ? rows_of<T>(a.mask, head, query) + key : nullptr;
  return {scores, mask, rows, n, a.mask.row_stride, query - key + 1, a.causal};
}

// scores = scale * the queries times the keys of a tile.
template <class T>
void multiply(const Attention& a, T* scores, int64_t head, int64_t query, int64_t rows, int64_t key,
              int64_t n) {
  gemm<T>(false, true, rows, n, a.size, static_cast<T>(a.scale), rows_of<T>(a.q, head, query), a.q.row_stride,
          rows_of<T>(a.k, head, key), a.k.row_stride, T(0), scores, n);
}

template <class T>
void forward_rows(const Attention& a, const HeadMatrices& out, T* logsumexp, int64_t head, int64_t query,
                  T* scores) {
  const AttentionLoops& loops = loops_of<T>();
  const int64_t rows = std::min(kQueries, a.queries - query), end = seen(a, query + rows);
  T *o = rows_of<T>(out, head, query), *top = logsumexp + head * a.queries + query;
  T sum[kQueries] = {};
  std::fill_n(top, rows, static_cast<T>(-HUGE_VAL));
  for (int64_t r = 0; r < rows; ++r) std::fill_n(o + r * out.row_stride, a.value_size, T(0));
  for (int64_t key = 0; key < end; key += kKeys) {
    const int64_t n = std::min(kKeys, end - key);
    multiply(a, scores, head, query, rows, key, n);
    loops.exponentials(tile_of(a, scores, head, query, rows, key, n), top, sum, o, a.value_size,
                       out.row_stride);
    gemm<T>(false, false, rows, a.value_size, n, T(1), scores, n, rows_of<T>(a.v, head, key), a.v.row_stride,
            T(1), o, out.row_stride);
  }
  loops.finish(top, sum, o, rows, a.value_size, out.row_stride);
}

template <class T>
void backward_head(const Attention& a, const AttentionGradients& d, int64_t head, T* p, T* dp) {
  const AttentionLoops& loops = loops_of<T>();
  const T* logsumexp = static_cast<const T*>(d.logsumexp) + head * a.queries;
  for (int64_t i = 0; i < a.keys; ++i) {
    std::fill_n(rows_of<T>(d.dk, head, i), a.size, T(0));
    std::fill_n(rows_of<T>(d.dv, head, i), a.value_size, T(0));
  }
  for (int64_t query = 0; query < a.queries; query += kQueries) {
    const int64_t rows = std::min(kQueries, a.queries - query), end = seen(a, query + rows);
    const T* g = rows_of<T>(d.g, head, query);
    T dots[kQueries];
    loops.row_dots(g, d.g.row_stride, rows_of<T>(d.out, head, query), d.out.row_stride, dots, rows,
                   a.value_size);
    T* dq = rows_of<T>(d.dq, head, query);
    for (int64_t r = 0; r < rows; ++r) std::fill_n(dq + r * d.dq.row_stride, a.size, T(0));
    for (int64_t key = 0; key < end; key += kKeys) {
      const int64_t n = std::min(kKeys, end - key);
      multiply(a, p, head, query, rows, key, n);
      loops.probabilities(tile_of(a, p, head, query, rows, key, n), logsumexp + query);
      gemm<T>(true, false, n, a.value_size, rows, T(1), p, n, g, d.g.row_stride, T(1),
              rows_of<T>(d.dv, head, key), d.dv.row_stride);
      gemm<T>(false, true, rows, n, a.value_size, T(1), g, d.g.row_stride, rows_of<T>(a.v, head, key),
              a.v.row_stride, T(0), dp, n);
      loops.score_gradients(p, dp, dots, rows, n);
      gemm<T>(false, false, rows, a.size, n, static_cast<T>(a.scale), dp, n, rows_of<T>(a.k, head, key),
              a.k.row_stride, T(1), dq, d.dq.row_stride);
      gemm<T>(true, false, n, a.size, rows, static_cast<T>(a.scale), dp, n, rows_of<T>(a.q, head, query),
              a.q.row_stride, T(1), rows_of<T>(d.dk, head, key), d.dk.row_stride);
    }
  }
}

// How many parts a thread should have at least, so that they are worth its start.
int64_t grain_of(const Attention& a, int64_t rows) {
  const int64_t products = rows * a.keys * (a.size + a.value_size);
  return std::max<int64_t>(1, (int64_t{1} << 18) / std::max<int64_t>(1, products));
}

template <class T>
void forward(const Attention& a, const HeadMatrices& out, void* logsumexp) {
  const int64_t tiles = (a.queries + kQueries - 1) / kQueries;
  parallel_for(0, a.heads * tiles, grain_of(a, kQueries), [&](int64_t begin, int64_t end) {
    std::vector<T> scores(static_cast<std::size_t>(kQueries * std::min(kKeys, a.keys)));
    for (int64_t i = begin; i < end; ++i)
      forward_rows(a, out, static_cast<T*>(logsumexp), i / tiles, i % tiles * kQueries, scores.data());
  });
}

template <class T>
void backward(const Attention& a, const AttentionGradients& d) {
  parallel_for(0, a.heads, grain_of(a, a.queries), [&](int64_t begin, int64_t end) {
    const auto tile = static_cast<std::size_t>(kQueries * std::min(kKeys, a.keys));
    std::vector<T> p(tile), dp(tile);
    for (int64_t head = begin; head < end; ++head) backward_head(a, d, head, p.data(), dp.data());
  });
}

}  // namespace

void attention(ScalarType dtype, const Attention& a, const HeadMatrices& out, void* logsumexp) {
  (dtype == ScalarType::Double ? &forward<double> : &forward<float>)(a, out, logsumexp);
}
void attention_backward(ScalarType dtype, const Attention& a, const AttentionGradients& gradients) {
  (dtype == ScalarType::Double ? &backward<double> : &backward<float>)(a, gradients);
}

}  // namespace xgrad::kernels
