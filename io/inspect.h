// What is in a file of tensors, without loading them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include <xgrad/core/types/export.h>

namespace xgrad {

struct TensorInfo {
  std::string name;
  std::string dtype;  ///< `float32`; of a dtype that xgrad has not, the file's own name.
  std::vector<int64_t> sizes;
  uint64_t bytes = 0;
  uint32_t checksum = 0;  ///< The CRC-32 of the elements: as they stand in the file, of a .pt in their order.
};

/// The tensors of a safetensors, .npy, .npz or .pt file, in its order; which of them it is the file says
/// itself. A .pt may hold them anywhere: `model.fc.weight`, `optimizer.state.0.exp_avg`. Its tensors are
/// read, one file's worth of memory at most. Error as from the readers.
XGRAD_API std::vector<TensorInfo> inspect(const std::string& path);

}  // namespace xgrad
