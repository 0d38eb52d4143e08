// How a new tensor is to be: dtype, device, requires_grad.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <type_traits>

#include <xgrad/core/types/dtype.h>
#include <xgrad/core/types/error.h>

namespace xgrad {

using std::nullopt;
using std::optional;

enum class DeviceType : int8_t { CPU = 0, CUDA = 1 };
inline constexpr DeviceType kCPU = DeviceType::CPU, kCUDA = DeviceType::CUDA;

using DeviceIndex = int8_t;

/// Where a tensor lives. xgrad computes on the CPU; other devices exist as names, so that programs which ask
/// compile.
class Device {
 public:
  constexpr Device(DeviceType type = kCPU, DeviceIndex index = -1) : type_(type), index_(index) {}
  /// "cpu", "cuda", or with an index: "cuda:1".
  XGRAD_API Device(const std::string& name);
  Device(const char* name) : Device(std::string(name)) {}
  constexpr DeviceType type() const { return type_; }
  constexpr DeviceIndex index() const { return index_; }
  constexpr bool is_cpu() const { return type_ == kCPU; }
  constexpr bool is_cuda() const { return type_ == kCUDA; }
  constexpr bool has_index() const { return index_ >= 0; }
  void set_index(DeviceIndex index) { index_ = index; }
  XGRAD_API std::string str() const;
  friend constexpr bool operator==(const Device& a, const Device& b) {
    return a.type_ == b.type_ && a.index_ == b.index_;
  }
  friend constexpr bool operator!=(const Device& a, const Device& b) { return !(a == b); }

 private:
  DeviceType type_;
  DeviceIndex index_;
};

namespace cuda {
inline bool is_available() { return false; }
inline int device_count() { return 0; }
inline void synchronize(int64_t = -1) {}
inline void manual_seed(uint64_t) {}
inline void manual_seed_all(uint64_t) {}
}  // namespace cuda

/// What LibTorch's `Tensor::type()` gives; written as `CPUFloatType`.
class DeprecatedTypeProperties {
 public:
  explicit constexpr DeprecatedTypeProperties(ScalarType type) : type_(type) {}
  constexpr ScalarType scalarType() const { return type_; }
  constexpr DeviceType device_type() const { return kCPU; }
  constexpr bool is_cuda() const { return false; }
  constexpr bool is_sparse() const { return false; }
  XGRAD_API std::string toString() const;
  friend constexpr bool operator==(const DeprecatedTypeProperties& a, const DeprecatedTypeProperties& b) {
    return a.type_ == b.type_;
  }
  friend constexpr bool operator!=(const DeprecatedTypeProperties& a, const DeprecatedTypeProperties& b) {
    return !(a == b);
  }

 private:
  ScalarType type_;
};
XGRAD_API std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type);

enum class Layout : int8_t { Strided };
inline constexpr Layout kStrided = Layout::Strided;
/// Contiguous is row-major; Preserve is as the tensor that is copied, without its gaps. ChannelsLast and
/// ChannelsLast3d have dimension 1 innermost: they are for tensors of four and of five dimensions.
enum class MemoryFormat : int8_t { Contiguous, Preserve, ChannelsLast, ChannelsLast3d };

/// Options of the factory functions; every setter returns a changed copy. What is not set has the default.
class TensorOptions {
 public:
  TensorOptions() = default;
  TensorOptions(ScalarType t) : dtype_(t) {}
  TensorOptions(Device d) { *this = device(d); }
  TensorOptions(DeviceType d) { *this = device(Device(d)); }
  template <class T, std::enable_if_t<std::is_convertible<T, std::string>::value, int> = 0>
  TensorOptions(const T& device_name) : TensorOptions(Device(device_name)) {}
  TensorOptions(Layout) {}
  TensorOptions(MemoryFormat f) : memory_format_(f) {}

  TensorOptions dtype(optional<ScalarType> t) const {
    TensorOptions o = *this;
    o.dtype_ = t;
    return o;
  }
  TensorOptions device(Device d) const {
    XGRAD_CHECK(d.is_cpu(), "device: xgrad computes on the CPU: got ", d.str(),
                "; use cuda::is_available() to choose");
    TensorOptions o = *this;
    o.has_device_ = true;
    return o;
  }
  TensorOptions device(optional<Device> d) const { return d ? device(*d) : *this; }
  TensorOptions device(DeviceType type, DeviceIndex index = -1) const { return device(Device(type, index)); }
  TensorOptions layout(Layout) const { return *this; }
  TensorOptions requires_grad(optional<bool> r) const {
    TensorOptions o = *this;
    o.requires_grad_ = r;
    return o;
  }
  TensorOptions pinned_memory(optional<bool>) const { return *this; }
  /// How the memory of empty, zeros_like and its kin is laid out; see MemoryFormat.
  TensorOptions memory_format(optional<MemoryFormat> f) const {
    TensorOptions o = *this;
    o.memory_format_ = f;
    return o;
  }

  ScalarType dtype() const { return dtype_.value_or(get_default_dtype()); }
  bool has_dtype() const { return dtype_.has_value(); }
  optional<ScalarType> dtype_opt() const { return dtype_; }
  optional<Device> device_opt() const { return has_device_ ? optional<Device>(Device()) : nullopt; }
  optional<bool> requires_grad_opt() const { return requires_grad_; }
  optional<MemoryFormat> memory_format_opt() const { return memory_format_; }
  Device device() const { return Device(); }
  Layout layout() const { return kStrided; }
  bool requires_grad() const { return requires_grad_.value_or(false); }
  bool has_requires_grad() const { return requires_grad_.has_value(); }
  bool has_device() const { return has_device_; }
  bool has_memory_format() const { return memory_format_.has_value(); }

 private:
  optional<ScalarType> dtype_;
  optional<bool> requires_grad_;
  optional<MemoryFormat> memory_format_;
  bool has_device_ = false;
};

XGRAD_API std::ostream& operator<<(std::ostream& out, DeviceType type);
XGRAD_API std::ostream& operator<<(std::ostream& out, const Device& device);
XGRAD_API std::ostream& operator<<(std::ostream& out, Layout layout);
XGRAD_API std::ostream& operator<<(std::ostream& out, MemoryFormat format);
XGRAD_API std::ostream& operator<<(std::ostream& out, const TensorOptions& options);

inline TensorOptions dtype(ScalarType t) { return TensorOptions(t); }
inline TensorOptions device(Device d) { return TensorOptions(d); }
inline TensorOptions layout(Layout l) { return TensorOptions(l); }
inline TensorOptions requires_grad(bool r = true) { return TensorOptions().requires_grad(r); }

}  // namespace xgrad
