// OptionsLayer: what layers share that have options and nothing else.
#pragma once

#include <xgrad/nn/cloneable.h>

namespace xgrad::nn {

/// A layer without parameters. Constructed from its options, or from what they are constructed from.
template <class Derived, class Options>
class XGRAD_API OptionsLayer : public Cloneable<Derived> {
 public:
  template <class... A, std::enable_if_t<std::is_constructible_v<Options, A&&...>, int> = 0>
  explicit OptionsLayer(A&&... arguments) : options(std::forward<A>(arguments)...) {}
  void reset() override {}

  Options options;
};

}  // namespace xgrad::nn
