// ATen's functions that xgrad has under other names, or as something else. Read within compat.h.
#pragma once

namespace at {
#define XGRAD_COMPAT_CAST(Name)                                                \
  inline Tensor _cast_##Name(const Tensor& t, bool /*non_blocking*/ = false) { \
    return t.to(ScalarType::Name);                                             \
  }
XGRAD_COMPAT_CAST(Byte)
XGRAD_COMPAT_CAST(Char)
XGRAD_COMPAT_CAST(Short)
XGRAD_COMPAT_CAST(Int)
XGRAD_COMPAT_CAST(Long)
XGRAD_COMPAT_CAST(Half)
XGRAD_COMPAT_CAST(Float)
XGRAD_COMPAT_CAST(Double)
#undef XGRAD_COMPAT_CAST

// The functions of torch::linalg under ATen's names, without and with a tensor that receives the result.
// clang-format off
#define XGRAD_COMPAT_LINALG_NAMES(X) \
  X(cholesky) X(cholesky_ex) X(cond) X(cross) X(det) X(eigh) X(eigvalsh) X(householder_product) X(inv) X(inv_ex) \
  X(ldl_factor) X(ldl_factor_ex) X(ldl_solve) X(lstsq) X(lu) X(lu_factor) X(lu_factor_ex) X(lu_solve) \
  X(matrix_exp) X(matrix_norm) X(matrix_power) X(matrix_rank) X(multi_dot) X(norm) X(pinv) X(qr) \
  X(slogdet) X(solve) X(solve_triangular) X(svd) X(svdvals) X(tensorinv) X(tensorsolve) X(vander) \
  X(vecdot) X(vector_norm)
#define XGRAD_COMPAT_LINALG_OUT_NAMES(X) \
  X(cholesky) X(cholesky_ex) X(cond) X(cross) X(det) X(eigh) X(eigvalsh) X(householder_product) X(inv) \
  X(inv_ex) X(ldl_factor) X(ldl_factor_ex) X(ldl_solve) X(lu) X(lu_factor) X(lu_factor_ex) X(lu_solve) \
  X(matrix_norm) X(matrix_power) X(matrix_rank) X(multi_dot) X(norm) X(pinv) X(qr) X(slogdet) X(solve) \
  X(solve_triangular) X(svd) X(svdvals) X(tensorinv) X(tensorsolve) X(vecdot) X(vector_norm)
// clang-format on
#define XGRAD_COMPAT_LINALG(name)                                                        \
  template <class... A>                                                                  \
  auto linalg_##name(A&&... a)->decltype(::xgrad::linalg::name(std::forward<A>(a)...)) { \
    return ::xgrad::linalg::name(std::forward<A>(a)...);                                 \
  }
#define XGRAD_COMPAT_LINALG_OUT(name)                                                                \
  template <class... A>                                                                              \
  auto linalg_##name##_out(A&&... a)->decltype(::xgrad::linalg::name##_out(std::forward<A>(a)...)) { \
    return ::xgrad::linalg::name##_out(std::forward<A>(a)...);                                       \
  }
XGRAD_COMPAT_LINALG_NAMES(XGRAD_COMPAT_LINALG)
XGRAD_COMPAT_LINALG_OUT_NAMES(XGRAD_COMPAT_LINALG_OUT)
#undef XGRAD_COMPAT_LINALG
#undef XGRAD_COMPAT_LINALG_OUT
// With a list in braces, from which no type can be deduced.
inline Tensor linalg_multi_dot(TensorList tensors) { return ::xgrad::linalg::multi_dot(tensors); }
template <class Ord, class... A>
Tensor linalg_matrix_norm(const Tensor& self, const Ord& ord, IntArrayRef dim, const A&... a) {
  return ::xgrad::linalg::matrix_norm(self, ord, dim, a...);
}
template <class Ord, class... A>
Tensor linalg_vector_norm(const Tensor& self, const Ord& ord, IntArrayRef dim, const A&... a) {
  return ::xgrad::linalg::vector_norm(self, ord, dim, a...);
}
template <class Ord, class... A>
Tensor linalg_norm(const Tensor& self, const Ord& ord, IntArrayRef dim, const A&... a) {
  return ::xgrad::linalg::norm(self, ord, dim, a...);
}
template <class Ord, class... A>
Tensor& linalg_matrix_norm_out(Tensor& out, const Tensor& self, const Ord& ord, IntArrayRef dim,
                               const A&... a) {
  return ::xgrad::linalg::matrix_norm_out(out, self, ord, dim, a...);
}
inline Tensor linalg_matmul(const Tensor& self, const Tensor& other) { return ::xgrad::matmul(self, other); }
inline Tensor& linalg_matmul_out(Tensor& out, const Tensor& self, const Tensor& other) {
  return ::xgrad::matmul_out(out, self, other);
}
inline Tensor frobenius_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false) {
  return ::xgrad::linalg::vector_norm(self, 2, dim, keepdim);
}
inline Tensor nuclear_norm(const Tensor& self, bool keepdim = false) {
  return ::xgrad::linalg::matrix_norm(self, "nuc", {-2, -1}, keepdim);
}
inline Tensor nuclear_norm(const Tensor& self, IntArrayRef dim, bool keepdim = false) {
  return ::xgrad::linalg::matrix_norm(self, "nuc", dim, keepdim);
}
inline Tensor linalg_diagonal(const Tensor& A, int64_t offset = 0, int64_t dim1 = -2, int64_t dim2 = -1) {
  return ::xgrad::diagonal(A, offset, dim1, dim2);
}

