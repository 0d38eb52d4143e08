// Brackets: views for integers, slices and the like, then at most one op for all tensors among the indices.
// Other ops that choose by tensors are in gather.cpp and masked.cpp.
#include <xgrad/core/ops/indexing/indexing.h>

#include <xgrad/core/kernels/index.h>
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/indexing/positions.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/pointwise.h>
#include <xgrad/core/tape/view_history.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>
#include <xgrad/core/tensor/indexing.h>

namespace xgrad {

using indexing::TensorIndex;
using ops::Place;

namespace {

constexpr OpName kIndexSelect{"index_select", "IndexSelectBackward"};
constexpr OpName kTake{"take", "TakeBackward"};

using ops::at;

// An index tensor on its way: which dimensions of the view it stands for, and what it has to say there.
struct Pick {
  int64_t dim, count;  // of the view
  int64_t user_dim;    // of the tensor that was indexed, for errors
  Tensor positions;    // int64; not yet checked
};

// Indices taken apart: the view that the simple ones make, and the picks of the others in the order of their
// dimensions.
struct Brackets {
  Tensor view;
  std::vector<Pick> picks;
};

bool is_index(const Tensor& t) { return t.dtype() == kLong || t.dtype() == kInt; }
bool is_mask(const Tensor& t) { return t.dtype() == kBool || t.dtype() == kByte; }

int64_t dims_used(const TensorIndex& i) {
  if (i.is_tensor()) return is_mask(i.tensor()) ? i.tensor().dim() : 1;
  return i.is_integer() || i.is_slice() ? 1 : 0;
}

class Parser {
 public:
  Parser(const char* op, const Tensor& self, ArrayRef<TensorIndex> indices) : op_(op), self_(self) {
    result_.view = self;
    int64_t used = 0, ellipses = 0;
    for (const TensorIndex& i : indices) {
      used += dims_used(i);
      ellipses += i.is_ellipsis();
    }
    XGRAD_CHECK_AS(IndexError, used <= self.dim(), op, ": too many indices for tensor of dimension ",
                   self.dim(), ": self is ", self.sizes(), ", the indices stand for ", used, " dimensions");
    XGRAD_CHECK_AS(IndexError, ellipses <= 1, op, ": only one Ellipsis can stand among the indices: got ",
                   ellipses);
    rest_ = self.dim() - used;
    for (const TensorIndex& i : indices) apply(i);
  }
  Brackets take() { return std::move(result_); }

 private:
  void apply(const TensorIndex& i) {
    switch (i.type()) {
      case indexing::TensorIndexType::None:
        return insert();
      case indexing::TensorIndexType::Ellipsis:
        return skip(rest_);
      case indexing::TensorIndexType::Integer:
        return select(i.integer());
      case indexing::TensorIndexType::Boolean:
        return choose(i.boolean());
      case indexing::TensorIndexType::Slice:
        return slice(i.slice());
      case indexing::TensorIndexType::Tensor:
        return pick(i.tensor());
    }
  }

  void skip(int64_t dims) {
    dim_ += dims;
    user_dim_ += dims;
  }
  void insert() { result_.view = result_.view.unsqueeze(dim_++); }

  void select(int64_t index) {
    const int64_t size = self_.sizes()[at(user_dim_)];
    if (index < -size || index >= size)
      fail<IndexError>(op_, ": index ", index, " is out of bounds for dimension ", user_dim_, " with size ",
                       size, ": self is ", self_.sizes());
    result_.view = result_.view.select(dim_, index);
    ++user_dim_;
  }

  void slice(const indexing::Slice& s) {
    const int64_t size = self_.sizes()[at(user_dim_)];
    const bool whole = s.step() == 1 && (s.start() == 0 || s.start() <= -size) && s.stop() >= size;
    const int64_t step = std::min(s.step(), std::max<int64_t>(size, 1));
    if (!whole) result_.view = result_.view.slice(dim_, s.start(), s.stop(), step);
    skip(1);
  }

  // A new dimension of size 1, all of it or nothing.
  void choose(bool all) {
    insert();
    result_.picks.push_back({dim_ - 1, 1, user_dim_, zeros({all ? 1 : 0}, kLong)});
  }

  void pick(const Tensor& index) {
    if (is_mask(index)) return index.dim() == 0 ? choose(index.item<bool>()) : mask(index);
    XGRAD_CHECK_AS(IndexError,
                   is_index(index) || (index.dim() == 0 && is_integral_type(index.dtype(), false)), op_,
                   ": tensors used as indices must be int64, int32, uint8 or bool: got ", index.dtype(),
                   "; convert it with to(kLong)");
    if (index.dim() == 0) return select(index.item<int64_t>());
    result_.picks.push_back({dim_, 1, user_dim_, index.to(kLong)});
    skip(1);
  }

