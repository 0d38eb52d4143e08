// The loops of channel_norm, compiled once per instruction set. A row is read several times while it is in
// the cache; moments of rows are put together in double. No threads, no inline function of others.
#include <xgrad/core/kernels/norm/channel_norm_table.h>

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
  const V mean(static_cast<const T*>(a.mean)[set]), scale(rstd);
  double sum_g = 0, sum_gx = 0;
  int64_t channel = rows.channel;
  for (int64_t r = 0; r < rows.count; ++r, g += step, x += step, channel += rows.channel_step) {
    T sum[2];  // of g, by itself and times the normal
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
    const V weight(number_of(a.weight, channel, T(1)));
    row.map(dx, [&](int64_t i, int part) XGRAD_SIMD_LAMBDA {
      const V normal = (Row<T>::load(x + i, part) - mean) * scale;
      return scale * (Row<T>::load(g + i, part) * weight - mean_g - normal * mean_gx);
    });
  }
}

}  // namespace

extern const ChannelNormLoops channel_norm_float = {&forward<float>, &backward<float>};
extern const ChannelNormLoops channel_norm_double = {&forward<double>, &backward<double>};

}  // namespace xgrad::kernels::XGRAD_ISA
