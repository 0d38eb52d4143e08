// The thread's modes for code inside the library, where an op asks for them in a single load.
#pragma once

#include <xgrad/core/tensor/thread_state.h>

namespace xgrad::autograd {

extern thread_local constinit ThreadState this_thread_state;

inline bool grad_enabled() { return this_thread_state.recording; }

}  // namespace xgrad::autograd
