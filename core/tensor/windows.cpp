// Window functions as new tensors: computed in double, rounded once.
#include <xgrad/core/tensor/creation.h>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/rare/window.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

namespace {

// fill(array, period) writes the elements of a window of more than one.
template <class F>
Tensor window(const char* op, int64_t length, bool periodic, const TensorOptions& options, F&& fill) {
  XGRAD_CHECK(length >= 0, op, ": window_length must not be negative: got ", length);
  XGRAD_CHECK_AS(TypeError, is_floating_type(options.dtype()), op, ": dtype must be floating: got ",
                 options.dtype());
  checked_numel(op, length);
  const Tensor t = new_tensor(kDouble, length);
  if (length == 1)
    kernels::fill(array_view(t), 1);
  else if (length > 1)
    fill(array_view(t), static_cast<double>(periodic ? length : length - 1));
  return with_grad(t.to(options.dtype()), options);
}

Tensor cosine_window(const char* op, int64_t length, bool periodic, const TensorOptions& options, double a,
                     double b, double c) {
  return window(op, length, periodic, options, [&](const kernels::ArrayView& out, double period) {
    kernels::cosine_window(out, period, a, b, c);
  });
}

}  // namespace

Tensor hann_window(int64_t window_length, const TensorOptions& options) {
  return hann_window(window_length, true, options);
}
Tensor hann_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return cosine_window("hann_window", window_length, periodic, options, 0.5, 0.5, 0);
}

Tensor hamming_window(int64_t window_length, const TensorOptions& options) {
  return hamming_window(window_length, true, options);
}
Tensor hamming_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return hamming_window(window_length, periodic, 0.54, options);
}
Tensor hamming_window(int64_t window_length, bool periodic, double alpha, const TensorOptions& options) {
  return hamming_window(window_length, periodic, alpha, 0.46, options);
}
Tensor hamming_window(int64_t window_length, bool periodic, double alpha, double beta,
                      const TensorOptions& options) {
  return cosine_window("hamming_window", window_length, periodic, options, alpha, beta, 0);
}

Tensor blackman_window(int64_t window_length, const TensorOptions& options) {
  return blackman_window(window_length, true, options);
}
Tensor blackman_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return cosine_window("blackman_window", window_length, periodic, options, 0.42, 0.5, 0.08);
}

Tensor bartlett_window(int64_t window_length, const TensorOptions& options) {
  return bartlett_window(window_length, true, options);
}
Tensor bartlett_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return window("bartlett_window", window_length, periodic, options, kernels::triangular_window);
}

Tensor kaiser_window(int64_t window_length, const TensorOptions& options) {
  return kaiser_window(window_length, true, options);
}
Tensor kaiser_window(int64_t window_length, bool periodic, const TensorOptions& options) {
  return kaiser_window(window_length, periodic, 12.0, options);
}
Tensor kaiser_window(int64_t window_length, bool periodic, double beta, const TensorOptions& options) {
  return window(
      "kaiser_window", window_length, periodic, options,
      [&](const kernels::ArrayView& out, double period) { kernels::kaiser_window(out, period, beta); });
}

}  // namespace xgrad
