// Layouts of new tensors: row-major, or in the order of another tensor's memory.
#include <xgrad/core/tensor/factory.h>

#include <algorithm>
#include <utility>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/thread_state.h>

namespace xgrad {

DimVector memory_order(IntArrayRef sizes, ArrayRef<DimVector> strides) {
  const auto compare = [&](int64_t inner, int64_t outer) {  // 1: to be swapped
    const auto i = static_cast<std::size_t>(inner), o = static_cast<std::size_t>(outer);
    for (const DimVector& s : strides) {
      if (s[i] == 0 || s[o] == 0) continue;
      if (s[i] != s[o]) return s[i] < s[o] ? -1 : 1;
      if (sizes[i] > sizes[o]) return 1;
    }
    return 0;
  };
  DimVector order;
  for (auto d = static_cast<int64_t>(sizes.size()); d-- > 0;) {
    order.push_back(d);
    for (std::size_t at = order.size() - 1, before = at; before-- > 0;) {
      const int found = compare(order[before], order[at]);
      if (found < 0) break;
      if (found == 0) continue;
      std::swap(order[before], order[at]);
      at = before;
    }
  }
  std::reverse(order.begin(), order.end());
  return order;
}

DimVector strides_in_order(IntArrayRef sizes, IntArrayRef order) {
  DimVector strides(order.size());
  int64_t step = 1;
  for (std::size_t i = order.size(); i-- > 0;) {
    const auto d = static_cast<std::size_t>(order[i]);
    strides[d] = step;
    step *= std::max<int64_t>(sizes[d], 1);
  }
  return strides;
}

DimVector dense_strides(IntArrayRef sizes, IntArrayRef strides) {
  DimVector dense = strides_in_order(sizes, memory_order(sizes, strides));
  for (std::size_t d = 0; d < sizes.size(); ++d)
    if (sizes[d] > 1 && strides[d] != dense[d]) return dense;
  return strides;
}

namespace {

// Dimensions from the innermost in memory to the outermost: 1, the last, ..., 2, 0.
DimVector channels_last_order(int64_t dims) {
  DimVector order{1};
  for (int64_t d = dims; d-- > 2;) order.push_back(d);
  order.push_back(0);
  return order;
}

int64_t dims_of(MemoryFormat format) { return format == MemoryFormat::ChannelsLast ? 4 : 5; }

// PyTorch's reading of strides: where sizes of 1 leave it open, row-major.
bool is_like_channels_last(const Tensor& t) {
  if (t.strides()[1] == 0) return false;
  int64_t least = 0;
  for (const int64_t d : channels_last_order(t.dim())) {
    const int64_t size = t.size(d), stride = t.stride(d);
    if (size == 0 || stride < least || (d == 0 && least == t.strides()[1])) return false;
    least = times_stride(size, stride);
  }
  return true;
}

}  // namespace

DimVector format_strides(const char* op, IntArrayRef sizes, MemoryFormat format) {
  XGRAD_CHECK(format != MemoryFormat::Preserve, op, ": unsupported memory format: preserve_format");
  if (format == MemoryFormat::Contiguous) return contiguous_strides(sizes);
  const auto dims = static_cast<int64_t>(sizes.size());
  XGRAD_CHECK(dims == dims_of(format), op, ": required rank ", dims_of(format), " tensor to use ",
              format == MemoryFormat::ChannelsLast ? "channels_last" : "channels_last_3d",
              " format: sizes are ", sizes);
  DimVector strides(sizes.size());
  int64_t step = 1;
  for (const int64_t d : channels_last_order(dims)) {
    strides[static_cast<std::size_t>(d)] = step;
    step = times_stride(sizes[static_cast<std::size_t>(d)], step);
  }
  return strides;
}

Tensor lent_out(ScalarType dtype, IntArrayRef sizes) {
  TensorImpl* const out = std::exchange(autograd::thread_state().out, nullptr);
  if (!out || out->dtype() != dtype || out->sizes() != sizes) return {};
  return Tensor(intrusive_ptr<TensorImpl>(out));
}

Tensor new_result(ScalarType dtype, IntArrayRef sizes) {
  const Tensor out = lent_out(dtype, sizes);
  return out.defined() && out.is_contiguous() ? out : new_tensor(dtype, sizes);
}

Tensor changeable(const Tensor& x) { return x.is_same(lent_out(x.dtype(), x.sizes())) ? x : x.clone(); }

Tensor new_in_format(const char* op, ScalarType dtype, IntArrayRef sizes, MemoryFormat format) {
  if (format == MemoryFormat::Contiguous) return new_tensor(dtype, sizes);
  const DimVector strides = format_strides(op, sizes, format);
  Tensor t = new_tensor(dtype, sizes);
  t.impl().set_geometry(t.impl().storage(), t.data_ptr(), dtype, sizes, strides);
  return t;
}

bool Tensor::lies_in(MemoryFormat format) const {
  if (format == MemoryFormat::Preserve) return is_contiguous();
  if (dim() != dims_of(format)) return false;
  int64_t step = 1;
  for (const int64_t d : channels_last_order(dim())) {
    if (size(d) == 1) continue;
    if (stride(d) != step) return false;
    step = times_stride(size(d), step);
  }
  return true;
}

MemoryFormat Tensor::suggest_memory_format(bool channels_last_strides_exact_match) const {
  if ((dim() != 4 && dim() != 5) || !is_like_channels_last(*this)) return MemoryFormat::Contiguous;
  const MemoryFormat format = dim() == 4 ? MemoryFormat::ChannelsLast : MemoryFormat::ChannelsLast3d;
  const bool exact = strides() == IntArrayRef(format_strides("suggest_memory_format", sizes(), format));
  return exact || !channels_last_strides_exact_match ? format : MemoryFormat::Contiguous;
}

Tensor dense_like(const Tensor& self, ScalarType dtype) {
  Tensor t = new_tensor(dtype, self.sizes());
  if (!self.is_contiguous() && !descend(self.strides()))
    t.impl().set_geometry(t.impl().storage(), t.data_ptr(), dtype, self.sizes(),
                          dense_strides(self.sizes(), self.strides()));
  return t;
}

Tensor new_like(const Tensor& self, const TensorOptions& options, optional<MemoryFormat> format) {
  const ScalarType dtype = options.dtype_opt().value_or(self.dtype());
  if (!format) format = options.memory_format_opt();
  return format.value_or(MemoryFormat::Preserve) == MemoryFormat::Preserve
             ? dense_like(self, dtype)
             : new_in_format("memory_format", dtype, self.sizes(), *format);
}

Tensor number_tensor(const char* op, const Scalar& value, ScalarType dtype) {
  check_number(op, value, dtype);
  Tensor t = new_tensor(dtype, {});
  kernels::fill(array_view(t), value);
  return t;
}

void check_grad(const TensorOptions& options, ScalarType dtype) {
  XGRAD_CHECK_AS(TypeError, !options.requires_grad() || is_floating_type(dtype),
                 "requires_grad: only Tensors of floating point dtype can require gradients: got ", dtype,
                 "; ask for another dtype with TensorOptions(kFloat).requires_grad(true)");
}

Tensor with_grad(Tensor t, const TensorOptions& options) {
  if (options.requires_grad()) {
    check_grad(options, t.dtype());
    t.requires_grad_();
  }
  return t;
}

}  // namespace xgrad
