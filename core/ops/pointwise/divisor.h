// The check of a divisor, for ops that divide integers. Private to the library.
#pragma once

#include <xgrad/core/stanza/record.h>

namespace xgrad::ops {

/// An integer divided by zero would trap on the machine, so it is refused before any kernel runs.
void check_divisor(const char* op, const Argument& self, const Argument& other);

}  // namespace xgrad::ops
