// Calls the products of OpenBLAS or oneDNN, held to one thread. Nothing else may call these
// libraries' products: two pools of threads would fight.
#include <xgrad/core/kernels/gemm/gemm_library.h>

#include <atomic>
#include <climits>
#include <cstdlib>
#include <cstring>

#include <xgrad/core/kernels/gemm/blas_library.h>
#include <xgrad/core/kernels/isa.h>
#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/warning.h>

namespace xgrad::kernels {
namespace {

constexpr int row_major = 101, no_trans = 111, trans = 112;  // the CBLAS standard's numbers
template <class T>
using CblasGemm = void (*)(int, int, int, int, int, int, T, const T*, int, const T*, int, T, T*, int);
using DnnlGemm = int (*)(char, char, int64_t, int64_t, int64_t, float, const float*, int64_t, const float*,
                         int64_t, float, float*, int64_t);
using GetThreads = int (*)();
using SetThreads = void (*)(int);

struct Cblas {
  CblasGemm<float> sgemm = find_function<CblasGemm<float>>(cblas_library().handle(), "cblas_sgemm");
  CblasGemm<double> dgemm = find_function<CblasGemm<double>>(cblas_library().handle(), "cblas_dgemm");
};

struct OneDnn {
  DnnlGemm sgemm = find_function<DnnlGemm>(onednn_library(), "dnnl_sgemm");
  GetThreads get_threads = find_function<GetThreads>(onednn_library(), "omp_get_max_threads");
  SetThreads set_threads = find_function<SetThreads>(onednn_library(), "omp_set_num_threads");
};

const Cblas& cblas() noexcept {
  static constinit Shared<const Cblas> shared;
  return shared.get([] { return new Cblas; });
}
const OneDnn& onednn() noexcept {
  static constinit Shared<const OneDnn> shared;
  return shared.get([] { return new OneDnn; });
}

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
  const OneBlasThread alone(cblas_library());
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
