// Margins around images.
#pragma once

#include <string_view>

#include <xgrad/core/tensor/forward.h>

namespace xgrad {

/// self with margins: `pad` is [before, after] of the last dimension, then of the one before it, ...; a
/// negative number cuts off. mode: "constant" (with `value`, 0 if not given), and for the last one to three
/// dimensions behind the channels "reflect" (without repeating the edge), "replicate" (the edge) and
/// "circular" (the other end).
XGRAD_API Tensor pad(const Tensor& self, IntArrayRef pad, std::string_view mode = "constant",
                     optional<double> value = nullopt);

/// pad with "reflect" or "replicate" of the last one, two or three dimensions of [C, ...] or [N, C, ...].
XGRAD_API Tensor reflection_pad1d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor reflection_pad2d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor reflection_pad3d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor replication_pad1d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor replication_pad2d(const Tensor& self, IntArrayRef padding);
XGRAD_API Tensor replication_pad3d(const Tensor& self, IntArrayRef padding);

}  // namespace xgrad
