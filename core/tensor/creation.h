// New tensors: from values, filled, random. Without a dtype in the options they are of the default dtype
// (float32), unless said otherwise.
#pragma once

#include <initializer_list>
#include <utility>
#include <vector>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

namespace detail {

template <class A, class B>
inline constexpr bool any_is_tensor = std::is_same_v<A, Tensor> || std::is_same_v<B, Tensor>;
/// The number that a tensor without dimensions holds, or an Error that names `op`.
XGRAD_API Scalar number_in(const char* op, const Tensor& t);
inline const Scalar& number_in(const char* /*op*/, const Scalar& number) { return number; }

/// What stands between the braces of `tensor({{1, 2}, {3, 4}})`: a number, a list of such, or an array of
/// numbers. It refers to its arguments and lives only as long as the call.
class TensorData {
 public:
  template <class T, std::enable_if_t<std::is_arithmetic<T>::value, int> = 0>
  TensorData(T value) : scalar_(value), type_(scalar_type_of<T>), is_number_(true) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Winit-list-lifetime"
#endif
  TensorData(std::initializer_list<TensorData> list) : list_(list.begin()), size_(list.size()) {}
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
  template <class T, std::enable_if_t<std::is_arithmetic<T>::value, int> = 0>
  TensorData(ArrayRef<T> values) : array_(values.data()), size_(values.size()), type_(scalar_type_of<T>) {}
  template <class T, std::enable_if_t<std::is_arithmetic<T>::value && !std::is_same<T, bool>::value, int> = 0>
  TensorData(const std::vector<T>& values) : TensorData(ArrayRef<T>(values)) {}

  bool is_number() const { return is_number_; }
  const TensorData* list() const { return list_; }
  const void* array() const { return array_; }
  std::size_t size() const { return size_; }
  ScalarType type() const { return type_; }
  const Scalar& number() const { return scalar_; }

 private:
  Scalar scalar_;
  const TensorData* list_ = nullptr;
  const void* array_ = nullptr;
  std::size_t size_ = 0;
  ScalarType type_ = ScalarType::Undefined;
  bool is_number_ = false;
};

}  // namespace detail

/// A tensor of these values: a number, nested lists, a std::vector. Floating values give the default dtype,
/// integers int64, bools bool, unless the options say otherwise.
XGRAD_API Tensor tensor(detail::TensorData data, const TensorOptions& options = {});

/// A tensor over memory of somebody else, which must outlive it, or which `deleter` frees. Only ops in place
/// write there, and backward where it is a `.grad()`; so it may be read-only.
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options = {});
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                           const TensorOptions& options = {});
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter,
                           const TensorOptions& options = {});
XGRAD_API Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                           const std::function<void(void*)>& deleter, const TensorOptions& options = {});

/// Memory as it comes, laid out as `format` or the options say.
XGRAD_API Tensor empty(IntArrayRef size, const TensorOptions& options = {},
                       optional<MemoryFormat> format = nullopt);
/// The same with these strides; what they reach is allocated.
XGRAD_API Tensor empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& options = {});
XGRAD_API Tensor zeros(IntArrayRef size, const TensorOptions& options = {});
XGRAD_API Tensor ones(IntArrayRef size, const TensorOptions& options = {});
/// Every element `value`, whose kind decides the dtype.
XGRAD_API Tensor full(IntArrayRef size, const Scalar& value, const TensorOptions& options = {});
XGRAD_API Tensor scalar_tensor(const Scalar& value, const TensorOptions& options = {});
/// start, start + step, ... below end; integers give int64.
XGRAD_API Tensor arange(const Scalar& end, const TensorOptions& options = {});
XGRAD_API Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options = {});
XGRAD_API Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step,
                        const TensorOptions& options = {});
/// `steps` values evenly from start to end, both included.
XGRAD_API Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps,
                          const TensorOptions& options = {});
/// base to the powers that linspace gives.
XGRAD_API Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base = 10.0,
                          const TensorOptions& options = {});
