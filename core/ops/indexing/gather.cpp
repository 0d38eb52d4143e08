// gather and scatter: an index for every element, along one dimension. Each is the derivative of the other.
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/indexing/along.h>
#include <xgrad/core/ops/indexing/indexing.h>

#include <xgrad/core/kernels/index.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/view.h>

namespace xgrad {

using kernels::Combine;

namespace {

using ops::at;

// A tensor without dimensions counts as one of a single element.
DimVector padded(IntArrayRef list) { return list.empty() ? DimVector{1} : DimVector(list); }

// An index as kernels take it.
struct IndexView {
  DimVector sizes, strides;
  kernels::ArrayView view;
  explicit IndexView(const Tensor& index)
      : sizes(padded(index.sizes())),
        strides(padded(index.strides())),
        view{index.data_ptr(), kLong, static_cast<int64_t>(sizes.size()), sizes.data(), strides.data()} {}

  // Whether it says the same wherever it is read along other dimensions: one vector, expanded.
  bool is_line(int64_t dim) const {
    for (int64_t d = 0; d < view.ndim; ++d)
      if (d != dim && sizes[at(d)] != 1 && strides[at(d)] != 0) return false;
    return view.ndim > 1;
  }
};

void check_places(const char* op, const Tensor& x, int64_t dim, const IndexView& index) {
  const int64_t size = padded(x.sizes())[at(dim)];
  const kernels::ArrayView line{index.view.data, kLong, 1, index.sizes.data() + dim,
                                index.strides.data() + dim};
  if (const auto wrong = kernels::first_outside(index.is_line(dim) ? line : index.view, size))
    fail<IndexError>(op, ": index ", *wrong, " is out of bounds for dimension ", dim, " with size ", size,
                     ": self is ", x.sizes());
}

// The elements of x that an index chooses which is a line, and was checked.
kernels::Slabs slabs_at(const Tensor& x, int64_t dim, const Tensor& index, const Tensor& offsets) {
  const int64_t* const places = index.data_ptr<int64_t>();
  auto* const to = offsets.data_ptr<int64_t>();
  for (int64_t i = 0; i < index.size(dim); ++i) to[i] = places[i * index.stride(dim)] * x.stride(dim);
  const std::size_t after = at(dim) + 1;
  return {x.data_ptr(), x.dtype(),       index.sizes().slice(0, at(dim)), x.strides().slice(0, at(dim)),
          to,           index.size(dim), index.sizes().slice(after),      x.strides().slice(after)};
}

// Calls f with x as an array of the index's sizes.
template <class F>
auto with_view(const Tensor& x, const IndexView& index, const F& f) {
  const DimVector strides = padded(x.strides());
  return f(kernels::ArrayView{x.data_ptr(), x.dtype(), index.view.ndim, index.sizes.data(), strides.data()});
}

}  // namespace

namespace ops {

void write_along(const char* op, const Tensor& x, int64_t dim, const Tensor& index, const Tensor& src,
                 optional<Combine> how) {
  if (index.numel() == 0) return;
  if (share_memory(index, x)) return write_along(op, x, dim, index.clone(), src, how);
  const IndexView places(index);
  check_places(op, x, dim, places);
  const bool is_number = src.dim() == 0 && index.dim() > 0;
  const bool by_element = is_number || !places.is_line(dim);
  const bool as_it_is = by_element && !is_number && src.dim() > 0 && src.stride(-1) <= 1;  // whole rows
  const Tensor values = share_memory(src, x) ? src.clone(MemoryFormat::Contiguous)
                        : as_it_is           ? src
                                             : src.contiguous();
  if (by_element)
    return with_view(x, places, [&](const kernels::ArrayView& view) {
      const DimVector steps = is_number ? DimVector(places.sizes.size(), 0) : padded(values.strides());
      kernels::scatter_along(view, places.view, dim, values.data_ptr(), steps, how);
    });
  const Tensor offsets = new_tensor(kLong, {index.size(dim)});
  const kernels::Slabs slabs = slabs_at(x, dim, index, offsets);
  how ? kernels::combine(slabs, values.data_ptr(), *how) : kernels::put(slabs, values.data_ptr());
}

IndexAlong along(const char* op, const Tensor& self, int64_t dim, const Tensor& index) {
  const int64_t d = wrap_dim(op, dim, self.dim());
  if (index.numel() == 0) return {d, index};
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong || index.dtype() == kInt, op,
                 ": index must be int64 or int32: got ", index.dtype(), "; convert it with to(kLong)");
  const DimVector sizes = padded(self.sizes()), wanted = padded(index.sizes());
  XGRAD_CHECK(sizes.size() == wanted.size(), op, ": index must have as many dimensions as self: index is ",
              index.sizes(), ", self is ", self.sizes());
  for (std::size_t i = 0; i < sizes.size(); ++i)
    XGRAD_CHECK(i == at(d) || wanted[i] <= sizes[i], op,
                ": index must not be larger than self apart from dimension ", d, ": index is ", index.sizes(),
                ", self is ", self.sizes(), " (dim ", static_cast<int64_t>(i), ": ", wanted[i], " vs ",
                sizes[i], ")");
  return {d, index.to(kLong)};
}

Tensor checked_source(const char* op, const Tensor& self, const Tensor& index, const Tensor& src) {
  XGRAD_CHECK_AS(TypeError, src.dtype() == self.dtype(), op, ": src must have self's dtype ", self.dtype(),
                 ": got ", src.dtype(), "; convert it with to(...)");
  if (index.numel() == 0) return src.reshape(-1).narrow(0, 0, 0).reshape(index.sizes());  // of any shape
  const DimVector sizes = padded(src.sizes()), wanted = padded(index.sizes());
  XGRAD_CHECK(sizes.size() == wanted.size(), op, ": index must have as many dimensions as src: index is ",
              index.sizes(), ", src is ", src.sizes());
  Tensor part = src;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    XGRAD_CHECK(wanted[i] <= sizes[i], op, ": index must not be larger than src: index is ", index.sizes(),
                ", src is ", src.sizes(), " (dim ", static_cast<int64_t>(i), ": ", wanted[i], " vs ",
                sizes[i], ")");
    if (wanted[i] < sizes[i]) part = part.narrow(static_cast<int64_t>(i), 0, wanted[i]);
  }
  return part.sizes() == index.sizes() ? part : part.reshape(index.sizes());
}

}  // namespace ops

