// View functions that are made of others, and views in place of their tensor.
#include <xgrad/core/ops/shape/views.h>

#include <algorithm>
#include <cstring>

#include <xgrad/core/stanza/strided.h>
#include <xgrad/core/stanza/tangent.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

Tensor broadcast_to(const Tensor& self, IntArrayRef size) { return expand(self, size); }

std::vector<Tensor> broadcast_tensors(TensorList tensors) {
  DimVector sizes;
  for (const Tensor& t : tensors) sizes = broadcast_sizes("broadcast_tensors", sizes, t.sizes());
  std::vector<Tensor> result;
  for (const Tensor& t : tensors) result.push_back(t.expand(sizes));
  return result;
}

std::vector<int64_t> broadcast_shapes(ArrayRef<std::vector<int64_t>> shapes) {
  DimVector sizes;
  for (const auto& s : shapes) {
    XGRAD_CHECK_AS(ValueError, std::all_of(s.begin(), s.end(), [](int64_t n) { return n >= 0; }),
                   "broadcast_shapes: sizes must not be negative: got ", IntArrayRef(s));
    sizes = broadcast_sizes("broadcast_shapes", sizes, s);
  }
  return IntArrayRef(sizes).vec();
}

std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing) {
  XGRAD_CHECK(!tensors.empty(), "meshgrid: expects a non-empty TensorList");
  XGRAD_CHECK_AS(ValueError, indexing == "ij" || indexing == "xy",
                 "meshgrid: indexing must be \"ij\" or \"xy\": got \"", indexing, "\"");
  DimVector sizes;
  for (const Tensor& t : tensors) {
    XGRAD_CHECK(t.dim() <= 1, "meshgrid: expects vectors or numbers: one is ", t.sizes());
    XGRAD_CHECK_AS(TypeError, t.dtype() == tensors[0].dtype(),
                   "meshgrid: dtypes differ: ", tensors[0].dtype(), " and ", t.dtype(),
                   "; convert them with to(...)");
    sizes.push_back(t.numel());
  }
  const bool swapped = indexing == "xy" && tensors.size() > 1;
  if (swapped) std::swap(sizes[0], sizes[1]);
  std::vector<Tensor> grids;
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    DimVector along(tensors.size(), 1);
    along[swapped && i < 2 ? 1 - i : i] = tensors[i].numel();
    grids.push_back(tensors[i].reshape(along).expand(sizes));
  }
  return grids;
}

Tensor narrow(const Tensor& self, int64_t dim, const Tensor& start, int64_t length) {
  XGRAD_CHECK(start.dim() == 0 && is_integral_type(start.dtype(), false),
              "narrow: start must be a 0-dim integral tensor: got ", start.dtype(), " of shape ",
              start.sizes());
  return narrow(self, dim, start.item<int64_t>(), length);
}

Tensor movedim(const Tensor& self, int64_t source, int64_t destination) {
  return movedim(self, IntArrayRef(source), IntArrayRef(destination));
}
Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination) {
  return movedim(self, source, destination);
}
Tensor moveaxis(const Tensor& self, int64_t source, int64_t destination) {
  return movedim(self, source, destination);
}
Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1) { return transpose(self, axis0, axis1); }
Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1) { return transpose(self, dim0, dim1); }

Tensor atleast_1d(const Tensor& self) { return self.dim() == 0 ? self.reshape({1}) : self; }
Tensor atleast_2d(const Tensor& self) {
  return self.dim() == 0 ? self.reshape({1, 1}) : self.dim() == 1 ? self.unsqueeze(0) : self;
}
Tensor atleast_3d(const Tensor& self) { return self.dim() >= 3 ? self : atleast_2d(self).unsqueeze(-1); }

namespace {

template <class F>
std::vector<Tensor> each(TensorList tensors, const F& f) {
  std::vector<Tensor> result;
  for (const Tensor& t : tensors) result.push_back(f(t));
  return result;
}

}  // namespace

std::vector<Tensor> atleast_1d(TensorList tensors) {
  return each(tensors, [](const Tensor& t) { return atleast_1d(t); });
}
std::vector<Tensor> atleast_2d(TensorList tensors) {
  return each(tensors, [](const Tensor& t) { return atleast_2d(t); });
}
std::vector<Tensor> atleast_3d(TensorList tensors) {
  return each(tensors, [](const Tensor& t) { return atleast_3d(t); });
}

