// Reading and writing at positions that are only known when the program runs: gather, scatter, masks, flips.
#pragma once

#include <optional>

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/types/array_ref.h>

namespace xgrad::kernels {

/// An array of which some dimensions were replaced by a list of places: [outer..., places, inner...]. Offsets
/// and strides count elements. On the other side stands memory in row-major order of the same shape.
struct Slabs {
  void* data;
  ScalarType dtype;
  IntArrayRef outer_sizes, outer_strides;
  const int64_t* offsets;
  int64_t places;
  IntArrayRef inner_sizes, inner_strides;
};

/// out = slabs.
void take(void* out, const Slabs& slabs);
/// slabs = values, in order: of equal offsets the last one stays.
void put(const Slabs& slabs, const void* values);
/// Every element of the slabs = the element at `value`.
void put_one(const Slabs& slabs, const void* value);
/// slabs = slabs + values, slabs * values, or the larger or smaller of both (NaN if there is one), in order;
/// bool: or, and.
enum class Combine { add, multiply, larger, smaller };
void combine(const Slabs& slabs, const void* values, Combine how);

/// Rows of `width` numbers, of floating dtype, in segments one after the other: out[s] = `start`, combined
/// with the rows of segment s in order.
void combine_segments(void* out, const void* rows, ScalarType dtype, int64_t width, const int64_t* lengths,
                      int64_t segments, double start, Combine how);

/// to[i] = to[i] * size + index[i], row-major, where a negative index counts from the end if `wrap`. Returns
/// the first index that is out of range, then `to` is spoilt. `index` is int64.
std::optional<int64_t> append_index(int64_t* to, const ArrayView& index, int64_t size, bool wrap);

/// The first of n indices, or of an array of them (int64), that is negative, or not less than `size`.
std::optional<int64_t> first_outside(const int64_t* index, int64_t n, int64_t size);
std::optional<int64_t> first_outside(const ArrayView& index, int64_t size);

/// Where the n row-major positions in an array of `sizes` are when it has `strides`.
void offsets_of(int64_t* offsets, const int64_t* positions, int64_t n, IntArrayRef sizes,
                IntArrayRef strides);

/// The elements of x with i's own coordinates, but index[i] along `dim`, = values, or combined with them, in
/// row-major order. x is given with the sizes of `index`, which was checked; so are the strides of the
/// values.
void scatter_along(const ArrayView& x, const ArrayView& index, int64_t dim, const void* values,
                   IntArrayRef values_strides, std::optional<Combine> how);

/// out, row-major, = the elements of `in` with i's own coordinates, but index[i] along `dim`, which has
/// `size` elements; `in` is given with the sizes of `index`. False if an index is outside [0, size): then out
/// is spoilt.
bool gather_along(void* out, const ArrayView& in, const ArrayView& index, int64_t dim, int64_t size);

int64_t count_true(const bool* values, int64_t n);
/// The positions of the first `count` true ones, of which there are as many.
void positions_of_true(int64_t* positions, int64_t count, const bool* values);
/// The coordinates of n rising positions in an array of `sizes`: out is [n, dims].
void coordinates_of(int64_t* out, const int64_t* positions, int64_t n, IntArrayRef sizes);

/// Rows of `width` numbers, zeros but for a one at index[i], which was checked.
void one_hot(int64_t* rows, const int64_t* index, int64_t n, int64_t width);

/// out, row-major, = in with the dimensions marked in `flipped` read from their ends.
void flip(void* out, const ArrayView& in, const bool* flipped);

}  // namespace xgrad::kernels
