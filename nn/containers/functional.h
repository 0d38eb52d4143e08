// Functional: a function as a module.
#pragma once

#include <functional>
#include <utility>

#include <xgrad/nn/cloneable.h>

namespace xgrad::nn {

/// Calls a function, so that one can stand in a Sequential: `Functional(xgrad::relu)`; further arguments are
/// kept: `Functional(some_function, 0.5)` calls some_function(x, 0.5).
class XGRAD_API FunctionalImpl : public Cloneable<FunctionalImpl> {
 public:
  using Function = std::function<Tensor(Tensor)>;

  explicit FunctionalImpl(Function function) : function_(std::move(function)) {}
  /// Of overloaded functions the one that maps a tensor to a tensor.
  explicit FunctionalImpl(Tensor (*function)(const Tensor&)) : function_(function) {}
  template <class F, class... A, std::enable_if_t<(sizeof...(A) > 0), int> = 0>
  explicit FunctionalImpl(F function, A... kept)
      : function_([=](Tensor input) { return function(std::move(input), kept...); }) {}

  void reset() override {}
  /// The function is not written.
  bool is_serializable() const override { return false; }
  Tensor forward(Tensor input) { return function_(std::move(input)); }

 private:
  Function function_;
};
XGRAD_LAYER(Functional);

}  // namespace xgrad::nn
