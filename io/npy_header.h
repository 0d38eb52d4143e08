// The header of a .npy file, checked. Private to the library.
#pragma once

#include <string>

#include <xgrad/core/types/dtype.h>
#include <xgrad/core/types/shape.h>
#include <xgrad/io/bytes.h>

namespace xgrad::io {

struct NpyHeader {
  ScalarType dtype = ScalarType::Undefined;
  bool swapped = false;  ///< The bytes of each element stand the other way round.
  bool fortran = false;
  DimVector sizes;
  uint64_t data = 0;  ///< Where the elements begin.
};

/// The dtype that NumPy calls "f4" and the like, or Undefined.
ScalarType npy_dtype(std::string_view text);
/// Of elements in NumPy's order, in which the last index runs fastest, or in that of Fortran, the first.
DimVector npy_strides(IntArrayRef sizes, bool fortran);
/// Reads the header of an array that fills the rest of `source`.
NpyHeader read_npy_header(const Source& source);
/// The name of an array whose entry in a .npz file is called so.
std::string npz_array_name(std::string entry);
/// A header of version 1.0, which ends at a multiple of 64 bytes. TypeError for what NumPy has not.
std::string npy_header(ScalarType dtype, bool fortran, IntArrayRef sizes);

}  // namespace xgrad::io
