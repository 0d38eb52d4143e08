// Evenly spaced numbers: each element is computed from its position alone, so that blocks may go anywhere.
#include <xgrad/core/kernels/copy/range.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include <xgrad/core/kernels/is_half.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t kGrain = 32768;  // elements a thread should get at least

// out[i] = T(f(i))
template <class T, class F>
void each(void* out, int64_t n, F&& f) {
  parallel_for(0, n, kGrain, [&](int64_t begin, int64_t end) {
    T* to = static_cast<T*>(out);
    for (int64_t i = begin; i < end; ++i) to[i] = f(i);
  });
}

// f of evenly spaced numbers, which come from both ends, so that the last one is exactly `end`.
template <class T, class F = std::identity>
void linspace_real(void* out, int64_t n, double start, double end, F f = {}) {
  using C = std::conditional_t<std::is_same_v<T, float> || is_half<T>, float, double>;
  const C first = static_cast<C>(start), last = static_cast<C>(end);
  const double step = (last - first) / static_cast<C>(n - 1);
  // A product of floats is exact in double; one of doubles is rounded with the sum.
  const auto at = [step](double from, double i) {
    return std::is_same_v<C, float> ? static_cast<C>(step * i + from) : std::fma(step, i, from);
  };
  each<T>(out, n, [=](int64_t i) {
    const double v =
        f(i < n / 2 ? at(first, static_cast<double>(i)) : at(last, -static_cast<double>(n - 1 - i)));
    if constexpr (std::is_arithmetic_v<T>)
      return static_cast<T>(v);
    else
      return T(static_cast<float>(v));
  });
}

// PyTorch truncates what float64 gives. Where that has not all digits, whole steps are counted instead.
void linspace_long(void* out, int64_t n, int64_t start, int64_t end) {
  constexpr int64_t digits = int64_t{1} << 53;
  if (std::min(start, end) >= -digits && std::max(start, end) <= digits)
    return linspace_real<int64_t>(out, n, static_cast<double>(start), static_cast<double>(end));
  const uint64_t sign = start <= end ? 1 : ~uint64_t{0}, steps = static_cast<uint64_t>(n - 1);
  const uint64_t way = (static_cast<uint64_t>(end) - static_cast<uint64_t>(start)) * sign;
  const double rest = static_cast<double>(way % steps) / static_cast<double>(steps);
  each<int64_t>(out, n, [=](int64_t i) {
    if (i == n - 1) return end;
    const uint64_t whole = way / steps * static_cast<uint64_t>(i);
    const auto part = static_cast<uint64_t>(rest * static_cast<double>(i));
    return static_cast<int64_t>(static_cast<uint64_t>(start) + sign * (whole + part));
  });
}

}  // namespace

void arange(void* out, ScalarType dtype, int64_t n, int64_t start, int64_t step) {
  dispatch<Integers>("arange", dtype, [&]<class T>() {
    each<T>(out, n, [=](int64_t i) {
      return static_cast<T>(static_cast<uint64_t>(start) +
                            static_cast<uint64_t>(i) * static_cast<uint64_t>(step));
    });
  });
}

void arange(void* out, ScalarType dtype, int64_t n, double start, double step) {
  dispatch<Floats>("arange", dtype, [&]<class T>() {
    each<T>(out, n, [=](int64_t i) {
      const double v = start + static_cast<double>(i) * step;
      if constexpr (std::is_floating_point_v<T>)
        return static_cast<T>(v);
      else
        return T(static_cast<float>(v));
    });
  });
}

void linspace(void* out, ScalarType dtype, int64_t n, const Scalar& start, const Scalar& end) {
  dispatch<Join<Floats, Integers>>("linspace", dtype, [&]<class T>() {
    if constexpr (std::is_same_v<T, int64_t>)
      linspace_long(out, n, start.to<T>(), end.to<T>());
    else
      linspace_real<T>(out, n, static_cast<double>(start.to<T>()), static_cast<double>(end.to<T>()));
  });
}

void logspace(void* out, ScalarType dtype, int64_t n, const Scalar& start, const Scalar& end, double base) {
  dispatch<Join<Floats, Integers>>("logspace", dtype, [&]<class T>() {
    // The powers are cut to the dtype, the base is not.
    const auto as_element = [](const Scalar& s) {
      return std::is_integral_v<T> ? Scalar(s.to<T>()).toDouble() : s.toDouble();
    };
    linspace_real<T>(out, n, as_element(start), as_element(end),
                     [base](double power) { return std::pow(base, power); });
  });
}

}  // namespace xgrad::kernels
