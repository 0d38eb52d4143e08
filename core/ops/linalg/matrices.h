// What the ops of matrices have in common: checks, and copies as LAPACK wants them. Private to the library.
#pragma once

#include <array>
#include <utility>

#include <xgrad/core/kernels/lapack/lapack.h>
#include <xgrad/core/tensor/tensor.h>
#include <xgrad/core/types/dispatch.h>

namespace xgrad::ops {

namespace lapack = kernels::lapack;

/// A number for each matrix of a batch, to be multiplied with the matrices.
inline Tensor for_matrices(const Tensor& t) { return t.unsqueeze(-1).unsqueeze(-1); }

inline IntArrayRef batch_sizes(const Tensor& a) { return a.sizes().slice(0, a.sizes().size() - 2); }
inline int64_t batch_count(const Tensor& a) { return numel_of(batch_sizes(a)); }
/// The sizes of a batch with further ones behind.
DimVector with_sizes(IntArrayRef batch, std::initializer_list<int64_t> more);

/// Throws unless these are matrices of a dtype that LAPACK has, or unless they are square too.
void check_matrices(const char* op, const Tensor& a);
void check_square(const char* op, const Tensor& a);
void check_same_dtype(const char* op, const Tensor& a, const Tensor& b);
/// Throws a LinAlgError that begins with `op` and says which matrix of the batch it was.
[[noreturn]] void fail_matrix(const char* op, const Tensor& a, const lapack::Outcome& outcome,
                              const std::string& text);

/// Unwritten matrices whose columns lie one after the other; a copy of matrices in such memory.
Tensor new_columns(ScalarType dtype, IntArrayRef sizes);
Tensor as_columns(const Tensor& a);
/// Makes all but one triangle of such matrices zero.
void keep_triangle_of_columns(const Tensor& a, bool upper);
template <class T>
T* data_of(const Tensor& t) {
  return static_cast<T*>(t.data_ptr());
}

/// Whether the right-hand side of an equation is a vector for each matrix.
bool is_vector_side(const Tensor& a, const Tensor& b);
/// Both with the batch that theirs broadcast to.
std::pair<Tensor, Tensor> broadcast_batches(const char* op, const Tensor& a, const Tensor& b);

}  // namespace xgrad::ops
