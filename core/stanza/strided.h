// as_strided and its gradient. Private to the library.
#pragma once

#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad::ops {

/// The part `to` of the storage behind a tensor that has geometry `from`.
struct AsStrided : Kernel<1> {
  static constexpr OpName name{"as_strided", "AsStridedBackward"};
  Geometry from, to;
  Tensor forward(const Tensor& x) const;
  Tensor backward(const Tensor& g) const;
  using saved = Saved<>;
};

}  // namespace xgrad::ops
