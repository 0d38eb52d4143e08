// The loops of channel_norm, compiled once per instruction set. A row is read several times while it is in
// the cache; moments of rows are put together in double. No threads, no inline function of others.
#include <xgrad/core/kernels/norm/channel_norm_table.h>

#include <type_traits>

#include <xgrad/core/kernels/simd/row.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

double root(double x) {
  double lane[Vec<double>::size];
  sqrt(Vec<double>(x)).store(lane);
  return lane[0];
}

// Mean and sum of squared differences from it, of rows one after the other (Chan, Golub and LeVeque, 1979).
struct Moments {
  double count = 0, mean = 0, squares = 0;

  void add(double n, double row_mean, double row_squares) {
    const double total = count + n, distance = row_mean - mean;
    squares += row_squares + distance * distance * (count * n / total);
    mean += distance * (n / total);
    count = total;
  }
};

template <class T>
Moments moments(const T* x, const ChannelRows& rows, const Row<T>& row) {
  Moments all;
  for (int64_t r = 0; r < rows.count; ++r, x += rows.step * rows.n) {
    const T mean = row.sum(nullptr, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      return Row<T>::load(x + i, part);
    }) / static_cast<T>(rows.n);
    const T squares = row.sum(nullptr, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      const Vec<T> d = Row<T>::load(x + i, part) - Vec<T>(mean);
      return d * d;
    });
    all.add(static_cast<double>(rows.n), static_cast<double>(mean), static_cast<double>(squares));
  }
  return all;
}

template <class T>
T number_of(const void* numbers, int64_t channel, T otherwise) {
  return numbers ? static_cast<const T*>(numbers)[channel] : otherwise;
}

// Those from `first` on, as Row reads them.
template <class T>
XGRAD_SIMD_INLINE Vec<T> numbers_of(const void* numbers, int64_t first, int part, T otherwise) {
  return numbers ? Row<T>::load(static_cast<const T*>(numbers) + first, part) : Vec<T>(otherwise);
}

template <class T>
void forward(const ChannelNorm& a, const ChannelRows& rows, int64_t set) {
  using V = Vec<T>;
  const Row<T> row(rows.n);
  const int64_t step = rows.step * rows.n;
  const T* x = static_cast<const T*>(a.x) + rows.first * rows.n;
  T* y = static_cast<T*>(a.y) + rows.first * rows.n;
  const Moments all = moments(x, rows, row);
  const double var = all.squares / all.count, rstd = 1 / root(var + a.eps);
  static_cast<T*>(a.mean)[set] = static_cast<T>(all.mean);
  static_cast<T*>(a.rstd)[set] = static_cast<T>(rstd);
  static_cast<T*>(a.var)[set] = static_cast<T>(var);
  const V mean(static_cast<T>(all.mean));
  int64_t channel = rows.channel;
  if (rows.mixed)
    return row.map(y, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      const V scale = V(static_cast<T>(rstd)) * numbers_of(a.weight, channel + i, part, T(1));
      return (Row<T>::load(x + i, part) - mean) * scale + numbers_of(a.bias, channel + i, part, T(0));
    });
  for (int64_t r = 0; r < rows.count; ++r, x += step, y += step, channel += rows.channel_step) {
    const V scale(static_cast<T>(rstd) * number_of(a.weight, channel, T(1))),
        shift(number_of(a.bias, channel, T(0)));
    row.map(y, [&](int64_t i, int part)
                   XGRAD_SIMD_LAMBDA { return (Row<T>::load(x + i, part) - mean) * scale + shift; });
  }
}

