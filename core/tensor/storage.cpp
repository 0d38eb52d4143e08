// Allocation and release of storages.
#include <xgrad/core/tensor/storage.h>

#include <new>

#include <xgrad/core/memory/allocator.h>

namespace xgrad {

namespace {
constexpr std::size_t kHeader = 64;
}
static_assert(sizeof(Storage) <= kHeader);

intrusive_ptr<Storage> Storage::allocate(std::size_t bytes) {
  auto* block = static_cast<char*>(memory::allocate(kHeader + bytes));
  return intrusive_ptr<Storage>::adopt(new (block) Storage(block + kHeader, bytes, nullptr));
}

intrusive_ptr<Storage> Storage::borrow(void* data, std::size_t bytes, std::function<void(void*)> deleter) {
  auto* kept = new std::function<void(void*)>(std::move(deleter));
  return intrusive_ptr<Storage>::adopt(new (memory::allocate(sizeof(Storage))) Storage(data, bytes, kept));
}

void Storage::destroy() {
  const std::size_t block = deleter_ ? sizeof(Storage) : kHeader + bytes_;
  if (deleter_) {
    if (*deleter_) (*deleter_)(data_);
    delete deleter_;
  }
  this->~Storage();
  memory::deallocate(this, block);
}

}  // namespace xgrad
