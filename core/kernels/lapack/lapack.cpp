// One loop over batches, one way to ask for workspace, and a line or two for each routine.
#include <xgrad/core/kernels/lapack/lapack.h>

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>
#include <mutex>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/gemm/blas_library.h>
#include <xgrad/core/kernels/lapack/reflections.h>
#include <xgrad/core/kernels/lapack/small.h>
#include <xgrad/core/kernels/lapack/triangular.h>
#include <xgrad/core/kernels/scratch.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/error.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad::kernels::lapack {

namespace {

// A Fortran routine: numbers and letters go by address, and behind all arguments come the lengths of letters.
class Routine {
 public:
  Routine(const char* op, const std::string& name)
      : function_(find_function<void*>(lapack_library().handle(), name.c_str())) {
    XGRAD_CHECK(function_, op, ": LAPACK is not installed; install OpenBLAS (Debian: libopenblas-dev)",
                lapack_library().named() ? "" : " and build xgrad again");
  }
  template <class... A>
  void operator()(const A&... arguments) const {
    call(std::make_index_sequence<(0 + ... + std::is_same_v<A, char>)>{}, arguments...);
  }

 private:
  template <class X>
  static auto passed(const X& x) {
    if constexpr (std::is_pointer_v<X>)
      return x;
    else
      return &x;
  }
  template <std::size_t... Letter, class... A>
  void call(std::index_sequence<Letter...>, const A&... arguments) const {
    using Function = void (*)(decltype(passed(arguments))..., decltype(Letter)...);
    reinterpret_cast<Function>(function_)(passed(arguments)..., (static_cast<void>(Letter), 1)...);
  }

  void* function_;
};

// The routine of the dtype: "getrf" is sgetrf_ or dgetrf_.
template <class T>
Routine routine(const char* op, const char* name) {
  return Routine(op, concat(std::is_same_v<T, float> ? "s" : "d", name, "_"));
}

int as_int(const char* op, int64_t n) {
  XGRAD_CHECK(n <= INT_MAX, op, ": LAPACK takes matrices of at most ", INT_MAX, " rows: got ", n);
  return static_cast<int>(n);
}
// LAPACK wants a leading dimension of 1 even where there is nothing.
int leading(int n) { return std::max(n, 1); }

// Memory that a routine works in; kept from one matrix to the next of the same size.
template <class T>
class Workspace {
 public:
  // f(work, size, integers, size of these), which is asked for its wishes first.
  template <class F>
  void run(F&& f) {
    if (work_.empty()) {
      T wish = 0;
      int integers = 0;
      f(&wish, -1, &integers, -1);
      // A float may have been rounded down.
      work_.resize(static_cast<std::size_t>(
          std::max(T(1), std::ceil(std::nextafter(wish, std::numeric_limits<T>::infinity())))));
      integers_.resize(static_cast<std::size_t>(std::max(1, integers)));
    }
    f(work_.data(), static_cast<int>(work_.size()), integers_.data(), static_cast<int>(integers_.size()));
  }
  int* integers(std::size_t n) {
    integers_of_routine_.resize(std::max<std::size_t>(n, 1));
    return integers_of_routine_.data();
  }

