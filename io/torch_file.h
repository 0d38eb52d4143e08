// PyTorch's files: a pickle and the memories it refers to. Private to the library.
#pragma once

#include <memory>
#include <string>

#include <xgrad/core/tensor/ivalue.h>
#include <xgrad/io/bytes.h>

namespace xgrad::io {

/// Reads what torch.save wrote, as zip (since 1.6) or in the old form, and what LibTorch and TorchScript
/// wrote. Tensors that shared memory share it again; all are on the CPU. They stay where they are in the
/// source, and `owner` alive, if there is one, which means that they may be changed there, and the file
/// allows it. Error names file and byte.
IValue read_torch(const Source& source, const std::shared_ptr<void>& owner = nullptr);
/// Whether that is what it is for: a zip file with a pickle, or the old form.
bool is_torch(const Source& source);

/// What the key of a dict is called in the name of what lies below it: text as it is, all else as it prints.
inline std::string name_of_key(const IValue& key) { return key.isString() ? key.toStringRef() : key.repr(); }

/// Writes what torch.load reads, also with weights_only: values, and the whole memory behind every tensor
/// once.
void write_torch(Sink& sink, const IValue& value);

}  // namespace xgrad::io
