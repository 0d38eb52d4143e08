// cat and stack, which take a list; repeat, flip and roll.
#include <xgrad/core/ops/shape/join.h>

#include <xgrad/core/kernels/copy/copy.h>
#include <xgrad/core/kernels/index.h>
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/stanza/reduced_dims.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

namespace {

using ops::at;

constexpr int64_t kShortRow = 16384;  // bytes of a row of a result that is written row by row

// The format that all of them have.
MemoryFormat common_format(TensorList tensors) {
  const MemoryFormat format = tensors[0].suggest_memory_format();
  for (const Tensor& t : tensors)
    if (t.suggest_memory_format() != format) return MemoryFormat::Contiguous;
  return format;
}

// An old habit that programs rely on: a vector without elements can be joined to anything.
bool is_skipped(const Tensor& t) { return t.dim() == 1 && t.numel() == 0; }

// Writes `t` into `out` from `start` along `dim`.
void place_piece(const Tensor& out, int64_t dim, int64_t start, const Tensor& t, IntArrayRef piece_sizes,
                 IntArrayRef piece_strides) {
  const int64_t offset = start * out.strides()[at(dim)] * static_cast<int64_t>(out.element_size());
  const kernels::ArrayView to{static_cast<char*>(out.data_ptr()) + offset, out.dtype(), out.dim(),
                              piece_sizes.data(), out.strides().data()};
  kernels::copy(to, {t.data_ptr(), t.dtype(), out.dim(), piece_sizes.data(), piece_strides.data()});
}

ScalarType promoted(TensorList tensors) {
  ScalarType t = tensors[0].dtype();
  for (const Tensor& each : tensors) t = promote_types(t, each.dtype());
  return t;
}

// The tensor that the others must fit.
const Tensor& leader(TensorList tensors) {
  for (const Tensor& t : tensors)
    if (!is_skipped(t)) return t;
  return tensors[0];
}

DimVector cat_sizes(TensorList tensors, int64_t dim) {
  const Tensor& first = leader(tensors);
  DimVector sizes(first.sizes());
  sizes[at(dim)] = 0;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    const Tensor& t = tensors[i];
    if (is_skipped(t)) continue;
    XGRAD_CHECK(t.dim() == first.dim(), "cat: tensors must have the same number of dimensions: got ",
                first.sizes(), " and ", t.sizes(), " (tensor ", static_cast<int64_t>(i), ")");
    for (int64_t d = 0; d < first.dim(); ++d)
      XGRAD_CHECK(d == dim || t.sizes()[at(d)] == first.sizes()[at(d)],
                  "cat: sizes of tensors must match except in dimension ", dim, ": got ", first.sizes(),
                  " and ", t.sizes(), " (tensor ", static_cast<int64_t>(i), ", dim ", d, ": ",
                  first.sizes()[at(d)], " vs ", t.sizes()[at(d)], ")");
    XGRAD_CHECK(!__builtin_add_overflow(sizes[at(dim)], t.sizes()[at(dim)], &sizes[at(dim)]),
                "cat: too many elements along dim ", dim);
  }
  return sizes;
}

// Dtypes of the tensors, to which their gradients go back.
std::vector<ScalarType> dtypes_of(TensorList tensors) {
  std::vector<ScalarType> dtypes;
  for (const Tensor& t : tensors) dtypes.push_back(t.dtype());
  return dtypes;
}

struct Cat : ListKernel<> {
  static constexpr OpName name{"cat", "CatBackward"};
  static constexpr bool linear = true;
  int64_t dim;
  DimVector sizes, lengths;  // of the result; along `dim`, -1 for a tensor that is skipped
  std::vector<ScalarType> dtypes;
  void attributes(auto& put) const { put("dim", dim); }

