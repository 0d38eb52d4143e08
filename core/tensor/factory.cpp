// Layouts of new tensors: row-major, or in the order of another tensor's memory.
#include <xgrad/core/tensor/factory.h>

#include <algorithm>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/tensor/array_view.h>

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
  return format.value_or(MemoryFormat::Preserve) == MemoryFormat::Preserve ? dense_like(self, dtype)
                                                                           : new_tensor(dtype, self.sizes());
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
