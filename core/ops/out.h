// Ops with a tensor that receives the result: `add_out(out, a, b)`, `sort_out(values, indices, x)`. Each is
// the op and a copy of what it gives; an elementwise formula and some kernels (new_result in
// core/tensor/factory.h) write into `out` at once where that has the result's shape and dtype and memory that
// no argument shares. An `out` of another shape is resized, with a warning if it had elements; the result's
// dtype must be one that can be cast to out's. Nothing is recorded: where gradients are, neither out nor an
// argument may require one. After an Error every out is as it was.
#pragma once

#include <initializer_list>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <xgrad/core/ops/aliases.h>
#include <xgrad/core/ops/image/image.h>
#include <xgrad/core/ops/image/pad.h>
#include <xgrad/core/ops/linalg/linalg.h>
#include <xgrad/core/ops/loss/loss.h>
#include <xgrad/core/ops/loss/margin.h>
#include <xgrad/core/ops/pointwise/activation.h>
#include <xgrad/core/ops/pointwise/special.h>
#include <xgrad/core/ops/pool/pool.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

namespace detail {

/// Whether an `out` may share a part of its memory with an argument: as in PyTorch, not where the op goes
/// element by element. `kernel`: the first kernel of the op makes its result, when all has been checked.
enum class OutKind { elementwise, kernel, any };

using OutList = std::initializer_list<Tensor*>;

/// An op with outs: they and the arguments are checked, and while it runs nothing is recorded.
class XGRAD_API OutScope {
 public:
  OutScope(const char* op, OutKind kind, OutList outs, TensorList arguments);
  ~OutScope();
  OutScope(const OutScope&) = delete;
  OutScope& operator=(const OutScope&) = delete;
  void store(std::initializer_list<const Tensor*> results) const;

 private:
  const char* op_;
  OutList outs_;
  bool recording_;
};

template <class T>
void collect_tensors(std::vector<Tensor>& to, const T& argument) {
  if constexpr (std::is_same_v<T, Tensor>)
    to.push_back(argument);
  else if constexpr (std::is_same_v<T, optional<Tensor>>)
    to.push_back(argument.value_or(Tensor()));
  else if constexpr (std::is_convertible_v<const T&, TensorList>)
    for (const Tensor& t : TensorList(argument)) to.push_back(t);
}

template <class F, class... A>
void call_out(const char* op, OutKind kind, OutList outs, const F& f, const A&... a) {
  std::vector<Tensor> arguments;
  (collect_tensors(arguments, a), ...);
  const OutScope scope(op, kind, outs, arguments);
  const auto result = f(a...);
  if constexpr (std::is_same_v<decltype(result), const Tensor>)
    scope.store({&result});
  else
    std::apply([&](const auto&... r) { scope.store({&r...}); }, result);
}

using TensorPair = std::tuple<Tensor, Tensor>;
using TensorTriple = std::tuple<Tensor, Tensor, Tensor>;
template <class Result, class Expected>
using IfGives = std::enable_if_t<std::is_same_v<Result, Expected>, int>;

}  // namespace detail

#define XGRAD_GIVES(op, Expected) detail::IfGives<decltype((op)(std::declval<const A&>()...)), Expected> = 0
#define XGRAD_CALL(op) [](const auto&... x) { return (op)(x...); }
#define XGRAD_OUT_OF_KIND(op, kind)                                                    \
  template <class... A, XGRAD_GIVES(op, Tensor)>                                       \
  Tensor& op##_out(Tensor& out, const A&... a) {                                       \
    detail::call_out(#op "_out", detail::OutKind::kind, {&out}, XGRAD_CALL(op), a...); \
    return out;                                                                        \
  }
