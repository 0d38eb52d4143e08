// The elements of a tensor outside of any tensor: what the data records, and what is read back from the
// library. Reads and writes memory by pointer, sizes and strides only, so that no op of the library vouches
// for itself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "adapter.h"
#include "value.h"

namespace conformance {

/// `|got - expected| <= atol + rtol * |expected|`.
struct Tolerance {
  double rtol = 0;
  double atol = 0;

  static Tolerance of(const Value& line);
};

/// dtype, shape and the elements in row-major order: `reals` for the floating dtypes, else `integers`.
struct Elements {
  lib::ScalarType dtype = lib::kFloat32;
  std::vector<int64_t> shape;
  std::vector<double> reals;
  std::vector<int64_t> integers;

  static Elements of(const Value& recorded);
  static Elements of(const lib::Tensor& tensor);

  size_t size() const { return reals.size() + integers.size(); }
  /// A new contiguous tensor without gradient.
  lib::Tensor to_tensor() const;
  /// Equal bit by bit, but for the payload of a NaN.
  bool same_as(const Elements& other) const;
};

/// Why `got` is not `expected`; empty when it is.
std::string difference(const Elements& got, const Elements& expected, const Tolerance& tolerance);

/// A tensor as the data describes it, and the memory around a strided one.
struct BuiltTensor {
  lib::Tensor tensor;
  lib::Tensor base;  // the dense tensor of which a noncontiguous `tensor` is a view; else undefined
};
BuiltTensor build_tensor(const Value& recorded);

lib::ScalarType dtype_from_name(std::string_view name);
std::string name_of_dtype(lib::ScalarType dtype);

}  // namespace conformance
