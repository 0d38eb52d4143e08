// as_strided: the most general view, and what views become when their base is changed in place.
#include <xgrad/core/stanza/strided.h>

#include <xgrad/core/tensor/creation.h>

#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

namespace ops {

namespace {

// storage[place of i] += values[i], which a view with overlapping elements needs.
template <class T>
void add_at(T* storage, const Geometry& where, const T* values) {
  kernels::for_each_offset(where.sizes, where.strides,
                           [&](int64_t i, int64_t offset) { storage[where.offset + offset] += values[i]; });
}

Tensor scattered(const Tensor& g, const Geometry& where, int64_t size) {
  const Tensor values = g.contiguous();
  Tensor storage = zeros({size}, g.options());
  if (g.dtype() == kDouble)
    add_at(storage.data_ptr<double>(), where, values.data_ptr<double>());
  else if (g.dtype() == kFloat)
    add_at(storage.data_ptr<float>(), where, values.data_ptr<float>());
  else
    return scattered(g.to(kFloat), where, size).to(g.dtype());
  return storage;
}

// The gradient of AsStrided; linear, so that its own derivative is AsStrided over a storage laid out as the
// input.
struct AsStridedGradient : Kernel<1> {
  static constexpr OpName name{"as_strided", "AsStridedGradientBackward"};
  Geometry from, to;
  Tensor forward(const Tensor& g) const {
    const int64_t size = std::max(extent(from), extent(to));
    const Tensor storage = scattered(g, to, size);
    Tensor result = make_view(storage, from.sizes, from.strides, from.offset).clone(MemoryFormat::Contiguous);
    const Tensor count = scattered(ones(from.sizes, g.options()), from,
                                   size);  // input elements that share a place share the sum
    return result.div_(make_view(count, from.sizes, from.strides, from.offset));
  }
  Tensor backward(const Tensor& gg) const {
    const Tensor storage = zeros({std::max(extent(from), extent(to))}, gg.options());
    const Geometry whole(storage.sizes(), storage.strides(), 0);
    // Put gg where the input was, then look at it as the output did; both steps are recorded.
    const Tensor placed = differentiable(AsStridedGradient{{}, whole, from}, gg);
    return differentiable(AsStrided{{}, whole, to}, placed);
  }
  using saved = Saved<>;
};

}  // namespace

Tensor AsStrided::forward(const Tensor& x) const {
  return make_view(x, to.sizes, to.strides, to.offset - x.storage_offset());
}
Tensor AsStrided::backward(const Tensor& g) const {
  return differentiable(AsStridedGradient{{}, from, to}, g);
}

}  // namespace ops

}  // namespace xgrad