#define XGRAD_OUT(op) XGRAD_OUT_OF_KIND(op, any)
#define XGRAD_OUT_ELEMENTWISE(op) XGRAD_OUT_OF_KIND(op, elementwise)
#define XGRAD_OUT_KERNEL(op) XGRAD_OUT_OF_KIND(op, kernel)
// The second form of these two is for lists in braces, from which no type can be deduced.
#define XGRAD_OUT_OVER_DIMS(op)                                                                  \
  XGRAD_OUT(op)                                                                                  \
  template <class... A>                                                                          \
  Tensor& op##_out(Tensor& out, const Tensor& self, IntArrayRef dim, const A&... a) {            \
    detail::call_out(#op "_out", detail::OutKind::any, {&out}, XGRAD_CALL(op), self, dim, a...); \
    return out;                                                                                  \
  }
// The same where a number or a name comes before the list.
#define XGRAD_OUT_OVER_DIMS_AFTER(op, First)                                                              \
  template <class... A>                                                                                   \
  Tensor& op##_out(Tensor& out, const Tensor& self, const First& first, IntArrayRef dim, const A&... a) { \
    detail::call_out(#op "_out", detail::OutKind::any, {&out}, XGRAD_CALL(op), self, first, dim, a...);   \
    return out;                                                                                           \
  }
#define XGRAD_OUT_OF_LIST(op)                                                                          \
  XGRAD_OUT_ELEMENTWISE(op)                                                                            \
  template <class... A>                                                                                \
  Tensor& op##_out(Tensor& out, TensorList tensors, const A&... a) {                                   \
    detail::call_out(#op "_out", detail::OutKind::elementwise, {&out}, XGRAD_CALL(op), tensors, a...); \
    return out;                                                                                        \
  }
// New tensors, of out's dtype.
#define XGRAD_OUT_NEW(op)                                                                                  \
  template <class... A>                                                                                    \
  Tensor& op##_out(Tensor& out, const A&... a) {                                                           \
    detail::call_out(#op "_out", detail::OutKind::any, {&out}, XGRAD_CALL(op), a..., out.options());       \
    return out;                                                                                            \
  }                                                                                                        \
  template <class... A>                                                                                    \
  Tensor& op##_out(Tensor& out, IntArrayRef size, const A&... a) {                                         \
    detail::call_out(#op "_out", detail::OutKind::any, {&out}, XGRAD_CALL(op), size, a..., out.options()); \
    return out;                                                                                            \
  }
#define XGRAD_OUT_PAIR(op)                                                                    \
  template <class... A, XGRAD_GIVES(op, detail::TensorPair)>                                  \
  std::tuple<Tensor&, Tensor&> op##_out(Tensor& out0, Tensor& out1, const A&... a) {          \
    detail::call_out(#op "_out", detail::OutKind::any, {&out0, &out1}, XGRAD_CALL(op), a...); \
    return {out0, out1};                                                                      \
  }
#define XGRAD_OUT_PAIR_OVER_DIMS(op)                                                                       \
  XGRAD_OUT_PAIR(op)                                                                                       \
  template <class... A>                                                                                    \
  std::tuple<Tensor&, Tensor&> op##_out(Tensor& out0, Tensor& out1, const Tensor& self, IntArrayRef sizes, \
                                        const A&... a) {                                                   \
    return op##_out<Tensor, IntArrayRef, A...>(out0, out1, self, sizes, a...);                             \
  }
#define XGRAD_OUT_TRIPLE(op)                                                                                \
  template <class... A, XGRAD_GIVES(op, detail::TensorTriple)>                                              \
  std::tuple<Tensor&, Tensor&, Tensor&> op##_out(Tensor& out0, Tensor& out1, Tensor& out2, const A&... a) { \
    detail::call_out(#op "_out", detail::OutKind::any, {&out0, &out1, &out2}, XGRAD_CALL(op), a...);        \
    return {out0, out1, out2};                                                                              \
  }

