// NumPy's files: one array (.npy) or several with names (.npz).
#pragma once

#include <string>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/ordered_dict.h>

namespace xgrad {

/// The array of a .npy file of version 1 to 3, in C or Fortran order and of either byte order. In the byte
/// order of the machine it is not copied: the tensor reads the mapped file, which it keeps alive, and a
/// change in place changes the tensor and not the file. Error, with the file and the byte, for what is
/// broken; TypeError for dtypes that xgrad has not.
XGRAD_API Tensor load_npy(const std::string& path);
/// All arrays of a .npz file, as `numpy.savez` and `numpy.savez_compressed` write it, without `.npy` in their
/// names.
XGRAD_API OrderedDict<std::string, Tensor> load_npz(const std::string& path);

/// Writes a file that `numpy.load` reads, in Fortran order where the tensor lies so. TypeError for bfloat16,
/// which NumPy has not.
XGRAD_API void save_npy(const Tensor& tensor, const std::string& path);
/// The same for several, as `numpy.savez` does, or, when `compressed`, as `numpy.savez_compressed` does,
/// which takes zlib.
XGRAD_API void save_npz(const OrderedDict<std::string, Tensor>& tensors, const std::string& path,
                        bool compressed = false);

}  // namespace xgrad
