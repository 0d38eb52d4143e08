// Ops by their other names, and methods in place as functions; the list is aliases.inc.
#pragma once

#include <xgrad/core/tensor/tensor.h>

namespace xgrad {

#define XGRAD_ALSO_FUNCTION(op)             \
  template <class... A>                     \
  Tensor& op(Tensor& self, const A&... a) { \
    return self.op(a...);                   \
  }
#define XGRAD_ALIAS(alias, op)                      \
  template <class... A>                             \
  Tensor alias(const Tensor& self, const A&... a) { \
    return self.op(a...);                           \
  }                                                 \
  XGRAD_ALSO_FUNCTION(alias##_)
#define XGRAD_IN_PLACE(op, lends)
#define XGRAD_SPECIAL_NAME(name, op)                              \
  template <class... A>                                           \
  auto special_##name(const A&... a)->decltype(xgrad::op(a...)) { \
    return xgrad::op(a...);                                       \
  }
#include <xgrad/core/ops/aliases.inc>
#undef XGRAD_ALIAS
#undef XGRAD_SPECIAL_NAME
#undef XGRAD_IN_PLACE
#undef XGRAD_ALSO_FUNCTION

inline Tensor special_logsumexp(const Tensor& self, IntArrayRef dim, bool keepdim = false) {
  return logsumexp(self, dim, keepdim);
}

}  // namespace xgrad
