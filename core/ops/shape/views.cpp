// View ops: one stanza each, forward a geometry, backward another view op or the gradient put back in its
// place.
#include <xgrad/core/ops/shape/views.h>

#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/reduce/reduce.h>

#include <xgrad/core/ops/shape/put_back.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/stanza/reduced_dims.h>
#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

using ops::make_view;

namespace {

using ops::at;

struct View : Kernel<1> {
  static constexpr OpName name{"view", "ViewBackward"};
  static constexpr bool linear = true;
  DimVector sizes, strides, from;
  Tensor forward(const Tensor& x) const { return make_view(x, sizes, strides); }
  Tensor backward(const Tensor& g) const { return g.reshape(from); }
  using saved = Saved<>;
  static Symbol text(int, const Symbol& g, const Symbol*) { return g; }
};

struct Transpose : Kernel<1> {
  static constexpr OpName name{"transpose", "TransposeBackward0"};
  static constexpr bool linear = true;
  int64_t dim0, dim1;
  void attributes(auto& put) const {
    put("dim0", dim0);
    put("dim1", dim1);
  }
  Tensor forward(const Tensor& x) const {
    DimVector sizes(x.sizes()), strides(x.strides());
    std::swap(sizes[at(dim0)], sizes[at(dim1)]);
    std::swap(strides[at(dim0)], strides[at(dim1)]);
    return make_view(x, sizes, strides);
  }
  Tensor backward(const Tensor& g) const { return g.transpose(dim0, dim1); }
  using saved = Saved<>;
  static Symbol text(int, const Symbol& g, const Symbol*) { return transposed(g); }
};

struct T : Kernel<1> {
  static constexpr OpName name{"t", "TBackward"};
  static constexpr bool linear = true;
  static Tensor forward(const Tensor& x) { return Transpose{{}, 0, 1}.forward(x); }
  static Tensor backward(const Tensor& g) { return g.t(); }
  using saved = Saved<>;
  static Symbol text(int, const Symbol& g, const Symbol*) { return transposed(g); }
};

struct Permute : Kernel<1> {
  static constexpr OpName name{"permute", "PermuteBackward"};
  static constexpr bool linear = true;
  DimVector dims;
  void attributes(auto& put) const { put("dims", dims); }
  Tensor forward(const Tensor& x) const {
    DimVector sizes, strides;
    for (int64_t d : dims) {
      sizes.push_back(x.sizes()[at(d)]);
      strides.push_back(x.strides()[at(d)]);
    }
    return make_view(x, sizes, strides);
  }
  Tensor backward(const Tensor& g) const {
    DimVector inverse(dims.size());
    for (std::size_t i = 0; i < dims.size(); ++i) inverse[at(dims[i])] = static_cast<int64_t>(i);
    return g.permute(inverse);
  }
  using saved = Saved<>;
};

struct Select : Kernel<1> {
  static constexpr OpName name{"select", "SelectBackward0"};
  static constexpr bool linear = true;
  int64_t dim, index;
  DimVector from;
  void attributes(auto& put) const {
    put("dim", dim);
    put("index", index);
  }
  Tensor forward(const Tensor& x) const {
    DimVector sizes(x.sizes()), strides(x.strides());
    const int64_t offset = x.numel() > 0 ? index * strides[at(dim)] : 0;
    sizes.erase(at(dim));
    strides.erase(at(dim));
    return make_view(x, sizes, strides, offset);
  }
  Tensor backward(const Tensor& g) const { return ops::put_back(*this, g); }
  using saved = Saved<>;
};

struct Slice : Kernel<1> {
  static constexpr OpName name{"slice", "SliceBackward0"};
  static constexpr bool linear = true;
  int64_t dim, start, length, step;
  DimVector from;
  void attributes(auto& put) const {
    put("dim", dim);
    put("start", start);
    put("length", length);
    put("step", step);
  }
  Tensor forward(const Tensor& x) const {
    DimVector sizes(x.sizes()), strides(x.strides());
    const int64_t offset = length > 0 ? start * strides[at(dim)] : 0;
    sizes[at(dim)] = length;
    strides[at(dim)] = times_stride(step, strides[at(dim)]);
    return make_view(x, sizes, strides, offset);
  }
  Tensor backward(const Tensor& g) const { return ops::put_back(*this, g); }
  using saved = Saved<>;
};

struct Expand : Kernel<1> {
  static constexpr OpName name{"expand", "ExpandBackward"};
  static constexpr bool linear = true;
  DimVector sizes, from;
  Tensor forward(const Tensor& x) const {
    return make_view(x, sizes, broadcast_strides(x.sizes(), x.strides(), sizes));
  }
  Tensor backward(const Tensor& g) const { return sum_to_size(g, from); }
  using saved = Saved<>;
  static Symbol text(int, const Symbol& g, const Symbol*) {
    return g.is_unit() ? g : Symbol::call("sum", {g});
  }
};

struct Squeeze : Kernel<1> {
  static constexpr OpName name{"squeeze", "SqueezeBackward0"};
  static constexpr bool linear = true;
  DimVector removed;  // ascending
  Tensor forward(const Tensor& x) const {
    DimVector sizes(x.sizes()), strides(x.strides());
    for (std::size_t i = removed.size(); i-- > 0;) {
      sizes.erase(at(removed[i]));
      strides.erase(at(removed[i]));
    }
    return make_view(x, sizes, strides);
  }
  Tensor backward(const Tensor& g) const {
    Tensor r = g;
    for (int64_t d : removed) r = r.unsqueeze(d);
    return r;
  }
  using saved = Saved<>;
  static Symbol text(int, const Symbol& g, const Symbol*) { return g; }
};

struct Unsqueeze : Kernel<1> {
  static constexpr OpName name{"unsqueeze", "UnsqueezeBackward0"};
  static constexpr bool linear = true;
  int64_t dim;
  Tensor forward(const Tensor& x) const {
    DimVector sizes(x.sizes()), strides(x.strides());
    const bool last = dim == x.dim();
    strides.insert(at(dim), last ? 1 : times_stride(sizes[at(dim)], strides[at(dim)]));
    sizes.insert(at(dim), 1);
    return make_view(x, sizes, strides);
  }
  Tensor backward(const Tensor& g) const { return g.squeeze(dim); }
  using saved = Saved<>;
  static Symbol text(int, const Symbol& g, const Symbol*) { return g; }
};

struct Diagonal : Kernel<1> {
  static constexpr OpName name{"diagonal", "DiagonalBackward0"};
  static constexpr bool linear = true;
  int64_t offset, dim1, dim2;
  DimVector from;
  Tensor forward(const Tensor& x) const {
    DimVector sizes(x.sizes()), strides(x.strides());
    const int64_t row = std::max<int64_t>(-offset, 0), column = std::max<int64_t>(offset, 0);
    const int64_t length = std::max<int64_t>(0, std::min(sizes[at(dim1)] - row, sizes[at(dim2)] - column));
    const int64_t begin = length > 0 ? row * strides[at(dim1)] + column * strides[at(dim2)] : 0;
    const int64_t step = length > 1 ? strides[at(dim1)] + strides[at(dim2)] : 1;
    for (int64_t d : {std::max(dim1, dim2), std::min(dim1, dim2)}) {
      sizes.erase(at(d));
      strides.erase(at(d));
    }
    sizes.push_back(length);
    strides.push_back(step);
    return make_view(x, sizes, strides, begin);
  }
  Tensor backward(const Tensor& g) const { return ops::put_back(*this, g); }
  using saved = Saved<>;
};

// Most views are made where nobody records or looks on. Those need neither the stanza's own copy of the
// geometry nor the guards around a kernel.
Tensor unwatched(Tensor view) {
  if (!autograd::grad_enabled()) view.impl().set(TensorImpl::kNoGradView, true);
  return view;
}

// Of a contiguous tensor.
Tensor view_as_sizes(const Tensor& self, const DimVector& sizes) {
  if (!ops::is_watched(self)) return unwatched(make_view(self, sizes));
  return differentiable(View{{}, sizes, contiguous_strides(sizes), self.sizes()}, self);
}
Tensor view_as_sizes(const Tensor& self, const DimVector& sizes, const DimVector& strides) {
  if (!ops::is_watched(self)) return unwatched(make_view(self, sizes, strides));
  return differentiable(View{{}, sizes, strides, self.sizes()}, self);
}

template <class F>
Tensor view_by(const F& f, const Tensor& self) {
  return ops::is_watched(self) ? differentiable(f, self) : unwatched(f.forward(self));
}

}  // namespace