 private:
  std::vector<T> work_;
  std::vector<int> integers_, integers_of_routine_;
};

// Calls f(i, workspace), which returns `info`, for every matrix of the batch, from several threads. `work` is
// about what one takes.
template <class T, class F>
Outcome each_matrix(int64_t batch, double work, F&& f) {
  constexpr double worth_a_thread = 1e5;
  if (batch == 0) return {};
  Mutex mutex;
  Outcome first{batch, 0};
  const auto grain = static_cast<int64_t>(std::max(1., worth_a_thread / std::max(work, 1.)));
  parallel_for(0, batch, grain, [&](int64_t begin, int64_t end) {
    Workspace<T> workspace;
    for (int64_t i = begin; i < end; ++i)
      if (const int info = f(i, workspace); info != 0) {
        const std::lock_guard lock(mutex);
        if (i < first.matrix) first = {i, info};
      }
  });
  return first.info == 0 ? Outcome{} : first;
}
// The same for an f that calls LAPACK.
template <class T, class F>
Outcome for_matrices(int64_t batch, double work, F&& f) {
  const OneBlasThread alone(lapack_library());
  return each_matrix<T>(batch, work, f);
}

// LAPACK is as fast for fewer.
constexpr int64_t kManySides = 8;

// f(rows): of a matrix of columns, n x k, which becomes what f makes of them.
template <class T, class F>
void with_rows(T* columns, int64_t n, int64_t k, int64_t apart, const F& f) {
  const Scratch<T> rows(n * k);
  const int64_t sizes[] = {n, k}, by_rows[] = {k, 1}, by_columns[] = {1, apart};
  const ArrayView turned{rows.get(), scalar_type_of<T>, 2, sizes, by_rows},
      given{columns, scalar_type_of<T>, 2, sizes, by_columns};
  copy(turned, given);
  f(rows.get());
  copy(given, turned);
}

// getrf for columns [0, n) of a, m x n, whose columns are `apart`: halves of them, and LAPACK for few.
template <class T>
int lu_by_halves(const Routine& getrf, int64_t m, int64_t n, T* a, int64_t apart, int* pivots) {
  constexpr int64_t few = 32;
  int info = 0;
  if (n <= few) {
    getrf(static_cast<int>(m), static_cast<int>(n), a, static_cast<int>(apart), pivots, &info);
    return info;
  }
  const int64_t left = n / 2, right = n - left;
  const auto exchange = [&](T* columns, int64_t count, int64_t first, int64_t end) {
    for (T* column = columns; count-- > 0; column += apart)
      for (int64_t i = first; i < end; ++i) std::swap(column[i], column[pivots[i] - 1]);
  };
  info = lu_by_halves(getrf, m, left, a, apart, pivots);
  T *const upper = a + left * apart, *const rest = upper + left;
  exchange(upper, right, 0, left);
  with_rows(upper, left, right, apart, [&](T* rows) {
    solve_rows<T>({a, 1, apart, false, true}, left, rows, right, right);
  });
  gemm<T>(false, false, right, m - left, left, T(-1), upper, apart, a + left, apart, T(1), rest, apart);
  const int later = lu_by_halves(getrf, m - left, right, rest, apart, pivots + left);
  for (int64_t i = left; i < n; ++i) pivots[i] += static_cast<int>(left);
  exchange(a, left, left, n);
  return info != 0 || later == 0 ? info : later + static_cast<int>(left);
}
template <class T>
int lu_of_square(const Routine& getrf, int n, T* a, int* pivots) {
  constexpr int large = 128;
  int info = 0;
  if (n >= large) return lu_by_halves<T>(getrf, n, n, a, n, pivots);
  getrf(n, n, a, n, pivots, &info);
  return info;
}

// Row i changes places with the one that pivots[i] names, counted from 1.
template <class T>
void exchange_rows(T* rows, int64_t width, const int* pivots, int64_t i) {
  const int64_t other = pivots[i] - 1;
  if (other != i) std::swap_ranges(rows + i * width, rows + (i + 1) * width, rows + other * width);
}

// potrf for the upper triangle of n rows that are `apart`; what is below it is lost.
template <class T>
int cholesky_by_halves(const Routine& potrf, int64_t n, T* rows, int64_t apart) {
  constexpr int64_t few = 64;
  int info = 0;
  if (n <= few) {
    potrf('L', static_cast<int>(n), rows, static_cast<int>(apart), &info);  // which reads rows as columns
    return info;
  }
  const int64_t left = n / 2, right = n - left;
  T *const upper = rows + left, *const rest = upper + left * apart;
  info = cholesky_by_halves(potrf, left, rows, apart);
  if (info != 0) return info;
  solve_rows<T>({rows, 1, apart, false, false}, left, upper, right, apart);
  constexpr int64_t strip = 96;  // rows at a time, so that most of what is below the triangle is left out
  for (int64_t i = 0; i < right; i += strip)
    gemm<T>(true, false, std::min(strip, right - i), right - i, left, T(-1), upper + i, apart, upper + i,
            apart, T(1), rest + i * (apart + 1), apart);
  const int later = cholesky_by_halves(potrf, right, rest, apart);
  return later == 0 ? 0 : later + static_cast<int>(left);
}

double cube(int64_t m, int64_t n, int64_t k) {
  return static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

}  // namespace

template <class T>
void lu(const char* op, int64_t batch, int64_t size, T* a, T* parity) {
  const int n = as_int(op, size);
  if (n == 0) return std::fill_n(parity, batch, T(1)), void();
  const auto run = [&](auto&& factor) {
    return [=](int64_t i, Workspace<T>& workspace) {
      int* const pivots = workspace.integers(static_cast<std::size_t>(n));
      factor(a + i * size * size, pivots);
      parity[i] = 1;
      for (int row = 0; row < n; ++row)
        if (pivots[row] != row + 1) parity[i] = -parity[i];
      return 0;  // a 0 on the diagonal is a determinant of 0
    };
  };
  if (n <= kSmall) {
    each_matrix<T>(batch, cube(n, n, n), run([n](T* matrix, int* pivots) {
                     with_size(n, [=](auto known) { return small_lu(known, matrix, pivots); });
                   }));
    return;
  }
  const Routine getrf = routine<T>(op, "getrf");
  for_matrices<T>(batch, cube(n, n, n),
                  run([=](T* matrix, int* pivots) { lu_of_square(getrf, n, matrix, pivots); }));
}

template <class T>
void lu_factor(const char* op, int64_t batch, int64_t rows, int64_t columns, T* a, int* pivots, int* info) {
  const int m = as_int(op, rows), n = as_int(op, columns), k = std::min(m, n);
  std::fill_n(info, batch, 0);
  if (k == 0) return;
  if (m == n && n <= kSmall) {
    each_matrix<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>&) {
      return with_size(
          n, [&](auto known) { return info[i] = small_lu(known, a + i * rows * columns, pivots + i * k); });
    });
    return;
  }
  const Routine getrf = routine<T>(op, "getrf");
  for_matrices<T>(batch, cube(m, n, k), [&](int64_t i, Workspace<T>&) {
    T* const matrix = a + i * rows * columns;
    if (m == n)
      info[i] = lu_of_square(getrf, n, matrix, pivots + i * k);
    else
      getrf(m, n, matrix, m, pivots + i * k, info + i);
    return 0;
  });
}

