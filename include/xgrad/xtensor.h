// xtensor both ways, without copies: tensors over the memory of xtensor's containers, and xtensor views over
// the memory of tensors. The only public header that includes xtensor (0.24 or newer); <xgrad/xgrad.h> does
// not include it. CMake's target `xgrad::xtensor` knows where xtensor is: find_package(xgrad COMPONENTS
// xtensor).
#pragma once

#include <array>
#include <cstddef>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>
#include <vector>

#if __has_include(<xtensor/containers/xarray.hpp>)  // 0.26 and newer group their headers
#include <xtensor/containers/xadapt.hpp>
#include <xtensor/containers/xarray.hpp>
#include <xtensor/containers/xtensor.hpp>
#include <xtensor/core/xnoalias.hpp>
#include <xtensor/views/xstrided_view.hpp>
#else
#include <xtensor/xadapt.hpp>
#include <xtensor/xarray.hpp>
#include <xtensor/xnoalias.hpp>
#include <xtensor/xstrided_view.hpp>
#include <xtensor/xtensor.hpp>
#endif

#include <xgrad/core/tensor/creation.h>

namespace xgrad {

namespace detail {

template <class E>
inline constexpr bool is_xexpression =
    std::is_base_of<xt::xexpression<std::decay_t<E>>, std::decay_t<E>>::value;

template <class T, class = void>
inline constexpr bool has_dtype = false;
template <class T>
inline constexpr bool has_dtype<T, std::void_t<decltype(ScalarTypeOf<T>::value)>> = true;

/// Whether E says where its elements are and lets them be written: a container, or ranges of one.
template <class E, class = void>
inline constexpr bool is_strided = false;
template <class E>
inline constexpr bool
    is_strided<E, std::void_t<decltype(std::declval<E&>().data()), decltype(std::declval<E&>().data_offset()),
                              decltype(std::declval<E&>().strides())>> =
        std::is_same<decltype(std::declval<E&>().data()), typename E::value_type*>::value;

template <class Sequence>
DimVector dims_of(const Sequence& sequence) {
  DimVector dims(sequence.size());
  for (std::size_t d = 0; d < dims.size(); ++d) dims[d] = static_cast<int64_t>(sequence[d]);
  return dims;
}

/// A tensor's strides for those of xtensor, which are 0 where the size is 1.
inline DimVector strides_from_xtensor(const DimVector& sizes, const DimVector& strides) {
  if (numel_of(sizes) == 0) return contiguous_strides(sizes);
  DimVector own = strides;
  for (std::size_t d = sizes.size(); d-- > 0;) {
    if (sizes[d] == 1) own[d] = d + 1 < sizes.size() ? own[d + 1] * sizes[d + 1] : 1;
    XGRAD_CHECK_AS(ValueError, own[d] >= 0,
                   "from_xtensor: a tensor's strides are not negative: the expression is ", sizes,
                   " with strides ", strides, "; copy it first: from_xtensor(xt::xarray<T>(view))");
  }
  return own;
}

template <class E>
Tensor over_xtensor(E& e, const DimVector& sizes, const DimVector& strides,
                    const std::function<void(void*)>& deleter) {
  return from_blob(e.data() + e.data_offset(), sizes, strides, deleter,
                   scalar_type_of<typename E::value_type>);
}

// Not xt::dynamic_shape, which xtensor 0.24 takes for one of four dimensions when GCC compiles C++20.
using XarrayShape = std::vector<std::size_t>;

template <class E>
Tensor from_evaluated(const E& e) {
  using T = std::decay_t<typename E::value_type>;
  const DimVector sizes = dims_of(e.shape());
  Tensor t = empty(sizes, scalar_type_of<T>);
  const XarrayShape shape(sizes.begin(), sizes.end());
  auto elements = xt::adapt(static_cast<T*>(t.data_ptr()), static_cast<std::size_t>(t.numel()),
                            xt::no_ownership(), shape);
  xt::noalias(elements) = e;
  return t;
}

/// One dimension over memory that lives as long as any copy of this.
template <class T>
using XtensorBuffer = xt::xbuffer_adaptor<T*, xt::no_ownership, std::shared_ptr<void>>;
template <class T>
using XtensorMemory = xt::xtensor_adaptor<XtensorBuffer<T>, 1, xt::layout_type::row_major>;

inline void check_as_xtensor(const Tensor& t, ScalarType asked) {
  XGRAD_CHECK_AS(TypeError, t.dtype() == asked, "as_xtensor: dtypes differ: self has ", t.dtype(),
                 ", asked for is ", asked, "; convert it with to(...)");
  XGRAD_CHECK(!t.requires_grad(),
              "as_xtensor: self requires grad, but writes through xtensor are not recorded: self is ",
              t.sizes(), "; use self.detach()");
}

template <class View, class T>
View as_xtensor_view(const Tensor& t, typename View::shape_type shape) {
  const std::size_t n = shape.size();
  auto strides = xtl::make_sequence<typename View::strides_type>(n);
  std::size_t extent = t.numel() > 0 ? 1 : 0;
  for (std::size_t d = 0; d < n; ++d) {
    shape[d] = static_cast<std::size_t>(t.sizes()[d]);
    strides[d] = static_cast<std::ptrdiff_t>(t.strides()[d]);
    if (t.numel() > 0) extent += (shape[d] - 1) * static_cast<std::size_t>(strides[d]);
  }
  const std::shared_ptr<void> kept = std::make_shared<intrusive_ptr<StorageImpl>>(t.impl().storage());
  XtensorMemory<T> memory(XtensorBuffer<T>(static_cast<T*>(t.data_ptr()), extent, kept), {extent});
  const auto layout = t.is_contiguous() ? xt::layout_type::row_major : xt::layout_type::dynamic;
  return View(std::move(memory), std::move(shape), std::move(strides), 0, layout);
}

}  // namespace detail

/// The xtensor views that as_xtensor returns: assigning to one writes the elements and never resizes, copies
/// of it share them, and the memory lives as long as the last of them.
template <class T>
using XarrayView = xt::xstrided_view<detail::XtensorMemory<T>, detail::XarrayShape>;
template <class T, std::size_t N>
using XtensorView = xt::xstrided_view<detail::XtensorMemory<T>, std::array<std::size_t, N>>;

/// A tensor of an xtensor expression's elements, of the dtype of their type.
///
/// It shares the memory of a container that may be written (`xt::xarray`, `xt::xtensor`, ...) and of views of
/// one by ranges (`xt::view`, `xt::strided_view`, `xt::transpose`), in any layout: a write on either side is
/// seen on the other, though not by autograd's check of versions. The container must outlive the tensor, and
/// may not be resized meanwhile. Negative strides are a ValueError.
///
/// It takes over a temporary container (`std::move(a)`), without a copy. Anything else, a `const` container
/// or a view by lists of indices (`xt::keep`) too, is evaluated into a new tensor.
template <class E, std::enable_if_t<detail::is_xexpression<E>, int> = 0>
Tensor from_xtensor(E&& e) {
  using D = std::remove_reference_t<E>;
  static_assert(detail::has_dtype<std::decay_t<typename D::value_type>>,
                "from_xtensor: xgrad has no dtype for these elements; convert them: xt::cast<int64_t>(e)");
  if constexpr (std::is_const<D>::value || !detail::is_strided<D>) {
    return detail::from_evaluated(e);
  } else {
    const DimVector sizes = detail::dims_of(e.shape());
    const DimVector strides = detail::strides_from_xtensor(sizes, detail::dims_of(e.strides()));
    if constexpr (std::is_lvalue_reference<E>::value) {
      return detail::over_xtensor(e, sizes, strides, nullptr);
    } else {
      const auto owned = std::make_shared<D>(std::forward<E>(e));
      return detail::over_xtensor(*owned, sizes, strides, [owned](void*) {});
    }
  }
}

/// The tensor's elements as an xtensor of any number of dimensions, or of N, in the tensor's strides and
/// without a copy: a write on either side is seen on the other, though not by autograd's check of versions.
/// `T` may be const. A TypeError unless T is the type of the tensor's dtype, a ValueError unless it has N
/// dimensions, an Error if it requires a gradient: detach() it.
template <class T>
XarrayView<T> as_xtensor(const Tensor& t) {
  detail::check_as_xtensor(t, scalar_type_of<std::remove_const_t<T>>);
  const auto n = static_cast<std::size_t>(t.dim());
  return detail::as_xtensor_view<XarrayView<T>, T>(t, detail::XarrayShape(n));
}
template <class T, std::size_t N>
XtensorView<T, N> as_xtensor(const Tensor& t) {
  detail::check_as_xtensor(t, scalar_type_of<std::remove_const_t<T>>);
  XGRAD_CHECK_AS(ValueError, t.dim() == static_cast<int64_t>(N),
                 "as_xtensor: numbers of dimensions differ: self is ", t.sizes(), ", asked for are ",
                 static_cast<int64_t>(N), " (", t.dim(), " vs ", static_cast<int64_t>(N),
                 "); as_xtensor<T>(self) takes any number");
  return detail::as_xtensor_view<XtensorView<T, N>, T>(t, {});
}

}  // namespace xgrad
