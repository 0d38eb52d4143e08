// Chooses how a floating point product is computed (dot, vector, tiles, library) and cuts it for the threads.
// The way is chosen for the whole product before it is cut, so the number of threads never shows in a result.
#include <xgrad/core/kernels/gemm/gemm.h>

#include <algorithm>
#include <new>

#include <xgrad/core/kernels/gemm/gemm_kinds.h>
#include <xgrad/core/kernels/gemm/gemm_library.h>
#include <xgrad/core/kernels/gemm/gemm_tiles.h>
#include <xgrad/core/kernels/thread_pool.h>

namespace xgrad::kernels {
namespace {

constexpr int64_t parallel_work = 1 << 19;      // multiplications below which one thread is faster
constexpr int64_t library_work = 64 * 64 * 64;  // and below which a library's call costs too much

// Memory for packed panels, one block per thread, kept until the thread ends.
class Workspace {
 public:
  Workspace() = default;
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace() { release(); }
  void* get(size_t bytes) {
    if (bytes > bytes_) {
      release();
      const size_t rounded = (bytes + 65535) / 65536 * 65536;
      memory_ = ::operator new (rounded, std::align_val_t{64});
      bytes_ = rounded;
    }
    return memory_;
  }

 private:
  void release() noexcept {
    if (memory_ != nullptr) ::operator delete (memory_, std::align_val_t{64});
    memory_ = nullptr;
    bytes_ = 0;
  }
  void* memory_ = nullptr;
  size_t bytes_ = 0;
};

thread_local Workspace memory;

template <class T>
T* workspace(int64_t count) {
  return count == 0 ? nullptr : static_cast<T*>(memory.get(static_cast<size_t>(count) * sizeof(T)));
}

// A part [i0, i1) x [j0, j1) of the product.
template <class T>
GemmCall<T> part(const GemmCall<T>& g, int64_t i0, int64_t i1, int64_t j0, int64_t j1) {
  GemmCall<T> p = g;
  p.m = i1 - i0;
  p.n = j1 - j0;
  p.a += i0 * g.a_row;
  p.b += j0 * g.b_col;
  p.c += i0 * g.ldc + j0;
  if (g.beta != T(0)) p.d += i0 * g.ldd + j0;
  return p;
}

// The same product with D written into C beforehand, for kernels that only know C.
template <class T>
GemmCall<T> starting_in_place(const GemmCall<T>& g) {
  GemmCall<T> p = g;
  p.d = g.c;
  p.ldd = g.ldc;
  if (g.beta == T(0) || g.d == g.c) return p;
  for (int64_t i = 0; i < g.m; ++i) std::copy(g.d + i * g.ldd, g.d + i * g.ldd + g.n, g.c + i * g.ldc);
  return p;
}

template <class T>
void run_tiles(const GemmCall<T>& g) {
  const GemmTable<T>& kernels = tiles<T>();
  kernels.gemm(g, workspace<T>(kernels.workspace(g)));
}

// Every thread gets a block of C, as square as can be: what a block copies of A and B grows with its outline.
template <class T>
void parallel_tiles(const GemmCall<T>& g, int64_t threads) {
  const int64_t rows = tiles<T>().tile_rows, cols = tiles<T>().tile_cols;
  int64_t across = 1;
  for (int64_t t = 2; t <= threads; ++t)
    if (threads % t == 0 && g.m * t + g.n * (threads / t) < g.m * across + g.n * (threads / across))
      across = t;
  const int64_t down = threads / across;
  const int64_t height = (g.m + down * rows - 1) / (down * rows) * rows;
  const int64_t width = (g.n + across * cols - 1) / (across * cols) * cols;
  const int64_t grid_m = (g.m + height - 1) / height, grid_n = (g.n + width - 1) / width;
  parallel_for(0, grid_m * grid_n, 1, [&](int64_t begin, int64_t end) {
    for (int64_t q = begin; q < end; ++q) {
      const int64_t i = q / grid_n * height, j = q % grid_n * width;
      run_tiles(part(g, i, std::min(i + height, g.m), j, std::min(j + width, g.n)));
    }
  });
}

// A library's bits depend on the shape of a call: blocks of C that are the same for any number of threads.
template <class T>
bool by_library(GemmLibrary library, const GemmCall<T>& g) {
  if (!has_gemm_library(library) || (library == GemmLibrary::onednn && sizeof(T) != sizeof(float)))
    return false;
  constexpr int64_t height = 256, width = 512;
  const int64_t grid_m = (g.m + height - 1) / height, grid_n = (g.n + width - 1) / width;
  const bool trans_a = g.a_col != 1, trans_b = g.b_col != 1;
  parallel_for(0, grid_m * grid_n, 1, [&](int64_t begin, int64_t end) {
    for (int64_t q = begin; q < end; ++q) {
      const int64_t i = q / grid_n * height, j = q % grid_n * width;
      const GemmCall<T> p =
          starting_in_place(part(g, i, std::min(i + height, g.m), j, std::min(j + width, g.n)));
      // A single row or column may come with a stride that a library refuses and nobody uses.
      const int64_t lda = trans_a ? std::max(p.a_col, p.m) : std::max(p.a_row, p.k);
      const int64_t ldb = trans_b ? std::max(p.b_col, p.k) : std::max(p.b_row, p.n);
      if (!library_gemm(library, trans_a, trans_b, p.m, p.n, p.k, p.alpha, p.a, lda, p.b, ldb, p.beta, p.c,
                        p.ldc))
        run_tiles(p);
    }
  });
  return true;
}

template <class T>
void scale(const GemmCall<T>& g) {
  for (int64_t i = 0; i < g.m; ++i)
    for (int64_t j = 0; j < g.n; ++j) {
      g.c[i * g.ldc + j] = g.beta == T(0) ? T(0) : g.beta * g.d[i * g.ldd + j];
    }
}

// op(A) with contiguous rows times op(B) with contiguous columns; the columns are shared among the threads.
template <class T>
void run_dots(const GemmCall<T>& g, int64_t c_col) {
  const int64_t grain = std::max<int64_t>(8, parallel_work / 2 / (g.m * g.k));
  parallel_for(0, g.n, grain, [&](int64_t begin, int64_t end) {
    GemmCall<T> p = g;
    p.n = end - begin;
    p.b += begin * g.b_col;
    p.c += begin * c_col;
    tiles<T>().gemm_dots(p, c_col);
  });
}

// A row vector times a matrix with contiguous rows.
template <class T>
void run_columns(const GemmCall<T>& g, int64_t a_step, int64_t c_step) {
  const int64_t grain = std::max<int64_t>(64, parallel_work / 2 / g.k);
  parallel_for(0, g.n, grain, [&](int64_t begin, int64_t end) {
    tiles<T>().gemv_columns(g.k, end - begin, g.alpha, g.b + begin, g.b_row, g.a, a_step, g.beta,
                            g.c + begin * c_step, c_step);
  });
}

// y = A x: the product x' A' , whose one row is written down a column.
template <class T>
void matrix_vector(const GemmCall<T>& g) {
  if (g.m == 1) {
    const T sum = dot(g.k, g.a, g.a_col, g.b, g.b_row);
    *g.c = g.beta == T(0) ? g.alpha * sum : g.alpha * sum + g.beta * *g.c;
    return;
  }
  GemmCall<T> t{1, g.m, g.k, g.alpha, g.b, g.k, 1, g.a, g.a_col, g.a_row, g.beta, g.c, g.ldc, g.c, g.ldc};
  if (g.a_col != 1) return run_columns(t, g.b_row, g.ldc);
  if (g.b_row != 1) {
    T* const x = workspace<T>(g.k);
    for (int64_t p = 0; p < g.k; ++p) x[p] = g.b[p * g.b_row];
    t.a = x;
  }
  run_dots(t, g.ldc);
}

template <class T>
bool prefers_dots(const GemmCall<T>& g) {
  return g.a_col == 1 && g.b_row == 1 && (g.m == 1 || (g.m <= 8 && g.k >= 16 * g.m));
}

template <class T>
void multiply(const GemmCall<T>& g) {
  if (g.n == 1) return matrix_vector(starting_in_place(g));
  if (prefers_dots(g)) return run_dots(starting_in_place(g), 1);
  if (g.m == 1 && g.b_col == 1) return run_columns(starting_in_place(g), g.a_col, 1);
  const int64_t work = g.m * g.n * g.k;
  if (work >= library_work) {
    const GemmLibrary library = preferred_gemm_library();
    if (library != GemmLibrary::none && by_library(library, g)) return;
  }
  if (work >= parallel_work && !in_parallel_region() && get_num_threads() > 1)
    return parallel_tiles(g, get_num_threads());
  run_tiles(g);
}

template <class T>
GemmCall<T> make_call(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha, const T* a,
                      int64_t lda, const T* b, int64_t ldb, T beta, const T* d, int64_t ldd, T* c,
                      int64_t ldc) {
  return {
      m,    n, k,   alpha, a,  trans_a ? 1 : lda, trans_a ? lda : 1, b, trans_b ? 1 : ldb, trans_b ? ldb : 1,
      beta, c, ldc, d,     ldd};
}

// Integers wrap around and 16-bit floats are only stored: they have products of their own.
template <class T>
constexpr bool is_integer = std::is_integral_v<T>;

}  // namespace

template <class T>
void gemm(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, Factor<T> alpha, const T* a,
          int64_t lda, const T* b, int64_t ldb, Factor<T> beta, const T* d, int64_t ldd, T* c, int64_t ldc) {
  if (m <= 0 || n <= 0) return;
  if constexpr (is_integer<T>) {
    integer_gemm<T>(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, d, ldd, c, ldc);
  } else if constexpr (is_half<T>) {
    half_gemm<T>(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, d, ldd, c, ldc);
  } else {
    const GemmCall<T> g = make_call(trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, d, ldd, c, ldc);
    if (k <= 0 || alpha == T(0)) return scale(g);
    multiply(g);
  }
}

template <class T>
void gemm_batched(bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, Factor<T> alpha, const T* a,
                  int64_t lda, int64_t stride_a, const T* b, int64_t ldb, int64_t stride_b, Factor<T> beta,
                  T* c, int64_t ldc, int64_t stride_c, int64_t batch) {
  if (m <= 0 || n <= 0 || batch <= 0) return;
  const auto run = [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i)
      gemm<T>(trans_a, trans_b, m, n, k, alpha, a + i * stride_a, lda, b + i * stride_b, ldb, beta,
              c + i * stride_c, ldc);
  };
  const int64_t work = m * n * (k > 0 ? k : 1);
  if (batch < get_num_threads() && work >= parallel_work)
    return run(0, batch);  // each product is cut instead
  parallel_for(0, batch, std::max<int64_t>(1, parallel_work / 4 / work), run);
}

