// The SIMD layer of the kernels: Vec<T> (a register of float or double; a single integer) and Mask<T>.
// A pointwise formula written over Vec runs on SSE2, AVX2, AVX-512 or NEON, by the flags of the file that
// includes this. Include only from kernel sources that are compiled per ISA.
#pragma once

#include "vec_core.h"
#include "vec_exp.h"
#include "vec_integer.h"
#include "vec_log.h"
#include "vec_pow.h"
#include "vec_special.h"
#include "vec_trig.h"
