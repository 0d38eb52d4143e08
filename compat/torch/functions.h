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

// The functions of torch::linalg under ATen's names.
#define XGRAD_COMPAT_LINALG(name)                                                        \
  template <class... A>                                                                  \
  auto linalg_##name(A&&... a)->decltype(::xgrad::linalg::name(std::forward<A>(a)...)) { \
    return ::xgrad::linalg::name(std::forward<A>(a)...);                                 \
  }
XGRAD_COMPAT_LINALG(cholesky)
XGRAD_COMPAT_LINALG(cholesky_ex)
XGRAD_COMPAT_LINALG(cond)
XGRAD_COMPAT_LINALG(det)
XGRAD_COMPAT_LINALG(eigh)
XGRAD_COMPAT_LINALG(eigvalsh)
XGRAD_COMPAT_LINALG(householder_product)
XGRAD_COMPAT_LINALG(inv)
XGRAD_COMPAT_LINALG(inv_ex)
XGRAD_COMPAT_LINALG(ldl_factor)
XGRAD_COMPAT_LINALG(ldl_factor_ex)
XGRAD_COMPAT_LINALG(ldl_solve)
XGRAD_COMPAT_LINALG(lstsq)
XGRAD_COMPAT_LINALG(lu)
XGRAD_COMPAT_LINALG(lu_factor)
XGRAD_COMPAT_LINALG(lu_factor_ex)
XGRAD_COMPAT_LINALG(lu_solve)
XGRAD_COMPAT_LINALG(matrix_exp)
XGRAD_COMPAT_LINALG(matrix_norm)
XGRAD_COMPAT_LINALG(matrix_power)
XGRAD_COMPAT_LINALG(matrix_rank)
XGRAD_COMPAT_LINALG(multi_dot)
XGRAD_COMPAT_LINALG(norm)
XGRAD_COMPAT_LINALG(pinv)
XGRAD_COMPAT_LINALG(qr)
XGRAD_COMPAT_LINALG(slogdet)
XGRAD_COMPAT_LINALG(solve)
XGRAD_COMPAT_LINALG(solve_triangular)
XGRAD_COMPAT_LINALG(svd)
XGRAD_COMPAT_LINALG(svdvals)
XGRAD_COMPAT_LINALG(tensorinv)
XGRAD_COMPAT_LINALG(tensorsolve)
XGRAD_COMPAT_LINALG(vecdot)
XGRAD_COMPAT_LINALG(vector_norm)
#undef XGRAD_COMPAT_LINALG

inline Tensor& detach_(Tensor& self) { return self.detach_(); }
inline int64_t numel(const Tensor& self) { return self.numel(); }
inline bool is_floating_point(const Tensor& self) { return self.is_floating_point(); }
inline bool is_nonzero(const Tensor& self) { return self.is_nonzero(); }
inline bool is_same_size(const Tensor& self, const Tensor& other) { return self.is_same_size(other); }
inline Tensor pad_sequence(TensorList sequences, bool batch_first = false, double padding_value = 0.0) {
  return ::xgrad::nn::utils::rnn::pad_sequence(sequences, batch_first, padding_value);
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
