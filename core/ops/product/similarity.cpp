// Bilinear forms and similarities: compositions of products and norms.
#include <xgrad/core/ops/product/similarity.h>

#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/math.h>
#include <xgrad/core/ops/product/products.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/promotion.h>

namespace xgrad {

Tensor bilinear(const Tensor& input1, const Tensor& input2, const Tensor& weight, const Tensor& bias) {
  const auto shapes = [&] {
    return concat("input1 is ", input1.sizes(), ", input2 is ", input2.sizes(), ", weight is ",
                  weight.sizes());
  };
  const auto leading = [](const Tensor& t) { return t.sizes().slice(0, t.sizes().size() - 1); };
  XGRAD_CHECK(weight.dim() == 3, "bilinear: weight must be [out, in1, in2]: ", shapes());
  XGRAD_CHECK(input1.dim() >= 1 && input2.dim() >= 1 && leading(input1) == leading(input2),
              "bilinear: the inputs must have the same sizes before the last: ", shapes());
  XGRAD_CHECK(input1.size(-1) == weight.size(1) && input2.size(-1) == weight.size(2),
              "bilinear: the last sizes of the inputs must be those of weight: ", shapes());
  const int64_t rows = numel_of(leading(input1)), out = weight.size(0), in1 = weight.size(1),
                in2 = weight.size(2);
  XGRAD_CHECK(!bias.defined() || (bias.dim() == 1 && bias.size(0) == out), "bilinear: bias must hold ", out,
              " numbers: ", shapes());
  XGRAD_CHECK_AS(TypeError, !bias.defined() || bias.dtype() == weight.dtype(),
                 "bilinear: bias must have weight's dtype ", weight.dtype(), ": got ", bias.dtype());
  const Tensor each = mm(input1.reshape({rows, in1}), weight.transpose(0, 1).reshape({in1, out * in2}));
  DimVector sizes(input1.sizes());
  sizes.back() = out;
  const Tensor y = bmm(each.view({rows, out, in2}), input2.reshape({rows, in2, 1})).reshape(sizes);
  return bias.defined() ? y + bias : y;
}

Tensor cosine_similarity(const Tensor& x1, const Tensor& x2, int64_t dim, double eps) {
  const ScalarType dtype = promote_types(x1.dtype(), x2.dtype());  // of a number too: it is broadcast first
  XGRAD_CHECK_AS(TypeError, is_floating_type(dtype),
                 "cosine_similarity: needs floating-point tensors: x1 is ", x1.dtype(), ", x2 is ",
                 x2.dtype());
  XGRAD_CHECK_AS(ValueError, eps >= 0, "cosine_similarity: eps must be non-negative: got ", eps);
  const DimVector sizes = broadcast_sizes("cosine_similarity", x1.sizes(), x2.sizes());
  // A norm below eps is raised to it as a value alone: its derivative stays that of the norm.
  const auto unit = [&](const Tensor& t) {
    const Tensor x = t.to(dtype).expand(sizes), length = norm(x, Scalar(2), {dim}, true).clone();
    length.detach().copy_(length.detach().clamp_min(eps));
    return x / length;
  };
  return sum(unit(x1) * unit(x2), {dim});
}

Tensor pairwise_distance(const Tensor& x1, const Tensor& x2, double p, double eps, bool keepdim) {
  return norm(x1 - x2 + eps, Scalar(p), {-1}, keepdim);
}

}  // namespace xgrad