Tensor Tensor::view(IntArrayRef size) const {
  const DimVector sizes = ops::infer_size("view", size, numel());
  if (is_contiguous()) return view_as_sizes(*this, sizes);
  const optional<DimVector> strides = ops::view_strides(*this, sizes);
  XGRAD_CHECK(strides, "view: size ", size, " is not compatible with the memory of self of shape ", sizes,
              " and strides ", this->strides(),
              " (at least one dimension spans across two contiguous subspaces); use reshape(...) instead");
  return view_as_sizes(*this, sizes, *strides);
}

Tensor reshape(const Tensor& self, IntArrayRef shape) {
  const DimVector sizes = ops::infer_size("reshape", shape, self.numel());
  if (self.is_contiguous()) return view_as_sizes(self, sizes);
  if (const optional<DimVector> strides = ops::view_strides(self, sizes))
    return view_as_sizes(self, sizes, *strides);
  return self.clone(MemoryFormat::Contiguous).view(sizes);
}

Tensor flatten(const Tensor& self, int64_t start_dim, int64_t end_dim) {
  const int64_t start = wrap_dim("flatten", start_dim, self.dim()),
                end = wrap_dim("flatten", end_dim, self.dim());
  XGRAD_CHECK(start <= end, "flatten: start_dim ", start_dim, " cannot come after end_dim ", end_dim);
  if (self.dim() == 0) return self.reshape({1});
  if (start == end) return self;
  DimVector sizes(self.sizes().slice(0, at(start)));
  sizes.push_back(numel_of(self.sizes().slice(at(start), at(end - start + 1))));
  for (int64_t s : self.sizes().slice(at(end + 1))) sizes.push_back(s);
  return self.reshape(sizes);
}

Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes) {
  const int64_t d = wrap_dim("unflatten", dim, self.dim());
  XGRAD_CHECK(!sizes.empty(), "unflatten: sizes must not be empty");
  const DimVector inner = ops::infer_size("unflatten", sizes, self.size(d));
  DimVector all(self.sizes().slice(0, at(d)));
  for (int64_t s : inner) all.push_back(s);
  for (int64_t s : self.sizes().slice(at(d + 1))) all.push_back(s);
  return self.view(all);
}

