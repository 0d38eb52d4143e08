// LibTorch's names over xgrad. `torch`, `at` and `c10` are namespaces of their own, which a program may
// reopen, with xgrad's names in them.
#pragma once

// LibTorch's headers bring these in, and programs rely on it.
#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <fstream>
#include <functional>
#include <iomanip>
#include <iostream>
#include <iterator>
#include <limits>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <numeric>
#include <queue>
#include <random>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

#include <torch/names.h>
#include <torch/print.h>
#include <xgrad/xgrad.h>

#define TORCH_VERSION_MAJOR 2
#define TORCH_VERSION_MINOR 15
#define TORCH_VERSION_PATCH 0
#define TORCH_VERSION "2.15.0"
#define TORCH_API
#define C10_API
#define C10_EXPORT
#define C10_HOST
#define C10_DEVICE
#define C10_HOST_DEVICE
#define C10_UNUSED [[maybe_unused]]
#define C10_NODISCARD [[nodiscard]]
#define C10_RESTRICT __restrict
#define C10_ALWAYS_INLINE inline __attribute__((always_inline))
#define C10_LIKELY(condition) __builtin_expect(static_cast<bool>(condition), 1)
#define C10_UNLIKELY(condition) __builtin_expect(static_cast<bool>(condition), 0)
#define AT_API

#define TORCH_MODULE XGRAD_MODULE
#define TORCH_MODULE_IMPL XGRAD_MODULE_IMPL
#define TORCH_ARG XGRAD_ARG
#define FORWARD_HAS_DEFAULT_ARGS(...)  // xgrad finds a forward's defaults by itself

namespace xgrad {
/// One number is written without brackets: `std::cout << conv1d->options.kernel_size()`.
template <class T>
std::ostream& operator<<(std::ostream& out, const ExpandingArray<1, T>& one) {
  return out << one->at(0);
}
/// The address, as a shared_ptr is written: `std::cout << t.grad_fn()`.
template <class T>
std::ostream& operator<<(std::ostream& out, const intrusive_ptr<T>& pointer) {
  return out << static_cast<const void*>(pointer.get());
}
}  // namespace xgrad

namespace std {
/// LibTorch's headers let every vector be written: `1 2 3`.
template <class T>
ostream& operator<<(ostream& out, const vector<T>& values) {
  for (size_t i = 0; i < values.size(); ++i) out << (i > 0 ? " " : "") << values[i];
  return out;
}
}  // namespace std

namespace c10 {
using SymInt = int64_t;
using SymIntArrayRef = ::xgrad::IntArrayRef;
#define XGRAD_COMPAT_USING(name) using ::xgrad::name;
XGRAD_COMPAT_NAMES(XGRAD_COMPAT_USING)
namespace cuda = ::xgrad::cuda;

/// All arguments, as a stream writes them, in one text.
template <class... A>
std::string str(const A&... a) {
  using ::xgrad::operator<<;
  std::ostringstream text;
  if constexpr (sizeof...(A) > 0) (text << ... << a);
  return text.str();
}

class NotImplementedError : public ::xgrad::Error {
 public:
  using Error::Error;
};

namespace detail {
template <class E, class... A>
[[noreturn]] void fail(const char* condition, const A&... a) {
  std::string text = str(a...);
  if (text.empty()) text = str("Expected ", condition, " to be true, but got false.");
  throw E(text);
}

template <class T>
class IntegerRange {
 public:
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = T;
    using difference_type = std::ptrdiff_t;
    using pointer = const T*;
    using reference = T;
    explicit Iterator(T value) : value_(value) {}
    T operator*() const { return value_; }
    Iterator& operator++() { return ++value_, *this; }
    Iterator operator++(int) { return Iterator(value_++); }
    bool operator==(const Iterator& o) const { return value_ == o.value_; }
    bool operator!=(const Iterator& o) const { return value_ != o.value_; }

   private:
    T value_;
  };
  IntegerRange(T begin, T end) : begin_(begin), end_(end < begin ? begin : end) {}
  Iterator begin() const { return Iterator(begin_); }
  Iterator end() const { return Iterator(end_); }

