// Ops over the elements that a mask keeps: the op itself, after what is masked out became its identity.
#include <xgrad/core/ops/reduce/masked.h>

#include <algorithm>
#include <limits>

#include <xgrad/core/stanza/reduced_dims.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/type_info.h>

namespace xgrad::masked {

namespace {

using Mask = optional<Tensor>;

constexpr double kInfinity = std::numeric_limits<double>::infinity();

Tensor broadcast_mask(const char* op, const Tensor& input, const Tensor& mask) {
  XGRAD_CHECK_AS(IndexError, mask.dim() <= input.dim(), op,
                 ": expected broadcastable mask (got mask dimensionality higher than of the input): mask is ",
                 mask.sizes(), ", input is ", input.sizes());
  return mask.to(kBool).expand(input.sizes());
}

// The mask in the input's shape; true everywhere without one.
Tensor whole_mask(const char* op, const Tensor& input, const Mask& mask) {
  return broadcast_mask(op, input, mask ? *mask : ones({}, kBool));
}

// What is masked out becomes `identity`, which leaves the op's result as it is.
Tensor kept(const char* op, const Tensor& input, const Mask& mask, const Scalar& identity) {
  return mask ? where(broadcast_mask(op, input, *mask), input, identity) : input;
}

// What the largest element of nothing is.
Scalar least(ScalarType t) {
  if (is_floating_type(t)) return -kInfinity;
  return t == kBool ? Scalar(false) : Scalar(iinfo(t).min);
}
Scalar greatest(ScalarType t) {
  if (is_floating_type(t)) return kInfinity;
  return t == kBool ? Scalar(true) : Scalar(iinfo(t).max);
}

DimVector dims_of(const Tensor& input, OptionalIntArrayRef dim) {
  const IntArrayRef given = dim.value_or({});
  if (!given.empty()) return given;
  DimVector all;
  for (int64_t d = 0; d < input.dim(); ++d) all.push_back(d);
  return all;
}

ScalarType floating_dtype(const Tensor& input, optional<ScalarType> dtype) {
  return dtype.value_or(input.is_floating_point() ? input.dtype() : kFloat);
}

}  // namespace

Tensor sum(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype,
           const Mask& mask) {
  return kept("masked.sum", input, mask, 0).sum(dims_of(input, dim), keepdim, dtype);
}

Tensor prod(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype,
            const Mask& mask) {
  const ScalarType own = is_integral_type(input.dtype(), true) ? kLong : input.dtype();
  Tensor result = kept("masked.prod", input, mask, 1).to(dtype.value_or(own));
  DimVector dims = dims_of(input, dim);
  if (!dims.empty()) dims = ops::ReducedDims("masked.prod", dims, input.dim(), keepdim).list();
  std::reverse(dims.begin(), dims.end());  // from the last, so that the others keep their places
  for (const int64_t d : dims) result = result.prod(d, keepdim);
  return result;
}

Tensor mean(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype,
            const Mask& mask) {
  const ScalarType result = dtype.value_or(input.dtype());
  XGRAD_CHECK_AS(ValueError, is_floating_type(result), "masked.mean: dtype must be floating: got ", result,
                 "; ask for another one with `dtype`");
  const Tensor count = whole_mask("masked.mean", input, mask).sum(dims_of(input, dim), keepdim);
  return sum(input, dim, keepdim, result, mask) / count;
}

#define XGRAD_EXTREME(name, identity)                                                                    \
  Tensor a##name(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype, \
                 const Mask& mask) {                                                                     \
    return kept("masked.a" #name, input, mask, identity(input.dtype()))                                  \
        .a##name(dims_of(input, dim), keepdim)                                                           \
        .to(dtype.value_or(input.dtype()));                                                              \
  }                                                                                                      \
  Tensor arg##name(const Tensor& input, optional<int64_t> dim, bool keepdim, optional<ScalarType> dtype, \
                   const Mask& mask) {                                                                   \
    return kept("masked.arg" #name, input, mask, identity(input.dtype()))                                \
        .arg##name(dim, keepdim)                                                                         \
        .to(dtype.value_or(input.dtype()));                                                              \
  }
XGRAD_EXTREME(max, least)
XGRAD_EXTREME(min, greatest)
#undef XGRAD_EXTREME

Tensor logsumexp(const Tensor& input, OptionalIntArrayRef dim, bool keepdim, optional<ScalarType> dtype,
                 const Mask& mask) {
  return kept("masked.logsumexp", input, mask, least(input.dtype()))
      .logsumexp(dims_of(input, dim), keepdim)
      .to(dtype.value_or(input.dtype()));
}

Tensor median(const Tensor& input, int64_t dim, bool keepdim, optional<ScalarType> dtype, const Mask& mask) {
  const bool floating = input.is_floating_point();
  const Tensor values = kept("masked.median", floating ? input : input.to(kFloat), mask,
                             std::numeric_limits<double>::quiet_NaN());
  Tensor result = std::get<0>(nanmedian(values, dim, keepdim));
  if (floating) return result;
  XGRAD_CHECK_AS(ValueError, !isnan(result).any().item<bool>(),
                 "masked.median: expects no fully masked out rows if dtype is not floating point: input is ",
                 input.dtype());
  return result.to(dtype.value_or(input.dtype()));
}

Tensor norm(const Tensor& input, const Scalar& ord, OptionalIntArrayRef dim, bool keepdim,
            optional<ScalarType> dtype, const Mask& mask) {
  const bool smallest = ord.toDouble() == -kInfinity;
  return linalg::vector_norm(kept("masked.norm", input, mask, smallest ? kInfinity : 0), ord,
                             dims_of(input, dim), keepdim, dtype.value_or(input.dtype()));
}

Tensor var(const Tensor& input, OptionalIntArrayRef dim, const optional<Scalar>& correction, bool keepdim,
           optional<ScalarType> dtype, const Mask& mask) {
  const ScalarType result = floating_dtype(input, dtype);
  const Tensor count = whole_mask("masked.var", input, mask).sum(dims_of(input, dim), true);
  const Tensor centred = input - sum(input, dim, true, result, mask) / count;
  const Tensor total = sum(centred * centred, dim, keepdim, result, mask);
  const Tensor freedom = (count.to(result) - correction.value_or(1).toDouble()).clamp_min(0);
  return total / freedom.reshape(total.sizes());
}
Tensor std(const Tensor& input, OptionalIntArrayRef dim, const optional<Scalar>& correction, bool keepdim,
           optional<ScalarType> dtype, const Mask& mask) {
  return var(input, dim, correction, keepdim, dtype, mask).sqrt();
}

#define XGRAD_ALONG(name, identity)                                                               \
  Tensor name(const Tensor& input, int64_t dim, optional<ScalarType> dtype, const Mask& mask) {   \
    return kept("masked." #name, input, mask, identity).name(dim, dtype.value_or(input.dtype())); \
  }
XGRAD_ALONG(cumsum, 0)
XGRAD_ALONG(cumprod, 1)
XGRAD_ALONG(softmax, least(input.dtype()))
XGRAD_ALONG(log_softmax, least(input.dtype()))
#undef XGRAD_ALONG

Tensor softmin(const Tensor& input, int64_t dim, optional<ScalarType> dtype, const Mask& mask) {
  return softmax(-input, dim, dtype, mask);
}

Tensor normalize(const Tensor& input, const Scalar& ord, int64_t dim, double eps, optional<ScalarType> dtype,
                 const Mask& mask) {
  const Tensor length = norm(input, ord, dim, true, dtype, mask);
  return kept("masked.normalize", input, mask, 0) / maximum(length, length.new_full({}, eps));
}

Tensor logaddexp(const Tensor& input, const Tensor& other, optional<ScalarType> dtype, const Mask& input_mask,
                 const Mask& other_mask) {
  const auto masked = [](const Tensor& t, const Mask& mask) {
    return kept("masked.logaddexp", t, mask, least(t.dtype()));
  };
  return xgrad::logaddexp(masked(input, input_mask), masked(other, other_mask))
      .to(dtype.value_or(input.dtype()));
}

}  // namespace xgrad::masked
