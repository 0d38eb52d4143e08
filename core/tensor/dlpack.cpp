// DLPack: one struct that says where a tensor lies, in two frames.
#include <xgrad/core/tensor/dlpack.h>

#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/dlpack_abi.h>
#include <xgrad/core/types/warning.h>

namespace xgrad {

namespace {

DLDataType data_type(ScalarType t) {
  const auto code = t == kBool            ? kDLBool
                    : t == kBFloat16      ? kDLBfloat
                    : is_floating_type(t) ? kDLFloat
                    : t == kByte          ? kDLUInt
                                          : kDLInt;
  return {static_cast<uint8_t>(code), static_cast<uint8_t>(8 * element_size(t)), 1};
}

ScalarType scalar_type(DLDataType t) {
  XGRAD_CHECK(t.lanes == 1, "fromDLPack: vectors as elements are not supported: lanes is ", t.lanes);
#define XGRAD_DTYPE(Name, number, T, name, kind, Compute, Accumulate)                               \
  if (const DLDataType own = data_type(ScalarType::Name); own.code == t.code && own.bits == t.bits) \
    return ScalarType::Name;
  XGRAD_DTYPES(XGRAD_DTYPE)
#undef XGRAD_DTYPE
  fail<TypeError>("fromDLPack: there is no dtype for the type code ", static_cast<int>(t.code), " of ",
                  static_cast<int>(t.bits), " bits");
}

// What `Managed` describes, alive as long as that is.
template <class Managed>
struct Export {
  Tensor tensor;
  DimVector sizes, strides;
  Managed managed{};

  explicit Export(const Tensor& t) : tensor(t.detach()), sizes(t.sizes()), strides(t.strides()) {
    // Where nothing depends on it, a stride is what every reader expects.
    for (std::size_t d = 0; d < sizes.size(); ++d)
      if (sizes[d] < 2) strides[d] = 1;
    managed.dl_tensor = {tensor.data_ptr(),
                         {kDLCPU, 0},
                         static_cast<int32_t>(tensor.dim()),
                         data_type(t.dtype()),
                         sizes.data(),
                         strides.data(),
                         0};
    managed.manager_ctx = this;
    managed.deleter = [](Managed* self) { delete static_cast<Export*>(self->manager_ctx); };
  }
};

template <class Managed>
Managed* exported(const Tensor& src) {
  return &(new Export<Managed>(src))->managed;
}

DLManagedTensorVersioned* exported_versioned(const Tensor& src, uint64_t flags) {
  DLManagedTensorVersioned* const managed = exported<DLManagedTensorVersioned>(src);
  managed->version = {1, 0};
  managed->flags = flags;
  return managed;
}

template <class Managed>
Tensor imported(Managed* src, std::function<void(void*)> deleter) {
  const DLTensor& t = src->dl_tensor;
  XGRAD_CHECK(t.device.device_type == kDLCPU, "fromDLPack: xgrad computes on the CPU: the device type is ",
              static_cast<int>(t.device.device_type));
  XGRAD_CHECK(t.ndim >= 0 && (t.ndim == 0 || t.shape), "fromDLPack: shape is missing: ndim is ", t.ndim);
  const IntArrayRef sizes(t.shape, static_cast<std::size_t>(t.ndim));
  checked_numel("fromDLPack", sizes);
  const DimVector strides =
      t.strides ? DimVector(IntArrayRef(t.strides, sizes.size())) : contiguous_strides(sizes);
  if (!deleter)
    deleter = [](void* managed) {
      auto* const self = static_cast<Managed*>(managed);
      if (self->deleter) self->deleter(self);
    };
  return from_blob(
      static_cast<char*>(t.data) + t.byte_offset, sizes, strides,
      [src, deleter = std::move(deleter)](void*) { deleter(src); }, scalar_type(t.dtype));
}

}  // namespace

DLManagedTensor* toDLPack(const Tensor& src) { return exported<DLManagedTensor>(src); }
DLManagedTensorVersioned* toDLPackVersioned(const Tensor& src) { return exported_versioned(src, 0); }
DLManagedTensorVersioned* toDLPackVersionedReadOnly(const Tensor& src) {
  return exported_versioned(src, kDLReadOnly);
}

Tensor fromDLPack(DLManagedTensor* src, std::function<void(void*)> deleter) {
  XGRAD_CHECK(src, "fromDLPack: got a null pointer");
  return imported(src, std::move(deleter));
}

Tensor fromDLPackVersioned(DLManagedTensorVersioned* src, std::function<void(void*)> deleter) {
  XGRAD_CHECK(src, "fromDLPack: got a null pointer");
  XGRAD_CHECK(src->version.major <= 1, "fromDLPack: DLPack of version ", src->version.major,
              " is newer than the 1.x that is understood");
  if ((src->flags & kDLReadOnly) != 0)
    XGRAD_WARN_ONCE(
        "fromDLPack: the memory must not be written; an op in place on the tensor is undefined: clone() it");
  return imported(src, std::move(deleter));
}

}  // namespace xgrad