 private:
  T begin_, end_;
};
}  // namespace detail

/// `for (const auto i : c10::irange(n))`: 0, ..., n - 1.
template <class T>
detail::IntegerRange<T> irange(T end) {
  return {T{0}, end};
}
template <class A, class B>
detail::IntegerRange<B> irange(A begin, B end) {
  return {static_cast<B>(begin), end};
}

namespace detail {
/// What LibTorch's dictionaries have beside an OrderedDict: `insert` leaves a key that is there alone, and
/// `find` gives an iterator.
template <class Key, class Value>
class TypedDict : public ::xgrad::OrderedDict<Key, Value> {
 public:
  using ::xgrad::OrderedDict<Key, Value>::OrderedDict;
  bool empty() const { return this->is_empty(); }
  const Value& at(const Key& key) const { return (*this)[key]; }
  auto find(const Key& key) {
    return std::find_if(this->begin(), this->end(), [&](const auto& item) { return item.key() == key; });
  }
  auto insert(Key key, Value value) {
    const bool is_new = !this->contains(key);
    if (is_new) ::xgrad::OrderedDict<Key, Value>::insert(key, std::move(value));
    return std::make_pair(find(key), is_new);
  }
  auto insert_or_assign(Key key, Value value) {
    const auto [place, is_new] = insert(std::move(key), value);
    if (!is_new) place->value() = std::move(value);
    return std::make_pair(place, is_new);
  }
};
}  // namespace detail
template <class Key, class Value>
using Dict = std::conditional_t<std::is_same<Key, ::xgrad::IValue>::value &&
                                    std::is_same<Value, ::xgrad::IValue>::value,
                                ::xgrad::GenericDict, detail::TypedDict<Key, Value>>;
/// What LibTorch knows as the C++ type of a dtype.
namespace impl {
using ::xgrad::GenericDict;
template <ScalarType t>
struct ScalarTypeToCPPType;
#define XGRAD_COMPAT_CPP_TYPE(Name, T)           \
  template <>                                    \
  struct ScalarTypeToCPPType<ScalarType::Name> { \
    using type = T;                              \
  };
XGRAD_COMPAT_CPP_TYPE(Byte, uint8_t)
XGRAD_COMPAT_CPP_TYPE(Char, int8_t)
XGRAD_COMPAT_CPP_TYPE(Short, int16_t)
XGRAD_COMPAT_CPP_TYPE(Int, int32_t)
XGRAD_COMPAT_CPP_TYPE(Long, int64_t)
XGRAD_COMPAT_CPP_TYPE(Half, ::xgrad::Half)
XGRAD_COMPAT_CPP_TYPE(BFloat16, ::xgrad::BFloat16)
XGRAD_COMPAT_CPP_TYPE(Float, float)
XGRAD_COMPAT_CPP_TYPE(Double, double)
XGRAD_COMPAT_CPP_TYPE(Bool, bool)
#undef XGRAD_COMPAT_CPP_TYPE
template <ScalarType t>
using ScalarTypeToCPPTypeT = typename ScalarTypeToCPPType<t>::type;
}  // namespace impl

namespace guts {
/// The key of a parameter in an optimizer's `state()`: LibTorch 1 has its address as a text, xgrad as it is.
inline ::xgrad::TensorImpl* to_string(::xgrad::TensorImpl* parameter) { return parameter; }
}  // namespace guts

template <class Iterator>
int64_t multiply_integers(Iterator begin, Iterator end) {
  return std::accumulate(begin, end, int64_t{1}, std::multiplies<int64_t>());
}
template <class List>
int64_t multiply_integers(const List& list) {
  return multiply_integers(list.begin(), list.end());
}
template <class List>
int64_t sum_integers(const List& list) {
  return std::accumulate(list.begin(), list.end(), int64_t{0});
}
inline std::string DeviceTypeName(DeviceType type, bool lower_case = false) {
  return type == DeviceType::CPU ? (lower_case ? "cpu" : "CPU") : lower_case ? "cuda" : "CUDA";
}

