// Construction and destruction of TensorImpl.
#include <xgrad/core/tensor/tensor_impl.h>

#include <new>

#include <xgrad/core/memory/allocator.h>
#include <xgrad/core/tensor/this_thread.h>

namespace xgrad {

namespace autograd {
thread_local constinit ThreadState this_thread_state{};
ThreadState& thread_state() { return this_thread_state; }
}  // namespace autograd

namespace {

uint8_t flags_of_new() {
  return static_cast<uint8_t>(autograd::this_thread_state.inference_mode ? TensorImpl::kInference : 0);
}

}  // namespace

void TensorImpl::set_dims(IntArrayRef sizes, IntArrayRef strides) {
  XGRAD_CHECK(sizes.size() <= 64, "tensor: at most 64 dimensions are supported: got ",
              static_cast<int64_t>(sizes.size()));
  if (ndim_ > DimVector::kInline) delete[] heap_dims_;
  ndim_ = static_cast<uint8_t>(sizes.size());
  if (ndim_ > DimVector::kInline) heap_dims_ = new int64_t[2 * sizes.size()];
  int64_t* to = dims();
  int64_t n = 1;
  bool in_order = true;
  for (std::size_t d = sizes.size(); d-- > 0;) {
    const int64_t size = sizes[d], stride = strides[d];
    to[d] = size;
    to[sizes.size() + d] = stride;
    if (size != 1 && stride != n) in_order = false;
    n *= size;
  }
  numel_ = n;
  set(kContiguous, in_order || n == 0);
}

TensorImpl* TensorImpl::make(intrusive_ptr<Storage> storage, void* data, ScalarType dtype, IntArrayRef sizes,
                             IntArrayRef strides) {
  auto* impl = new (memory::allocate(sizeof(TensorImpl))) TensorImpl;
  impl->storage_ = std::move(storage);
  impl->data_ = data;
  impl->dtype_ = dtype;
  impl->flags = flags_of_new();
  impl->set_dims(sizes, strides);
  return impl;
}

TensorImpl* TensorImpl::make_empty(ScalarType dtype, IntArrayRef sizes, int64_t numel) {
  intrusive_ptr<Storage> storage = Storage::allocate(static_cast<std::size_t>(numel) * element_size(dtype));
  auto* impl = new (memory::allocate(sizeof(TensorImpl))) TensorImpl;
  impl->data_ = storage->data();
  impl->storage_ = std::move(storage);
  impl->dtype_ = dtype;
  if (sizes.size() > DimVector::kInline) {
    impl->flags = flags_of_new();
    impl->set_dims(sizes, contiguous_strides(sizes));
    return impl;
  }
  const std::size_t n = sizes.size();
  impl->ndim_ = static_cast<uint8_t>(n);
  impl->numel_ = numel;
  impl->flags = static_cast<uint8_t>(kContiguous | flags_of_new());
  int64_t step = 1;
  for (std::size_t i = n; i-- > 0;) {
    impl->inline_dims_[i] = sizes[i];
    impl->inline_dims_[n + i] = step;
    step *= std::max<int64_t>(sizes[i], 1);
  }
  return impl;
}

TensorImpl* TensorImpl::shallow_copy() const {
  auto* impl = new (memory::allocate(sizeof(TensorImpl))) TensorImpl;
  impl->storage_ = storage_;
  impl->data_ = data_;
  impl->dtype_ = dtype_;
  if (ndim_ > DimVector::kInline) {
    impl->set_dims(sizes(), strides());
  } else {
    impl->ndim_ = ndim_;
    impl->numel_ = numel_;
    std::copy(inline_dims_, inline_dims_ + 2 * ndim_, impl->inline_dims_);
  }
  impl->flags = static_cast<uint8_t>(flags & (kContiguous | kOwnVersion | kInference));
  impl->own_version = own_version;
  return impl;
}

void TensorImpl::set_geometry(intrusive_ptr<Storage> storage, void* data, ScalarType dtype, IntArrayRef sizes,
                              IntArrayRef strides) {
  set_dims(DimVector(sizes), DimVector(strides));  // copies: the arguments may point into this very object
  storage_ = std::move(storage);
  data_ = data;
  dtype_ = dtype;
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
