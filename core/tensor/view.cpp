// The geometry of views.
#include <xgrad/core/tensor/view.h>

namespace xgrad::ops {

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

namespace {

// From the first element to the last.
int64_t bytes_spanned(const Tensor& t) {
  const int64_t n = t.is_contiguous() ? t.numel() : extent(Geometry(t.sizes(), t.strides(), 0));
  return n * static_cast<int64_t>(t.element_size());
}

}  // namespace

bool spans_meet(const Tensor& a, const Tensor& b) {
  const auto begin_a = reinterpret_cast<intptr_t>(a.data_ptr()),
             begin_b = reinterpret_cast<intptr_t>(b.data_ptr());
  return begin_a < begin_b + bytes_spanned(b) && begin_b < begin_a + bytes_spanned(a);
}

bool shared_in_part(const Tensor& a, const Tensor& b) {
  if (a.data_ptr() == b.data_ptr() && a.sizes() == b.sizes() && a.strides() == b.strides()) return false;
  const auto is_dense = [](const Tensor& t) { return bytes_spanned(t) == static_cast<int64_t>(t.nbytes()); };
  return !repeats_elements(a) && !repeats_elements(b) && is_dense(a) && is_dense(b);
}

namespace {

[[gnu::always_inline]] inline Tensor as_view(TensorImpl* view, const TensorImpl& from) {
  view->view_base = from.view_base ? from.view_base : const_cast<TensorImpl*>(&from);
  view->view_base->retain();
  view->view_version = from.version();
  view->set(TensorImpl::kInference, from.has(TensorImpl::kInference));  // whatever the mode is now
  view->flags |= static_cast<uint8_t>(
      from.flags & (TensorImpl::kWrapped | TensorImpl::kNoGradView | TensorImpl::kFunctionView));
  return Tensor(intrusive_ptr<TensorImpl>::adopt(view));
}

}  // namespace

Tensor make_view(const Tensor& self, IntArrayRef sizes, IntArrayRef strides, int64_t offset) {
  const TensorImpl& from = self.impl();
  auto* data = static_cast<char*>(from.data()) + offset * static_cast<int64_t>(element_size(from.dtype()));
  return as_view(TensorImpl::make(from.storage(), data, from.dtype(), sizes, strides), from);
}

Tensor make_view(const Tensor& self, IntArrayRef sizes) {
  const TensorImpl& from = self.impl();
  return as_view(TensorImpl::make(from.storage(), from.data(), from.dtype(), sizes), from);
}

DimVector infer_size(const char* op, IntArrayRef sizes, int64_t numel) {
  DimVector result(sizes);
  int64_t known = 1;
  std::size_t unknown = sizes.size();
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    if (sizes[i] == -1) {
      XGRAD_CHECK(unknown == sizes.size(), op, ": only one dimension can be inferred: shape is ", sizes);
      unknown = i;
      continue;
    }
    XGRAD_CHECK(sizes[i] >= 0, op, ": invalid shape dimension ", sizes[i], " in ", sizes);
    XGRAD_CHECK(!__builtin_mul_overflow(known, sizes[i], &known), op, ": too many elements in shape ", sizes);
  }
  if (unknown < sizes.size()) {
    XGRAD_CHECK(known != 0, op, ": cannot infer the size -1 in ", sizes, ": any value would fit");
    XGRAD_CHECK(numel % known == 0, op, ": shape ", sizes, " is invalid for input of size ", numel);
    result[unknown] = numel / known;
    return result;
  }
  XGRAD_CHECK(known == numel, op, ": shape ", sizes, " is invalid for input of size ", numel, " (", known,
              " vs ", numel, ")");
  return result;
}

// Walks both shapes from the right: a run of old dimensions that lies evenly in memory is cut into new ones.
optional<DimVector> view_strides(const Tensor& self, IntArrayRef sizes) {
  if (self.is_contiguous() || self.numel() == 0) return contiguous_strides(sizes);
  DimVector strides(sizes.size());
  std::size_t next = sizes.size();
  int64_t run = 1, run_stride = self.strides().back(), taken = 1;
  for (std::size_t d = self.sizes().size(); d-- > 0;) {
    run *= self.sizes()[d];
    const bool ends = d == 0 || (self.sizes()[d - 1] != 1 && self.strides()[d - 1] != run * run_stride);
    if (!ends) continue;
    while (next > 0 && (taken < run || sizes[next - 1] == 1)) {
      strides[--next] = taken * run_stride;
      taken *= sizes[next];
    }
    if (taken != run) return nullopt;
    if (d > 0) {
      run_stride = self.strides()[d - 1];
      run = taken = 1;
    }
  }
  if (next > 0) return nullopt;
  return strides;
}

}  // namespace xgrad::ops
