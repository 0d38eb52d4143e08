// The SIMD layer seen from outside: one table of plain array functions per instruction set, so that a test
// compiled for any machine can compare them. Includes nothing of the SIMD layer itself.
#pragma once

#include <cstddef>

namespace xgrad::kernels {

template <class T>
using UnaryProbe = void (*)(const T* x, T* out, std::size_t n);
template <class T>
using BinaryProbe = void (*)(const T* x, const T* y, T* out, std::size_t n);

struct NamedUnary {
  const char* name;
  UnaryProbe<float> f32;
  UnaryProbe<double> f64;
};
struct NamedBinary {
  const char* name;
  BinaryProbe<float> f32;
  BinaryProbe<double> f64;
};

template <class T>
struct MemoryProbe {
  int size;
  void (*copy_partial)(const T* from, T* to, int n);               // load_partial, store_partial
  void (*load_partial)(const T* from, T* whole, int n);            // load_partial, store
  void (*less)(const T* x, const T* y, bool* out);                 // Mask::store
  void (*pick)(const bool* mask, const T* x, const T* y, T* out);  // Mask::load, where
  void (*logic)(const T* x, const T* y, bool* out);                // (!(x < y) & (x != y)) ^ (x >= y)
  void (*less_partial)(const T* x, const T* y, bool* out, int n);
};

struct VecProbe {
  const char* isa;
  const NamedUnary* unary;
  std::size_t unary_count;
  const NamedBinary* binary;
  std::size_t binary_count;
  MemoryProbe<float> memory32;
  MemoryProbe<double> memory64;
};

namespace base {
VecProbe vec_probe();
}
namespace avx2 {
VecProbe vec_probe();
}
namespace avx512 {
VecProbe vec_probe();
}

}  // namespace xgrad::kernels
