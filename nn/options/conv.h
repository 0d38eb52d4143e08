// Options of convolutions.
#pragma once

#include <xgrad/core/tensor/fields.h>
#include <xgrad/nn/enum.h>
#include <xgrad/nn/expanding_array.h>

namespace xgrad::nn {

/// What stands around the input of a convolution.
using ConvPaddingMode =
    OneOf<enumtype::kZeros, enumtype::kReflect, enumtype::kReplicate, enumtype::kCircular>;

/// As many zeros for each dimension, or a word: kValid, none, or kSame, so many that the size stays.
template <std::size_t D>
class ConvPadding {
 public:
  using Word = OneOf<enumtype::kValid, enumtype::kSame>;

  template <class T, std::enable_if_t<std::is_convertible_v<const T&, ExpandingArray<D>>, int> = 0>
  ConvPadding(const T& sizes) : sizes_(sizes) {}
  ConvPadding(std::initializer_list<int64_t> sizes) : sizes_(sizes) {}
  template <class W, std::enable_if_t<std::is_convertible_v<W, Word>, int> = 0, class = void>
  ConvPadding(W word) : sizes_(0), word_(Word(word)) {}

  const optional<Word>& word() const { return word_; }
  const ExpandingArray<D>& sizes() const { return sizes_; }
  operator IValue() const { return word_ ? IValue(*word_) : sizes_.tuple(); }
  friend void read_field(const IValue& value, ConvPadding& field) {
    using xgrad::detail::read_field;
    if (value.isString()) {
      Word word = enumtype::kSame();
      read_field(value, word);
      field.word_ = word;
    } else {
      ExpandingArray<D> sizes = 0;
      read_field(value, sizes);
      field = sizes;
    }
  }

 private:
  ExpandingArray<D> sizes_;
  optional<Word> word_;
};

template <std::size_t D>
struct ConvOptions {
  using padding_t = ConvPadding<D>;
  using padding_mode_t = ConvPaddingMode;
  ConvOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(std::move(kernel_size)) {}
  XGRAD_ARG(int64_t, in_channels);
  XGRAD_ARG(int64_t, out_channels);
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_ARG(padding_t, padding) = 0;
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(int64_t, groups) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(ConvPaddingMode, padding_mode) = enumtype::kZeros();
  XGRAD_FIELDS(in_channels_, out_channels_, kernel_size_, stride_, padding_, dilation_, groups_, bias_,
               padding_mode_);
};
using Conv1dOptions = ConvOptions<1>;
using Conv2dOptions = ConvOptions<2>;
using Conv3dOptions = ConvOptions<3>;

template <std::size_t D>
struct ConvTransposeOptions {
  ConvTransposeOptions(int64_t in_channels, int64_t out_channels, ExpandingArray<D> kernel_size)
      : in_channels_(in_channels), out_channels_(out_channels), kernel_size_(std::move(kernel_size)) {}
  XGRAD_ARG(int64_t, in_channels);
  XGRAD_ARG(int64_t, out_channels);
  XGRAD_ARG(ExpandingArray<D>, kernel_size);
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_ARG(ExpandingArray<D>, output_padding) = 0;
  XGRAD_ARG(int64_t, groups) = 1;
  XGRAD_ARG(bool, bias) = true;
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(ConvPaddingMode, padding_mode) = enumtype::kZeros();
  XGRAD_FIELDS(in_channels_, out_channels_, kernel_size_, stride_, padding_, output_padding_, groups_, bias_,
               dilation_, padding_mode_);
};
using ConvTranspose1dOptions = ConvTransposeOptions<1>;
using ConvTranspose2dOptions = ConvTransposeOptions<2>;
using ConvTranspose3dOptions = ConvTransposeOptions<3>;

namespace functional {

template <std::size_t D>
struct ConvFuncOptions {
  using padding_t = ConvPadding<D>;
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_ARG(padding_t, padding) = 0;
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_ARG(int64_t, groups) = 1;
  XGRAD_FIELDS(bias_, stride_, padding_, dilation_, groups_);
};
using Conv1dFuncOptions = ConvFuncOptions<1>;
using Conv2dFuncOptions = ConvFuncOptions<2>;
using Conv3dFuncOptions = ConvFuncOptions<3>;

template <std::size_t D>
struct ConvTransposeFuncOptions {
  XGRAD_ARG(Tensor, bias) = {};
  XGRAD_ARG(ExpandingArray<D>, stride) = 1;
  XGRAD_ARG(ExpandingArray<D>, padding) = 0;
  XGRAD_ARG(ExpandingArray<D>, output_padding) = 0;
  XGRAD_ARG(int64_t, groups) = 1;
  XGRAD_ARG(ExpandingArray<D>, dilation) = 1;
  XGRAD_FIELDS(bias_, stride_, padding_, output_padding_, groups_, dilation_);
};
using ConvTranspose1dFuncOptions = ConvTransposeFuncOptions<1>;
using ConvTranspose2dFuncOptions = ConvTransposeFuncOptions<2>;
using ConvTranspose3dFuncOptions = ConvTransposeFuncOptions<3>;

}  // namespace functional

}  // namespace xgrad::nn
