// Box-Muller in float over 8 lanes, with the roundings of PyTorch's AVX2 build: logarithm, sine and cosine
// are the polynomials of the Cephes library (S. L. Moshier, logf.c and sinf.c), and where that build fuses,
// so does this code. Plain loops for the compiler to vectorise; nothing of std may come in, since it could be
// emitted per ISA.
#include <math.h>

#include <cstdint>

namespace xgrad::kernels::XGRAD_ISA {
namespace {

constexpr int kLanes = 8;

/// a * b + c rounded once. Without the instruction the product is exact in double: the sum then rounds twice,
/// which shows in about one of 2^29 cases.
inline float fused(float a, float b, float c) {
#if defined(__FMA__) || defined(__aarch64__)
  return fmaf(a, b, c);
#else
  return static_cast<float>(static_cast<double>(a) * b + c);
#endif
}

/// log(u) for normal u > 0: u = 2^e (1 + x), with 1 + x between sqrt(1/2) and sqrt(2).
inline float logarithm(float u) {
  const auto bits = __builtin_bit_cast(std::int32_t, u);
  const float half = __builtin_bit_cast(float, (bits & 0x007fffff) | 0x3f000000);  // in [1/2, 1)
  const bool low = half < 0.707106781186547524f;
  const float e = static_cast<float>((bits >> 23) - 126 - (low ? 1 : 0));
  const float x = half - 1 + (low ? half : 0);
  const float square = x * x;
  float y = 7.0376836292e-2f;
  y = fused(y, x, -1.1514610310e-1f);
  y = fused(y, x, 1.1676998740e-1f);
  y = fused(y, x, -1.2420140846e-1f);
  y = fused(y, x, 1.4249322787e-1f);
  y = fused(y, x, -1.6668057665e-1f);
  y = fused(y, x, 2.0000714765e-1f);
  y = fused(y, x, -2.4999993993e-1f);
  y = fused(y, x, 3.3333331174e-1f);
  y = fused(y * x, square, e * -2.12194440e-4f) - 0.5f * square;
  return fused(e, 0.693359375f, x + y);  // log(2) in two parts: this one has few bits
}

/// Sine and cosine of a >= 0: a = n pi / 2 + x with |x| <= pi / 4.
inline void sine_cosine(float a, float& sine, float& cosine) {
  const std::int32_t n = (static_cast<std::int32_t>(a * 1.27323954473516f) + 1) >> 1;
  const float eighths = static_cast<float>(2 * n);
  float x = fused(eighths, -0.78515625f, a);  // pi / 4 in three parts
  x = fused(eighths, -2.4187564849853515625e-4f, x);
  x = fused(eighths, -3.77489497744594108e-8f, x);
  const float square = x * x;
  float c = 2.443315711809948e-5f;
  c = fused(c, square, -1.388731625493765e-3f);
  c = fused(c, square, 4.166664568298827e-2f);
  c = fused(c * square, square, -0.5f * square) + 1;
  float s = -1.9515295891e-4f;
  s = fused(s, square, 8.3321608736e-3f);
  s = fused(s, square, -1.6666654611e-1f);
  s = fused(s * square, x, x);
  const bool odd = (n & 1) != 0;
  const float for_sine = odd ? c : s, for_cosine = odd ? s : c;
  sine = (n & 2) != 0 ? -for_sine : for_sine;
  cosine = ((n + 1) & 2) != 0 ? -for_cosine : for_cosine;
}

}  // namespace

void normal_blocks(float* p, std::int64_t blocks, float mean, float std) {
  constexpr float kTwoPi = 6.283185307179586f;
  float radius[kLanes], sine[kLanes], cosine[kLanes];
  for (; blocks > 0; --blocks, p += 2 * kLanes) {
    for (int j = 0; j < kLanes; ++j) radius[j] = -2.0f * logarithm(1 - p[j]);
    for (int j = 0; j < kLanes; ++j)
      radius[j] = sqrtf(radius[j]);  // alone: it may set errno, which stops vectorising
    for (int j = 0; j < kLanes; ++j) sine_cosine(kTwoPi * p[j + kLanes], sine[j], cosine[j]);
    for (int j = 0; j < kLanes; ++j) p[j] = fused(radius[j] * cosine[j], std, mean);
    for (int j = 0; j < kLanes; ++j) p[j + kLanes] = fused(radius[j] * sine[j], std, mean);
  }
}

}  // namespace xgrad::kernels::XGRAD_ISA
