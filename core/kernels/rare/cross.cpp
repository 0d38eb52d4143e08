#include <xgrad/core/kernels/rare/cross.h>

#include <type_traits>

#include <xgrad/core/kernels/loop_dims.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::kernels {

namespace {

// Integers wrap around, 16-bit numbers are multiplied as floats.
template <class T>
auto wide(T x) {
  if constexpr (std::is_integral_v<T>)
    return static_cast<uint64_t>(x);
  else if constexpr (std::is_floating_point_v<T>)
    return x;
  else
    return static_cast<float>(x);
}

}  // namespace

void cross(const ArrayView& out, const ArrayView& a, const ArrayView& b, int64_t dim) {
  const ArrayView* const arrays[] = {&out, &a, &b};
  DimVector sizes, rest[3];
  for (int64_t d = 0; d < out.ndim; ++d) {
    if (d == dim) continue;
    sizes.push_back(out.sizes[d]);
    for (int k = 0; k < 3; ++k) rest[k].push_back(arrays[k]->strides[d]);
  }
  const int64_t o = out.strides[dim], s = a.strides[dim], t = b.strides[dim];
  dispatch<Join<Floats, Integers>>("linalg.cross", out.dtype, [&]<class T>() {
    for_each_row<3>(
        sizes, {rest[0], rest[1], rest[2]}, [&](int64_t, const auto& at, int64_t n, const LoopDims<3>& dims) {
          T* r = static_cast<T*>(out.data) + at.offset(0);
          const T* x = static_cast<const T*>(a.data) + at.offset(1);
          const T* y = static_cast<const T*>(b.data) + at.offset(2);
          for (int64_t i = 0; i < n;
               ++i, r += dims.inner_stride(0), x += dims.inner_stride(1), y += dims.inner_stride(2)) {
            const auto x0 = wide(x[0]), x1 = wide(x[s]), x2 = wide(x[2 * s]);
            const auto y0 = wide(y[0]), y1 = wide(y[t]), y2 = wide(y[2 * t]);
            r[0] = static_cast<T>(x1 * y2 - x2 * y1);
            r[o] = static_cast<T>(x2 * y0 - x0 * y2);
            r[2 * o] = static_cast<T>(x0 * y1 - x1 * y0);
          }
        });
  });
}

}  // namespace xgrad::kernels