#define XGRAD_UNARY(op, Formula) XGRAD_OUT_ELEMENTWISE(op)
#include <xgrad/core/ops/pointwise/math.inc>
#include <xgrad/core/ops/pointwise/rare.inc>
#undef XGRAD_UNARY
#define XGRAD_BINARY(op, Formula) XGRAD_OUT_ELEMENTWISE(op)
#define XGRAD_BINARY_OR_NUMBER(op, Formula) XGRAD_OUT_ELEMENTWISE(op)
#include <xgrad/core/ops/pointwise/binary.inc>
#undef XGRAD_BINARY
#undef XGRAD_BINARY_OR_NUMBER
#define XGRAD_ALIAS(alias, op) XGRAD_OUT_ELEMENTWISE(alias)
#define XGRAD_IN_PLACE(op, lends)
#define XGRAD_ALSO_FUNCTION(op)
#define XGRAD_SPECIAL_NAME(name, op) XGRAD_OUT_ELEMENTWISE(special_##name)
#include <xgrad/core/ops/aliases.inc>
#undef XGRAD_ALIAS
#undef XGRAD_SPECIAL_NAME
#undef XGRAD_IN_PLACE
#undef XGRAD_ALSO_FUNCTION

// clang-format off
#define XGRAD_OPS_ELEMENTWISE(OP) \
  OP(add) OP(addcdiv) OP(addcmul) OP(bitwise_not) OP(clamp) OP(clamp_max) OP(clamp_min) OP(div) OP(elu) \
  OP(float_power) OP(floor_divide) OP(gelu) OP(hardshrink) OP(hardsigmoid) OP(hardswish) OP(hardtanh) \
  OP(isneginf) OP(isposinf) OP(ldexp) OP(leaky_relu) OP(lerp) OP(log_sigmoid) OP(logical_not) OP(logit) \
  OP(mish) OP(mul) OP(mvlgamma) OP(nan_to_num) OP(polygamma) OP(pow) OP(rsub) OP(signbit) OP(silu) \
  OP(softplus) OP(softshrink) OP(square) OP(sub) OP(threshold) OP(where)
#define XGRAD_OPS_KERNEL(OP) \
  OP(addmm) OP(bmm) OP(cumprod) OP(cumsum) OP(index_select) OP(logcumsumexp) OP(mm) OP(take) OP(tril) \
  OP(triu)
#define XGRAD_OPS(OP) \
  OP(addbmm) OP(addmv) OP(addr) OP(argmax) OP(argmin) OP(argsort) OP(baddbmm) OP(bernoulli) \
  OP(binary_cross_entropy) OP(bincount) OP(binomial) OP(bucketize) OP(chain_matmul) OP(cholesky) \
  OP(cholesky_inverse) OP(cholesky_solve) OP(constant_pad_nd) OP(cross) OP(diag) OP(diff) OP(dist) OP(dot) \
  OP(embedding) OP(gather) OP(ger) OP(glu) OP(histc) OP(huber_loss) OP(index_add) OP(index_copy) \
  OP(index_fill) OP(index_reduce) OP(inner) OP(inverse) OP(isin) OP(kron) OP(linear) OP(log_softmax) \
  OP(lu_solve) OP(masked_select) OP(matmul) OP(matrix_power) OP(max) OP(median) OP(min) OP(mse_loss) \
  OP(msort) OP(multi_margin_loss) OP(multilabel_margin_loss) OP(multinomial) OP(mv) OP(nanmedian) \
  OP(nanquantile) OP(narrow_copy) OP(nll_loss) OP(nll_loss2d) OP(nonzero) OP(nonzero_static) OP(norm) \
  OP(normal) OP(orgqr) OP(ormqr) OP(outer) OP(poisson) OP(prod) OP(quantile) OP(renorm) OP(scatter) \
  OP(scatter_add) OP(scatter_reduce) OP(searchsorted) OP(smooth_l1_loss) OP(soft_margin_loss) OP(softmax) \
  OP(take_along_dim) OP(tensordot) OP(trace) OP(vander) OP(vdot)
