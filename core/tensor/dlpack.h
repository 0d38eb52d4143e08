// Tensors handed to other libraries, and taken from them, without a copy: DLPack. What the structs hold is
// told by <dlpack/dlpack.h>, which this header does not need.
#pragma once

#include <functional>

#include <xgrad/core/tensor/forward.h>

struct DLManagedTensor;
struct DLManagedTensorVersioned;

namespace xgrad {

/// The tensor's memory, shape and strides. Whoever gets it calls its `deleter` once; until then the memory
/// stays.
XGRAD_API DLManagedTensor* toDLPack(const Tensor& src);
/// The same in the form of DLPack 1.x, which can say that the memory must not be written.
XGRAD_API DLManagedTensorVersioned* toDLPackVersioned(const Tensor& src);
XGRAD_API DLManagedTensorVersioned* toDLPackVersionedReadOnly(const Tensor& src);

/// A tensor over memory of another library. Its `deleter`, or the one that is given, which then gets `src`,
/// runs when the last tensor over it is gone; after an Error `src` is still the caller's. CPU memory of the
/// dtypes that xgrad has; memory that must not be written is taken with a warning, as only ops in place write
/// there.
XGRAD_API Tensor fromDLPack(DLManagedTensor* src, std::function<void(void*)> deleter = {});
XGRAD_API Tensor fromDLPackVersioned(DLManagedTensorVersioned* src, std::function<void(void*)> deleter = {});

}  // namespace xgrad
