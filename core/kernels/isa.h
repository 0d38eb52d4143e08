// Which instruction set the kernels use: the choice among the tables that are compiled once per instruction
// set.
#pragma once

namespace xgrad::kernels {

enum class Isa { base, avx2, avx512 };

/// The widest instruction set that this CPU and this build have; the environment variable
/// XGRAD_ISA=base|avx2|avx512 lowers it. Found out once.
Isa isa() noexcept;

}  // namespace xgrad::kernels
