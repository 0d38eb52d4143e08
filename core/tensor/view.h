// Where a tensor's elements lie, and views of them. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

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

/// Whether there is memory between the first and the last element of one that is also between those of the
/// other, be it of the library or borrowed twice.
bool spans_meet(const Tensor& a, const Tensor& b);
inline bool share_memory(const Tensor& a, const Tensor& b) {
  const StorageImpl &x = *a.impl().storage(), &y = *b.impl().storage();
  return (&x == &y || x.is_borrowed() || y.is_borrowed()) && spans_meet(a, b);
}

/// Whether two dense tensors share a part of their memory, or all of it in another order: an op that writes
/// one would read what it wrote. (For tensors with gaps this is not found out.)
bool shared_in_part(const Tensor& a, const Tensor& b);
inline bool overlap_in_part(const Tensor& a, const Tensor& b) {
  return !a.is_same(b) && share_memory(a, b) && shared_in_part(a, b);
}

/// Throws unless `resize_` may give t this size.
void check_resizable(const char* op, const Tensor& t, IntArrayRef size);

/// Other sizes and strides over self's memory, `offset` elements further on. Not recorded: view ops do that.
Tensor make_view(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, int64_t offset = 0);
/// The same for other sizes of row-major memory.
Tensor make_view(const Tensor& self, IntArrayRef sizes);

/// Strides of a view of `self` with `sizes`, if one exists without copying.
optional<DimVector> view_strides(const Tensor& self, IntArrayRef sizes);

/// `sizes` with -1 replaced by what fits `numel`; `op` is named in errors.
DimVector infer_size(const char* op, IntArrayRef sizes, int64_t numel);

}  // namespace xgrad::ops
