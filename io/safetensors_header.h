// The header of a safetensors file, checked. Private to the library.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <xgrad/core/types/dtype.h>
#include <xgrad/core/types/shape.h>
#include <xgrad/io/bytes.h>
#include <xgrad/io/safetensors.h>

namespace xgrad::io {

struct SafetensorsDtype {
  const char* name;
  unsigned bits;
  ScalarType dtype;  ///< Undefined: xgrad has none.
};

/// In the order in which their tensors are written. Null when there is none of this name.
const SafetensorsDtype* find_safetensors_dtype(std::string_view name);
const SafetensorsDtype& safetensors_dtype(ScalarType dtype);

struct SafetensorsEntry {
  std::string name;
  const SafetensorsDtype* dtype = nullptr;
  DimVector sizes;
  uint64_t begin = 0, end = 0;  ///< In the file.
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  ///< In the order of the header.
  SafetensorsMetadata metadata;
};

/// Reads the header. Error unless the tensors fill what follows it, one behind the other and each as long as
/// dtype and shape say.
SafetensorsHeader read_safetensors_header(const Source& source);

/// `model.safetensors.index.json`: the files that hold the tensors, each once.
std::vector<std::string> read_safetensors_index(const Source& source);

}  // namespace xgrad::io
