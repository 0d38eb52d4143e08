// Words that options take where Python takes a text: kMean for 'mean', kFanOut for 'fan_out'.
#pragma once

#include <cstdint>
#include <type_traits>

#include <xgrad/core/ops/loss/loss.h>
#include <xgrad/core/types/word.h>

namespace xgrad {

namespace enumtype {
#define XGRAD_WORD(name, text)                \
  struct name {                               \
    static constexpr const char* word = text; \
  }
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
}  // namespace enumtype

inline constexpr enumtype::kNone kNone{};
inline constexpr enumtype::kMean kMean{};
inline constexpr enumtype::kSum kSum{};
inline constexpr enumtype::kBatchMean kBatchMean{};
inline constexpr enumtype::kMax kMax{};
inline constexpr enumtype::kFanIn kFanIn{};
inline constexpr enumtype::kFanOut kFanOut{};
inline constexpr enumtype::kLinear kLinear{};
inline constexpr enumtype::kConv1D kConv1D{};
inline constexpr enumtype::kConv2D kConv2D{};
inline constexpr enumtype::kConv3D kConv3D{};
inline constexpr enumtype::kConvTranspose1D kConvTranspose1D{};
inline constexpr enumtype::kConvTranspose2D kConvTranspose2D{};
inline constexpr enumtype::kConvTranspose3D kConvTranspose3D{};
inline constexpr enumtype::kSigmoid kSigmoid{};
inline constexpr enumtype::kTanh kTanh{};
inline constexpr enumtype::kReLU kReLU{};
inline constexpr enumtype::kGELU kGELU{};
inline constexpr enumtype::kLeakyReLU kLeakyReLU{};
inline constexpr enumtype::kSELU kSELU{};
inline constexpr enumtype::kValid kValid{};
inline constexpr enumtype::kSame kSame{};
inline constexpr enumtype::kZeros kZeros{};
inline constexpr enumtype::kConstant kConstant{};
inline constexpr enumtype::kReflect kReflect{};
inline constexpr enumtype::kReplicate kReplicate{};
inline constexpr enumtype::kCircular kCircular{};
inline constexpr enumtype::kBorder kBorder{};
inline constexpr enumtype::kReflection kReflection{};
inline constexpr enumtype::kNearest kNearest{};
inline constexpr enumtype::kNearestExact kNearestExact{};
inline constexpr enumtype::kBilinear kBilinear{};
inline constexpr enumtype::kBicubic kBicubic{};
inline constexpr enumtype::kLanczos kLanczos{};
inline constexpr enumtype::kTrilinear kTrilinear{};
inline constexpr enumtype::kArea kArea{};

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
