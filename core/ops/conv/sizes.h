// What ops over windows of images share: lists with a number for each dimension, and sizes that may not
// overflow. Private to the library.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad::ops {

/// Sizes, steps and paddings of windows are below this, so that the product of two and sums of products are
/// numbers.
inline constexpr int64_t kMaxWindow = int64_t{1} << 30;

/// `list` with n numbers, none negative; one number stands for all.
inline DimVector expanded_list(const char* op, const char* what, IntArrayRef list, std::size_t n) {
  XGRAD_CHECK(list.size() == n || list.size() == 1, op, ": ", what, " must have 1 or ", n, " numbers: got ",
              list);
  DimVector result(n, list[0]);
  if (list.size() == n) result = list;
  for (const int64_t number : result)
    XGRAD_CHECK_AS(ValueError, number >= 0 && number < kMaxWindow, op, ": ", what,
                   number < 0 ? " must not be negative" : " is too large", ": got ", list);
  return result;
}
/// The same with numbers of at least 1.
inline DimVector positive_list(const char* op, const char* what, IntArrayRef list, std::size_t n) {
  DimVector result = expanded_list(op, what, list, n);
  for (const int64_t number : result)
    XGRAD_CHECK_AS(ValueError, number > 0, op, ": ", what, " must be positive: got ", list);
  return result;
}

/// The sizes of t behind the first `from`, which are as many windows.
inline DimVector window_sizes(const char* op, const char* what, const Tensor& t, std::size_t from) {
  const IntArrayRef sizes = t.sizes().slice(from);
  for (const int64_t size : sizes)
    XGRAD_CHECK(size < kMaxWindow, op, ": ", what, " is too large: it is ", t.sizes());
  return sizes;
}

}  // namespace xgrad::ops
