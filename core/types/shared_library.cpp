// Loads libraries, where the system has a way to.
#include <xgrad/core/types/shared_library.h>

#include <xgrad/core/types/mutex.h>

#if __has_include(<dlfcn.h>)
#include <dlfcn.h>
#endif

namespace xgrad {

#if __has_include(<dlfcn.h>)
void* open_library(const char* name) noexcept {
  if (*name == '\0') return nullptr;
  // A child of a fork in the midst of it would find the library there, and its constructors half run.
  const NoFork whole;
  return dlopen(name, RTLD_NOW | RTLD_LOCAL);
}
void* find_symbol(void* library, const char* name) noexcept {
  return library == nullptr ? nullptr : dlsym(library, name);
}
#else
void* open_library(const char*) noexcept { return nullptr; }
void* find_symbol(void*, const char*) noexcept { return nullptr; }
#endif

}  // namespace xgrad