// Resized images, with scales where there is no size.
namespace detail {
inline Tensor upsample(int64_t dims, const Tensor& self, const OptionalIntArrayRef& output_size,
                       const char* mode, bool align_corners, const optional<ArrayRef<double>>& factors) {
  const IntArrayRef size = output_size.value_or({});
  const auto given = static_cast<int64_t>(factors ? factors->size() : size.size());
  TORCH_CHECK(output_size.has_value() != factors.has_value() && given == dims && self.dim() == dims + 2,
              "upsample: needs an input of ", dims + 2, " dimensions and ", dims,
              " sizes or factors: input is ", self.sizes(), ", given are ", given);
  std::vector<int64_t> sizes = size.vec();
  std::vector<optional<double>> scales;
  for (int64_t d = 0; factors && d < dims; ++d) {
    scales.push_back((*factors)[static_cast<std::size_t>(d)]);
    sizes.push_back(static_cast<int64_t>(static_cast<double>(self.size(d + 2)) * *scales.back()));
  }
  return ::xgrad::detail::resize(self, sizes, mode, align_corners, scales);
}
}  // namespace detail
#define XGRAD_COMPAT_UPSAMPLE(name, dims, mode)                                                          \
  inline Tensor upsample_##name##dims##d(const Tensor& self, const OptionalIntArrayRef& output_size,     \
                                         bool align_corners, const optional<ArrayRef<double>>& scales) { \
    return detail::upsample(dims, self, output_size, mode, align_corners, scales);                       \
  }
#define XGRAD_COMPAT_UPSAMPLE_NEAREST(dims)                                                           \
  inline Tensor upsample_nearest##dims##d(const Tensor& self, const OptionalIntArrayRef& output_size, \
                                          const optional<ArrayRef<double>>& scales) {                 \
    return detail::upsample(dims, self, output_size, "nearest", false, scales);                       \
  }
XGRAD_COMPAT_UPSAMPLE(linear, 1, "linear")
XGRAD_COMPAT_UPSAMPLE(bilinear, 2, "linear")
XGRAD_COMPAT_UPSAMPLE(bicubic, 2, "cubic")
XGRAD_COMPAT_UPSAMPLE(trilinear, 3, "linear")
XGRAD_COMPAT_UPSAMPLE_NEAREST(1)
XGRAD_COMPAT_UPSAMPLE_NEAREST(2)
XGRAD_COMPAT_UPSAMPLE_NEAREST(3)
#undef XGRAD_COMPAT_UPSAMPLE
#undef XGRAD_COMPAT_UPSAMPLE_NEAREST

// Convolutions and windows with a tensor that receives the result; lists may be in braces.
#define XGRAD_COMPAT_OUT(name, call, parameters, ...)                             \
  inline Tensor& name##_out parameters {                                          \
    ::xgrad::detail::call_out(                                                    \
        #name "_out", ::xgrad::detail::OutKind::any, {&out},                      \
        [](const auto&... a) { return ::xgrad::call(a...); }, self, __VA_ARGS__); \
    return out;                                                                   \
  }
XGRAD_COMPAT_OUT(convolution, convolution,
                 (Tensor & out, const Tensor& self, const Tensor& weight, const Tensor& bias,
                  IntArrayRef stride, IntArrayRef padding, IntArrayRef dilation, bool transposed,
                  IntArrayRef output_padding, int64_t groups),
                 weight, bias, stride, padding, dilation, transposed, output_padding, groups)
