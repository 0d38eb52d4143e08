// Sums of rows in bags: a product with a sparse matrix, whose transpose gives the gradient of the rows.
#include <xgrad/core/ops/indexing/bags.h>

#include <xgrad/core/kernels/sample/sample.h>
#include <xgrad/core/ops/indexing/indexing.h>
#include <xgrad/core/ops/indexing/positions.h>
#include <xgrad/core/ops/pointwise/arithmetic.h>
#include <xgrad/core/ops/reduce/reduce.h>
#include <xgrad/core/ops/shape/copy.h>
#include <xgrad/core/stanza/record.h>
#include <xgrad/core/tensor/array_view.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad {

namespace {

constexpr OpName kEmbeddingBag{"embedding_bag", "EmbeddingBagBackward"};
constexpr OpName kResample{"resample", "ResampleBackward"};

// Inputs: rows, in the last but one dimension; which of them are summed, bag by bag; where bags begin and the
// last one ends; what each row counts, or nothing.
template <const OpName& N>
struct SumBags : Kernel<4> {
  static constexpr OpName name = N;
  using optional = Inputs<3>;
  int64_t count;  // of rows

  Tensor forward(const Tensor& rows, const Tensor& place, const Tensor& begin, const Tensor& weights) const {
    const Tensor x = rows.contiguous(), w = weights.defined() ? weights.contiguous() : weights;
    DimVector sizes = x.sizes();
    sizes[sizes.size() - 2] = begin.numel() - 1;
    Tensor y = new_tensor(x.dtype(), sizes);
    int64_t tables = 1;
    for (int64_t d = 0; d < x.dim() - 2; ++d) tables *= x.size(d);
    dispatch<ComputeFloats>(name.op, x.dtype(), [&]<class T>() {
      kernels::sum_bags<T>(
          {tables, x.size(-2), y.size(-2), y.size(-1), begin.data_ptr<int64_t>(), place.data_ptr<int64_t>()},
          x.data_ptr<T>(), w.defined() ? w.data_ptr<T>() : nullptr, y.data_ptr<T>());
    });
    return y;
  }

  // A bag for each row, with the bags that the row was in.
  Tensor backward_0(const Tensor& g, const Tensor& place, const Tensor& begin, const Tensor& weights) const {
    const int64_t n = place.numel(), bags = begin.numel() - 1;
    const Tensor bag = new_tensor(kLong, {n}), order = new_tensor(kLong, {n}),
                 from = new_tensor(kLong, {count + 1});
    kernels::turn_bags({1, count, bags, 1, begin.data_ptr<int64_t>(), place.data_ptr<int64_t>()},
                       from.data_ptr<int64_t>(), bag.data_ptr<int64_t>(), order.data_ptr<int64_t>());
    return differentiable(SumBags{{}, bags}, g, bag, from,
                          weights.defined() ? weights.index_select(0, order) : weights);
  }
  using saved_0 = Saved<In<1>, In<2>, In<3>>;

  Tensor backward_3(const Tensor& g, const Tensor& rows, const Tensor& place, const Tensor& begin) const {
    const Tensor bag = repeat_interleave(begin.narrow(0, 1, g.size(-2)) - begin.narrow(0, 0, g.size(-2)));
    const Tensor each = g.index_select(-2, bag) * rows.index_select(-2, place);
    return each.movedim(-2, 0).flatten(1).sum(1);
  }
  using saved_3 = Saved<In<0>, In<1>, In<2>>;
};

template <const OpName& N>
Tensor sums_of(const Tensor& table, const Tensor& indices, const Tensor& begin, const Tensor& weights) {
  const int64_t rows = table.size(-2);
  const Tensor place = ops::positions_from(N.op, indices.to(kLong), rows, false,
                                           concat(rows, " rows: weight is ", table.sizes()));
  return differentiable(SumBags<N>{{}, rows}, table, place, begin, weights);
}

}  // namespace

Tensor ops::sum_bags(const Tensor& table, const Tensor& indices, const Tensor& begin, const Tensor& weights) {
  return sums_of<kEmbeddingBag>(table, indices, begin, weights);
}
Tensor ops::resample(const Tensor& x, const Tensor& indices, const Tensor& begin, const Tensor& weights) {
  return sums_of<kResample>(x, indices, begin, weights);
}

}  // namespace xgrad
