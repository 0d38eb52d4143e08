// Margins around images.
#pragma once

#include <string>

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// self with margins: `pad` is [before, after] of the last dimension, then of the one before it, ...; a
/// negative number cuts off. mode: "constant" (with `value`, 0 if not given), and for the last one to three
/// dimensions behind the channels "reflect" (without repeating the edge), "replicate" (the edge) and
/// "circular" (the other end).
XGRAD_API Tensor pad(const Tensor& self, IntArrayRef pad, const std::string& mode = "constant",
                     optional<double> value = nullopt);

}  // namespace xgrad
