// Loads OpenBLAS or oneDNN and calls their products, held to one thread. Nothing else may call these
// libraries' products: two pools of threads would fight.
#include <xgrad/core/kernels/gemm/gemm_library.h>

#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>

#include <xgrad/core/kernels/isa.h>
#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/warning.h>

#if (defined(XGRAD_HAVE_CBLAS) || defined(XGRAD_HAVE_ONEDNN)) && __has_include(<dlfcn.h>)
#include <dlfcn.h>
#define XGRAD_CAN_LOAD 1
#endif

#if !defined(XGRAD_CBLAS_NAME)
#define XGRAD_CBLAS_NAME "libopenblas.so.0"
#endif
#if !defined(XGRAD_ONEDNN_NAME)
#define XGRAD_ONEDNN_NAME "libdnnl.so.2"
#endif

namespace xgrad::kernels {
namespace {

constexpr int row_major = 101, no_trans = 111, trans = 112;  // the CBLAS standard's numbers
template <class T>
using CblasGemm = void (*)(int, int, int, int, int, int, T, const T*, int, const T*, int, T, T*, int);
using DnnlGemm = int (*)(char, char, int64_t, int64_t, int64_t, float, const float*, int64_t, const float*,
                         int64_t, float, float*, int64_t);
using GetThreads = int (*)();
using SetThreads = void (*)(int);

template <class F>
F find(void* library, const char* name) noexcept {
#if defined(XGRAD_CAN_LOAD)
  return library == nullptr ? nullptr : reinterpret_cast<F>(dlsym(library, name));
#else
  static_cast<void>(library), static_cast<void>(name);
  return nullptr;
#endif
}

[[maybe_unused]] void* open_library([[maybe_unused]] const char* name) noexcept {
#if defined(XGRAD_CAN_LOAD)
  return dlopen(name, RTLD_NOW | RTLD_LOCAL);
#else
  return nullptr;
#endif
}

struct Cblas {
  CblasGemm<float> sgemm = nullptr;
  CblasGemm<double> dgemm = nullptr;
  GetThreads get_threads = nullptr;
  SetThreads set_threads = nullptr;
  Cblas() noexcept {
#if defined(XGRAD_HAVE_CBLAS)
    void* const library = open_library(XGRAD_CBLAS_NAME);
    sgemm = find<CblasGemm<float>>(library, "cblas_sgemm");
    dgemm = find<CblasGemm<double>>(library, "cblas_dgemm");
    get_threads = find<GetThreads>(library, "openblas_get_num_threads");
    set_threads = find<SetThreads>(library, "openblas_set_num_threads");
#endif
  }
};

struct OneDnn {
  DnnlGemm sgemm = nullptr;
  GetThreads get_threads = nullptr;
  SetThreads set_threads = nullptr;
  OneDnn() noexcept {
#if defined(XGRAD_HAVE_ONEDNN)
    void* const library = open_library(XGRAD_ONEDNN_NAME);
    sgemm = find<DnnlGemm>(library, "dnnl_sgemm");
    get_threads = find<GetThreads>(library, "omp_get_max_threads");
    set_threads = find<SetThreads>(library, "omp_set_num_threads");
#endif
  }
};

const Cblas& cblas() noexcept {
  static constinit Shared<const Cblas> shared;
  return shared.get([] { return new Cblas; });
}
const OneDnn& onednn() noexcept {
  static constinit Shared<const OneDnn> shared;
  return shared.get([] { return new OneDnn; });
}

// OpenBLAS has one number of threads for the process: the first of several calls at a time sets it to one,
// the last puts the host's number back. No process forks in between: the child would never put it back.
class OneBlasThread {
 public:
  explicit OneBlasThread(const Cblas& f) : functions_(f) {
    if (f.get_threads == nullptr || f.set_threads == nullptr) return;
    const std::lock_guard lock(mutex);
    if (users++ == 0) {
      hosts_number = f.get_threads();
      if (hosts_number != 1) f.set_threads(1);
    }
  }
  ~OneBlasThread() {
    if (functions_.get_threads == nullptr || functions_.set_threads == nullptr) return;
    const std::lock_guard lock(mutex);
    if (--users == 0 && hosts_number != 1) functions_.set_threads(hosts_number);
  }
  OneBlasThread(const OneBlasThread&) = delete;
  OneBlasThread& operator=(const OneBlasThread&) = delete;

