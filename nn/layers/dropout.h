// Dropout.
#pragma once

#include <xgrad/nn/cloneable.h>
#include <xgrad/nn/options/dropout.h>

namespace xgrad::nn {

/// In training each element is 0 with probability p, otherwise x / (1 - p); in evaluation its input.
class XGRAD_API DropoutImpl : public Cloneable<DropoutImpl> {
 public:
  explicit DropoutImpl(double p) : DropoutImpl(DropoutOptions(p)) {}
  explicit DropoutImpl(const DropoutOptions& options_ = {});
  void reset() override {}
  Tensor forward(Tensor input);
  std::string extra_repr() const override;

  DropoutOptions options;
};
XGRAD_LAYER(Dropout);

}  // namespace xgrad::nn
