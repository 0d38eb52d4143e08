// Construction and destruction of TensorImpl.
#include <xgrad/core/tensor/tensor_impl.h>

#include <new>
#include <utility>

#include <xgrad/core/memory/allocator.h>
#include <xgrad/core/tensor/this_thread.h>
#include <xgrad/core/types/mutex.h>

namespace xgrad {

namespace autograd {
thread_local constinit ThreadState this_thread_state{};
ThreadState& thread_state() { return this_thread_state; }
}  // namespace autograd

namespace {

uint8_t flags_of_new() {
  return static_cast<uint8_t>(autograd::this_thread_state.inference_mode ? TensorImpl::kInference : 0);
}

struct Counted {
  int64_t numel;
  uint64_t bits;  // that any size has
  bool in_order;  // row-major
};

Counted count_small(IntArrayRef sizes, IntArrayRef strides) {
  uint64_t n = 1, bits = 0;
  bool in_order = true;
  for (std::size_t d = sizes.size(); d-- > 0;) {
    in_order &= (int{sizes[d] == 1} | int{strides[d] == static_cast<int64_t>(n)}) != 0;
    n *= static_cast<uint64_t>(sizes[d]);
    bits |= static_cast<uint64_t>(sizes[d]);
  }
  return {static_cast<int64_t>(n), bits, in_order};
}

// With 0 counted as 1 the sizes have a product.
Counted count_any(IntArrayRef sizes, IntArrayRef strides) {
  int64_t n = 1;
  bool in_order = true, empty = false;
  for (std::size_t d = sizes.size(); d-- > 0;) {
    in_order = in_order && (sizes[d] == 1 || strides[d] == n);
    empty = empty || sizes[d] == 0;
    if (__builtin_mul_overflow(n, sizes[d] == 0 ? 1 : sizes[d], &n)) fail_size("tensor", sizes);
  }
  return {empty ? 0 : n, 0, in_order || empty};
}

}  // namespace

// The one check of every geometry: with 0 counted as 1 the sizes have a product, so that strides and numbers
// of elements can be computed from any of them. All is known before anything is changed.
void TensorImpl::set_dims(IntArrayRef sizes, IntArrayRef strides) {
  const std::size_t ndim = sizes.size();
  XGRAD_CHECK(ndim <= 64, "tensor: at most 64 dimensions are supported: got ", static_cast<int64_t>(ndim));
  Counted counted = count_small(sizes, strides);
  // Six numbers of ten bits have a product in 63, and two of 31.
  if (__builtin_expect(counted.numel == 0 || counted.bits >> (ndim <= 2 ? 31 : 10) != 0 || ndim > 6, 0))
    counted = count_any(sizes, strides);
  int64_t* fresh = ndim > DimVector::kInline ? new int64_t[2 * ndim] : nullptr;
  if (ndim_ > DimVector::kInline) delete[] heap_dims_;
  ndim_ = static_cast<uint8_t>(ndim);
  if (fresh) heap_dims_ = fresh;
  DimVector::copy_few(sizes.data(), ndim, dims());
  DimVector::copy_few(strides.data(), ndim, dims() + ndim);
  numel_ = counted.numel;
  set(kContiguous, counted.in_order);
}

// The first of a new tensor, row-major: what set_dims says, for less.
[[gnu::always_inline]] inline void TensorImpl::set_first_dims(IntArrayRef sizes) {
  const std::size_t ndim = sizes.size();
  int64_t n = 1;
  bool is_rare = ndim > DimVector::kInline;
  if (!is_rare) {
    for (std::size_t i = ndim; i-- > 0;) {
      const int64_t size = sizes[i];
      inline_dims_[i] = size;
      inline_dims_[ndim + i] = n;
      is_rare |= __builtin_mul_overflow(n, size, &n);
    }
    ndim_ = static_cast<uint8_t>(ndim);
  }
  numel_ = n;
  flags |= kContiguous;
  if (__builtin_expect(is_rare || n <= 0, 0)) set_dims(sizes, contiguous_strides(sizes));
}

[[gnu::always_inline]] inline intrusive_ptr<TensorImpl> TensorImpl::make_bare(ScalarType dtype) {
  auto* const impl = new (memory::allocate(sizeof(TensorImpl))) TensorImpl(dtype);
  impl->flags = flags_of_new();
  return intrusive_ptr<TensorImpl>::adopt(impl);
}

TensorImpl* TensorImpl::make(intrusive_ptr<StorageImpl> storage, void* data, ScalarType dtype,
                             IntArrayRef sizes, IntArrayRef strides) {
  intrusive_ptr<TensorImpl> impl = make_bare(dtype);
  new (&impl->storage_) intrusive_ptr<StorageImpl>(std::move(storage));  // there was an empty one
  impl->data_ = data;
  impl->set_dims(sizes, strides);
  return impl.detach();
}

TensorImpl* TensorImpl::make(intrusive_ptr<StorageImpl> storage, void* data, ScalarType dtype,
                             IntArrayRef sizes) {
  intrusive_ptr<TensorImpl> impl = make_bare(dtype);
  new (&impl->storage_) intrusive_ptr<StorageImpl>(std::move(storage));  // there was an empty one
  impl->data_ = data;
  impl->set_first_dims(sizes);
  return impl.detach();
}

TensorImpl* TensorImpl::make_empty(ScalarType dtype, IntArrayRef sizes) {
  const std::size_t element = element_size(dtype);
  XGRAD_CHECK_AS(TypeError, element > 0, "tensor: there are no elements of dtype ", dtype);
  intrusive_ptr<TensorImpl> impl = make_bare(dtype);
  impl->set_first_dims(sizes);
  if (impl->numel_ >= kMaxElements) fail_size("tensor", sizes);
  new (&impl->storage_) intrusive_ptr<StorageImpl>(
      StorageImpl::allocate(static_cast<std::size_t>(impl->numel_) * element));  // there was an empty one
  impl->data_ = impl->storage_->data();
  return impl.detach();
}

const TensorImpl& TensorImpl::undefined() {
  const NoFork whole;
  static const TensorImpl* const none = [] {
    auto* impl = new TensorImpl(ScalarType::Undefined);
    impl->set_dims(0, 1);
    return impl;
  }();
  return *none;
}

TensorImpl* TensorImpl::shallow_copy() const {
  intrusive_ptr<TensorImpl> impl = make_bare(dtype_);
  impl->storage_ = storage_;
  impl->data_ = data_;
  if (ndim_ > DimVector::kInline) {
    impl->set_dims(sizes(), strides());
  } else {
    impl->ndim_ = ndim_;
    impl->numel_ = numel_;
    std::copy(inline_dims_, inline_dims_ + 2 * ndim_, impl->inline_dims_);
  }
  impl->flags = static_cast<uint8_t>(flags & (kContiguous | kInference));
  return impl.detach();
}

void TensorImpl::set_geometry(intrusive_ptr<StorageImpl> storage, void* data, ScalarType dtype,
                              IntArrayRef sizes, IntArrayRef strides) {
  set_dims(DimVector(sizes), DimVector(strides));  // copies: the arguments may point into this very object
  storage_ = std::move(storage);
  data_ = data;
  dtype_ = dtype;
}

void TensorImpl::swap_geometry(TensorImpl& other) noexcept {
  std::swap(inline_dims_, other.inline_dims_);  // the pointer of many dimensions with it
  std::swap(ndim_, other.ndim_);
  std::swap(numel_, other.numel_);
  std::swap(dtype_, other.dtype_);
  std::swap(data_, other.data_);
  std::swap(storage_, other.storage_);
  const uint8_t differ = (flags ^ other.flags) & kContiguous;
  flags ^= differ;
  other.flags ^= differ;
}

void TensorImpl::destroy() {
  if (meta) autograd::destroy_meta(meta);
  if (view_base) view_base->release();
  if (ndim_ > DimVector::kInline) delete[] heap_dims_;
  autograd::Node* history = grad_fn;
  this->~TensorImpl();
  memory::deallocate(this, sizeof(TensorImpl));
  // Last: it may free a whole graph.
  if (history) autograd::release_node(history);
}

}  // namespace xgrad
