// Tensor: the handle users hold, and its attributes. Its methods that are ops stand beside the ops
// (core/ops/*/*_methods.inc).
#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <iosfwd>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/order/histogram.h>
#include <xgrad/core/ops/order/sort.h>
#include <xgrad/core/ops/order/unique.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/binary.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/distance.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/random/random.h>
#include <xgrad/core/ops/reduce/differences.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/scan.h>
#include <xgrad/core/ops/reduce/softmax.h>
#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/ops/shape/triangle.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/forward.h>
#include <xgrad/core/tensor/tensor_impl.h>

namespace xgrad {

namespace detail {
[[noreturn]] XGRAD_API void undefined_tensor();
/// As `print` shows it in Python, with the dtype and the grad_fn where they matter.
XGRAD_API std::string python_text(const Tensor& t);
/// self = f(self, a...), of self's shape and dtype. `lends`: the first formula of that shape, or kernel that
/// asks, writes to self at once: only for an op that has checked everything by then and reads self no more
/// after it.
template <class F, class... A>
Tensor& change(const char* op, bool lends, const Tensor& self, const F& f, const A&... a);
}  // namespace detail

/// N-dimensional read and write access to the elements without checks: `auto a = t.accessor<float, 2>();
/// a[i][j]`.
template <class T, std::size_t N>
class TensorAccessor {
 public:
  TensorAccessor(T* data, const int64_t* sizes, const int64_t* strides)
      : data_(data), sizes_(sizes), strides_(strides) {}
  decltype(auto) operator[](int64_t i) const {
    if constexpr (N == 1)
      return (data_[i * strides_[0]]);
    else
      return TensorAccessor<T, N - 1>(data_ + i * strides_[0], sizes_ + 1, strides_ + 1);
  }
  IntArrayRef sizes() const { return {sizes_, N}; }
  IntArrayRef strides() const { return {strides_, N}; }
  int64_t size(int64_t d) const { return sizes_[d]; }
  int64_t stride(int64_t d) const { return strides_[d]; }
  T* data() const { return data_; }

 private:
  T* data_;
  const int64_t* sizes_;
  const int64_t* strides_;
};

/// The same with sizes and strides of its own, counted in Index, which GPUs ask for.
template <class T, std::size_t N, class Index = int64_t>
class PackedTensorAccessor {
 public:
  PackedTensorAccessor(T* data, const int64_t* sizes, const int64_t* strides) : data_(data) {
    std::copy_n(sizes, N, sizes_);
    std::copy_n(strides, N, strides_);
  }
  decltype(auto) operator[](Index i) const { return TensorAccessor<T, N>(data_, sizes_, strides_)[i]; }
  Index size(Index d) const { return static_cast<Index>(sizes_[d]); }
  Index stride(Index d) const { return static_cast<Index>(strides_[d]); }
  T* data() const { return data_; }

 private:
  T* data_;
  int64_t sizes_[N], strides_[N];
};
template <class T, std::size_t N>
using PackedTensorAccessor32 = PackedTensorAccessor<T, N, int32_t>;
template <class T, std::size_t N>
using PackedTensorAccessor64 = PackedTensorAccessor<T, N>;

namespace detail {
template <class T>
using IfOptionalTensor =
    std::enable_if_t<std::is_same_v<T, std::nullopt_t> || std::is_same_v<T, optional<Tensor>>, int>;
}  // namespace detail

/// An n-dimensional array that can remember how it was computed. Copies share the data; `clone()` copies it.
class XGRAD_API Tensor {
 public:
  Tensor() = default;
  explicit Tensor(intrusive_ptr<TensorImpl> impl) : impl_(std::move(impl)) {}
  Tensor(const Tensor&) = default;
  Tensor(Tensor&&) noexcept = default;
  /// What is absent is undefined: arguments that may be missing are given as `{}`, `nullopt`, an
  /// `optional<Tensor>` or a tensor.
  template <class T, detail::IfOptionalTensor<T> = 0>
  Tensor(const T& value) {
    if constexpr (!std::is_same_v<T, std::nullopt_t>)
      if (value) impl_ = value->impl_;
  }
  Tensor& operator=(const Tensor&) & = default;
  Tensor& operator=(Tensor&&) & noexcept = default;
  /// Assignment through an index or view writes the elements: `t[0] = other`, `t[1] = 3`.
  Tensor& operator=(const Tensor& value) &&;
  Tensor& operator=(const Scalar& value) &&;

