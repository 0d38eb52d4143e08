// PyTorch's files: a pickle and the memories it refers to. Private to the library.
#pragma once

#include <xgrad/core/tensor/ivalue.h>
#include <xgrad/io/bytes.h>

namespace xgrad::io {

/// Reads what torch.save wrote, as zip (since 1.6) or in the old form, and what LibTorch and TorchScript
/// wrote. Tensors that shared memory share it again; all are on the CPU. Error names file and byte.
IValue read_torch(const Source& source);
/// Whether that is what it is for: a zip file with a pickle, or the old form.
bool is_torch(const Source& source);

/// Writes what torch.load reads, also with weights_only: values, and the whole memory behind every tensor
/// once.
void write_torch(Sink& sink, const IValue& value);

}  // namespace xgrad::io
