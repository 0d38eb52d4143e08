// Loads libraries, and holds OpenBLAS to one thread.
#include <xgrad/core/kernels/gemm/blas_library.h>

#include <cstdlib>
#include <cstring>

#include <xgrad/core/kernels/isa.h>

#if defined(__x86_64__) && defined(__linux__)
#include <unistd.h>
#endif

// What CMake did not find has no name.
#if !defined(XGRAD_CBLAS_NAME)
#define XGRAD_CBLAS_NAME ""
#endif
#if !defined(XGRAD_LAPACK_NAME)
#define XGRAD_LAPACK_NAME ""
#endif
#if !defined(XGRAD_ONEDNN_NAME)
#define XGRAD_ONEDNN_NAME ""
#endif

namespace xgrad::kernels {

namespace {

// While OpenBLAS is loaded: tells it which kernels the processor can run, unless its user does. By itself it
// goes by the model, and takes those of 2004 for one that is newer than itself. Setting a variable may move
// what other threads are reading, so the environment is another list meanwhile, which stays.
class OpenBlasKernels {
#if defined(__x86_64__) && defined(__linux__)
 public:
  OpenBlasKernels() noexcept : before_(environ) {
    if (isa() == Isa::base || environ == nullptr || std::getenv("OPENBLAS_CORETYPE") != nullptr) return;
    static char haswell[] = "OPENBLAS_CORETYPE=Haswell", skylake[] = "OPENBLAS_CORETYPE=SkylakeX";
    std::size_t count = 1;
    while (before_[count - 1] != nullptr) ++count;
    meanwhile_ = static_cast<char**>(std::malloc((count + 2) * sizeof(char*)));
    if (meanwhile_ == nullptr) return;
    meanwhile_[0] = isa() == Isa::avx512 ? skylake : haswell;
    std::memcpy(meanwhile_ + 1, before_, count * sizeof(char*));
    static char* kept = nullptr;  // BLAS' list, if LAPACK is another library: leak checkers follow the chain
    meanwhile_[count + 1] = kept;
    kept = reinterpret_cast<char*>(meanwhile_);
    environ = meanwhile_;
  }
  ~OpenBlasKernels() {
    if (meanwhile_ != nullptr && environ == meanwhile_) environ = before_;
  }
  OpenBlasKernels(const OpenBlasKernels&) = delete;
  OpenBlasKernels& operator=(const OpenBlasKernels&) = delete;

 private:
  char **before_, **meanwhile_ = nullptr;
#endif
};

void* open_blas(const char* name) noexcept {
  [[maybe_unused]] const OpenBlasKernels chosen{};
  return open_library(name);
}

}  // namespace

BlasLibrary::BlasLibrary(const char* name) noexcept
    : handle_(open_blas(name)),
      named_(*name != '\0'),
      get_threads_(find_function<GetThreads>(handle_, "openblas_get_num_threads")),
      set_threads_(find_function<SetThreads>(handle_, "openblas_set_num_threads")) {}

BlasLibrary& cblas_library() noexcept {
  static constinit Shared<BlasLibrary> shared;
  return shared.get([] { return new BlasLibrary(XGRAD_CBLAS_NAME); });
}

BlasLibrary& lapack_library() noexcept {
  // Two would each remember the host's number of threads for itself.
  if (std::strcmp(XGRAD_LAPACK_NAME, XGRAD_CBLAS_NAME) == 0) return cblas_library();
  static constinit Shared<BlasLibrary> shared;
  return shared.get([] { return new BlasLibrary(XGRAD_LAPACK_NAME); });
}

void* onednn_library() noexcept { return open_library(XGRAD_ONEDNN_NAME); }

OneBlasThread::OneBlasThread(BlasLibrary& library) : library_(library) {
  if (library.get_threads_ == nullptr || library.set_threads_ == nullptr) return;
  const std::lock_guard lock(library.mutex_);
  if (library.users_++ == 0) {
    library.hosts_number_ = library.get_threads_();
    if (library.hosts_number_ != 1) library.set_threads_(1);
  }
}

OneBlasThread::~OneBlasThread() {
  if (library_.get_threads_ == nullptr || library_.set_threads_ == nullptr) return;
  const std::lock_guard lock(library_.mutex_);
  if (--library_.users_ == 0 && library_.hosts_number_ != 1) library_.set_threads_(library_.hosts_number_);
}

}  // namespace xgrad::kernels