  // what it is
  bool defined() const { return static_cast<bool>(impl_); }
  int64_t dim() const { return facts().dim(); }
  int64_t ndimension() const { return dim(); }
  IntArrayRef sizes() const { return impl_ ? impl_->sizes() : IntArrayRef(detail::undefined_sizes); }
  IntArrayRef strides() const { return impl().strides(); }
  int64_t size(int64_t d) const;
  int64_t stride(int64_t d) const;
  int64_t numel() const { return facts().numel(); }
  ScalarType scalar_type() const { return facts().dtype(); }
  ScalarType dtype() const { return facts().dtype(); }
  DeprecatedTypeProperties type() const { return DeprecatedTypeProperties(impl().dtype()); }
  Device device() const { return impl(), Device(); }
  Layout layout() const { return kStrided; }
  TensorOptions options() const { return TensorOptions(impl().dtype()); }
  std::size_t element_size() const { return xgrad::element_size(impl().dtype()); }
  std::size_t itemsize() const { return element_size(); }
  std::size_t nbytes() const { return static_cast<std::size_t>(numel()) * element_size(); }
  int64_t storage_offset() const { return defined() ? impl_->storage_offset() : 0; }
  bool is_contiguous(MemoryFormat format = MemoryFormat::Contiguous) const {
    return format == MemoryFormat::Contiguous ? facts().has(TensorImpl::kContiguous) : lies_in(format);
  }
  /// The format whose order of dimensions the strides have; an exact match is asked for where a tensor might
  /// be of two (`channels_last_strides_exact_match`).
  MemoryFormat suggest_memory_format(bool channels_last_strides_exact_match = false) const;
  bool is_signed() const { return dtype() != kByte && dtype() != kBool; }
  /// Whether the only element is not 0.
  bool is_nonzero() const;
  bool is_floating_point() const { return is_floating_type(dtype()); }
  bool is_complex() const { return false; }
  bool is_cpu() const { return defined(); }
  bool is_cuda() const { return false; }
  int64_t get_device() const { return -1; }
  bool is_sparse() const { return false; }
  bool is_quantized() const { return false; }
  bool is_nested() const { return false; }
  bool is_meta() const { return false; }
  bool is_pinned(optional<Device> = nullopt) const { return false; }
  bool is_conj() const { return false; }
  bool is_neg() const { return false; }
  /// Whether it was made under InferenceMode.
  bool is_inference() const { return facts().has(TensorImpl::kInference); }
  /// Whether both handles share one tensor.
  bool is_same(const Tensor& o) const { return impl_ == o.impl_; }
  bool is_same_size(const Tensor& o) const { return sizes() == o.sizes(); }
  /// Whether both are of the same memory, shape and strides.
  bool is_set_to(const Tensor& o) const {
    return impl().storage() == o.impl().storage() && data_ptr() == o.data_ptr() && sizes() == o.sizes() &&
           strides() == o.strides();
  }
  /// Whether both share their memory.
  bool is_alias_of(const Tensor& o) const { return impl().storage() == o.impl().storage(); }
  /// Whether it shares its storage with another tensor it was sliced or reshaped from.
  bool is_view() const { return impl().view_base != nullptr; }
  /// The tensor this is a view of.
  Tensor _base() const;
  int64_t use_count() const { return impl_ ? impl_->use_count() : 0; }
  /// How often the data was changed in place; an error for an inference tensor, for which nobody counts.
  int64_t _version() const;
  TensorImpl* unsafeGetTensorImpl() const { return impl_.get(); }
  const intrusive_ptr<TensorImpl>& impl_ptr() const { return impl_; }
  /// `CPUFloatType`, as LibTorch has it.
  std::string toString() const { return defined() ? type().toString() : "UndefinedType"; }
  /// A tensor of LibTorch may be given one.
  std::string name() const { return {}; }
  void print() const;
  void reset() { impl_.reset(); }

