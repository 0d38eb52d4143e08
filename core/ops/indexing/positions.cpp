// Reading and writing at a list of positions: from positions to places in memory, and the checks of indices.
#include <xgrad/core/ops/indexing/positions.h>

#include <xgrad/core/ops/at.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad::ops {

namespace {

using ops::at;

DimVector ordered(IntArrayRef list, const DimVector& order) {
  if (order.empty()) return list;
  DimVector result;
  for (int64_t d : order) result.push_back(list[at(d)]);
  return result;
}

// Calls f with the parts of `x` at the positions.
template <class F>
void with_slabs(const Place& p, const Tensor& x, const Tensor& positions, F&& f) {
  const DimVector all_sizes = ordered(x.sizes(), p.order), all_strides = ordered(x.strides(), p.order);
  const IntArrayRef sizes = all_sizes, strides = all_strides;
  const std::size_t first = at(p.first), count = at(p.count);
  const auto* places = static_cast<const int64_t*>(positions.data_ptr());
  Tensor offsets;
  // Positions in row-major order are the offsets, unless they would be overwritten on the way.
  const bool row_major = kernels::is_contiguous(
      {nullptr, x.dtype(), p.count, sizes.slice(first, count).data(), strides.slice(first, count).data()});
  if (!row_major || share_memory(positions, x)) {
    offsets = new_tensor(kLong, {positions.numel()});
    kernels::offsets_of(offsets.data_ptr<int64_t>(), places, positions.numel(), sizes.slice(first, count),
                        strides.slice(first, count));
    places = offsets.data_ptr<int64_t>();
  }
  f(kernels::Slabs{x.data_ptr(), x.dtype(), sizes.slice(0, first), strides.slice(0, first), places,
                   positions.numel(), sizes.slice(first + count), strides.slice(first + count)});
}

// All elements are the first one.
bool is_repeated(const Tensor& t) {
  for (std::size_t d = 0; d < t.sizes().size(); ++d)
    if (t.strides()[d] != 0 && t.sizes()[d] != 1) return false;
  return true;
}

}  // namespace

DimVector Place::result_sizes(IntArrayRef positions) const {
  const DimVector sizes = ordered(from, order);
  DimVector result(IntArrayRef(sizes).slice(0, at(first)));
  for (int64_t s : positions) result.push_back(s);
  for (int64_t s : IntArrayRef(sizes).slice(at(first + count))) result.push_back(s);
  return result;
}

Tensor positions_from(const char* op, const Tensor& index, int64_t size, bool wrap,
                      const std::string& where) {
  Tensor positions = index.contiguous();
  auto wrong = kernels::first_outside(positions.data_ptr<int64_t>(), positions.numel(), size);
  if (wrong && wrap) {  // negative ones, which are rare, count from the end
    positions = zeros(index.sizes(), kLong);
    wrong = kernels::append_index(positions.data_ptr<int64_t>(), array_view(index), size, wrap);
  }
  if (wrong) fail<IndexError>(op, ": index ", *wrong, " is out of bounds for ", where);
  return positions;
}

Tensor positions_where(const Tensor& mask) {
  const Tensor flags = mask.to(kBool).contiguous();
  const auto* values = static_cast<const bool*>(flags.data_ptr());
  Tensor positions = new_tensor(kLong, {kernels::count_true(values, flags.numel())});
  kernels::positions_of_true(positions.data_ptr<int64_t>(), positions.numel(), values);
  return positions;
}

Tensor take_at(const Place& place, const Tensor& x, const Tensor& positions) {
  Tensor out = new_result(x.dtype(), place.result_sizes(positions.sizes()));
  if (out.numel() == 0) return out;
  with_slabs(place, x, positions, [&](const kernels::Slabs& slabs) { kernels::take(out.data_ptr(), slabs); });
  return out;
}

void write_at(const Place& place, const Tensor& x, const Tensor& positions, const Tensor& values,
              bool accumulate) {
  if (values.numel() == 0) return;
  with_slabs(place, x, positions, [&](const kernels::Slabs& slabs) {
    if (!accumulate && is_repeated(values)) return kernels::put_one(slabs, values.data_ptr());
    const bool overlaps = share_memory(values, x);
    const Tensor dense = overlaps ? values.clone(MemoryFormat::Contiguous) : values.contiguous();
    accumulate ? kernels::combine(slabs, dense.data_ptr(), kernels::Combine::add)
               : kernels::put(slabs, dense.data_ptr());
  });
}

Tensor SpreadAt::forward(const Tensor& g, const Tensor& positions) const {
  Tensor out = zeros(place.from, g.options());
  write_at(place, out, positions, g, true);
  return out;
}
Tensor SpreadAt::backward_0(const Tensor& gg, const Tensor& positions) const {
  return differentiable(TakeAt<kIndex>{{}, place}, gg, positions);
}

Tensor ZeroAt::forward(const Tensor& x, const Tensor& positions) const {
  Tensor out = x.clone();
  const DimVector sizes = place.result_sizes(positions.sizes());
  write_at(place, out, positions, zeros({}, x.options()).expand(sizes), false);
  return out;
}

}  // namespace xgrad::ops