/// From or to the number that a tensor without dimensions holds.
template <class A, class B, class... Rest, std::enable_if_t<detail::any_is_tensor<A, B>, int> = 0>
Tensor linspace(const A& start, const B& end, int64_t steps, const Rest&... rest) {
  return linspace(detail::number_in("linspace", start), detail::number_in("linspace", end), steps, rest...);
}
template <class A, class B, class... Rest, std::enable_if_t<detail::any_is_tensor<A, B>, int> = 0>
Tensor logspace(const A& start, const B& end, int64_t steps, const Rest&... rest) {
  return logspace(detail::number_in("logspace", start), detail::number_in("logspace", end), steps, rest...);
}
/// As arange in steps that include `end`, always of the default dtype unless the options say otherwise.
XGRAD_API Tensor range(const Scalar& start, const Scalar& end, const Scalar& step = 1,
                       const TensorOptions& options = {});
inline Tensor range(const Scalar& start, const Scalar& end, const TensorOptions& options) {
  return range(start, end, 1, options);
}
/// As without a generator, with its numbers.
template <class G, detail::IfGenerator<G> = 0>
Tensor rand_like(const Tensor& self, const G& generator, const TensorOptions& options = {},
                 optional<MemoryFormat> format = nullopt) {
  return detail::rand_like(self, generator, options, format);
}
template <class G, detail::IfGenerator<G> = 0>
Tensor randn_like(const Tensor& self, const G& generator, const TensorOptions& options = {},
                  optional<MemoryFormat> format = nullopt) {
  return detail::randn_like(self, generator, options, format);
}
template <class G, detail::IfGenerator<G> = 0>
Tensor randint_like(const Tensor& self, int64_t high, const G& generator, const TensorOptions& options = {},
                    optional<MemoryFormat> format = nullopt) {
  return detail::randint_like(self, 0, high, generator, options, format);
}
template <class G, detail::IfGenerator<G> = 0>
Tensor randint_like(const Tensor& self, int64_t low, int64_t high, const G& generator,
                    const TensorOptions& options = {}, optional<MemoryFormat> format = nullopt) {
  return detail::randint_like(self, low, high, generator, options, format);
}
/// Ones on the diagonal.
XGRAD_API Tensor eye(int64_t n, const TensorOptions& options = {});
XGRAD_API Tensor eye(int64_t n, int64_t m, const TensorOptions& options = {});

/// Windows of signal processing, symmetric or, for spectra, periodic (that is one element longer without its
/// last). With t = 2 pi k / period: hann 0.5 - 0.5 cos(t), hamming alpha - beta cos(t), blackman 0.42 - 0.5
/// cos(t) + 0.08 cos(2 t), bartlett 1 - |2 k / period - 1|, kaiser i0(beta sqrt(1 - (2 k / period - 1)^2)) /
/// i0(beta). The dtype must be floating.
XGRAD_API Tensor hann_window(int64_t window_length, const TensorOptions& options = {});
XGRAD_API Tensor hann_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
XGRAD_API Tensor hamming_window(int64_t window_length, const TensorOptions& options = {});
XGRAD_API Tensor hamming_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
XGRAD_API Tensor hamming_window(int64_t window_length, bool periodic, double alpha,
                                const TensorOptions& options = {});
XGRAD_API Tensor hamming_window(int64_t window_length, bool periodic, double alpha, double beta,
                                const TensorOptions& options = {});
XGRAD_API Tensor blackman_window(int64_t window_length, const TensorOptions& options = {});
XGRAD_API Tensor blackman_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
XGRAD_API Tensor bartlett_window(int64_t window_length, const TensorOptions& options = {});
XGRAD_API Tensor bartlett_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
XGRAD_API Tensor kaiser_window(int64_t window_length, const TensorOptions& options = {});
XGRAD_API Tensor kaiser_window(int64_t window_length, bool periodic, const TensorOptions& options = {});
XGRAD_API Tensor kaiser_window(int64_t window_length, bool periodic, double beta,
                               const TensorOptions& options = {});

/// The same with shape and dtype of another tensor, and with its strides, as `clone()` has them, unless
/// `format` or the options ask for another layout.
XGRAD_API Tensor empty_like(const Tensor& self, const TensorOptions& options = {},
                            optional<MemoryFormat> format = nullopt);
XGRAD_API Tensor zeros_like(const Tensor& self, const TensorOptions& options = {},
                            optional<MemoryFormat> format = nullopt);
XGRAD_API Tensor ones_like(const Tensor& self, const TensorOptions& options = {},
                           optional<MemoryFormat> format = nullopt);
XGRAD_API Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options = {},
                           optional<MemoryFormat> format = nullopt);

}  // namespace xgrad