namespace {

// As as_strided, but the gradient asks where an element stands in self, and not which elements share its
// memory.
struct Unfold : Kernel<1> {
  static constexpr OpName name{"unfold", "UnfoldBackward"};
  DimVector shape;
  int64_t dim, size, step;

  ops::Geometry windows(const ops::Geometry& of) const {
    ops::Geometry result = of;
    const auto d = static_cast<std::size_t>(dim);
    const int64_t stride = shape.empty() ? 1 : of.strides[d];
    if (!shape.empty()) {
      result.sizes[d] = (shape[d] - size) / step + 1;
      result.strides[d] = times_stride(step, stride);
    }
    result.sizes.push_back(size);
    result.strides.push_back(stride);
    return result;
  }
  Tensor forward(const Tensor& x) const {
    const ops::Geometry to = windows(ops::Geometry(x));
    return ops::make_view(x, to.sizes, to.strides);
  }
  Tensor backward(const Tensor& g) const {
    const ops::Geometry dense(shape, contiguous_strides(shape), 0);
    return ops::AsStrided{{}, dense, windows(dense)}.backward(g);
  }
  using saved = Saved<>;
};

}  // namespace

Tensor Tensor::unfold(int64_t dimension, int64_t size, int64_t step) const {
  const int64_t d = wrap_dim("unfold", dimension, dim());
  const int64_t length = dim() == 0 ? 1 : sizes()[static_cast<std::size_t>(d)];
  XGRAD_CHECK(size >= 0 && size <= length, "unfold: a window must fit into dimension ", d, ": self is ",
              sizes(), " (", size, " vs ", length, ")");
  XGRAD_CHECK(step > 0, "unfold: step must be positive: got ", step);
  const Unfold f{{}, DimVector(sizes()), d, size, step};
  checked_numel("unfold", f.windows(ops::Geometry(*this)).sizes);
  return differentiable(f, *this);
}

namespace {

// self becomes `view`, which was made of it: its geometry, and its history where one is recorded.
Tensor& become(const char* op, const Tensor& self, const Tensor& view) {
  const TensorImpl& v = view.impl();
  autograd::InplaceChange change(op, self, v.grad_fn != nullptr);
  if (v.grad_fn) change.record_view(intrusive_ptr<autograd::Node>(v.grad_fn));
  const Tensor tangent = ops::carries_tangents() ? ops::tangent_of(view) : Tensor();
  self.impl().set_geometry(v.storage(), v.data(), v.dtype(), v.sizes(), v.strides());
  change.commit();
  if (tangent.defined()) ops::set_tangent(self, tangent);
  return const_cast<Tensor&>(self);
}

}  // namespace

Tensor& Tensor::t_() const { return become("t", *this, t()); }
Tensor& Tensor::transpose_(int64_t dim0, int64_t dim1) const {
  return become("transpose", *this, transpose(dim0, dim1));
}
Tensor& Tensor::squeeze_() const { return become("squeeze", *this, squeeze()); }
Tensor& Tensor::squeeze_(int64_t dim) const { return become("squeeze", *this, squeeze(dim)); }
Tensor& Tensor::squeeze_(IntArrayRef dim) const { return become("squeeze", *this, squeeze(dim)); }
Tensor& Tensor::unsqueeze_(int64_t dim) const { return become("unsqueeze", *this, unsqueeze(dim)); }
Tensor& Tensor::as_strided_(IntArrayRef size, IntArrayRef stride, optional<int64_t> storage_offset) const {
  return become("as_strided", *this, as_strided(size, stride, storage_offset));
}

Tensor detail::view_as_dtype(const Tensor& self, ScalarType dtype) {
  Tensor view = self.detach();
  const auto from = static_cast<int64_t>(element_size(self.dtype())),
             to = static_cast<int64_t>(element_size(dtype));
  DimVector sizes(self.sizes()), strides(self.strides());
  if (from != to) {
    XGRAD_CHECK(!sizes.empty(), "view: self must have a dimension to view ", self.dtype(), " as ", dtype,
                ", whose elements have another size: self is a scalar");
    XGRAD_CHECK(strides.back() == 1, "view: the last stride must be 1 to view ", self.dtype(), " as ", dtype,
                ": self has strides ", self.strides(), "; use contiguous() first");
    const auto scaled = [&](int64_t n, const char* what) {
      XGRAD_CHECK(n * from % to == 0, "view: ", what, " must be divisible by ", to / from, " to view ",
                  self.dtype(), " as ", dtype, ": got ", n, "; self is ", self.sizes(), ", its strides are ",
                  self.strides());
      return n * from / to;
    };
    sizes.back() = scaled(sizes.back(), "the last size");
    scaled(self.storage_offset(), "storage_offset()");
    for (std::size_t d = 0; d + 1 < strides.size(); ++d)
      strides[d] = scaled(strides[d], "every other stride");
  }
  view.impl().set_geometry(view.impl().storage(), view.impl().data(), dtype, sizes, strides);
  return view;
}

