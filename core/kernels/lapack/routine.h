// How LAPACK is called: one loop over batches, one way to ask for workspace. Private to the kernels.
#pragma once

#include <algorithm>
#include <climits>
#include <cmath>
#include <limits>
#include <mutex>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/kernels/gemm/blas_library.h>
#include <xgrad/core/kernels/lapack/lapack.h>
#include <xgrad/core/kernels/thread_pool.h>
#include <xgrad/core/types/error.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad::kernels::lapack {

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

inline int as_int(const char* op, int64_t n) {
  XGRAD_CHECK(n <= INT_MAX, op, ": LAPACK takes matrices of at most ", INT_MAX, " rows: got ", n);
  return static_cast<int>(n);
}
// LAPACK wants a leading dimension of 1 even where there is nothing.
inline int leading(int n) { return std::max(n, 1); }

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

inline double cube(int64_t m, int64_t n, int64_t k) {
  return static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k);
}

}  // namespace xgrad::kernels::lapack
