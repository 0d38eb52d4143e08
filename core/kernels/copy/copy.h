// Copies between arrays of any layout and dtype.
#pragma once

#include <cstddef>
#include <cstdint>

#include <xgrad/core/kernels/array.h>
#include <xgrad/core/types/scalar.h>

namespace xgrad::kernels {

/// dst = src, element by element, with the conversion of convert.h. Both have the same sizes; a stride 0 in
/// src repeats its elements. They must not overlap unless they are the very same elements.
void copy(const ArrayView& dst, const ArrayView& src);

/// Rows in a row: each as many bytes long.
struct RowBytes {
  const void* data;
  int64_t bytes;
};

/// `rows` rows of dst, each of them that row of every piece side by side.
void join_rows(void* dst, const RowBytes* pieces, std::size_t count, int64_t rows);

/// Every element of dst = value, converted to its dtype.
void fill(const ArrayView& dst, const Scalar& value);

}  // namespace xgrad::kernels
