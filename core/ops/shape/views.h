// Views: other sizes and strides over the same memory. A change of a view's elements is a change of its base.
#pragma once

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// The same elements in another shape; one size may be -1. `view` never copies and throws where it would have
/// to.
XGRAD_API Tensor reshape(const Tensor& self, IntArrayRef shape);
XGRAD_API Tensor flatten(const Tensor& self, int64_t start_dim = 0, int64_t end_dim = -1);
XGRAD_API Tensor unflatten(const Tensor& self, int64_t dim, IntArrayRef sizes);
XGRAD_API Tensor ravel(const Tensor& self);
/// Dimensions in another order.
XGRAD_API Tensor t(const Tensor& self);
XGRAD_API Tensor transpose(const Tensor& self, int64_t dim0, int64_t dim1);
/// The conjugate transpose of matrices; the conjugate and the real part, which of real numbers are the tensor
/// itself; and whether elements are real.
XGRAD_API Tensor adjoint(const Tensor& self);
XGRAD_API Tensor conj(const Tensor& self);
XGRAD_API Tensor resolve_conj(const Tensor& self);
XGRAD_API Tensor real(const Tensor& self);
XGRAD_API Tensor isreal(const Tensor& self);
XGRAD_API Tensor permute(const Tensor& self, IntArrayRef dims);
XGRAD_API Tensor movedim(const Tensor& self, IntArrayRef source, IntArrayRef destination);
XGRAD_API Tensor movedim(const Tensor& self, int64_t source, int64_t destination);
/// NumPy's names for transpose and movedim.
XGRAD_API Tensor swapaxes(const Tensor& self, int64_t axis0, int64_t axis1);
XGRAD_API Tensor swapdims(const Tensor& self, int64_t dim0, int64_t dim1);
XGRAD_API Tensor moveaxis(const Tensor& self, IntArrayRef source, IntArrayRef destination);
XGRAD_API Tensor moveaxis(const Tensor& self, int64_t source, int64_t destination);
/// One slice of a dimension, which disappears; or a range of it.
XGRAD_API Tensor select(const Tensor& self, int64_t dim, int64_t index);
XGRAD_API Tensor slice(const Tensor& self, int64_t dim = 0, optional<int64_t> start = nullopt,
                       optional<int64_t> end = nullopt, int64_t step = 1);
XGRAD_API Tensor narrow(const Tensor& self, int64_t dim, int64_t start, int64_t length);
XGRAD_API Tensor narrow(const Tensor& self, int64_t dim, const Tensor& start, int64_t length);
/// Repeats dimensions of size 1 without copying; -1 keeps a size.
XGRAD_API Tensor expand(const Tensor& self, IntArrayRef size);
XGRAD_API Tensor broadcast_to(const Tensor& self, IntArrayRef size);
XGRAD_API std::vector<Tensor> broadcast_tensors(TensorList tensors);
/// The coordinates of the points of a grid, along each of its axes: tensor i, which is a vector or a number,
/// repeated along the other dimensions. These are in the tensors' order ("ij"), or the first two are swapped
/// ("xy").
XGRAD_API std::vector<Tensor> meshgrid(TensorList tensors, std::string_view indexing = "ij");
/// Removes, or inserts, dimensions of size 1.
XGRAD_API Tensor squeeze(const Tensor& self);
XGRAD_API Tensor squeeze(const Tensor& self, int64_t dim);
XGRAD_API Tensor squeeze(const Tensor& self, IntArrayRef dim);
XGRAD_API Tensor unsqueeze(const Tensor& self, int64_t dim);
/// At least as many dimensions: [n] becomes [1, n] and [1, n, 1], [n, m] becomes [n, m, 1].
XGRAD_API Tensor atleast_1d(const Tensor& self);
XGRAD_API Tensor atleast_2d(const Tensor& self);
XGRAD_API Tensor atleast_3d(const Tensor& self);
XGRAD_API std::vector<Tensor> atleast_1d(TensorList tensors);
XGRAD_API std::vector<Tensor> atleast_2d(TensorList tensors);
XGRAD_API std::vector<Tensor> atleast_3d(TensorList tensors);
/// The elements (i, i + offset) of two dimensions, as the last dimension.
XGRAD_API Tensor diagonal(const Tensor& self, int64_t offset = 0, int64_t dim1 = 0, int64_t dim2 = 1);
/// Any sizes and strides over the tensor's storage; refused where they leave it.
XGRAD_API Tensor as_strided(const Tensor& self, IntArrayRef size, IntArrayRef stride,
                            optional<int64_t> storage_offset = nullopt);
