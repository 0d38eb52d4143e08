// Copies with a part replaced, which are a copy and a change of its view; and padding.
#include <xgrad/core/ops/shape/parts.h>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

namespace {

using ops::at;

// `copy` with `src` in the part that `view` shows of it.
template <class View>
Tensor with_part(const char* op, const Tensor& copy, const Tensor& src, const View& view) {
  const Tensor part = view(copy);
  XGRAD_CHECK(part.sizes() == src.sizes(), op,
              ": src must have the shape of the part that it replaces: src is ", src.sizes(),
              ", the part is ", part.sizes());
  part.copy_(src);
  return copy;
}

// pad[2 * i] and pad[2 * i + 1] belong to the i-th dimension from the end.
struct ConstantPad : Kernel<1> {
  static constexpr OpName name{"constant_pad_nd", "ConstantPadNdBackward"};
  DimVector pad;
  Scalar value;
  void attributes(auto& put) const {
    put("pad", pad);
    put("value", value.toDouble());
  }

  int64_t dim(std::size_t i, int64_t ndim) const { return ndim - 1 - static_cast<int64_t>(i); }
  Tensor forward(const Tensor& x) const {
    DimVector sizes(x.sizes());
    for (std::size_t i = 0; 2 * i < pad.size(); ++i)
      sizes[at(dim(i, x.dim()))] += pad[2 * i] + pad[2 * i + 1];
    Tensor out = new_in_format("constant_pad_nd", x.dtype(), sizes, x.suggest_memory_format()), from = x,
           to = out;
    kernels::fill(array_view(out), value);
    for (std::size_t i = 0; 2 * i < pad.size(); ++i) {
      const int64_t d = dim(i, x.dim()), before = pad[2 * i], after = pad[2 * i + 1];
      const int64_t kept = x.sizes()[at(d)] - std::max<int64_t>(-before, 0) - std::max<int64_t>(-after, 0);
      from = from.narrow(d, std::max<int64_t>(-before, 0), kept);
      to = to.narrow(d, std::max<int64_t>(before, 0), kept);
    }
    kernels::copy(array_view(to), array_view(from));
    return out;
  }
  Tensor backward(const Tensor& g) const {
    DimVector back(pad);
    for (int64_t& p : back) p = -p;
    return constant_pad_nd(g, back);
  }
  Tensor tangent(const Tensor& t) const { return constant_pad_nd(t, pad); }
  using saved = Saved<>;
};

}  // namespace

Tensor slice_scatter(const Tensor& self, const Tensor& src, int64_t dim, optional<int64_t> start,
                     optional<int64_t> end, int64_t step) {
  return with_part("slice_scatter", self.clone(), src,
                   [&](const Tensor& t) { return t.slice(dim, start, end, step); });
}
Tensor select_scatter(const Tensor& self, const Tensor& src, int64_t dim, int64_t index) {
  return with_part("select_scatter", self.clone(), src,
                   [&](const Tensor& t) { return t.select(dim, index); });
}
Tensor diagonal_scatter(const Tensor& self, const Tensor& src, int64_t offset, int64_t dim1, int64_t dim2) {
  return with_part("diagonal_scatter", self.clone(), src,
                   [&](const Tensor& t) { return t.diagonal(offset, dim1, dim2); });
}
Tensor as_strided_scatter(const Tensor& self, const Tensor& src, IntArrayRef size, IntArrayRef stride,
                          optional<int64_t> storage_offset) {
  const int64_t elements = ops::extent(ops::Geometry(self));
  const Tensor memory = self.as_strided({elements}, {1}, 0).clone();
  return with_part("as_strided_scatter",
                   memory.as_strided(self.sizes(), self.strides(), self.storage_offset()), src,
                   [&](const Tensor& t) { return t.as_strided(size, stride, storage_offset); });
}

Tensor narrow_copy(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  return self.narrow(dim, start, length).clone(MemoryFormat::Contiguous);
}

Tensor constant_pad_nd(const Tensor& self, IntArrayRef pad, const Scalar& value) {
  XGRAD_CHECK(pad.size() % 2 == 0, "constant_pad_nd: pad needs two numbers for each dimension: got ", pad);
  XGRAD_CHECK(static_cast<int64_t>(pad.size()) <= 2 * self.dim(),
              "constant_pad_nd: pad has numbers for more dimensions than self: pad is ", pad, ", self is ",
              self.sizes());
  DimVector sizes(self.sizes());
  for (std::size_t i = 0; 2 * i < pad.size(); ++i) {
    int64_t& size = sizes[sizes.size() - 1 - i];
    const int64_t cut = std::max<int64_t>(-pad[2 * i], 0) + std::max<int64_t>(-pad[2 * i + 1], 0);
    XGRAD_CHECK(cut <= size, "constant_pad_nd: more is cut off than there is: pad is ", pad, ", self is ",
                self.sizes(), " (", cut, " vs ", size, ")");
    size += pad[2 * i] + pad[2 * i + 1];
  }
  checked_numel("constant_pad_nd", sizes);
  check_number("constant_pad_nd", value, self.dtype());
  return differentiable(ConstantPad{{}, pad, value}, self);
}

}  // namespace xgrad