Tensor ravel(const Tensor& self) { return self.contiguous().view(-1); }

Tensor t(const Tensor& self) {
  XGRAD_CHECK(self.dim() <= 2, "t: expects a tensor with <= 2 dimensions: self is ", self.sizes(),
              "; use transpose(d0, d1)");
  return self.dim() < 2 ? self.view(self.sizes()) : view_by(T{}, self);
}

Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1) {
  const int64_t a = wrap_dim("transpose", dim0, self.dim()), b = wrap_dim("transpose", dim1, self.dim());
  return self.dim() == 0 ? self.view(self.sizes()) : view_by(Transpose{{}, a, b}, self);
}

Tensor permute(const Tensor& self, IntArrayRef dims) {
  XGRAD_CHECK(static_cast<int64_t>(dims.size()) == self.dim(),
              "permute: needs as many dims as self has: self is ", self.sizes(), ", dims are ", dims);
  DimVector wrapped;
  for (int64_t d : dims) {
    const int64_t w = wrap_dim("permute", d, self.dim());
    XGRAD_CHECK(std::find(wrapped.begin(), wrapped.end(), w) == wrapped.end(), "permute: repeated dim ", d,
                " in ", dims);
    wrapped.push_back(w);
  }
  return view_by(Permute{{}, std::move(wrapped)}, self);
}

Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  XGRAD_CHECK(source.size() == destination.size(),
              "movedim: source and destination must have the same length: ", source, " and ", destination);
  DimVector order(at(self.dim()), -1);
  std::vector<bool> moved(at(self.dim()), false);
  for (std::size_t i = 0; i < source.size(); ++i) {
    const int64_t from = wrap_dim("movedim", source[i], self.dim()),
                  to = wrap_dim("movedim", destination[i], self.dim());
    if (self.dim() == 0) continue;
    XGRAD_CHECK(!moved[at(from)] && order[at(to)] < 0, "movedim: repeated dim in ", source, " or ",
                destination);
    moved[at(from)] = true;
    order[at(to)] = from;
  }
  int64_t next = 0;
  for (int64_t& d : order) {
    if (d >= 0) continue;
    while (moved[at(next)]) ++next;
    d = next++;
  }
  return self.permute(order);
}

Tensor select(const Tensor& self, int64_t dim, int64_t index) {
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, "select: cannot index a tensor without dimensions; use item()");
  const int64_t d = wrap_dim("select", dim, self.dim()), size = self.sizes()[at(d)];
  if (index < -size || index >= size)
    fail<IndexError>("select: index ", index, " is out of bounds for dimension ", d, " with size ", size,
                     ": self is ", self.sizes());
  return view_by(Select{{}, d, index < 0 ? index + size : index, self.sizes()}, self);
}

