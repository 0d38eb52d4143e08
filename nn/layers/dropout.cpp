// Dropout: its call of the op.
#include <xgrad/nn/layers/dropout.h>

#include <xgrad/core/ops/random/random.h>

namespace xgrad::nn {

DropoutImpl::DropoutImpl(const DropoutOptions& options_) : options(options_) {
  XGRAD_CHECK_AS(ValueError, options.p() >= 0 && options.p() <= 1, "Dropout: p must be between 0 and 1: got ",
                 options.p());
}
Tensor DropoutImpl::forward(Tensor input) {
  return options.inplace() ? xgrad::dropout_(input, options.p(), is_training())
                           : xgrad::dropout(input, options.p(), is_training());
}
std::string DropoutImpl::extra_repr() const { return fields_repr(options); }

XGRAD_DEFINE_LAYER(Dropout);

}  // namespace xgrad::nn
