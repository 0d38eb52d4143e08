// Which instruction set the kernels use.
#pragma once

namespace xgrad::kernels {

enum class Isa { base, avx2, avx512 };

/// The widest instruction set that this CPU and this build have; the environment variable
/// XGRAD_ISA=base|avx2|avx512 lowers it, and is warned of when it says anything else. Found out once.
Isa isa();

}  // namespace xgrad::kernels