  Cat(TensorList tensors, int64_t d) : dim(d), sizes(cat_sizes(tensors, d)), dtypes(dtypes_of(tensors)) {
    for (const Tensor& t : tensors) lengths.push_back(is_skipped(t) ? -1 : t.sizes()[at(dim)]);
  }
  Tensor forward(TensorList tensors) const {
    const MemoryFormat format = common_format(tensors);
    Tensor out = lent_out(promoted(tensors), sizes);
    if (!out.defined()) out = new_in_format("cat", promoted(tensors), sizes, format);
    if (join(out, tensors, format)) return out;
    int64_t start = 0;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (lengths[i] < 0) continue;
      place_piece(out, dim, start, tensors[i], tensors[i].sizes(), tensors[i].strides());
      start += lengths[i];
    }
    return out;
  }
  // Short rows as they follow each other in the result, which is written in one pass.
  bool join(const Tensor& out, TensorList tensors, MemoryFormat format) const {
    int64_t inner = static_cast<int64_t>(out.element_size());  // bytes of one place along `dim`
    for (int64_t d = 0; d < out.dim(); ++d)
      if (format == MemoryFormat::Contiguous ? d > dim : dim != 1 && (d > dim || d == 1))
        inner *= sizes[at(d)];
    const int64_t row = inner * sizes[at(dim)];
    if (row == 0 || row > kShortRow || out.numel() == 0 || !out.is_contiguous(format)) return false;
    std::vector<kernels::RowBytes> pieces;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
      if (lengths[i] < 0) continue;
      const int64_t bytes = lengths[i] * inner;
      if (bytes < 16 || tensors[i].dtype() != out.dtype() || !tensors[i].is_contiguous(format)) return false;
      pieces.push_back({tensors[i].data_ptr(), bytes});
    }
    kernels::join_rows(out.data_ptr(), pieces.data(), pieces.size(),
                       out.numel() * static_cast<int64_t>(out.element_size()) / row);
    return true;
  }
  std::vector<Tensor> backward_all(const ops::WantedInputs& wanted, const Tensor& g) const {
    std::vector<Tensor> gradients(lengths.size());
    int64_t start = 0;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      const int64_t length = std::max<int64_t>(lengths[i], 0);
      if (wanted[i])
        gradients[i] =
            (lengths[i] < 0 ? zeros({0}, g.options()) : g.narrow(dim, start, length)).to(dtypes[i]);
      start += length;
    }
    return gradients;
  }
  using saved_all = Saved<>;
};

struct Stack : ListKernel<> {
  static constexpr OpName name{"stack", "StackBackward"};
  static constexpr bool linear = true;
  int64_t dim;
  std::vector<ScalarType> dtypes;
  void attributes(auto& put) const { put("dim", dim); }

  Tensor forward(TensorList tensors) const {
    DimVector sizes(tensors[0].sizes()), piece(tensors[0].sizes());
    sizes.insert(at(dim), static_cast<int64_t>(tensors.size()));
    piece.insert(at(dim), 1);
    Tensor out = lent_out(promoted(tensors), sizes);
    if (!out.defined()) out = new_tensor(promoted(tensors), sizes);
    int64_t start = 0;
    for (const Tensor& t : tensors) {
      DimVector strides(t.strides());
      strides.insert(at(dim), 0);
      place_piece(out, dim, start++, t, piece, strides);
    }
    return out;
  }
  std::vector<Tensor> backward_all(const ops::WantedInputs& wanted, const Tensor& g) const {
    std::vector<Tensor> gradients(dtypes.size());
    for (std::size_t i = 0; i < dtypes.size(); ++i)
      if (wanted[i]) gradients[i] = g.select(dim, static_cast<int64_t>(i)).to(dtypes[i]);
    return gradients;
  }
  using saved_all = Saved<>;
};

// A fresh tensor gets other sizes for the same elements.
Tensor with_sizes(const Tensor& t, const DimVector& sizes) {
  t.impl().set_geometry(t.impl().storage(), t.data_ptr(), t.dtype(), sizes, contiguous_strides(sizes));
  return t;
}

struct Repeat : Kernel<1> {
  static constexpr OpName name{"repeat", "RepeatBackward"};
  static constexpr bool linear = true;
  DimVector from, repeats;
  // Every size beside its number of repeats: [r0, s0, r1, s1, ...].
  DimVector paired() const {
    DimVector sizes;
    const std::size_t added = repeats.size() - from.size();
    for (std::size_t d = 0; d < repeats.size(); ++d) {
      sizes.push_back(repeats[d]);
      sizes.push_back(d < added ? 1 : from[d - added]);
    }
    return sizes;
  }
  Tensor forward(const Tensor& x) const {
    const DimVector sizes = paired();
    DimVector strides(sizes.size(), 0), result;
    for (std::size_t d = 0; d < from.size(); ++d)
      strides[2 * (repeats.size() - from.size() + d) + 1] = x.strides()[d];
    Tensor out = new_tensor(x.dtype(), sizes);
    for (std::size_t d = 0; d < sizes.size(); d += 2) result.push_back(sizes[d] * sizes[d + 1]);
    kernels::copy(array_view(out), {x.data_ptr(), x.dtype(), out.dim(), sizes.data(), strides.data()});
    return with_sizes(out, result);
  }
  Tensor backward(const Tensor& g) const {
    DimVector dims;
    for (std::size_t d = 0; d < repeats.size(); ++d) dims.push_back(static_cast<int64_t>(2 * d));
    return repeats.empty() ? g : sum(g.reshape(paired()), dims).reshape(from);
  }
  using saved = Saved<>;
};