void ops::check_resizable(const char* op, const Tensor& t, IntArrayRef size) {
  const std::size_t begin = static_cast<std::size_t>(t.storage_offset()) * t.element_size(),
                    bytes = static_cast<std::size_t>(checked_numel(op, size)) * t.element_size();
  const intrusive_ptr<StorageImpl>& storage = t.impl().storage();
  XGRAD_CHECK(begin + bytes <= storage->nbytes() || storage->use_count() == 1, op,
              ": cannot grow memory that other tensors share: self is ", t.sizes(), ", the new size is ",
              size);
}

Tensor resize(const Tensor& self, IntArrayRef size, optional<MemoryFormat> format) {
  return self.clone(MemoryFormat::Contiguous).resize_(size, format);
}
Tensor resize_as(const Tensor& self, const Tensor& other, optional<MemoryFormat> format) {
  return self.clone(MemoryFormat::Contiguous).resize_as_(other, format);
}

Tensor& Tensor::resize_as_(const Tensor& other, optional<MemoryFormat> format) const {
  if (format == MemoryFormat::Preserve) format = other.suggest_memory_format();
  return resize_(other.sizes(), format);
}

Tensor& Tensor::resize_(IntArrayRef size, optional<MemoryFormat> format) const {
  XGRAD_CHECK(!requires_grad(), "resize_: cannot resize a tensor that requires grad: self is ", sizes());
  const DimVector strides = format_strides("resize_", size, format.value_or(MemoryFormat::Contiguous));
  autograd::InplaceChange change("resize_", *this, false);
  ops::check_resizable("resize_", *this, size);
  const auto bytes = static_cast<std::size_t>(numel_of(size)) * element_size();
  intrusive_ptr<StorageImpl> storage = impl().storage();
  void* data = data_ptr();
  const std::size_t skipped = static_cast<std::size_t>(storage_offset()) * element_size();
  if (skipped + bytes > storage->nbytes()) {
    intrusive_ptr<StorageImpl> grown = StorageImpl::allocate(bytes);
    if (storage->nbytes() > skipped) std::memcpy(grown->data(), data, storage->nbytes() - skipped);
    storage = std::move(grown);
    data = storage->data();
  }
  impl().set_geometry(std::move(storage), data, dtype(), size, strides);
  change.commit();
  return const_cast<Tensor&>(*this);
}

Tensor& Tensor::set_(const Tensor& source) const {
  XGRAD_CHECK(!requires_grad() && !source.requires_grad(),
              "set_: not for tensors that require grad: self is ", sizes(), "; use set_data or detach()");
  XGRAD_CHECK_AS(TypeError, source.dtype() == dtype(), "set_: self is ", dtype(), " and the source is ",
                 source.dtype(), "; they must be the same");
  ops::check_change("set_", *this, false);
  set_data(source);
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::set_(const Tensor& source, int64_t storage_offset, IntArrayRef size,
                     IntArrayRef stride) const {
  const DimVector dense = format_strides("set_", size, MemoryFormat::Contiguous);
  return set_(source.as_strided(size, stride.empty() ? IntArrayRef(dense) : stride, storage_offset));
}
Tensor& Tensor::set_() const { return set_(empty({0}, dtype())); }

Tensor Tensor::numpy_T() const {
  DimVector dims;
  for (int64_t d = dim(); d-- > 0;) dims.push_back(d);
  return permute(dims);
}
Tensor Tensor::mT() const {
  XGRAD_CHECK(dim() != 1, "mT: needs a matrix or a batch of matrices: self is ", sizes());
  return dim() == 0 ? view(sizes()) : transpose(-2, -1);
}
Tensor adjoint(const Tensor& self) { return self.mT(); }
Tensor Tensor::matrix_H() const {
  XGRAD_CHECK(dim() == 2, "matrix_H: needs a matrix: self is ", sizes());
  return mT();
}
Tensor conj(const Tensor& self) { return self; }
Tensor real(const Tensor& self) { return self; }
Tensor isreal(const Tensor& self) { return ones_like(self, kBool); }
Tensor resolve_conj(const Tensor& self) { return self; }

}  // namespace xgrad
