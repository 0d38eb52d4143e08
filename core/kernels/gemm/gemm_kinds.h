// The products of the dtypes that are not computed in their own floating type. Every public function of
// gemm.h has one definition, in gemm.cpp, that turns to these: a template that two files defined, each for
// its own dtypes, would be two meanings of one name as soon as one of them made an instance of the other's.
#pragma once

#include <cstdint>

#include <xgrad/core/kernels/gemm/gemm.h>

namespace xgrad::kernels {

/// gemm of integers: int8_t, uint8_t, int16_t, int32_t, int64_t. m, n > 0.
template <class T>
void integer_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a,
                  int64_t lda, const T* b, int64_t ldb, T beta, const T* d, int64_t ldd, T* c, int64_t ldc);
template <class T>
T integer_dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy);

/// gemm of Half and BFloat16, in float. m, n > 0.
template <class T>
void half_gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, float alpha, const T* a,
               int64_t lda, const T* b, int64_t ldb, float beta, const T* d, int64_t ldd, T* c, int64_t ldc);

}  // namespace xgrad::kernels
