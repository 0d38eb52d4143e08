// Names of devices, layouts and options, read and written as LibTorch does.
#include <xgrad/core/tensor/options.h>

#include <charconv>
#include <ostream>

namespace xgrad {

Device::Device(const std::string& name) : Device() {
  const std::size_t colon = name.find(':');
  const std::string type = name.substr(0, colon);
  type_ = type == "cuda" ? kCUDA : kCPU;
  XGRAD_CHECK(type == "cpu" || type == "cuda", "Device: unknown device \"", name,
              "\"; expected \"cpu\", or \"cuda\" with or without an index");
  if (colon == std::string::npos) return;
  const char *const first = name.data() + colon + 1, *const last = name.data() + name.size();
  const auto [end, error] = std::from_chars(first, last, index_);
  XGRAD_CHECK(error == std::errc() && end == last && index_ >= 0 && (*first != '0' || last - first == 1),
              "Device: invalid index in \"", name, "\"; expected a number as in \"cuda:1\"");
  XGRAD_CHECK(type_ != kCPU || index_ == 0, "Device: there is one CPU: got \"", name, "\"");
}

std::string Device::str() const {
  const std::string type = type_ == kCPU ? "cpu" : "cuda";
  return has_index() ? concat(type, ":", static_cast<int>(index_)) : type;
}

std::ostream& operator<<(std::ostream& out, DeviceType type) { return out << Device(type).str(); }
std::ostream& operator<<(std::ostream& out, const Device& device) { return out << device.str(); }
std::string DeprecatedTypeProperties::toString() const {
  return concat("CPU", detail::enumerator_name(type_), "Type");
}
std::ostream& operator<<(std::ostream& out, const DeprecatedTypeProperties& type) {
  return out << type.toString();
}

std::ostream& operator<<(std::ostream& out, Layout) { return out << "Strided"; }

std::ostream& operator<<(std::ostream& out, MemoryFormat format) {
  static constexpr const char* names[] = {"Contiguous", "Preserve", "ChannelsLast", "ChannelsLast3d"};
  return out << names[static_cast<int>(format)];
}

std::ostream& operator<<(std::ostream& out, const TensorOptions& options) {
  const auto set = [](bool is_set) { return is_set ? "" : " (default)"; };
  const auto truth = [](bool b) { return b ? "true" : "false"; };
  out << "TensorOptions(dtype=" << options.dtype() << set(options.has_dtype())
      << ", device=" << options.device() << set(options.has_device()) << ", layout=" << options.layout()
      << " (default), requires_grad=" << truth(options.requires_grad()) << set(options.has_requires_grad())
      << ", pinned_memory=false (default), memory_format=";
  if (const auto format = options.memory_format_opt())
    out << *format;
  else
    out << "(nullopt)";
  return out << ')';
}

}  // namespace xgrad
