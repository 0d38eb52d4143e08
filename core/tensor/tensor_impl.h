// What a Tensor points to: shape, dtype, where the data is, and how it was computed.
#pragma once

#include <cstdint>

#include <xgrad/core/tensor/storage.h>
#include <xgrad/core/types/dtype.h>
#include <xgrad/core/types/shape.h>

namespace xgrad {

namespace autograd {
class Node;
struct AutogradMeta;
// How a tensor's part of a graph ends. What that part is, core/tape says.
void destroy_meta(AutogradMeta* meta);
void release_node(Node* node);
}  // namespace autograd

/// Shared by all handles of one tensor. Sizes and strides are inline up to six dimensions; a tensor outside
/// any graph has neither `grad_fn` nor `meta`.
class TensorImpl {
 public:
  /// Set in `flags`.
  enum Flag : uint8_t {
    kRequiresGrad = 1,  // a leaf that collects a gradient; other tensors have a grad_fn instead
    kWrapped = 2,       // came from a plain number: weakest in type promotion
    kInference = 4,     // made under InferenceMode
    kContiguous = 8,
    kNoGradView = 16,   // a view made while gradients were not recorded, or a view of one
    kFunctionView = 32  // a view that a user's Function returned, or a view of one
  };

  /// A tensor over `storage`, starting at `data`. Strides are in elements. Here and below an Error says that
  /// the sizes are too many, or too large to be multiplied.
  XGRAD_API static TensorImpl* make(intrusive_ptr<StorageImpl> storage, void* data, ScalarType dtype,
                                    IntArrayRef sizes, IntArrayRef strides);
  /// The same, row-major.
  XGRAD_API static TensorImpl* make(intrusive_ptr<StorageImpl> storage, void* data, ScalarType dtype,
                                    IntArrayRef sizes);
  /// A new contiguous tensor with uninitialised memory.
  XGRAD_API static TensorImpl* make_empty(ScalarType dtype, IntArrayRef sizes);
  /// What undefined tensors answer with: shape [0], no dtype, no memory.
  XGRAD_API static const TensorImpl& undefined();
  /// The same data, shape and dtype without any history.
  XGRAD_API TensorImpl* shallow_copy() const;

  IntArrayRef sizes() const { return {dims(), ndim_}; }
  IntArrayRef strides() const { return {dims() + ndim_, ndim_}; }
  int64_t dim() const { return ndim_; }
  int64_t numel() const { return numel_; }
  ScalarType dtype() const { return dtype_; }
  void* data() const { return data_; }
  const intrusive_ptr<StorageImpl>& storage() const { return storage_; }
  bool has(Flag f) const { return (flags & f) != 0; }
  void set(Flag f, bool on) { flags = static_cast<uint8_t>(on ? flags | f : flags & ~f); }
  int64_t storage_offset() const {
    return (static_cast<char*>(data_) - static_cast<char*>(storage_->data())) /
           static_cast<int64_t>(element_size(dtype_));
  }

  bool requires_grad() const {
    // A view made before its base got a history has one too, though its own grad_fn is not made yet.
    return has(kRequiresGrad) || __atomic_load_n(&grad_fn, __ATOMIC_ACQUIRE) != nullptr ||
           (follows_base() && (!has(kNoGradView) || is_stale()) && view_base->requires_grad());
  }
  uint32_t version() const { return storage_->version(); }
  void bump_version() { storage_->bump_version(); }
  /// Whether it is a view that still lies in the memory of its base: `set_data` moves away from it.
  bool follows_base() const { return view_base && view_base->storage_ == storage_; }
  /// Whether the memory of a view was changed since its grad_fn, or its having none, was right.
  bool is_stale() const { return __atomic_load_n(&view_version, __ATOMIC_ACQUIRE) != version(); }

  /// Gives the tensor another geometry over the same or another storage (`resize_`, `squeeze_`, `set_data`).
  XGRAD_API void set_geometry(intrusive_ptr<StorageImpl> storage, void* data, ScalarType dtype,
                              IntArrayRef sizes, IntArrayRef strides);
  /// The two exchange memory, dtype and geometry.
  void swap_geometry(TensorImpl& other) noexcept;
  /// The same memory under another counter.
  void set_storage(intrusive_ptr<StorageImpl> alias) { storage_ = std::move(alias); }

  void retain() { refs_.increment(); }
  void release() {
    if (refs_.decrement()) destroy();
  }
  uint32_t use_count() const { return refs_.value(); }

 private:
  RefCount refs_;
  ScalarType dtype_;
  uint8_t ndim_ = 0;

 public:
  uint8_t flags = 0;
  uint32_t output_nr = 0;                  // which output of grad_fn this is
  uint32_t view_version = 0;               // a view: the version its grad_fn belongs to
  autograd::Node* grad_fn = nullptr;       // a counted reference
  autograd::AutogradMeta* meta = nullptr;  // owned; gradient, hooks, tangent
  TensorImpl* view_base = nullptr;         // a counted reference to the tensor this is a view of

 private:
  explicit TensorImpl(ScalarType dtype) : dtype_(dtype) {}
  static intrusive_ptr<TensorImpl> make_bare(ScalarType dtype);
  ~TensorImpl() = default;
  XGRAD_API void destroy();
  void set_dims(IntArrayRef sizes, IntArrayRef strides);
  void set_first_dims(IntArrayRef sizes);
  int64_t* dims() { return ndim_ > DimVector::kInline ? heap_dims_ : inline_dims_; }
  const int64_t* dims() const { return ndim_ > DimVector::kInline ? heap_dims_ : inline_dims_; }

  int64_t numel_ = 0;
  void* data_ = nullptr;
  intrusive_ptr<StorageImpl> storage_;
  union {
    int64_t inline_dims_[2 * DimVector::kInline];  // sizes, then strides
    int64_t* heap_dims_;
  };
};

}  // namespace xgrad
