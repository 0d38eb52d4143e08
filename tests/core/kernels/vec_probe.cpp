// Fills the table of vec_probe.h for the instruction set this file is compiled for. Compiled once per
// XGRAD_ISA; whole registers first, then one partial register, as kernels do.
#include "vec_probe.h"

#include <xgrad/core/kernels/simd/vec.h>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

template <class T, class F>
void each(F f, const T* x, T* out, std::size_t n) {
  using V = Vec<T>;
  std::size_t i = 0;
  for (; i + V::size <= n; i += V::size) f(V::load(x + i)).store(out + i);
  const int rest = static_cast<int>(n - i);
  if (rest > 0) f(V::load_partial(x + i, rest)).store_partial(out + i, rest);
}

template <class T, class F>
void each(F f, const T* x, const T* y, T* out, std::size_t n) {
  using V = Vec<T>;
  std::size_t i = 0;
  for (; i + V::size <= n; i += V::size) f(V::load(x + i), V::load(y + i)).store(out + i);
  const int rest = static_cast<int>(n - i);
  if (rest > 0) f(V::load_partial(x + i, rest), V::load_partial(y + i, rest)).store_partial(out + i, rest);
}

// clang-format off
#define XGRAD_UNARY(NAME)                                        \
  {#NAME,                                                        \
   [](const float* x, float* out, std::size_t n) {               \
     each([](Vec<float> v) { return NAME(v); }, x, out, n);      \
   },                                                            \
   [](const double* x, double* out, std::size_t n) {             \
     each([](Vec<double> v) { return NAME(v); }, x, out, n);     \
   }}
#define XGRAD_BINARY(NAME)                                                          \
  {#NAME,                                                                           \
   [](const float* x, const float* y, float* out, std::size_t n) {                  \
     each([](Vec<float> a, Vec<float> b) { return NAME(a, b); }, x, y, out, n);     \
   },                                                                               \
   [](const double* x, const double* y, double* out, std::size_t n) {               \
     each([](Vec<double> a, Vec<double> b) { return NAME(a, b); }, x, y, out, n);   \
   }}
// clang-format on

const NamedUnary unary_table[] = {
    XGRAD_UNARY(exp),    XGRAD_UNARY(exp2),       XGRAD_UNARY(expm1),   XGRAD_UNARY(log),
    XGRAD_UNARY(log2),   XGRAD_UNARY(log10),      XGRAD_UNARY(log1p),   XGRAD_UNARY(sin),
    XGRAD_UNARY(cos),    XGRAD_UNARY(tan),        XGRAD_UNARY(asin),    XGRAD_UNARY(acos),
    XGRAD_UNARY(atan),   XGRAD_UNARY(sinh),       XGRAD_UNARY(cosh),    XGRAD_UNARY(tanh),
    XGRAD_UNARY(asinh),  XGRAD_UNARY(acosh),      XGRAD_UNARY(atanh),   XGRAD_UNARY(erf),
    XGRAD_UNARY(erfc),   XGRAD_UNARY(lgamma),     XGRAD_UNARY(digamma), XGRAD_UNARY(sqrt),
    XGRAD_UNARY(rsqrt),  XGRAD_UNARY(abs),        XGRAD_UNARY(neg),     XGRAD_UNARY(sign),
    XGRAD_UNARY(floor),  XGRAD_UNARY(ceil),       XGRAD_UNARY(round),   XGRAD_UNARY(trunc),
    XGRAD_UNARY(square), XGRAD_UNARY(reciprocal),
};

const NamedBinary binary_table[] = {
    XGRAD_BINARY(pow),     XGRAD_BINARY(atan2),     XGRAD_BINARY(hypot),
    XGRAD_BINARY(fmod),    XGRAD_BINARY(remainder), XGRAD_BINARY(floor_div),
    XGRAD_BINARY(maximum), XGRAD_BINARY(minimum),   XGRAD_BINARY(copysign),
};

template <class T>
MemoryProbe<T> memory_probe() {
  using V = Vec<T>;
  return {V::size,
          [](const T* from, T* to, int n) { V::load_partial(from, n).store_partial(to, n); },
          [](const T* from, T* whole, int n) { V::load_partial(from, n).store(whole); },
          [](const T* x, const T* y, bool* out) { (V::load(x) < V::load(y)).store(out); },
          [](const bool* mask, const T* x, const T* y, T* out) {
            where(Mask<T>::load(mask), V::load(x), V::load(y)).store(out);
          },
          [](const T* x, const T* y, bool* out) {
            const V a = V::load(x), b = V::load(y);
            (((a != b) & (!(a < b))) ^ (a >= b)).store(out);
          },
          [](const T* x, const T* y, bool* out, int n) {
            (V::load_partial(x, n) < V::load_partial(y, n)).store_partial(out, n);
          }};
}

}  // namespace

#define XGRAD_STRING_OF(X) #X
#define XGRAD_STRING(X) XGRAD_STRING_OF(X)

VecProbe vec_probe() {
  return {XGRAD_STRING(XGRAD_ISA),
          unary_table,
          sizeof(unary_table) / sizeof(unary_table[0]),
          binary_table,
          sizeof(binary_table) / sizeof(binary_table[0]),
          memory_probe<float>(),
          memory_probe<double>()};
}

}  // namespace xgrad::kernels::XGRAD_ISA