#define XGRAD_OPS_OVER_DIMS(OP) \
  OP(adaptive_avg_pool2d) OP(adaptive_avg_pool3d) OP(all) OP(amax) OP(amin) OP(any) OP(avg_pool2d) \
  OP(avg_pool3d) OP(count_nonzero) OP(flip) OP(logsumexp) OP(mean) OP(nanmean) OP(nansum) \
  OP(reflection_pad1d) OP(reflection_pad2d) OP(reflection_pad3d) OP(repeat) OP(replication_pad1d) \
  OP(replication_pad2d) OP(replication_pad3d) OP(roll) OP(special_logsumexp) OP(std) OP(sum) \
  OP(upsample_bicubic2d) OP(upsample_bilinear2d) OP(upsample_linear1d) OP(upsample_nearest1d) \
  OP(upsample_nearest2d) OP(upsample_nearest3d) OP(upsample_trilinear3d) OP(var)
#define XGRAD_OPS_OF_LIST(OP) \
  OP(cat) OP(column_stack) OP(concat) OP(concatenate) OP(dstack) OP(hstack) OP(row_stack) OP(stack) \
  OP(vstack)
#define XGRAD_OPS_NEW(OP) \
  OP(arange) OP(empty) OP(eye) OP(full) OP(linspace) OP(logspace) OP(ones) OP(rand) OP(randint) OP(randn) \
  OP(randperm) OP(range) OP(zeros)
#define XGRAD_OPS_PAIR(OP) \
  OP(aminmax) OP(cummax) OP(cummin) OP(frexp) OP(geqrf) OP(histogram) OP(kthvalue) OP(max) OP(median) \
  OP(min) OP(mode) OP(nanmedian) OP(qr) OP(slogdet) OP(sort) OP(std_mean) OP(topk) OP(triangular_solve) \
  OP(var_mean)
// clang-format on
XGRAD_OPS_ELEMENTWISE(XGRAD_OUT_ELEMENTWISE)
XGRAD_OPS_KERNEL(XGRAD_OUT_KERNEL)
XGRAD_OPS(XGRAD_OUT)
XGRAD_OPS_OVER_DIMS(XGRAD_OUT_OVER_DIMS)
XGRAD_OPS_OF_LIST(XGRAD_OUT_OF_LIST)
XGRAD_OPS_NEW(XGRAD_OUT_NEW)
XGRAD_OPS_PAIR(XGRAD_OUT_PAIR)
XGRAD_OUT_PAIR_OVER_DIMS(adaptive_max_pool2d)
XGRAD_OUT_PAIR_OVER_DIMS(adaptive_max_pool3d)
XGRAD_OUT_PAIR_OVER_DIMS(max_pool2d_with_indices)
XGRAD_OUT_PAIR_OVER_DIMS(max_pool3d_with_indices)
XGRAD_OUT_TRIPLE(lu_unpack)
XGRAD_OUT_TRIPLE(svd)
#undef XGRAD_OPS_ELEMENTWISE
#undef XGRAD_OPS_KERNEL
#undef XGRAD_OPS
#undef XGRAD_OPS_OVER_DIMS
#undef XGRAD_OPS_OF_LIST
#undef XGRAD_OPS_NEW
#undef XGRAD_OPS_PAIR

inline Tensor& randint_out(Tensor& out, int64_t high, IntArrayRef size) {
  return randint_out<int64_t, IntArrayRef>(out, high, size);
}
inline Tensor& randint_out(Tensor& out, int64_t low, int64_t high, IntArrayRef size) {
  return randint_out<int64_t, int64_t, IntArrayRef>(out, low, high, size);
}

#define XGRAD_SPECIAL(name, Formula) XGRAD_OUT_ELEMENTWISE(special_##name)
#define XGRAD_SPECIAL_OF_TWO(name, Formula) XGRAD_OUT_ELEMENTWISE(special_##name)
#include <xgrad/core/ops/pointwise/special.inc>
#undef XGRAD_SPECIAL
#undef XGRAD_SPECIAL_OF_TWO