 private:
  const NoFork whole_;
  const Cblas& functions_;
  static inline Mutex mutex;
  static inline int users = 0, hosts_number = 1;
};

// OpenMP's number of threads belongs to the calling thread: no lock.
class OneOmpThread {
 public:
  explicit OneOmpThread(const OneDnn& f) : functions_(f) {
    if (f.get_threads != nullptr && f.set_threads != nullptr) number_ = f.get_threads();
    if (number_ != 1) f.set_threads(1);
  }
  ~OneOmpThread() {
    if (number_ != 1) functions_.set_threads(number_);
  }
  OneOmpThread(const OneOmpThread&) = delete;
  OneOmpThread& operator=(const OneOmpThread&) = delete;

 private:
  const OneDnn& functions_;
  int number_ = 1;
};

bool fit_int(int64_t m, int64_t n, int64_t k, int64_t lda, int64_t ldb, int64_t ldc) noexcept {
  return m <= INT_MAX && n <= INT_MAX && k <= INT_MAX && lda <= INT_MAX && ldb <= INT_MAX && ldc <= INT_MAX;
}

template <class T>
bool by_cblas(CblasGemm<T> function, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k, T alpha,
              const T* a, int64_t lda, const T* b, int64_t ldb, T beta, T* c, int64_t ldc) {
  if (function == nullptr || !fit_int(m, n, k, lda, ldb, ldc)) return false;
  const OneBlasThread alone(cblas());
  function(row_major, trans_a ? trans : no_trans, trans_b ? trans : no_trans, static_cast<int>(m),
           static_cast<int>(n), static_cast<int>(k), alpha, a, static_cast<int>(lda), b,
           static_cast<int>(ldb), beta, c, static_cast<int>(ldc));
  return true;
}

GemmLibrary choose() {
  const char* wish = std::getenv("XGRAD_GEMM");
  if (wish != nullptr && *wish != '\0') {
    if (std::strcmp(wish, "cblas") == 0) return GemmLibrary::cblas;
    if (std::strcmp(wish, "onednn") == 0) return GemmLibrary::onednn;
    if (std::strcmp(wish, "own") == 0) return GemmLibrary::none;
    XGRAD_WARN_ONCE("XGRAD_GEMM: expected own, cblas or onednn: got \"", wish, "\", which is ignored");
  }
  // A narrow instruction set that was asked for is meant for the products too.
  if (isa() != Isa::base || std::getenv("XGRAD_ISA") != nullptr) return GemmLibrary::none;
#if defined(XGRAD_HAVE_CBLAS)
  return GemmLibrary::cblas;
#elif defined(XGRAD_HAVE_ONEDNN)
  return GemmLibrary::onednn;
#else
  return GemmLibrary::none;
#endif
}

constexpr int undecided = -1;
std::atomic<int> preferred{undecided};

}  // namespace

GemmLibrary preferred_gemm_library() {
  int value = preferred.load(std::memory_order_relaxed);
  if (value == undecided) {
    value = static_cast<int>(choose());
    preferred.store(value, std::memory_order_relaxed);
  }
  return static_cast<GemmLibrary>(value);
}

void prefer_gemm_library(GemmLibrary library) noexcept {
  preferred.store(static_cast<int>(library), std::memory_order_relaxed);
}

bool has_gemm_library(GemmLibrary library) noexcept {
  if (library == GemmLibrary::cblas) return cblas().sgemm != nullptr && cblas().dgemm != nullptr;
  return library == GemmLibrary::onednn && onednn().sgemm != nullptr;
}

bool library_gemm(GemmLibrary library, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k,
                  float alpha, const float* a, int64_t lda, const float* b, int64_t ldb, float beta, float* c,
                  int64_t ldc) {
  if (library == GemmLibrary::cblas)
    return by_cblas(cblas().sgemm, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
  if (library != GemmLibrary::onednn || onednn().sgemm == nullptr) return false;
  const OneOmpThread alone(onednn());
  return onednn().sgemm(trans_a ? 'T' : 'N', trans_b ? 'T' : 'N', m, n, k, alpha, a, lda, b, ldb, beta, c,
                        ldc) == 0;
}

bool library_gemm(GemmLibrary library, bool trans_a, bool trans_b, int64_t m, int64_t n, int64_t k,
                  double alpha, const double* a, int64_t lda, const double* b, int64_t ldb, double beta,
                  double* c, int64_t ldc) {
  if (library == GemmLibrary::none) return false;
  return by_cblas(cblas().dgemm, trans_a, trans_b, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

}  // namespace xgrad::kernels