struct Flip : Kernel<1> {
  static constexpr OpName name{"flip", "FlipBackward"};
  static constexpr bool linear = true;
  ops::ReducedDims::Mask flipped;
  Tensor forward(const Tensor& x) const {
    Tensor out = dense_like(x, x.dtype());
    const DimVector order = memory_order(out.sizes(), out.strides());
    ops::ReducedDims::Mask mask;
    for (std::size_t d = 0; d < order.size(); ++d) mask[d] = flipped[at(order[d])];
    kernels::flip(out.data_ptr(), array_view(x.permute(order)), mask.data());
    return out;
  }
  Tensor backward(const Tensor& g) const { return differentiable(*this, g); }
  using saved = Saved<>;
};

struct Roll : Kernel<1> {
  static constexpr OpName name{"roll", "RollBackward"};
  static constexpr bool linear = true;
  int64_t shift, dim;  // 0 < shift < size
  Tensor forward(const Tensor& x) const {
    Tensor out = new_tensor(x.dtype(), x.sizes());
    const int64_t rest = x.sizes()[at(dim)] - shift;
    const Tensor front = x.narrow(dim, rest, shift), back = x.narrow(dim, 0, rest);
    place_piece(out, dim, 0, front, front.sizes(), front.strides());
    place_piece(out, dim, shift, back, back.sizes(), back.strides());
    return out;
  }
  Tensor backward(const Tensor& g) const { return roll(g, -shift, dim); }
  using saved = Saved<>;
};

}  // namespace

Tensor cat(TensorList tensors, int64_t dim) {
  XGRAD_CHECK(!tensors.empty(), "cat: expected a non-empty list of Tensors");
  for (std::size_t i = 0; i < tensors.size(); ++i)
    XGRAD_CHECK(tensors[i].dim() > 0, "cat: zero-dimensional tensor (at position ", static_cast<int64_t>(i),
                ") cannot be concatenated; use stack(...)");
  return differentiable(Cat(tensors, wrap_dim("cat", dim, leader(tensors).dim())), tensors);
}

Tensor stack(TensorList tensors, int64_t dim) {
  XGRAD_CHECK(!tensors.empty(), "stack: expects a non-empty TensorList");
  const Tensor& first = tensors[0];
  const int64_t d = wrap_dim("stack", dim, first.dim() + 1);
  for (std::size_t i = 1; i < tensors.size(); ++i)
    XGRAD_CHECK(tensors[i].sizes() == first.sizes(), "stack: expects each tensor to be equal size, but got ",
                first.sizes(), " at entry 0 and ", tensors[i].sizes(), " at entry ", static_cast<int64_t>(i));
  return differentiable(Stack{{}, d, dtypes_of(tensors)}, tensors);
}

Tensor repeat(const Tensor& self, IntArrayRef repeats) {
  XGRAD_CHECK(static_cast<int64_t>(repeats.size()) >= self.dim(),
              "repeat: number of repeats can not be smaller than number of "
              "dimensions of self: repeats are ",
              repeats, ", self is ", self.sizes());
  const Repeat f{{}, self.sizes(), repeats};
  checked_numel("repeat", repeats);
  checked_numel("repeat", f.paired());
  return differentiable(f, self);
}

Tensor tile(const Tensor& self, IntArrayRef dims) {
  DimVector repeats(dims);
  while (static_cast<int64_t>(repeats.size()) < self.dim()) repeats.insert(0, 1);
  return repeat(self, repeats);
}

Tensor flip(const Tensor& self, IntArrayRef dims) {
  XGRAD_CHECK(self.dim() <= static_cast<int64_t>(ops::ReducedDims::kMaxDims),
              "flip: at most 64 dimensions are supported");
  Flip f;
  for (int64_t d : dims) {
    const auto w = at(wrap_dim("flip", d, self.dim()));
    XGRAD_CHECK(!f.flipped[w], "flip: dim ", d, " appears multiple times in the list of dims ", dims);
    f.flipped[w] = true;
  }
  return differentiable(f, self);
}

Tensor roll(const Tensor& self, IntArrayRef shifts, IntArrayRef dims) {
  XGRAD_CHECK(!shifts.empty(), "roll: `shifts` required");
  if (dims.empty() && shifts.size() == 1) return roll(self.reshape(-1), shifts, 0).reshape(self.sizes());
  XGRAD_CHECK(shifts.size() == dims.size(), "roll: shifts and dimensions must align: shifts are ", shifts,
              ", dims are ", dims);
  Tensor result = self;
  for (std::size_t i = 0; i < dims.size(); ++i) {
    const int64_t d = wrap_dim("roll", dims[i], self.dim());
    const int64_t size = self.dim() == 0 ? 1 : self.sizes()[at(d)];
    const int64_t rest = size == 0 ? 0 : shifts[i] % size;
    if (rest != 0) result = differentiable(Roll{{}, rest < 0 ? rest + size : rest, d}, result);
  }
  return result.is_same(self) ? self.clone() : result;
}

}  // namespace xgrad