XGRAD_COMPAT_OUT(thnn_conv2d, conv2d,
                 (Tensor & out, const Tensor& self, const Tensor& weight, IntArrayRef /*kernel_size*/,
                  const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0),
                 weight, bias, stride, padding)
XGRAD_COMPAT_OUT(slow_conv_transpose2d, conv_transpose2d,
                 (Tensor & out, const Tensor& self, const Tensor& weight, IntArrayRef /*kernel_size*/,
                  const Tensor& bias = {}, IntArrayRef stride = 1, IntArrayRef padding = 0,
                  IntArrayRef output_padding = 0, IntArrayRef dilation = 1),
                 weight, bias, stride, padding, output_padding, int64_t{1}, dilation)
XGRAD_COMPAT_OUT(im2col, im2col,
                 (Tensor & out, const Tensor& self, IntArrayRef kernel_size, IntArrayRef dilation,
                  IntArrayRef padding, IntArrayRef stride),
                 kernel_size, dilation, padding, stride)
XGRAD_COMPAT_OUT(col2im, col2im,
                 (Tensor & out, const Tensor& self, IntArrayRef output_size, IntArrayRef kernel_size,
                  IntArrayRef dilation, IntArrayRef padding, IntArrayRef stride),
                 output_size, kernel_size, dilation, padding, stride)
#undef XGRAD_COMPAT_OUT

inline Tensor& detach_(Tensor& self) { return self.detach_(); }
inline int64_t numel(const Tensor& self) { return self.numel(); }
inline bool is_floating_point(const Tensor& self) { return self.is_floating_point(); }
inline bool is_nonzero(const Tensor& self) { return self.is_nonzero(); }
inline bool is_same_size(const Tensor& self, const Tensor& other) { return self.is_same_size(other); }
inline Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0.0,
                           c10::string_view padding_side = "right") {
  return ::xgrad::nn::utils::rnn::pad_sequence(sequences, batch_first, padding_value, padding_side);
}
inline std::tuple<Tensor, Tensor> _unique(const Tensor& self, bool sorted = true,
                                          bool return_inverse = false) {
  const auto [values, inverse, counts] = ::xgrad::unique(self, sorted, return_inverse);
  return {values, inverse};
}
inline std::tuple<Tensor, Tensor, Tensor> _unique2(const Tensor& self, bool sorted = true,
                                                   bool return_inverse = false, bool return_counts = false) {
  return ::xgrad::unique(self, sorted, return_inverse, return_counts);
}
/// The vectors of each bag of `indices`, put together by `mode` (0 sum, 1 mean, 2 maximum); the bag of each
/// index, and how many each bag has. LibTorch's fourth result is for its own derivative alone: here it is
/// empty.
inline std::tuple<Tensor, Tensor, Tensor, Tensor> embedding_bag(
    const Tensor& weight, const Tensor& indices, const Tensor& offsets, bool scale_grad_by_freq = false,
    int64_t mode = 0, bool sparse = false, const optional<Tensor>& per_sample_weights = nullopt,
    bool include_last_offset = false, optional<int64_t> padding_idx = nullopt) {
  using Options = ::xgrad::nn::functional::EmbeddingBagFuncOptions;
  Options options;
  options.offsets(offsets).scale_grad_by_freq(scale_grad_by_freq).sparse(sparse);
  options.per_sample_weights(per_sample_weights.value_or(Tensor())).include_last_offset(include_last_offset);
  options.padding_idx(padding_idx);
  TORCH_CHECK(mode >= 0 && mode <= 2, "embedding_bag: mode must be 0, 1 or 2: got ", mode);
  if (mode == 0) options.mode(::xgrad::kSum);
  if (mode == 1) options.mode(::xgrad::kMean);
  if (mode == 2) options.mode(::xgrad::kMax);
  const Tensor result = ::xgrad::nn::functional::embedding_bag(indices, weight, options);
  const Tensor end = ::xgrad::full({1}, indices.numel(), ::xgrad::kLong);
  const Tensor ends =
      include_last_offset ? offsets.to(::xgrad::kLong) : ::xgrad::cat({offsets.to(::xgrad::kLong), end});
  const Tensor lengths = ends.slice(0, 1) - ends.slice(0, 0, -1);
  const Tensor bags = ::xgrad::repeat_interleave(::xgrad::arange(lengths.numel(), ::xgrad::kLong), lengths);
  return {result, bags, lengths, ::xgrad::empty({0}, ::xgrad::kLong)};
}
}  // namespace at
