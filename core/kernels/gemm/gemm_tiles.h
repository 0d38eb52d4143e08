// The product kernels of the instruction set in use.
#pragma once

#include <xgrad/core/kernels/gemm/gemm_table.h>
#include <xgrad/core/kernels/kernel_table.h>

namespace xgrad::kernels {

template <class T>
const GemmTable<T>& tiles() {
  if constexpr (sizeof(T) == 4)
    return *kernel_table().gemm_float;
  else
    return *kernel_table().gemm_double;
}

}  // namespace xgrad::kernels
