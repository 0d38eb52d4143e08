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
static_assert(sizeof(Storage) <= kTiny);

std::size_t block_size(std::size_t bytes) {
  return bytes <= kTiny ? kHeader : kHeader + (bytes + 63) / 64 * 64;
}

}  // namespace

intrusive_ptr<Storage> Storage::allocate(std::size_t bytes) {
  auto* block = static_cast<char*>(memory::allocate(block_size(bytes)));
  const bool tiny = bytes <= kTiny;
  return intrusive_ptr<Storage>::adopt(new (tiny ? block + kTiny : block)
                                           Storage(tiny ? block : block + kHeader, bytes, nullptr));
}

intrusive_ptr<Storage> Storage::borrow(void* data, std::size_t bytes) {
  auto deleter = std::make_unique<std::function<void(void*)>>();
  void* block = memory::allocate(sizeof(Storage));
  return intrusive_ptr<Storage>::adopt(new (block) Storage(data, bytes, deleter.release()));
}

struct Storage::KeepAlive {
  intrusive_ptr<Storage> storage;
  void operator()(void*) const {}
};

intrusive_ptr<Storage> Storage::alias(intrusive_ptr<Storage> of, uint32_t version) {
  if (of->deleter_)
    if (const auto* first = of->deleter_->target<KeepAlive>()) of = intrusive_ptr<Storage>(first->storage);
  intrusive_ptr<Storage> result = borrow(of->data_, of->bytes_);
  result->set_deleter(KeepAlive{std::move(of)});
  result->version_ = version;
  return result;
}

void Storage::destroy() {
  const bool borrowed = deleter_ != nullptr;
  void* block = borrowed || bytes_ > kTiny ? static_cast<void*>(this) : data_;
  const std::size_t size = borrowed ? sizeof(Storage) : block_size(bytes_);
  if (borrowed) {
    if (*deleter_) (*deleter_)(data_);
    delete deleter_;
  }
  this->~Storage();
  memory::deallocate(block, size);
}

}  // namespace xgrad