template <class T>
Outcome inverse(const char* op, int64_t batch, int64_t size, T* a, int* infos) {
  const int n = as_int(op, size);
  std::fill_n(infos, batch, 0);
  if (n == 0) return {};
  const auto run = [=](auto&& invert) {
    return [=](int64_t i, Workspace<T>& workspace) {
      T* const matrix = a + i * size * size;
      const int info = invert(matrix, workspace);
      if (info != 0) std::fill_n(matrix, size * size, std::numeric_limits<T>::infinity());
      return infos[i] = info;
    };
  };
  if (n <= kSmall)
    return each_matrix<T>(batch, cube(n, n, n), run([n](T* matrix, Workspace<T>&) {
                            return with_size(n, [=](auto known) { return small_inverse(known, matrix); });
                          }));
  const Routine getrf = routine<T>(op, "getrf");
  return for_matrices<T>(batch, cube(n, n, n), run([=](T* matrix, Workspace<T>& workspace) {
                           int* const pivots = workspace.integers(static_cast<std::size_t>(n));
                           const int info = lu_of_square(getrf, n, matrix, pivots);
                           if (info != 0) return info;
                           // Its columns are the rows of the transpose's inverse: P L^-T U^-T.
                           const Scratch<T> lu(size * size);
                           std::copy_n(matrix, size * size, lu.get());
                           std::fill_n(matrix, size * size, T(0));
                           for (int64_t row = 0; row < size; ++row) matrix[row * (size + 1)] = 1;
                           solve_rows<T>({lu.get(), size, 1, false, false}, size, matrix, size, size, 0);
                           solve_rows<T>({lu.get(), size, 1, true, true}, size, matrix, size, size);
                           for (int64_t row = size; row-- > 0;) exchange_rows(matrix, size, pivots, row);
                           return info;
                         }));
}

template <class T>
Outcome solve(const char* op, int64_t batch, int64_t size, int64_t columns, T* a, T* b) {
  const int n = as_int(op, size), k = as_int(op, columns);
  if (n == 0) return {};
  const double work = cube(n, n, n + k);
  if (n <= kSmall)
    return each_matrix<T>(batch, work, [&](int64_t i, Workspace<T>&) {
      return with_size(n, [&](auto known) {
        int pivots[kSmall];
        const int info = small_lu(known, a + i * size * size, pivots);
        if (info == 0) small_solve(known, k, a + i * size * size, pivots, b + i * size * columns);
        return info;
      });
    });
  const Routine getrf = routine<T>(op, "getrf"), getrs = routine<T>(op, "getrs");
  return for_matrices<T>(batch, work, [&](int64_t i, Workspace<T>& workspace) {
    int* const pivots = workspace.integers(static_cast<std::size_t>(n));
    T *const lu = a + i * size * size, *const x = b + i * size * columns;
    int info = lu_of_square(getrf, n, lu, pivots);
    if (info == 0 && columns < kManySides)
      getrs('N', n, k, lu, n, pivots, x, n, &info);
    else if (info == 0)
      with_rows(x, size, columns, size, [&](T* rows) {
        for (int64_t row = 0; row < size; ++row) exchange_rows(rows, columns, pivots, row);
        solve_rows<T>({lu, 1, size, false, true}, size, rows, columns, columns);
        solve_rows<T>({lu, 1, size, true, false}, size, rows, columns, columns);
      });
    return info;
  });
}