/// A copy of self of another size: its elements in row-major order as far as there is room; what comes after
/// them is not written.
XGRAD_API Tensor resize(const Tensor& self, IntArrayRef size, optional<MemoryFormat> format = nullopt);
XGRAD_API Tensor resize_as(const Tensor& self, const Tensor& other, optional<MemoryFormat> format = nullopt);
/// All pieces along a dimension, as views: of one element and without that dimension; of `split_size`, the
/// last maybe smaller; of the sizes given, which sum to that of the dimension; `chunks` of equal size, as far
/// as they go.
XGRAD_API std::vector<Tensor> unbind(const Tensor& self, int64_t dim = 0);
XGRAD_API std::vector<Tensor> split(const Tensor& self, int64_t split_size, int64_t dim = 0);
XGRAD_API std::vector<Tensor> split(const Tensor& self, IntArrayRef split_sizes, int64_t dim = 0);
XGRAD_API std::vector<Tensor> split_with_sizes(const Tensor& self, IntArrayRef split_sizes, int64_t dim = 0);
XGRAD_API std::vector<Tensor> chunk(const Tensor& self, int64_t chunks, int64_t dim = 0);
/// The same pieces, each a view by itself, which may be changed in place where gradients are recorded.
XGRAD_API std::vector<Tensor> unsafe_split(const Tensor& self, int64_t split_size, int64_t dim = 0);
XGRAD_API std::vector<Tensor> unsafe_split_with_sizes(const Tensor& self, IntArrayRef split_sizes,
                                                      int64_t dim = 0);
XGRAD_API std::vector<Tensor> unsafe_chunk(const Tensor& self, int64_t chunks, int64_t dim = 0);
/// As many pieces as `sections`, the first ones longer by one where it does not divide the size; or cut
/// before each of the `indices`, as slices are. A tensor (int64) without dimensions is a number of sections,
/// a vector is indices.
XGRAD_API std::vector<Tensor> tensor_split(const Tensor& self, int64_t sections, int64_t dim = 0);
XGRAD_API std::vector<Tensor> tensor_split(const Tensor& self, IntArrayRef indices, int64_t dim = 0);
XGRAD_API std::vector<Tensor> tensor_split(const Tensor& self, const Tensor& tensor_indices_or_sections,
                                           int64_t dim = 0);
/// The same along dimension 1 (of a vector 0), 0 and 2; a number of sections must divide the size.
XGRAD_API std::vector<Tensor> hsplit(const Tensor& self, int64_t sections);
XGRAD_API std::vector<Tensor> hsplit(const Tensor& self, IntArrayRef indices);
XGRAD_API std::vector<Tensor> vsplit(const Tensor& self, int64_t sections);
XGRAD_API std::vector<Tensor> vsplit(const Tensor& self, IntArrayRef indices);
XGRAD_API std::vector<Tensor> dsplit(const Tensor& self, int64_t sections);
XGRAD_API std::vector<Tensor> dsplit(const Tensor& self, IntArrayRef indices);

/// The shape all of them broadcast to.
XGRAD_API std::vector<int64_t> broadcast_shapes(ArrayRef<std::vector<int64_t>> shapes);

namespace detail {
XGRAD_API Tensor view_as_dtype(const Tensor& self, ScalarType dtype);
}  // namespace detail

}  // namespace xgrad
