// BLAS, LAPACK and oneDNN, loaded when they are first called for.
#pragma once

#include <xgrad/core/types/mutex.h>
#include <xgrad/core/types/shared_library.h>

namespace xgrad::kernels {

/// A BLAS or LAPACK, which may be OpenBLAS.
class BlasLibrary {
 public:
  explicit BlasLibrary(const char* name) noexcept;
  void* handle() const { return handle_; }
  /// Whether there was one when xgrad was built.
  bool named() const { return named_; }

 private:
  friend class OneBlasThread;
  using GetThreads = int (*)();
  using SetThreads = void (*)(int);
  void* handle_;
  bool named_;
  GetThreads get_threads_;
  SetThreads set_threads_;
  Mutex mutex_;
  int users_ = 0, hosts_number_ = 1;
};

BlasLibrary& cblas_library() noexcept;
BlasLibrary& lapack_library() noexcept;
void* onednn_library() noexcept;

/// OpenBLAS has one number of threads for the process: the first of several calls at a time sets it to one,
/// the last puts the host's number back. No process forks in between: the child would never put it back.
class OneBlasThread {
 public:
  explicit OneBlasThread(BlasLibrary& library);
  ~OneBlasThread();
  OneBlasThread(const OneBlasThread&) = delete;
  OneBlasThread& operator=(const OneBlasThread&) = delete;

 private:
  const NoFork whole_;
  BlasLibrary& library_;
};

}  // namespace xgrad::kernels
