// Loads libraries, and holds OpenBLAS to one thread.
#include <xgrad/core/kernels/gemm/blas_library.h>

#include <cstring>

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

BlasLibrary::BlasLibrary(const char* name) noexcept
    : handle_(open_library(name)),
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
