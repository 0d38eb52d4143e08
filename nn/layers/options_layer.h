// OptionsLayer: what layers share that have options and nothing else, and how such layers are declared.
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

/// Declares a layer of the library and its holder: the class Name##Impl derives from a template over itself
/// and Name##Options, as OptionsLayer is, whose constructors it takes, and adds what follows, its `forward`.
#define XGRAD_LAYER_OF(Base, Name, ...)                                 \
  class XGRAD_API Name##Impl : public Base<Name##Impl, Name##Options> { \
   public:                                                              \
    using Base::Base;                                                   \
    __VA_ARGS__;                                                        \
  };                                                                    \
  XGRAD_LAYER(Name)
/// The same with options alone, which it prints.
#define XGRAD_OPTIONS_LAYER(Name, ...) \
  XGRAD_LAYER_OF(OptionsLayer, Name, __VA_ARGS__; std::string extra_repr() const override)