template <class T>
void solve_triangular(const char* op, int64_t batch, int64_t rows, int64_t columns, Triangular how,
                      const T* a, T* b) {
  const int m = as_int(op, rows), n = as_int(op, columns);
  if (m == 0 || n == 0) return;
  // Columns of X are the rows of A^T X^T = B^T.
  if (rows >= kManySides) {
    each_matrix<T>(batch, cube(m, n, n), [&](int64_t i, Workspace<T>&) {
      solve_rows<T>({a + i * columns * columns, columns, 1, !how.upper, how.unit}, columns,
                    b + i * rows * columns, rows, rows);
      return 0;
    });
    return;
  }
  const Routine trsm = routine<T>(op, "trsm");
  for_matrices<T>(batch, cube(m, n, n), [&](int64_t i, Workspace<T>&) {
    trsm('R', how.upper ? 'U' : 'L', 'N', how.unit ? 'U' : 'N', m, n, T(1), a + i * columns * columns, n,
         b + i * rows * columns, m);
    return 0;
  });
}

template <class T>
Outcome cholesky(const char* op, int64_t batch, int64_t size, bool upper, T* a, int* infos) {
  const int n = as_int(op, size);
  std::fill_n(infos, batch, 0);
  if (n == 0) return {};
  if (n <= kSmall)
    return each_matrix<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>&) {
      return with_size(
          n, [&](auto known) { return infos[i] = small_cholesky(known, upper, a + i * size * size); });
    });
  const Routine potrf = routine<T>(op, "potrf");
  return for_matrices<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>&) {
    const auto run = [&](T* rows) { infos[i] = cholesky_by_halves(potrf, size, rows, size); };
    T* const matrix = a + i * size * size;
    upper ? with_rows(matrix, size, size, size, run) : run(matrix);
    return infos[i];
  });
}

template <class T>
void ldl_factor(const char* op, int64_t batch, int64_t size, T* a, int* pivots, int* infos) {
  const Routine sytrf = routine<T>(op, "sytrf");
  const int n = as_int(op, size);
  std::fill_n(infos, batch, 0);
  if (n == 0) return;
  for_matrices<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>& workspace) {
    workspace.run([&](T* work, int length, int*, int) {
      sytrf('L', n, a + i * size * size, n, pivots + i * size, work, length, infos + i);
    });
    return 0;
  });
}
template <class T>
void ldl_solve(const char* op, int64_t batch, int64_t size, int64_t columns, const T* ld, const int* pivots,
               T* b) {
  const Routine sytrs = routine<T>(op, "sytrs");
  const int n = as_int(op, size), k = as_int(op, columns);
  if (n == 0 || k == 0) return;
  for_matrices<T>(batch, cube(n, n, k), [&](int64_t i, Workspace<T>&) {
    int info = 0;
    sytrs('L', n, k, ld + i * size * size, n, pivots + i * size, b + i * size * columns, n, &info);
    return info;
  });
}

template <class T>
void qr(int64_t batch, int64_t m, int64_t n, T* a, T* tau) {
  const int64_t k = std::min(m, n);
  if (k == 0) return;
  each_matrix<T>(batch, cube(m, n, k), [&](int64_t i, Workspace<T>&) {
    qr_by_halves(m, n, a + i * m * n, tau + i * k);
    return 0;
  });
}

template <class T>
void q_of_reflections(int64_t batch, int64_t m, int64_t n, int64_t reflections, T* a, const T* tau) {
  if (m == 0 || n == 0) return;
  each_matrix<T>(batch, cube(m, n, reflections), [&](int64_t i, Workspace<T>&) {
    q_by_halves(m, n, reflections, a + i * m * n, tau + i * reflections);
    return 0;
  });
}

template <class T>
Outcome eigh(const char* op, int64_t batch, int64_t size, bool upper, bool vectors, T* a, T* w) {
  const Routine syevd = routine<T>(op, "syevd");
  const int n = as_int(op, size);
  if (n == 0) return {};
  return for_matrices<T>(batch, cube(n, n, n), [&](int64_t i, Workspace<T>& workspace) {
    int info = 0;
    workspace.run([&](T* work, int length, int* integers, int count) {
      syevd(vectors ? 'V' : 'N', upper ? 'U' : 'L', n, a + i * size * size, leading(n), w + i * size, work,
            length, integers, count, &info);
    });
    return info;
  });
}

