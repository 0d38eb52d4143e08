// The names that the declaration of an op is made of. An op's header includes no more than this: the class
// Tensor, whose methods call the ops, includes those headers itself.
#pragma once

#include <string>
#include <tuple>
#include <vector>

#include <xgrad/core/tensor/generator.h>
#include <xgrad/core/tensor/options.h>
#include <xgrad/core/types/array_ref.h>
#include <xgrad/core/types/scalar.h>

namespace xgrad {

class Tensor;
using TensorList = ArrayRef<Tensor>;

namespace indexing {
class TensorIndex;
}

namespace detail {
/// The default of a tensor that an op can do without; nullopt or {} would need the whole class here.
XGRAD_API const optional<Tensor>& absent();
XGRAD_API const Tensor& undefined();
}  // namespace detail

}  // namespace xgrad