using std::get;
using std::get_if;
using std::holds_alternative;
using std::make_optional;
using std::string_view;
using std::to_string;
using std::variant;
using std::visit;
using ::xgrad::compat::toString;
using IntList = IntArrayRef;
template <class T, unsigned N = 6>
using SmallVector = std::vector<T>;

/// xgrad's dtypes are what LibTorch has a dtype and a description of it for.
inline std::size_t elementSize(ScalarType type) { return ::xgrad::element_size(type); }
inline ScalarType typeMetaToScalarType(ScalarType type) { return type; }
inline ScalarType scalarTypeToTypeMeta(ScalarType type) { return type; }
inline bool isFloatingType(ScalarType type) { return ::xgrad::is_floating_type(type); }
inline bool isIntegralType(ScalarType type, bool include_bool = false) {
  return ::xgrad::is_integral_type(type, include_bool);
}
inline ScalarType promoteTypes(ScalarType a, ScalarType b) { return ::xgrad::promote_types(a, b); }
template <class... A>
auto makeArrayRef(const A&... a) {
  return ArrayRef(a...);
}
template <class T>
struct CppTypeToScalarType : std::integral_constant<ScalarType, ::xgrad::scalar_type_of<T>> {};
}  // namespace c10

#define TORCH_CHECK_WITH(E, condition, ...)                                     \
  do {                                                                          \
    if (!(condition)) ::c10::detail::fail<::c10::E>(#condition, ##__VA_ARGS__); \
  } while (false)
#define TORCH_CHECK(condition, ...) TORCH_CHECK_WITH(Error, condition, ##__VA_ARGS__)
#define TORCH_CHECK_INDEX(condition, ...) TORCH_CHECK_WITH(IndexError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_VALUE(condition, ...) TORCH_CHECK_WITH(ValueError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_TYPE(condition, ...) TORCH_CHECK_WITH(TypeError, condition, ##__VA_ARGS__)
#define TORCH_CHECK_NOT_IMPLEMENTED(condition, ...) \
  TORCH_CHECK_WITH(NotImplementedError, condition, ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT_DEBUG_ONLY(...) static_cast<void>(0)
#define C10_THROW_ERROR(E, message) throw ::c10::E(message)
#define AT_INDEX_ERROR(...) ::c10::detail::fail<::c10::IndexError>("", ##__VA_ARGS__)
#define TORCH_INTERNAL_ASSERT TORCH_CHECK
#define AT_ASSERT TORCH_CHECK
#define AT_ASSERTM TORCH_CHECK
#define AT_ERROR(...) ::c10::detail::fail<::xgrad::Error>("", ##__VA_ARGS__)
#define TORCH_WARN(...) ::xgrad::warn(::c10::str(__VA_ARGS__))
#define TORCH_WARN_ONCE(...)                                   \
  do {                                                         \
    static ::xgrad::WarningPlace torch_warning_place;          \
    if (torch_warning_place.is_new()) TORCH_WARN(__VA_ARGS__); \
  } while (false)

namespace at {
XGRAD_COMPAT_NAMES(XGRAD_COMPAT_USING)
using ::c10::elementSize, ::c10::IntList, ::c10::isFloatingType, ::c10::isIntegralType, ::c10::makeArrayRef,
    ::c10::promoteTypes, ::c10::scalarTypeToTypeMeta, ::c10::str, ::c10::toString,
    ::c10::typeMetaToScalarType;
namespace cuda = ::xgrad::cuda;
namespace Reduction = ::xgrad::Reduction;
namespace indexing {
using namespace ::xgrad::indexing;
}
namespace autograd = ::xgrad::autograd;
using ITensorListRef = TensorList;

/// Switches of libraries that xgrad does not use: what is set can be asked for, and changes nothing.
class Context {
 public:
#define XGRAD_COMPAT_SWITCH(Name, get)     \
  void set##Name(bool on) { get##_ = on; } \
  bool get() const { return get##_; }      \
                                           \
 private:                                  \
  bool get##_ = false;                     \
                                           \
 public:
  XGRAD_COMPAT_SWITCH(BenchmarkCuDNN, benchmarkCuDNN)
  XGRAD_COMPAT_SWITCH(DeterministicCuDNN, deterministicCuDNN)
  XGRAD_COMPAT_SWITCH(UserEnabledCuDNN, userEnabledCuDNN)
  XGRAD_COMPAT_SWITCH(UserEnabledMkldnn, userEnabledMkldnn)
  XGRAD_COMPAT_SWITCH(AllowTF32CuDNN, allowTF32CuDNN)
  XGRAD_COMPAT_SWITCH(AllowTF32CuBLAS, allowTF32CuBLAS)
  XGRAD_COMPAT_SWITCH(FlushDenormal, flushDenormal)
#undef XGRAD_COMPAT_SWITCH
  /// All that xgrad computes is deterministic.
  void setDeterministicAlgorithms(bool, bool = false) {}
  bool deterministicAlgorithms() const { return true; }
  bool hasCUDA() const { return false; }
  bool hasMKL() const { return false; }
};
inline Context& globalContext() {
  static Context context;
  return context;
}
inline bool hasCUDA() { return false; }
inline std::size_t getNumGPUs() { return 0; }

/// In whose scope nothing is recorded.
struct AutoDispatchBelowADInplaceOrView : ::xgrad::NoGradGuard {};
using AutoDispatchBelowAutograd = AutoDispatchBelowADInplaceOrView;

/// xgrad has no second pool of threads.
inline void set_num_interop_threads(int) {}
inline int get_num_interop_threads() { return 1; }
inline void init_num_threads() {}

/// `combine` over `reduce(first, last, identity)` of blocks of grain_size: the same for any number of
/// threads.
template <class T, class Reduce, class Combine>
T parallel_reduce(int64_t begin, int64_t end, int64_t grain_size, const T identity, const Reduce& reduce,
                  const Combine& combine) {
  const int64_t size = std::max<int64_t>(grain_size, 1);
  std::deque<T> parts(begin < end ? (end - begin - 1) / size + 1 : 0, identity);
  parallel_for(0, static_cast<int64_t>(parts.size()), 1, [&](int64_t first, int64_t last) {
    for (int64_t i = first; i < last; ++i)
      parts[i] = reduce(begin + i * size, std::min(end, begin + (i + 1) * size), identity);
  });
  return std::accumulate(parts.begin(), parts.end(), identity, combine);
}

struct CPUGeneratorImpl;
template <class Impl>
Generator make_generator(std::uint64_t seed) {
  static_assert(std::is_same<Impl, CPUGeneratorImpl>::value, "xgrad's generators are the CPU's");
  return Generator(seed);
}
namespace detail {
inline const Generator& getDefaultCPUGenerator() { return ::xgrad::default_generator(); }
inline Generator createCPUGenerator(std::uint64_t seed = 67280421310721) { return Generator(seed); }
}  // namespace detail

inline void print(std::ostream& out, const Tensor& t, int64_t line_size) {
  ::xgrad::compat::print(out, t, line_size);
}
inline void print(const Tensor& t, int64_t line_size = 80) { print(std::cout, t, line_size); }
}  // namespace at

#include <torch/functions.h>

namespace torch {
XGRAD_COMPAT_NAMES(XGRAD_COMPAT_USING)
using ::at::_cast_Byte, ::at::_cast_Char, ::at::_cast_Double, ::at::_cast_Float, ::at::_cast_Half,
    ::at::_cast_Int, ::at::_cast_Long, ::at::_cast_Short, ::at::_unique, ::at::_unique2, ::at::col2im_out,
    ::at::convolution_out, ::at::detach_, ::at::embedding_bag, ::at::get_num_interop_threads,
    ::at::getNumGPUs, ::at::globalContext, ::at::hasCUDA, ::at::im2col_out, ::at::init_num_threads,
    ::at::is_floating_point, ::at::is_nonzero, ::at::is_same_size, ::at::linalg_diagonal, ::at::linalg_matmul,
    ::at::numel, ::at::pad_sequence, ::at::print, ::at::set_num_interop_threads,
    ::at::slow_conv_transpose2d_out, ::at::thnn_conv2d_out, ::at::upsample_bicubic2d,
    ::at::upsample_bilinear2d, ::at::upsample_linear1d, ::at::upsample_nearest1d, ::at::upsample_nearest2d,
    ::at::upsample_nearest3d, ::at::upsample_trilinear3d;
using ::c10::Dict, ::c10::elementSize, ::c10::IntList, ::c10::irange, ::c10::isFloatingType,
    ::c10::isIntegralType, ::c10::makeArrayRef, ::c10::promoteTypes, ::c10::scalarTypeToTypeMeta, ::c10::str,
    ::c10::toString, ::c10::typeMetaToScalarType;

#define XGRAD_COMPAT_USING_LINALG(name) using ::at::linalg_##name;
#define XGRAD_COMPAT_USING_LINALG_OUT(name) using ::at::linalg_##name##_out;
XGRAD_COMPAT_LINALG_NAMES(XGRAD_COMPAT_USING_LINALG)
XGRAD_COMPAT_LINALG_OUT_NAMES(XGRAD_COMPAT_USING_LINALG_OUT)
#undef XGRAD_COMPAT_USING_LINALG
#undef XGRAD_COMPAT_USING_LINALG_OUT

namespace Reduction = ::xgrad::Reduction;
#define XGRAD_COMPAT_NAMESPACE(name) \
  namespace name {                   \
  using namespace ::xgrad::name;     \
  }
XGRAD_COMPAT_NAMESPACE(autograd)
XGRAD_COMPAT_NAMESPACE(cuda)
XGRAD_COMPAT_NAMESPACE(data::datasets)
XGRAD_COMPAT_NAMESPACE(data::samplers)
XGRAD_COMPAT_NAMESPACE(data::transforms)
XGRAD_COMPAT_NAMESPACE(enumtype)
XGRAD_COMPAT_NAMESPACE(indexing)
XGRAD_COMPAT_NAMESPACE(linalg)
XGRAD_COMPAT_NAMESPACE(special)
XGRAD_COMPAT_NAMESPACE(nn::functional)
XGRAD_COMPAT_NAMESPACE(nn::init)
XGRAD_COMPAT_NAMESPACE(nn::utils)
XGRAD_COMPAT_NAMESPACE(optim)
XGRAD_COMPAT_NAMESPACE(serialize)
#undef XGRAD_COMPAT_NAMESPACE
namespace data {
#define XGRAD_COMPAT_USING_DATA(name) using ::xgrad::data::name;
XGRAD_COMPAT_DATA(XGRAD_COMPAT_USING_DATA)
}  // namespace data
namespace nn {
#define XGRAD_COMPAT_USING_NN(name) using ::xgrad::nn::name;
XGRAD_COMPAT_NN(XGRAD_COMPAT_USING_NN)
}  // namespace nn
#undef XGRAD_COMPAT_USING
#undef XGRAD_COMPAT_USING_DATA
#undef XGRAD_COMPAT_USING_NN

namespace autograd {
/// `data` as a variable of its own over the same memory.
inline Variable make_variable(const Tensor& data, bool requires_grad = false,
                              bool /*allow_tensor_metadata_change*/ = true) {
  return data.detach().requires_grad_(requires_grad);
}
}  // namespace autograd
namespace cuda {
inline bool cudnn_is_available() { return false; }
}  // namespace cuda
namespace jit {
using ::xgrad::IValue;
using ::xgrad::pickle_load;
using ::xgrad::pickle_save;
}  // namespace jit
}  // namespace torch

namespace caffe2 {
/// A dtype, as LibTorch describes it.
class TypeMeta {
 public:
  TypeMeta(::xgrad::ScalarType type) : type_(type) {}
  template <class T>
  static TypeMeta Make() {
    return ::xgrad::scalar_type_of<T>;
  }
  static TypeMeta fromScalarType(::xgrad::ScalarType type) { return type; }
  operator ::xgrad::ScalarType() const { return type_; }
  ::xgrad::ScalarType toScalarType() const { return type_; }
  std::size_t itemsize() const { return ::xgrad::element_size(type_); }
  ::c10::string_view name() const { return ::xgrad::compat::cpp_name(type_); }

 private:
  ::xgrad::ScalarType type_;
};
}  // namespace caffe2

#include <ATen/Dispatch.h>
