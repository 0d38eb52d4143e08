// The loops of attention over a tile of scores, compiled once per instruction set. No threads, no inline
// function of others.
#include <xgrad/core/kernels/attention/attention_table.h>

#include <xgrad/core/kernels/simd/row.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

template <class T>
T exp_of(T x) {
  T lane[Vec<T>::size];
  exp(Vec<T>(x)).store(lane);
  return lane[0];
}

template <class T>
void scale_row(T* x, int64_t n, T by) {
  Row<T>(n).map(
      x, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA { return Row<T>::load(x + i, part) * Vec<T>(by); });
}

// Adds the mask to row r, and says how many columns count; the others become 0.
template <class T>
int64_t prepare_row(const ScoreTile& t, int64_t r) {
  T* s = static_cast<T*>(t.scores) + r * t.n;
  int64_t n = t.causal ? t.visible + r : t.n;
  n = n < 0 ? 0 : n > t.n ? t.n : n;
  for (int64_t i = n; i < t.n; ++i) s[i] = T(0);
  if (t.mask) {
    const T* mask = static_cast<const T*>(t.mask) + r * t.mask_stride;
    Row<T>(n).map(s, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return Row<T>::load(s + i, part) + Row<T>::load(mask + i, part);
    });
  }
  return n;
}

template <class T>
void exponentials(const ScoreTile& t, void* tops, void* sums, void* outs, int64_t size, int64_t out_stride) {
  using V = Vec<T>;
  T *top = static_cast<T*>(tops), *sum = static_cast<T*>(sums), *out = static_cast<T*>(outs);
  for (int64_t r = 0; r < t.rows; ++r, out += out_stride) {
    T* s = static_cast<T*>(t.scores) + r * t.n;
    const Row<T> row(prepare_row<T>(t, r));
    if (row.n == 0) continue;
    const T largest = row.max(s);
    if (largest > top[r] || largest != largest) {
      // Nothing has been counted where the top is -inf.
      if (sum[r] != T(0)) {
        const T factor = exp_of(top[r] - largest);
        sum[r] *= factor;
        scale_row(out, size, factor);
      }
      top[r] = largest;
    }
    if (top[r] == static_cast<T>(-HUGE_VAL)) {
      for (int64_t i = 0; i < row.n; ++i) s[i] = T(0);
      continue;
    }
    const V shift(top[r]);
    sum[r] += row.sum(s, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return exp_of_negative(Row<T>::load(s + i, part) - shift);
    });
  }
}

template <class T>
void finish(void* tops, const void* sums, void* outs, int64_t rows, int64_t size, int64_t out_stride) {
  T *top = static_cast<T*>(tops), *out = static_cast<T*>(outs);
  const T* sum = static_cast<const T*>(sums);
  for (int64_t r = 0; r < rows; ++r, out += out_stride)
    if (sum[r] != T(0)) scale_row(out, size, T(1) / sum[r]);
  Row<T>(rows).map(top, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
    const Vec<T> total = Row<T>::load(sum + i, part);
    return where(total == T(0), Vec<T>(T(HUGE_VAL)), Row<T>::load(top + i, part) + log(total));
  });
}

template <class T>
void probabilities(const ScoreTile& t, const void* logsumexp) {
  for (int64_t r = 0; r < t.rows; ++r) {
    T* s = static_cast<T*>(t.scores) + r * t.n;
    const Vec<T> shift(static_cast<const T*>(logsumexp)[r]);
    Row<T>(prepare_row<T>(t, r)).map(s, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return exp_of_negative(Row<T>::load(s + i, part) - shift);
    });
  }
}

template <class T>
void score_gradients(const void* ps, void* dps, const void* dots, int64_t rows, int64_t n) {
  const T* p = static_cast<const T*>(ps);
  T* dp = static_cast<T*>(dps);
  for (int64_t r = 0; r < rows; ++r, p += n, dp += n) {
    const Vec<T> dot(static_cast<const T*>(dots)[r]);
    Row<T>(n).map(dp, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return Row<T>::load(p + i, part) * (Row<T>::load(dp + i, part) - dot);
    });
  }
}

template <class T>
void row_dots(const void* as, int64_t a_stride, const void* bs, int64_t b_stride, void* dots, int64_t rows,
              int64_t n) {
  const T *a = static_cast<const T*>(as), *b = static_cast<const T*>(bs);
  for (int64_t r = 0; r < rows; ++r, a += a_stride, b += b_stride)
    static_cast<T*>(dots)[r] = Row<T>(n).sum(nullptr, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return Row<T>::load(a + i, part) * Row<T>::load(b + i, part);
    });
}

template <class T>
constexpr AttentionLoops loops() {
  return {&exponentials<T>, &finish<T>, &probabilities<T>, &score_gradients<T>, &row_dots<T>};
}

}  // namespace

extern const AttentionLoops attention_float = loops<float>();
extern const AttentionLoops attention_double = loops<double>();

}  // namespace xgrad::kernels::XGRAD_ISA