using ops::along;
using ops::checked_source;
using ops::IndexAlong;
using ops::write_along;

namespace {

struct ScatterAdd : Kernel<3> {
  static constexpr OpName name{"scatter_add", "ScatterAddBackward"};
  int64_t dim;
  void write(const Tensor& x, const Tensor& index, const Tensor& src) const {
    write_along(name.op, x, dim, index, src, Combine::add);
  }
  Tensor forward(const Tensor& x, const Tensor& index, const Tensor& src) const {
    Tensor out = changeable(x);
    write(out, index, src);
    return out;
  }
  using saved_0 = Passed;
  Tensor backward_2(const Tensor& g, const Tensor& index) const { return gather(g, dim, index); }
  using saved_2 = Saved<In<1>>;
};

struct Scatter : Kernel<3> {
  static constexpr OpName name{"scatter", "ScatterBackward0"};
  int64_t dim;
  void write(const Tensor& x, const Tensor& index, const Tensor& src) const {
    write_along(name.op, x, dim, index, src);
  }
  Tensor forward(const Tensor& x, const Tensor& index, const Tensor& src) const {
    Tensor out = x.clone();
    write(out, index, src);
    return out;
  }
  Tensor backward_0(const Tensor& g, const Tensor& index) const { return scatter(g, dim, index, 0); }
  using saved_0 = Saved<In<1>>;
  Tensor backward_2(const Tensor& g, const Tensor& index) const { return gather(g, dim, index); }
  using saved_2 = Saved<In<1>>;
};

struct ScatterNumber : Kernel<2> {
  static constexpr OpName name{"scatter", "ScatterBackward1"};
  int64_t dim;
  Scalar value;
  void write(const Tensor& x, const Tensor& index) const {
    write_along(name.op, x, dim, index, number_tensor(name.op, value, x.dtype()));
  }
  Tensor forward(const Tensor& x, const Tensor& index) const {
    Tensor out = x.clone();
    write(out, index);
    return out;
  }
  Tensor backward_0(const Tensor& g, const Tensor& index) const { return scatter(g, dim, index, 0); }
  using saved_0 = Saved<In<1>>;
};

// The gradient of Gather: zeros with the gradient added where the elements came from.
struct GatherGradient : Kernel<2> {
  static constexpr OpName name{"scatter_add", "ScatterAddBackward"};
  int64_t dim;
  DimVector from;
  Tensor forward(const Tensor& g, const Tensor& index) const {
    Tensor out = zeros(from, g.options());
    write_along("gather", out, dim, index, g, Combine::add);
    return out;
  }
  Tensor backward_0(const Tensor& gg, const Tensor& index) const { return gather(gg, dim, index); }
  using saved_0 = Saved<In<1>>;
};

struct Gather : Kernel<2> {
  static constexpr OpName name{"gather", "GatherBackward"};
  int64_t dim;
  DimVector from;
  void attributes(auto& put) const { put("dim", dim); }
  Tensor forward(const Tensor& x, const Tensor& index) const {
    Tensor out = new_tensor(x.dtype(), index.sizes());
    if (out.numel() == 0) return out;
    const IndexView places(index);
    if (places.is_line(dim)) {
      check_places(name.op, x, dim, places);
      const Tensor offsets = new_tensor(kLong, {index.size(dim)});
      kernels::take(out.data_ptr(), slabs_at(x, dim, index, offsets));
    } else if (!with_view(x, places, [&](const kernels::ArrayView& in) {
                 return kernels::gather_along(out.data_ptr(), in, places.view, dim,
                                              padded(x.sizes())[at(dim)]);
               })) {
      check_places(name.op, x, dim, places);
    }
    return out;
  }
  Tensor backward_0(const Tensor& g, const Tensor& index) const {
    return differentiable(GatherGradient{{}, dim, from}, g, index);
  }
  using saved_0 = Saved<In<1>>;
};

template <class F, class... T>
Tensor& in_place(const F& f, const Tensor& self, const T&... others) {
  Argument args[] = {self, others...};
  return ops::change_in_place(f, self, args, [&] {
    const ops::PlainScope scope;
    f.write(self, others...);
  });
}

template <class F>
Tensor put_along(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  const IndexAlong to = along(F::name.op, self, dim, index);
  return differentiable(F{{}, to.dim}, self, to.index, checked_source(F::name.op, self, index, src));
}
template <class F>
Tensor& put_along_(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  const IndexAlong to = along(F::name.op, self, dim, index);
  return in_place(F{{}, to.dim}, self, to.index, checked_source(F::name.op, self, index, src));
}

}  // namespace

