// Ops that read or write at a list of positions: what brackets, masks and index_select have in common.
// Private to the library.
#pragma once

#include <type_traits>

#include <xgrad/core/kernels/index.h>
#include <xgrad/core/stanza/record.h>

namespace xgrad::ops {

/// The dimensions of a tensor for which a list of positions stands: `count` of them from `first` on, after
/// the dimensions were brought into `order` (empty: as they are). A position is a row-major number within
/// them.
struct Place {
  DimVector from;  // the tensor's sizes
  DimVector order;
  int64_t first = 0, count = 0;

  /// The shape of what is at the positions.
  DimVector result_sizes(IntArrayRef positions) const;
};

/// Every dimension, flattened.
inline Place everywhere(const Tensor& t) { return {t.sizes(), {}, 0, t.dim()}; }

/// Positions for an index tensor (int64) along something of `size`, or an IndexError that calls that
/// something `where`. A negative index counts from the end if `wrap`.
Tensor positions_from(const char* op, const Tensor& index, int64_t size, bool wrap, const std::string& where);
/// The positions of the true elements of a bool or uint8 tensor, flattened.
Tensor positions_where(const Tensor& mask);

Tensor take_at(const Place& place, const Tensor& x, const Tensor& positions);
/// x[positions] = values, or +=. `values` has the result's shape and x's dtype.
void write_at(const Place& place, const Tensor& x, const Tensor& positions, const Tensor& values,
              bool accumulate);

/// The gradient of TakeAt: zeros with the values added at the positions.
struct SpreadAt : Kernel<2> {
  static constexpr OpName name{"index_put", "IndexPutBackward"};
  Place place;
  Tensor forward(const Tensor& g, const Tensor& positions) const;
  Tensor backward_0(const Tensor& gg, const Tensor& positions) const;
  using saved_0 = Saved<In<1>>;
};

/// What is at the positions; N names the op.
template <const OpName& N>
struct TakeAt : Kernel<2> {
  static constexpr OpName name = N;
  Place place;
  void attributes(auto& put) const { put("dim", place.first); }  // of index_select
  Tensor forward(const Tensor& x, const Tensor& positions) const { return take_at(place, x, positions); }
  Tensor backward_0(const Tensor& g, const Tensor& positions) const {
    return differentiable(SpreadAt{{}, place}, g, positions);
  }
  using saved_0 = Saved<In<1>>;
};

inline constexpr OpName kIndex{"index", "IndexBackward"};

/// x with zeros at the positions.
struct ZeroAt : Kernel<2> {
  static constexpr OpName name{"index_put", "IndexPutBackward"};
  Place place;
  Tensor forward(const Tensor& x, const Tensor& positions) const;
  Tensor backward_0(const Tensor& g, const Tensor& positions) const {
    return differentiable(ZeroAt{{}, place}, g, positions);
  }
  using saved_0 = Saved<In<1>>;
};

inline constexpr OpName kIndexPut{"index_put", "IndexPutBackward"};

/// x with values written, or added, at the positions; N names the op.
template <bool accumulate, const OpName& N = kIndexPut>
struct PutAt : Kernel<3> {
  static constexpr OpName name = N;
  Place place;
  Tensor forward(const Tensor& x, const Tensor& positions, const Tensor& values) const {
    Tensor out = x.clone();
    write_at(place, out, positions, values, accumulate);
    return out;
  }
  Tensor backward_0(const Tensor& g, const Tensor& positions) const {
    return differentiable(ZeroAt{{}, place}, g, positions);
  }
  using saved_0 = std::conditional_t<accumulate, Passed, Saved<In<1>>>;
  Tensor backward_2(const Tensor& g, const Tensor& positions) const {
    return differentiable(TakeAt<kIndex>{{}, place}, g, positions);
  }
  using saved_2 = Saved<In<1>>;
};

}  // namespace xgrad::ops