Tensor slice(const Tensor& self, int64_t dim, optional<int64_t> start, optional<int64_t> end, int64_t step) {
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, "slice: cannot be applied to a tensor without dimensions");
  XGRAD_CHECK_AS(ValueError, step > 0, "slice: step must be positive: got ", step);
  const int64_t d = wrap_dim("slice", dim, self.dim()), size = self.sizes()[at(d)];
  const auto clip = [size](int64_t i) { return std::clamp<int64_t>(i < 0 ? i + size : i, 0, size); };
  const int64_t first = clip(start.value_or(0)), last = std::max(first, clip(end.value_or(size)));
  return view_by(
      Slice{{}, d, first, (last - first) / step + ((last - first) % step != 0), step, self.sizes()}, self);
}

Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length) {
  XGRAD_CHECK(self.dim() > 0, "narrow: cannot be applied to a tensor without dimensions");
  const int64_t d = wrap_dim("narrow", dim, self.dim()), size = self.sizes()[at(d)];
  XGRAD_CHECK(length >= 0, "narrow: length must not be negative: got ", length);
  const int64_t first = start < 0 ? start + size : start;
  XGRAD_CHECK_AS(IndexError, start >= -size && start <= size, "narrow: start ", start,
                 " is out of range for dimension ", d, " with size ", size);
  XGRAD_CHECK(length <= size - first, "narrow: start (", first, ") + length (", length,
              ") exceeds dimension ", d, " with size ", size);
  return slice(self, d, first, first + length, 1);
}

Tensor expand(const Tensor& self, IntArrayRef size) {
  XGRAD_CHECK(static_cast<int64_t>(size.size()) >= self.dim(), "expand: the number of sizes provided (",
              static_cast<int64_t>(size.size()),
              ") must be greater or equal to the number of dimensions: self is ", self.sizes());
  DimVector sizes(size);
  const std::size_t added = size.size() - at(self.dim());
  for (std::size_t i = 0; i < size.size(); ++i) {
    const int64_t own = i < added ? -1 : self.sizes()[i - added];
    if (sizes[i] == -1 && i >= added) sizes[i] = own;
    XGRAD_CHECK(sizes[i] >= 0, "expand: size ", sizes[i],
                " is not allowed in a leading, non-existing dimension ", static_cast<int64_t>(i));
    XGRAD_CHECK(i < added || own == 1 || own == sizes[i], "expand: The expanded size of the tensor (",
                sizes[i], ") must match the existing size (", own, ") at non-singleton dimension ",
                static_cast<int64_t>(i), ": self is ", self.sizes(), ", target is ", size);
  }
  return view_by(Expand{{}, std::move(sizes), self.sizes()}, self);
}

Tensor squeeze(const Tensor& self) {
  DimVector removed;
  for (std::size_t d = 0; d < self.sizes().size(); ++d)
    if (self.sizes()[d] == 1) removed.push_back(static_cast<int64_t>(d));
  return view_by(Squeeze{{}, std::move(removed)}, self);
}

Tensor squeeze(const Tensor& self, int64_t dim) {
  const int64_t d = wrap_dim("squeeze", dim, self.dim());
  DimVector removed;
  if (self.dim() > 0 && self.sizes()[at(d)] == 1) removed.push_back(d);
  return view_by(Squeeze{{}, std::move(removed)}, self);
}

Tensor squeeze(const Tensor& self, IntArrayRef dim) {
  DimVector removed;
  for (int64_t d : dim.empty() ? DimVector() : ops::ReducedDims("squeeze", dim, self.dim(), false).list())
    if (self.sizes()[at(d)] == 1) removed.push_back(d);
  return view_by(Squeeze{{}, std::move(removed)}, self);
}

Tensor unsqueeze(const Tensor& self, int64_t dim) {
  return view_by(Unsqueeze{{}, wrap_dim("unsqueeze", dim, self.dim() + 1)}, self);
}

Tensor diagonal(const Tensor& self, int64_t offset, int64_t dim1, int64_t dim2) {
  const int64_t a = wrap_dim("diagonal", dim1, self.dim()), b = wrap_dim("diagonal", dim2, self.dim());
  XGRAD_CHECK(a != b, "diagonal: dimensions cannot be identical: ", dim1, ", ", dim2);
  const int64_t within = std::clamp(offset, -self.sizes()[at(a)], self.sizes()[at(b)]);
  return view_by(Diagonal{{}, within, a, b, self.sizes()}, self);
}

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
