// xtensor over a kernel's arrays: the library's only include of it. Kernels that are hardly ever hot are
// written in it, in kernels/rare, and stay files that are compiled once, never per instruction set.
//
// What it costs: one second of compiling to read it; loops over its adaptors take 1.7 s and 12 KB of object
// where loops over pointers take 0.3 s and 1.5 KB, expressions 2.7 s and 27 KB. Row-major adaptors of fixed
// rank run like loops over pointers. What xtensor does over strides does not, so flip and roll have loops of
// their own elsewhere: xt::flip of a matrix takes 3 times as long, xt::roll 6 times.
#pragma once

#ifdef XGRAD_ISA
#error "the linker could keep the inline functions of one instruction set for all"
#endif

#include <array>

#include <xgrad/core/kernels/array.h>

// Under names of the library's own: a program may use xtensor in another version or with other switches, and
// the linker keeps one copy of an inline function.
#define xt xgrad_xt
#define xtl xgrad_xtl
#if __has_include(<xtensor/containers/xtensor.hpp>)  // 0.26 and newer group their headers
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xmath.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/generators/xbuilder.hpp>
#include <xtensor/views/xview.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xbuilder.hpp>
#include <xtensor/xmath.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xtensor.hpp>
#include <xtensor/xview.hpp>
#endif

namespace xgrad::kernels {

/// A row-major array as an xtensor of N dimensions: the last ones, and all before them as the first. Of a
/// fixed number, and never strided: of a number known at run time, xtensor's loops are 5 to 35 times slower
/// (and 0.24 mistakes it for four when GCC compiles C++20); strided, 3 to 18 times.
template <class T, std::size_t N>
auto as_xt(const ArrayView& a) {
  std::array<std::size_t, N> shape;
  shape.fill(1);
  std::size_t size = 1;
  for (int64_t d = 0; d < a.ndim; ++d) {
    const int64_t place = d + static_cast<int64_t>(N) - a.ndim;
    shape[static_cast<std::size_t>(place < 0 ? 0 : place)] *= static_cast<std::size_t>(a.sizes[d]);
    size *= static_cast<std::size_t>(a.sizes[d]);
  }
  return xt::adapt(static_cast<T*>(a.data), size, xt::no_ownership(), shape);
}

}  // namespace xgrad::kernels