template <class T>
void backward(const ChannelNormBackward& a, const ChannelRows& rows, int64_t set, double* row_sums) {
  using V = Vec<T>;
  const Row<T> row(rows.n);
  const int64_t step = rows.step * rows.n, start = rows.first * rows.n;
  const T *g = static_cast<const T*>(a.g) + start, *x = static_cast<const T*>(a.x) + start;
  const T rstd = static_cast<const T*>(a.rstd)[set];
  const bool mixed = rows.mixed;  // by itself, the loops can be made apart for it
  const V mean(static_cast<const T*>(a.mean)[set]), scale(rstd);
  double sum_g = 0, sum_gx = 0;
  int64_t channel = rows.channel;
  T sum[2];  // of g, by itself and times the normal
  if (mixed) {
    double* const sums = row_sums + 2 * start;
    for (int64_t i = 0; i < rows.n; ++i) {
      sums[2 * i] = static_cast<double>(g[i]);
      sums[2 * i + 1] = static_cast<double>(g[i] * ((x[i] - static_cast<const T*>(a.mean)[set]) * rstd));
    }
    row.template sums<2>(sum, [&](int64_t i, int part, V(&t)[2]) XGRAD_SIMD_LAMBDA {
      t[0] = Row<T>::load(g + i, part) * numbers_of(a.weight, channel + i, part, T(1));
      t[1] = t[0] * ((Row<T>::load(x + i, part) - mean) * scale);
    });
    sum_g = static_cast<double>(sum[0]);
    sum_gx = static_cast<double>(sum[1]);
  }
  for (int64_t r = 0; r < rows.count && !mixed; ++r, g += step, x += step, channel += rows.channel_step) {
    row.template sums<2>(sum, [&](int64_t i, int part, V(&t)[2]) XGRAD_SIMD_LAMBDA {
      t[0] = Row<T>::load(g + i, part);
      t[1] = t[0] * ((Row<T>::load(x + i, part) - mean) * scale);
    });
    double* sums = row_sums + 2 * (rows.first + r * rows.step);
    sums[0] = static_cast<double>(sum[0]);
    sums[1] = static_cast<double>(sum[1]);
    const auto weight = static_cast<double>(number_of(a.weight, channel, T(1)));
    sum_g += weight * sums[0];
    sum_gx += weight * sums[1];
  }
  if (!a.dx) return;
  const double total = static_cast<double>(rows.count) * static_cast<double>(rows.n);
  const V mean_g(static_cast<T>(sum_g / total)), mean_gx(static_cast<T>(sum_gx / total));
  g = static_cast<const T*>(a.g) + start;
  x = static_cast<const T*>(a.x) + start;
  T* dx = static_cast<T*>(a.dx) + start;
  channel = rows.channel;
  for (int64_t r = 0; r < rows.count; ++r, g += step, x += step, dx += step, channel += rows.channel_step) {
    const V of_row(number_of(a.weight, channel, T(1)));
    row.map(dx, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      const V weight = mixed ? numbers_of(a.weight, channel + i, part, T(1)) : of_row;
      const V normal = (Row<T>::load(x + i, part) - mean) * scale;
      return scale * (Row<T>::load(g + i, part) * weight - mean_g - normal * mean_gx);
    });
  }
}

// The sums over `rows` of N terms of each of R registers, `terms(row, register, t)`; cut into parts, as
// Row's.
template <int N, int R, class T, class F>
XGRAD_SIMD_INLINE void column_sums(Vec<T> (&total)[R][N], int64_t rows, const F& terms) {
  for (auto& sums : total)
    for (Vec<T>& sum : sums) sum = T(0);
  for (int64_t i = 0; i < rows;) {
    Vec<T> part[R][N], t[N];
    for (auto& sums : part)
      for (Vec<T>& sum : sums) sum = T(0);
    const int64_t end = rows - i < Row<T>::kPart ? rows : i + Row<T>::kPart;
    for (; i < end; ++i)
      for (int r = 0; r < R; ++r) {
        terms(i, r, t);
        for (int k = 0; k < N; ++k) part[r][k] += t[k];
      }
    for (int r = 0; r < R; ++r)
      for (int k = 0; k < N; ++k) total[r][k] += part[r][k];
  }
}

// R registers of columns from `first` on, or `count` elements of one.
template <int R, class T>
XGRAD_SIMD_INLINE void columns_forward(const ChannelNorm& a, const ChannelSets& s, int64_t first, int count) {
  using V = Vec<T>;
  const T* const x = static_cast<const T*>(a.x) + first;
  T* const y = static_cast<T*>(a.y) + first;
  const auto at = [&](int64_t i, int r)
                      XGRAD_SIMD_LAMBDA { return Row<T>::load(x + i * s.channels + r * V::size, count); };
  const V rows(static_cast<T>(s.batch));
  V mean[R][1], squares[R][1], scale[R], shift[R];
  column_sums(mean, s.batch, [&](int64_t i, int r, V(&t)[1]) XGRAD_SIMD_LAMBDA { t[0] = at(i, r); });
  for (int r = 0; r < R; ++r) mean[r][0] = mean[r][0] / rows;
  column_sums(squares, s.batch, [&](int64_t i, int r, V(&t)[1]) XGRAD_SIMD_LAMBDA {
    const V d = at(i, r) - mean[r][0];
    t[0] = d * d;
  });
  for (int r = 0; r < R; ++r) {
    const int64_t c = first + r * V::size;
    const V var = squares[r][0] / rows, rstd = V(T(1)) / sqrt(var + V(static_cast<T>(a.eps)));
    Row<T>::store(mean[r][0], static_cast<T*>(a.mean) + c, count);
    Row<T>::store(rstd, static_cast<T*>(a.rstd) + c, count);
    Row<T>::store(var, static_cast<T*>(a.var) + c, count);
    scale[r] = rstd * numbers_of(a.weight, c, count, T(1));
    shift[r] = numbers_of(a.bias, c, count, T(0));
  }
  for (int64_t i = 0; i < s.batch; ++i)
    for (int r = 0; r < R; ++r)
      Row<T>::store((at(i, r) - mean[r][0]) * scale[r] + shift[r], y + i * s.channels + r * V::size, count);
}

