// Joins and rearrangements that are made of others.
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/order/histogram.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/reduce/scan.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/parts.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

Tensor concat(TensorList tensors, int64_t dim) { return cat(tensors, dim); }
Tensor concatenate(TensorList tensors, int64_t dim) { return cat(tensors, dim); }

Tensor hstack(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "hstack: expects a non-empty TensorList");
  const std::vector<Tensor> all = atleast_1d(tensors);
  return cat(all, all[0].dim() == 1 ? 0 : 1);
}
Tensor vstack(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "vstack: expects a non-empty TensorList");
  return cat(atleast_2d(tensors), 0);
}
Tensor row_stack(TensorList tensors) { return vstack(tensors); }
Tensor dstack(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "dstack: expects a non-empty TensorList");
  return cat(atleast_3d(tensors), 2);
}
Tensor column_stack(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "column_stack: expects a non-empty TensorList");
  std::vector<Tensor> columns = tensors.vec();
  for (Tensor& t : columns)
    if (t.dim() < 2) t = t.reshape({t.numel(), 1});
  return cat(columns, 1);
}

Tensor block_diag(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "block_diag: expects a non-empty TensorList");
  ScalarType dtype = tensors[0].dtype();  // numbers among them promote as numbers do
  if (tensors.size() > 1) {
    const std::vector<Argument> all(tensors.begin(), tensors.end());
    dtype = ops::common_dtype(all.data(), static_cast<int>(all.size()));
  }
  std::vector<Tensor> rows = atleast_2d(tensors);
  int64_t before = 0, after = 0;
  for (const Tensor& t : rows) {
    XGRAD_CHECK(t.dim() == 2, "block_diag: expects matrices, vectors or numbers: one is ", t.sizes());
    after += t.sizes()[1];
  }
  for (Tensor& t : rows) {
    const int64_t columns = t.sizes()[1];
    after -= columns;
    t = constant_pad_nd(t.to(dtype), {before, after});
    before += columns;
  }
  return cat(rows, 0);
}

Tensor cartesian_prod(TensorList tensors) {
  XGRAD_CHECK(!tensors.empty(), "cartesian_prod: expects a non-empty TensorList");
  for (const Tensor& t : tensors)
    XGRAD_CHECK(t.dim() == 1, "cartesian_prod: expects vectors: one is ", t.sizes());
  if (tensors.size() == 1) return tensors[0];
  std::vector<Tensor> columns = meshgrid(tensors);
  for (Tensor& t : columns) t = t.reshape(-1);
  return stack(columns, 1);
}

Tensor combinations(const Tensor& self, int64_t r, bool with_replacement) {
  XGRAD_CHECK(self.dim() == 1, "combinations: expects a vector: self is ", self.sizes());
  XGRAD_CHECK(r >= 0, "combinations: r must not be negative: got ", r);
  if (r == 0) return empty({0}, self.options());
  const Tensor numbers = arange(self.numel());
  const std::vector<Tensor> place = meshgrid(std::vector<Tensor>(static_cast<std::size_t>(r), numbers));
  Tensor chosen = ones(place[0].sizes(), kBool);
  for (std::size_t i = 0; i + 1 < place.size(); ++i)
    chosen = logical_and(chosen, with_replacement ? le(place[i], place[i + 1]) : lt(place[i], place[i + 1]));
  return self.take(nonzero(chosen));
}

Tensor repeat_interleave(const Tensor& repeats, optional<int64_t> output_size) {
  XGRAD_CHECK(repeats.dim() == 1, "repeat_interleave: repeats must be a number or a vector: repeats is ",
              repeats.sizes());
  XGRAD_CHECK_AS(TypeError, is_integral_type(repeats.dtype(), false),
                 "repeat_interleave: repeats must be integers: got ", repeats.dtype());
  const Tensor ends = cumsum(repeats, 0);
  XGRAD_CHECK(repeats.numel() == 0 || min(repeats).item<int64_t>() >= 0,
              "repeat_interleave: repeats must not be negative: the smallest is ",
              min(repeats).item<int64_t>());
  const int64_t total = repeats.numel() == 0 ? 0 : ends[-1].item<int64_t>();
  XGRAD_CHECK(output_size.value_or(total) == total, "repeat_interleave: output_size is ",
              output_size.value_or(total), ", but repeats sum to ", total);
  // As many repeats have ended at each place as came before the one that stands there.
  return cumsum(bincount(ends, nullopt, total + 1), 0).narrow(0, 0, total).to(repeats.dtype());
}
Tensor repeat_interleave(const Tensor& self, const Tensor& repeats, optional<int64_t> dim,
                         optional<int64_t> output_size) {
  const Tensor from = dim ? self : self.flatten();
  const int64_t d = wrap_dim("repeat_interleave", dim.value_or(0), from.dim()),
                size = from.dim() == 0 ? 1 : from.size(d);
  const bool one = repeats.dim() <= 1 && repeats.numel() == 1;
  XGRAD_CHECK(one || (repeats.dim() == 1 && repeats.numel() == size),
              "repeat_interleave: repeats must have the same size as self along dim: repeats is ",
              repeats.sizes(), ", self is ", self.sizes(), " (", repeats.numel(), " vs ", size, ")");
  const Tensor each = one ? repeats.reshape({1}).expand({size}) : repeats;
  const Tensor chosen = repeat_interleave(each, output_size);
  return from.index_select(d, chosen.dtype() == kInt ? chosen : chosen.to(kLong));
}
Tensor repeat_interleave(const Tensor& self, int64_t repeats, optional<int64_t> dim,
                         optional<int64_t> output_size) {
  XGRAD_CHECK(repeats >= 0, "repeat_interleave: repeats must not be negative: got ", repeats);
  const Tensor from = dim ? self.dim() == 0 ? self.reshape({1}) : self : self.flatten();
  const int64_t d = wrap_dim("repeat_interleave", dim.value_or(0), from.dim());
  XGRAD_CHECK(output_size.value_or(from.size(d) * repeats) == from.size(d) * repeats,
              "repeat_interleave: output_size is ", output_size.value_or(0), ", but repeats sum to ",
              from.size(d) * repeats);
  DimVector sizes(from.sizes());
  sizes.insert(static_cast<std::size_t>(d) + 1, repeats);
  return from.unsqueeze(d + 1).expand(sizes).clone(MemoryFormat::Contiguous).flatten(d, d + 1);
}

Tensor fliplr(const Tensor& self) {
  XGRAD_CHECK(self.dim() >= 2, "fliplr: needs two dimensions or more: self is ", self.sizes());
  return self.flip(1);
}
Tensor flipud(const Tensor& self) {
  XGRAD_CHECK(self.dim() >= 1, "flipud: needs a dimension: self is ", self.sizes());
  return self.flip(0);
}

Tensor rot90(const Tensor& self, int64_t k, IntArrayRef dims) {
  XGRAD_CHECK(dims.size() == 2, "rot90: needs two dims to rotate in: got ", dims);
  XGRAD_CHECK(self.dim() >= 2, "rot90: needs two dimensions or more: self is ", self.sizes());
  const int64_t a = wrap_dim("rot90", dims[0], self.dim()), b = wrap_dim("rot90", dims[1], self.dim());
  XGRAD_CHECK(a != b, "rot90: the dims must be different: got ", dims);
  switch ((k % 4 + 4) % 4) {
    case 1:
      return self.flip(b).transpose(a, b);
    case 2:
      return self.flip({a, b});
    case 3:
      return self.flip(a).transpose(a, b);
    default:
      return self.clone(MemoryFormat::Contiguous);
  }
}

}  // namespace xgrad
