// Factories. They record nothing: a new tensor is a leaf.
#include <xgrad/core/tensor/creation.h>

#include <cmath>

#include <xgrad/core/kernels/copy/convert.h>
#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/copy/range.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

Scalar detail::number_in(const char* op, const Tensor& t) {
  XGRAD_CHECK(t.dim() == 0, op, ": start and end must be numbers or tensors without dimensions: got ",
              t.sizes());
  return t.item();
}

namespace {

Tensor new_filled(const char* op, IntArrayRef size, const Scalar& value, ScalarType dtype,
                  const TensorOptions& options) {
  checked_numel(op, size);
  check_number(op, value, dtype);
  Tensor t = new_tensor(dtype, size);
  kernels::fill(array_view(t), value);
  return with_grad(std::move(t), options);
}

TensorOptions like(const Tensor& self, const TensorOptions& options) {
  return options.has_dtype() ? options : options.dtype(self.dtype());
}

// ---- tensor({...})
// --------------------------------------------------------------------------------------------------

using detail::TensorData;

void find_shape(const TensorData& d, DimVector& sizes) {
  if (d.is_number()) return;
  sizes.push_back(static_cast<int64_t>(d.size()));
  if (d.list() && d.size() > 0) find_shape(d.list()[0], sizes);
}

// What promotes to the kind of all values; Undefined for no value at all.
void find_type(const TensorData& d, ScalarType& type) {
  if (d.type() != ScalarType::Undefined)
    type = type == ScalarType::Undefined ? d.type() : promote_types(type, d.type());
  else
    for (std::size_t i = 0; i < d.size(); ++i) find_type(d.list()[i], type);
}

// Integers are refused where they do not fit; what is too large for a floating dtype is infinite.
void check_values(const TensorData& d, ScalarType type) {
  if (!is_integral_type(type, false) || d.type() == type) return;
  if (d.is_number()) return check_number("tensor", d.number(), type);
  if (!is_floating_type(d.type()) && element_size(d.type()) < element_size(type)) return;
  dispatch<AnyType>("tensor", d.type(), [&]<class T>() {
    const T* values = static_cast<const T*>(d.array());
    for (std::size_t i = 0; i < d.size(); ++i) check_number("tensor", Scalar(values[i]), type);
  });
}

void store(const TensorData& d, IntArrayRef sizes, char*& to, ScalarType type) {
  const auto element = static_cast<int64_t>(element_size(type));
  if (d.is_number()) {
    XGRAD_CHECK_AS(ValueError, sizes.empty(),
                   "tensor: nested lists differ in depth: a number stands where a list of ",
                   sizes.empty() ? 0 : sizes[0], " was expected");
    const int64_t one[] = {1};
    check_values(d, type);
    kernels::fill({to, type, 1, one, one}, d.number());
    to += element;
    return;
  }
  XGRAD_CHECK_AS(ValueError, !sizes.empty() && sizes[0] == static_cast<int64_t>(d.size()),
                 "tensor: nested lists must have the same length: expected ",
                 sizes.empty() ? int64_t{0} : sizes[0], " values, found ", static_cast<int64_t>(d.size()));
  if (d.type() != ScalarType::Undefined) {
    check_values(d, type);
    kernels::convert(to, type, 1, d.array(), d.type(), 1, sizes[0]);
    to += sizes[0] * element;
    return;
  }
  for (std::size_t i = 0; i < d.size(); ++i) store(d.list()[i], sizes.slice(1), to, type);
}

}  // namespace