  // its elements
  void* data_ptr() const { return impl().data(); }
  /// The first element. Throws TypeError unless T is the tensor's dtype.
  template <class T>
  T* data_ptr() const {
    check_dtype(scalar_type_of<std::remove_const_t<T>>);
    return static_cast<T*>(impl().data());
  }
  template <class T>
  T* data() const {
    return data_ptr<T>();
  }
  void* mutable_data_ptr() const { return data_ptr(); }
  const void* const_data_ptr() const { return data_ptr(); }
  template <class T>
  T* mutable_data_ptr() const {
    return data_ptr<T>();
  }
  template <class T>
  const T* const_data_ptr() const {
    return data_ptr<T>();
  }
  /// The memory that it shares with its views.
  Storage storage() const { return Storage(impl().storage()); }
  template <class T, std::size_t N>
  TensorAccessor<T, N> accessor() const& {
    check_accessor(scalar_type_of<std::remove_const_t<T>>, N);
    return {static_cast<T*>(impl().data()), sizes().data(), strides().data()};
  }
  template <class T, std::size_t N>
  TensorAccessor<T, N> accessor() && = delete;
  template <class T, std::size_t N>
  PackedTensorAccessor32<T, N> packed_accessor32() const& {
    check_packed32();
    return packed<PackedTensorAccessor32<T, N>, T, N>();
  }
  template <class T, std::size_t N>
  PackedTensorAccessor64<T, N> packed_accessor64() const& {
    return packed<PackedTensorAccessor64<T, N>, T, N>();
  }
  template <class T, std::size_t N>
  PackedTensorAccessor64<T, N> packed_accessor() const& {
    return packed_accessor64<T, N>();
  }
  template <class T, std::size_t N>
  PackedTensorAccessor32<T, N> packed_accessor32() && = delete;
  template <class T, std::size_t N>
  PackedTensorAccessor64<T, N> packed_accessor64() && = delete;
  /// The value of a tensor with one element.
  Scalar item() const;
  template <class T>
  T item() const {
    return item().to<T>();
  }

  // gradients
  bool requires_grad() const { return facts().requires_grad(); }
  const Tensor& set_requires_grad(bool r) const;
  const Tensor& requires_grad_(bool r = true) const { return impl(), set_requires_grad(r); }
  /// Made by the user and not by an op that recorded itself.
  bool is_leaf() const;
  /// The gradient that backward has collected; undefined before.
  const Tensor& grad() const;
  Tensor& mutable_grad() const;
  /// The op that computed it; null for a leaf.
  intrusive_ptr<autograd::Node> grad_fn() const;
  uint32_t output_nr() const { return impl().output_nr; }
  /// Adds d(this)/d(leaf), weighted by `gradient` (1 for a scalar), to the `.grad()` of every leaf, or of
  /// `inputs` only.
  void backward(const Tensor& gradient = {}, optional<bool> retain_graph = nullopt, bool create_graph = false,
                optional<TensorList> inputs = nullopt) const;
  /// Lets a tensor that is no leaf collect its `.grad()` too.
  void retain_grad() const;
  bool retains_grad() const;
  /// Shares the data, without history.
  Tensor detach() const;
  Tensor& detach_() const;
  /// Shares the data, without history, and changes of it are not seen by the version check.
  Tensor data() const;
  Tensor tensor_data() const { return data(); }
  Tensor variable_data() const { return data(); }
  /// Takes over data, shape and dtype of another tensor and keeps its own place in the graph.
  void set_data(const Tensor& other) const;
  /// `hook(grad)` runs when the gradient of this tensor is ready; what it returns (if anything) replaces the
  /// gradient.
  template <class F>
  unsigned register_hook(F&& hook) const {
    if constexpr (std::is_void_v<std::invoke_result_t<F, Tensor>>)
      return add_hook([hook = std::forward<F>(hook)](const Tensor& grad) mutable {
        hook(grad);
        return Tensor();
      });
    else
      return add_hook(std::forward<F>(hook));
  }
  void remove_hook(unsigned position) const;

#include <xgrad/core/ops/aliases_methods.inc>
#include <xgrad/core/ops/indexing/indexing_methods.inc>
#include <xgrad/core/ops/linalg/linalg_methods.inc>
#include <xgrad/core/ops/order/histogram_methods.inc>
#include <xgrad/core/ops/order/sort_methods.inc>
#include <xgrad/core/ops/order/unique_methods.inc>
#include <xgrad/core/ops/pointwise/activation_methods.inc>
#include <xgrad/core/ops/pointwise/arithmetic_methods.inc>
#include <xgrad/core/ops/pointwise/binary_methods.inc>
#include <xgrad/core/ops/pointwise/compare_methods.inc>
#include <xgrad/core/ops/pointwise/math_methods.inc>
#include <xgrad/core/ops/product/distance_methods.inc>
#include <xgrad/core/ops/product/products_methods.inc>
#include <xgrad/core/ops/random/random_methods.inc>
#include <xgrad/core/ops/reduce/differences_methods.inc>
#include <xgrad/core/ops/reduce/reduce_methods.inc>
#include <xgrad/core/ops/reduce/scan_methods.inc>
#include <xgrad/core/ops/reduce/softmax_methods.inc>
#include <xgrad/core/ops/shape/copy_methods.inc>
#include <xgrad/core/ops/shape/join_methods.inc>
#include <xgrad/core/ops/shape/parts_methods.inc>
#include <xgrad/core/ops/shape/triangle_methods.inc>
#include <xgrad/core/ops/shape/views_methods.inc>
#include <xgrad/core/tensor/creation_methods.inc>

