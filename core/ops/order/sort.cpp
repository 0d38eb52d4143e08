// Sorting and selecting along a dimension: values, and the indices through which their gradients go back.
#include <xgrad/core/ops/order/sort.h>

#include <cmath>

#include <xgrad/core/kernels/order/order.h>
#include <xgrad/core/ops/at.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/pointwise/compare.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>
#include <xgrad/core/tensor/factory.h>

namespace xgrad {

using kernels::Place;
using Pair = std::tuple<Tensor, Tensor>;

namespace {

using ops::at;

// Elements chosen along `dim`, each at most once, and where they stood.
struct Choice : Kernel<1> {
  int64_t dim;
  DimVector from;
  bool dropped = false;  // the dimension is gone from the results

  Tensor backward(const Tensor& g, const Tensor& indices) const {
    const Tensor whole = zeros(from, g.options());
    return dropped ? scatter(whole, dim, indices.unsqueeze(dim), g.unsqueeze(dim))
                   : scatter(whole, dim, indices, g);
  }
  using saved = Saved<Output<1>>;
};

struct Sort : Choice {
  static constexpr OpName name{"sort", "SortBackward0"};
  bool descending;
  Pair forward(const Tensor& x) const {
    Tensor values = dense_like(x, x.dtype()), indices = dense_like(x, kLong);
    kernels::sort(array_view(values), array_view(indices), array_view(x), dim, descending);
    return {values, indices};
  }
};

struct Topk : Choice {
  static constexpr OpName name{"topk", "TopkBackward"};
  int64_t k;
  bool largest, sorted;
  Pair forward(const Tensor& x) const {
    DimVector sizes(x.sizes());
    if (!sizes.empty()) sizes[at(dim)] = k;
    Tensor values = new_tensor(x.dtype(), sizes), indices = new_tensor(kLong, sizes);
    if (k > 0) kernels::topk(array_view(values), array_view(indices), array_view(x), dim, largest, sorted);
    return {values, indices};
  }
};

// The results of size 1 along a dimension that `select` fills.
template <class Select>
Pair one_along(const Choice& c, const Tensor& x, const Select& select) {
  DimVector kept(x.sizes());
  if (!kept.empty()) kept[at(c.dim)] = 1;
  const DimVector strides = contiguous_strides(kept);
  DimVector sizes(kept);
  if (c.dropped) sizes.erase(at(c.dim));
  Tensor values = new_tensor(x.dtype(), sizes), indices = new_tensor(kLong, sizes);
  const auto view = [&](const Tensor& t) {
    return kernels::ArrayView{t.data_ptr(), t.dtype(), x.dim(), kept.data(), strides.data()};
  };
  select(view(values), view(indices), array_view(x));
  return {values, indices};
}

constexpr OpName kKthvalue{"kthvalue", "KthvalueBackward"}, kMedian{"median", "MedianBackward1"},
    kNanmedian{"nanmedian", "NanmedianBackward1"};

template <const OpName& op_name>
struct Select : Choice {
  static constexpr OpName name = op_name;
  static constexpr Place place = &op_name == &kMedian      ? Place::median
                                 : &op_name == &kNanmedian ? Place::nanmedian
                                                           : Place::kth;
  int64_t k;
  Pair forward(const Tensor& x) const {
    return one_along(*this, x, [&](const auto& values, const auto& indices, const auto& in) {
      kernels::select(values, indices, in, dim, place, k);
    });
  }
};

struct Mode : Choice {
  static constexpr OpName name{"mode", "ModeBackward"};
  Pair forward(const Tensor& x) const {
    return one_along(*this, x, [&](const auto& values, const auto& indices, const auto& in) {
      kernels::mode(values, indices, in, dim);
    });
  }
};

// The median of all elements.
template <Place place>
struct MedianOfAll : Kernel<1> {
  static constexpr OpName name = place == Place::median ? OpName{"median", "MedianBackward0"}
                                                        : OpName{"nanmedian", "NanmedianBackward0"};
  static Tensor forward(const Tensor& x) {
    if (x.numel() == 0) return full({}, std::nan(""), x.options());
    Tensor value = new_tensor(x.dtype(), {});
    const Tensor line = x.reshape(-1);
    int64_t index = 0;
    const int64_t one = 1;
    kernels::select({value.data_ptr(), x.dtype(), 1, &one, &one}, {&index, kLong, 1, &one, &one},
                    array_view(line), 0, place);
    return value;
  }
  static Tensor backward(const Tensor& g, const Tensor& x, const Tensor& y) {
    const Tensor same = logical_or(eq(x, y), logical_and(isnan(x), isnan(y))).to(g.dtype());
    return same * (g / sum(same));
  }
  using saved = Saved<In<0>, Out>;
};

int64_t checked_dim(const char* op, const Tensor& self, int64_t dim) {
  const int64_t d = wrap_dim(op, dim, self.dim());
  XGRAD_CHECK(self.dim() == 0 || self.sizes()[at(d)] <= kernels::kMaxLine, op,
              ": too many elements along dimension ", d, ": self is ", self.sizes());
  return d;
}

int64_t size_along(const Tensor& self, int64_t dim) { return self.dim() == 0 ? 1 : self.sizes()[at(dim)]; }

void need_order(const char* op, const Tensor& self) {
  XGRAD_CHECK_AS(TypeError, self.dtype() != kBool, op, ": not defined for bool; convert self with to(kByte)");
}

// What the ops that choose one element along a dimension have in common.
Choice one_of(const char* op, const Tensor& self, int64_t dim, bool keepdim) {
  const int64_t d = checked_dim(op, self, dim);
  XGRAD_CHECK_AS(IndexError, size_along(self, d) > 0, op, ": dimension ", d, " has no element: self is ",
                 self.sizes());
  return {{}, d, self.sizes(), !keepdim && self.dim() > 0};
}

template <Place place>
Tensor median_of_all(const Tensor& self) {
  using F = MedianOfAll<place>;
  need_order(F::name.op, self);
  XGRAD_CHECK(self.numel() <= kernels::kMaxLine, F::name.op, ": too many elements: self is ", self.sizes());
  XGRAD_CHECK(self.numel() > 0 || self.is_floating_point(), F::name.op,
              ": no integer stands for NaN: self is ", self.sizes(), " of ", self.dtype());
  return differentiable(F{}, self);
}

}  // namespace

Pair sort(const Tensor& self, int64_t dim, bool descending) {
  return differentiable(Sort{{{}, checked_dim("sort", self, dim), self.sizes()}, descending}, self);
}
Pair sort(const Tensor& self, optional<bool>, int64_t dim, bool descending) {
  return sort(self, dim, descending);
}
Tensor argsort(const Tensor& self, int64_t dim, bool descending) {
  return std::get<1>(sort(self.detach(), dim, descending));
}
Tensor argsort(const Tensor& self, int dim, bool descending) {
  return argsort(self, int64_t{dim}, descending);
}
Tensor argsort(const Tensor& self, bool, int64_t dim, bool descending) {
  return argsort(self, dim, descending);
}
Tensor msort(const Tensor& self) { return std::get<0>(sort(self, 0)); }

Pair topk(const Tensor& self, int64_t k, int64_t dim, bool largest, bool sorted) {
  need_order("topk", self);
  const int64_t d = checked_dim("topk", self, dim), size = size_along(self, d);
  XGRAD_CHECK(k >= 0 && k <= size, "topk: k is out of range for dimension ", d, ": self is ", self.sizes(),
              " (", k, " vs ", size, ")");
  XGRAD_CHECK(k > 0 || self.dim() > 0, "topk: a tensor without dimensions has one element, not ", k);
  return differentiable(Topk{{{}, d, self.sizes()}, k, largest, sorted}, self);
}

Pair kthvalue(const Tensor& self, int64_t k, int64_t dim, bool keepdim) {
  need_order("kthvalue", self);
  const Choice c = one_of("kthvalue", self, dim, keepdim);
  XGRAD_CHECK(k >= 1 && k <= size_along(self, c.dim), "kthvalue: k is out of range for dimension ", c.dim,
              ": self is ", self.sizes(), " (", k, " vs ", size_along(self, c.dim), ")");
  return differentiable(Select<kKthvalue>{c, k - 1}, self);
}

Tensor median(const Tensor& self) { return median_of_all<Place::median>(self); }
Tensor nanmedian(const Tensor& self) { return median_of_all<Place::nanmedian>(self); }
Pair median(const Tensor& self, int64_t dim, bool keepdim) {
  need_order("median", self);
  return differentiable(Select<kMedian>{one_of("median", self, dim, keepdim), 0}, self);
}
Pair nanmedian(const Tensor& self, int64_t dim, bool keepdim) {
  need_order("nanmedian", self);
  return differentiable(Select<kNanmedian>{one_of("nanmedian", self, dim, keepdim), 0}, self);
}

Pair mode(const Tensor& self, int64_t dim, bool keepdim) {
  return differentiable(Mode{one_of("mode", self, dim, keepdim)}, self);
}

}  // namespace xgrad
