// The one place where an example says which library it is built with: xgrad, or LibTorch, whose programs look
// the same.
#pragma once

#ifdef EXAMPLES_WITH_LIBTORCH
#include <torch/torch.h>
namespace xgrad = torch;
#else
#include <xgrad/xgrad.h>
#endif
