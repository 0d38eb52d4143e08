// Libraries of others that are loaded when they are first called for: linked, they would cost every program
// time and memory at its start.
#pragma once

namespace xgrad {

/// The handle of a shared library, by the name that CMake found; null where it is not there. It stays loaded.
void* open_library(const char* name) noexcept;
void* find_symbol(void* library, const char* name) noexcept;
/// The function of a library, which may be null; so may be the result.
template <class F>
F find_function(void* library, const char* name) noexcept {
  return reinterpret_cast<F>(find_symbol(library, name));
}

}  // namespace xgrad