Tensor gather(const Tensor& self, int64_t dim, const Tensor& index, bool) {
  const IndexAlong to = along("gather", self, dim, index);
  return differentiable(Gather{{}, to.dim, self.sizes()}, self, to.index);
}

Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  return put_along<Scatter>(self, dim, index, src);
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value) {
  const IndexAlong to = along("scatter", self, dim, index);
  return differentiable(ScatterNumber{{}, to.dim, value}, self, to.index);
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src,
               std::string_view reduce) {
  XGRAD_CHECK_AS(ValueError, reduce == "add" || reduce == "multiply",
                 "scatter: reduce must be \"add\" or \"multiply\": got \"", reduce, "\"");
  return reduce == "add" ? scatter_add(self, dim, index, src) : scatter_reduce(self, dim, index, src, "prod");
}
Tensor scatter(const Tensor& self, int64_t dim, const Tensor& index, const Scalar& value,
               std::string_view reduce) {
  return scatter(self, dim, index, number_tensor("scatter", value, self.dtype()).expand(index.sizes()),
                 reduce);
}
Tensor scatter_add(const Tensor& self, int64_t dim, const Tensor& index, const Tensor& src) {
  return put_along<ScatterAdd>(self, dim, index, src);
}

Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src) const {
  return put_along_<Scatter>(*this, dim, index, src);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value) const {
  const IndexAlong to = along("scatter", *this, dim, index);
  return in_place(ScatterNumber{{}, to.dim, value}, *this, to.index);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Tensor& src, std::string_view reduce) const {
  return detail::change(
      "scatter_", true, *this,
      [&](const Tensor& x, const auto&... a) { return x.scatter(dim, a..., reduce); }, index, src);
}
Tensor& Tensor::scatter_(int64_t dim, const Tensor& index, const Scalar& value,
                         std::string_view reduce) const {
  return scatter_(dim, index, number_tensor("scatter", value, dtype()).expand(index.sizes()), reduce);
}
Tensor& Tensor::scatter_add_(int64_t dim, const Tensor& index, const Tensor& src) const {
  return put_along_<ScatterAdd>(*this, dim, index, src);
}

}  // namespace xgrad
