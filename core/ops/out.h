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
XGRAD_OUT_ELEMENTWISE(add)
XGRAD_OUT_ELEMENTWISE(addcdiv)
XGRAD_OUT_ELEMENTWISE(addcmul)
XGRAD_OUT_ELEMENTWISE(bitwise_not)
XGRAD_OUT_ELEMENTWISE(clamp)
XGRAD_OUT_ELEMENTWISE(clamp_max)
XGRAD_OUT_ELEMENTWISE(clamp_min)
XGRAD_OUT_ELEMENTWISE(div)
XGRAD_OUT_ELEMENTWISE(elu)
XGRAD_OUT_ELEMENTWISE(float_power)
XGRAD_OUT_ELEMENTWISE(floor_divide)
XGRAD_OUT_ELEMENTWISE(gelu)
XGRAD_OUT_ELEMENTWISE(hardshrink)
XGRAD_OUT_ELEMENTWISE(hardsigmoid)
XGRAD_OUT_ELEMENTWISE(hardswish)
XGRAD_OUT_ELEMENTWISE(hardtanh)
XGRAD_OUT_ELEMENTWISE(isneginf)
XGRAD_OUT_ELEMENTWISE(isposinf)
XGRAD_OUT_ELEMENTWISE(ldexp)
XGRAD_OUT_ELEMENTWISE(leaky_relu)
XGRAD_OUT_ELEMENTWISE(lerp)
XGRAD_OUT_ELEMENTWISE(log_sigmoid)
XGRAD_OUT_ELEMENTWISE(logical_not)
XGRAD_OUT_ELEMENTWISE(logit)
XGRAD_OUT_ELEMENTWISE(mish)
XGRAD_OUT_ELEMENTWISE(mul)
XGRAD_OUT_ELEMENTWISE(mvlgamma)
XGRAD_OUT_ELEMENTWISE(nan_to_num)
XGRAD_OUT_ELEMENTWISE(polygamma)
XGRAD_OUT_ELEMENTWISE(pow)
XGRAD_OUT_ELEMENTWISE(rsub)
XGRAD_OUT_ELEMENTWISE(signbit)
XGRAD_OUT_ELEMENTWISE(silu)
XGRAD_OUT_ELEMENTWISE(softplus)
XGRAD_OUT_ELEMENTWISE(softshrink)
XGRAD_OUT_ELEMENTWISE(square)
XGRAD_OUT_ELEMENTWISE(sub)
XGRAD_OUT_ELEMENTWISE(threshold)
XGRAD_OUT_ELEMENTWISE(where)
XGRAD_OUT_KERNEL(addmm)
XGRAD_OUT_KERNEL(bmm)
XGRAD_OUT_KERNEL(cumprod)
XGRAD_OUT_KERNEL(cumsum)
XGRAD_OUT_KERNEL(index_select)
XGRAD_OUT_KERNEL(logcumsumexp)
XGRAD_OUT_KERNEL(mm)
XGRAD_OUT_KERNEL(take)
XGRAD_OUT_KERNEL(tril)
XGRAD_OUT_KERNEL(triu)
XGRAD_OUT(addbmm)
XGRAD_OUT(addmv)
XGRAD_OUT(addr)
XGRAD_OUT(argmax)
XGRAD_OUT(argmin)
XGRAD_OUT(argsort)
XGRAD_OUT(baddbmm)
XGRAD_OUT(bernoulli)
XGRAD_OUT(binary_cross_entropy)
XGRAD_OUT(bincount)
XGRAD_OUT(binomial)
XGRAD_OUT(bucketize)
XGRAD_OUT(chain_matmul)
XGRAD_OUT(cholesky)
XGRAD_OUT(cholesky_inverse)
XGRAD_OUT(cholesky_solve)
XGRAD_OUT(constant_pad_nd)
XGRAD_OUT(cross)
XGRAD_OUT(diag)
XGRAD_OUT(diff)
XGRAD_OUT(dist)
XGRAD_OUT(dot)
XGRAD_OUT(embedding)
XGRAD_OUT(gather)
XGRAD_OUT(ger)
XGRAD_OUT(glu)
XGRAD_OUT(histc)
XGRAD_OUT(huber_loss)
XGRAD_OUT(index_add)
XGRAD_OUT(index_copy)
XGRAD_OUT(index_fill)
XGRAD_OUT(index_reduce)
XGRAD_OUT(inner)
XGRAD_OUT(inverse)
XGRAD_OUT(isin)
XGRAD_OUT(kron)
XGRAD_OUT(linear)
XGRAD_OUT(log_softmax)
XGRAD_OUT(lu_solve)
XGRAD_OUT(masked_select)
XGRAD_OUT(matmul)
XGRAD_OUT(matrix_power)
XGRAD_OUT(max)
XGRAD_OUT(median)
XGRAD_OUT(min)
XGRAD_OUT(mse_loss)
XGRAD_OUT(msort)
XGRAD_OUT(multi_margin_loss)
XGRAD_OUT(multilabel_margin_loss)
XGRAD_OUT(multinomial)
XGRAD_OUT(mv)
XGRAD_OUT(nanmedian)
XGRAD_OUT(nanquantile)
XGRAD_OUT(narrow_copy)
XGRAD_OUT(nll_loss)
XGRAD_OUT(nll_loss2d)
XGRAD_OUT(nonzero)
XGRAD_OUT(nonzero_static)
XGRAD_OUT(norm)
XGRAD_OUT(normal)
XGRAD_OUT(orgqr)
XGRAD_OUT(ormqr)
XGRAD_OUT(outer)
XGRAD_OUT(poisson)
XGRAD_OUT(prod)
XGRAD_OUT(quantile)
XGRAD_OUT(renorm)
XGRAD_OUT(scatter)
XGRAD_OUT(scatter_add)
XGRAD_OUT(scatter_reduce)
XGRAD_OUT(searchsorted)
XGRAD_OUT(smooth_l1_loss)
XGRAD_OUT(soft_margin_loss)
XGRAD_OUT(softmax)
XGRAD_OUT(take_along_dim)
XGRAD_OUT(tensordot)
XGRAD_OUT(trace)
XGRAD_OUT(vander)
XGRAD_OUT(vdot)
XGRAD_OUT_OVER_DIMS(adaptive_avg_pool2d)
XGRAD_OUT_OVER_DIMS(adaptive_avg_pool3d)
XGRAD_OUT_OVER_DIMS(all)
XGRAD_OUT_OVER_DIMS(amax)
XGRAD_OUT_OVER_DIMS(amin)
XGRAD_OUT_OVER_DIMS(any)
XGRAD_OUT_OVER_DIMS(avg_pool2d)
XGRAD_OUT_OVER_DIMS(avg_pool3d)
XGRAD_OUT_OVER_DIMS(count_nonzero)
XGRAD_OUT_OVER_DIMS(flip)
XGRAD_OUT_OVER_DIMS(logsumexp)
XGRAD_OUT_OVER_DIMS(mean)
XGRAD_OUT_OVER_DIMS(nanmean)
XGRAD_OUT_OVER_DIMS(nansum)
XGRAD_OUT_OVER_DIMS(reflection_pad1d)
XGRAD_OUT_OVER_DIMS(reflection_pad2d)
XGRAD_OUT_OVER_DIMS(reflection_pad3d)
XGRAD_OUT_OVER_DIMS(repeat)
XGRAD_OUT_OVER_DIMS(replication_pad1d)
XGRAD_OUT_OVER_DIMS(replication_pad2d)
XGRAD_OUT_OVER_DIMS(replication_pad3d)
XGRAD_OUT_OVER_DIMS(roll)
XGRAD_OUT_OVER_DIMS(special_logsumexp)
XGRAD_OUT_OVER_DIMS(std)
XGRAD_OUT_OVER_DIMS(sum)
XGRAD_OUT_OVER_DIMS(upsample_bicubic2d)
XGRAD_OUT_OVER_DIMS(upsample_bilinear2d)
XGRAD_OUT_OVER_DIMS(upsample_linear1d)
XGRAD_OUT_OVER_DIMS(upsample_nearest1d)
XGRAD_OUT_OVER_DIMS(upsample_nearest2d)
XGRAD_OUT_OVER_DIMS(upsample_nearest3d)
XGRAD_OUT_OVER_DIMS(upsample_trilinear3d)
XGRAD_OUT_OVER_DIMS(var)
XGRAD_OUT_OF_LIST(cat)
XGRAD_OUT_OF_LIST(column_stack)
XGRAD_OUT_OF_LIST(concat)
XGRAD_OUT_OF_LIST(concatenate)
XGRAD_OUT_OF_LIST(dstack)
XGRAD_OUT_OF_LIST(hstack)
XGRAD_OUT_OF_LIST(row_stack)
XGRAD_OUT_OF_LIST(stack)
XGRAD_OUT_OF_LIST(vstack)
XGRAD_OUT_NEW(arange)
XGRAD_OUT_NEW(empty)
XGRAD_OUT_NEW(eye)
XGRAD_OUT_NEW(full)
XGRAD_OUT_NEW(linspace)
XGRAD_OUT_NEW(logspace)
XGRAD_OUT_NEW(ones)
XGRAD_OUT_NEW(rand)
XGRAD_OUT_NEW(randint)
XGRAD_OUT_NEW(randn)
XGRAD_OUT_NEW(randperm)
XGRAD_OUT_NEW(range)
XGRAD_OUT_NEW(zeros)
XGRAD_OUT_PAIR(aminmax)
XGRAD_OUT_PAIR(cummax)
XGRAD_OUT_PAIR(cummin)
XGRAD_OUT_PAIR(frexp)
XGRAD_OUT_PAIR(geqrf)
XGRAD_OUT_PAIR(histogram)
XGRAD_OUT_PAIR(kthvalue)
XGRAD_OUT_PAIR(max)
XGRAD_OUT_PAIR(median)
XGRAD_OUT_PAIR(min)
XGRAD_OUT_PAIR(mode)
XGRAD_OUT_PAIR(nanmedian)
XGRAD_OUT_PAIR(qr)
XGRAD_OUT_PAIR(slogdet)
XGRAD_OUT_PAIR(sort)
XGRAD_OUT_PAIR(std_mean)
XGRAD_OUT_PAIR(topk)
XGRAD_OUT_PAIR(triangular_solve)
XGRAD_OUT_PAIR(var_mean)
XGRAD_OUT_PAIR_OVER_DIMS(adaptive_max_pool2d)
XGRAD_OUT_PAIR_OVER_DIMS(adaptive_max_pool3d)
XGRAD_OUT_PAIR_OVER_DIMS(max_pool2d_with_indices)
XGRAD_OUT_PAIR_OVER_DIMS(max_pool3d_with_indices)
XGRAD_OUT_TRIPLE(lu_unpack)
XGRAD_OUT_TRIPLE(svd)

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
using xgrad::digamma_out;
using xgrad::erf_out;
using xgrad::erfc_out;
using xgrad::erfinv_out;
using xgrad::exp2_out;
using xgrad::expm1_out;
using xgrad::i0_out;
using xgrad::log1p_out;
using xgrad::logit_out;
using xgrad::logsumexp_out;
using xgrad::polygamma_out;
using xgrad::round_out;
using xgrad::sinc_out;
using xgrad::xlogy_out;
XGRAD_OUT_ELEMENTWISE(expit)
XGRAD_OUT_ELEMENTWISE(gammainc)
XGRAD_OUT_ELEMENTWISE(gammaincc)
XGRAD_OUT_ELEMENTWISE(gammaln)
XGRAD_OUT_ELEMENTWISE(multigammaln)
XGRAD_OUT_ELEMENTWISE(psi)

}  // namespace special

namespace linalg {

XGRAD_OUT(cholesky)
XGRAD_OUT(cond)
XGRAD_OUT(cross)
XGRAD_OUT(det)
XGRAD_OUT(eigvalsh)
XGRAD_OUT(householder_product)
XGRAD_OUT(inv)
XGRAD_OUT(ldl_solve)
XGRAD_OUT(lu_solve)
XGRAD_OUT(matrix_norm)
XGRAD_OUT(matrix_power)
XGRAD_OUT(matrix_rank)
XGRAD_OUT(norm)
XGRAD_OUT(pinv)
XGRAD_OUT(solve)
XGRAD_OUT(solve_triangular)
XGRAD_OUT(svdvals)
XGRAD_OUT(tensorinv)
XGRAD_OUT(tensorsolve)
XGRAD_OUT(vecdot)
XGRAD_OUT(vector_norm)
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