Tensor tensor(detail::TensorData data, const TensorOptions& options) {
  DimVector sizes;
  find_shape(data, sizes);
  ScalarType found = ScalarType::Undefined;
  find_type(data, found);
  ScalarType dtype = get_default_dtype();
  if (options.has_dtype())
    dtype = options.dtype();
  else if (is_integral_type(found, false))
    dtype = ScalarType::Long;
  else if (found == ScalarType::Bool)
    dtype = ScalarType::Bool;
  Tensor t = new_tensor(dtype, sizes);
  auto* to = static_cast<char*>(t.data_ptr());
  store(data, sizes, to, dtype);
  return with_grad(std::move(t), options);
}

Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides,
                 const std::function<void(void*)>& deleter, const TensorOptions& options) {
  const int64_t n = checked_numel("from_blob", sizes);
  XGRAD_CHECK(data || n == 0, "from_blob: data is a null pointer, sizes are ", sizes);
  XGRAD_CHECK(sizes.size() == strides.size(), "from_blob: sizes ", sizes, " and strides ", strides,
              " differ in length");
  int64_t elements = n > 0 ? 1 : 0;
  for (std::size_t d = 0; d < sizes.size(); ++d) {
    XGRAD_CHECK(strides[d] >= 0, "from_blob: negative strides are not supported: got ", strides);
    int64_t reach = 0;
    const bool fits = n == 0 || (!__builtin_mul_overflow(sizes[d] - 1, strides[d], &reach) &&
                                 !__builtin_add_overflow(elements, reach, &elements));
    XGRAD_CHECK(fits && elements < kMaxElements, "from_blob: sizes ", sizes, " with strides ", strides,
                " reach further than memory");
  }
  const ScalarType dtype = options.dtype();
  XGRAD_CHECK_AS(TypeError, dtype != ScalarType::Undefined, "from_blob: there are no elements of dtype ",
                 dtype);
  auto storage = StorageImpl::borrow(data, static_cast<std::size_t>(elements) * element_size(dtype));
  Tensor t(intrusive_ptr<TensorImpl>::adopt(TensorImpl::make(storage, data, dtype, sizes, strides)));
  t = with_grad(std::move(t), options);
  // At last: after an error the memory is still the caller's.
  storage->set_deleter(deleter);
  return t;
}
Tensor from_blob(void* data, IntArrayRef sizes, IntArrayRef strides, const TensorOptions& options) {
  return from_blob(data, sizes, strides, nullptr, options);
}
Tensor from_blob(void* data, IntArrayRef sizes, const std::function<void(void*)>& deleter,
                 const TensorOptions& options) {
  return from_blob(data, sizes, contiguous_strides(sizes), deleter, options);
}
Tensor from_blob(void* data, IntArrayRef sizes, const TensorOptions& options) {
  return from_blob(data, sizes, contiguous_strides(sizes), nullptr, options);
}

Tensor empty(IntArrayRef size, const TensorOptions& options, optional<MemoryFormat> format) {
  checked_numel("empty", size);
  if (!format) format = options.memory_format_opt();
  return with_grad(new_in_format("empty", options.dtype(), size, format.value_or(MemoryFormat::Contiguous)),
                   options);
}
Tensor empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& options) {
  XGRAD_CHECK(size.size() == stride.size(), "empty_strided: as many strides as sizes: got ", size, " and ",
              stride);
  int64_t reached = checked_numel("empty_strided", size) == 0 ? 0 : 1;
  for (std::size_t d = 0; d < size.size(); ++d) {
    XGRAD_CHECK(stride[d] >= 0, "empty_strided: strides must not be negative: got ", stride);
    if (reached == 0) continue;
    const int64_t way = times_stride(size[d] - 1, stride[d]);
    if (way >= kMaxElements || (reached += way) >= kMaxElements)
      fail("empty_strided: too many elements: sizes are ", size, ", strides are ", stride);
  }
  Tensor t = new_tensor(options.dtype(), {reached});
  t.impl().set_geometry(t.impl().storage(), t.data_ptr(), t.dtype(), size, stride);
  return with_grad(std::move(t), options);
}
Tensor zeros(IntArrayRef size, const TensorOptions& options) {
  return new_filled("zeros", size, 0, options.dtype(), options);
}
Tensor ones(IntArrayRef size, const TensorOptions& options) {
  return new_filled("ones", size, 1, options.dtype(), options);
}
Tensor full(IntArrayRef size, const Scalar& value, const TensorOptions& options) {
  const ScalarType own = value.isFloatingPoint() ? get_default_dtype() : value.type();
  return new_filled("full", size, value, options.dtype_opt().value_or(own), options);
}
Tensor scalar_tensor(const Scalar& value, const TensorOptions& options) {
  return with_grad(number_tensor("scalar_tensor", value, options.dtype()), options);
}

Tensor empty_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format) {
  return with_grad(new_like(self, options, format), options);
}
Tensor zeros_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format) {
  return full_like(self, 0, options, format);
}
Tensor ones_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format) {
  return full_like(self, 1, options, format);
}
Tensor full_like(const Tensor& self, const Scalar& value, const TensorOptions& options,
                 optional<MemoryFormat> format) {
  const Tensor t = new_like(self, options, format);
  check_number("full_like", value, t.dtype());
  kernels::fill(array_view(t), value);
  return with_grad(t, options);
}
Tensor Tensor::new_empty(IntArrayRef size, const TensorOptions& o) const {
  return empty(size, like(*this, o));
}
Tensor Tensor::new_empty_strided(IntArrayRef size, IntArrayRef stride, const TensorOptions& o) const {
  return empty_strided(size, stride, like(*this, o));
}
Tensor Tensor::new_zeros(IntArrayRef size, const TensorOptions& o) const {
  return zeros(size, like(*this, o));
}
Tensor Tensor::new_ones(IntArrayRef size, const TensorOptions& o) const { return ones(size, like(*this, o)); }
Tensor Tensor::new_full(IntArrayRef size, const Scalar& value, const TensorOptions& o) const {
  return full(size, value, like(*this, o));
}