template <class T>
Outcome svd(const char* op, int64_t batch, int64_t rows, int64_t columns, Vectors vectors, T* a, T* s, T* u,
            T* vt) {
  const Routine gesdd = routine<T>(op, "gesdd");
  const int m = as_int(op, rows), n = as_int(op, columns), k = std::min(m, n);
  const int of_u = vectors == Vectors::all ? m : k, of_v = vectors == Vectors::all ? n : k;
  return for_matrices<T>(batch, cube(m, n, k), [&](int64_t i, Workspace<T>& workspace) {
    int info = 0;
    int* const integers = workspace.integers(8 * static_cast<std::size_t>(k));
    const auto of = [&](T* matrices, int64_t size) { return matrices ? matrices + i * size : nullptr; };
    workspace.run([&](T* work, int length, int*, int) {
      gesdd(static_cast<char>(vectors), m, n, a + i * rows * columns, leading(m), s + i * k,
            of(u, rows * of_u), leading(m), of(vt, columns * of_v), leading(of_v), work, length, integers,
            &info);
    });
    return info;
  });
}

template <class T>
Outcome lstsq(const char* op, Lstsq driver, int64_t batch, int64_t rows, int64_t columns, int64_t sides,
              T rcond, T* a, T* b, int64_t* rank, T* s) {
  const char* const names[] = {"gels", "gelsy", "gelsd", "gelss"};
  const Routine f = routine<T>(op, names[static_cast<int>(driver)]);
  const int m = as_int(op, rows), n = as_int(op, columns), k = as_int(op, sides), larger = std::max(m, n);
  return for_matrices<T>(batch, cube(m, n, std::min(m, n) + k), [&](int64_t i, Workspace<T>& workspace) {
    int info = 0, found = 0;
    T *const left = a + i * rows * columns, *const right = b + i * larger * sides;
    T* const values = s + i * std::min(m, n);
    int* const columns_first = workspace.integers(static_cast<std::size_t>(n));
    std::fill_n(columns_first, n, 0);
    workspace.run([&](T* work, int length, int* integers, int) {
      if (driver == Lstsq::gels)
        f('N', m, n, k, left, leading(m), right, leading(larger), work, length, &info);
      else if (driver == Lstsq::gelsy)
        f(m, n, k, left, leading(m), right, leading(larger), columns_first, rcond, &found, work, length,
          &info);
      else if (driver == Lstsq::gelsd)
        f(m, n, k, left, leading(m), right, leading(larger), values, rcond, &found, work, length, integers,
          &info);
      else
        f(m, n, k, left, leading(m), right, leading(larger), values, rcond, &found, work, length, &info);
    });
    rank[i] = found;
    return info;
  });
}

#define XGRAD_LAPACK(T)                                                                             \
  template void lu(const char*, int64_t, int64_t, T*, T*);                                          \
  template void lu_factor(const char*, int64_t, int64_t, int64_t, T*, int*, int*);                  \
  template Outcome inverse(const char*, int64_t, int64_t, T*, int*);                                \
  template Outcome solve(const char*, int64_t, int64_t, int64_t, T*, T*);                           \
  template void solve_triangular(const char*, int64_t, int64_t, int64_t, Triangular, const T*, T*); \
  template Outcome cholesky(const char*, int64_t, int64_t, bool, T*, int*);                         \
  template void ldl_factor(const char*, int64_t, int64_t, T*, int*, int*);                          \
  template void ldl_solve(const char*, int64_t, int64_t, int64_t, const T*, const int*, T*);        \
  template void qr(int64_t, int64_t, int64_t, T*, T*);                                              \
  template void q_of_reflections(int64_t, int64_t, int64_t, int64_t, T*, const T*);                 \
  template Outcome eigh(const char*, int64_t, int64_t, bool, bool, T*, T*);                         \
  template Outcome svd(const char*, int64_t, int64_t, int64_t, Vectors, T*, T*, T*, T*);            \
  template Outcome lstsq(const char*, Lstsq, int64_t, int64_t, int64_t, int64_t, T, T*, T*, int64_t*, T*);
XGRAD_LAPACK(float)
XGRAD_LAPACK(double)
#undef XGRAD_LAPACK

}  // namespace xgrad::kernels::lapack