  void mask(const Tensor& m) {
    XGRAD_CHECK_AS(IndexError, m.sizes() == self_.sizes().slice(at(user_dim_), at(m.dim())), op_,
                   ": the shape of the mask ", m.sizes(), " at dimension ", user_dim_,
                   " does not match the shape of the indexed tensor ", self_.sizes());
    result_.picks.push_back({dim_, m.dim(), user_dim_, ops::positions_where(m)});
    skip(m.dim());
  }

  const char* op_;
  const Tensor& self_;
  Brackets result_;
  int64_t rest_ = 0, dim_ = 0, user_dim_ = 0;
};

DimVector common_shape(const char* op, const std::vector<Pick>& picks) {
  DimVector sizes;
  try {
    for (const Pick& p : picks) sizes = broadcast_sizes(op, sizes, p.positions.sizes());
  } catch (const Error&) {
    std::string shapes;
    for (const Pick& p : picks) shapes += concat(shapes.empty() ? "" : ", ", p.positions.sizes());
    fail<IndexError>(op, ": shape mismatch: indexing tensors could not be broadcast together with shapes ",
                     shapes);
  }
  return sizes;
}

// All picks as one list of positions, checked.
Tensor joined_positions(const char* op, const Brackets& b) {
  Tensor joined = zeros(common_shape(op, b.picks), kLong);
  for (const Pick& p : b.picks) {
    const int64_t size = numel_of(b.view.sizes().slice(at(p.dim), at(p.count)));
    const auto wrong = kernels::append_index(joined.data_ptr<int64_t>(),
                                             array_view(p.positions.expand(joined.sizes())), size, true);
    if (wrong)
      fail<IndexError>(op, ": index ", *wrong, " is out of bounds for dimension ", p.user_dim, " with size ",
                       size, ": the view being indexed is ", b.view.sizes());
  }
  return joined;
}

// Picks of neighbouring dimensions stay where they are; otherwise they go to the front.
Place place_of(const Brackets& b) {
  Place place{b.view.sizes(), {}, b.picks[0].dim, 0};
  DimVector picked;
  bool neighbours = true;
  for (const Pick& p : b.picks) {
    neighbours = neighbours && p.dim == place.first + place.count;
    place.count += p.count;
    for (int64_t d = 0; d < p.count; ++d) picked.push_back(p.dim + d);
  }
  if (neighbours) return place;
  place.first = 0;
  place.order = picked;
  for (int64_t d = 0; d < b.view.dim(); ++d)
    if (std::find(picked.begin(), picked.end(), d) == picked.end()) place.order.push_back(d);
  return place;
}

// Sizes of 1 in front of what is needed are of no account.
Tensor without_leading_ones(Tensor values, int64_t dim) {
  while (values.dim() > dim && values.sizes()[0] == 1) values = values.squeeze(0);
  return values;
}

Tensor fitted_values(const Tensor& values, const DimVector& sizes, ScalarType dtype) {
  XGRAD_CHECK(values.dtype() == dtype, "index_put: values must have self's dtype ", dtype, ": got ",
              values.dtype(), "; convert them with to(...)");
  const Tensor trimmed = without_leading_ones(values, static_cast<int64_t>(sizes.size()));
  const std::size_t added = sizes.size() - std::min(sizes.size(), trimmed.sizes().size());
  bool fits = trimmed.sizes().size() <= sizes.size();
  for (std::size_t d = 0; fits && d < trimmed.sizes().size(); ++d)
    fits = trimmed.sizes()[d] == 1 || trimmed.sizes()[d] == sizes[added + d];
  XGRAD_CHECK(fits, "index_put: shape mismatch: values of shape ", values.sizes(),
              " cannot be broadcast to the indexed shape ", sizes);
  return trimmed.sizes() == IntArrayRef(sizes) ? trimmed : trimmed.expand(sizes);
}

// As PyTorch has it, a number of any dtype is put where masks choose: there it is what masked_fill writes.
Tensor number_where_masked(const Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& values) {
  bool masks = values.defined() && values.numel() == 1 && values.dtype() != self.dtype() && !indices.empty();
  for (const TensorIndex& i : indices) masks = masks && i.is_tensor() && is_mask(i.tensor());
  if (!masks) return values;
  check_number("index_put", values.item(), self.dtype());
  return values.to(self.dtype());
}

template <bool accumulate>
void put_in_place(const Brackets& b, const Tensor& values) {
  const Tensor positions = joined_positions("index_put", b);
  const ops::PutAt<accumulate> f{{}, place_of(b)};
  const Tensor fitted = fitted_values(values, f.place.result_sizes(positions.sizes()), b.view.dtype());
  Argument args[] = {b.view, positions, fitted};
  ops::change_in_place(f, b.view, args, [&] {
    const ops::PlainScope scope;
    ops::write_at(f.place, b.view, positions, fitted, accumulate);
  });
}

Tensor alias(const Tensor& t) { return t.dim() > 0 ? t.slice(0) : t.view(t.sizes()); }

}  // namespace

Tensor index(const Tensor& self, ArrayRef<TensorIndex> indices) {
  const Brackets b = Parser("index", self, indices).take();
  if (b.picks.empty()) return b.view.is_same(self) ? alias(self) : b.view;
  return differentiable(ops::TakeAt<ops::kIndex>{{}, place_of(b)}, b.view, joined_positions("index", b));
}

Tensor& index_put_(Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& values, bool accumulate) {
  return self.index_put_(indices, values, accumulate);
}

Tensor index_put(const Tensor& self, ArrayRef<TensorIndex> indices, const Tensor& values, bool accumulate) {
  const Brackets b = Parser("index_put", self, indices).take();
  if (b.picks.empty() || !b.view.is_same(self)) {
    return self.clone().index_put_(indices, values, accumulate);
  }
  const Tensor positions = joined_positions("index_put", b);
  const Place place = place_of(b);
  const Tensor fitted = fitted_values(accumulate ? values : number_where_masked(self, indices, values),
                                      place.result_sizes(positions.sizes()), self.dtype());
  return accumulate ? differentiable(ops::PutAt<true>{{}, place}, self, positions, fitted)
                    : differentiable(ops::PutAt<false>{{}, place}, self, positions, fitted);
}

Tensor index_select(const Tensor& self, int64_t dim, const Tensor& index) {
  const int64_t d = wrap_dim("index_select", dim, self.dim());
  XGRAD_CHECK_AS(IndexError, index.dim() <= 1, "index_select: index must be a vector: index is ",
                 index.sizes());
  XGRAD_CHECK_AS(TypeError, is_index(index), "index_select: index must be int64 or int32: got ",
                 index.dtype());
  const bool single = self.dim() == 0;
  XGRAD_CHECK_AS(IndexError, !single || index.numel() == 1,
                 "index_select: a tensor without dimensions needs an index of one element: index is ",
                 index.sizes());
  const int64_t size = single ? 1 : self.sizes()[at(d)];
  Tensor positions =
      ops::positions_from("index_select", index.to(kLong), size, false,
                          concat("dimension ", d, " with size ", size, ": self is ", self.sizes()));
  positions = single ? positions.reshape({}) : positions.reshape(-1);
  return differentiable(ops::TakeAt<kIndexSelect>{{}, Place{self.sizes(), {}, d, single ? 0 : 1}}, self,
                        positions);
}

Tensor take(const Tensor& self, const Tensor& index) {
  XGRAD_CHECK_AS(TypeError, index.dtype() == kLong, "take: index must be int64: got ", index.dtype());
  const Tensor positions =
      ops::positions_from("take", index, self.numel(), true,
                          concat("a tensor of ", self.numel(), " elements: self is ", self.sizes()));
  return differentiable(ops::TakeAt<kTake>{{}, ops::everywhere(self)}, self, positions);
}

Tensor Tensor::operator[](const Tensor& index) const { return xgrad::index(*this, TensorIndex(index)); }

Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Tensor& values, bool accumulate) const {
  // Before the brackets are read: a view of a leaf made here would be refused for being a view.
  const autograd::InplaceChange allowed("index_put", *this, false);
  const Brackets b = Parser("index_put", *this, indices).take();
  if (!b.picks.empty()) {
    accumulate ? put_in_place<true>(b, values)
               : put_in_place<false>(b, number_where_masked(*this, indices, values));
  } else {
    const Tensor trimmed = without_leading_ones(values, b.view.dim());
    accumulate ? b.view.add_(trimmed) : b.view.copy_(trimmed);
  }
  return const_cast<Tensor&>(*this);
}
Tensor& Tensor::index_put_(ArrayRef<TensorIndex> indices, const Scalar& value) const {
  return index_put_(indices, number_tensor("index_put", value, dtype()));
}

}  // namespace xgrad
