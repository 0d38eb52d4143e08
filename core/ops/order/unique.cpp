// Sets of values: what is sorted, and then differs from what stands before it. Made of other ops.
#include <xgrad/core/ops/order/unique.h>

#include <algorithm>

#include <xgrad/core/kernels/order/order.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/order/sort.h>
#include <xgrad/core/ops/shape/join.h>
#include <xgrad/core/ops/shape/views.h>
#include <xgrad/core/stanza/op_node.h>
#include <xgrad/core/stanza/promotion.h>
#include <xgrad/core/tape/grad_mode.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/tensor/creation.h>

namespace xgrad {

using Three = std::tuple<Tensor, Tensor, Tensor>;

namespace {

// The runs of equal rows: their elements (of a vector), where they begin (of a matrix), the run of each row,
// and their lengths.
struct Runs {
  Tensor values, begins, inverse = empty({0}, kLong), counts = empty({0}, kLong);

  Runs(const Tensor& rows, bool with_inverse, bool with_counts) {
    const int64_t n = rows.size(0);
    const bool vector = rows.dim() == 1;
    const Tensor matrix = vector ? rows.contiguous().unsqueeze(1) : rows;
    kernels::RunsOut out;
    if (vector) out.values = (values = empty({n}, rows.options())).data_ptr();
    if (with_inverse) out.run_of = (inverse = empty({n}, kLong)).data_ptr<int64_t>();
    if (with_counts) out.lengths = (counts = empty({n}, kLong)).data_ptr<int64_t>();
    if (!vector) out.begins = (begins = empty({n}, kLong)).data_ptr<int64_t>();
    const int64_t runs = kernels::find_runs(out, array_view(matrix));
    (vector ? values : begins).resize_({runs});
    if (with_counts) counts.resize_({runs});
  }
};

// `inverse` of the rows in `order`, for the rows as they stood.
Tensor reordered(const Tensor& inverse, const Tensor& order) {
  return inverse.numel() == 0 ? inverse : empty_like(inverse).scatter_(0, order, inverse);
}

Tensor shaped(const Tensor& inverse, bool wanted, IntArrayRef sizes) {
  return wanted ? inverse.view(sizes) : inverse;
}

// The slices of self along `dim` as rows of a matrix.
Tensor rows_along(const char* op, const Tensor& self, int64_t dim) {
  const int64_t n = self.size(dim);
  const auto empty_dims = std::count(self.sizes().begin(), self.sizes().end(), 0);
  XGRAD_CHECK(empty_dims == (n == 0 ? 1 : 0), op, ": slices along dimension ", dim,
              " have no elements to compare: self is ", self.sizes());
  return self.movedim(dim, 0).reshape({n, n == 0 ? 0 : self.numel() / n}).contiguous();
}

// A tensor without dimensions is one slice.
int64_t sliced_dim(const char* op, const Tensor& self, int64_t dim) {
  XGRAD_CHECK_AS(IndexError, self.dim() > 0, op, ": a tensor without dimensions has no slices");
  return wrap_dim(op, dim, self.dim());
}

}  // namespace

Three _unique2(const Tensor& self, bool, bool return_inverse, bool return_counts) {
  const NoGradGuard no_grad;
  const auto [values, order] = sort(self.flatten(), 0);
  const Runs runs(values, return_inverse, return_counts);
  return {runs.values, shaped(reordered(runs.inverse, order), return_inverse, self.sizes()), runs.counts};
}
Three unique_dim(const Tensor& self, int64_t dim, bool, bool return_inverse, bool return_counts) {
  const NoGradGuard no_grad;
  const int64_t d = sliced_dim("unique", self, dim);
  const Tensor rows = rows_along("unique", self, d), order = empty({self.size(d)}, kLong);
  kernels::sort_rows(order.data_ptr<int64_t>(), array_view(rows));
  const Runs runs(rows.index_select(0, order), return_inverse, return_counts);
  return {self.index_select(d, order.index_select(0, runs.begins)), reordered(runs.inverse, order),
          runs.counts};
}
Three unique(const Tensor& self, bool sorted, bool return_inverse, bool return_counts,
             optional<int64_t> dim) {
  return dim ? unique_dim(self, *dim, sorted, return_inverse, return_counts)
             : _unique2(self, sorted, return_inverse, return_counts);
}

Three unique_dim_consecutive(const Tensor& self, int64_t dim, bool return_inverse, bool return_counts) {
  const NoGradGuard no_grad;
  const int64_t d = sliced_dim("unique_consecutive", self, dim);
  const Runs runs(rows_along("unique_consecutive", self, d), return_inverse, return_counts);
  return {self.index_select(d, runs.begins), runs.inverse, runs.counts};
}
Three unique_consecutive(const Tensor& self, bool return_inverse, bool return_counts, optional<int64_t> dim) {
  if (dim) return unique_dim_consecutive(self, *dim, return_inverse, return_counts);
  const NoGradGuard no_grad;
  const Runs runs(self.flatten(), return_inverse, return_counts);
  return {runs.values, shaped(runs.inverse, return_inverse, self.sizes()), runs.counts};
}

Tensor isin(const Tensor& elements, const Tensor& test_elements, bool, bool invert) {
  const NoGradGuard no_grad;
  const Argument args[] = {elements, test_elements};
  const ScalarType t = ops::common_dtype(args, 2);
  XGRAD_CHECK_AS(TypeError, t != kBool, "isin: not defined for bool; convert to kByte");
  const ScalarType wide = is_integral_type(t, false) ? kLong : t == kDouble ? kDouble : kFloat;
  const auto numbers = [&](const Tensor& of) { return of.to(t).to(wide).flatten().contiguous(); };
  const Tensor x = numbers(elements), tests = numbers(test_elements);
  Tensor found = empty(elements.sizes(), kBool);
  kernels::find_members(found.data_ptr<bool>(), array_view(x), array_view(tests), invert);
  return found;
}
Tensor isin(const Tensor& elements, const Scalar& test_element, bool assume_unique, bool invert) {
  return isin(elements, ops::wrapped_number(test_element), assume_unique, invert);
}
Tensor isin(const Scalar& element, const Tensor& test_elements, bool assume_unique, bool invert) {
  return isin(ops::wrapped_number(element), test_elements, assume_unique, invert);
}

}  // namespace xgrad
