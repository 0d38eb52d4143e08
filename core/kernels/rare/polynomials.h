// Families of polynomials: p_0 = 1, p_1, and p_k+1 from p_k and p_k-1. Read over numbers and over registers.
#pragma once

namespace xgrad::kernels::special {

/// The four kinds share their recurrence.
struct Chebyshev {
  static auto next(const auto& x, double, const auto& p, const auto& before) { return 2 * x * p - before; }
};
struct ChebyshevT : Chebyshev {
  static auto first(const auto& x) { return x; }
};
struct ChebyshevU : Chebyshev {
  static auto first(const auto& x) { return 2 * x; }
};
struct ChebyshevV : Chebyshev {
  static auto first(const auto& x) { return 2 * x - 1; }
};
struct ChebyshevW : Chebyshev {
  static auto first(const auto& x) { return 2 * x + 1; }
};
/// Over [0, 1] what the others are over [-1, 1].
template <class P>
struct Shifted {
  static auto first(const auto& x) { return P::first(2 * x - 1); }
  static auto next(const auto& x, double k, const auto& p, const auto& before) {
    return P::next(2 * x - 1, k, p, before);
  }
};
struct HermiteH {
  static auto first(const auto& x) { return 2 * x; }
  static auto next(const auto& x, double k, const auto& p, const auto& before) {
    return 2 * x * p - 2 * k * before;
  }
};
struct HermiteHe {
  static auto first(const auto& x) { return x; }
  static auto next(const auto& x, double k, const auto& p, const auto& before) { return x * p - k * before; }
};
struct Laguerre {
  static auto first(const auto& x) { return 1 - x; }
  static auto next(const auto& x, double k, const auto& p, const auto& before) {
    return ((2 * k + 1 - x) * p - k * before) / (k + 1);
  }
};
struct Legendre {
  static auto first(const auto& x) { return x; }
  static auto next(const auto& x, double k, const auto& p, const auto& before) {
    return ((2 * k + 1) * x * p - k * before) / (k + 1);
  }
};

}  // namespace xgrad::kernels::special
