// How many threads the library may use.
#pragma once

#include <xgrad/core/types/export.h>

namespace xgrad {

/// Limits the library to `count` threads, the calling one included; 1 means that it never starts any.
/// Results do not depend on it. Throws ValueError when count < 1.
XGRAD_API void set_num_threads(int count);

/// The limit: what was set, else the environment variable XGRAD_NUM_THREADS, else the number of cores.
XGRAD_API int get_num_threads();

}  // namespace xgrad
