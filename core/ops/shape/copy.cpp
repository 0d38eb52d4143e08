// Copies, conversions and filling: one stanza per op.
#include <xgrad/core/ops/shape/copy.h>

#include <xgrad/core/tensor/creation.h>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

namespace {

struct Clone : Kernel<1> {
  static constexpr OpName name{"clone", "CloneBackward"};
  static constexpr bool linear = true;
  optional<MemoryFormat> format;
  Tensor forward(const Tensor& x) const {
    Tensor out = new_like(x, {}, format);
    kernels::copy(array_view(out), array_view(x));
    return out;
  }
  static Tensor backward(const Tensor& g) { return g; }
  using saved = Passed;
};

struct ToCopy : Kernel<1> {
  static constexpr OpName name{"to", "ToCopyBackward"};
  static constexpr bool linear = true;
  ScalarType from, to;
  optional<MemoryFormat> format;
  Tensor forward(const Tensor& x) const {
    Tensor out = new_like(x, to, format);
    kernels::copy(array_view(out), array_view(x));
    return out;
  }
  Tensor backward(const Tensor& g) const { return g.to(from); }
  using saved = Saved<>;
};

// self = source, in place: nothing of self's old value is left, so its gradient is zero.
struct CopyInto : Kernel<2> {
  static constexpr OpName name{"copy", "CopyBackwards"};
  DimVector source_sizes;
  ScalarType source_dtype;
  using saved_0 = Vanishes;
  Tensor backward_1(const Tensor& g) const { return ops::fit_gradient(g, source_sizes, source_dtype); }
  using saved_1 = Saved<>;
};

struct FillNumber : Kernel<1> {
  static constexpr OpName name{"fill", "FillBackward0"};
  using saved = Vanishes;
};

// The source read with the destination's shape.
kernels::ArrayView expanded_view(const Tensor& source, IntArrayRef sizes, DimVector& strides) {
  XGRAD_CHECK(source.dim() <= static_cast<int64_t>(sizes.size()), "copy_: source of shape ", source.sizes(),
              " does not broadcast to self of shape ", sizes);
  const std::size_t added = sizes.size() - source.sizes().size();
  for (std::size_t d = 0; d < source.sizes().size(); ++d) {
    const int64_t s = source.sizes()[d];
    XGRAD_CHECK(s == 1 || s == sizes[added + d], "copy_: source of shape ", source.sizes(),
                " does not broadcast to self of shape ", sizes, " (dim ", static_cast<int64_t>(added + d),
                ": ", s, " vs ", sizes[added + d], ")");
  }
  strides = broadcast_strides(source.sizes(), source.strides(), sizes);
  return {source.data_ptr(), source.dtype(), static_cast<int64_t>(sizes.size()), sizes.data(),
          strides.data()};
}

}  // namespace

Tensor clone(const Tensor& self, optional<MemoryFormat> format) {
  return differentiable(Clone{{}, format}, self);
}
Tensor Tensor::contiguous(MemoryFormat format) const {
  if (is_contiguous(format)) return *this;
  XGRAD_CHECK(format != MemoryFormat::Preserve, "contiguous: unsupported memory format: preserve_format");
  return clone(format);
}
Tensor detach(const Tensor& self) { return self.detach(); }
Tensor positive(const Tensor& self) {
  XGRAD_CHECK_AS(TypeError, self.dtype() != kBool, "positive: not defined for bool");
  return self;
}

Tensor Tensor::to(ScalarType t, bool, bool copy, optional<MemoryFormat> format) const {
  const MemoryFormat wanted = format.value_or(MemoryFormat::Preserve);
  const bool lies_so = wanted == MemoryFormat::Preserve || suggest_memory_format() == wanted;
  return t == dtype() && !copy && lies_so ? *this : differentiable(ToCopy{{}, dtype(), t, format}, *this);
}
Tensor Tensor::to(const TensorOptions& options, bool, bool copy, optional<MemoryFormat> format) const {
  if (!format) format = options.memory_format_opt();
  return to(options.dtype_opt().value_or(dtype()), false, copy, format);
}
Tensor Tensor::to(Device device, ScalarType t, bool, bool copy, optional<MemoryFormat> format) const {
  return to(TensorOptions(device).dtype(t), false, copy, format);
}
Tensor Tensor::to(const Tensor& other, bool, bool copy, optional<MemoryFormat> format) const {
  return to(other.dtype(), false, copy, format);
}

Tensor& Tensor::copy_(const Tensor& source, bool) const {
  Argument args[] = {*this, source};
  return ops::change_in_place(CopyInto{{}, source.sizes(), source.dtype()}, *this, args, [&] {
    if (is_same(source)) return;
    DimVector strides;
    // Overlapping parts of one storage would be read after they were written.
    const Tensor from = ops::share_memory(*this, source) ? Clone{}.forward(source) : source;
    kernels::copy(array_view(*this), expanded_view(from, sizes(), strides));
  });
}

Tensor& Tensor::fill_(const Scalar& value) const {
  check_number("fill_", value, dtype());
  Argument args[] = {*this};
  return ops::change_in_place(FillNumber{}, *this, args, [&] { kernels::fill(array_view(*this), value); });
}
Tensor& Tensor::fill_(const Tensor& value) const {
  XGRAD_CHECK(value.dim() == 0, "fill_: value must have no dimensions: got shape ", value.sizes());
  return copy_(value);
}
Tensor& Tensor::zero_() const { return fill_(0); }

Tensor fill(const Tensor& self, const Scalar& value) { return self.clone().fill_(value); }
Tensor fill(const Tensor& self, const Tensor& value) { return self.clone().fill_(value); }

ScalarType result_type(const Tensor& a, const Tensor& b) {
  return ops::common_dtype(std::array<Argument, 2>{a, b}.data(), 2);
}
ScalarType result_type(const Tensor& a, const Scalar& b) {
  return ops::common_dtype(std::array<Argument, 2>{a, b}.data(), 2);
}
ScalarType result_type(const Scalar& a, const Tensor& b) {
  return ops::common_dtype(std::array<Argument, 2>{a, b}.data(), 2);
}
ScalarType result_type(const Scalar& a, const Scalar& b) {
  return ops::common_dtype(std::array<Argument, 2>{a, b}.data(), 2);
}

namespace ops {

Tensor zeros_of(const Tensor& t) { return zeros(t.sizes(), t.options()); }

}  // namespace ops
}  // namespace xgrad
