// What a file of elementwise ops includes. Such a file is compiled once for the functions and once per
// instruction set (with XGRAD_ISA defined) for the kernels; both builds see the formulas, each sees its half
// of the macros below.
//
//   XGRAD_FAMILY(Activations, struct Sigmoid, struct Tanh);   at the top: the file's table of contents
//   struct Sigmoid : Unary<Result::floating> { ... };
//   XGRAD_UNARY(sigmoid, Sigmoid)                             the functions and methods sigmoid, sigmoid_
//   XGRAD_KERNELS(Activations)                                at the end, in namespace xgrad
#pragma once

#include <xgrad/core/kernels/elementwise/formula.h>

#ifdef XGRAD_ISA

#include <xgrad/core/kernels/elementwise/rows.h>

#define XGRAD_FAMILY(Family, ...) using Family = OpList<__VA_ARGS__>
#define XGRAD_KERNELS(Family)                             \
  namespace kernels::XGRAD_ISA {                          \
  extern const RowFn* const Family##_rows;                \
  static constexpr FamilyRows<Family> Family##_table;     \
  const RowFn* const Family##_rows = Family##_table.rows; \
  }
#define XGRAD_UNARY(function, Formula)

#else

#include <xgrad/core/kernels/isa.h>
#include <xgrad/core/stanza/pointwise.h>

#ifdef XGRAD_HAVE_AVX512
#define XGRAD_DECLARE_ROWS(Family)         \
  namespace kernels {                      \
  namespace base {                         \
  extern const RowFn* const Family##_rows; \
  }                                        \
  namespace avx2 {                         \
  extern const RowFn* const Family##_rows; \
  }                                        \
  namespace avx512 {                       \
  extern const RowFn* const Family##_rows; \
  }                                        \
  }
#define XGRAD_CHOOSE_ROWS(Family)                                         \
  kernels::isa() == kernels::Isa::avx512 ? kernels::avx512::Family##_rows \
  : kernels::isa() == kernels::Isa::avx2 ? kernels::avx2::Family##_rows   \
                                         : kernels::base::Family##_rows
#else
#define XGRAD_DECLARE_ROWS(Family)         \
  namespace kernels::base {                \
  extern const RowFn* const Family##_rows; \
  }
#define XGRAD_CHOOSE_ROWS(Family) kernels::base::Family##_rows
#endif

#define XGRAD_FAMILY(Family, ...)                                                     \
  using Family = OpList<__VA_ARGS__>;                                                 \
  XGRAD_DECLARE_ROWS(Family)                                                          \
  template <class F>                                                                  \
  requires(Family::contains<F>) struct KernelsOf<F> {                                 \
    static kernels::FormulaRows get() {                                               \
      static const kernels::RowFn* const wide = XGRAD_CHOOSE_ROWS(Family);            \
      constexpr int at = Family::index<F>() * detail::kReadings * kernels::kRowTypes; \
      return {wide + at, kernels::base::Family##_rows + at};                          \
    }                                                                                 \
  };                                                                                  \
  static_assert(true)
#define XGRAD_KERNELS(Family)

/// The function, the in-place function and both methods of an op of one tensor without parameters.
#define XGRAD_UNARY(function, Formula)                                            \
  Tensor function(const Tensor& self) { return pointwise(Formula{}, self); }      \
  Tensor& function##_(Tensor& self) { return pointwise_(self, Formula{}, self); } \
  Tensor Tensor::function() const { return xgrad::function(*this); }              \
  Tensor& Tensor::function##_() const { return xgrad::function##_(const_cast<Tensor&>(*this)); }

#endif
