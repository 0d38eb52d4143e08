// The one place where the library under test is named. Everything else says `lib::` and uses LibTorch's
// names. Here stands what LibTorch's C++ interface has under another name or not at all; nothing else may go
// in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#ifdef XGRAD_CONFORMANCE_LIBTORCH
#include <ATen/ExpandUtils.h>
#include <torch/torch.h>
namespace lib = torch;

namespace torch {
inline std::vector<int64_t> broadcast_shapes(const std::vector<std::vector<int64_t>>& shapes) {
  std::vector<int64_t> result;
  for (const auto& shape : shapes) result = at::infer_size(result, shape);
  return result;
}
namespace linalg {
inline Tensor cross(const Tensor& a, const Tensor& b, int64_t dim) { return linalg_cross(a, b, dim); }
inline Tensor cholesky(const Tensor& a, bool upper) { return linalg_cholesky(a, upper); }
inline Tensor svdvals(const Tensor& a) { return linalg_svdvals(a); }
template <class T>
Tensor pinv(const Tensor& a, const c10::optional<T>& atol, const c10::optional<T>& rtol, bool hermitian) {
  return linalg_pinv(a, atol, rtol, hermitian);
}
}  // namespace linalg
namespace nn::functional {
inline Tensor dropout1d(const Tensor& input, const DropoutFuncOptions& o) {
  const bool batch = input.dim() == 3;
  const Tensor dropped = feature_dropout(batch ? input : input.unsqueeze(0), o.p(), o.training());
  return batch ? dropped : dropped.squeeze(0);
}
}  // namespace nn::functional

}  // namespace torch
#else
#include <xgrad/xgrad.h>
namespace lib = xgrad;
#endif

namespace conformance {

/// What printing.jsonl may ask for, on top of a profile; what is absent keeps the value of the profile.
struct PrintSettings {
  std::string profile = "default";
  std::optional<int64_t> precision, threshold, edgeitems, linewidth;
  std::optional<bool> sci_mode;
};

#ifdef XGRAD_CONFORMANCE_LIBTORCH

inline constexpr bool prints_as_python = false;
using c10::BFloat16;
using c10::Half;

template <class T>
using Optional = c10::optional<T>;

inline void set_default_dtype(lib::ScalarType dtype) {
  torch::set_default_dtype(c10::scalarTypeToTypeMeta(dtype));
}

inline void set_print_settings(const PrintSettings&) {}

#else

inline constexpr bool prints_as_python = true;
using xgrad::BFloat16;
using xgrad::Half;

template <class T>
using Optional = std::optional<T>;

using xgrad::set_default_dtype;

inline void set_print_settings(const PrintSettings& settings) {
  auto options = xgrad::PrintOptions().profile(settings.profile);
  if (settings.precision) options.precision(static_cast<int>(*settings.precision));
  if (settings.threshold) options.threshold(*settings.threshold);
  if (settings.edgeitems) options.edgeitems(*settings.edgeitems);
  if (settings.linewidth) options.linewidth(*settings.linewidth);
  if (settings.sci_mode) options.sci_mode(*settings.sci_mode);
  xgrad::set_printoptions(options);
}

#endif

/// A case that the library under test does otherwise, or what the ids of several begin with, and why.
struct Excuse {
  std::string_view id;
  const char* reason;
};
const std::vector<Excuse>& excuses();  // excuses_libtorch.cpp or excuses_xgrad.cpp

}  // namespace conformance
