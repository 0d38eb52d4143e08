// Words that options take where Python takes a text: kMean for 'mean', kFanOut for 'fan_out'.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/core/ops/loss/loss.h>
#include <xgrad/core/types/word.h>

namespace xgrad {

// A type of `namespace enumtype`, and its one value.
#define XGRAD_WORD(name, text)                \
  namespace enumtype {                        \
  struct name {                               \
    static constexpr const char* word = text; \
  };                                          \
  }                                           \
  inline constexpr enumtype::name name {}
XGRAD_WORD(kNone, "none");
XGRAD_WORD(kMean, "mean");
XGRAD_WORD(kSum, "sum");
XGRAD_WORD(kBatchMean, "batchmean");
XGRAD_WORD(kMax, "max");
XGRAD_WORD(kFanIn, "fan_in");
XGRAD_WORD(kFanOut, "fan_out");
XGRAD_WORD(kLinear, "linear");
XGRAD_WORD(kConv1D, "conv1d");
XGRAD_WORD(kConv2D, "conv2d");
XGRAD_WORD(kConv3D, "conv3d");
XGRAD_WORD(kConvTranspose1D, "conv_transpose1d");
XGRAD_WORD(kConvTranspose2D, "conv_transpose2d");
XGRAD_WORD(kConvTranspose3D, "conv_transpose3d");
XGRAD_WORD(kSigmoid, "sigmoid");
XGRAD_WORD(kTanh, "tanh");
XGRAD_WORD(kReLU, "relu");
XGRAD_WORD(kGELU, "gelu");
XGRAD_WORD(kLeakyReLU, "leaky_relu");
XGRAD_WORD(kSELU, "selu");
XGRAD_WORD(kValid, "valid");
XGRAD_WORD(kSame, "same");
XGRAD_WORD(kZeros, "zeros");
XGRAD_WORD(kConstant, "constant");
XGRAD_WORD(kReflect, "reflect");
XGRAD_WORD(kReplicate, "replicate");
XGRAD_WORD(kCircular, "circular");
XGRAD_WORD(kBorder, "border");
XGRAD_WORD(kReflection, "reflection");
XGRAD_WORD(kNearest, "nearest");
XGRAD_WORD(kNearestExact, "nearest-exact");
XGRAD_WORD(kBilinear, "bilinear");
XGRAD_WORD(kBicubic, "bicubic");
XGRAD_WORD(kLanczos, "lanczos");
XGRAD_WORD(kTrilinear, "trilinear");
XGRAD_WORD(kArea, "area");
#undef XGRAD_WORD

namespace nn {

/// How the losses of the elements become one; kNone keeps them.
using LossReduction = OneOf<enumtype::kNone, enumtype::kMean, enumtype::kSum>;

namespace detail {
template <class T>
using if_reduction = std::enable_if_t<std::is_convertible<T, LossReduction>::value, int>;
}  // namespace detail

}  // namespace nn

namespace enumtype {
/// The number by which ops know a reduction.
inline int64_t reduction_get_enum(const nn::LossReduction& reduction) {
  return reduction.is(xgrad::kNone)   ? Reduction::None
         : reduction.is(xgrad::kMean) ? Reduction::Mean
                                      : Reduction::Sum;
}
}  // namespace enumtype

}  // namespace xgrad