namespace {
// The least number of steps from a to b or beyond; b lies in the direction of step. All of int64 is allowed.
double whole_steps(int64_t a, int64_t b, int64_t step) {
  const auto distance = [](int64_t from, int64_t to) {
    return static_cast<uint64_t>(to) - static_cast<uint64_t>(from);
  };
  const uint64_t way = step > 0 ? distance(a, b) : distance(b, a),
                 each = step > 0 ? distance(0, step) : distance(step, 0);
  const uint64_t steps = way / each + (way % each != 0);
  return static_cast<double>(steps);
}
}  // namespace

Tensor arange(const Scalar& end, const TensorOptions& options) { return arange(0, end, 1, options); }
Tensor arange(const Scalar& start, const Scalar& end, const TensorOptions& options) {
  return arange(start, end, 1, options);
}

namespace {

void check_range(const char* op, const Scalar& start, const Scalar& end, const Scalar& step) {
  const double a = start.toDouble(), b = end.toDouble(), s = step.toDouble();
  XGRAD_CHECK(s != 0 && std::isfinite(s), op, ": step must be nonzero and finite: got ", step);
  XGRAD_CHECK(std::isfinite(a) && std::isfinite(b), op, ": unsupported range: ", start, " -> ", end);
  XGRAD_CHECK((s > 0 && b >= a) || (s < 0 && b <= a), op,
              ": upper bound and larger bound inconsistent with step sign: ", start, " -> ", end, " step ",
              step);
}

// `count` numbers from start, `step` apart.
Tensor counted(const char* op, const Scalar& start, const Scalar& end, const Scalar& step, double count,
               ScalarType dtype, const TensorOptions& options) {
  const bool to_integers = is_integral_type(dtype, false);
  XGRAD_CHECK(count < 1e17, op, ": too many elements: ", start, " -> ", end, " step ", step);
  const auto n = static_cast<int64_t>(count);
  // Fractions of a start or a step have no place in integers, but count for how many there are.
  const int64_t first = to_integers ? start.toLong() : 0, apart = to_integers ? step.toLong() : 0;
  Tensor t = new_tensor(dtype, {n});
  if (to_integers)
    kernels::arange(t.data_ptr(), dtype, n, first, apart);
  else
    kernels::arange(t.data_ptr(), dtype, n, start.toDouble(), step.toDouble());
  return with_grad(std::move(t), options);
}

}  // namespace

Tensor arange(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options) {
  const bool whole = start.isIntegral(true) && end.isIntegral(true) && step.isIntegral(true);
  const ScalarType dtype = options.dtype_opt().value_or(whole ? kLong : get_default_dtype());
  check_range("arange", start, end, step);
  const double count = whole && is_integral_type(dtype, false)
                           ? whole_steps(start.toLong(), end.toLong(), step.toLong())
                           : std::ceil((end.toDouble() - start.toDouble()) / step.toDouble());
  return counted("arange", start, end, step, count, dtype, options);
}
Tensor range(const Scalar& start, const Scalar& end, const Scalar& step, const TensorOptions& options) {
  check_range("range", start, end, step);
  const double count = std::floor((end.toDouble() - start.toDouble()) / step.toDouble()) + 1;
  return counted("range", start, end, step, count, options.dtype(), options);
}

namespace {

// As PyTorch does: where there are no points neither end is looked at, and a single one is `first` as it is.
template <class Write>
Tensor spaced(const char* op, const Scalar& start, const Scalar& end, int64_t steps, const Scalar& first,
              const TensorOptions& options, const Write& write) {
  XGRAD_CHECK(steps >= 0, op, ": number of steps must be non-negative: got ", steps);
  const Tensor t = new_tensor(options.dtype(), {steps});
  if (steps == 1) {
    check_number(op, first, t.dtype());
    t.fill_(first);
  } else if (steps > 1) {
    for (const Scalar& bound : {start, end}) check_number(op, bound, t.dtype());
    write(t.data_ptr(), t.dtype());
  }
  return with_grad(t, options);
}

}  // namespace

Tensor linspace(const Scalar& start, const Scalar& end, int64_t steps, const TensorOptions& options) {
  return spaced("linspace", start, end, steps, start, options,
                [&](void* out, ScalarType dtype) { kernels::linspace(out, dtype, steps, start, end); });
}

Tensor logspace(const Scalar& start, const Scalar& end, int64_t steps, double base,
                const TensorOptions& options) {
  const Scalar first = std::pow(base, start.toDouble());
  return spaced("logspace", start, end, steps, first, options,
                [&](void* out, ScalarType dtype) { kernels::logspace(out, dtype, steps, start, end, base); });
}

Tensor eye(int64_t n, const TensorOptions& options) { return eye(n, n, options); }
Tensor eye(int64_t n, int64_t m, const TensorOptions& options) {
  checked_numel("eye", {n, m});
  Tensor t = zeros({n, m}, TensorOptions(options.dtype()));
  t.diagonal().fill_(1);
  return with_grad(std::move(t), options);
}

}  // namespace xgrad
