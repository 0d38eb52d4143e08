// How a state gets into the tensors of a module: all of it or nothing. Private to the library.
#pragma once

#include <string>

#include <xgrad/nn/module.h>

namespace xgrad::nn {

/// Copies what `state` has into the tensors of the same names in `own`. One Error, which begins with `what`,
/// lists all that does not fit: wrong shapes, what cannot be written, and, when `strict`, missing and
/// unexpected names; nothing has been written then.
IncompatibleKeys copy_state(const std::string& what, const OrderedDict<std::string, Tensor>& own,
                            const OrderedDict<std::string, Tensor>& state, bool strict);

}  // namespace xgrad::nn
