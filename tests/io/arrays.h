// What tests/io/data/make_arrays.py records.
#pragma once

#include <xgrad/xgrad.h>

inline xgrad::Tensor recorded_numbers(xgrad::ScalarType dtype, xgrad::IntArrayRef shape) {
  using namespace xgrad;
  Tensor t = ones(shape).numel() == 0 ? zeros({0}) : arange(ones(shape).numel(), kFloat);
  t = dtype == kBool ? t.remainder(2).eq(0) : dtype == kByte ? t : t.sub(2);
  return t.to(dtype).reshape(shape);
}

inline bool same(const xgrad::Tensor& a, const xgrad::Tensor& b) {
  return a.dtype() == b.dtype() && a.sizes() == b.sizes() && equal(a, b);
}
