// safetensors: named tensors in one file, a header of JSON and behind it the elements
// (https://github.com/huggingface/safetensors).
#pragma once

#include <map>
#include <string>

#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/ordered_dict.h>
#include <xgrad/nn/module.h>

namespace xgrad {

/// What a safetensors file says about itself, such as `{"format": "pt"}`.
using SafetensorsMetadata = std::map<std::string, std::string>;

/// All tensors of a file, or of the files that an index (`model.safetensors.index.json`) names, in the order
/// of the header. Nothing is copied: a tensor reads the mapped file, which it keeps alive, and a change in
/// place changes the tensor and not the file. The file must not be shortened meanwhile; to replace it, as
/// `save_safetensors` does, is safe. Error, with the file and the byte or the tensor, unless everything in
/// the header is right; TypeError for a dtype that xgrad has not.
XGRAD_API OrderedDict<std::string, Tensor> load_safetensors(const std::string& path);
/// Copies the file's values into the parameters and buffers of these names; nothing has been written after an
/// Error. See Module::load_state_dict.
XGRAD_API nn::IncompatibleKeys load_safetensors(nn::Module& model, const std::string& path,
                                                bool strict = true);
XGRAD_API SafetensorsMetadata load_safetensors_metadata(const std::string& path);

/// Writes the tensors as Python's library does, in the same order and alignment. A crash leaves the old file
/// or the new one.
XGRAD_API void save_safetensors(const OrderedDict<std::string, Tensor>& tensors, const std::string& path,
                                const SafetensorsMetadata& metadata = {});
/// Its parameters and persistent buffers; one that is shared stands there under each of its names.
XGRAD_API void save_safetensors(const nn::Module& model, const std::string& path,
                                const SafetensorsMetadata& metadata = {{"format", "pt"}});

}  // namespace xgrad
