// as_strided and its gradient. Private to the library.
#pragma once

#include <xgrad/core/stanza/record.h>

namespace xgrad::ops {

/// Where a tensor's elements are in its storage.
struct Geometry {
  DimVector sizes, strides;
  int64_t offset = 0;

  Geometry() = default;
  Geometry(IntArrayRef s, IntArrayRef t, int64_t o) : sizes(s), strides(t), offset(o) {}
  explicit Geometry(const Tensor& t) : sizes(t.sizes()), strides(t.strides()), offset(t.storage_offset()) {}
  bool same(const Geometry& o) const {
    return sizes == o.sizes && strides == o.strides && offset == o.offset;
  }
};

/// The last place in storage that a geometry reaches, plus one.
int64_t extent(const Geometry& g);

/// Whether several elements share one place in memory, as those of an expanded tensor do.
bool repeats_elements(const Tensor& t);

/// Whether two dense tensors share a part of their memory, or all of it in another order: an op that writes
/// one would read what it wrote. (For tensors with gaps this is not found out.)
bool overlap_in_part(const Tensor& a, const Tensor& b);

/// The part `to` of the storage behind a tensor that has geometry `from`.
struct AsStrided : Kernel<1> {
  static constexpr OpName name{"as_strided", "AsStridedBackward"};
  Geometry from, to;
  Tensor forward(const Tensor& x) const;
  Tensor backward(const Tensor& g) const;
  using saved = Saved<>;
};

}  // namespace xgrad::ops