  TensorImpl& impl() const {
    if (__builtin_expect(!impl_, 0)) detail::undefined_tensor();
    return *impl_;
  }

 private:
  /// What there is to say of an undefined tensor too, as LibTorch does: [0] without a dtype.
  const TensorImpl& facts() const { return __builtin_expect(!impl_, 0) ? TensorImpl::undefined() : *impl_; }
  bool lies_in(MemoryFormat format) const;
  void check_dtype(ScalarType asked) const;
  void check_accessor(ScalarType asked, std::size_t n) const;
  void check_packed32() const;
  template <class Packed, class T, std::size_t N>
  Packed packed() const {
    check_accessor(scalar_type_of<std::remove_const_t<T>>, N);
    return {static_cast<T*>(impl().data()), sizes().data(), strides().data()};
  }
  unsigned add_hook(std::function<Tensor(const Tensor&)> hook) const;

  intrusive_ptr<TensorImpl> impl_;
};

/// Prints as Python's `print(t)`; an undefined tensor as `None`.
XGRAD_API std::ostream& operator<<(std::ostream& out, const Tensor& t);
/// Lets `<<` print tensors in another way, in all threads; null brings Python's back.
using TensorPrinter = void (*)(std::ostream& out, const Tensor& t);
XGRAD_API void set_tensor_printer(TensorPrinter printer);
/// `[2, 3]`, as in LibTorch.
XGRAD_API std::ostream& operator<<(std::ostream& out, IntArrayRef sizes);
XGRAD_API std::ostream& operator<<(std::ostream& out, TensorList list);
XGRAD_API std::ostream& operator<<(std::ostream& out, const Scalar& number);

/// The shape of the tensor, for errors.
inline void append(std::string& s, const Tensor& t) { append(s, t.sizes()); }

namespace detail {

/// A change in place that is an op and a copy of its result, where nothing better is known.
class XGRAD_API ChangeScope {
 public:
  ChangeScope(const Tensor& self, bool lends, std::initializer_list<const Tensor*> others);
  ~ChangeScope();
  ChangeScope(const ChangeScope&) = delete;
  ChangeScope& operator=(const ChangeScope&) = delete;
  Tensor& take_over(const char* op, const Tensor& self, const Tensor& result) const;

  Tensor before;  // self; a copy where the op may save it
};

template <class T>
const Tensor* tensor_in(const T& argument) {
  if constexpr (std::is_same_v<T, Tensor>) return &argument;
  return nullptr;
}

template <class F, class... A>
Tensor& change(const char* op, bool lends, const Tensor& self, const F& f, const A&... a) {
  const ChangeScope scope(self, lends, {tensor_in(a)...});
  return scope.take_over(op, self, f(scope.before, a...));
}

}  // namespace detail

}  // namespace xgrad

#include <xgrad/core/ops/pointwise/operators.h>
