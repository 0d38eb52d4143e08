// Names that options take where Python takes a word: kMean for "mean", kFanOut for "fan_out".
#pragma once

#include <cstdint>

#include <xgrad/core/ops/loss/loss.h>

namespace xgrad {

namespace enumtype {
#define XGRAD_WORD(name) \
  struct name {};
XGRAD_WORD(kNone)
XGRAD_WORD(kMean)
XGRAD_WORD(kSum)
XGRAD_WORD(kFanIn)
XGRAD_WORD(kFanOut)
XGRAD_WORD(kLinear)
XGRAD_WORD(kConv1D)
XGRAD_WORD(kConv2D)
XGRAD_WORD(kConv3D)
XGRAD_WORD(kConvTranspose1D)
XGRAD_WORD(kConvTranspose2D)
XGRAD_WORD(kConvTranspose3D)
XGRAD_WORD(kSigmoid)
XGRAD_WORD(kTanh)
XGRAD_WORD(kReLU)
XGRAD_WORD(kLeakyReLU)
#undef XGRAD_WORD
}  // namespace enumtype

inline constexpr enumtype::kNone kNone{};
inline constexpr enumtype::kMean kMean{};
inline constexpr enumtype::kSum kSum{};
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
inline constexpr enumtype::kLeakyReLU kLeakyReLU{};

namespace nn {

/// How the losses of the elements become one: kMean, kSum, or kNone to keep them.
class LossReduction {
 public:
  constexpr LossReduction(enumtype::kNone) : value_(Reduction::None) {}
  constexpr LossReduction(enumtype::kMean) : value_(Reduction::Mean) {}
  constexpr LossReduction(enumtype::kSum) : value_(Reduction::Sum) {}
  constexpr int64_t value() const { return value_; }

 private:
  Reduction::Reduction value_;
};

}  // namespace nn

}  // namespace xgrad