template <int R, class T>
XGRAD_SIMD_INLINE void columns_backward(const ChannelNormBackward& a, const ChannelSets& s, int64_t first,
                                        int count) {
  using V = Vec<T>;
  const V rows(static_cast<T>(s.batch));
  V mean[R], rstd[R], weight[R], sums[R][2];  // of g, by itself and times the normal
  for (int r = 0; r < R; ++r) {
    mean[r] = numbers_of(a.mean, first + r * V::size, count, T(0));
    rstd[r] = numbers_of(a.rstd, first + r * V::size, count, T(0));
    weight[r] = numbers_of(a.weight, first + r * V::size, count, T(1));
  }
  const auto terms = [&](int64_t i, int r, V(&t)[2]) XGRAD_SIMD_LAMBDA {
    const int64_t from = i * s.channels + first + r * V::size;
    t[0] = Row<T>::load(static_cast<const T*>(a.g) + from, count);
    t[1] = (Row<T>::load(static_cast<const T*>(a.x) + from, count) - mean[r]) * rstd[r];
  };
  column_sums(sums, s.batch, [&](int64_t i, int r, V(&t)[2]) XGRAD_SIMD_LAMBDA {
    terms(i, r, t);
    t[1] = t[0] * t[1];
  });
  for (int r = 0; r < R; ++r) {
    const int64_t c = first + r * V::size;
    if (a.dbias) Row<T>::store(sums[r][0], static_cast<T*>(a.dbias) + c, count);
    if (a.dweight) Row<T>::store(sums[r][1], static_cast<T*>(a.dweight) + c, count);
    for (V& sum : sums[r]) sum = sum / rows;
  }
  for (int64_t i = 0; a.dx && i < s.batch; ++i)
    for (int r = 0; r < R; ++r) {
      V t[2];
      terms(i, r, t);
      Row<T>::store(rstd[r] * weight[r] * (t[0] - sums[r][0] - t[1] * sums[r][1]),
                    static_cast<T*>(a.dx) + i * s.channels + first + r * V::size, count);
    }
}

// f(how many registers, the first column, how many elements of one register or 0) for all columns.
template <class T, class F>
XGRAD_SIMD_INLINE void each_columns(int64_t first, int64_t last, const F& f) {
  constexpr int size = Vec<T>::size;
  for (; first + 4 * size <= last; first += 4 * size) f(std::integral_constant<int, 4>{}, first, 0);
  for (; first < last; first += size)
    f(std::integral_constant<int, 1>{}, first, last - first < size ? static_cast<int>(last - first) : 0);
}

template <class T>
void forward_columns(const ChannelNorm& a, const ChannelSets& s, int64_t first, int64_t last) {
  each_columns<T>(first, last, [&](auto registers, int64_t column, int count) XGRAD_SIMD_LAMBDA {
    columns_forward<registers.value, T>(a, s, column, count);
  });
}

template <class T>
void backward_columns(const ChannelNormBackward& a, const ChannelSets& s, int64_t first, int64_t last) {
  each_columns<T>(first, last, [&](auto registers, int64_t column, int count) XGRAD_SIMD_LAMBDA {
    columns_backward<registers.value, T>(a, s, column, count);
  });
}

}  // namespace

extern const ChannelNormLoops channel_norm_float = {&forward<float>, &backward<float>,
                                                    &forward_columns<float>, &backward_columns<float>};
extern const ChannelNormLoops channel_norm_double = {&forward<double>, &backward<double>,
                                                     &forward_columns<double>, &backward_columns<double>};

}  // namespace xgrad::kernels::XGRAD_ISA
