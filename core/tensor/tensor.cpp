// Tensor's own attributes: what is neither an op nor a kernel.
#include <xgrad/core/tensor/tensor.h>

#include <atomic>
#include <cstdio>
#include <limits>
#include <ostream>

#include <xgrad/core/tensor/data_change.h>
#include <xgrad/core/tensor/thread_state.h>
#include <xgrad/core/tensor/view.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace detail {
void undefined_tensor() {
  fail(
      "Tensor: the tensor is undefined; was it default-constructed, or is it a .grad() before backward, or "
      "the .grad() "
      "of a tensor that is no leaf (call retain_grad() on that before backward)?");
}

const optional<Tensor>& absent() {
  static const optional<Tensor> none;
  return none;
}

ChangeScope::ChangeScope(const Tensor& self, bool lends, std::initializer_list<const Tensor*> others)
    : before(self) {
  autograd::ThreadState& modes = autograd::thread_state();
  const TensorImpl& impl = self.impl();
  bool recorded = self.requires_grad() || (impl.view_base && impl.view_base->requires_grad());
  for (const Tensor* t : others)
    if (t && t->defined()) {
      recorded = recorded || t->requires_grad();
      lends = lends && !ops::share_memory(*t, self);
    }
  recorded = (recorded && modes.recording) || modes.forward_ad;
  if (recorded)
    before = self.clone();
  else if (lends && impl.has(TensorImpl::kContiguous) && !self.is_inference() && !modes.observer)
    modes.out = self.unsafeGetTensorImpl();
}
ChangeScope::~ChangeScope() { autograd::thread_state().out = nullptr; }

Tensor& ChangeScope::take_over(const char* op, const Tensor& self, const Tensor& result) const {
  if (result.is_same(self)) {
    self.impl().bump_version();
    return const_cast<Tensor&>(self);
  }
  XGRAD_CHECK_AS(TypeError, result.dtype() == self.dtype(), op, ": the result has dtype ", result.dtype(),
                 " and cannot be written into self of dtype ", self.dtype(), "; use the out-of-place form");
  XGRAD_CHECK(result.sizes() == self.sizes(), op, ": the result has shape ", result.sizes(),
              " and does not fit into self of shape ", self.sizes());
  return self.copy_(result);
}

const Tensor& undefined() {
  static const Tensor none;
  return none;
}
}  // namespace detail

int64_t Tensor::size(int64_t d) const {
  if (d >= 0 && d < dim()) return sizes()[static_cast<std::size_t>(d)];
  XGRAD_CHECK_AS(IndexError, dim() > 0, "size: a tensor without dimensions has no size(", d, ")");
  return sizes()[static_cast<std::size_t>(wrap_dim("size", d, dim()))];
}

int64_t Tensor::stride(int64_t d) const {
  XGRAD_CHECK_AS(IndexError, dim() > 0, "stride: a tensor without dimensions has no stride(", d, ")");
  return strides()[static_cast<std::size_t>(wrap_dim("stride", d, dim()))];
}

void Tensor::check_dtype(ScalarType asked) const {
  XGRAD_CHECK_AS(TypeError, asked == dtype(), "data_ptr: expected scalar type ", asked,
                 " but the tensor has ", dtype(), "; convert it with to(...)");
}

void Tensor::check_packed32() const {
  XGRAD_CHECK(numel() <= std::numeric_limits<int32_t>::max(),
              "packed_accessor32: self has more elements than 32 bits count: ", numel(),
              "; use packed_accessor64");
}
void Tensor::check_accessor(ScalarType asked, std::size_t n) const {
  check_dtype(asked);
  XGRAD_CHECK(static_cast<std::size_t>(dim()) == n, "accessor: expected a tensor with ",
              static_cast<int64_t>(n), " dimensions, but it has shape ", sizes());
}

Scalar Tensor::item() const {
  XGRAD_CHECK(numel() == 1, "item: only one element tensors can be converted to Scalars: this one has shape ",
              sizes(), " (", numel(),
              " elements); index it first, reduce it (mean(), sum()), or use accessor<T, N>()");
  const void* p = data_ptr();
  return dispatch<AnyType>("item", dtype(), [&]<class T>() { return Scalar(*static_cast<const T*>(p)); });
}

bool Tensor::is_nonzero() const {
  XGRAD_CHECK(numel() == 1, "is_nonzero: Boolean value of a Tensor with ", numel() == 0 ? "no" : "several",
              " values is ambiguous: self is ", sizes(), "; ask any() or all()");
  return item().to<bool>();
}

int64_t Tensor::_version() const {
  if (!defined()) return 0;
  XGRAD_CHECK(!is_inference(), "_version: Inference tensors do not track version counter: self is ", sizes(),
              "; clone() it first");
  return impl().version();
}

Tensor Tensor::_base() const {
  return is_view() ? Tensor(intrusive_ptr<TensorImpl>(impl().view_base)) : Tensor();
}

Tensor Tensor::detach() const { return Tensor(intrusive_ptr<TensorImpl>::adopt(impl().shallow_copy())); }

Tensor Tensor::data() const {
  Tensor t(intrusive_ptr<TensorImpl>::adopt(impl().shallow_copy()));
  t.impl().set_storage(StorageImpl::alias(t.impl().storage(), 0));
  return t;
}

DataChange::DataChange(const Tensor& t, const Tensor& data) : tensor_(t) {
  XGRAD_CHECK_AS(TypeError, !t.impl().requires_grad() || is_floating_type(data.impl().dtype()),
                 "set_data: a tensor that requires grad needs floating-point data: got ", data.dtype());
  // A change that whoever saved the tensor notices, and that is none of the data's.
  next_ = intrusive_ptr<TensorImpl>::adopt(data.impl().shallow_copy());
  next_->set_storage(StorageImpl::alias(next_->storage(), t.impl().version() + 1));
}

void DataChange::commit() noexcept { tensor_.impl().swap_geometry(*next_); }

void Tensor::set_data(const Tensor& other) const { DataChange(*this, other).commit(); }

Tensor& Tensor::operator=(const Tensor& value) && { return copy_(value); }
Tensor& Tensor::operator=(const Scalar& value) && { return fill_(value); }

Tensor Tensor::cuda() const { return to(Device(kCUDA)); }
Tensor Tensor::pin_memory(optional<Device> /*device*/) const {
  fail("pin_memory: there is no device to pin memory for; leave it out where cuda::is_available() is false");
}

void Tensor::print() const { std::printf("%s\n", detail::python_text(*this).c_str()); }

namespace {
std::atomic<TensorPrinter> tensor_printer{nullptr};
}  // namespace

void set_tensor_printer(TensorPrinter printer) { tensor_printer = printer; }

std::ostream& operator<<(std::ostream& out, const Tensor& t) {
  const TensorPrinter printer = tensor_printer;
  if (!printer) return out << detail::python_text(t);
  printer(out, t);
  return out;
}
std::ostream& operator<<(std::ostream& out, IntArrayRef sizes) { return out << concat(sizes); }
std::ostream& operator<<(std::ostream& out, TensorList list) {
  out << '[';
  for (std::size_t i = 0; i < list.size(); ++i) out << (i > 0 ? ", " : "") << list[i];
  return out << ']';
}

}  // namespace xgrad
