// Products by a library of the field, OpenBLAS (or another CBLAS) or oneDNN. They are loaded when first asked
// for, not linked: a program that never needs them starts without their threads and memory.
#pragma once

#include <cstdint>

namespace xgrad::kernels {

enum class GemmLibrary { none, cblas, onednn };

/// Which library computes large floating point products: `none` where the own kernels are at
/// least as good (AVX2 and AVX-512); the environment variable XGRAD_GEMM=own|cblas|onednn decides otherwise.
GemmLibrary preferred_gemm_library();

/// Overrides the choice of this process; what is not to be had falls back to the own kernels.
void prefer_gemm_library(GemmLibrary library) noexcept;

/// Whether the library was found, loading it if need be.
bool has_gemm_library(GemmLibrary library) noexcept;

/// C = alpha op(A) op(B) + beta C on the calling thread alone, or false when the library has no such product.
/// The host program's thread settings of the library are as before afterwards.
bool library_gemm(GemmLibrary library, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k,
                  float alpha, const float* a, int64_t lda, const float* b, int64_t ldb, float beta, float* c,
                  int64_t ldc);
bool library_gemm(GemmLibrary library, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k,
                  double alpha, const double* a, int64_t lda, const double* b, int64_t ldb, double beta,
                  double* c, int64_t ldc);

}  // namespace xgrad::kernels
