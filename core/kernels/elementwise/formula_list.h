// What the header of a list of formulas includes: the vocabulary, and how a formula finds its kernels.
//
//   struct Sigmoid : Unary<Result::floating> { ... };
//   using Math = OpList<Sigmoid, ...>;
//   XGRAD_FORMULAS(Math)     in <list>_formulas.h; the list is named in kernel_table.h
//   XGRAD_KERNELS(Math)      in <list>_kernels.cpp, which is compiled once per instruction set (rows.h)
#pragma once

#include <xgrad/core/kernels/kernel_table.h>

namespace xgrad {

namespace detail {
/// a / (1 + exp(e)); over tensors by a sigmoid, whose derivative is a number where exp(e) is infinite, too.
inline auto over_one_plus_exp(const auto& a, const auto& e) {
  if constexpr (requires { sigmoid(e); })
    return a * sigmoid(-e);
  else
    return a / (1 + exp(e));
}
}  // namespace detail

/// Where the kernels of formula F are: `find(reading, dtype)`.
template <class F>
struct KernelsOf {
  static_assert(sizeof(F) == 0, "this formula is in no list: add it to the OpList at the end of its header");
};

#define XGRAD_FORMULAS(List)                                                                        \
  template <class F>                                                                                \
  requires(List::contains<F>) struct KernelsOf<F> {                                                 \
    static kernels::RowFn find(int reading, ScalarType compute) {                                   \
      return kernels::find_row(&kernels::KernelTable::List, kernels::row_place<F>(List{}), reading, \
                               compute);                                                            \
    }                                                                                               \
  };

}  // namespace xgrad