template <class T>
void gemv(bool trans, int64_t m, int64_t n, Factor<T> alpha, const T* a, int64_t lda, const T* x,
          int64_t incx, Factor<T> beta, T* y, int64_t incy) {
  const int64_t results = trans ? n : m, terms = trans ? m : n;
  if constexpr (is_integer<T> || is_half<T>) {
    gemm<T>(trans, false, results, 1, terms, alpha, a, lda, x, incx, beta, y, incy);
  } else {
    if (results <= 0) return;
    const GemmCall<T> g =
        make_call(trans, false, results, int64_t{1}, terms, alpha, a, lda, x, incx, beta, y, incy, y, incy);
    if (terms <= 0 || alpha == T(0)) return scale(g);
    matrix_vector(g);
  }
}

template <class T>
T dot(int64_t n, const T* x, int64_t incx, const T* y, int64_t incy) {
  if constexpr (is_integer<T>) {
    return integer_dot(n, x, incx, y, incy);
  } else if constexpr (is_half<T>) {
    T result;
    gemm<T>(true, false, 1, 1, n, 1, x, incx, y, incy, 0, &result, 1);
    return result;
  } else {
    if (n > 8 && incx == 1 && incy == 1) return tiles<T>().dot(n, x, y);
    T sums[4] = {};
    int64_t i = 0;
    for (; i + 4 <= n; i += 4)
      for (int64_t q = 0; q < 4; ++q) sums[q] += x[(i + q) * incx] * y[(i + q) * incy];
    for (; i < n; ++i) sums[0] += x[i * incx] * y[i * incy];
    return (sums[0] + sums[1]) + (sums[2] + sums[3]);
  }
}

