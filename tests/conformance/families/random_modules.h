// The parameters of a module that is created with a given dtype.
// Nothing about any one module here.
#pragma once

#include "../registry.h"

namespace conformance {

/// Calls `make` while the default dtype is the argument `dtype`, for C++ modules take theirs from there;
/// gives the new parameters in the order of named_parameters().
template <class Make>
std::vector<lib::Tensor> fresh_parameters(const Args& a, Make make) {
  struct RestoreDefault {
    ~RestoreDefault() { set_default_dtype(lib::kFloat32); }
  } restore;
  if (a.has("dtype")) set_default_dtype(*a.dtype());
  return make()->parameters();
}

}  // namespace conformance
