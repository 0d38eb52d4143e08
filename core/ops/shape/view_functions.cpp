// View functions that are made of others, and views in place of their tensor.
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/tangent.h>
#include <xgrad/core/tape/view_history.h>

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
  for (const auto& s : shapes) sizes = broadcast_sizes("broadcast_shapes", sizes, s);
  return IntArrayRef(sizes).vec();
}

std::vector<Tensor> meshgrid(TensorList tensors, const std::string& indexing) {
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
Tensor& Tensor::unsqueeze_(int64_t dim) const { return become("unsqueeze", *this, unsqueeze(dim)); }

Tensor Tensor::numpy_T() const {
  DimVector dims;
  for (int64_t d = dim(); d-- > 0;) dims.push_back(d);
  return permute(dims);
}
Tensor Tensor::mT() const {
  XGRAD_CHECK(dim() != 1, "mT: needs a matrix or a batch of matrices: self is ", sizes());
  return dim() == 0 ? view(sizes()) : transpose(-2, -1);
}

}  // namespace xgrad
