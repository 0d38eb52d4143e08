// as_strided: the most general view, and what views become when their base is changed in place.
#include <xgrad/core/stanza/strided.h>

#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/tensor/creation.h>

#include <xgrad/core/kernels/loop_index.h>
#include <xgrad/core/ops/shape/view_op.h>
#include <xgrad/core/tensor/array_view.h>

namespace xgrad {

namespace ops {

int64_t extent(const Geometry& g) {
  int64_t last = g.offset;
  for (std::size_t d = 0; d < g.sizes.size(); ++d) {
    if (g.sizes[d] == 0) return g.offset;
    last += (g.sizes[d] - 1) * g.strides[d];
  }
  return last + 1;
}

bool repeats_elements(const Tensor& t) {
  if (t.is_contiguous()) return false;
  for (std::size_t d = 0; d < t.sizes().size(); ++d)
    if (t.strides()[d] == 0 && t.sizes()[d] > 1) return true;
  return false;
}

bool overlap_in_part(const Tensor& a, const Tensor& b) {
  if (a.is_same(b) || a.impl().storage() != b.impl().storage()) return false;
  const Geometry x(a), y(b);
  const auto is_dense = [](const Geometry& g, int64_t numel) { return extent(g) - g.offset == numel; };
  if (x.same(y) || repeats_elements(a) || repeats_elements(b)) return false;
  if (!is_dense(x, a.numel()) || !is_dense(y, b.numel())) return false;
  return std::max(x.offset, y.offset) < std::min(extent(x), extent(y));
}

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

Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride,
                  optional<int64_t> storage_offset) {
  XGRAD_CHECK(size.size() == stride.size(), "as_strided: mismatch in length of strides and shape: ", size,
              " and ", stride);
  const int64_t offset = storage_offset.value_or(self.storage_offset());
  XGRAD_CHECK(offset >= 0, "as_strided: storage_offset must not be negative: got ", offset);
  const ops::Geometry to(size, stride, offset);
  checked_numel("as_strided", size);
  int64_t last = offset;
  bool empty = false, fits = true;
  for (std::size_t d = 0; d < size.size(); ++d) {
    XGRAD_CHECK(stride[d] >= 0, "as_strided: negative strides are not supported: got ", stride);
    int64_t reach = 0;
    empty = empty || size[d] == 0;
    fits = fits && !__builtin_mul_overflow(std::max<int64_t>(size[d] - 1, 0), stride[d], &reach) &&
           !__builtin_add_overflow(last, reach, &last);
  }
  const auto available = static_cast<int64_t>(self.impl().storage()->nbytes() / self.element_size());
  XGRAD_CHECK(empty || (fits && last < available), "as_strided: sizes ", size, " with strides ", stride,
              " and storage_offset ", offset, " leave the storage of ", available, " elements");
  return differentiable(ops::AsStrided{{}, ops::Geometry(self), to}, self);
}

}  // namespace xgrad
