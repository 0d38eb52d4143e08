// Elements chosen by a mask, and where a tensor is not zero.
#include <xgrad/core/ops/indexing/indexing.h>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/index.h>
#include <xgrad/core/ops/indexing/positions.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

namespace {

constexpr OpName kMaskedSelect{"masked_select", "MaskedSelectBackward"};

struct MaskedFillNumber : Kernel<2> {
  static constexpr OpName name{"masked_fill", "MaskedFillBackward0"};
  Scalar value;
  void attributes(auto& put) const { put("value", value.toDouble()); }
  Tensor forward(const Tensor& x, const Tensor& mask) const {
    return where(mask, number_tensor(name.op, value, x.dtype()), x).contiguous();
  }
  Tensor backward_0(const Tensor& g, const Tensor& mask) const { return masked_fill(g, mask, 0); }
  using saved_0 = Saved<In<1>>;
};

struct MaskedFill : Kernel<3> {
  static constexpr OpName name{"masked_fill", "MaskedFillBackward1"};
  static Tensor forward(const Tensor& x, const Tensor& mask, const Tensor& value) {
    return where(mask, value, x).contiguous();
  }
  static Tensor backward_0(const Tensor& g, const Tensor& mask) { return masked_fill(g, mask, 0); }
  using saved_0 = Saved<In<1>>;
  static Tensor backward_2(const Tensor& g, const Tensor& mask) {
    return sum(masked_fill(g, logical_not(mask), 0));
  }
  using saved_2 = Saved<In<1>>;
};

Tensor checked_mask(const char* op, const Tensor& mask) {
  XGRAD_CHECK_AS(TypeError, mask.dtype() == kBool || mask.dtype() == kByte, op, ": mask must be bool: got ",
                 mask.dtype(), "; compare to get one: mask != 0");
  return mask.to(kBool);
}

Tensor checked_value(const Tensor& self, const Tensor& value) {
  XGRAD_CHECK(value.dim() == 0,
              "masked_fill: value must be a number or a tensor without dimensions: value is ", value.sizes());
  check_number("masked_fill", value.item(), self.dtype());
  return value.to(self.dtype());
}

Tensor stretched(const Tensor& t, IntArrayRef sizes) { return t.sizes() == sizes ? t : t.expand(sizes); }

// What the in-place forms have in common: the mask may be smaller than self, but not larger.
template <class F, class... V>
Tensor& fill_in_place(const F& f, const Tensor& self, const Tensor& mask, const V&... value) {
  const Tensor flags = checked_mask(F::name.op, mask);
  const DimVector sizes = broadcast_sizes(F::name.op, self.sizes(), mask.sizes());
  XGRAD_CHECK(IntArrayRef(sizes) == self.sizes(), F::name.op, "_: mask does not broadcast to self: mask is ",
              mask.sizes(), ", self is ", self.sizes());
  const Tensor whole = stretched(flags, sizes);
  Argument args[] = {self, whole, value...};
  return ops::change_in_place(f, self, args, [&] {
    const ops::PlainScope scope;
    const Tensor result = f.forward(self, whole, value...);
    kernels::copy(array_view(self), array_view(result));
  });
}

}  // namespace

Tensor masked_fill(const Tensor& self, const Tensor& mask, const Scalar& value) {
  const DimVector sizes = broadcast_sizes("masked_fill", self.sizes(), mask.sizes());
  return differentiable(MaskedFillNumber{{}, value}, stretched(self, sizes),
                        stretched(checked_mask("masked_fill", mask), sizes));
}
Tensor masked_fill(const Tensor& self, const Tensor& mask, const Tensor& value) {
  const DimVector sizes = broadcast_sizes("masked_fill", self.sizes(), mask.sizes());
  return differentiable(MaskedFill{}, stretched(self, sizes),
                        stretched(checked_mask("masked_fill", mask), sizes), checked_value(self, value));
}

Tensor masked_select(const Tensor& self, const Tensor& mask) {
  const DimVector sizes = broadcast_sizes("masked_select", self.sizes(), mask.sizes());
  const Tensor whole = stretched(self, sizes);
  const Tensor positions = ops::positions_where(stretched(checked_mask("masked_select", mask), sizes));
  return differentiable(ops::TakeAt<kMaskedSelect>{{}, ops::everywhere(whole)}, whole, positions);
}

Tensor nonzero(const Tensor& self) {
  const NoGradGuard no_grad;
  const Tensor positions = ops::positions_where(self);
  Tensor out = new_tensor(kLong, {positions.numel(), self.dim()});
  kernels::coordinates_of(out.data_ptr<int64_t>(), positions.data_ptr<int64_t>(), positions.numel(),
                          self.sizes());
  return out;
}

Tensor nonzero_static(const Tensor& self, int64_t size, int64_t fill_value) {
  XGRAD_CHECK(size >= 0, "nonzero_static: size must not be negative: got ", size);
  const Tensor found = nonzero(self);
  Tensor out = full({size, self.dim()}, fill_value, kLong);
  const int64_t count = std::min(size, found.size(0));
  out.narrow(0, 0, count).copy_(found.narrow(0, 0, count));
  return out;
}

Tensor argwhere(const Tensor& self) { return nonzero(self); }

std::vector<Tensor> nonzero_numpy(const Tensor& self) {
  return nonzero(self.dim() == 0 ? self.unsqueeze(0) : self).unbind(1);
}
std::vector<Tensor> where(const Tensor& condition) { return nonzero_numpy(condition); }

Tensor& Tensor::masked_fill_(const Tensor& mask, const Scalar& value) const {
  return fill_in_place(MaskedFillNumber{{}, value}, *this, mask);
}
Tensor& Tensor::masked_fill_(const Tensor& mask, const Tensor& value) const {
  return fill_in_place(MaskedFill{}, *this, mask, checked_value(*this, value));
}

}  // namespace xgrad