namespace special {

#define XGRAD_SPECIAL(name, Formula) XGRAD_OUT_ELEMENTWISE(name)
#define XGRAD_SPECIAL_OF_TWO(name, Formula) XGRAD_OUT_ELEMENTWISE(name)
#include <xgrad/core/ops/pointwise/special.inc>
#undef XGRAD_SPECIAL
#undef XGRAD_SPECIAL_OF_TWO
using xgrad::digamma_out, xgrad::erf_out, xgrad::erfc_out, xgrad::erfinv_out, xgrad::exp2_out,
    xgrad::expm1_out, xgrad::i0_out, xgrad::log1p_out, xgrad::logit_out, xgrad::logsumexp_out,
    xgrad::polygamma_out, xgrad::round_out, xgrad::sinc_out, xgrad::xlogy_out;
XGRAD_OUT_ELEMENTWISE(expit)
XGRAD_OUT_ELEMENTWISE(gammainc)
XGRAD_OUT_ELEMENTWISE(gammaincc)
XGRAD_OUT_ELEMENTWISE(gammaln)
XGRAD_OUT_ELEMENTWISE(multigammaln)
XGRAD_OUT_ELEMENTWISE(psi)

}  // namespace special

namespace linalg {

// clang-format off
#define XGRAD_LINALG_OPS(OP) \
  OP(cholesky) OP(cond) OP(cross) OP(det) OP(eigvalsh) OP(householder_product) OP(inv) OP(ldl_solve) \
  OP(lu_solve) OP(matrix_norm) OP(matrix_power) OP(matrix_rank) OP(norm) OP(pinv) OP(solve) \
  OP(solve_triangular) OP(svdvals) OP(tensorinv) OP(tensorsolve) OP(vecdot) OP(vector_norm)
// clang-format on
XGRAD_LINALG_OPS(XGRAD_OUT)
#undef XGRAD_LINALG_OPS
XGRAD_OUT_OF_LIST(multi_dot)
XGRAD_OUT_OVER_DIMS_AFTER(matrix_norm, Scalar)
XGRAD_OUT_OVER_DIMS_AFTER(matrix_norm, std::string_view)
XGRAD_OUT_OVER_DIMS_AFTER(norm, Scalar)
XGRAD_OUT_OVER_DIMS_AFTER(norm, std::string_view)
XGRAD_OUT_OVER_DIMS_AFTER(vector_norm, Scalar)
XGRAD_OUT_PAIR(cholesky_ex)
XGRAD_OUT_PAIR(eigh)
XGRAD_OUT_PAIR(inv_ex)
XGRAD_OUT_PAIR(ldl_factor)
XGRAD_OUT_PAIR(lu_factor)
XGRAD_OUT_PAIR(qr)
XGRAD_OUT_PAIR(slogdet)
XGRAD_OUT_TRIPLE(ldl_factor_ex)
XGRAD_OUT_TRIPLE(lu)
XGRAD_OUT_TRIPLE(lu_factor_ex)
XGRAD_OUT_TRIPLE(svd)

}  // namespace linalg

#undef XGRAD_OUT_TRIPLE
#undef XGRAD_OUT_PAIR_OVER_DIMS
#undef XGRAD_OUT_PAIR
#undef XGRAD_OUT_NEW
#undef XGRAD_OUT_OF_LIST
#undef XGRAD_OUT_OVER_DIMS
#undef XGRAD_OUT_OVER_DIMS_AFTER
#undef XGRAD_OUT_ELEMENTWISE
#undef XGRAD_OUT_KERNEL
#undef XGRAD_OUT
#undef XGRAD_OUT_OF_KIND
#undef XGRAD_CALL
#undef XGRAD_GIVES

}  // namespace xgrad
