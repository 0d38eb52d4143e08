// The dimensions a reduction goes over. Private to the library.
#pragma once

#include <memory>

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// A set of dimensions, and what a reduction over it does to shapes.
struct ReducedDims {
  static constexpr std::size_t kMaxDims = 64;
  /// mask[d]: whether d is reduced.
  struct Mask {
    bool on[kMaxDims] = {};
    bool& operator[](std::size_t d) { return on[d]; }
    bool operator[](std::size_t d) const { return on[d]; }
    const bool* data() const { return on; }
  };

  Mask mask;
  int64_t ndim;
  bool keepdim;

  /// `dims` may be negative; none means all. `op` is named in errors.
  ReducedDims(const char* op, IntArrayRef dims, int64_t n, bool keep) : ndim(n), keepdim(keep) {
    for (int64_t d : dims) {
      const auto w = static_cast<std::size_t>(wrap_dim(op, d, n));
      XGRAD_CHECK(!mask[w], op, ": dim ", d, " appears multiple times in the list of dims ", dims);
      mask[w] = true;
    }
    if (dims.empty()) *this = all(n, keep);
  }
  static ReducedDims all(int64_t n, bool keep) {
    ReducedDims r(n, keep);
    for (int64_t d = 0; d < n; ++d) r.mask[static_cast<std::size_t>(d)] = true;
    return r;
  }

  DimVector list() const {
    DimVector dims;
    for (int64_t d = 0; d < ndim; ++d)
      if (mask[static_cast<std::size_t>(d)]) dims.push_back(d);
    return dims;
  }
  /// Sizes with 1 in place of those reduced.
  DimVector kept_sizes(IntArrayRef sizes) const {
    DimVector kept(sizes);
    for (std::size_t d = 0; d < kept.size(); ++d)
      if (mask[d]) kept[d] = 1;
    return kept;
  }
  /// Elements that are reduced to one.
  int64_t count(IntArrayRef sizes) const {
    int64_t n = 1;
    for (std::size_t d = 0; d < sizes.size(); ++d)
      if (mask[d]) n *= sizes[d];
    return n;
  }
  /// A fresh result with the dimensions of size 1 taken away.
  Tensor drop(const Tensor& t) const {
    DimVector sizes;
    for (std::size_t d = 0; d < t.sizes().size(); ++d)
      if (!mask[d]) sizes.push_back(t.sizes()[d]);
    t.impl().set_geometry(t.impl().storage(), t.data_ptr(), t.dtype(), sizes, contiguous_strides(sizes));
    return t;
  }
  /// The result with those dimensions back, ready to broadcast against the input.
  Tensor restore(const Tensor& t, IntArrayRef from) const {
    return keepdim || ndim == 0 ? t : t.reshape(kept_sizes(from));
  }

 private:
  ReducedDims(int64_t n, bool keep) : ndim(n), keepdim(keep) {}
};

}  // namespace xgrad::ops
