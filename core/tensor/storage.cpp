// Allocation and release of storages.
#include <xgrad/core/tensor/storage.h>

#include <memory>
#include <new>

#include <xgrad/core/memory/allocator.h>

namespace xgrad {

namespace {

constexpr std::size_t kHeader = 64;
// So little data shares one cache line with the header, which then comes behind it.
constexpr std::size_t kTiny = 32;
static_assert(sizeof(StorageImpl) <= kTiny);

std::size_t block_size(std::size_t bytes) {
  return bytes <= kTiny ? kHeader : kHeader + (bytes + 63) / 64 * 64;
}

}  // namespace

intrusive_ptr<StorageImpl> StorageImpl::allocate(std::size_t bytes) {
  auto* block = static_cast<char*>(memory::allocate(block_size(bytes)));
  const bool tiny = bytes <= kTiny;
  return intrusive_ptr<StorageImpl>::adopt(new (tiny ? block + kTiny : block)
                                               StorageImpl(tiny ? block : block + kHeader, bytes, nullptr));
}

intrusive_ptr<StorageImpl> StorageImpl::borrow(void* data, std::size_t bytes) {
  auto deleter = std::make_unique<std::function<void(void*)>>();
  void* block = memory::allocate(sizeof(StorageImpl));
  return intrusive_ptr<StorageImpl>::adopt(new (block) StorageImpl(data, bytes, deleter.release()));
}

struct StorageImpl::KeepAlive {
  intrusive_ptr<StorageImpl> storage;
  void operator()(void*) const {}
};

intrusive_ptr<StorageImpl> StorageImpl::alias(intrusive_ptr<StorageImpl> of, uint32_t version) {
  if (of->deleter_)
    if (const auto* first = of->deleter_->target<KeepAlive>())
      of = intrusive_ptr<StorageImpl>(first->storage);
  intrusive_ptr<StorageImpl> result = borrow(of->data_, of->bytes_);
  result->set_deleter(KeepAlive{std::move(of)});
  result->version_ = version;
  return result;
}

void StorageImpl::destroy() {
  const bool borrowed = deleter_ != nullptr;
  void* block = borrowed || bytes_ > kTiny ? static_cast<void*>(this) : data_;
  const std::size_t size = borrowed ? sizeof(StorageImpl) : block_size(bytes_);
  if (borrowed) {
    if (*deleter_) (*deleter_)(data_);
    delete deleter_;
  }
  this->~StorageImpl();
  memory::deallocate(block, size);
}

}  // namespace xgrad