#define XGRAD_PRODUCTS(T)                                                                                   \
  template void gemm<T>(bool, bool, int64_t, int64_t, int64_t, Factor<T>, const T*, int64_t, const T*,      \
                        int64_t, Factor<T>, const T*, int64_t, T*, int64_t);                                \
  template void gemm_batched<T>(bool, bool, int64_t, int64_t, int64_t, Factor<T>, const T*, int64_t,        \
                                int64_t, const T*, int64_t, int64_t, Factor<T>, T*, int64_t, int64_t,       \
                                int64_t);                                                                   \
  template void gemv<T>(bool, int64_t, int64_t, Factor<T>, const T*, int64_t, const T*, int64_t, Factor<T>, \
                        T*, int64_t);                                                                       \
  template T dot<T>(int64_t, const T*, int64_t, const T*, int64_t);
XGRAD_PRODUCTS(float)
XGRAD_PRODUCTS(double)
XGRAD_PRODUCTS(Half)
XGRAD_PRODUCTS(BFloat16)
XGRAD_PRODUCTS(int8_t)
XGRAD_PRODUCTS(uint8_t)
XGRAD_PRODUCTS(int16_t)
XGRAD_PRODUCTS(int32_t)
XGRAD_PRODUCTS(int64_t)

}  // namespace xgrad::kernels
